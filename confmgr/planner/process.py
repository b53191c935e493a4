"""Planning in a process of its own, limited in time and memory; its result is judged again here."""

import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from confmgr.planner import judge, reading, services

MEMORY = 2 * 2**30
"""Bytes of address space that the child may use."""
GRACE = 10.0
"""Seconds that the child may take longer than it was given."""

Progress = Callable[[dict[str, int], int, float], None]


class PlannerDied(RuntimeError):
    """The planning process ended without an answer."""


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
) -> dict[str, Any]:
    """Solve an instance in the JSON format and return a plan in the JSON format.

    Raises:
        confmgr.planner.reading.Unreadable: The instance is not one.
        PlannerDied: The child crashed, ran out of memory, or did not answer in time.
        confmgr.planner.services.BrokenPlan: What it answered breaks a rule.
    """
    frozen = reading.instance(instance)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(
        target=_work, args=(there, dict(instance), seconds, seed, workers, effort, previous, prefer), daemon=True
    )
    child.start()
    there.close()
    try:
        plan = _listen(here, child, seconds, on_progress, should_stop)
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
    on_progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> dict[str, Any]:
    deadline = time.monotonic() + seconds + GRACE
    told = False
    while time.monotonic() < deadline:
        if should_stop and not told and should_stop():
            here.send("stop")
            told = True
        if not here.poll(0.2):
            if not child.is_alive() and not here.poll():
                break
            continue
        try:
            kind, answer = here.recv()
        except EOFError:
            break
        if kind == "plan":
            return dict(answer)
        if on_progress:
            on_progress(*answer)
    raise PlannerDied(f"exit code {child.exitcode}")


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
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    frozen = reading.instance(instance)
    last = 0.0

    def tell(levels: dict[str, int], placed: int, spent: float) -> None:
        nonlocal last
        if spent - last > 0.2 or last == 0.0:  # noqa: PLR2004
            there.send(("progress", (levels, placed, spent)))
            last = spent

    plan = services.solve(
        frozen,
        seconds=seconds,
        seed=seed,
        workers=workers,
        effort=effort,
        previous=None if previous is None else reading.placements(previous, frozen),
        prefer=prefer,
        on_progress=tell,
        should_stop=there.poll,
    )
    there.send(("plan", plan.to_json()))
