"""Where words and numbers of a drawing can stand, so that they hide neither each other nor an arrow."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
LINE = 17
"""Height of a line of words in a drawing."""
ROUND_ABOUT = ((1, 0), (-1, 0), (0, 1), (0, -1), (0.75, 0.75), (0.75, -0.75), (-0.75, 0.75), (-0.75, -0.75))
AWAY = (13, 24, 38, 54, 74, 98)
"""How far from its dot a name may stand; from the second on a thin line leads to it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its sides."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether the two share more than a side."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self, width: float, height: float) -> bool:
        """Whether all of it is on a sheet."""
        return self.left >= 0 and self.top >= 0 and self.right <= width and self.bottom <= height


@dataclass(slots=True)
class Sheet:
    """What stands on a drawing already."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)

    def free(self, box: Box) -> bool:
        """Whether nothing stands there, and it is on the sheet."""
        return box.inside(self.width, self.height) and not any(box.meets(other) for other in self.taken)

    def hidden(self, box: Box) -> int:
        """How many things a box would hide; what is off the sheet counts for many."""
        outside = 0 if box.inside(self.width, self.height) else 50
        return outside + sum(box.meets(other) for other in self.taken)

    def take(self, *boxes: Box) -> None:
        """These places are taken from now on."""
        self.taken.extend(boxes)


@dataclass(frozen=True, slots=True)
class Label:
    """A point with its name; the name stands in `box`, with a line to it where it stands apart."""

    x: float
    y: float
    name: str
    box: Box
    apart: bool

    @property
    def to(self) -> Point:
        """The point of the name's box that is nearest to the point."""
        return min(max(self.x, self.box.left), self.box.right), min(max(self.y, self.box.top), self.box.bottom)

    @property
    def side(self) -> str:
        """From which end of its box the name is set: that near the point."""
        return "start" if self.box.left >= self.x else "end" if self.box.right <= self.x else "middle"

    @property
    def set_at(self) -> float:
        """Where that end is."""
        ends = {"start": self.box.left, "end": self.box.right, "middle": (self.box.left + self.box.right) / 2}
        return round(ends[self.side], 1)


def around(point: Point, radius: float) -> Box:
    """The square around a circle."""
    return Box(point[0] - radius, point[1] - radius, point[0] + radius, point[1] + radius)


def along(points: Sequence[Point], radius: float = 3) -> list[Box]:
    """Squares that cover a line."""
    return [around(point, radius) for point in points]


def bow(start: Point, control: Point, end: Point) -> list[Point]:
    """Points of a quadratic curve, no further apart than its line is to be kept clear."""
    length = math.dist(start, control) + math.dist(control, end)
    steps = max(round(length / 4), 2)
    return [on_bow(start, control, end, n / steps) for n in range(steps + 1)]


def on_bow(start: Point, control: Point, end: Point, part: float) -> Point:
    """One point of a quadratic curve."""
    rest = 1 - part
    return (
        rest * rest * start[0] + 2 * rest * part * control[0] + part * part * end[0],
        rest * rest * start[1] + 2 * rest * part * control[1] + part * part * end[1],
    )


def width_of(text: str, size: float = 13) -> float:
    """About how wide words are, in a bold face: East Asian letters are square, marks above and below take nothing."""
    total = 0.0
    for letter in text:
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Mn":
            continue
        if unicodedata.east_asian_width(letter) in {"W", "F"}:
            total += 1.0
        else:
            total += 0.7 if letter.isupper() or letter in "mwMW@—" else 0.32 if letter in "iljtfrI .,:;'|()1" else 0.6
    return total * size


def words_box(point: Point, way: Point, away: float, width: float) -> Box:
    """Where words stand that lie in a direction from a point."""
    x, y = point[0] + way[0] * away, point[1] + way[1] * away
    left = x if way[0] > 0 else x - width if way[0] < 0 else x - width / 2
    top = y - LINE / 2 if way[1] == 0 else y if way[1] > 0 else y - LINE
    return Box(round(left, 1), round(top, 1), round(left + width, 1), round(top + LINE, 1))


def best(sheet: Sheet, point: Point, width: float) -> tuple[Box, bool]:
    """Where words of a point hide least, near it rather than far; and whether a line must lead there."""
    found: tuple[int, Box, bool] | None = None
    for away in AWAY:
        for way in ROUND_ABOUT:
            box = words_box(point, way, away, width)
            hidden = sheet.hidden(box)
            if not hidden:
                return box, away > AWAY[0]
            if found is None or hidden < found[0]:
                found = hidden, box, away > AWAY[0]
    assert found is not None  # noqa: S101  # there is always a first place to try
    return found[1], found[2]
