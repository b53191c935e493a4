"""Planning in a process of its own, limited in time and memory, heard each second; its result is judged again here."""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any

from confmgr.planner import judge, reading, services
from confmgr.planner.domain import Level
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
    """The planning process ended without an answer."""

    def __init__(self, end: End, detail: str) -> None:
        self.end = end
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
        PlannerDied: The child crashed, ran out of memory, fell silent, or did not answer in time.
        confmgr.planner.services.BrokenPlan: What it answered breaks a rule.
    """
    frozen = reading.instance(instance)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(
        target=_work, args=(there, dict(instance), seconds, seed, workers, effort, previous, prefer)
    )  # not a daemon: it may have a process of its own for breaks
    child.start()
    there.close()
    try:
        plan = _listen(here, child, seconds, silence, on_progress, should_stop)
    finally:
        child.kill()
        child.join()
        here.close()
    broken = [
        fault
        for fault in judge.faults(frozen, reading.placements(plan, frozen))
        if plan["status"] != "infeasible" or not judge.is_of_locks(fault)
    ]
    if broken:
        raise services.BrokenPlan("; ".join(broken[:5]))
    return plan


def _listen(
    here: Connection,
    child: Any,
    seconds: float,
    silence: float,
    on_progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> dict[str, Any]:
    heard = last = time.monotonic()
    deadline = heard + seconds + GRACE
    told = False
    while True:
        now = time.monotonic()
        if now - last > AWAY:  # this process was held up, so it heard nothing: that is no silence of the child
            heard, deadline = heard + now - last, deadline + now - last
        last = now
        if now >= deadline:
            raise PlannerDied(End.LATE, "the planner gave no answer in time")
        if should_stop and not told and should_stop():
            _send(here, "stop")
            told, deadline = True, min(deadline, now + GRACE)
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
        if kind == "plan":
            return dict(answer)
        if kind == "memory":
            raise PlannerDied(End.MEMORY, f"the planner needed more than {MEMORY // 2**20} MiB")
        if kind == "progress" and on_progress:
            on_progress(*answer)
    child.join(1)
    raise PlannerDied(End.DIED, f"the planner ended with exit code {child.exitcode}")


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
        self._began = time.monotonic()
        threading.Thread(target=self._beat, daemon=True).start()

    def note(self, levels: tuple[Level, ...], placed: int, spent: float) -> None:
        """Keep what is to be told next."""
        self._latest, self._began = (levels, placed, spent), time.monotonic() - spent

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
        while True:
            latest, now = self._latest, time.monotonic()
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
            should_stop=there.poll,
        )
    except MemoryError:
        pulse.send("memory", None)
        return
    pulse.tell()
    pulse.send("plan", plan.to_json())
