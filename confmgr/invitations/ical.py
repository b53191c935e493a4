"""iCalendar objects (RFC 5545, 5546): times in UTC, one UID an object, the recipient as the only attendee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from confmgr.invitations.domain import Method, PartStat

PRODUCT = "-//confmgr//confmgr//EN"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One session as one person's calendar shows it; every text is already in that person's language."""

    uid: str
    sequence: int
    dtstamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    language: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Correspondent:
    """An address with the name that calendars show."""

    email: str
    name: str


def message(entry: Entry, method: Method, organizer: Correspondent, attendee: Correspondent, answer: PartStat) -> bytes:
    """The scheduling object of one mail (RFC 5546, 3.2.2 and 3.2.5)."""
    calendar = _calendar()
    calendar.add("method", method.value)
    event = _event(entry)
    _add_organizer(event, organizer)
    person = vCalAddress(f"mailto:{attendee.email}")
    person.params["CN"] = attendee.name
    person.params["CUTYPE"] = "INDIVIDUAL"
    person.params["ROLE"] = "REQ-PARTICIPANT"
    person.params["PARTSTAT"] = answer.value
    person.params["LANGUAGE"] = entry.language
    if method is Method.REQUEST:
        person.params["RSVP"] = "TRUE"
    event.add("attendee", person)
    calendar.add_component(event)
    return _bytes(calendar)


def published(entries: Sequence[Entry], organizer: Correspondent, name: str) -> bytes:
    """A calendar to download or subscribe to: no method, no attendees (RFC 5546, 3.2.1; RFC 7986)."""
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = _event(entry)
        _add_organizer(event, organizer)
        calendar.add_component(event)
    return _bytes(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.dtstamp)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    for name, text in (("summary", entry.summary), ("description", entry.description), ("location", entry.location)):
        if text:
            event.add(name, text, parameters={"LANGUAGE": entry.language})
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    return event


def _add_organizer(event: Event, organizer: Correspondent) -> None:
    address = vCalAddress(f"mailto:{organizer.email}")
    address.params["CN"] = organizer.name
    event.add("organizer", address)


def _bytes(calendar: Calendar) -> bytes:
    return bytes(calendar.to_ical(sorted=False))
