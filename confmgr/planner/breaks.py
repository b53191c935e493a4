"""Fewest breaks, proven: clauses, solved by core-guided MaxSAT (RC2; Ignatiev, Morgado and Marques-Silva 2019).

The implied counts (a party is busy in as many slots as its meetings take; meetings that exclude each other count as one
where places are counted) are those of Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, "Constraint solving
approaches to the business-to-business meeting scheduling problem", JAIR 74 (2022), section 5. Sums become clauses by
sequential counters (Sinz 2005) and cardinality networks (Asín, Nieuwenhuis, Oliveras, Rodríguez-Carbonell 2011).
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Sequence
from multiprocessing.connection import Connection
from typing import Any

from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF, IDPool

from confmgr.planner.domain import Instance
from confmgr.planner.frame import Frame, ones

SOLVER = "glucose4"
FEW, SHORT, PAIRED = 3, 30, 5
"""The bound and the number of terms up to which a sum is a sequential counter; terms up to which pairs are excluded."""


def suits(frame: Frame) -> bool:
    """Whether a task can be told in clauses: breaks are the aim, everybody can be placed, no interpreter is wanted."""
    return frame.by_breaks and all(wish.starts and wish.rooms and not wish.crew for wish in frame.wishes)


_POOL: Any = IDPool
_FORMULA: Any = WCNF
_SUMS: Any = CardEnc
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
        true = {literal for literal in rc2.compute(expect_interrupt=True) or () if literal > 0}
        starts = {at: start for (at, start), literal in clauses.x.items() if literal in true}
        there.send((int(rc2.cost), starts))
        os._exit(0)  # the thread that tells must not tell after this


class Clauses:
    """The clauses of a task; `x` has the literal of a meeting that begins at a slot."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.pool: Any = _POOL()
        self.formula: Any = _FORMULA()
        self.x: dict[tuple[int, int], int] = {}
        self.busy: dict[tuple[int, int], int] = {}
        for at, wish in enumerate(frame.wishes):
            for start in ones(wish.starts):
                self.x[at, start] = self._new("x", at, start)
            mine = [self.x[at, start] for start in ones(wish.starts)]
            self.formula.append(mine)
            self._at_most(mine, 1)
        self._parties()
        self._people()
        self._places()
        self._order()
        for party in range(len(frame.party_ids)):
            self._breaks(party)

    def _new(self, *name: Any) -> int:
        return int(self.pool.id(name))

    def _covering(self, at: int, slot: int) -> list[int]:
        length = self.frame.wishes[at].length
        return [self.x[at, s] for s in range(slot - length + 1, slot + 1) if (at, s) in self.x]

    def _parties(self) -> None:
        frame = self.frame
        for party, mine in enumerate(frame.of_party):
            for slot in ones(frame.hours[party]):
                here = [literal for at in mine for literal in self._covering(at, slot)]
                if here:
                    self._at_most(here, frame.teams[party])
                    self.busy[party, slot] = self._any(here, "busy", party, slot, exactly=True)
            if frame.teams[party] == 1 and mine:
                busy = [self.busy[party, slot] for slot in range(frame.total) if (party, slot) in self.busy]
                self._exactly(busy, sum(frame.wishes[at].length for at in mine))

    def _any(self, literals: Sequence[int], *name: Any, exactly: bool = False) -> int:
        """A literal that is true where one of these is, and only there if `exactly`."""
        found = self._new(*name)
        self.formula.extend([[-literal, found] for literal in literals])
        if exactly:
            self.formula.append([-found, *literals])
        return found

    def _people(self) -> None:
        wishes = self.frame.wishes
        for person in range(len(self.frame.names)):
            mine = [at for at, wish in enumerate(wishes) if person in wish.people]
            for slot in ones(self.frame.usable) if len(mine) > 1 else ():
                self._at_most([literal for at in mine for literal in self._covering(at, slot)], 1)

    def _places(self) -> None:
        """For each set of places that some meetings are confined to: no more of them at once than there are."""
        frame = self.frame
        for rooms in sorted({wish.rooms for wish in frame.wishes}):
            mine = [at for at, wish in enumerate(frame.wishes) if set(wish.rooms) <= set(rooms)]
            for slot in ones(frame.usable):
                most = sum(len(frame.rooms[r].ids) for r in rooms if frame.rooms[r].hours >> slot & 1)
                here = {at: literals for at in mine if (literals := self._covering(at, slot))}
                if len(here) > most:
                    self._at_most(self._groups(here, slot, rooms), most)

    def _groups(self, here: dict[int, list[int]], slot: int, rooms: Sequence[int]) -> list[int]:
        """Meetings of a slot, those of one party under one literal: of these there is one at a time."""
        frame, rest = self.frame, set(here)
        found: list[int] = []
        while rest:
            of: dict[int, list[int]] = {}
            for at in sorted(rest):
                for party in frame.wishes[at].parties:
                    if frame.teams[party] == 1:
                        of.setdefault(party, []).append(at)
            if not of:
                return found + [literal for at in sorted(rest) for literal in here[at]]
            party = max(of, key=lambda one: (len(of[one]), -one))
            rest -= set(of[party])
            literals = [literal for at in of[party] for literal in here[at]]
            if len(literals) == 1:
                found += literals
            elif set(of[party]) == {at for at in frame.of_party[party] if self._covering(at, slot)}:
                found.append(self.busy[party, slot])
            else:
                found.append(self._any(literals, "group", party, slot, tuple(rooms)))
        return found

    def _order(self) -> None:
        frame = self.frame
        for second, firsts in enumerate(frame.before):
            for first in firsts:
                for start in ones(frame.wishes[first].starts):
                    ends = start + frame.wishes[first].length
                    early = [self.x[second, s] for s in ones(frame.wishes[second].starts) if s < ends]
                    self.formula.extend([[-self.x[first, start], -literal] for literal in early])

    def _breaks(self, party: int) -> None:
        """A break ends where a party is busy no more but will be: each is a soft clause."""
        frame, found = self.frame, []
        for day in range(frame.days):
            slots = [s for s in range(day * frame.per_day, (day + 1) * frame.per_day) if (party, s) in self.busy]
            coming: dict[int, int] = {}
            for slot in range(slots[-1], slots[0] - 1, -1) if slots else ():
                later = [self.busy.get((party, slot), 0), coming.get(slot + 1, 0)]
                coming[slot] = self._any([one for one in later if one], "coming", party, slot, exactly=True)
            for slot in range(slots[0] + 1, slots[-1] + 1) if slots else ():
                busy, before = self.busy.get((party, slot), 0), self.busy.get((party, slot - 1), 0)
                if before:
                    found.append(self._new("break", party, slot))
                    self.formula.append([-before, *([busy] if busy else []), -coming[slot], found[-1]])
        self.formula.extend([[-literal] for literal in found], weights=[1] * len(found))
        if frame.spread is not None:
            self._at_most(found, frame.spread)

    def _at_most(self, literals: Collection[int], most: int) -> None:
        if len(literals) > most:
            small = EncType.pairwise if len(literals) <= PAIRED and most == 1 else EncType.seqcounter
            self._sum(_SUMS.atmost, literals, most, small if most <= FEW else EncType.cardnetwrk)

    def _exactly(self, literals: Collection[int], number: int) -> None:
        small = len(literals) < SHORT
        self._sum(_SUMS.equals, literals, number, EncType.seqcounter if small else EncType.cardnetwrk)

    def _sum(self, kind: Callable[..., Any], literals: Collection[int], bound: int, encoding: int) -> None:
        if bound > len(literals):
            self.formula.append([])
            return
        self.formula.extend(kind(lits=list(literals), bound=bound, vpool=self.pool, encoding=encoding).clauses)
