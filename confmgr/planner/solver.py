"""OR-Tools' CP-SAT without pandas, which it loads for tables of variables that nothing here uses.

Pandas takes four fifths of the second in which the solver loads, and 40 MB. Whatever else wants pandas gets it as ever,
before or after.
"""

import sys
from types import ModuleType

WANTED = ("Index", "Series")
"""What the solver asks of pandas when it is loaded: to name types, and whether something is one."""


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

__all__ = ["clashing", "cp_model", "has_solution", "is_impossible", "one_worker"]


def one_worker(seconds: float | None = None, *, work: float | None = None) -> cp_model.CpSolver:
    """A solver with one worker and its limits: wall time, and its own time, which is the same on any machine."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
    if work is not None:
        solver.parameters.max_deterministic_time = work
    return solver


def has_solution(solver: cp_model.CpSolver, model: cp_model.CpModel) -> bool:
    """Solve; whether there is a solution to be read from the solver."""
    return bool(solver.solve(model) in {cp_model.OPTIMAL, cp_model.FEASIBLE})


def is_impossible(model: cp_model.CpModel, seconds: float, *, linear: int = 1) -> bool:
    """Whether a model is proven to have no solution; `linear` 2 relaxes more of it, good where much is counted."""
    solver = one_worker(seconds)
    solver.parameters.linearization_level = linear
    return bool(solver.solve(model) == cp_model.INFEASIBLE)


def clashing(model: cp_model.CpModel, seconds: float) -> frozenset[int] | None:
    """Indices of assumptions that already clash; None where they do not, or it was not found out in time."""
    solver = one_worker(seconds)
    solver.parameters.cp_model_presolve = False  # with it a core may name what is no assumption
    if solver.solve(model) != cp_model.INFEASIBLE:
        return None
    return frozenset(solver.sufficient_assumptions_for_infeasibility())
