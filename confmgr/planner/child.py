"""A process of its own for one function, which loads what that needs and no more.

Those that `multiprocessing` spawns import the main module of their parent again: for a command of the web application
that takes half a second, as long as many a plan.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

BEGIN = f"import sys; from {__name__} import begin; begin(int(sys.argv[1]))"


class Child:
    """Runs `target(there, *args)` in a new Python, which ends when that returns; `here` is the other end of `there`.

    The function has to stand in a module, what it is given has to be picklable. Leaving the context kills the process.
    """

    def __init__(self, target: Callable[..., None], *args: Any) -> None:
        self.here, there = Pipe()
        with there:
            path = os.pathsep.join(folder or str(Path.cwd()) for folder in sys.path)
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", BEGIN, str(there.fileno())],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
                pass_fds=[there.fileno()],
            )
        with suppress(OSError):  # one that ended at once is heard to have ended
            self.here.send((target, args))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, frames: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self.here.close()

    def is_alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def ended(self, seconds: float) -> int | None:
        """Its exit code, waited for at most so long; None if it goes on. A signal is told as a negative number."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode


def begin(number: int) -> None:
    """What the new process does: `number` is the descriptor of its end of the pipe."""
    with Connection(number) as there:
        target, args = there.recv()
        target(there, *args)
