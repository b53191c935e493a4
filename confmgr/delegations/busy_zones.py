"""The clock that a time in somebody's calendar file goes by: a known name, one of Windows, or what the file says."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, timedelta, tzinfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from confmgr.delegations.busy_rules import NotUnderstood, asked, days, rule_of
from confmgr.values import times

YEAR = timedelta(days=400)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
MOST_CHANGES = 200
"""Changes of the clocks that one description of a zone may hold."""
MOST_DAYS_ASKED = 400_000
"""Days of which the rules of all zones of one file together are asked."""


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change of the clocks, from its first onset on; `rule` repeats it."""

    onset: datetime
    before: timedelta
    after: timedelta
    rule: Mapping[str, Sequence[str]] | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of one file; a time without one goes by `own`."""

    own: str
    described: Mapping[str, Sequence[Change]]
    _tables: dict[tuple[str, int], "_Table | None"] = field(default_factory=dict, compare=False, repr=False)

    def instant(self, wall: datetime, name: str | None) -> datetime:
        """The instant of a wall time; where the clocks show it twice the first, where never, as before the change.

        Raises:
            NotUnderstood: Nothing is known of a zone of that name, or the zones of the file are too dear to follow.
        """
        if name is None:
            return wall.replace(tzinfo=times.zone(self.own)).astimezone(UTC)
        known = zone_of(name)
        if known is not None:
            return wall.replace(tzinfo=known).astimezone(UTC)
        if name not in self.described:
            raise NotUnderstood(name)
        return wall.replace(tzinfo=UTC) - self._table(name, wall.year).ahead(wall)

    def _table(self, name: str, year: int) -> "_Table":
        if (name, year) not in self._tables:
            spent = sum(MOST_DAYS_ASKED if one is None else one.asked for one in self._tables.values())
            self._tables[name, year] = None  # a file with one that is too dear gets no further one
            self._tables[name, year] = _table(self.described[name], year, MOST_DAYS_ASKED - spent)
        found = self._tables[name, year]
        if found is None:
            raise NotUnderstood(name)
        return found


def zone_of(name: str) -> tzinfo | None:
    """A zone by its name, by that of Windows, or by the end of a longer name that holds it."""
    parts = name.strip().strip('"').lstrip("/").split("/")
    for candidate in (name, WINDOWS_TO_OLSON.get(name, ""), "/".join(parts[-2:]), "/".join(parts[-3:])):
        try:
            return times.zone(candidate)
        except (times.UnknownZone, OSError):
            continue
    return None


def offset(text: str) -> timedelta:
    """`+0900` as a length of time.

    Raises:
        NotUnderstood: It is none, or more than a day.
    """
    found = _OFFSET.fullmatch(text.strip())
    if found is None or int(found[2]) > 23:  # noqa: PLR2004
        raise NotUnderstood(text)
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -ahead if found[1] == "-" else ahead


@dataclass(frozen=True, slots=True)
class _Table:
    """The changes of one zone that matter in a year, by time; `asked`: of how many days its rules were asked."""

    onsets: Sequence[datetime]
    after: Sequence[timedelta]
    before: timedelta
    asked: int

    def ahead(self, wall: datetime) -> timedelta:
        """What the clocks are ahead at a wall time: after the last change before it, else before the first one."""
        at = bisect_right(self.onsets, wall)
        return self.after[at - 1] if at else self.before


def _table(changes: Sequence[Change], year: int, left: int) -> _Table:
    found: list[tuple[datetime, timedelta]] = []
    whole = 0
    since, until = _earlier(date(year, 1, 1)), date(min(year, MAXYEAR - 1), 12, 31)  # the next day must be one
    for change in changes:
        found.append((change.onset, change.after))
        if change.rule is None:
            continue
        first = change.onset.date()
        rule = rule_of(change.rule, first)
        whole += asked(rule, first, since, until)
        if whole > left:
            raise NotUnderstood(str(year))
        starts = (datetime.combine(day, change.onset.time()) for day in days(rule, first, since, until))
        found.extend((at, change.after) for at in starts if change.until is None or at <= change.until)
    found.sort(key=lambda one: one[0])
    before = min(changes, key=lambda change: change.onset).before
    return _Table([at for at, _after in found], [after for _at, after in found], before, whole)


def _earlier(day: date) -> date:
    return day - YEAR if day.year > 2 else day  # noqa: PLR2004
