"""How figures become totals: recorded ones are added, overlaps make ranges, declared ones are held against the sum.

Plain Python. A total always carries the ids of its records; one that cannot be opened does not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from confmgr.outcomes.domain import FigureKind, FigureStatus, LinkKind, OverlapDecision, Qualifier
from confmgr.outcomes.independence import heaviest

Along = TypeVar("Along")


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as the rules see it. `alternative_to`: the figure that it disagrees with; only the chosen one counts."""

    id: str
    measure: str
    low: Decimal
    high: Decimal
    kind: FigureKind = FigureKind.RECORDED
    status: FigureStatus = FigureStatus.PROVISIONAL
    qualifier: Qualifier = Qualifier.EXACT
    from_on: date | None = None
    to_on: date | None = None
    at_on: date | None = None
    currency: str | None = None
    as_of: date | None = None
    meeting: str | None = None
    joint_action: str | None = None
    task_force: str | None = None
    party: str | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two figures that count the same persons, or may, and what their owner said of it."""

    first: str
    second: str
    kind: LinkKind
    decision: OverlapDecision = OverlapDecision.OPEN


@dataclass(frozen=True, slots=True)
class Total:
    """A sum with its range. `certain` when both ends agree. `parts` are the ids of its records, in order of date.

    `apart`: those of them that surely count different people, and together make the lower end.
    """

    low: Decimal
    high: Decimal
    parts: tuple[str, ...]
    apart: frozenset[str] = frozenset()
    overlaps: tuple[Overlap, ...] = ()
    more_than: bool = False
    about: bool = False

    @property
    def certain(self) -> bool:
        """Whether the total is one number."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Comparison:
    """A declared total held against what the records of the same scope add up to."""

    declared: Count
    recorded: Total
    values: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Decimal, Decimal]:
        """By how much the records fall short, at least and at most; negative when they hold more than was declared."""
        return self.declared.low - self.recorded.high, self.declared.high - self.recorded.low

    @property
    def agrees(self) -> bool:
        """Whether the declared total lies within what is recorded."""
        return self.recorded.low <= self.declared.high and self.declared.low <= self.recorded.high


def countable(counts: Iterable[Count]) -> list[Count]:
    """Recorded figures that may be added: current, and not the losing side of a disagreement."""
    return [
        count
        for count in counts
        if count.kind is FigureKind.RECORDED and count.status is not FigureStatus.SUPERSEDED and count.counts
    ]


def total(counts: Iterable[Count], overlaps: Iterable[Overlap] = ()) -> Total:
    """Add recorded figures of one measure (and currency).

    `same` links count the largest of a set once. Possible overlaps that nobody has decided make a range: from the
    largest sum of figures of which no two are linked, to the sum of all.
    """
    rows = sorted(countable(counts), key=lambda c: (c.from_on or c.at_on or date.max, c.id))
    known = {row.id for row in rows}
    links = [link for link in overlaps if link.first in known and link.second in known]
    merged = _merge_same(rows, [link for link in links if _is_same(link)])
    open_links = [
        (merged.name[link.first], merged.name[link.second])
        for link in links
        if link.kind is LinkKind.POSSIBLE and link.decision is OverlapDecision.OPEN
    ]
    apart = heaviest(merged.low, {frozenset(link) for link in open_links if link[0] != link[1]})
    return Total(
        low=sum((merged.low[name] for name in apart.members), Decimal(0)),
        high=sum(merged.high.values(), Decimal(0)),
        parts=tuple(row.id for row in rows),
        apart=apart.members,
        overlaps=tuple(link for link in links if link.decision is not OverlapDecision.EXCLUDED),
        more_than=any(row.qualifier is Qualifier.MORE_THAN for row in rows),
        about=any(row.qualifier is Qualifier.ABOUT for row in rows),
    )


def _is_same(link: Overlap) -> bool:
    if link.decision is OverlapDecision.EXCLUDED:
        return False
    return link.kind is LinkKind.SAME or link.decision is OverlapDecision.SAME


@dataclass(frozen=True, slots=True)
class _Merged:
    name: Mapping[str, str]
    low: Mapping[str, Decimal]
    high: Mapping[str, Decimal]


def _merge_same(rows: Sequence[Count], links: Iterable[Overlap]) -> _Merged:
    name = {row.id: row.id for row in rows}
    for link in links:
        keep, drop = sorted((name[link.first], name[link.second]))
        name = {ident: keep if known == drop else known for ident, known in name.items()}
    low: dict[str, Decimal] = {}
    high: dict[str, Decimal] = {}
    for row in rows:
        known = name[row.id]
        low[known] = max(low.get(known, Decimal(0)), row.low)
        high[known] = max(high.get(known, Decimal(0)), row.high)
    return _Merged(name, low, high)


def in_scope(declared: Count, counts: Iterable[Count]) -> list[Count]:
    """Recorded figures that a declared total speaks of: its measure, in its period, task force, meeting or party."""
    return [
        count
        for count in countable(counts)
        if count.measure == declared.measure
        and count.currency == declared.currency
        and _within(declared, count)
        and (declared.task_force is None or count.task_force == declared.task_force)
        and (declared.meeting is None or count.meeting == declared.meeting)
        and (declared.joint_action is None or count.joint_action == declared.joint_action)
        and (declared.party is None or count.party == declared.party)
    ]


def _within(declared: Count, count: Count) -> bool:
    if declared.from_on is None or declared.to_on is None:
        return count.at_on is not None and count.at_on == declared.at_on
    if count.from_on is None or count.to_on is None:
        return False
    return declared.from_on <= count.from_on and count.to_on <= declared.to_on


def compare(declared: Count, counts: Sequence[Count], overlaps: Iterable[Overlap]) -> Comparison:
    """Hold a declared total against the records of its scope; it is never added to anything."""
    rows = in_scope(declared, counts)
    recorded = total(rows, overlaps)
    return Comparison(declared, recorded, {row.id: (row.low, row.high) for row in rows})


def remainders(whole: Decimal, parts: Iterable[tuple[Along, Decimal]]) -> dict[Along, Decimal]:
    """What each breakdown of a figure leaves over ("not stated 3"); below zero where its parts exceed the whole."""
    left: dict[Along, Decimal] = {}
    for along, value in parts:
        left[along] = left.get(along, whole) - value
    return left
