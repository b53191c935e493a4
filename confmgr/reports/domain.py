"""What reports say, as data: the pages and the PDFs draw the same thing. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from confmgr.outcomes.totals import Comparison
from confmgr.scheduling.domain import SessionKind
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A published session as one reader sees it. `codes` stand in for a title where there is none."""

    starts: datetime
    ends: datetime
    kind: SessionKind
    title: Words | None
    description: Words | None
    place: Words | None
    codes: tuple[str, ...]
    interpretation: str | None
    cancelled: bool
    agenda: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """The entries of one day, by time."""

    day: date
    entries: tuple[ProgrammeEntry, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who gave how many leads to whom. A lead to three parties counts in three cells and once in the sums of givers."""

    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    given: Mapping[str, int]
    received: Mapping[str, int]
    leads: int


def exchange(leads: Iterable[tuple[str, Sequence[str]]]) -> Exchange:
    """The matrix of leads (giver, receivers), the busiest first."""
    cells: dict[tuple[str, str], int] = {}
    given: dict[str, int] = {}
    received: dict[str, int] = {}
    count = 0
    for giver, receivers in leads:
        count += 1
        given[giver] = given.get(giver, 0) + 1
        for receiver in receivers:
            cells[giver, receiver] = cells.get((giver, receiver), 0) + 1
            received[receiver] = received.get(receiver, 0) + 1
    return Exchange(
        tuple(sorted(given, key=lambda code: (-given[code], code))),
        tuple(sorted(received, key=lambda code: (-received[code], code))),
        cells,
        given,
        received,
        count,
    )


@dataclass(frozen=True, slots=True)
class MissingRecords:
    """Somebody declared more than the records hold."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class OpenOverlap:
    """Figures that may count the same people; deciding closes a range."""

    measure: str
    currency: str | None
    codes: tuple[str, ...]
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class SourcesDisagree:
    """Several sources give one figure differently."""

    measure: str
    currency: str | None
    values: tuple[Decimal, ...]


Decision = MissingRecords | OpenOverlap | SourcesDisagree


def newest_gaps(comparisons: Iterable[Comparison]) -> list[MissingRecords]:
    """Of declared totals that the records do not reach, the newest for each measure and scope that has any record."""
    newest: dict[tuple[str, str | None, str | None, str | None], Comparison] = {}
    for one in comparisons:
        declared = one.declared
        scope = (declared.measure, declared.currency, declared.meeting, declared.task_force)
        older = newest.get(scope)
        if one.recorded.parts and (older is None or (older.declared.as_of or date.min) <= (declared.as_of or date.min)):
            newest[scope] = one
    return [MissingRecords(one) for one in newest.values() if one.missing[0] > 0]
