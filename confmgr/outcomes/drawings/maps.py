"""A map of bases and moves: land without borders, dots, arrows, and names that hide neither. Numbers, not the SVG.

East is on the right in every language. Where a group went nobody knows where, a ring stands at its start: an arrow
would point at somebody's territory.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from confmgr.outcomes.domain import Confidence
from confmgr.outcomes.drawings import land, placing
from confmgr.outcomes.drawings.land import Window
from confmgr.outcomes.drawings.placing import Box, Label, Point, Sheet
from confmgr.outcomes.models import BorderSection, GroupBase, Move
from confmgr.values.words import Words

WIDTH, LEAST, MOST = 720, 320, 520
DOT, RING, NUMBER, TIP, GATE = 6.0, 13.0, 9.0, 11.0, 11.0
AROUND = 1.6
"""Degrees of land and sea shown around the outermost bases."""
PATH_LIMIT = 14_000
"""Characters that the coast may take."""
LONGEST_NAME = 30
CORNER = 26
NEIGHBOURS = 25
"""Moves whose ends are so near each other are bent apart."""


@dataclass(frozen=True, slots=True)
class Dot(Label):
    """A base on the map."""

    base: GroupBase


@dataclass(frozen=True, slots=True)
class Gate(Label):
    """A border section on the map: a diamond, which leaves the dot of a base at the same place to be seen."""

    section: BorderSection


@dataclass(frozen=True, slots=True)
class Arc:
    """A move on the map: a bow with a head, or a ring at its start where it went nobody knows where."""

    number: int
    move: Move
    start: Point
    bow: Point
    end: Point | None
    head: tuple[Point, ...]
    at: Point


@dataclass(frozen=True, slots=True)
class Sign:
    """A line of the legend: what is drawn, and what it means."""

    kind: str
    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Legend:
    """Where the legend stands."""

    box: Box
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """Land as a path; degrees with the x or y of their lines; what stands on it. `legend`: None without free sea."""

    height: int
    land: str
    meridians: tuple[tuple[int, float], ...]
    parallels: tuple[tuple[int, float], ...]
    dots: tuple[Dot, ...]
    gates: tuple[Gate, ...]
    arcs: tuple[Arc, ...]
    kinds: tuple[str, ...]
    legend: Legend | None


@dataclass(frozen=True, slots=True)
class Plane:
    """How degrees become places on a sheet: distances are kept near its middle."""

    middle: Point
    shrink: float
    scale: float
    height: int

    def at(self, place: Point) -> Point:
        """Where degrees east and north stand."""
        return (
            round(WIDTH / 2 + (place[0] - self.middle[0]) * self.shrink * self.scale, 1),
            round(self.height / 2 - (place[1] - self.middle[1]) * self.scale, 1),
        )

    @property
    def window(self) -> Window:
        """What the whole sheet shows."""
        across, up = WIDTH / 2 / (self.shrink * self.scale), self.height / 2 / self.scale
        return Window(self.middle[0] - across, self.middle[1] - up, self.middle[0] + across, self.middle[1] + up)


def original(words: Words) -> str:
    """A text in the language in which it was written."""
    return words.values[words.source].text


def dot_map(
    bases: Sequence[GroupBase],
    moves: Sequence[Move],
    name: Callable[[Words], str] = original,
    legend: Mapping[str, str] | None = None,
    sections: Sequence[BorderSection] = (),
) -> Map | None:
    """Bases whose place is known and the moves between them; None where no place is known.

    Args:
        bases: In the order in which they are listed.
        moves: In the order in which they are numbered, from 1.
        name: A text in the reader's language.
        legend: What each kind of sign means, in the reader's language; without it no legend is drawn.
        sections: Border sections to watch; those that lie outside the window of the bases are not drawn.
    """
    points = {
        base.id: (base.longitude, base.latitude)
        for base in bases
        if base.longitude is not None and base.latitude is not None
    }
    if not points:
        return None
    around = _around(list(points.values()))
    tried = [_drawn(plane, points, bases, moves, name, legend, sections) for plane in _planes(around, more=False)]
    if legend and tried[0].legend is None:
        tried += [_drawn(plane, points, bases, moves, name, legend, sections) for plane in _planes(around, more=True)]
    return next((one for one in tried if one.legend is not None), tried[0])


def _drawn(
    plane: Plane,
    points: Mapping[int, Point],
    bases: Sequence[GroupBase],
    moves: Sequence[Move],
    name: Callable[[Words], str],
    legend: Mapping[str, str] | None,
    sections: Sequence[BorderSection],
) -> Map:
    shore = coast(plane)
    sheet = Sheet(WIDTH, plane.height)
    window = plane.window
    meridians = _ticks(((n, plane.at((n, 0))[0]) for n in _degrees(window.west, window.east)), WIDTH)
    parallels = _ticks(((n, plane.at((0, n))[1]) for n in _degrees(window.south, window.north)), plane.height)
    sheet.take(*(Box(x - 16, plane.height - 22, x + 16, plane.height) for _n, x in meridians))
    sheet.take(*(Box(0, y - 9, 36, y + 9) for _n, y in parallels))
    places = {key: plane.at(point) for key, point in points.items()}
    for place in places.values():
        sheet.take(placing.around(place, DOT + 2))
    crossings = [(section, place) for section in sections for place in _within(plane, section)]
    for _section, place in crossings:
        sheet.take(placing.around(place, GATE))
    arcs = tuple(_arcs(sheet, moves, places))
    dots = tuple(_dots(sheet, [base for base in bases if base.id in places], places, name))
    gates = tuple(_gates(sheet, crossings, name))
    kinds = _kinds(dots, arcs, gates)
    return Map(
        height=plane.height,
        land=land.path(shore),
        meridians=meridians,
        parallels=parallels,
        dots=dots,
        gates=gates,
        arcs=arcs,
        kinds=kinds,
        legend=_legend(sheet, shore, [(kind, legend[kind]) for kind in kinds]) if legend else None,
    )


def _ticks(places: Iterable[tuple[int, float]], end: float) -> tuple[tuple[int, float], ...]:
    """Degrees whose number would not be cut off at a corner."""
    return tuple((n, at) for n, at in places if CORNER < at < end - CORNER)


def _around(points: Sequence[Point]) -> Window:
    return Window(
        min(p[0] for p in points) - AROUND,
        max(min(p[1] for p in points) - AROUND, -89),
        max(p[0] for p in points) + AROUND,
        min(max(p[1] for p in points) + AROUND, 89),
    )


def _planes(around: Window, *, more: bool) -> Iterator[Plane]:
    """The window around the bases; then that window moved aside, and from further away, to find sea for the legend."""
    wide, high = around.east - around.west, around.north - around.south
    shrink = max(math.cos(math.radians((around.south + around.north) / 2)), 0.05)
    near = min(WIDTH / (wide * shrink), MOST / high)
    middle = ((around.west + around.east) / 2, (around.south + around.north) / 2)
    if not more:
        yield Plane(middle, shrink, near, min(max(round(high * near), LEAST), MOST))
        return
    for scale in (near, near * 0.85, near * 0.72):
        height = min(max(round(high * near), LEAST), MOST)
        aside = max(WIDTH / (shrink * scale) - wide, 0) / 2 + AROUND / 2
        down = max(height / scale - high, 0) / 2
        for east, north in ((aside, 0), (-aside, 0), (aside, -down), (-aside, -down)):
            yield Plane((middle[0] + east, middle[1] + north), shrink, scale, height)


@lru_cache(maxsize=64)
def coast(plane: Plane) -> tuple[tuple[Point, ...], ...]:
    """Land on the sheet, as plain as it must be to stay short: small islands go before corners do."""
    rings = [tuple(plane.at(point) for point in ring) for ring in land.land_in(plane.window)]
    for slack, least in ((0.5, 3), (0.8, 6), (1.2, 10), (2, 20), (3.5, 40), (6, 80)):
        shore = tuple(
            kept
            for ring in rings
            if land.area(ring) >= least and len(kept := land.simplified(ring, slack)) > 2  # noqa: PLR2004
        )
        if len(land.path(shore)) <= PATH_LIMIT:
            break
    return shore


def _arcs(sheet: Sheet, moves: Sequence[Move], places: Mapping[int, Point]) -> Iterator[Arc]:
    """Lines first, so that a number may stand on its own line and on nobody else's."""
    drawn: list[tuple[int, Move, Point, Point, Point | None, tuple[Point, ...]]] = []
    ways: Counter[frozenset[tuple[int, int]]] = Counter()
    for number, move in enumerate(moves, 1):
        start = places.get(move.from_base_id)
        if start is None:
            continue
        end = places.get(move.to_base_id) if move.to_base_id is not None else None
        if end is None or move.to_base_id == move.from_base_id:
            sheet.take(placing.around(start, RING + 1))
            drawn.append((number, move, start, start, None, ()))
            continue
        pair = frozenset((round(x / NEIGHBOURS), round(y / NEIGHBOURS)) for x, y in (start, end))
        control = _control(start, end, ways[pair])
        ways[pair] += 1
        tip, head = _head(control, end)
        drawn.append((number, move, start, control, tip, head))
    lines = {
        number: placing.along(placing.bow(start, control, end))
        for number, _move, start, control, end, _head_ in drawn
        if end is not None
    }
    for *_rest, end, head in drawn:
        if end is not None:
            sheet.take(
                Box(min(p[0] for p in head), min(p[1] for p in head), max(p[0] for p in head), max(p[1] for p in head))
            )
    for number, move, start, control, end, head in drawn:
        others = Sheet(sheet.width, sheet.height, [*sheet.taken])
        others.take(*(box for other, boxes in lines.items() if other != number for box in boxes))
        at = _number_at(others, start, control, end)
        sheet.take(placing.around(at, NUMBER + 1))
        yield Arc(number, move, start, control, end, head, at)
    for boxes in lines.values():
        sheet.take(*boxes)


def _control(start: Point, end: Point, before: int) -> Point:
    """The height of the bow: upwards the first time, then to the other side, then wider."""
    (x1, y1), (x2, y2) = sorted((start, end))
    length = math.dist(start, end) or 1.0
    lift = min(64.0, length / 3) * (1 + before // 2 * 0.8) * (-1 if before % 2 else 1)
    return (
        round((x1 + x2) / 2 + (y2 - y1) / length * lift, 1),
        round((y1 + y2) / 2 - (x2 - x1) / length * lift, 1),
    )


def _head(control: Point, end: Point) -> tuple[Point, tuple[Point, ...]]:
    """Where the line ends, and the three corners of its head, just outside the dot."""
    length = math.dist(control, end) or 1.0
    along = (end[0] - control[0]) / length, (end[1] - control[1]) / length
    reach = DOT + 3

    def back(by: float, aside: float) -> Point:
        return (
            round(end[0] - along[0] * by - along[1] * aside, 1),
            round(end[1] - along[1] * by + along[0] * aside, 1),
        )

    return back(reach + TIP - 2, 0), (back(reach, 0), back(reach + TIP, TIP / 2), back(reach + TIP, -TIP / 2))


def _number_at(sheet: Sheet, start: Point, control: Point, end: Point | None) -> Point:
    """On the line near its middle; of a ring, on the ring."""
    if end is None:
        places = [
            (start[0] + RING * math.cos(turn), start[1] + RING * math.sin(turn))
            for turn in (math.pi / 4 * n for n in (1, 3, 5, 7, 2, 4, 6, 0))
        ]
        places += [(x + (x - start[0]) * 1.6, y + (y - start[1]) * 1.6) for x, y in places]
        sheet = Sheet(sheet.width, sheet.height, [box for box in sheet.taken if box != placing.around(start, RING + 1)])
    else:
        parts = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.74)
        places = [placing.on_bow(start, control, end, part) for part in parts]
    at = min(places, key=lambda place: sheet.hidden(placing.around(place, NUMBER)))
    return round(at[0], 1), round(at[1], 1)


def _dots(
    sheet: Sheet, bases: Sequence[GroupBase], places: Mapping[int, Point], name: Callable[[Words], str]
) -> Iterator[Dot]:
    for base in bases:
        text = _shortened(name(base.name))
        box, apart = placing.best(sheet, places[base.id], placing.width_of(text))
        sheet.take(box)
        yield Dot(*places[base.id], text, box, apart, base)


def _within(plane: Plane, section: BorderSection) -> Iterator[Point]:
    """Where a section stands on the sheet, if it does."""
    if section.latitude is not None and section.longitude is not None:
        place = plane.at((section.longitude, section.latitude))
        if placing.around(place, GATE).inside(WIDTH, plane.height):
            yield place


def _gates(
    sheet: Sheet, crossings: Iterable[tuple[BorderSection, Point]], name: Callable[[Words], str]
) -> Iterator[Gate]:
    for section, place in crossings:
        text = _shortened(name(section.name))
        box, apart = placing.best(sheet, place, placing.width_of(text))
        sheet.take(box)
        yield Gate(*place, text, box, apart, section)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"


def _kinds(dots: Sequence[Dot], arcs: Sequence[Arc], gates: Sequence[Gate]) -> tuple[str, ...]:
    """The signs that a map has, in the order in which its legend names them."""
    reported = [dot.base.confidence is Confidence.REPORTED for dot in dots]
    unsure = [arc.move.confidence is Confidence.REPORTED for arc in arcs if arc.end is not None]
    there = {
        "base": not all(reported),
        "base_reported": any(reported),
        "move": not all(unsure),
        "move_reported": any(unsure),
        "nowhere": any(arc.end is None for arc in arcs),
        "border": bool(gates),
    }
    return tuple(kind for kind, has in there.items() if has)


def _legend(sheet: Sheet, shore: Sequence[Sequence[Point]], texts: Sequence[tuple[str, str]]) -> Legend | None:
    """In empty sea, the corners first; None where there is not so much of it."""
    width = 52 + max((placing.width_of(text, 12) for _kind, text in texts), default=0)
    height = len(texts) * 21 + 10
    step = 24
    lefts = [*range(6, int(WIDTH - width) - 20, step)] if width < WIDTH - 30 else []
    tops = [*range(6, int(sheet.height - height) - 20, step)]
    spots = sorted(
        ((left, top) for left in lefts for top in tops),
        key=lambda spot: min(spot[0] - 6, WIDTH - width - spot[0]) + min(spot[1] - 6, sheet.height - height - spot[1]),
    )
    for left, top in spots:
        box = Box(left, top, left + width, top + height)
        if sheet.free(box) and not any(land.within(shore, point) for point in _points_of(box)):
            return Legend(box, tuple(Sign(kind, text, top + 5 + n * 21 + 10) for n, (kind, text) in enumerate(texts)))
    return None


def _points_of(box: Box) -> Iterator[Point]:
    across, down = (box.right - box.left) / 6, (box.bottom - box.top) / 4
    return ((box.left + across * n, box.top + down * m) for n in range(7) for m in range(5))


def _degrees(first: float, last: float) -> range:
    step = next(step for step in (1, 2, 5, 10, 30, 90) if (last - first) / step <= 12)  # noqa: PLR2004  # lines
    return range(math.ceil(first / step) * step, math.floor(last) + 1, step)
