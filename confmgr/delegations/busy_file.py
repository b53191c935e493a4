"""When somebody is busy, from the file that a calendar program writes: times and nothing else, and nothing is sent."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar
from icalendar.cal import Component

from confmgr.delegations import busy_rules
from confmgr.delegations.busy_lines import cut
from confmgr.delegations.busy_rules import NotUnderstood
from confmgr.delegations.busy_zones import Zones
from confmgr.errors import NotReadable
from confmgr.values.times import Span, zone

LARGEST = 2**20
MOST_DAYS_ASKED = 400_000
"""Days of which all rules of one file together are asked."""
MOST_TIMES = 5_000
MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=366)
"""What lasts longer and repeats is looked for this far back."""
FREE = frozenset({"TRANSPARENT", "FREE"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says of the days of a meeting: merged times by whole minutes, and how many entries said what.

    `ours`: sessions of the meeting itself; `free`: shown as free or cancelled; `unclear`: not understood.
    """

    spans: tuple[Span, ...]
    entries: int
    used: int
    ours: int
    free: int
    unclear: int


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A moment as a file writes it; `like` turns wall times of the same clock into instants."""

    wall: datetime
    like: Callable[[datetime], datetime]
    all_day: bool = False

    @property
    def instant(self) -> datetime:
        return self.like(self.wall)


class _Reader:
    def __init__(self, whole: Span, venue: str, zones: Zones) -> None:
        self.whole, self.venue, self.zones = whole, venue, zones
        self.asked = 0

    def stamp(self, value: Any) -> _Stamp:
        """A DTSTART or the like. A day without a time is one of the venue, as its person is there."""
        moment = value.dt
        if isinstance(moment, datetime):
            tzid = value.params.get("TZID")
            if moment.tzinfo is not None:
                known = moment.tzinfo
                return _Stamp(moment.replace(tzinfo=None), like=lambda wall: wall.replace(tzinfo=known).astimezone(UTC))
            return _Stamp(moment, like=lambda wall: self.zones.instant(wall, tzid))
        if isinstance(moment, date):
            there = zone(self.venue)
            return _Stamp(
                datetime.combine(moment, time.min),
                like=lambda wall: wall.replace(tzinfo=there).astimezone(UTC),
                all_day=True,
            )
        raise NotUnderstood(type(moment).__name__)

    def times(self, event: Component, moved: Collection[datetime]) -> Iterator[Span]:
        """When an entry is, on the days of the meeting; `moved`: starts of repetitions that stand elsewhere."""
        start = self.stamp(_one(event, "DTSTART"))
        lasts = self.length(event, start)
        if lasts <= timedelta():
            return
        left_out = self.left_out(event)
        for wall, length in self.starts(event, start, lasts):
            at = start.like(wall)
            if at in moved or at in left_out or wall.date() in left_out:
                continue
            end = start.like(wall + length) if start.all_day else at + length
            if at < self.whole.end and end > self.whole.start:
                yield Span(max(at, self.whole.start), min(end, self.whole.end))

    def length(self, event: Component, start: _Stamp) -> timedelta:
        if "DTEND" in event:
            end = self.stamp(_one(event, "DTEND"))
            return end.wall - start.wall if start.all_day else end.instant - start.instant
        if "DURATION" in event:
            lasts = _one(event, "DURATION").dt
            if not isinstance(lasts, timedelta):
                raise NotUnderstood("DURATION")
            return lasts
        return timedelta(days=1) if start.all_day else timedelta()

    def starts(self, event: Component, start: _Stamp, lasts: timedelta) -> Iterator[tuple[datetime, timedelta]]:
        """Wall times at which an entry begins, and how long it is then."""
        yield start.wall, lasts
        for row in _all(event, "RDATE"):
            for one in row.dts:
                for at, length in self.further(one, row, lasts):
                    yield at.wall, length
        for rule in _all(event, "RRULE"):
            yield from self.repeated(dict(rule), start, lasts)

    def further(self, one: Any, row: Any, lasts: timedelta) -> Iterator[tuple[_Stamp, timedelta]]:
        if isinstance(one.dt, tuple):
            begins, ends = one.dt
            length = ends if isinstance(ends, timedelta) else ends - begins
            yield self.stamp(_Dated(begins, row.params)), length
        else:
            yield self.stamp(_Dated(one.dt, row.params)), lasts

    def repeated(self, parts: dict[str, Any], start: _Stamp, lasts: timedelta) -> Iterator[tuple[datetime, timedelta]]:
        until = parts.pop("UNTIL", [None])[0]
        first = start.wall.date()
        rule = busy_rules.rule_of({name.upper(): values for name, values in parts.items()}, first)
        since = (self.whole.start - min(lasts, LONGEST)).date() - timedelta(days=2)
        last = self.whole.end.date() + timedelta(days=1)
        self.asked += busy_rules.asked(rule, first, since, last)
        if self.asked > MOST_DAYS_ASKED:
            raise NotReadable("too_many_times")
        for day in busy_rules.days(rule, first, since, last):
            wall = datetime.combine(day, start.wall.time())
            if until is None or not _is_after(wall, start, until):
                yield wall, lasts

    def left_out(self, event: Component) -> frozenset[object]:
        """Repetitions that do not take place: instants, and days where the file names only those."""
        found: set[object] = set()
        for row in _all(event, "EXDATE"):
            for one in row.dts:
                stamp = self.stamp(_Dated(one.dt, row.params))
                found.add(stamp.wall.date() if stamp.all_day else stamp.instant)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Dated:
    """One of a list of moments, with the parameters of the list."""

    dt: Any
    params: Any


def read(
    content: bytes, *, whole: Span, venue: str, own: str, is_ours: Callable[[str], bool] = lambda _uid: False
) -> Found:
    """When the owner of a calendar file is busy on the days of a meeting.

    Args:
        content: The file.
        whole: The days of the meeting, as instants.
        venue: Zone of the meeting, by whose clock a whole day is meant.
        own: Zone of the owner, by whose clock a time without a zone is meant.
        is_ours: Whether an entry of that UID is a session of the meeting itself.

    Raises:
        NotReadable: It is no calendar, too large, or says more than any calendar of a person does.
    """
    if len(content) > LARGEST:
        raise NotReadable("calendar_too_large", most=LARGEST // 2**20)
    file = cut(content)
    try:
        calendar = Calendar.from_ical(file.text)
    except (ValueError, LookupError, OverflowError, OSError) as wrong:  # OSError: an overlong TZID
        raise NotReadable("not_a_calendar") from wrong
    reader = _Reader(whole, venue, Zones(own, file.zones))
    spans, used, ours, free, unclear = _events(reader, calendar.walk("VEVENT"), is_ours)
    for row in calendar.walk("VFREEBUSY"):
        for period in _all(row, "FREEBUSY"):
            spans += _period(reader, period)
            used += 1
    return Found(merged(spans, whole), file.entries, used, ours, free, unclear)


def _events(
    reader: _Reader, events: Sequence[Component], is_ours: Callable[[str], bool]
) -> tuple[list[Span], int, int, int, int]:
    moved = _moved(reader, events)
    spans: list[Span] = []
    used = ours = free = unclear = 0
    for event in events:
        uid = str(event.get("UID", ""))
        if is_ours(uid):
            ours += 1
        elif _is_free(event):
            free += 1
        else:
            apart: Collection[datetime] = () if "RECURRENCE-ID" in event else moved.get(uid, ())
            try:
                found = list(reader.times(event, apart))
            except (NotUnderstood, ValueError, LookupError, TypeError, AttributeError, OverflowError):
                unclear += 1
                continue
            used += bool(found)
            spans += found
        if len(spans) > MOST_TIMES:
            raise NotReadable("too_many_times")
    return spans, used, ours, free, unclear


def _moved(reader: _Reader, events: Iterable[Component]) -> dict[str, set[datetime]]:
    """Starts of the repetitions that have an entry of their own, by UID."""
    found: dict[str, set[datetime]] = {}
    for event in events:
        if "RECURRENCE-ID" not in event:
            continue
        uid = str(event.get("UID", ""))
        try:
            at = reader.stamp(_one(event, "RECURRENCE-ID")).instant
        except (NotUnderstood, ValueError, LookupError, TypeError, AttributeError, OverflowError):
            continue
        found.setdefault(uid, set()).add(at)
    return found


def _is_free(event: Component) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return True
    said = event.get("TRANSP", event.get("X-MICROSOFT-CDO-BUSYSTATUS", ""))
    return str(said).upper() in FREE


def _period(reader: _Reader, period: Any) -> list[Span]:
    if str(period.params.get("FBTYPE", "BUSY")).upper() == "FREE":
        return []
    try:
        begins, ends = period.dt
        start = reader.stamp(_Dated(begins, period.params)).instant
        end = start + (ends if isinstance(ends, timedelta) else ends - begins)
    except (NotUnderstood, ValueError, TypeError, AttributeError, OverflowError):
        return []
    if end <= start or end <= reader.whole.start or start >= reader.whole.end:
        return []
    return [Span(max(start, reader.whole.start), min(end, reader.whole.end))]


def merged(spans: Iterable[Span], whole: Span) -> tuple[Span, ...]:
    """Times by whole minutes in their order, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        start = span.start.replace(second=0, microsecond=0)
        end = span.end.replace(second=0, microsecond=0)
        end = min(end + MINUTE if end < span.end else end, whole.end)
        if found and start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, end))
        elif end > start:
            found.append(Span(start, end))
    return tuple(found)


def _is_after(wall: datetime, start: _Stamp, until: Any) -> bool:
    if not isinstance(until, datetime):
        return wall.date() > until
    return wall > until if until.tzinfo is None else start.like(wall) > until


def _all(event: Component, name: str) -> list[Any]:
    found = event.get(name)
    return [] if found is None else found if isinstance(found, list) else [found]


def _one(event: Component, name: str) -> Any:
    return _all(event, name)[0]
