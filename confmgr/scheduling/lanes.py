"""Delegations down, time across: one day as the cells of a table. Plain Python."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import gcd
from typing import Generic, Protocol, TypeVar

from confmgr.values.times import Span


class HasSpan(Protocol):
    """Anything that lasts."""

    @property
    def span(self) -> Span:
        """From when to when."""


Lasting = TypeVar("Lasting", bound=HasSpan)


@dataclass(frozen=True, slots=True)
class Stint:
    """A session as the lanes see it; `codes` in the meeting's order. One of the whole meeting is a band behind all."""

    reference: str
    span: Span
    codes: tuple[str, ...] = ()
    whole_meeting: bool = False


class Look(StrEnum):
    """What a cell shows."""

    FREE = "free"
    SHUT = "shut"
    BAND = "band"
    AWAY = "away"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Cell:
    """So many columns of one lane; `stint` where it is busy or a band."""

    look: Look
    columns: int
    starts: datetime
    stint: Stint | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The day of one delegation: a lane for each meeting that it holds at once, and what the end of the row says.

    `idle` is its longest stretch in minutes between its first and its last meeting in which it could meet and does not.
    """

    code: str
    lanes: tuple[tuple[Cell, ...], ...]
    count: int
    idle: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day: `slots` are the heads of the table, `bands` what is for everybody."""

    slots: tuple[Cell, ...]
    bands: tuple[tuple[Cell, ...], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Progress(Generic[Lasting]):
    """What is under way at an instant, and what begins next on the same day."""

    now: tuple[Lasting, ...]
    next: tuple[Lasting, ...]


def day(
    opening: Span,
    minutes: int,
    stints: Iterable[Stint],
    codes: Sequence[str],
    hours: Mapping[str, Sequence[Span]],
) -> Day:
    """Lay out one day.

    Args:
        opening: The hours in which the day may be planned; sessions outside of them lengthen the table.
        minutes: Length of a slot.
        stints: Placed sessions of that day.
        codes: Delegations in the meeting's order; each gets a row.
        hours: When a delegation can meet; without any, always.
    """
    rows = sorted(stints, key=lambda one: (one.span, one.reference))
    bands = [one for one in rows if one.whole_meeting]
    scale = Scale(opening, minutes, rows, [span for code in codes for span in hours.get(code, ())])
    return Day(
        slots=tuple(Cell(Look.FREE, scale.columns(span), span.start) for span in scale.slots),
        bands=tuple(tuple(_cells(scale, lane, Look.BAND, [], [])) for lane in stacked(bands)),
        rows=tuple(
            _row(scale, code, [one for one in rows if code in one.codes and not one.whole_meeting], bands, hours)
            for code in codes
        ),
    )


def stacked(things: Iterable[Lasting]) -> list[list[Lasting]]:
    """Lanes in which nothing overlaps, as few as it takes; one empty lane for nothing."""
    lanes: list[list[Lasting]] = []
    for one in sorted(things, key=lambda thing: thing.span):
        lane = next((lane for lane in lanes if lane[-1].span.end <= one.span.start), None)
        if lane is None:
            lanes.append([one])
        else:
            lane.append(one)
    return lanes or [[]]


def progress(things: Iterable[Lasting], now: datetime) -> Progress[Lasting]:
    """What lasts at `now` (wall time), and what begins first after it before the day ends."""
    rows = sorted(things, key=lambda thing: thing.span)
    later = [one for one in rows if one.span.start > now and one.span.start.date() == now.date()]
    return Progress(
        now=tuple(one for one in rows if one.span.start <= now < one.span.end),
        next=tuple(one for one in later if one.span.start == later[0].span.start),
    )


class Scale:
    """The columns of a day: the widest that every edge falls on."""

    def __init__(self, opening: Span, minutes: int, stints: Sequence[Stint], hours: Iterable[Span]) -> None:
        self.opening = opening
        start = min([opening.start, *(one.span.start for one in stints)])
        end = max([opening.end, *(one.span.end for one in stints)])
        slot = timedelta(minutes=minutes)
        self.start = opening.start - -(-(opening.start - start) // slot) * slot
        count = -(-(end - self.start) // slot)
        self.end = self.start + count * slot
        self.slots = [Span(self.start + n * slot, self.start + (n + 1) * slot) for n in range(count)]
        edges = [edge for span in [opening, *(one.span for one in stints), *hours] for edge in (span.start, span.end)]
        offsets = [int((edge - self.start) / timedelta(minutes=1)) for edge in edges if self.start < edge < self.end]
        self.unit = gcd(minutes, *offsets)

    def columns(self, span: Span) -> int:
        """How many columns a stretch takes."""
        return span.minutes // self.unit

    def within(self, span: Span) -> Span | None:
        """The part of a stretch that the table shows."""
        start, end = max(span.start, self.start), min(span.end, self.end)
        return Span(start, end) if start < end else None


def _row(
    scale: Scale, code: str, own: Sequence[Stint], bands: Sequence[Stint], hours: Mapping[str, Sequence[Span]]
) -> Row:
    away = _outside(scale, hours.get(code, ()))
    return Row(
        code=code,
        lanes=tuple(tuple(_cells(scale, lane, Look.BUSY, bands, away)) for lane in stacked(own)),
        count=len(own),
        idle=_idle([one.span for one in own], [*(one.span for one in bands), *away]),
        first=min((one.span.start for one in own), default=None),
        last=max((one.span.end for one in own), default=None),
    )


def _outside(scale: Scale, hours: Sequence[Span]) -> list[Span]:
    if not hours:
        return []
    found, at = [], scale.start
    for span in sorted(part for part in map(scale.within, hours) if part is not None):
        if at < span.start:
            found.append(Span(at, span.start))
        at = max(at, span.end)
    return [*found, Span(at, scale.end)] if at < scale.end else found


def _cells(
    scale: Scale, lane: Sequence[Stint], look: Look, bands: Sequence[Stint], away: Sequence[Span]
) -> Iterator[Cell]:
    at = scale.start
    for one in lane:
        yield from _idle_cells(scale, at, one.span.start, bands, away)
        yield Cell(look, scale.columns(one.span), one.span.start, one)
        at = one.span.end
    yield from _idle_cells(scale, at, scale.end, bands, away)


def _idle_cells(
    scale: Scale, start: datetime, end: datetime, bands: Sequence[Stint], away: Sequence[Span]
) -> Iterator[Cell]:
    spans = [scale.opening, *(one.span for one in bands), *away, *scale.slots]
    edges = sorted({start, end, *(edge for span in spans for edge in (span.start, span.end) if start < edge < end)})
    for first, last in pairwise(edges):
        part = Span(first, last)
        band = next((one for one in bands if one.span.covers(part)), None)
        if band is not None:
            look = Look.BAND
        elif any(span.covers(part) for span in away):
            look = Look.AWAY
        elif scale.opening.covers(part):
            look = Look.FREE
        else:
            look = Look.SHUT
        yield Cell(look, scale.columns(part), first, band)


def _idle(own: Sequence[Span], blocked: Sequence[Span]) -> int:
    if not own:
        return 0
    end = max(span.end for span in own)
    at = min(span.start for span in own)
    longest = timedelta()
    for span in sorted([*own, *blocked]):
        if span.start > end:
            break
        longest = max(longest, span.start - at)
        at = max(at, span.end)
    return int(longest / timedelta(minutes=1))
