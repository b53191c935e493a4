"""Where bases, moves and joint actions stand on a time line and on a map of dots: numbers for an SVG, not the SVG.

The map has no coast and no border: a grid of degrees says where things are, and takes no position on anything else.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from confmgr.meetings.models import Meeting
from confmgr.outcomes.models import GroupBase, JointAction, Move

LEFT, RIGHT = 190, 985
HEAD, ROW, WORDS = 46, 36, 110
Point = tuple[float, float]
NEAR = 0.3
"""Degrees within which a joint action was at a base."""
MAP_WIDTH, LEAST, MOST = 720, 300, 520


@dataclass(frozen=True, slots=True)
class Month:
    """The first day of a month."""

    on: date
    x: float


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
    """A move from one row to another; `y2` is None where it went nobody knows where."""

    number: int
    move: Move
    x: float
    y1: int
    y2: int | None


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Everything on one scale of days."""

    height: int
    months: tuple[Month, ...]
    bars: tuple[Bar, ...]
    strokes: tuple[Stroke, ...]
    bands: tuple[Band, ...]
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A base on the map; its name stands below it."""

    base: GroupBase
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Arc:
    """A move on the map: a bow from dot to dot with its number at the height of the bow, or a ring at its start."""

    number: int
    move: Move
    start: Point
    bow: Point
    end: Point | None
    at: Point


@dataclass(frozen=True, slots=True)
class Map:
    """Dots in a grid of degrees: (degree, x or y)."""

    height: int
    meridians: tuple[tuple[int, float], ...]
    parallels: tuple[tuple[int, float], ...]
    dots: tuple[Dot, ...]
    arcs: tuple[Arc, ...]


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
    return TimeLine(
        height=HEAD + len(bases) * ROW + 6,
        months=tuple(Month(day, x(day)) for day in _months(first, last)),
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
        strokes=_apart(
            Stroke(action, x(action.on), rows[base.id], x(action.on) > RIGHT - WORDS)
            for action in actions
            for base in bases
            if action.on is not None and first <= action.on <= last and _at(action, base)
        ),
        bands=tuple(
            Band(meeting, x(meeting.starts_on), x(meeting.ends_on + timedelta(days=1)))
            for meeting in held
            if first <= meeting.starts_on <= last
        ),
        shifts=tuple(
            Shift(
                number,
                move,
                x(move.noticed_on),
                rows[move.from_base_id],
                None if move.to_base_id is None else rows[move.to_base_id],
            )
            for number, move in enumerate(moves, 1)
        ),
    )


def _apart(strokes: Iterable[Stroke]) -> tuple[Stroke, ...]:
    """Of two whose words would meet, the later one has them lower."""
    found: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda one: (one.y, one.x)):
        last = found[-1] if found else None
        near = last is not None and last.y == stroke.y and stroke.x - last.x < WORDS and not last.low
        found.append(replace(stroke, low=near))
    return tuple(found)


def dot_map(bases: Sequence[GroupBase], moves: Sequence[Move]) -> Map | None:
    """Bases whose place is known, on a plane that keeps distances near their middle; None where there is none."""
    placed = {base.id: (base.longitude, base.latitude) for base in bases}
    points = {key: (east, north) for key, (east, north) in placed.items() if east is not None and north is not None}
    if not points:
        return None
    west, east = min(p[0] for p in points.values()) - 2, max(p[0] for p in points.values()) + 2
    south, north = min(p[1] for p in points.values()) - 1, max(p[1] for p in points.values()) + 1
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(MAP_WIDTH / ((east - west) * shrink), MOST / (north - south))
    height = max(round((north - south) * scale), LEAST)
    middle = ((west + east) / 2, (south + north) / 2)

    def at(place: Point) -> Point:
        return (
            round(MAP_WIDTH / 2 + (place[0] - middle[0]) * shrink * scale, 1),
            round(height / 2 - (place[1] - middle[1]) * scale, 1),
        )

    half = MAP_WIDTH / 2 / (shrink * scale), height / 2 / scale
    return Map(
        height=height,
        meridians=tuple((n, at((n, 0))[0]) for n in _degrees(middle[0] - half[0], middle[0] + half[0])),
        parallels=tuple((n, at((0, n))[1]) for n in _degrees(middle[1] - half[1], middle[1] + half[1])),
        dots=tuple(Dot(base, *at(points[base.id])) for base in bases if base.id in points),
        arcs=tuple(
            _arc(number, move, at(points[move.from_base_id]), _end(move, points, at))
            for number, move in enumerate(moves, 1)
            if move.from_base_id in points
        ),
    )


def _end(move: Move, points: dict[int, Point], at: Callable[[Point], Point]) -> Point | None:
    return at(points[move.to_base_id]) if move.to_base_id is not None and move.to_base_id in points else None


def _arc(number: int, move: Move, start: Point, end: Point | None) -> Arc:
    if end is None:
        return Arc(number, move, start, start, None, (start[0] + 16, start[1] + 16))
    across = end[0] - start[0], end[1] - start[1]
    length = math.hypot(*across) or 1.0
    lift = min(60.0, length / 4) * (1 if across[0] >= 0 else -1)
    bow = (
        round((start[0] + end[0]) / 2 + across[1] / length * lift, 1),
        round((start[1] + end[1]) / 2 - across[0] / length * lift, 1),
    )
    away = math.hypot(end[0] - bow[0], end[1] - bow[1]) or 1.0
    tip = round(end[0] - (end[0] - bow[0]) / away * 9, 1), round(end[1] - (end[1] - bow[1]) / away * 9, 1)
    at = round((start[0] + 2 * bow[0] + end[0]) / 4, 1), round((start[1] + 2 * bow[1] + end[1]) / 4, 1)
    return Arc(number, move, start, bow, tip, at)


def _at(action: JointAction, base: GroupBase) -> bool:
    if action.latitude is None or action.longitude is None or base.latitude is None or base.longitude is None:
        return False
    return abs(action.latitude - base.latitude) < NEAR and abs(action.longitude - base.longitude) < NEAR


def _degrees(first: float, last: float) -> range:
    step = next(step for step in (1, 2, 5, 10, 30, 90) if (last - first) / step <= 12)  # noqa: PLR2004  # lines
    return range(math.ceil(first / step) * step, math.floor(last) + 1, step)


def _months(first: date, last: date) -> Iterator[date]:
    while first < last:
        yield first
        first = _month_after(first)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
