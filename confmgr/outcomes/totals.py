"""How figures become totals: recorded ones are added, overlaps make ranges, declared ones are held against the sum.

Plain Python. A total always carries the ids of its records; one that cannot be opened does not exist.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from confmgr.outcomes.domain import FigureKind, FigureStatus, LinkKind, OverlapDecision, Qualifier
from confmgr.outcomes.doubts import Doubts, Span, doubts
from confmgr.outcomes.independence import heaviest

Along = TypeVar("Along")


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as the rules see it.

    `alternative_to` names the disagreement of sources that it belongs to, of which only the chosen one `counts`.
    `tags` name its joint action, group and cases: what it is a figure of.
    """

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
    owner: str | None = None
    tags: frozenset[str] = frozenset()
    stock: bool = False
    alternative_to: str | None = None

    @property
    def span(self) -> Span:
        """Whose, of what and when it is; what is known up to a date may reach back for ever."""
        first = self.from_on or (self.at_on if self.stock else None) or date.min
        last = self.to_on or self.at_on or date.max
        return Span(self.id, self.owner, first, last, self.joint_action, self.tags, self.stock)


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

    `apart`: those of them that surely count different people, and together make the lower end. `overlaps`: what makes
    the range, doubts that nobody has linked among it. Not `exact`: there are too many to try all, and the lower end
    may be higher.
    """

    low: Decimal
    high: Decimal
    parts: tuple[str, ...]
    apart: frozenset[str] = frozenset()
    overlaps: tuple[Overlap, ...] = ()
    more_than: bool = False
    about: bool = False
    exact: bool = True

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


def total(
    counts: Iterable[Count], overlaps: Iterable[Overlap] = (), identities: Mapping[str, str] | None = None
) -> Total:
    """Add recorded figures of one measure (and currency).

    `same` links count the largest of a set once. Possible overlaps that nobody has decided make a range: from the
    largest sum of figures of which no two are linked, to the sum of all. Stocks, and figures of one owner whose
    periods and scopes meet, are held to overlap until somebody says that they do not; of one owner's stocks only
    the newest counts.

    Args:
        counts: Figures of the measure, also those that do not count.
        overlaps: Links, also between others.
        identities: What `same_people` says of more figures than these, where it is known.
    """
    given, links = list(counts), list(overlaps)
    names = same_people(given, links) if identities is None else identities
    rows = sorted(_newest(countable(given)), key=lambda c: (c.from_on or c.at_on or date.max, c.id))
    people = _people(rows, names)
    between = {
        link: frozenset((names.get(link.first, link.first), names.get(link.second, link.second))) for link in links
    }
    unsaid = _unsaid(doubts(row.span for row in rows), names, set(between.values()))
    undecided = {pair for link, pair in between.items() if _is_open(link) and len(pair) > 1 and pair <= people.keys()}
    weights = {name: largest.low for name, largest in people.items()}
    kept = _heads(weights, unsaid.runs)
    apart = heaviest(kept, (pair for pair in undecided | unsaid.pairs if pair <= kept.keys()))
    known = {row.id for row in rows}
    return Total(
        low=sum((weights[name] for name in apart.members), Decimal(0)),
        high=sum(_highest(rows, names).values(), Decimal(0)),
        parts=tuple(row.id for row in rows),
        apart=frozenset(people[name].id for name in apart.members),
        overlaps=(
            *(
                one
                for one in links
                if {one.first, one.second} <= known and one.decision is not OverlapDecision.EXCLUDED
            ),
            *_as_links(unsaid.pairs, people),
        ),
        more_than=any(row.qualifier is Qualifier.MORE_THAN for row in rows),
        about=any(row.qualifier is Qualifier.ABOUT for row in rows),
        exact=apart.exact and not unsaid.runs,
    )


def same_people(counts: Iterable[Count], overlaps: Iterable[Overlap]) -> dict[str, str]:
    """By its id under which name each figure counts: one name for all that are linked as the same people.

    Sources that disagree speak of the same people. Links reach through figures that do not count (a source that was
    withdrawn, one that was not chosen), not through what a correction has superseded.
    """
    head: dict[str, str] = {}

    def find(name: str) -> str:
        while (up := head.get(name, name)) != name:
            head[name] = head.get(up, up)
            name = up
        return name

    live = [count for count in counts if count.status is not FigureStatus.SUPERSEDED]
    known = {count.id for count in live}
    joined = [(link.first, link.second) for link in overlaps if _is_same(link) and {link.first, link.second} <= known]
    joined += [(count.id, f"instead of {count.alternative_to}") for count in live if count.alternative_to is not None]
    for one, other in joined:
        keep, drop = sorted((find(one), find(other)))
        head[drop] = keep
    return {count.id: find(count.id) for count in live}


def _is_same(link: Overlap) -> bool:
    if link.decision is OverlapDecision.EXCLUDED:
        return False
    return link.kind is LinkKind.SAME or link.decision is OverlapDecision.SAME


def _is_open(link: Overlap) -> bool:
    return link.kind is LinkKind.POSSIBLE and link.decision is OverlapDecision.OPEN


def _newest(rows: Iterable[Count]) -> Iterator[Count]:
    """Of the stocks that one owner gives for one scope only those of the newest date."""
    stocks: dict[tuple[str, frozenset[str]], list[Count]] = {}
    for row in rows:
        if row.stock and row.owner is not None:
            stocks.setdefault((row.owner, row.tags), []).append(row)
        else:
            yield row
    for same in stocks.values():
        last = max(row.at_on or date.min for row in same)
        yield from (row for row in same if (row.at_on or date.min) == last)


def _people(rows: Iterable[Count], names: Mapping[str, str]) -> dict[str, Count]:
    """The largest record of each set of people."""
    found: dict[str, Count] = {}
    for row in rows:
        name = names.get(row.id, row.id)
        if name not in found or row.low > found[name].low:
            found[name] = row
    return found


def _highest(rows: Iterable[Count], names: Mapping[str, str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        name = names.get(row.id, row.id)
        found[name] = max(found.get(name, Decimal(0)), row.high)
    return found


def _unsaid(found: Doubts, names: Mapping[str, str], said: AbstractSet[frozenset[str]]) -> Doubts:
    """Doubts between sets of people, without those of which somebody has said something."""
    pairs = {frozenset(names.get(ident, ident) for ident in pair) for pair in found.pairs}
    runs = tuple(frozenset(names.get(ident, ident) for ident in run) for run in found.runs)
    return Doubts(frozenset(pair for pair in pairs if len(pair) > 1 and pair not in said), runs)


def _heads(weights: Mapping[str, Decimal], runs: Iterable[frozenset[str]]) -> dict[str, Decimal]:
    """Of each run that is too long to be told apart only its largest set of people is held to be certain."""
    dropped: set[str] = set()
    for run in runs:
        largest = max(run, key=lambda name: (weights[name], name))
        dropped |= run - {largest}
    return {name: weight for name, weight in weights.items() if name not in dropped}


def _as_links(pairs: Iterable[frozenset[str]], people: Mapping[str, Count]) -> Iterator[Overlap]:
    for first, second in sorted(tuple(sorted(people[name].id for name in pair)) for pair in pairs):
        yield Overlap(first, second, LinkKind.POSSIBLE)


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


def compare(
    declared: Count,
    counts: Sequence[Count],
    overlaps: Iterable[Overlap],
    identities: Mapping[str, str] | None = None,
) -> Comparison:
    """Hold a declared total against the records of its scope; it is never added to anything."""
    links = list(overlaps)
    rows = in_scope(declared, counts)
    recorded = total(rows, links, same_people(counts, links) if identities is None else identities)
    return Comparison(declared, recorded, {row.id: (row.low, row.high) for row in rows})


def remainders(whole: Decimal, parts: Iterable[tuple[Along, Decimal]]) -> dict[Along, Decimal]:
    """What each breakdown of a figure leaves over ("not stated 3"); below zero where its parts exceed the whole."""
    left: dict[Along, Decimal] = {}
    for along, value in parts:
        left[along] = left.get(along, whole) - value
    return left


def converted(value: Decimal, rate: Decimal) -> Decimal:
    """A sum at a rate, to as many digits as the rate has (four at least): no more exact than what it was made of."""
    exact = value * rate
    digits = max(4, len(rate.normalize().as_tuple().digits))
    return Decimal(f"{round(exact, digits - 1 - exact.adjusted()):f}")
