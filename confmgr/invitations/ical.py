"""iCalendar objects (RFC 5545, 5546): times in UTC, one UID an object, the recipient as the only attendee.

Written here line by line: our objects have one shape, and the general library takes ten times as long. The tests hold
every byte against what that library writes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from confmgr.invitations.domain import Method, PartStat
from confmgr.values.texts import without_controls

PRODUCT = "-//confmgr//confmgr//EN"
REFRESH = "PT1H"
LONGEST = 74
"""Octets of a line before it is folded; with the space of a continuation it stays within 75 (RFC 5545, 3.1)."""

NOTHING = (
    "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\n"
    "TZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
"""What stands in a calendar without sessions: it may not be empty (RFC 5545, 3.6)."""

_QUOTED = re.compile("[,;:’]")
_BREAK = re.compile(r"\r\n|\r|\n")


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


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of time as others may know it; `kind` is an FBTYPE (RFC 5545, 3.2.9)."""

    kind: str
    starts_at: datetime
    ends_at: datetime


def message(entry: Entry, method: Method, organizer: Correspondent, attendee: Correspondent, answer: PartStat) -> bytes:
    """The scheduling object of one mail (RFC 5546, 3.2.2 and 3.2.5)."""
    person = {
        "CN": attendee.name,
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": answer.value,
        "LANGUAGE": entry.language,
    }
    if method is Method.REQUEST:
        person["RSVP"] = "TRUE"
    return _calendar(
        [
            f"METHOD:{method.value}\r\n",
            *_event(entry, {}),
            _organizer(organizer),
            _line("ATTENDEE", _mailto(attendee.email), person),
            "END:VEVENT\r\n",
        ]
    )


def published(
    entries: Iterable[Entry],
    organizer: Correspondent,
    name: str,
    *,
    color: str | None = None,
    source: str | None = None,
) -> bytes:
    """A calendar to download or subscribe to: no attendees (RFC 5546, 3.2.1; RFC 7986).

    Args:
        entries: The sessions, in the order in which they stand in the file.
        organizer: The mailbox that organises.
        name: Of the calendar.
        color: A name of CSS 3, for a calendar that is subscribed to.
        source: Where people find the calendar's address; never the secret address itself, which copies would carry on.
    """
    lines = [
        "METHOD:PUBLISH\r\n",
        _line("NAME", _text(name)),
        _line("X-WR-CALNAME", _text(name)),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}\r\n",
        f"X-PUBLISHED-TTL:{REFRESH}\r\n",
    ]
    if color is not None:
        lines.append(f"COLOR:{color}\r\n")
    if source is not None:
        lines.append(_line("SOURCE", _clean(source), {"VALUE": "URI"}))
    by = _organizer(organizer)
    folded: dict[tuple[str, str, str], str] = {}
    for entry in entries:
        lines += _event(entry, folded)
        lines.append(by)
        lines.append("END:VEVENT\r\n")
    if lines[-1] != "END:VEVENT\r\n":
        lines.append(NOTHING)
    return _calendar(lines)


def free_busy(
    stretches: Sequence[Busy],
    *,
    uid: str,
    dtstamp: datetime,
    starts_at: datetime,
    ends_at: datetime,
    organizer: Correspondent,
) -> bytes:
    """When somebody is taken between two instants, and nothing of what it is (RFC 5545, 3.6.4)."""
    periods: dict[str, list[str]] = {}
    for one in stretches:
        periods.setdefault(one.kind, []).append(f"{_utc(one.starts_at)}/{_utc(one.ends_at)}")
    return _calendar(
        [
            "METHOD:PUBLISH\r\n",
            "BEGIN:VFREEBUSY\r\n",
            _line("UID", _text(uid)),
            f"DTSTAMP:{_utc(dtstamp)}\r\n",
            f"DTSTART:{_utc(starts_at)}\r\n",
            f"DTEND:{_utc(ends_at)}\r\n",
            *(_line("FREEBUSY", ",".join(found), {"FBTYPE": kind}) for kind, found in periods.items()),
            _organizer(organizer),
            "END:VFREEBUSY\r\n",
        ]
    )


def _calendar(lines: Iterable[str]) -> bytes:
    head = f"BEGIN:VCALENDAR\r\nPRODID:{PRODUCT}\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n"
    return (head + "".join(lines) + "END:VCALENDAR\r\n").encode()


def _event(entry: Entry, folded: dict[tuple[str, str, str], str]) -> list[str]:
    """The lines of an event up to its organiser; `folded` keeps those that many events share."""
    lines = [
        "BEGIN:VEVENT\r\n",
        _line("UID", _text(entry.uid)),
        f"DTSTAMP:{_utc(entry.dtstamp)}\r\n",
        f"SEQUENCE:{entry.sequence}\r\n",
        f"DTSTART:{_utc(entry.starts_at)}\r\n",
        f"DTEND:{_utc(entry.ends_at)}\r\n",
    ]
    for name, text in (("SUMMARY", entry.summary), ("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if text:
            key = (name, text, entry.language)
            if key not in folded:
                folded[key] = _line(name, _text(text), {"LANGUAGE": entry.language})
            lines.append(folded[key])
    lines.append(
        "STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n" if entry.cancelled else "STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n"
    )
    return lines


def _organizer(who: Correspondent) -> str:
    return _line("ORGANIZER", _mailto(who.email), {"CN": who.name})


def _mailto(email: str) -> str:
    return f"mailto:{_clean(email)}"


def _clean(address: str) -> str:
    return _BREAK.sub("", without_controls(address))


def _utc(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}Z"


def _text(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    plain = without_controls(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _BREAK.sub(r"\\n", plain)


def _parameter(name: str, value: str) -> str:
    """A parameter, quoted where it must be, and names with a space too (RFC 5545, 3.2; RFC 6868)."""
    plain = _BREAK.sub("^n", without_controls(value).replace("^", "^^").replace('"', "^'"))
    quoted = _QUOTED.search(plain) or (name == "CN" and (" " in value or "'" in value))
    return f'{name}="{plain}"' if quoted else f"{name}={plain}"


def _line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """A content line, folded between characters and never inside an escape."""
    given = "".join(f";{_parameter(key, text)}" for key, text in (parameters or {}).items())
    line = f"{name}{given}:{value}"
    if len(line) <= LONGEST and line.isascii():
        return f"{line}\r\n"
    octets = line.encode()
    pieces, start = [], 0
    while len(octets) - start > LONGEST:
        end = start + LONGEST
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004  # inside a character
            end -= 1
        if octets[end - 1] in b"\\^" and end - start > 1:
            end -= 1
        pieces.append(octets[start:end])
        start = end
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces).decode() + "\r\n"
