"""Where bases, moves and joint actions stand on a time line: numbers for an SVG, not the SVG."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from confmgr.meetings.models import Meeting
from confmgr.outcomes.models import GroupBase, JointAction, Move

LEFT, RIGHT = 190, 985
MONTH, WIDE = 52, 20
"""How much room the name of a month takes, and the number of a move."""
HEAD, ROW, WORDS, SAID = 46, 36, 110, 84
NEAR = 0.3
"""Degrees within which a joint action was at a base."""


@dataclass(frozen=True, slots=True)
class Month:
    """The first day of a month. `named`: whether there is room for its name."""

    on: date
    x: float
    named: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A base in use. `since`, `until`: whether that end is known."""

    base: GroupBase
    y: int
    x1: float
    x2: float
    since: bool
    until: bool


@dataclass(frozen=True, slots=True)
class Stroke:
    """A joint action at a base. `before`: its words stand before it; `low`: below the bar, as another's are near."""

    action: JointAction
    x: float
    y: int
    before: bool
    low: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The days of a meeting."""

    meeting: Meeting
    x1: float
    x2: float


@dataclass(frozen=True, slots=True)
class Shift:
    """A move from one row to another; `y2` is None where it went nobody knows where. `beside`: x of its number."""

    number: int
    move: Move
    x: float
    y1: int
    y2: int | None
    beside: float


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Everything on one scale of days."""

    height: int
    months: tuple[Month, ...]
    bars: tuple[Bar, ...]
    strokes: tuple[Stroke, ...]
    bands: tuple[Band, ...]
    shifts: tuple[Shift, ...]


def time_line(
    bases: Sequence[GroupBase], moves: Sequence[Move], actions: Iterable[JointAction], meetings: Iterable[Meeting]
) -> TimeLine | None:
    """One row a base, in the order given; None where no date is known."""
    known = [day for base in bases for day in (base.from_on, base.to_on) if day is not None]
    known += [move.noticed_on for move in moves]
    if not known:
        return None
    held = list(meetings)
    known += [meeting.ends_on for meeting in held]
    first = (min(known) - timedelta(days=20)).replace(day=1)
    last = _month_after(max(known))
    scale = (RIGHT - LEFT) / (last - first).days

    def x(day: date) -> float:
        return round(LEFT + (min(max(day, first), last) - first).days * scale, 1)

    rows = {base.id: HEAD + n * ROW for n, base in enumerate(bases)}
    strokes = _apart(
        Stroke(action, x(action.on), rows[base.id], x(action.on) > RIGHT - WORDS)
        for action in actions
        for base in bases
        if action.on is not None and first <= action.on <= last and _at(action, base)
    )
    return TimeLine(
        height=HEAD + len(bases) * ROW + 6,
        months=_named([(day, x(day)) for day in _months(first, last)]),
        bars=tuple(
            Bar(
                base,
                rows[base.id],
                x(base.from_on or first),
                x(base.to_on or last),
                base.from_on is not None,
                base.to_on is not None,
            )
            for base in bases
        ),
        strokes=strokes,
        bands=tuple(
            Band(meeting, x(meeting.starts_on), x(meeting.ends_on + timedelta(days=1)))
            for meeting in held
            if first <= meeting.starts_on <= last
        ),
        shifts=_numbered(
            (
                Shift(number, move, x(move.noticed_on), rows[move.from_base_id], rows.get(move.to_base_id or 0), 0.0)
                for number, move in enumerate(moves, 1)
            ),
            strokes,
        ),
    )


def _named(months: Sequence[tuple[date, float]]) -> tuple[Month, ...]:
    """Every month has its line; of many, only every second, third or sixth has its name."""
    step = next(step for step in (1, 2, 3, 6, 12, len(months)) if (RIGHT - LEFT) / len(months) * step >= MONTH)
    return tuple(Month(day, x, named=n % step == 0) for n, (day, x) in enumerate(months))


def _numbered(shifts: Iterable[Shift], strokes: Iterable[Stroke]) -> tuple[Shift, ...]:
    """Each number before its arrow or, where another one or the words of an action stand there, behind it."""
    taken: list[tuple[int, float]] = []
    said = [(one.y, one.x - SAID if one.before else one.x) for one in strokes if one.low]
    found = []
    for shift in shifts:
        places = [shift.x + aside for aside in (-14, 14, -34, 34, -54, 54)]
        beside = next(
            (
                x
                for x in places
                if all(y != shift.y1 or abs(x - other) >= WIDE for y, other in taken)
                and all(y != shift.y1 or not start - WIDE / 2 < x < start + SAID for y, start in said)
            ),
            places[0],
        )
        taken.append((shift.y1, beside))
        found.append(replace(shift, beside=round(beside, 1)))
    return tuple(found)


def _apart(strokes: Iterable[Stroke]) -> tuple[Stroke, ...]:
    """Of two whose words would meet, the later one has them lower."""
    found: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda one: (one.y, one.x)):
        last = found[-1] if found else None
        near = last is not None and last.y == stroke.y and stroke.x - last.x < WORDS and not last.low
        found.append(replace(stroke, low=near))
    return tuple(found)


def _at(action: JointAction, base: GroupBase) -> bool:
    if action.latitude is None or action.longitude is None or base.latitude is None or base.longitude is None:
        return False
    return abs(action.latitude - base.latitude) < NEAR and abs(action.longitude - base.longitude) < NEAR


def _months(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first = _month_after(first)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
