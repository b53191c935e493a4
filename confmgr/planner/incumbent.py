"""The best plan so far, kept outside of every search: what is returned is never worse than what was shown."""

import threading
import time
from collections.abc import Callable, Mapping

from confmgr.planner import judge
from confmgr.planner.dealing import deal
from confmgr.planner.domain import Instance, Level, Placement
from confmgr.planner.frame import Frame, Spot

Progress = Callable[[tuple[Level, ...], int, float], None]
"""Levels in the order in which they are decided, with what is proven of each; meetings placed; seconds so far."""


class Incumbent:
    """Searches of several threads offer plans; the one with the lowest levels stays, judged from the plan alone."""

    def __init__(
        self, frame: Frame, previous: Mapping[str, Placement], prefer: str | None, tell: Progress | None, began: float
    ) -> None:
        self.frame, self.instance = frame, frame.instance
        self.previous = {ident: spot for ident, spot in previous.items() if ident in frame.number}
        self.before = {frame.number[ident]: spot.start for ident, spot in self.previous.items()}
        self.prefer, self.tell, self.began = prefer, tell, began
        self.spots: dict[int, Spot] = {}
        self.placements: dict[str, Placement] = {}
        self.levels: dict[str, int] = {}
        self.missing = 0
        """Meetings locked to a start that the plan leaves out: no plan at all while there is one without."""
        self.version = 0
        self.gained_at = 0.0
        self._proven: dict[str, list[tuple[tuple[int, ...], int]]] = {}
        self._lock = threading.Lock()

    def closed(self) -> bool:
        """Whether no level can fall below what it is."""
        return not self.missing and self.bounds() == self.levels

    @property
    def order(self) -> tuple[str, ...]:
        """The levels in the order in which they are decided."""
        names = list(self.levels)
        if self.prefer in names:
            names.remove(self.prefer)
            names.insert(2, self.prefer)
        return tuple(names)

    def offer(self, spots: Mapping[int, Spot]) -> bool:
        """Take a plan over if it is better; whether it was."""
        placements = within_spread(self.instance, deal(self.frame, spots, self.previous))
        levels = judge.levels(self.instance, placements, self.previous or None)
        missing = sum(wish.locked and wish.id not in placements for wish in self.frame.wishes)
        with self._lock:
            better = not self.levels or (missing, self._rank(levels)) < (self.missing, self._rank(self.levels))
            if better:
                number = self.frame.number
                self.spots = {number[ident]: spots[number[ident]] for ident in placements}
                self.placements, self.levels, self.missing = placements, levels, missing
                self.version += 1
                self.gained_at = time.monotonic() - self.began
        if better:
            self._tell()
        return better

    def judged(self, spots: Mapping[int, Spot]) -> dict[str, int]:
        """The levels of a plan."""
        return judge.levels(self.instance, deal(self.frame, spots, self.previous), self.previous or None)

    def prove(self, name: str, bound: int, above: tuple[int, ...]) -> None:
        """A level cannot fall below a bound while the levels before it are no more than `above`."""
        with self._lock:
            proven = self._proven.setdefault(name, [])
            if (above, bound) in proven:
                return
            proven.append((above, bound))
        self._tell()

    def _tell(self) -> None:
        """Tell whoever listens how far it is: of a better plan, and of what was proven since."""
        if self.tell is None or not self.levels:
            return
        with self._lock:
            bounds = self.bounds()
            levels = tuple(Level(name, self.levels[name], bounds[name]) for name in self.order)
            placed = len(self.placements)
        self.tell(levels, placed, time.monotonic() - self.began)

    def bounds(self) -> dict[str, int]:
        """What is proven of each level, given the levels above; nothing falls below zero."""
        found: dict[str, int] = {}
        above: list[int] = []
        for name in self.order:
            holds = [
                bound
                for limits, bound in self._proven.get(name, ())
                if len(limits) == len(above) and all(a <= limit for a, limit in zip(above, limits, strict=True))
            ]
            found[name] = min(max([0, *holds]), self.levels[name])
            above.append(self.levels[name])
        return found

    def above(self, name: str) -> tuple[int, ...]:
        """The values of the levels that are decided before one."""
        order = self.order
        return tuple(self.levels[other] for other in order[: order.index(name)])

    def _rank(self, levels: Mapping[str, int]) -> tuple[int, ...]:
        first = [levels[name] for name in ("unplaced", "moved", self.prefer or "") if name in levels]
        return (*first, *levels.values())


def within_spread(instance: Instance, placements: dict[str, Placement]) -> dict[str, Placement]:
    """Take meetings out until no two parties differ by more breaks than allowed; an empty plan always fits."""
    limit = instance.max_break_spread
    while limit is not None and judge.break_spread(instance, placements) > limit:
        spreads = {
            ident: judge.break_spread(instance, {k: v for k, v in placements.items() if k != ident})
            for ident in placements
            if (lock := instance.by_id[ident].locked) is None or lock.start is None
        }
        if not spreads:
            return placements
        drop = min(sorted(spreads), key=lambda ident: spreads[ident])
        placements = {k: v for k, v in placements.items() if k != drop}
    return placements
