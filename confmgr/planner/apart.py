"""Search by clauses in a process of its own.

Between two calls of its solver such a search is Python, which would share the interpreter with the walk, each hindering
the other.
"""

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from confmgr.planner.child import Child
from confmgr.planner.ending import Over

ASKED_EVERY = 0.02
"""Seconds between two questions whether it is over."""


def listen(target: Callable[..., None], args: tuple[Any, ...], heard: Callable[[Any], object], over: Over) -> None:
    """Run `target(there, *args)` apart until it returns, until it is `over`, or until that process dies.

    What it sends by `there` is given to `heard`, whose answer it receives.
    """
    with Child(_work, os.getpid(), target, args) as child, suppress(EOFError, ConnectionResetError, BrokenPipeError):
        # out of memory, or killed: the other searches go on
        while not over():
            if child.here.poll(ASKED_EVERY):
                news = child.here.recv()
                if news is None:
                    return
                child.here.send(heard(news))


def _work(there: Connection, parent: int, target: Callable[..., None], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal: the parent ends this one
    threading.Thread(target=_heed, args=(parent,), daemon=True).start()
    target(there, *args)
    there.send(None)


def _heed(parent: int) -> None:
    """End with the process for which this one works, however that ended."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
