"""A calendar program as RFC 5546 describes one, for tests: it files what mails bring, whatever their order."""

from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

from icalendar import Calendar


def mail(raw: bytes) -> EmailMessage:
    """The mail of some bytes."""
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def content(of: EmailMessage, kind: str) -> bytes:
    """The bytes of the first part of a kind."""
    part = next(one for one in of.walk() if one.get_content_type() == kind)
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


@dataclass(frozen=True)
class Kept:
    """One event as the program keeps it; `gone` ones are kept too, so that an older mail does not bring them back."""

    sequence: int
    stamp: datetime
    gone: bool
    shown: tuple[datetime, datetime, str, str]


@cache
def read(raw: bytes) -> tuple[str, str, Kept]:
    """The attendee's address, the UID and the event of a mail, which is checked for what every program needs."""
    letter = message_from_bytes(raw)
    part = next(one for one in letter.walk() if one.get_content_type() == "text/calendar")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    calendar = Calendar.from_ical(payload)
    assert len(calendar.walk("VEVENT")) == 1
    method = calendar["METHOD"]
    assert part.get_param("method") == method
    event: Any = calendar.walk("VEVENT")[0]
    gone = method == "CANCEL"
    assert (str(event["STATUS"]) == "CANCELLED") == gone
    kept = Kept(
        sequence=int(event["SEQUENCE"]),
        stamp=event["DTSTAMP"].dt,
        gone=gone,
        shown=(event["DTSTART"].dt, event["DTEND"].dt, str(event["SUMMARY"]), str(event.get("LOCATION", ""))),
    )
    return str(event["ATTENDEE"]), str(event["UID"]), kept


@dataclass
class CalendarProgram:
    """Orders by UID, then SEQUENCE, then DTSTAMP (RFC 5546, 2.1.5)."""

    address: str
    events: dict[str, Kept] = field(default_factory=dict)

    def receive(self, raw: bytes) -> None:
        """File one mail."""
        attendee, uid, kept = read(raw)
        assert attendee == f"mailto:{self.address}"
        old = self.events.get(uid)
        if old is None or (old.sequence, old.stamp) < (kept.sequence, kept.stamp):
            self.events[uid] = kept

    def agenda(self) -> list[tuple[datetime, datetime, str, str]]:
        """What a person sees, by time."""
        return sorted(one.shown for one in self.events.values() if not one.gone)
