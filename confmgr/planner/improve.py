"""Ruin and recreate: a few related meetings are taken out and put back where they cost least, thousands of times.

Worse plans are taken over now and then, by a temperature that falls (simulated annealing); the best plan is kept apart
and compared by the levels in their strict order.
"""

import math
import random
from collections.abc import Callable, Collection

from confmgr.planner.ending import Over
from confmgr.planner.state import State

Levels = tuple[int, int, int, int, int]
GAP, UNFAIR = 60.0, 25.0
"""What an idle slot, and one of the largest idle, are worth in lateness while searching; levels decide at the end."""
OF_TROUBLED, OF_PARTY, LINKED = 0.3, 0.45, 0.8
"""Shares of the draws: of a party with idle slots, of any party, of meetings near each other; then of any meetings."""


class Walk:
    """A walk from plan to plan that remembers the best one."""

    def __init__(
        self, state: State, rng: random.Random, *, stay: Collection[int] = (), prefer: str | None = None
    ) -> None:
        self.state, self.rng, self.prefer = state, rng, prefer
        self.frame = state.frame
        self.weight = 1.0 / GAP if prefer == "lateness" else GAP
        self.stay = frozenset(stay) | {at for at, wish in enumerate(self.frame.wishes) if wish.locked}
        self.gaps = state.gaps()
        self.late = state.lateness()
        self.unplaced = state.unplaced()
        self.best = dict(state.spots)
        self.best_levels = self.levels
        self.gained = False
        self.free = [at for at in range(len(self.frame.wishes)) if at not in self.stay]

    @property
    def levels(self) -> Levels:
        """Where the walk is now: what breaks the spread, what is not placed, gaps, the largest of a party, lateness."""
        late = 0 if self.frame.by_breaks else self.late
        most = 0 if self.frame.by_breaks else max(self.gaps, default=0)
        gaps = sum(self.gaps)
        if self.prefer == "lateness":
            return self._excess(), self.unplaced, late, gaps, most
        return self._excess(), self.unplaced, gaps, most, late

    def _excess(self) -> int:
        if self.frame.spread is None or not self.gaps:
            return 0
        return max(0, max(self.gaps) - min(self.gaps) - self.frame.spread)

    def go(self, over: Over, *, heat: float = 40.0, steps: int = 10**9, share: Callable[[], float]) -> int:
        """Walk until told; `share` says how much of the time is over, from 0 to 1. Gives the number of steps."""
        done = 0
        while done < steps and not over():
            done += 1
            left = max(0.0, 1.0 - share())
            self._step(heat * left * left + 0.01)
        return done

    def _step(self, temperature: float) -> None:
        out = self._choose()
        if not out:
            return
        state, wishes = self.state, self.frame.wishes
        parties = {p for at in out for p in wishes[at].parties}
        before_gaps = {p: self.gaps[p] for p in parties}
        before = {at: state.take(at) for at in out}
        old = self._scalar()
        placed = self._recreate(out)
        if placed:
            for p in parties:
                self.gaps[p] = sum(state.gaps_with(p, 0, day) for day in range(self.frame.days))
            late = self.late + sum(
                wishes[at].late * (self.frame.rank[state.spots[at].start] - self.frame.rank[before[at].start])
                for at in out
            )
            kept, self.late = self.late, late
            change = self._scalar() - old
            if change <= 0 or self.rng.random() < math.exp(-change / temperature):
                if self.levels < self.best_levels:
                    self.best, self.best_levels, self.gained = dict(state.spots), self.levels, True
                return
            self.late = kept
        for at in out:
            if at in state.spots:
                state.take(at)
        for at, spot in before.items():
            state.put(at, spot)
        self.gaps = [before_gaps.get(p, gaps) for p, gaps in enumerate(self.gaps)]

    def _scalar(self) -> float:
        if self.frame.by_breaks:
            return GAP * (sum(self.gaps) + 2 * self._excess())
        fair = UNFAIR * self.weight / GAP * max(self.gaps, default=0)
        return self.weight * sum(self.gaps) + fair + self.late + 2 * GAP * self._excess()

    def _recreate(self, out: list[int]) -> bool:
        state, rng, weight = self.state, self.rng, self.weight
        for at in out:
            starts = state.starts(at)
            if not starts:
                return False
            _cost, start = min(
                (weight * gaps + late + rng.random() * 20, start) for gaps, late, start in state.costs(at, starts)
            )
            state.put(at, state.spot(at, start))
        return True

    def _choose(self) -> list[int]:
        rng, frame, spots = self.rng, self.frame, self.state.spots
        draw = rng.random()
        size = rng.randint(2, 10)
        if draw < OF_PARTY:
            troubled = [p for p, gaps in enumerate(self.gaps) if gaps] if draw < OF_TROUBLED else []
            party = rng.choice(troubled) if troubled else rng.randrange(len(frame.party_ids))
            mine = [at for at in frame.of_party[party] if at in spots]
            near = mine if len(mine) <= size else rng.sample(mine, size)
        elif draw < LINKED:
            seed = rng.choice(self.free)
            if seed not in spots:
                return []
            at = spots[seed].start
            span = rng.randint(2, 6)
            near = [o for o in self._linked(seed) if abs(spots[o].start - at) <= span]
            rng.shuffle(near)
            near = [seed, *near[: size - 1]]
        else:
            near = rng.sample(self.free, min(len(self.free), rng.randint(1, 4)))
        near += {other for at in near for other in frame.together[at]}.difference(near)  # alone it stays on its day
        near = [at for at in near if at in spots and at not in self.stay]
        rng.shuffle(near)
        return near

    def _linked(self, seed: int) -> list[int]:
        frame = self.frame
        found = {at for party in frame.wishes[seed].parties for at in frame.of_party[party]}
        found.discard(seed)
        return [at for at in found if at in self.state.spots]
