"""The processes that work for a planner."""

import os
from pathlib import Path

NAME = "confmgr.planner.child"


def planning(parent: int | None = None) -> list[int]:
    """The numbers of the planner's processes that a process began (this one, if none is named) and that go on."""
    tasks = Path(f"/proc/{parent or os.getpid()}/task")
    found = {int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text(encoding="ascii").split()}
    return sorted(pid for pid in found if NAME in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8"))
