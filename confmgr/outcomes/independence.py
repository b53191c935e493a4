"""The heaviest set of nodes of a graph of which no two are joined: by branch and bound on each connected part.

A part is searched for at most `STEPS` steps. Beyond that the best set found so far is returned, marked as not exact:
a valid set, perhaps not the heaviest. Sixty nodes as they come from overlapping reports need a few hundred steps.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

STEPS = 200_000

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Heaviest(Generic[Node]):
    """The members of the set found, and whether it is proved to be the heaviest."""

    members: frozenset[Node]
    exact: bool


def heaviest(weights: Mapping[Node, Decimal], edges: Iterable[frozenset[Node]]) -> Heaviest[Node]:
    """The heaviest independent set; of several equally heavy ones always the same.

    Args:
        weights: Each node with its weight, none negative.
        edges: Pairs of nodes that exclude each other.
    """
    order = sorted(weights, key=lambda node: (-weights[node], str(node)))
    bit = {node: 1 << at for at, node in enumerate(order)}
    joined = [0] * len(order)
    for edge in edges:
        first, second = edge
        joined[order.index(first)] |= bit[second]
        joined[order.index(second)] |= bit[first]
    values = [weights[node] for node in order]
    chosen, exact = 0, True
    for part in _connected(joined):
        search = _Search(values, joined)
        search.run(part)
        chosen |= search.best
        exact = exact and search.steps < STEPS
    return Heaviest(frozenset(node for node in order if bit[node] & chosen), exact)


def _connected(joined: list[int]) -> list[int]:
    parts, unseen = [], (1 << len(joined)) - 1
    while unseen:
        part, frontier = 0, unseen & -unseen
        while frontier:
            part |= frontier
            reached = 0
            for at in _bits(frontier):
                reached |= joined[at]
            frontier = reached & ~part
        parts.append(part)
        unseen &= ~part
    return parts


def _bits(mask: int) -> Iterable[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


class _Search:
    """Depth first: take the heaviest free node, then leave it out; nodes stand in the order of falling weight."""

    def __init__(self, values: list[Decimal], joined: list[int]) -> None:
        self.values = values
        self.joined = joined
        self.best = 0
        self.best_weight = Decimal(-1)
        self.steps = 0

    def run(self, part: int) -> None:
        """Search one connected part."""
        stack = [(part, 0, Decimal(0))]
        while stack and self.steps < STEPS:
            self.steps += 1
            free, taken, weight = stack.pop()
            if weight > self.best_weight and not free:
                self.best, self.best_weight = taken, weight
            if not free or weight + self._bound(free) <= self.best_weight:
                continue
            at = (free & -free).bit_length() - 1
            node = 1 << at
            if self.joined[at] & free:
                stack.append((free & ~node, taken, weight))
            stack.append((free & ~node & ~self.joined[at], taken | node, weight + self.values[at]))

    def _bound(self, free: int) -> Decimal:
        """No set in `free` weighs more: of each clique that it falls into only the heaviest node can be taken."""
        bound = Decimal(0)
        while free:
            at = (free & -free).bit_length() - 1
            bound += self.values[at]
            clique = free & self.joined[at]
            free &= ~(1 << at)
            while clique:
                other = (clique & -clique).bit_length() - 1
                free &= ~(1 << other)
                clique &= self.joined[other]
        return bound
