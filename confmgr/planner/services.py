"""Solving an instance: a first plan at once, then better ones until the time is over or nothing is left to prove."""

import random
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from confmgr.planner import counting, judge, prover, repair
from confmgr.planner.because import SOLVER, reasons, uneven
from confmgr.planner.construct import bring_in, fill, order
from confmgr.planner.domain import Instance, Placement, Plan
from confmgr.planner.ending import BrokenOff, Over, never
from confmgr.planner.frame import Frame, Spot
from confmgr.planner.improve import Walk
from confmgr.planner.incumbent import Incumbent, Offer, Progress
from confmgr.planner.state import State

if TYPE_CHECKING:
    from confmgr.planner.breaks import Fewest

TRIES = 6
"""Constructions from which the first plan is chosen where the task is small."""
SMALL = 600
"""Starts of all meetings up to which phases follow each other: one seed gives one plan, whatever the clock."""
ROUNDS = 50
"""Rounds in which meetings that found no place make room, for each meeting: where nothing helps, it soon shows."""
STEPS = 20
"""Steps of the walk on a small task, for each of its starts."""
EXACT = 5_000
"""Starts of all meetings up to which large neighbourhoods gain more than the walk almost from the beginning."""
WALKING, LONG_WALK = 0.1, 0.5
"""The share of the time for the walk before them, up to there and beyond."""
STEPS_A_ROUND = 100
"""Steps of the walk that are as much effort as one large neighbourhood."""
MENDING = 5.0
"""Seconds for the fewest moves near what cannot stay."""
STEPS_A_SECOND = 4_000
"""What of an effort is one unit of the solver's own time."""
HEAD_START = 1.0
"""Seconds from the beginning before the solver loads where clauses count breaks: they are often done by then."""
PATIENCE = 0.25
"""The share of the time without a better plan after which a search ends that is close to what is proven."""
FITTING, ONE_FIT = 0.5, 0.15
"""The shares of the time for bringing in, near each of them, meetings that found no place, and for one of them."""
EXPLAINING, A_MEETING = 1.0, 0.001
"""Seconds that reasons for what is left out may take even where the time is over, and for each meeting of the task."""
LAST_ROUNDS, LAST_LOOK = 400, 0.3
"""Rounds in which room is made once more, before it is said of a meeting that it has none; their share of that time."""
REASONS, MOST_REASONS = 0.25, 5.0
"""The share of the time, and the most of it in seconds, that is kept for them."""
FOREVER, ASKED_EVERY = 10**9, 0.05
"""Steps without a limit; seconds between two questions whether to stop."""


class BrokenPlan(RuntimeError):
    """The independent judge found a broken rule: such a plan is never returned."""


def solve(
    instance: Instance,
    *,
    seconds: float = 10.0,
    seed: int = 1,
    workers: int = 2,
    effort: int | None = None,
    previous: Mapping[str, Placement] | None = None,
    prefer: str | None = None,
    on_progress: Progress | None = None,
    on_plan: Offer | None = None,
    should_stop: Over | None = None,
) -> Plan:
    """The best plan found in `seconds`, its levels in strict order, judged before it is returned.

    Args:
        instance: What to plan.
        seconds: Wall time to spend at most.
        seed: The same seed gives the same plan when the search ends before its time.
        workers: Threads that may be busy at once.
        effort: Steps to search instead of until the time is over: the same effort and seed give the same plan, on any
            machine that needs less than `seconds` for it.
        previous: A plan to repair: meetings keep their starts where that is possible.
        prefer: A level (`idle`, `lateness`, `place_changes`) that is decided as soon as everything is placed and little
            is moved. None: the usual order.
        on_progress: Called at each better plan and each proven bound with the levels in the order in which they are
            decided, the number of placed meetings and the seconds so far; from more than one thread.
        on_plan: Called with each better plan, which has no reasons yet; from more than one thread.
        should_stop: Asked twenty times a second at most, by the calling thread; the best plan so far is returned
            within a second then, and reasons that were not verified by that time say so.

    Raises:
        BrokenPlan: A fault of the planner; nothing is returned rather than a wrong plan.
    """
    run = _Run(
        instance, dict(previous or {}), prefer, on_progress, on_plan, should_stop, seconds, seed, workers, effort
    )
    run.go()
    return _plan(run)


class _Run:
    def __init__(
        self,
        instance: Instance,
        previous: dict[str, Placement],
        prefer: str | None,
        tell: Progress | None,
        show: Offer | None,
        should_stop: Over | None,
        seconds: float,
        seed: int,
        workers: int,
        effort: int | None,
    ) -> None:
        self.effort = effort
        self.began = time.monotonic()
        self.until = self.began + seconds
        self.seconds, self.seed, self.workers, self.should_stop = seconds, seed, workers, should_stop
        self.stopped = False
        self.frame = Frame(instance)
        self.wanted = counting.Wanted(self.frame)
        self.rng = random.Random(seed)  # noqa: S311  # repeatable search, not a secret
        self.best = Incumbent(self.frame, previous, prefer, tell, self.began, show)
        if hopeless := sum(wish.weight for wish in self.frame.wishes if self.frame.is_hopeless(wish)):
            self.best.prove("unplaced", hopeless, ())
        self.size = prover.size(self.frame)
        self.proofs: list[Future[None]] = []
        self.fewest: Fewest | None = None
        self._asked = 0.0

    def cancelled(self) -> bool:
        """Whether somebody told it to stop; the main thread asks, the others look at `stopped`."""
        now = time.monotonic()
        if self.should_stop and not self.stopped and now - self._asked > ASKED_EVERY:
            self._asked = now
            self.stopped = self.should_stop()
        return self.stopped

    def over(self) -> bool:
        """Whether it was told to stop, or the time is over."""
        return self.cancelled() or time.monotonic() >= self.until

    def explaining(self) -> float:
        """Seconds for the reasons of what is left out: what remains of the time, and a moment in any case."""
        least = EXPLAINING + A_MEETING * len(self.frame.wishes)
        return max(least, self.began + self.seconds - time.monotonic())

    def go(self) -> None:
        """Search until the time is over, until it is told to stop, or until nothing is left to prove."""
        with suppress(BrokenOff):
            self._go()
        if self.best.levels["unplaced"] and not self.stopped:
            self._look_again()

    def _look_again(self) -> None:
        """Room for what was left out though nothing is short for it, before a reason is looked for."""
        by_clock = self.effort is None and self.size > SMALL
        until = time.monotonic() + (LAST_LOOK * self.explaining() if by_clock else FOREVER)
        state = State(self.frame, self.best.spots)
        if self._bring_in(state, LAST_ROUNDS, lambda: self.cancelled() or time.monotonic() >= until):
            self.best.offer(state.spots)

    def _go(self) -> None:
        with ThreadPoolExecutor(2) as self.threads:
            try:
                if self.size > SMALL:
                    self._count_breaks()
                self._search()
            finally:
                if self.fewest is not None:
                    self.fewest.stop()
                while wait(self.proofs, ASKED_EVERY).not_done:
                    self.cancelled()
        for proof in self.proofs:
            proof.result()

    def _search(self) -> None:
        self._first()
        if self.best.levels["unplaced"] and self.frame.spread is None:
            self._fit_in()
        if self.best.levels["unplaced"]:
            self.until -= min(REASONS * self.seconds, MOST_REASONS)
        if self.best.closed() or self.over():
            return
        if self.effort is not None or self.size <= SMALL:
            steps = self.effort or 200 + STEPS * self.size
            self._walk(steps=steps)
            if self.size <= prover.LARGEST and not self.best.closed() and not self.over():
                if self.effort is not None:
                    self._look_around(self.over, rounds=steps // STEPS_A_ROUND)
                self._prove(workers=1, beside=lambda _exact: None, over=self.over)
        elif self.size <= prover.LARGEST:
            self._prove(workers=max(1, self.workers - 1), beside=self._improve, over=self._enough)
        else:
            self._walk()

    def _improve(self, exact: prover.Prover) -> None:
        """Walk while that gains quickly, then look around the best plan for as long as there is time.

        While the exact search looks for plans itself, this waits: two searches for one thing are slower than one.
        """
        share = WALKING if self.size <= EXACT else LONG_WALK
        self._walk(until=self.began + self.seconds * share, yields=lambda: exact.looks or self._nobody_waits())
        while not self._enough() and not self.best.closed():
            if exact.looks:
                time.sleep(ASKED_EVERY)
            elif not self._look_around(lambda: self._enough() or exact.looks):
                return

    def _nobody_waits(self) -> bool:
        """Whether the walk has nothing to gain any more: between two plans in which nobody waits it knows no way."""
        levels = self.best.levels
        return not self.frame.by_breaks and not levels["unplaced"] and not levels["idle"]

    def _look_around(self, over: Over, rounds: int = FOREVER) -> bool:
        """Whether there was something to look around, and it may go on."""
        from confmgr.planner.neighbourhoods import Neighbourhoods  # the solver takes a moment to load

        return bool(self.best.spots) and Neighbourhoods(self.frame, self.best, self.rng).go(over, rounds)

    def _enough(self) -> bool:
        return self.over() or self._settled()

    def _prove(self, *, workers: int, beside: Callable[[prover.Prover], None], over: Over) -> None:
        """Prove in a thread, search beside it, and wait for the proof until it is `over`."""
        self._count_breaks()
        exact = prover.Prover(
            self.frame,
            self.best,
            workers=workers,
            seed=self.seed,
            until=self.until,
            effort=self._work(),
            leave=() if self.fewest is None else ("breaks",),
            cancelled=lambda: self.stopped,
        )
        exact.load()
        self.proofs.append(self.threads.submit(self._prove_rest, exact))
        try:
            if self.fewest is None:
                import_module(SOLVER)  # beside the walk, in another thread, that would take four times as long
            beside(exact)
            while not all(proof.done() for proof in self.proofs) and not over() and not self.best.closed():
                wait(self.proofs, 0.02, return_when=FIRST_COMPLETED)
                if self.fewest is not None:
                    self.fewest.tell(self.best)
        finally:
            exact.stop()

    def _prove_rest(self, exact: prover.Prover) -> None:
        if self.fewest is not None:
            wait(self.proofs[:1], self.began + HEAD_START - time.monotonic())
        if not self.best.closed():
            exact.prove()

    def _count_breaks(self) -> None:
        """Begin to look for the fewest breaks, unless that was begun: apart, where that is all there is to decide."""
        if not self.frame.by_breaks or self.effort is not None or self.best.before or self.fewest is not None:
            return
        from confmgr.planner import breaks

        if breaks.suits(self.frame):
            self.fewest = breaks.Fewest(self.frame)
            self.proofs.append(self.threads.submit(self.fewest.count, self.best, lambda: self.stopped))

    def _settled(self) -> bool:
        return time.monotonic() - self.began - self.best.gained_at > PATIENCE * self.seconds and self.best.is_close()

    def _first(self) -> None:
        """Several quick constructions where that costs nothing, one where it does; what finds no place makes room."""
        longest = min(MENDING / 2, self.seconds / 4)
        found = repair.first_fit(self.best, self.seed)
        if found:
            self._fill(found, 0, at_once=True)
        kept = repair.staying(self.best, found, longest, self._work(), self.cancelled)
        if kept and len(kept) < len(self.frame.wishes):
            self._fill(kept, 0)
            until = min(self.until, time.monotonic() + MENDING)
            repair.mend(self.best, kept, until, self._work(), self.cancelled)
            return
        for attempt in range(TRIES if self.size <= prover.LARGEST // 2 else 1):
            self._fill(kept, attempt)
            if self.over() or (attempt and not self.best.levels["unplaced"] and self.size > SMALL):
                return

    def _fill(self, kept: Mapping[int, Spot], attempt: int, *, at_once: bool = False) -> None:
        state = State(self.frame, kept)
        wanted = [at for at in order(self.frame, self.rng, shake=4.0 * attempt) if at not in kept]
        left = fill(state, wanted)
        if left and not at_once:
            if not self.best.version:
                self.best.offer(state.spots)
            if self.fewest is None:
                # what is left out will want a reason, even if somebody tells it to stop now; a first plan is sooner
                Thread(target=import_module, args=(SOLVER,)).start()
            patience = 200 if kept else min(4000, ROUNDS * len(self.frame.wishes))
            self._bring_in(state, patience, self.over)
            bring_in(state, state.left_out(), self.rng, self.over, patience)
            self._bring_in(state, patience, self.over)
        self.best.offer(state.spots)

    def _bring_in(self, state: State, patience: int, over: Over) -> bool:
        """Make room for what nothing is short for; what only puts others out would keep it from its place."""
        hopeful = counting.fitting(self.wanted, state.spots, state.left_out())
        return bool(hopeful) and bring_in(state, hopeful, self.rng, over, patience)

    def _fit_in(self) -> None:
        """Bring in what was left out, exactly: its parties' meetings may move for it, then also those of its crews."""
        until = self.until if self.effort else min(self.until, time.monotonic() + FITTING * self.seconds)
        best, hopeless = self.best, set[tuple[int, bool]]()
        while best.levels["unplaced"]:
            left = [at for at in State(self.frame, best.spots).left_out() if self.frame.wishes[at].starts]
            hopeful = counting.fitting(self.wanted, best.spots, left)
            left.sort(key=lambda at: at not in hopeful)  # others come in only if something goes out for them
            tries = [(at, wide) for wide in (False, True) for at in left if (at, wide) not in hopeless]
            if not tries or time.monotonic() >= until or self.over():
                return
            at, wide = tries[0]
            hopeless.add((at, wide))
            spots = prover.again(
                self.frame,
                best.spots,
                repair.near(self.frame, at, wide=wide),
                {},
                min(until - time.monotonic(), self.seconds * ONE_FIT),
                work=self._work(),
                over=self.cancelled,
            )
            if spots is not None and best.offer(spots):
                hopeless.clear()

    def _work(self) -> float | None:
        """The solver's limit on one search, in its own time, where an effort is given."""
        return None if self.effort is None else self.effort / STEPS_A_SECOND

    def _walk(self, *, steps: int = FOREVER, until: float | None = None, yields: Over = never) -> None:
        """Better plans step by step; meetings of a plan to repair that stayed where they were stay there."""
        end = self.until if until is None else until
        began = time.monotonic()
        now = self.best.spots
        stay = {at for at, start in self.best.before.items() if at in now and now[at].start == start}
        walk, seen = self._walker(stay), self.best.version
        if not walk.free:
            return
        done, piece = 0, 400 if self.size <= prover.LARGEST else 1500
        while done < steps and not self.over() and time.monotonic() < end and not yields():
            if self.best.version != seen:
                walk, seen = self._walker(stay), self.best.version
            over = partial(_share, done, steps) if steps < FOREVER else partial(_passed, began, end)
            done += walk.go(self.over, steps=min(piece, steps - done), share=over)
            if walk.gained:
                walk.gained = False
                if self.best.offer(walk.best):
                    seen += 1
                if self.best.closed():
                    return
            elif self.best.closed() or (self.effort is None and self._settled()):
                return

    def _walker(self, stay: Collection[int]) -> Walk:
        return Walk(State(self.frame, self.best.spots), self.rng, stay=stay, prefer=self.best.prefer)


def _share(done: int, steps: int) -> float:
    return done / steps


def _passed(began: float, end: float) -> float:
    return (time.monotonic() - began) / max(0.001, end - began)


def _plan(run: _Run) -> Plan:
    instance, best = run.frame.instance, run.best
    faults = judge.faults(instance, best.placements)
    broken = [fault for fault in faults if not judge.is_of_locks(fault)]
    if broken:
        raise BrokenPlan("; ".join(broken[:5]))
    # what the search had reached by now: who tells it to stop from here on only hastens the reasons
    status = "infeasible" if faults else "optimal" if best.closed() else "cancelled" if run.stopped else "feasible"
    left = [meeting.id for meeting in instance.meetings if meeting.id not in best.placements]
    why = reasons(run.frame, best.spots, left, run.explaining(), run.cancelled)
    return best.plan(status, (*why, *uneven(instance, best.placements)), run.seed)
