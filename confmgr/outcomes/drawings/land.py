"""Where land is: Natural Earth's outline, cut to a window and made as plain as the drawing needs.

The file is TopoJSON: arcs of whole numbers, each the difference to the one before, scaled to degrees. A ring is a
chain of arcs; ~n means arc n backwards. There are no borders in it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "static" / "vendor" / "world-atlas" / "land-50m.json"
Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the world in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Shore:
    """One ring of land with the window that holds it."""

    ring: Ring
    around: Window


@lru_cache(maxsize=32)
def land_in(window: Window) -> tuple[Ring, ...]:
    """Rings of land within a window, cut at its edges."""
    return tuple(
        cut
        for shore in world()
        if _touch(shore.around, window)
        if len(cut := clipped(shore.ring, window)) > 2  # noqa: PLR2004  # an area has three corners
    )


@cache
def world() -> tuple[Shore, ...]:
    """Every ring of land; read once in a process."""
    return tuple(Shore(ring, _around(ring)) for ring in decoded(json.loads(FILE.read_text(encoding="utf-8"))))


def decoded(topology: dict[str, Any]) -> Iterator[Ring]:
    """Rings in degrees, outer ones and holes alike: filled by the even-odd rule they are the same land."""
    (wide, high), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        points = []
        for east, north in steps:
            x, y = x + east, y + north
            points.append((x * wide + left, y * high + low))
        arcs.append(tuple(points))
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for chain in polygon:
                yield _joined(arcs, chain)


def _joined(arcs: Sequence[Ring], chain: Iterable[int]) -> Ring:
    points: list[Point] = []
    for number in chain:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return tuple(points)


def clipped(ring: Sequence[Point], window: Window) -> Ring:
    """What of a ring lies in a window (Sutherland and Hodgman), edge after edge."""
    points = list(ring)
    for axis, edge, inward in (
        (0, window.west, 1),
        (0, window.east, -1),
        (1, window.south, 1),
        (1, window.north, -1),
    ):
        points = _beyond(points, axis, edge, inward)
    return tuple(points)


def _beyond(points: Sequence[Point], axis: int, edge: float, inward: int) -> list[Point]:
    kept: list[Point] = []
    for before, here in zip([*points[-1:], *points[:-1]], points, strict=True):
        was, is_in = (before[axis] - edge) * inward >= 0, (here[axis] - edge) * inward >= 0
        if was != is_in:
            part = (edge - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + (here[1 - axis] - before[1 - axis]) * part
            kept.append((edge, other) if axis == 0 else (other, edge))
        if is_in:
            kept.append(here)
    return kept


def simplified(ring: Sequence[Point], slack: float) -> Ring:
    """A ring with fewer corners, none of those left out further than `slack` away (Douglas and Peucker)."""
    points = list(ring)
    keep = {0, len(points) - 1}
    open_parts = [(0, len(points) - 1)]
    while open_parts:
        first, last = open_parts.pop()
        worst, far = first, slack
        for n in range(first + 1, last):
            away = _away(points[n], points[first], points[last])
            if away > far:
                worst, far = n, away
        if worst != first:
            keep.add(worst)
            open_parts += [(first, worst), (worst, last)]
    return tuple(points[n] for n in sorted(keep))


def _away(point: Point, start: Point, end: Point) -> float:
    east, north = end[0] - start[0], end[1] - start[1]
    length = east * east + north * north
    part = 0.0 if not length else ((point[0] - start[0]) * east + (point[1] - start[1]) * north) / length
    part = min(max(part, 0.0), 1.0)
    dx, dy = point[0] - start[0] - part * east, point[1] - start[1] - part * north
    return float((dx * dx + dy * dy) ** 0.5)


def area(ring: Sequence[Point]) -> float:
    """How much a ring encloses, in the square of its unit."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def within(rings: Iterable[Sequence[Point]], point: Point) -> bool:
    """Whether a point lies on land, by the even-odd rule."""
    crossed = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > point[1]) != (y2 > point[1]) and point[0] < x1 + (point[1] - y1) / (y2 - y1) * (x2 - x1):
                crossed += 1
    return crossed % 2 == 1


def _around(ring: Ring) -> Window:
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return Window(min(xs), min(ys), max(xs), max(ys))


def _touch(one: Window, other: Window) -> bool:
    return one.west <= other.east and other.west <= one.east and one.south <= other.north and other.south <= one.north


def path(shore: Sequence[Sequence[Point]]) -> str:
    """Rings as the path of an SVG, each corner as the step from the one before."""
    parts = []
    for ring in shore:
        tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
        steps = [f"M{_tenth(tenths[0][0])} {_tenth(tenths[0][1])}l"]
        steps += [f"{_tenth(x - a)} {_tenth(y - b)}" for (a, b), (x, y) in pairwise(tenths)]
        parts.append(steps[0] + " ".join(steps[1:]) + "z")
    return "".join(parts)


def _tenth(number: int) -> str:
    return f"{number / 10:g}"
