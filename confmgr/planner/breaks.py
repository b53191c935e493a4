"""Fewest breaks, proven: clauses, solved by core-guided MaxSAT (RC2; Ignatiev, Morgado and Marques-Silva 2019)."""

import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from pysat.examples.rc2 import RC2

from confmgr.planner.clauses import Clauses
from confmgr.planner.domain import Instance
from confmgr.planner.frame import Frame

SOLVER = "glucose4"
TOO_MANY = 10**9
"""The breaks of a plan that keeps parties to as many as may differ, where there is none."""


def suits(frame: Frame) -> bool:
    """Whether a task can be told in clauses: breaks are the aim, everybody can be placed, no interpreter is wanted."""
    return frame.by_breaks and all(wish.starts and wish.rooms and not wish.crew for wish in frame.wishes)


_SEARCH: Any = RC2  # the library has no types


class Fewest:
    """The fewest breaks of a task in which every meeting is placed; `solve` is for a thread, `stop` ends it.

    The clauses are solved in a process of their own: between its calls the solver is Python that would share the
    interpreter with the walk, each hindering the other.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._cost = 0
        self._stopped = threading.Event()

    def solve(self) -> dict[int, int] | None:
        """The starts of a plan with the fewest breaks, proven by `bound`; None where there is none, or when stopped."""
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        child = context.Process(target=_work, args=(there, self.frame.instance), daemon=True)
        child.start()
        there.close()
        try:
            while not self._stopped.is_set():
                if here.poll(0.02):
                    self._cost, starts = here.recv()
                    if starts is not None:
                        return dict(starts) or None
        except (EOFError, ConnectionResetError):
            return None  # out of memory, or killed: the other searches go on
        finally:
            child.kill()
            child.join()
            here.close()
        return None

    @property
    def bound(self) -> int:
        """What is proven so far of the breaks of any plan in which every meeting is placed.

        The clauses keep parties to as many breaks as may differ. A plan that breaks this has a party with a break
        more than that, so, by the rule, every party has one: it has as many breaks as there are parties.
        """
        return self._cost if self.frame.spread is None else min(self._cost, len(self.frame.party_ids))

    def stop(self) -> None:
        """End the search soon; one that is about to begin as well."""
        self._stopped.set()


def _work(there: Connection, instance: Instance) -> None:
    """Solve, and tell what is proven so far twice a second; without a parent there is nobody to solve for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal: the parent ends this one
    clauses = Clauses(Frame(instance))
    with _SEARCH(clauses.formula, solver=SOLVER, adapt=True, exhaust=True, minz=True) as rc2:

        def tell() -> None:
            while True:
                time.sleep(0.5)
                try:
                    there.send((int(rc2.cost), None))
                except OSError:
                    os._exit(1)

        threading.Thread(target=tell, daemon=True).start()
        model = rc2.compute(expect_interrupt=True)
        true = {literal for literal in model or () if literal > 0}
        starts = {at: start for (at, start), literal in clauses.x.items() if literal in true}
        none = model is None and clauses.frame.spread is not None
        there.send((TOO_MANY if none else int(rc2.cost), starts))
        os._exit(0)  # the thread that tells must not tell after this
