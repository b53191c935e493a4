"""The heaviest set of nodes of a graph of which no two are joined: by branch and bound on each connected part.

All parts together may look at `STEPS` nodes. Beyond that the best sets found so far are returned, marked as not exact:
valid sets, perhaps not the heaviest. Sixty nodes as they come from overlapping reports need a few thousand looks.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

STEPS = 2_000_000

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
    place = {node: at for at, node in enumerate(order)}
    joined: dict[int, set[int]] = {}
    for edge in edges:
        first, second = (place[node] for node in edge)
        joined.setdefault(first, set()).add(second)
        joined.setdefault(second, set()).add(first)
    chosen, steps = {at for at in range(len(order)) if at not in joined}, 0
    for part in _connected(joined):
        bit = {at: 1 << index for index, at in enumerate(part)}
        search = _Search([weights[order[at]] for at in part], [sum(bit[other] for other in joined[at]) for at in part])
        search.run((1 << len(part)) - 1, STEPS - steps)
        chosen.update(at for at in part if bit[at] & search.best)
        steps += search.steps
    return Heaviest(frozenset(order[at] for at in chosen), steps < STEPS)


def _connected(joined: Mapping[int, set[int]]) -> list[list[int]]:
    """Parts that hang together, each in the order of its nodes."""
    parts, seen = [], set[int]()
    for start in sorted(joined):
        if start in seen:
            continue
        seen.add(start)
        part, edge = [start], [start]
        while edge:
            fresh = joined[edge.pop()] - seen
            seen |= fresh
            part.extend(fresh)
            edge.extend(fresh)
        parts.append(sorted(part))
    return parts


class _Search:
    """Depth first: take the heaviest free node, then leave it out; nodes stand in the order of falling weight."""

    def __init__(self, values: list[Decimal], joined: list[int]) -> None:
        self.values = values
        self.joined = joined
        self.best = 0
        self.best_weight = Decimal(-1)
        self.steps = 0

    def run(self, part: int, steps: int) -> None:
        """Search one connected part, from the set that always takes the heaviest, as long as nodes may be looked at."""
        free = part
        while free:
            at = (free & -free).bit_length() - 1
            self.best |= 1 << at
            free &= ~(1 << at) & ~self.joined[at]
        self.best_weight = sum((v for at, v in enumerate(self.values) if self.best >> at & 1), Decimal(0))
        stack = [(part, 0, Decimal(0))]
        while stack and self.steps < steps:
            free, taken, weight = stack.pop()
            self.steps += free.bit_count()
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
