"""What reports say, as data: the pages and the PDFs draw the same thing. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from confmgr.outcomes.chains import Node
from confmgr.outcomes.charts import Bar, bars
from confmgr.outcomes.domain import RequestStep
from confmgr.outcomes.totals import Comparison, Count, Overlap, Total, total
from confmgr.scheduling.domain import SessionKind
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    """A published session as one reader sees it. `codes` stand in for a title where there is none.

    `block`: no session, but a time in which case meetings of others are held.
    """

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
    block: bool = False


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

    def heat(self, giver: str, receiver: str) -> int:
        """How dark a cell is drawn: 1 for few leads to 4 for the most that anybody gave to anybody, 0 for none."""
        count = self.cells.get((giver, receiver), 0)
        return -(-4 * count // max(self.cells.values())) if count else 0


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


NOTHING = Total(Decimal(0), Decimal(0), ())


@dataclass(frozen=True, slots=True)
class CameOf:
    """What some leads led to, each thing once: as far as the reader may see it."""

    requests: tuple[Node, ...] = ()
    actions: tuple[Node, ...] = ()
    arrested: Total = NOTHING
    rescued: Total = NOTHING

    @property
    def anything(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.requests or self.actions)


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
URGENT = 3
"""What a first page asks to decide; the rest is annexed."""


def by_weight(decisions: Iterable[Decision]) -> list[Decision]:
    """The first of each kind come first: a gap, an open range, a disagreement; then the others as they came."""
    found = list(decisions)
    leading = [
        one
        for kind in (MissingRecords, OpenOverlap, SourcesDisagree)
        for one in [next((row for row in found if isinstance(row, kind)), None)]
        if one is not None
    ]
    return [*leading, *(row for row in found if row not in leading)]


def newest(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Of declared totals that have any record, the newest for each measure, scope and first day."""
    found: dict[tuple[object, ...], Comparison] = {}
    for one in comparisons:
        declared = one.declared
        about = (declared.measure, declared.currency, declared.meeting, declared.task_force, declared.from_on)
        older = found.get(about)
        if one.recorded.parts and (older is None or (older.declared.as_of or date.min) <= (declared.as_of or date.min)):
            found[about] = one
    return list(found.values())


def newest_gaps(comparisons: Iterable[Comparison]) -> list[MissingRecords]:
    """Of the newest declared totals those that the records do not reach."""
    return [MissingRecords(one) for one in newest(comparisons) if one.missing[0] > 0]


@dataclass(frozen=True, slots=True)
class Funnel:
    """From cases to action: taken up, ready, led to an arrest or return, which may be a range."""

    cases: int
    ready: int
    led: Total

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The same on one scale, each by its name."""
        return bars(
            (
                ("cases", Decimal(self.cases), Decimal(self.cases)),
                ("ready", Decimal(self.ready), Decimal(self.ready)),
                ("led", self.led.low, self.led.high),
            )
        )


def led_to_action(cases: Mapping[str, int], overlaps: Iterable[Overlap]) -> Total:
    """How many cases led to action, from figures (id: on how many cases it rests) that may speak of the same ones."""
    return total((Count(ident, "cases", Decimal(n), Decimal(n)) for ident, n in cases.items()), overlaps)


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a report is about, the last one included."""

    first: date
    last: date

    def holds(self, first: date | None, last: date | None = None) -> bool:
        """Whether a day, or a stretch of days, lies within."""
        return first is not None and self.first <= first and (first if last is None else last) <= self.last


ANSWER_DAYS = 7
"""Within so many days a request is answered in time, as far as reports count it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An action request as response figures see it; `answered`: when it first was accepted, declined or done."""

    at: datetime
    answered: datetime | None
    state: RequestStep


@dataclass(frozen=True, slots=True)
class Responses:
    """How requests were answered. `days`: the median number of days to an answer, where there is one."""

    asked: int = 0
    in_time: int = 0
    later: int = 0
    done: int = 0
    declined: int = 0
    none: int = 0
    days: int | None = None


def responses(rows: Iterable[Asked]) -> Responses:
    """Count the answers to requests."""
    found = list(rows)
    waits = [row.answered - row.at for row in found if row.answered is not None]
    in_time = sum(wait <= timedelta(days=ANSWER_DAYS) for wait in waits)
    return Responses(
        asked=len(found),
        in_time=in_time,
        later=len(waits) - in_time,
        done=sum(row.state is RequestStep.DONE for row in found),
        declined=sum(row.state is RequestStep.DECLINED for row in found),
        none=len(found) - len(waits),
        days=int(median(wait.days for wait in waits)) if waits else None,
    )
