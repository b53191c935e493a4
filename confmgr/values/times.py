"""Planned local times: wall time and IANA zone are the truth, the UTC instant is derived here and nowhere else."""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from confmgr.errors import Refused

zoneinfo.reset_tzpath(to=[])  # only the pinned tzdata wheel speaks, never the system's

GRID_MINUTES = 5
"""Every planned start and end is a multiple of this."""


class UnknownZone(ValueError):
    """No IANA zone of that name in the pinned tzdata."""


class NoSuchTime(ValueError):
    """The clocks of that zone skip this wall time."""


class TwoSuchTimes(ValueError):
    """The clocks of that zone show this wall time twice."""


def zone(name: str) -> ZoneInfo:
    """The zone by its IANA name.

    Raises:
        UnknownZone: tzdata has no such name.
    """
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, IsADirectoryError) as unknown:
        raise UnknownZone(name) from unknown


def is_zone(name: str) -> bool:
    """Whether tzdata has a zone of that name."""
    try:
        zone(name)
    except UnknownZone:
        return False
    return True


def instant(wall: datetime, zone_name: str) -> datetime:
    """The UTC instant of a naive wall time in a zone.

    Raises:
        NoSuchTime: The wall time is skipped by a change of the clocks.
        TwoSuchTimes: The wall time happens twice.
        UnknownZone: tzdata has no such zone.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall time has no offset")
    where = zone(zone_name)
    first = wall.replace(tzinfo=where, fold=0)
    second = wall.replace(tzinfo=where, fold=1)
    back = first.astimezone(UTC).astimezone(where).replace(tzinfo=None)
    if back != wall:
        raise NoSuchTime(wall.isoformat())
    if first.utcoffset() != second.utcoffset():
        raise TwoSuchTimes(wall.isoformat())
    return first.astimezone(UTC)


def planned_instant(wall: datetime, zone: str, *, field: str) -> datetime:
    """The instant of a wall time that somebody entered.

    Raises:
        Refused: An unknown zone, or a time that the zone skips or has twice; `field` names the input.
    """
    try:
        return instant(wall, zone)
    except UnknownZone:
        raise Refused("unknown_zone", field="zone", zone=zone) from None
    except NoSuchTime:
        raise Refused("no_such_time", field=field, time=f"{wall:%Y-%m-%d %H:%M}", zone=zone) from None
    except TwoSuchTimes:
        raise Refused("two_such_times", field=field, time=f"{wall:%Y-%m-%d %H:%M}", zone=zone) from None


def nearest_instant(wall: datetime, zone_name: str) -> datetime:
    """As `instant` for clocks that nobody is asked about: a skipped time is as much later as the clocks skip.

    Of a time that happens twice it is the first.
    """
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def wall_time(moment: datetime, zone_name: str) -> datetime:
    """The naive wall time that a clock in the zone shows at an aware instant."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, both ends of one kind (naive wall times, or aware instants)."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a stretch that ends before it starts."""
        if self.end <= self.start:
            raise ValueError("a span ends after it starts")

    @property
    def minutes(self) -> int:
        """Length in whole minutes."""
        return int((self.end - self.start) / timedelta(minutes=1))

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a moment; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def without(stretch: Span, taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of a stretch of time when some of it is taken, in its order."""
    left, start = [], stretch.start
    for span in sorted(taken):
        if span.start > start:
            left.append((start, min(span.start, stretch.end)))
        start = max(start, span.end)
    left.append((start, stretch.end))
    return tuple(Span(first, last) for first, last in left if first < last)


def on_grid(wall: datetime) -> bool:
    """Whether a wall time is a multiple of five minutes."""
    return wall.minute % GRID_MINUTES == 0 and wall.second == 0 and wall.microsecond == 0


def days(first: date, last: date) -> list[date]:
    """All dates from first to last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def at(day: date, clock: time) -> datetime:
    """Wall time of a day."""
    return datetime.combine(day, clock)


def start_of(day: date, name: str) -> datetime:
    """The beginning of a day in a zone: the instant of a document that rests on no record with one of its own.

    So it is the same file all day while it says the same.
    """
    return datetime.combine(day, time(), zone(name))
