"""The scheduling object in a mail that came in (RFC 5546, 3.2.3, 3.2.6 and 3.2.7), read with patience."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar, Component

from confmgr.invitations.domain import ReplyMethod
from confmgr.invitations.replies.facts import Unreadable
from confmgr.values.texts import LARGEST_INTEGER, cleaned

METHODS = frozenset({ReplyMethod.REPLY, ReplyMethod.COUNTER, ReplyMethod.REFRESH})
"""What somebody who was invited may send."""
SAID = frozenset({"ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"})
LARGEST = 256 * 2**10
MOST_LINES = 4000
WANTED = {
    ("VCALENDAR",): frozenset({"METHOD"}),
    ("VCALENDAR", "VEVENT"): frozenset(
        {"UID", "ATTENDEE", "SEQUENCE", "DTSTAMP", "COMMENT", "DTSTART", "DTEND", "DURATION"}
    ),
}
"""Which properties are read, by where they stand."""
ADDRESS = 320
COMMENT = 1000
YEARS = range(1900, 2101)
"""Years of times that are proposed: at the ends of the calendar no zone can be reckoned with."""

_BREAK = re.compile(r"\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]")
_FRAME = re.compile(r"(BEGIN|END):\s*([A-Z-]+)\s*", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one scheduling object says; `reason` as in `Incoming`."""

    method: ReplyMethod
    uid: str | None
    attendee: str | None
    said: str | None
    sequence: int | None
    dtstamp: datetime | None
    comment: str | None
    proposed: tuple[datetime, datetime] | None
    delegated_to: tuple[str, ...]
    reason: str | None


def answer_in(text: str, declared: str | None) -> Answer:
    """The answer in a calendar; `declared` is the method that its part names (RFC 6047, 2.4).

    Raises:
        Unreadable: It is no calendar, or its method is none that somebody who was invited may send.
    """
    if len(text) > LARGEST or text.count("\n") > MOST_LINES:
        raise Unreadable("unreadable_calendar")
    calendars = Calendar.from_ical("\r\n".join(_wanted_lines(text)), multiple=True)
    if len(calendars) != 1:
        raise Unreadable("unreadable_calendar")
    calendar = calendars[0]
    method = _method(calendar, declared)
    events = [one for one in calendar.subcomponents if one.name == "VEVENT"]
    if not events:
        raise Unreadable("unreadable_calendar")
    return _answer(method, events, two_methods=declared is not None and declared.upper() != method.value)


def _wanted_lines(text: str) -> Iterator[str]:
    """The lines that matter, unfolded: those of `WANTED`, and what frames them.

    Above all no VTIMEZONE: the rules of one that changes each second would be followed through the centuries, and the
    zone kept under its name for whatever is read later. Zones are known by their names.
    """
    inside: list[str] = []
    for line in _BREAK.split(_FOLD.sub("", text.replace("\x00", ""))):
        frame = _FRAME.fullmatch(line)
        if frame is None:
            name = _NAME.match(line)
            if name is not None and name[0].upper() in WANTED.get(tuple(inside), ()):
                yield line
            continue
        word, what = frame[1].upper(), frame[2].upper()
        if word == "BEGIN":
            inside.append(what)
        if tuple(inside) in WANTED:
            yield f"{word}:{what}"
        if word == "END" and (not inside or inside.pop() != what):
            raise Unreadable("unreadable_calendar")
    if inside:
        raise Unreadable("unreadable_calendar")


def _method(calendar: Component, declared: str | None) -> ReplyMethod:
    word = (_word(calendar, "METHOD") or declared or "").upper()
    if word not in {one.value for one in METHODS}:
        raise Unreadable("wrong_method")
    return ReplyMethod(word)


def _answer(method: ReplyMethod, events: list[Component], *, two_methods: bool) -> Answer:
    event = events[0]
    people = _all(event, "ATTENDEE")
    person = people[0] if len(people) == 1 else None
    said = None if person is None else cleaned(str(person.params.get("PARTSTAT", "")), 40).upper() or None
    uid = _word(event, "UID")
    sequence = event.get("SEQUENCE")
    return Answer(
        method=method,
        uid=uid,
        attendee=None if person is None else address(str(person)),
        said=said,
        sequence=int(sequence) if isinstance(sequence, int) and 0 <= sequence <= LARGEST_INTEGER else None,
        dtstamp=_instant(event, "DTSTAMP"),
        comment=_comment(event, person),
        proposed=_proposed(event) if method is ReplyMethod.COUNTER else None,
        delegated_to=() if person is None else _delegated_to(person),
        reason=_against(method, events, uid, people, said, two_methods=two_methods),
    )


def _against(
    method: ReplyMethod,
    events: list[Component],
    uid: str | None,
    people: list[Any],
    said: str | None,
    *,
    two_methods: bool,
) -> str | None:
    """Why nothing may follow by itself."""
    if two_methods:
        return "two_methods"
    if len(events) > 1:
        return "several_sessions"
    if uid is None:
        return "no_uid"
    if len(people) != 1:
        return "several_attendees" if people else "no_attendee"
    if method is ReplyMethod.REPLY and said not in SAID:
        return "unknown_answer"
    return None


def address(text: str) -> str:
    """The address in a calendar address, in small letters."""
    plain = cleaned(text, ADDRESS + 7)
    return (plain[7:] if plain[:7].lower() == "mailto:" else plain).strip("<> ").lower()[:ADDRESS]


def _all(component: Component, name: str) -> list[Any]:
    found = component.get(name)
    return [one for one in (found if isinstance(found, list) else [found]) if hasattr(one, "params")]


def _word(component: Component, name: str) -> str | None:
    """A property that stands once, as one line; None if it is missing, empty, or there are several."""
    found = _all(component, name)
    return (cleaned(str(found[0]), 255) or None) if len(found) == 1 else None


def _comment(event: Component, person: Any | None) -> str | None:
    words = [str(one) for one in _all(event, "COMMENT")]
    if person is not None and not any(words):
        words = [str(person.params.get("X-RESPONSE-COMMENT", ""))]
    return cleaned("\n".join(words), COMMENT) or None


def _delegated_to(person: Any) -> tuple[str, ...]:
    found = person.params.get("DELEGATED-TO", [])
    return tuple(address(str(one)) for one in ([found] if isinstance(found, str) else list(found))[:10])


def _instant(event: Component, name: str) -> datetime | None:
    value = getattr(event.get(name), "dt", None)
    return _utc(value)


def _utc(value: object) -> datetime | None:
    """An aware time in UTC; None for days and for times without a zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC).replace(microsecond=0)


def _proposed(event: Component) -> tuple[datetime, datetime] | None:
    starts, ends = _instant(event, "DTSTART"), _instant(event, "DTEND")
    length = getattr(event.get("DURATION"), "dt", None)
    if starts is not None and ends is None and isinstance(length, timedelta):
        ends = starts + length
    if starts is None or ends is None or not starts < ends:
        return None
    return (starts, ends) if starts.year in YEARS and ends.year in YEARS else None
