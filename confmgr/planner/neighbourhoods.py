"""Large neighbourhoods (Shaw 1998): some meetings may move, the others keep their starts; the solver finds the best.

Neighbourhoods grow while the solver is done with them in time and shrink when it is not, so that their size follows the
task and the machine. Three kinds take turns: meetings that are linked by their parties, those of a stretch of time, all
of a few parties.
"""

import random
from contextlib import suppress

from confmgr.planner import aims, prover
from confmgr.planner.ending import BrokenOff, Over
from confmgr.planner.frame import Frame, Spot
from confmgr.planner.incumbent import Incumbent
from confmgr.planner.model import Linear, Model
from confmgr.planner.solver import cp_model, one_worker, solved

FIRST, LEAST = 24, 8
"""Meetings of the first neighbourhood, and of the smallest."""
WORK, MOST_WORK = 0.4, 8.0
"""What one neighbourhood may take of the solver's own time: some tenths of a second; more where nothing was gained."""
STUCK = 12
"""Rounds without a gain after which a neighbourhood may take half as much again."""
LINKED, TIMES = 0.5, 0.8
"""Shares of the draws: linked meetings, those of a stretch of time; then those of a few parties."""
ABOVE = 200
"""What the first open level weighs beside the next; levels in their order decide what is kept."""


class Neighbourhoods:
    """A search from the best plan known; what it finds is offered to the incumbent."""

    def __init__(self, frame: Frame, best: Incumbent, rng: random.Random) -> None:
        self.frame, self.best, self.rng = frame, best, rng
        self.size = float(FIRST)
        self.work = WORK
        self.gainless = 0
        self.version = -1
        self.spots: dict[int, Spot] = {}

    def go(self, over: Over, rounds: int) -> bool:
        """Search until told, until nothing is open any more, or for some rounds; whether something still is open."""
        with suppress(BrokenOff):  # over for this search is not over for those that go on
            for _round in range(rounds):
                if over() or not self._open():
                    break
                self._round(over)
        return bool(self._open())

    def _open(self) -> list[str]:
        """The levels that may still fall, in their order, but for those that come or go before and after the search."""
        bounds = self.best.bounds()
        return [
            name
            for name in self.best.order
            if name not in {"unplaced", "moved", "place_changes"} and self.best.levels[name] > bounds[name]
        ]

    def _round(self, over: Over) -> None:
        best = self.best
        if self.version != best.version:
            self.version, self.spots, self.work, self.gainless = best.version, dict(best.spots), WORK, 0
        free = self._choose(self.spots)
        open_ = self._open()
        if not open_ or not free:
            return
        starts = self._solve(free, open_, over)
        if starts is None or all(starts[at] == self.spots[at].start for at in free):
            return
        found = prover.placed(self.frame, starts) or prover.assigned(self.frame, starts, over)
        if found is not None and not best.offer(found) and best.is_as_good(found):
            self.spots = found

    def _solve(self, free: set[int], open_: list[str], over: Over) -> dict[int, int] | None:
        """The starts of the best plan in which only some meetings may move."""
        best, frame, spots = self.best, self.frame, self.spots
        pinned = {at: spot.start for at, spot in spots.items() if at not in free}
        model = Model(frame, among=spots, optional=False, pinned=pinned, over=over)
        terms = aims.Aims(model, best.before)
        if frame.spread is not None:
            aims.even(model, frame.spread)
        for name in best.order[: best.order.index(open_[0])]:
            if name != "unplaced":
                model.cp.add(terms.of(name) <= best.levels[name])
        model.cp.minimize(self._aim(terms, open_))
        if not self.gainless % 2:  # every other time what is as good may replace what is known
            aims.hint(model, spots)
        solver = one_worker(work=self.work)
        solver.parameters.random_seed = self.rng.randrange(1 << 30)
        status = solved(solver, model.cp, over)
        self._learn(done=status == cp_model.OPTIMAL, most=len(spots))
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return {at: start for (at, start), literal in model.x.items() if solver.boolean_value(literal)}

    def _learn(self, *, done: bool, most: int) -> None:
        self.gainless += 1
        if self.gainless % STUCK == 0:
            self.work = min(MOST_WORK, self.work * 1.5)
        self.size = max(LEAST, min(self.size * (1.05 if done else 0.9), most))

    def _aim(self, terms: aims.Aims, open_: list[str]) -> Linear:
        first, *others = open_
        if not others or first == "idle":
            return terms.of(first)
        return ABOVE * terms.of(first) + terms.of("lateness" if "lateness" in others else others[0])

    def _choose(self, spots: dict[int, Spot]) -> set[int]:
        rng, frame = self.rng, self.frame
        loose = [at for at in spots if not frame.wishes[at].locked]
        if not loose:
            return set()
        draw, size = rng.random(), round(self.size)
        if draw < LINKED:
            return self._linked(rng.choice(loose), spots, size)
        if draw < TIMES:
            middle = rng.randrange(frame.total)
            near = {at: abs(spots[at].start - middle) + 2 * rng.random() for at in loose}
            return set(sorted(loose, key=near.__getitem__)[:size])
        free: set[int] = set()
        parties = list(range(len(frame.party_ids)))
        rng.shuffle(parties)
        for party in parties:
            if len(free) >= size:
                break
            free |= {at for at in frame.of_party[party] if at in spots and not frame.wishes[at].locked}
        return free

    def _linked(self, seed: int, spots: dict[int, Spot], size: int) -> set[int]:
        frame, free, waiting = self.frame, set[int](), [seed]
        while waiting and len(free) < size:
            at = waiting.pop(self.rng.randrange(len(waiting)))
            if at not in free and at in spots and not frame.wishes[at].locked:
                free.add(at)
                waiting += frame.together[at]
                waiting += [
                    other for party in frame.wishes[at].parties for other in frame.of_party[party] if other not in free
                ]
        return free
