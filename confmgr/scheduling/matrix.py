"""Who wants to meet whom: requests as a square of delegations, with mutual wishes and gaps. Plain Python."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from confmgr.scheduling.domain import RequestState

ALIVE = frozenset({RequestState.ASKED, RequestState.ACCEPTED, RequestState.SCHEDULED, RequestState.HELD})
"""States in which a wish to meet stands."""
WORST_FIRST = (
    RequestState.ASKED,
    RequestState.ACCEPTED,
    RequestState.SCHEDULED,
    RequestState.HELD,
    RequestState.DECLINED,
)
"""A cell shows the first of these that one of its requests has: what waits before what is done."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One request as the matrix sees it: codes of delegations."""

    asks: str
    asked: frozenset[str]
    state: RequestState


@dataclass(slots=True)
class Cell:
    """What one delegation (row) wants of another (column)."""

    requests: int = 0
    state: RequestState | None = None
    mutual: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """`cells[asks, asked]` for each pair that has something to show; `silent`: who is in no wish that stands."""

    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    mutual: int = 0
    gaps: int = 0


def matrix(codes: Iterable[str], wishes: Iterable[Wish], cases: Iterable[Collection[str]] = ()) -> Matrix:
    """Count wishes by pair.

    Args:
        codes: All delegations.
        wishes: Their requests; withdrawn and joined ones are passed over.
        cases: For each selected case, the delegations it concerns, the first being the one that brought it: a pair of
            that one and another without any standing wish is a gap.
    """
    order = list(codes)
    cells: dict[tuple[str, str], Cell] = {}
    standing: set[tuple[str, str]] = set()
    for wish in wishes:
        if wish.state not in WORST_FIRST:
            continue
        for other in wish.asked:
            cell = cells.setdefault((wish.asks, other), Cell())
            cell.requests += 1
            cell.state = min((s for s in (cell.state, wish.state) if s), key=WORST_FIRST.index)
            if wish.state in ALIVE:
                standing.add((wish.asks, other))
    for one, other in standing:
        cells[one, other].mutual = (other, one) in standing
    gaps = _gaps(set(order), standing, cases)
    for one, other in gaps:
        cells.setdefault((one, other), Cell()).gap = True
    heard = {code for pair in standing for code in pair}
    return Matrix(
        cells=cells,
        silent=tuple(code for code in order if code not in heard),
        mutual=sum(one < other for one, other in standing if (other, one) in standing),
        gaps=len(gaps),
    )


def _gaps(codes: set[str], standing: set[tuple[str, str]], cases: Iterable[Collection[str]]) -> set[tuple[str, str]]:
    found = set()
    for case in cases:
        brought, *others = case
        for other in others:
            if {brought, other} <= codes and brought != other and not {(brought, other), (other, brought)} & standing:
                found.add((brought, other))
    return found
