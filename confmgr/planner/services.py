"""Solving an instance: a first plan at once, then better ones until the time is over."""

import random
import time
from collections.abc import Callable, Mapping

from confmgr.planner import judge
from confmgr.planner.because import reasons
from confmgr.planner.domain import Instance, Level, Meeting, Placement, Plan
from confmgr.planner.search import Board, fill, hardest_first

FIRST_TRIES = 12
ROUNDS_WITHOUT_GAIN = 400
"""A search that has gained nothing for so many rounds ends before its time: the same seed gives the same plan."""

Progress = Callable[[dict[str, int], int, float], None]
Stop = Callable[[], bool]


class BrokenPlan(RuntimeError):
    """The independent judge found a broken rule: such a plan is never returned."""


def solve(
    instance: Instance,
    *,
    seconds: float = 10.0,
    seed: int = 1,
    previous: Mapping[str, Placement] | None = None,
    prefer: str | None = None,
    on_progress: Progress | None = None,
    should_stop: Stop | None = None,
) -> Plan:
    """The best plan found in `seconds`, its levels in strict order, judged before it is returned.

    Args:
        instance: What to plan.
        seconds: Wall time to spend at most.
        seed: The same seed gives the same plan when the search ends before its time.
        previous: A plan to repair: meetings keep their starts where that is possible.
        prefer: A level (`idle`, `lateness`, `place_changes`) that is decided as soon as everything is placed and little
            is moved. None: the usual order.
        on_progress: Called with the levels, the number of placed meetings and the seconds so far.
        should_stop: Asked between rounds; the best plan so far is returned then.
    """
    started = time.monotonic()
    search = _Search(instance, dict(previous or {}), seed, prefer)
    stopped = False

    def over() -> bool:
        nonlocal stopped
        stopped = stopped or bool(should_stop and should_stop())
        return stopped or time.monotonic() - started >= seconds

    search.first(over)
    if on_progress:
        on_progress(search.levels, len(search.best), time.monotonic() - started)
    while not over() and search.round():
        if search.gained and on_progress:
            on_progress(search.levels, len(search.best), time.monotonic() - started)
    return _plan(instance, search, seed, time.monotonic() - started, stopped=stopped)


class _Search:
    def __init__(
        self, instance: Instance, previous: dict[str, Placement], seed: int, prefer: str | None = None
    ) -> None:
        self.prefer = prefer
        self.instance = instance
        self.previous = previous
        self.rng = random.Random(seed)  # noqa: S311  # repeatable search, not a secret
        self.best: dict[str, Placement] = {}
        self.levels: dict[str, int] = {}
        self.gained = False
        self.idle_rounds = 0

    def first(self, over: Callable[[], bool]) -> None:
        """Several quick constructions; the best is the first plan."""
        for attempt in range(FIRST_TRIES):
            board = Board(self.instance, self.previous)
            if self.previous:
                self._keep(board)
            order = hardest_first(board, self.rng, shake=4.0 * attempt)
            fill(board, [m for m in order if m.id not in board.placements], self.rng, prefer=self.prefer)
            self._offer(dict(board.placements))
            if over() and self.best:
                return

    def _keep(self, board: Board) -> None:
        for meeting in hardest_first(board, self.rng, shake=0):
            old = self.previous.get(meeting.id)
            same = [p for _cost, p in board.options(meeting) if old is not None and p.start == old.start]
            if same and old is not None:
                board.put(meeting, next((p for p in same if p.place == old.place), same[0]))

    def round(self) -> bool:
        """Take some meetings out and put them back otherwise. False when nothing is left to gain."""
        if all(value == 0 for name, value in self.levels.items() if name != "lateness") and self.idle_rounds > 60:  # noqa: PLR2004
            return False
        self.gained = False
        self.idle_rounds += 1
        board = Board(self.instance, self.previous)
        chosen = self._neighbourhood()
        for ident, placement in self.best.items():
            if ident not in chosen:
                board.put(self.instance.by_id[ident], placement)
        loose = [m for m in hardest_first(board, self.rng, shake=12.0) if m.id not in board.placements]
        fill(board, loose, self.rng, noise=1.5, prefer=self.prefer)
        self._offer(dict(board.placements))
        return self.idle_rounds < ROUNDS_WITHOUT_GAIN

    def _neighbourhood(self) -> set[str]:
        placed = sorted(self.best)
        if not placed:
            return set()
        size = self.rng.randint(2, max(3, min(14, len(placed) // 3 + 2)))
        first = self.instance.by_id[self.rng.choice(placed)]
        missing = [m for m in self.instance.meetings if m.id not in self.best]
        if missing and self.rng.random() < 0.7:  # noqa: PLR2004
            first = self.rng.choice(missing)
        if self.rng.random() < 0.3:  # noqa: PLR2004
            return set(self.rng.sample(placed, min(size, len(placed))))
        near = sorted(placed, key=lambda ident: (self._distance(first, ident), self.rng.random()))
        return set(near[:size])

    def _distance(self, meeting: Meeting, ident: str) -> float:
        other = self.instance.by_id[ident]
        shared = len(set(meeting.parties) & set(other.parties))
        return -shared + self.rng.random()

    def _offer(self, placements: dict[str, Placement]) -> None:
        placements = _within_spread(self.instance, placements)
        levels = judge.levels(self.instance, placements, self.previous or None)
        if not self.levels or self._rank(levels) < self._rank(self.levels):
            self.best, self.levels = placements, levels
            self.gained, self.idle_rounds = True, 0

    def _rank(self, levels: Mapping[str, int]) -> tuple[int, ...]:
        first = [levels[name] for name in ("unplaced", "moved", self.prefer or "") if name in levels]
        return (*first, *levels.values())


def _within_spread(instance: Instance, placements: dict[str, Placement]) -> dict[str, Placement]:
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


def _plan(instance: Instance, search: _Search, seed: int, seconds: float, *, stopped: bool) -> Plan:
    faults = judge.faults(instance, search.best)
    broken = [fault for fault in faults if not judge.is_of_locks(fault)]
    if broken:
        raise BrokenPlan("; ".join(broken[:5]))
    bounds = _bounds(search.levels)
    proven = all(search.levels[name] == bounds[name] for name in search.levels)
    status = "infeasible" if faults else "cancelled" if stopped else "optimal" if proven else "feasible"
    unplaced = tuple(m.id for m in instance.meetings if m.id not in search.best)
    previous = search.previous
    return Plan(
        status=status,
        placements=search.best,
        levels=tuple(Level(name, value, bounds[name]) for name, value in search.levels.items()),
        unplaced=unplaced,
        because=tuple(reasons(instance, search.best, unplaced)),
        moved=tuple(m for m, p in sorted(search.best.items()) if m in previous and previous[m].start != p.start),
        seconds=seconds,
        seed=seed,
    )


def _bounds(levels: Mapping[str, int]) -> dict[str, int]:
    """No level can fall below zero: that much is proven without a solver."""
    return dict.fromkeys(levels, 0)
