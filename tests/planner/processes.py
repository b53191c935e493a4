"""The processes that work for a planner."""

import os
from pathlib import Path

from tests.setup.serving import read

NAME = "confmgr.planner.child"


def planning(parent: int | None = None) -> list[int]:
    """The numbers of the planner's processes that a process began (this one, if none is named) and that go on."""
    threads = Path(f"/proc/{parent or os.getpid()}/task").iterdir()
    found = {int(pid) for thread in threads for pid in read(thread / "children").split()}  # one may have ended by now
    return sorted(pid for pid in found if NAME in read(Path(f"/proc/{pid}/cmdline")))
