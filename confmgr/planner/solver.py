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

__all__ = ["cp_model"]
