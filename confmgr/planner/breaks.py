"""Fewest breaks, proven: clauses, solved by core-guided MaxSAT (RC2; Ignatiev, Morgado and Marques-Silva 2019)."""

import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from pysat.examples.rc2 import RC2

from confmgr.planner import apart
from confmgr.planner.clauses import Clauses
from confmgr.planner.domain import Instance
from confmgr.planner.frame import Frame

if TYPE_CHECKING:
    from confmgr.planner.ending import Over
    from confmgr.planner.incumbent import Incumbent

SOLVER = "glucose4"
TOLD_EVERY = 0.5
"""Seconds between two words on what is proven."""
NOTHING_ABOVE = (0, 0)
"""Everything is placed and nothing moved: what is proven of breaks holds then."""
TOO_MANY = 10**9
"""The breaks of a plan that keeps parties to as many as may differ, where there is none."""


def suits(frame: Frame) -> bool:
    """Whether a task can be told in clauses: breaks are the aim, everybody can be placed, no interpreter is wanted."""
    return frame.by_breaks and all(wish.starts and wish.rooms and not wish.crew for wish in frame.wishes)


_SEARCH: Any = RC2  # the library has no types


class Fewest:
    """The fewest breaks of a task in which every meeting is placed; `solve` is for a thread, `stop` ends it."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._cost = 0
        self._stopped = threading.Event()

    def solve(self) -> dict[int, int] | None:
        """The starts of a plan with the fewest breaks, proven by `bound`; None where there is none, or when stopped."""
        found: dict[int, int] = {}

        def heard(news: tuple[int, dict[int, int]]) -> None:
            cost, starts = news
            self._cost = max(self._cost, cost)
            found.update(starts)

        apart.listen(_solve, (self.frame.instance,), heard, self._stopped.is_set)
        return found or None

    def count(self, best: "Incumbent", over: "Over") -> None:
        """Solve, tell `best` what is proven, and offer it the plan."""
        from confmgr.planner import prover  # the process that solves needs nothing of it

        starts = self.solve()
        self.tell(best)
        if starts is not None:
            spots = prover.dealt(self.frame, starts, over)
            if spots is not None:
                best.offer(spots)

    def tell(self, best: "Incumbent") -> None:
        """Tell what is proven so far."""
        best.prove("breaks", self.bound, NOTHING_ABOVE)

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


def _solve(there: Connection, instance: Instance) -> None:
    """Solve, and tell what is proven so far twice a second."""
    clauses = Clauses(Frame(instance))
    with _SEARCH(clauses.formula, solver=SOLVER, adapt=True, exhaust=True, minz=True) as rc2:
        solved, telling = threading.Event(), threading.Lock()

        def tell() -> None:
            while not solved.wait(TOLD_EVERY):
                with telling:
                    there.send((int(rc2.cost), {}))
                    there.recv()

        threading.Thread(target=tell, daemon=True).start()
        model = rc2.compute(expect_interrupt=True)
        solved.set()
        true = {literal for literal in model or () if literal > 0}
        starts = {at: start for (at, start), literal in clauses.x.items() if literal in true}
        none = model is None and clauses.frame.spread is not None
        with telling:
            there.send((TOO_MANY if none else int(rc2.cost), starts))
            there.recv()
