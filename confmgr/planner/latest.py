"""What lateness cannot fall below where no party waits: clauses that are asked for a little less late, again and again.

A linear search from below with one solver that keeps what it learned (assumptions; Eén and Sörensson 2003). The sum of
lateness is a totalizer (Bailleux and Boufkhad 2003) of what each meeting takes, joined by how many parties they share:
sums of what hangs together are what the solver learns about. On tasks of sixty meetings this proves in seconds what
relaxations, cores and the search of CP-SAT do not in minutes (decision 36).
"""

import math
import resource
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from multiprocessing.connection import Connection
from typing import Any

from pysat.solvers import Solver

from confmgr.planner import apart
from confmgr.planner.breaks import SOLVER
from confmgr.planner.clauses import Clauses
from confmgr.planner.domain import Instance
from confmgr.planner.ending import Over
from confmgr.planner.frame import Frame, ones

MOST_STARTS, MOST_LATENESS = 5_000, 600
"""Starts of all meetings, and lateness, up to which the clauses are few enough."""
SEEKER, STEADY = "cadical195", {"stabilizeonly": 1}
"""What finds a first solution soonest: 1 to 3 s on 300 meetings, the other one 10 to 25. It cannot be interrupted.

Where it restarts seldom only it finds solutions in half the time, and is not unlucky now and then.
"""
LATER = range(1, 4)
"""By how many ranks a meeting may be later than in the plan before, the least first."""
STARTING = 5
"""Seconds of the processor for all that comes before a search."""
STEP = 10
"""The next step is this part of what lies between the bound and the best plan."""
NEAR, CONFLICTS, MORE = 10, 5_000, 1.5
"""Where the bound is within a tenth of the plan, plans halfway between them are asked for in turn: one may be easy.

Each question may take so many conflicts of the solver, and so many times more once neither was answered.
"""

_SEARCH: Any = Solver  # the library has no types


def suits(frame: Frame, lateness: int) -> bool:
    """Whether a task and the lateness of its best plan are small enough for this search."""
    starts = sum(wish.starts.bit_count() for wish in frame.wishes)
    return not frame.by_breaks and lateness > 0 and starts <= MOST_STARTS


Found = Callable[[Mapping[int, int]], Mapping[int, int]]
"""Told the starts of a plan that was found; answers those of the best plan by now."""
Heard = Callable[[int, Mapping[int, int] | None], int]
"""Told what is proven, and the starts of a less late plan if one was found; answers the lateness of the best plan."""


def together(frame: Frame, starts: Mapping[int, int], seconds: float, found: Found, over: Over) -> bool:
    """Look for plans in which every meeting is placed and no party waits, each less late, in a process of its own.

    The first is near `starts`: no meeting that counts begins much later; so is each to the one before. Each is told to
    `found`, which answers with the best starts by now. Without `starts` any is looked for, and no second one.

    Returns:
        Whether it is proven that there is no such plan.
    """
    none: list[bool] = []

    def heard(news: Mapping[int, int]) -> Mapping[int, int]:
        if not news:
            none.append(True)
        return found(news) if news else {}

    until = time.monotonic() + seconds
    apart.listen(_seek, (frame.instance, dict(starts), seconds), heard, lambda: over() or time.monotonic() >= until)
    return bool(none)


def search(frame: Frame, known: int, heard: Heard, over: Over) -> None:
    """Look for the least lateness of a task in which every meeting is placed and no party waits.

    It goes on in a process of its own until everything is proven, until it is `over`, or until that process dies.
    `known` is the lateness of the best plan.
    """
    apart.listen(_press, (frame.instance, known), lambda news: heard(*news), over)


def _seek(there: Connection, instance: Instance, starts: Mapping[int, int], seconds: float) -> None:
    most = math.ceil(seconds) + STARTING  # it does not see that nobody waits for it any more
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    task = Together(Frame(instance))
    near, later, known = starts, min(LATER), None
    while later <= max(LATER):
        found = task.solved(near, later)
        if found is None and known is None:
            found = task.solved({}, 0)
            if found is None:
                there.send({})
                there.recv()
                return
        if found is not None and (known is None or task.lateness(found) < known):
            there.send(found)
            near, later = there.recv(), min(LATER)
            if not starts:
                return
            known = min(task.lateness(found), task.lateness(near))  # what cannot be dealt out is not asked for again
        else:
            later += 1


def _press(there: Connection, instance: Instance, known: int) -> None:
    news, best = steps(Frame(instance), known), None
    with suppress(StopIteration):
        while True:
            there.send(news.send(best) if best is not None else next(news))
            best = there.recv()


def steps(frame: Frame, known: int) -> Generator[tuple[int, dict[int, int] | None], int | None, None]:
    """Step after step from below: what is proven by then, and starts where some were found; sent the best lateness."""
    counted = min(known, MOST_LATENESS)
    task = LateClauses(frame, counted)
    low, high, conflicts = 0, known, CONFLICTS
    with _SEARCH(name=SOLVER, bootstrap_with=task.formula.hard) as solver:
        while low < min(high, counted):
            near = (high - low) * NEAR <= high
            answered = False
            for part in (STEP, 2) if near else (STEP,):
                most, starts = min(low + (high - low) // part, counted - 1), None
                solver.conf_budget(conflicts if near else -1)
                answer = solver.solve_limited(assumptions=task.no_later(most))
                if answer:
                    starts = task.starts(solver.get_model())
                    high = task.lateness(starts)
                elif answer is False:
                    low = most + 1
                answered |= answer is not None
                better = yield low, starts
                high = min(high, better or high)
                if low >= min(high, counted):
                    return
            if not answered:
                conflicts = round(conflicts * MORE)


class Together(Clauses):
    """The clauses of a task in which everything is placed and no party waits.

    Interpreters count by class and slot only, so a plan of these clauses may be none; what is impossible here is so.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self._crews()

    def starts(self, chosen: Sequence[int]) -> dict[int, int]:
        """When each meeting begins, by the literals of a solution."""
        true = {literal for literal in chosen if literal > 0}
        return {at: start for (at, start), literal in self.x.items() if literal in true}

    def solved(self, near: Mapping[int, int], later: int) -> dict[int, int] | None:
        """Starts of a plan; those that count and are `near` are later by no more than so many ranks."""
        rank, wishes = self.frame.rank, self.frame.wishes
        most = {at: rank[start] + later for at, start in near.items() if wishes[at].late}
        with _SEARCH(name=SEEKER, bootstrap_with=self.formula.hard) as solver:
            solver.configure(STEADY)
            for (at, start), literal in self.x.items():
                if at in most and rank[start] > most[at]:
                    solver.add_clause([-literal])
            return self.starts(solver.get_model()) if solver.solve() else None

    def lateness(self, starts: Mapping[int, int]) -> int:
        """As the judge counts it."""
        return sum(self.frame.wishes[at].late * self.frame.rank[start] for at, start in starts.items())

    def _breaks(self, party: int) -> None:
        """No slot in which a party is there and free between two of its meetings of a day."""
        frame = self.frame
        for day in range(frame.days):
            there = [slot for slot in ones(frame.hours[party]) if slot // frame.per_day == day]
            begun = self._swept(party, "begun", there)
            coming = self._swept(party, "coming", there[::-1])
            for before, slot, after in zip(there, there[1:], there[2:], strict=False):
                if begun[before] and coming[after]:
                    self.add(-begun[before], -coming[after], self.busy.get((party, slot), 0))

    def _crews(self) -> None:
        """For each set of classes that some meetings are confined to: no more interpreters at once than there are."""
        frame = self.frame
        for crews in sorted({wish.crews for wish in frame.wishes if wish.crew}):
            mine = [at for at, wish in enumerate(frame.wishes) if wish.crew and set(wish.crews) <= set(crews)]
            for slot in ones(frame.usable):
                most = sum(len(frame.crews[c].ids) for c in crews if frame.crews[c].hours >> slot & 1)
                here = [x for at in mine for x in self._covering(at, slot) for _one in range(frame.wishes[at].crew)]
                self.at_most(here, most)


class LateClauses(Together):
    """The same, and the sum of lateness up to `most`."""

    def __init__(self, frame: Frame, most: int) -> None:
        super().__init__(frame)
        self.most, self._sums = most, 0
        self.sum = self._total([(at, late) for at in range(len(frame.wishes)) if (late := self._late(at))])

    def no_later(self, lateness: int) -> list[int]:
        """What to assume so that lateness is no more."""
        return [-self.sum[lateness]] if lateness < len(self.sum) else []

    def _late(self, at: int) -> list[int]:
        """Literals of which as many are true as a meeting is late, the first of them first."""
        wish, rank = self.frame.wishes[at], self.frame.rank
        starts = ones(wish.starts)
        least = [self.new("late", at, by) for by in range(1, 1 + max(map(rank.__getitem__, starts), default=0))]
        self.formula.extend([[-later, sooner] for sooner, later in pairwise(least)])
        self.formula.extend([[-self.x[at, start], least[rank[start] - 1]] for start in starts if rank[start]])
        return [literal for literal in least for _one in range(wish.late)]

    def _total(self, parts: list[tuple[int, list[int]]]) -> list[int]:
        """The sum of the lateness of meetings: those first that share the most parties on average."""
        parties = [frozenset(self.frame.wishes[at].parties) for at, _late in parts]
        groups = dict(enumerate(late for _at, late in parts))
        size = dict.fromkeys(groups, 1)
        shared = {(a, b): len(parties[a] & parties[b]) for a in groups for b in groups if a < b}
        while len(groups) > 1:
            a, b = max(
                shared,
                key=lambda ab: (shared[ab] / (size[ab[0]] * size[ab[1]]), -len(groups[ab[0]]) - len(groups[ab[1]])),
            )
            groups[a] = self._sum_of(groups[a], groups.pop(b))
            size[a] += size.pop(b)
            for other in groups.keys() - {a}:
                shared[min(a, other), max(a, other)] += shared.pop((min(b, other), max(b, other)))
            del shared[a, b]
        return groups.popitem()[1] if groups else []

    def _sum_of(self, one: Sequence[int], other: Sequence[int]) -> list[int]:
        """Literals of which as many are true as of both or more, up to `most`; equal neighbours stand for a weight."""
        size = min(self.most, len(one) + len(other))
        self._sums += 1
        found = [self.new("sum", self._sums, n) for n in range(size)]
        self.formula.extend([[-more, less] for less, more in pairwise(found)])
        for i in _ends(one):
            for j in _ends(other):
                if i + j:
                    both = [-side[n - 1] for side, n in ((one, i), (other, j)) if n]
                    self.formula.append([found[min(i + j, size) - 1], *both])
                    if i + j >= size:
                        break
        return found


def _ends(literals: Sequence[int]) -> list[int]:
    """How many are true where one is: 0, and the last place of each literal."""
    return [0, *(n for n in range(1, len(literals) + 1) if n == len(literals) or literals[n] != literals[n - 1])]
