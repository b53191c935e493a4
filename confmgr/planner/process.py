"""Planning in a process of its own, limited in time and memory, heard each second; its result is judged again here."""

import os
import resource
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any

from confmgr.planner import because, judge, reading, services
from confmgr.planner.child import Child
from confmgr.planner.domain import Instance, Level, Plan
from confmgr.planner.frame import Frame, spots_of
from confmgr.planner.incumbent import Progress

MEMORY = 2 * 2**30
"""Bytes of address space that the child may use."""
GRACE = 10.0
"""Seconds that the child may take longer than it was given, or for an answer once it was told to stop."""
SILENCE = 20.0
"""Seconds without a sign of life after which the child is given up; it gives one each second."""
AWAY = 2.0
"""Seconds between two looks at the child that say that the looking process stood still, as on a laptop that slept."""
BEAT = 1.0
TOLD_EVERY = 0.25
"""Seconds between two looks at whether there is something new to tell."""


class End(StrEnum):
    """How a planning process ended that gave no answer."""

    DIED = "died"
    SILENT = "silent"
    LATE = "late"
    MEMORY = "memory"


class PlannerDied(RuntimeError):
    """The planning process ended without an answer; `best` is the last plan that it had told of, if any."""

    def __init__(self, end: End, detail: str, best: dict[str, Any] | None = None) -> None:
        self.end, self.best = end, best
        super().__init__(detail)


def solve_in_process(
    instance: Mapping[str, Any],
    *,
    seconds: float = 10.0,
    seed: int = 1,
    workers: int = 2,
    effort: int | None = None,
    previous: Mapping[str, Any] | None = None,
    prefer: str | None = None,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
    silence: float = SILENCE,
) -> dict[str, Any]:
    """Solve an instance in the JSON format and return a plan in the JSON format (`services.solve`).

    `on_progress` is called each second at least, with what was last heard (no levels before the first plan): the
    caller's own sign of life. After `silence` seconds without one of the child's, the child is given up.

    Raises:
        confmgr.planner.reading.Unreadable: The instance is not one.
        PlannerDied: The child crashed, ran out of memory, fell silent, or did not answer in time; with the best plan
            that was heard of, which keeps the rules.
        confmgr.planner.services.BrokenPlan: What it answered breaks a rule.
    """
    frozen = reading.instance(instance)
    told = _Told(on_progress)
    with Child(_work, dict(instance), seconds, seed, workers, effort, previous, prefer) as child:
        try:
            plan = _listen(told, child, seconds, silence, should_stop)
        except PlannerDied as died:
            died.best = _kept(frozen, told.best)
            raise
    broken = [
        fault
        for fault in judge.faults(frozen, reading.placements(plan, frozen))
        if plan["status"] != "infeasible" or not judge.is_of_locks(fault)
    ]
    if broken:
        raise services.BrokenPlan("; ".join(broken[:5]))
    return plan


class _Told:
    """What the child tells: its answer in the end, before that how far it is and the best plan so far."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self.best: dict[str, Any] | None = None

    def take(self, kind: str, answer: Any) -> dict[str, Any] | None:
        """The answer, once it is told."""
        if kind == "plan":
            return dict(answer)
        if kind == "memory":
            raise PlannerDied(End.MEMORY, f"the planner needed more than {MEMORY // 2**20} MiB")
        if kind == "best":
            self.best = dict(answer)
        if kind == "progress" and self._on_progress:
            self._on_progress(*answer)
        return None


def _kept(instance: Instance, plan: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a child had found that is no more, with what numbers say of what it left out; None if that is no plan."""
    if plan is None or not plan["placements"]:
        return None
    placements = reading.placements(plan, instance)
    faults = judge.faults(instance, placements)
    if any(not judge.is_of_locks(fault) for fault in faults):
        return None
    frame = Frame(instance)
    why = because.reasons(frame, spots_of(frame, placements), plan["unplaced"], because.HASTE, lambda: True)
    told = [{"meeting": one.meeting, "kind": one.kind, **one.facts} for one in why]
    return plan | {"status": "infeasible" if faults else "feasible", "because": told}


def _listen(
    told: _Told,
    child: Child,
    seconds: float,
    silence: float,
    should_stop: Callable[[], bool] | None,
) -> dict[str, Any]:
    here = child.here
    heard = last = time.monotonic()
    deadline = heard + seconds + GRACE
    stopped = False
    while True:
        now = time.monotonic()
        if now - last > AWAY:  # this process was held up, so it heard nothing: that is no silence of the child
            heard, deadline = heard + now - last, deadline + now - last
        last = now
        if now >= deadline:
            raise PlannerDied(End.LATE, "the planner gave no answer in time")
        if should_stop and not stopped and should_stop():
            _send(here, "stop")
            stopped, deadline = True, min(deadline, now + GRACE)
        if not here.poll(0.1):
            if not child.is_alive() and not here.poll():
                break
            if now - heard > silence:
                raise PlannerDied(End.SILENT, f"the planner gave no sign of life for {silence:g} s")
            continue
        heard = time.monotonic()
        try:
            kind, answer = here.recv()
        except (EOFError, ConnectionResetError):
            break
        if (plan := told.take(kind, answer)) is not None:
            return plan
    raise PlannerDied(End.DIED, f"the planner ended with exit code {child.ended(1)}")


def _send(here: Connection, what: str) -> None:
    try:
        here.send(what)
    except OSError:
        return  # it has ended: what it sent last is still to be read


class _Pulse:
    """Tells the parent from a thread what is new, and each second that this process is alive."""

    def __init__(self, there: Connection) -> None:
        self._there, self._sending = there, threading.Lock()
        self._latest: tuple[tuple[Level, ...], int, float] | None = None
        self._best: Plan | None = None
        self._began = time.monotonic()
        threading.Thread(target=self._beat, daemon=True).start()

    def note(self, levels: tuple[Level, ...], placed: int, spent: float) -> None:
        """Keep what is to be told next."""
        self._latest, self._began = (levels, placed, spent), time.monotonic() - spent

    def keep(self, plan: Plan) -> None:
        """Keep the best plan so far, so that the parent has one should this process die."""
        self._best = plan

    def tell(self) -> None:
        """Tell now what was noted last: a search that ends soon says how far it came as well."""
        if self._latest is not None:
            self.send("progress", self._latest)

    def send(self, kind: str, what: object) -> None:
        """Send now. A parent that is gone ends this process: nobody waits for its answer."""
        try:
            with self._sending:
                self._there.send((kind, what))
        except OSError:
            os._exit(1)

    def _beat(self) -> None:
        told, at = None, 0.0
        kept, kept_at = None, 0.0
        while True:
            latest, best, now = self._latest, self._best, time.monotonic()
            if best is not None and best is not kept and now - kept_at >= BEAT:
                kept, kept_at = best, now
                self.send("best", best.to_json())
            if latest is not told or now - at >= BEAT:
                told, at = latest, now
                levels, placed = ((), 0) if latest is None else latest[:2]
                self.send("progress", (levels, placed, now - self._began))
            time.sleep(TOLD_EVERY)


def _work(
    there: Connection,
    instance: dict[str, Any],
    seconds: float,
    seed: int,
    workers: int,
    effort: int | None,
    previous: Mapping[str, Any] | None,
    prefer: str | None,
) -> None:
    pulse = _Pulse(there)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    frozen = reading.instance(instance)
    try:
        plan = services.solve(
            frozen,
            seconds=seconds,
            seed=seed,
            workers=workers,
            effort=effort,
            previous=None if previous is None else reading.placements(previous, frozen),
            prefer=prefer,
            on_progress=pulse.note,
            on_plan=lambda plan: pulse.keep(replace(plan, seed=seed)),
            should_stop=there.poll,
        )
    except MemoryError:
        pulse.send("memory", None)
        return
    pulse.tell()
    pulse.send("plan", plan.to_json())
