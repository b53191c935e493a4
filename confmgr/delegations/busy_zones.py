"""The clock that a time in somebody's calendar file goes by: a known name, one of Windows, or what the file says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from confmgr.delegations.busy_rules import NotUnderstood, days, rule_of
from confmgr.values import times

YEAR = timedelta(days=400)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
MOST_CHANGES = 200
"""Changes of the clocks that one description of a zone may hold."""


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

    def instant(self, wall: datetime, name: str | None) -> datetime:
        """The instant of a wall time; where the clocks show it twice the first, where never, as before the change.

        Raises:
            NotUnderstood: Nothing is known of a zone of that name.
        """
        if name is None:
            return wall.replace(tzinfo=times.zone(self.own)).astimezone(UTC)
        known = zone_of(name)
        if known is not None:
            return wall.replace(tzinfo=known).astimezone(UTC)
        if name not in self.described:
            raise NotUnderstood(name)
        return wall.replace(tzinfo=UTC) - _ahead(self.described[name], wall)


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


def _ahead(changes: Sequence[Change], wall: datetime) -> timedelta:
    """What the clocks are ahead at a wall time: after the last change before it, else before the first one."""
    last: tuple[datetime, timedelta] | None = None
    for change in changes:
        for onset in _onsets(change, wall):
            if onset <= wall and (last is None or onset >= last[0]):
                last = (onset, change.after)
    if last is not None:
        return last[1]
    return min(changes, key=lambda change: change.onset).before


def _onsets(change: Change, wall: datetime) -> list[datetime]:
    """The first onset, and those of the last year or so."""
    found = [change.onset]
    if change.rule is not None and wall >= change.onset:
        first = change.onset.date()
        rule = rule_of(change.rule, first)
        for day in days(rule, first, _earlier(wall.date()), wall.date()):
            at = datetime.combine(day, change.onset.time())
            if change.until is None or at <= change.until:
                found.append(at)
    return found


def _earlier(day: date) -> date:
    return day - YEAR if day.year > 2 else day  # noqa: PLR2004
