"""OR-Tools' CP-SAT without pandas, which it loads for tables of variables that nothing here uses.

Pandas takes four fifths of the second in which the solver loads, and 40 MB. Whatever else wants pandas gets it as ever,
before or after.
"""

import sys
from concurrent.futures import ThreadPoolExecutor, wait
from types import ModuleType
from typing import Any

from confmgr.planner.ending import Over

WANTED = ("Index", "Series")
"""What the solver asks of pandas when it is loaded: to name types, and whether something is one."""
POLL = 0.03
"""Seconds between two looks at whether a search is over."""


def _load() -> ModuleType:
    there = sys.modules.get("pandas")
    if there is None:
        stands_in = ModuleType("pandas")
        for name in WANTED:
            setattr(stands_in, name, type(name, (), {}))
        sys.modules["pandas"] = stands_in
    try:
        from ortools.sat.python import cp_model
    finally:
        if there is None:
            del sys.modules["pandas"]
    return cp_model


_load()
from ortools.sat.python import cp_model  # noqa: E402  # known by now

__all__ = ["at_once", "clashing", "cp_model", "has_solution", "is_impossible", "limited", "one_worker", "solved"]


def limited(workers: int, seconds: float | None = None, *, work: float | None = None) -> cp_model.CpSolver:
    """A solver and its limits: wall time, and its own time, which is the same on any machine."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.catch_sigint_signal = False  # two searches that both do so end the process at Ctrl-C
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
    if work is not None:
        solver.parameters.max_deterministic_time = work
    return solver


def one_worker(seconds: float | None = None, *, work: float | None = None, linear: int = 1) -> cp_model.CpSolver:
    """The same with one worker; `linear` 2 relaxes more of a model, good where much is counted."""
    solver = limited(1, seconds, work=work)
    solver.parameters.linearization_level = linear
    return solver


def at_once(seconds: float | None = None, *, work: float | None = None) -> cp_model.CpSolver:
    """One worker for what is small, of which most is settled: to look long at a model takes it longer than to solve it.

    On repairs of 300 meetings a third of the time.
    """
    solver = one_worker(seconds, work=work)
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.max_presolve_iterations = 1
    return solver


def solved(solver: cp_model.CpSolver, model: cp_model.CpModel, over: Over, callback: Any = None) -> Any:
    """Solve in a thread and break the search off once it is over.

       The status is that of what was found by then, and None where it was over before the search began.
    The solver
       does not look at Python while it works, so this thread asks meanwhile: it hears signals that way, too.
    """
    if over():
        return None
    with ThreadPoolExecutor(1) as thread:
        search = thread.submit(solver.solve, model, callback)
        ended = False
        try:
            while not wait([search], POLL).done:
                ended = ended or over()
                if ended:
                    solver.stop_search()  # again and again: one that is about to begin has not heard it
        finally:
            while not wait([search], 0).done:
                solver.stop_search()
                wait([search], POLL)
        return search.result()


def has_solution(solver: cp_model.CpSolver, model: cp_model.CpModel, over: Over) -> bool:
    """Solve; whether there is a solution to be read from the solver."""
    return bool(solved(solver, model, over) in {cp_model.OPTIMAL, cp_model.FEASIBLE})


def is_impossible(model: cp_model.CpModel, seconds: float, over: Over, *, linear: int = 1) -> bool:
    """Whether a model is proven to have no solution; `linear` as above."""
    solver = one_worker(seconds, linear=linear)
    return bool(solved(solver, model, over) == cp_model.INFEASIBLE)


def clashing(model: cp_model.CpModel, seconds: float, over: Over) -> frozenset[int] | None:
    """Indices of assumptions that already clash; None where they do not, or it was not found out in time."""
    solver = one_worker(seconds)
    solver.parameters.cp_model_presolve = False  # with it a core may name what is no assumption
    if solved(solver, model, over) != cp_model.INFEASIBLE:
        return None
    return frozenset(solver.sufficient_assumptions_for_infeasibility())
