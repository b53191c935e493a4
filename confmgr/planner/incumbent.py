"""The best plan so far, kept outside of every search: what is returned is never worse than what was shown."""

import threading
import time
from collections.abc import Callable, Mapping

from confmgr.planner import judge
from confmgr.planner.dealing import deal
from confmgr.planner.domain import Because, Instance, Level, Placement, Plan
from confmgr.planner.frame import Frame, Spot, spots_of
from confmgr.planner.keeping import kept

CLOSE = 1.05
"""How many times the bound of lateness is near it."""
Progress = Callable[[tuple[Level, ...], int, float], None]
"""Levels in the order in which they are decided, with what is proven of each; meetings placed; seconds so far."""


Offer = Callable[[Plan], None]
"""A better plan as it would be returned now, but for reasons of what it leaves out."""


class Incumbent:
    """Searches of several threads offer plans; the one with the lowest levels stays, judged from the plan alone."""

    def __init__(
        self,
        frame: Frame,
        previous: Mapping[str, Placement],
        prefer: str | None,
        tell: Progress | None,
        began: float,
        show: Offer | None = None,
    ) -> None:
        self.frame, self.instance = frame, frame.instance
        self.previous = {ident: spot for ident, spot in previous.items() if ident in frame.number}
        self.before = {frame.number[ident]: spot.start for ident, spot in self.previous.items()}
        self.old = spots_of(frame, self.previous)
        self.prefer, self.tell, self.show, self.began = prefer, tell, show, began
        self.spots: dict[int, Spot] = {}
        self.placements: dict[str, Placement] = {}
        self.levels: dict[str, int] = {}
        self.missing = 0
        """Meetings left out that are locked to a start, and whether breaks differ by too much: hardly a plan then."""
        self.version = 0
        self.gained_at = 0.0
        self._proven: dict[str, list[tuple[tuple[int, ...], int]]] = {}
        self._lock = threading.Lock()

    def closed(self) -> bool:
        """Whether no level can fall below what it is."""
        return not self.missing and self.bounds() == self.levels

    def is_close(self) -> bool:
        """Whether only the last levels are open, and lateness is near its bound."""
        bounds = self.bounds()
        above = [name for name in bounds if name not in {"lateness", "place_changes"}]
        return all(self.levels[name] == bounds[name] for name in above) and (
            self.levels.get("lateness", 0) <= CLOSE * bounds.get("lateness", 0)
        )

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
        if self.old:
            spots = kept(self.frame, spots, self.old)
        placements = within_spread(self.instance, deal(self.frame, spots, self.previous))
        levels = judge.levels(self.instance, placements, self.previous or None)
        missing = sum(wish.locked and wish.id not in placements for wish in self.frame.wishes)
        if self.instance.max_break_spread is not None:
            missing += judge.break_spread(self.instance, placements) > self.instance.max_break_spread
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
            if self.show:
                self.show(self.plan("feasible"))
        return better

    def plan(self, status: str, because: tuple[Because, ...] = (), seed: int = 1) -> Plan:
        """The best plan so far as an answer."""
        with self._lock:
            placements, bounds = self.placements, self.bounds()
            levels = tuple(Level(name, value, bounds[name]) for name, value in self.levels.items())
        before = self.previous
        return Plan(
            status=status,
            placements=placements,
            levels=levels,
            unplaced=tuple(m.id for m in self.instance.meetings if m.id not in placements),
            because=because,
            moved=tuple(m for m, p in sorted(placements.items()) if m in before and before[m].start != p.start),
            seconds=time.monotonic() - self.began,
            seed=seed,
        )

    def is_as_good(self, spots: Mapping[int, Spot]) -> bool:
        """Whether a plan equals the best one in every level but changes of place."""
        levels = judge.levels(self.instance, deal(self.frame, spots, self.previous), self.previous or None)
        return all(levels[name] == value for name, value in self.levels.items() if name != "place_changes")

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
    while limit is not None and placements:
        slots = judge.party_slots(instance, placements)
        breaks = {party: judge.breaks_of(instance, held) for party, held in slots.items()}
        if max(breaks.values()) - min(breaks.values()) <= limit:
            break
        most = max(breaks, key=lambda party: breaks[party])
        left = {
            ident: _breaks_without(instance, placements, slots[most], ident)
            for ident in sorted(placements)
            if most in instance.by_id[ident].parties
            and ((lock := instance.by_id[ident].locked) is None or lock.start is None)
        }
        if not left:
            return placements
        drop = min(left, key=left.__getitem__)
        placements = {ident: placement for ident, placement in placements.items() if ident != drop}
    return placements


def _breaks_without(instance: Instance, placements: Mapping[str, Placement], held: set[int], ident: str) -> int:
    return judge.breaks_of(instance, held - set(placements[ident].span(instance.by_id[ident].slots)))
