"""Figures that may count the same people although nobody has linked them: stocks, and what one owner says of one time.

Plain Python; why: docs/decisions/0018-what-is-never-added.md.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

MOST = 20_000
"""Pairs that are told apart one by one; beyond that a whole run of figures is held to count the same people."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the rule needs to know of a figure: whose, of what, when. `tags` name its action, group and cases."""

    id: str
    owner: str | None
    first: date
    last: date
    action: str | None = None
    tags: frozenset[str] = frozenset()
    stock: bool = False


@dataclass(frozen=True, slots=True)
class Doubts:
    """Pairs in doubt, and runs too long to be told apart."""

    pairs: frozenset[frozenset[str]]
    runs: tuple[frozenset[str], ...] = ()


def doubts(spans: Iterable[Span]) -> Doubts:
    """Which figures nobody may add without saying that they count different people."""
    pairs: set[frozenset[str]] = set()
    runs = []
    for run in _runs(spans):
        found: set[frozenset[str]] = set()
        for one, other in _met(run):
            found.add(frozenset({one.id, other.id}))
            if len(pairs) + len(found) > MOST:
                runs.append(frozenset(span.id for span in run))
                break
        else:
            pairs |= found
    return Doubts(frozenset(pairs), tuple(runs))


def in_doubt(one: Span, other: Span) -> bool:
    """Whether two figures may count the same people: stocks always, others if owner, time and scope meet."""
    if one.stock and other.stock:
        return True
    if one.owner is None or one.owner != other.owner or one.last < other.first or other.last < one.first:
        return False
    if one.action is not None and other.action is not None:
        return one.action == other.action
    return not one.tags or not other.tags or bool(one.tags & other.tags)


def _runs(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Figures of one owner whose periods follow without a gap; all stocks are one run."""
    lanes: dict[str | None, list[Span]] = defaultdict(list)
    for span in spans:
        if span.stock:
            lanes[None].append(span)
        elif span.owner is not None:
            lanes[f"owner {span.owner}"].append(span)
    for name, lane in lanes.items():
        run: list[Span] = []
        until = date.min
        for span in sorted(lane, key=lambda one: (one.first, one.id)):
            if run and name is not None and span.first > until:
                yield run
                run, until = [], date.min
            run.append(span)
            until = max(until, span.last)
        if run:
            yield run


def _met(run: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs in doubt of a run, found by what they share."""
    if run[0].stock:
        yield from _overlapping(run)
        return
    shared: dict[str, list[Span]] = defaultdict(list)
    for span in run:
        for tag in span.tags:
            shared[tag].append(span)
    for rows in shared.values():
        yield from _overlapping(rows)
    yield from _with_bare(run)


def _with_bare(run: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of which one at least is a figure of everything that its owner counts; whichever begins first looks on."""
    bare = [span for span in run if not span.tags]
    begins = [span.first for span in bare]
    for at, one in enumerate(run):
        rows, start = (bare, bisect_left(begins, one.first)) if one.tags else (run, at + 1)
        for place in range(start, len(rows)):
            other = rows[place]
            if other.first > one.last:
                break
            if in_doubt(one, other):
                yield one, other


def _overlapping(rows: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    for at, one in enumerate(rows):
        for place in range(at + 1, len(rows)):
            other = rows[place]
            if not one.stock and other.first > one.last:
                break
            if in_doubt(one, other):
                yield one, other
