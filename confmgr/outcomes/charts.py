"""Where the marks of a chart stand: numbers for an SVG, not the SVG. Plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 72, 640, 30, 226
"""Of a drawing 240 high: room for the numbers before it; dates stand below it."""
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
LINES = 4
APART = 15
"""How far two numbers at one date stand from each other."""
WIDE = 130
"""How wide a date below the axis is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value over time as a source gives it; `month_only`: it speaks of the whole month."""

    on: date
    value: Decimal
    source: str
    month_only: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart."""

    value: Decimal
    y: float


@dataclass(frozen=True, slots=True)
class Day:
    """A date below the axis; `named`: there is room for its name."""

    on: date
    month_only: bool
    x: float
    named: bool

    @property
    def place(self) -> int:
        """Where its name stands, in per cent of the width."""
        return round(100 * self.x / WIDTH)


@dataclass(frozen=True, slots=True)
class Mark:
    """A value at its date. `shape` tells its source; `alone`: no other source speaks of that date.

    `words_y`: where its number stands, which never covers another one.
    """

    reading: Reading
    shape: int
    x: float
    y: float
    alone: bool
    words_y: float


@dataclass(frozen=True, slots=True)
class LineChart:
    """Values over time. `upper` and `lower` part where sources disagree: nothing is averaged."""

    ticks: tuple[Tick, ...]
    days: tuple[Day, ...]
    marks: tuple[Mark, ...]
    upper: tuple[tuple[float, float], ...]
    lower: tuple[tuple[float, float], ...]
    sources: tuple[tuple[str, int], ...]

    @property
    def disputed(self) -> bool:
        """Whether several sources give one date differently."""
        return self.upper != self.lower


def line_chart(readings: Iterable[Reading]) -> LineChart | None:
    """A chart from zero up to a round number; None without a value."""
    rows = sorted(readings, key=lambda row: (row.on, row.source, row.value))
    if not rows:
        return None
    ticks = _ticks(max(row.value for row in rows))
    top = ticks[-1].value
    shapes = {source: at for at, source in enumerate(sorted({row.source for row in rows}))}
    dates = sorted({row.on for row in rows})
    at = {day: _x(day, dates[0], dates[-1]) for day in dates}
    of = {day: [row for row in rows if row.on == day] for day in dates}
    marks = [mark for day in dates for mark in _marks(of[day], at[day], top, shapes)]
    return LineChart(
        ticks=ticks,
        days=tuple(_days(of, at)),
        marks=tuple(marks),
        upper=tuple((at[day], _y(max(row.value for row in of[day]), top)) for day in dates),
        lower=tuple((at[day], _y(min(row.value for row in of[day]), top)) for day in dates),
        sources=tuple(shapes.items()),
    )


def _ticks(most: Decimal) -> tuple[Tick, ...]:
    step = _step(most / LINES)
    values = [step * at for at in range(LINES + 1)]
    used = [value for value in values if value < most] + [next(value for value in values if value >= most)]
    shown = used if len(used) > 1 else [Decimal(0), step]
    return tuple(Tick(value, _y(value, shown[-1])) for value in shown)


def _step(wanted: Decimal) -> Decimal:
    """The smallest round number that is not below what is wanted."""
    if wanted <= 0:
        return Decimal(1)
    scale = Decimal(10) ** wanted.adjusted()
    return next(scale * one for one in STEPS if scale * one >= wanted)


def _x(day: date, first: date, last: date) -> float:
    if first == last:
        return (LEFT + RIGHT) / 2
    return round(LEFT + 24 + (RIGHT - LEFT - 48) * (day - first).days / (last - first).days, 1)


def _y(value: Decimal, top: Decimal) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * float(value / top), 1) if top else float(BOTTOM)


def _marks(rows: Sequence[Reading], x: float, top: Decimal, shapes: dict[str, int]) -> list[Mark]:
    """Those of one date from the top down; a number above its mark where it is alone, else beside it."""
    found: list[Mark] = []
    for row in sorted(rows, key=lambda one: -one.value):
        y = _y(row.value, top)
        words = y - 11 if len(rows) == 1 else max(y + 4, found[-1].words_y + APART if found else 0)
        found.append(Mark(row, shapes[row.source], x, y, len(rows) == 1, words))
    return found


def _days(of: dict[date, list[Reading]], at: dict[date, float]) -> Iterable[Day]:
    """Dates from the last to the first keep their names as long as none covers another."""
    named: set[date] = set()
    edge = float("inf")
    for day in reversed(at):
        if at[day] + WIDE <= edge:
            named.add(day)
            edge = at[day]
    for day, rows in of.items():
        yield Day(day, all(row.month_only for row in rows), at[day], day in named)


@dataclass(frozen=True, slots=True)
class Bar:
    """One of several things compared: its certain part and what may come on top, in per cent of the largest."""

    name: object
    low: Decimal
    high: Decimal
    solid: float
    hatched: float


def bars(rows: Iterable[tuple[object, Decimal, Decimal]]) -> tuple[Bar, ...]:
    """Bars on one scale from (name, low, high); the largest fills the width."""
    known = list(rows)
    most = max((high for _name, _low, high in known), default=Decimal(0)) or Decimal(1)
    return tuple(
        Bar(name, low, high, round(float(100 * low / most), 2), round(float(100 * (high - low) / most), 2))
        for name, low, high in known
    )
