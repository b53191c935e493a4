"""Where the names of a bar's parts stand, so that none covers another: pages and documents draw the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

NARROW, WIDE = 0.95, 1.75
"""Per cent of a bar that a Latin and an East Asian letter take."""
FIRST_WIDE = 0x1100
BETWEEN = 1.5


@dataclass(frozen=True, slots=True)
class Label:
    """A name below a bar: at a whole per cent of it, starting or (`ends`) ending there, in a row counted from 1."""

    text: str
    at: int
    ends: bool
    row: int


def bar_labels(parts: Sequence[tuple[str, Decimal | float, bool]]) -> list[Label]:
    """Names of parts (text, number, certain) below their own parts; one that would touch another goes a row down."""
    whole = float(sum(number for _text, number, _certain in parts)) or 1.0
    rows: list[list[tuple[float, float]]] = []
    found, start = [], 0.0
    for text, number, _certain in parts:
        share, width = 100 * float(number) / whole, _width(Markup(text).striptags())  # noqa: S704  # only measured
        ends = start + width > 100  # noqa: PLR2004  # per cent
        at = start + share if ends else start
        span = (at - width, at) if ends else (at, at + width)
        row = next((n for n, taken in enumerate(rows) if not any(_touch(span, other) for other in taken)), len(rows))
        if row == len(rows):
            rows.append([])
        rows[row].append(span)
        found.append(Label(text, round(at), ends, row + 1))
        start += share
    return found


def _width(text: str) -> float:
    return sum(WIDE if ord(letter) >= FIRST_WIDE else NARROW for letter in text)


def _touch(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] + BETWEEN and other[0] < one[1] + BETWEEN
