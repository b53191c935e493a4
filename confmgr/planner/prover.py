"""Exact search where the whole task fits into a model: level after level, each with what is proven of it.

`prove` is for a thread: the solver works outside of Python. What it finds is offered to the incumbent; it never decides
alone.
"""

import math
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from confmgr.planner.ending import BrokenOff, Over, never
from confmgr.planner.frame import Frame, Spot
from confmgr.planner.incumbent import Incumbent
from confmgr.planner.state import State

if TYPE_CHECKING:
    from confmgr.planner.model import Model

LARGEST = 40_000
"""Starts of all meetings together up to which the whole task is modelled."""
DEALING = 10.0
"""Seconds for places and interpreters of meetings whose starts are known."""
SOUGHT, SEEKING = range(1_000, 25_000), 0.4
"""Starts of all meetings where clauses find a plan in which nobody waits, and the share of the time left for them."""
CLAUSES = "confmgr.planner.latest"
NEARER = 5_000
"""Starts from which such plans are looked for that are less and less late, too; below, bounds and cores are quicker."""
ROUNDING = 1e-6
"""By how much a bound of the solver may be above a whole number that it stands for."""
SUBSOLVERS = ("core", "quick_restart")
ABOVE = 0.35
"""The share of the time left in which cores look for plans that are less late, beside what proves how late one is."""


class Prover:
    """Minimises one level after another until there is nothing left that it can prove.

    `leave`: not these levels. `cancelled`: whether somebody wants no plan of what was found last any more.
    """

    def __init__(
        self,
        frame: Frame,
        best: Incumbent,
        *,
        workers: int,
        seed: int,
        until: float,
        effort: float | None = None,
        leave: Collection[str] = (),
        cancelled: Over = never,
    ) -> None:
        self.leave = frozenset(leave) | {"place_changes"}
        self.effort = effort
        self.frame, self.best, self.workers, self.seed, self.until = frame, best, workers, seed, until
        self.cancelled = cancelled
        self._ended = self._sought = False
        self.looks = False
        """Whether it looks for plans with all the time there is, so that no other search should."""

    def load(self) -> None:
        """Load what it begins with: beside a thread that is busy, in its own, that takes several times as long."""
        if self._seeks():
            import_module(CLAUSES)

    def stop(self) -> None:
        """End the search soon."""
        self._ended = True

    def _over(self) -> bool:
        return self._ended

    def prove(self) -> None:
        """Level after level until one cannot be closed in time."""
        with suppress(BrokenOff):
            self._prove()

    def _prove(self) -> None:
        if self._late():
            return None
        self._seek()  # before anything is loaded and modelled, which takes as long
        from confmgr.planner import aims  # the solver takes a second to load: the first plan is older
        from confmgr.planner.model import Model

        best = self.best
        by_class = False
        decided: list[str] = []
        while True:
            model = Model(self.frame, optional=best.levels["unplaced"] > 0, by_class=by_class, over=self._over)
            terms = aims.Aims(model, best.before)
            if self.frame.spread is not None:
                aims.even(model, self.frame.spread)
            for name in decided:
                model.cp.add(terms.of(name) <= best.levels[name])
            for name in [name for name in best.order if name not in decided and name not in self.leave]:
                if self._late():
                    return None
                if name == "idle":
                    self._seek()
                if best.levels[name] <= best.bounds()[name]:
                    done = True
                elif name == "lateness" and self._nobody_waits():
                    return self._press(model, terms)
                else:
                    done = self._minimise(model, terms, name)
                if not done and not by_class:
                    by_class = True  # starts for which no places were found: places belong into the model
                    break
                model.cp.add(terms.of(name) <= best.levels[name])
                decided.append(name)
            else:
                return None

    def _seeks(self) -> bool:
        """Whether a plan in which nobody waits is looked for by clauses; the smallest need none."""
        best = self.best
        if self._sought:
            return False
        first = self.effort is None and not best.before and not best.missing and not best.levels["unplaced"]
        return first and self._idle_above_lateness() and size(self.frame) in SOUGHT

    def _seek(self) -> None:
        """Look for one, once, as soon as everything is placed."""
        if not self._seeks():
            return
        from confmgr.planner import latest

        self._sought = True
        above = self.best.above("idle")
        seconds = SEEKING * (self.until - time.monotonic())
        near = {} if size(self.frame) < NEARER else self._starts()
        if latest.together(self.frame, near, seconds, self._nearer, self._late):
            self.best.prove("idle", 1, above)

    def _nearer(self, starts: Mapping[int, int]) -> Mapping[int, int]:
        self._found(starts)
        return self._starts()

    def _starts(self) -> dict[int, int]:
        return {at: spot.start for at, spot in self.best.spots.items()}

    def _found(self, starts: Mapping[int, int]) -> None:
        spots = dealt(self.frame, starts, self.cancelled)
        if spots:
            self.best.offer(spots)

    def _nobody_waits(self) -> bool:
        """Whether everything is placed, nothing is to be repaired and no party waits: what the clauses are about."""
        from confmgr.planner import latest

        best = self.best
        first = not best.before and not best.missing and self._idle_above_lateness()
        if self.effort is not None or not first or any(best.above("lateness")):
            return False
        return latest.suits(self.frame, best.levels["lateness"])

    def _idle_above_lateness(self) -> bool:
        order = self.best.order  # there may be neither: breaks take the place of idle
        return "lateness" in order and "idle" in order[: order.index("lateness")]

    def _press(self, model: "Model", terms: Any) -> None:
        """Lateness from below, by clauses, and for the first while from above, by cores."""
        from confmgr.planner import latest

        above = self.best.above("lateness")

        def heard(bound: int, starts: Mapping[int, int] | None) -> int:
            self.best.prove("lateness", bound, above)
            if starts:
                self._found(starts)
            return self.best.levels["lateness"]

        self.looks = True
        with ThreadPoolExecutor(1) as thread:
            below = thread.submit(latest.search, self.frame, self.best.levels["lateness"], heard, self._late)
            try:
                self._minimise(model, terms, "lateness", share=ABOVE)
            finally:
                self.looks = False
            below.result()

    def _late(self) -> bool:
        return self._ended or time.monotonic() >= self.until

    def _minimise(self, model: "Model", terms: Any, name: str, share: float = 1.0) -> bool:
        """Whether the plan of what was found could be dealt out."""
        from confmgr.planner import aims
        from confmgr.planner.solver import cp_model, limited, solved

        above = self.best.above(name)
        seconds = self.until - time.monotonic()
        solver = limited(self.workers, share * seconds, work=self.effort)
        parameters = solver.parameters
        parameters.random_seed = self.seed
        hard = name == "lateness" and share == 1
        parameters.subsolvers.extend((*(("objective_lb_search",) if hard else ()), *SUBSOLVERS))
        parameters.linearization_level = 2 if hard else 1
        both = name == "unplaced" and bool(terms.previous)
        weight = self.frame.heavier if both else 1
        model.cp.minimize(weight * terms.of(name) + terms.of("moved") if both else terms.of(name))
        if share == 1:  # cores go their own way, which a plan that is known would only keep them from
            aims.hint(model, self.best.spots)
        status = solved(solver, model.cp, self._over, _callback(self, model))
        if status is None:
            return True
        bound = solver.best_objective_bound
        if 0 < bound < float("inf"):
            self.best.prove(name, math.ceil(bound - ROUNDING) // weight, above)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return True
        known = weight * self.best.levels[name] + both * self.best.levels["moved"]
        if not self.best.missing and solver.objective_value >= known:
            return True
        starts = {at: start for (at, start), literal in model.x.items() if solver.boolean_value(literal)}
        spots = assigned(self.frame, starts, self.cancelled)
        return spots is not None and self.best.offer(spots)

    def found(self, model: "Model", chosen: Callable[[Any], bool]) -> None:
        """Offer the plan of a solution: its starts, with places and interpreters found for them."""
        spots = placed(self.frame, {at: start for (at, start), literal in model.x.items() if chosen(literal)})
        if spots is not None:
            self.best.offer(spots)


def staying(
    frame: Frame, starts: Mapping[int, int], seconds: float, work: float | None = None, over: Over = never
) -> tuple[set[int], int]:
    """As many meetings as can all begin where they did, by what they weigh, beside what is locked.

    Places are counted, not assigned: so it is known at once (assigned, it takes minutes), and what cannot stay by
    counts cannot stay at all.

    Returns:
        The meetings, and what those weigh at least that cannot stay if everything is placed. None, and zero, where that
        was not found out in time, or locks clash.
    """
    from confmgr.planner.model import Model
    from confmgr.planner.solver import has_solution, one_worker

    pinned = {**starts, **frame.locked}
    model = Model(frame, among=pinned, pinned=pinned, loose=True, over=over)
    for at in frame.locked:
        model.cp.add(model.out[at] == 0)
    model.cp.minimize(sum(frame.wishes[at].hold * model.out[at] for at in starts))
    solver = one_worker(seconds, work=work, linear=2)
    if not has_solution(solver, model.cp, over):
        return set(), 0
    stays = {at for at in starts if not solver.boolean_value(model.out[at])}
    return stays, max(0, math.ceil(solver.best_objective_bound - ROUNDING))


def again(
    frame: Frame,
    spots: Mapping[int, Spot],
    free: Collection[int],
    previous: Mapping[int, int],
    seconds: float,
    *,
    work: float | None = None,
    below: tuple[int, int] | None = None,
    least: int = 0,
    over: Over = never,
) -> dict[int, Spot] | None:
    """The plan that leaves out the least weight, then moves the least, if only some meetings may change their starts.

    Args:
        frame: What to plan.
        spots: Where meetings are; what is not in it comes in if it can.
        free: Those of them that may move, or go; the others may only change places and interpreters.
        previous: Where meetings began that should not move.
        seconds: Time for the search.
        work: The solver's own limit, the same on any machine.
        below: What unplaced weight and moves together have to be less than, in this order.
        least: What is proven of moves where everything is placed: a plan with no more needs no further proof.
        over: Whether to break it off; what was found by then is taken.

    Returns:
        None where none was found.
    """
    from confmgr.planner import aims
    from confmgr.planner.model import Model
    from confmgr.planner.solver import at_once, has_solution

    pinned = {at: spot.start for at, spot in spots.items() if at not in free or frame.wishes[at].locked}
    until = time.monotonic() + seconds
    for by_class in (False, True):  # by size it is quicker, and what it finds can mostly be dealt out
        model = Model(frame, optional=True, by_class=by_class, pinned=pinned, over=over)
        aim = frame.heavier * aims.unplaced(model) + aims.moved(model, previous)
        if below is None:
            aims.hint(model, spots)
        else:
            model.cp.add(aim < frame.heavier * below[0] + below[1])
        model.cp.add(aim >= least)
        model.cp.minimize(aim)
        solver = at_once(until - time.monotonic(), work=work)
        if not has_solution(solver, model.cp, over):
            return None
        if by_class:
            return _spots(model, solver)
        starts = {at: start for (at, start), x in model.x.items() if solver.boolean_value(x)}
        found = assigned(frame, starts, over)
        if found is not None:
            return found
    return None


def dealt(frame: Frame, starts: Mapping[int, int], over: Over = never) -> dict[int, Spot] | None:
    """Places and interpreters for meetings whose starts are known, by first fit if that finds them, else exactly."""
    return placed(frame, starts) or assigned(frame, starts, over)


def assigned(frame: Frame, starts: Mapping[int, int], over: Over = never) -> dict[int, Spot] | None:
    """Places and interpreters for meetings whose starts are known, exactly; None where there are none for all."""
    from confmgr.planner.model import Model
    from confmgr.planner.solver import at_once, has_solution

    model = Model(frame, among=starts, by_class=True, pinned=starts, over=over)
    solver = at_once(DEALING)
    return _spots(model, solver) if has_solution(solver, model.cp, over) else None


def _spots(model: "Model", solver: Any) -> dict[int, Spot]:
    """What a solution of a model with classes of places says."""
    frame, found = model.frame, {}
    for (at, start), literal in model.x.items():
        if not solver.boolean_value(literal):
            continue
        wish = frame.wishes[at]
        room = next(r for r in wish.rooms if (at, start, r) in model.y and solver.boolean_value(model.y[at, start, r]))
        crew = []
        for kind in wish.crews:
            if (at, start, kind) in model.w:
                crew += [kind] * solver.value(model.w[at, start, kind])
        if wish.crew and not crew:  # the only class that can
            span = frame.span(at, start)
            crew = [next(c for c in wish.crews if not span & ~frame.crews[c].hours)] * wish.crew
        found[at] = Spot(start, room, tuple(crew))
    return found


def placed(frame: Frame, starts: Mapping[int, int]) -> dict[int, Spot] | None:
    """The same by first fit, the choosiest first; None where that finds none."""
    state = State(frame)
    for at in sorted(starts, key=lambda at: (len(frame.wishes[at].rooms), len(frame.wishes[at].crews), starts[at])):
        if not state.starts(at) >> starts[at] & 1:
            return None
        state.put(at, state.spot(at, starts[at]))
    return dict(state.spots)


def _callback(prover: Prover, model: "Model") -> Any:
    from confmgr.planner.solver import cp_model

    class Offer(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            prover.found(model, self.boolean_value)

    return Offer()


def size(frame: Frame) -> int:
    """Starts of all meetings together."""
    return sum(wish.starts.bit_count() for wish in frame.wishes)
