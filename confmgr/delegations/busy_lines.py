"""The few lines of a calendar file that say when somebody is busy, cut out before anything else looks at it.

Titles, notes, people and alarms are never read further. The clocks that the file describes are read here, so that they
stay its own: the library would keep them for every file that follows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from confmgr.delegations.busy_rules import NotUnderstood, rule_of
from confmgr.delegations.busy_zones import MOST_CHANGES, Change, offset
from confmgr.errors import NotReadable

MOST_ENTRIES = 3_000
DEEPEST = 5
LONGEST = 20_000
"""Letters of a line: a list of some thousand days."""
KEPT = {
    "VEVENT": frozenset(
        {
            "UID",
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "RDATE",
            "EXDATE",
            "RECURRENCE-ID",
            "TRANSP",
            "STATUS",
            "X-MICROSOFT-CDO-BUSYSTATUS",
        }
    ),
    "VFREEBUSY": frozenset({"FREEBUSY"}),
}
_NAME = re.compile(r"[A-Za-z0-9-]+")
_FOLD = re.compile(r"\n[ \t]")
_GLOBAL = re.compile(r'(;TZID="?)/+', re.IGNORECASE)
"""A name of a zone that the whole world may know: the library would guess, and say so aloud."""
_CHANGING = frozenset({"STANDARD", "DAYLIGHT"})


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of a file: text for the library, and the clocks that it describes by their names."""

    text: str
    entries: int
    zones: Mapping[str, Sequence[Change]]


def text_of(content: bytes) -> str:
    """The text of a file; what is no UTF-8 or UTF-16 keeps its digits, and nothing else matters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        text = content.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def cut(content: bytes) -> Cut:
    """The lines that matter.

    Raises:
        NotReadable: It is no calendar, or one of a kind that no calendar program writes.
    """
    kept = ["BEGIN:VCALENDAR"]
    zones: dict[str, list[Change]] = {}
    name, changes, change = "", list[Change](), dict[str, str]()
    entries = 0
    for inside, key, line in _lines(text_of(content)):
        what = inside[-1] if inside else ""
        if key == "BEGIN" and what in KEPT:
            entries += 1
            if entries > MOST_ENTRIES:
                raise NotReadable("too_many_entries", most=MOST_ENTRIES)
        if what in KEPT and (key in {"BEGIN", "END"} or key in KEPT[what]):
            kept.append(_GLOBAL.sub(r"\1", line))
        elif what == "VTIMEZONE" and key == "BEGIN":
            name, changes = "", []
        elif what == "VTIMEZONE" and key == "TZID":
            name = line.partition(":")[2].strip().lstrip("/")
        elif what == "VTIMEZONE" and key == "END" and name and changes:
            zones[name] = changes
        elif what in _CHANGING and key == "BEGIN":
            change = {}
        elif what in _CHANGING and key == "END":
            changes.extend(_changes(change, MOST_CHANGES - len(changes)))
        elif what in _CHANGING:
            change[key] = line.partition(":")[2].strip()
    return Cut("\r\n".join([*kept, "END:VCALENDAR", ""]), entries, zones)


def _lines(text: str) -> Iterator[tuple[list[str], str, str]]:
    """Each line with the components around it, its own beginning and end among them, and its name."""
    inside: list[str] = []
    seen = False
    for line in _FOLD.sub("", text).split("\n"):
        found = _NAME.match(line)
        if found is None or len(line) > LONGEST:
            continue
        key = found[0].upper()
        if key == "BEGIN":
            inside.append(line[6:].strip().upper())
            seen = seen or inside == ["VCALENDAR"]
            if len(inside) > DEEPEST:
                raise NotReadable("not_a_calendar")
        if inside and inside[0] == "VCALENDAR":
            yield inside, key, line
        if key == "END" and inside:
            inside.pop()
    if not seen:
        raise NotReadable("not_a_calendar")


def _changes(values: Mapping[str, str], room: int) -> list[Change]:
    """A kind of change of the clocks; none if it is not understood, so that the zone stays unknown."""
    try:
        before, after = offset(values["TZOFFSETFROM"]), offset(values["TZOFFSETTO"])
        onsets = [values["DTSTART"], *(one for one in values.get("RDATE", "").split(",") if one)]
        rule, until = None, None
        if "RRULE" in values:
            parts = [part.partition("=") for part in values["RRULE"].upper().split(";")]
            rule = {key: value.split(",") for key, _equals, value in parts}
            until = _until(rule.pop("UNTIL", None), before)
            rule_of(rule, _wall(onsets[0]).date())
        return [
            Change(_wall(onset), before, after, rule if n == 0 else None, until)
            for n, onset in enumerate(onsets[:room])
        ]
    except (KeyError, ValueError):  # NotUnderstood is one
        return []


def _until(values: Sequence[str] | None, ahead: timedelta) -> datetime | None:
    if values is None:
        return None
    return _wall(values[0]) + (ahead if values[0].endswith("Z") else timedelta())


def _wall(text: str) -> datetime:
    try:
        return datetime.strptime(text.strip().removesuffix("Z"), "%Y%m%dT%H%M%S" if "T" in text else "%Y%m%d")  # noqa: DTZ007
    except ValueError as wrong:
        raise NotUnderstood(text) from wrong
