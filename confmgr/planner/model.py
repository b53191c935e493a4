"""The planning task as a CP-SAT model: one truth value a meeting and start, and what follows from them.

Time-indexed (Sousa and Wolsey 1992): on these tasks it has better bounds than intervals with cumulative constraints.
Levels are solved one after another, each with the ones above it held.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from confmgr.planner.ending import Over, never, unless
from confmgr.planner.frame import Frame, ones
from confmgr.planner.solver import cp_model

Literal = cp_model.IntVar
Linear = Any
"""A linear term of the solver, or a number."""


class Model:
    """Variables and rules of a frame.

    `among`: the meetings that there are, None for all. `pinned` ones keep their start, but may change places and
    interpreters. `optional`: whether others than locked and pinned ones can be left out; `loose`: those too. Once it is
    `over`, building it is broken off (`BrokenOff`), and so is what `aims` adds.
    """

    def __init__(
        self,
        frame: Frame,
        *,
        among: Collection[int] | None = None,
        optional: bool = True,
        loose: bool = False,
        by_class: bool = False,
        pinned: Mapping[int, int] | None = None,
        over: Over = never,
    ) -> None:
        self.frame = frame
        self.there = sorted(range(len(frame.wishes)) if among is None else among)
        self.among = frozenset(self.there)
        self.loose = loose
        self.pinned = pinned or {}
        self.optional = optional
        self.by_class = by_class
        self.over = over
        self.cp = cp_model.CpModel()
        self.x: dict[tuple[int, int], Literal] = {}
        self.y: dict[tuple[int, int, int], Literal] = {}
        self.w: dict[tuple[int, int, int], Literal] = {}
        self.out: dict[int, Literal] = {}
        self.busy: dict[tuple[int, int], Linear] = {}
        self._starts()
        self._parties()
        self._people()
        self._rooms()
        self._crews()
        self._order()
        self._days()

    def covering(self, at: int, slot: int) -> list[Literal]:
        """The starts at which a meeting would take a slot."""
        length = self.frame.wishes[at].length
        return [self.x[at, s] for s in range(slot - length + 1, slot + 1) if (at, s) in self.x]

    def _starts(self) -> None:
        for at in unless(self.over, self.there):
            wish = self.frame.wishes[at]
            starts = self._of(at)
            mine = [self.cp.new_bool_var("") for _ in starts]
            for start, literal in zip(starts, mine, strict=True):
                self.x[at, start] = literal
            if self.loose or (self.optional and not wish.locked and at not in self.pinned):
                self.out[at] = self.cp.new_bool_var("")
                mine.append(self.out[at])
            self.cp.add_exactly_one(mine)

    def _of(self, at: int) -> Sequence[int]:
        """The starts among which a meeting chooses."""
        return [self.pinned[at]] if at in self.pinned else ones(self.frame.wishes[at].starts)

    def _parties(self) -> None:
        frame = self.frame
        for party, mine in unless(self.over, enumerate(frame.of_party)):
            if all(at in self.pinned for at in mine if at in self.among):
                self._settled(party, mine)
                continue
            for slot in ones(frame.hours[party]):
                here = [literal for at in mine for literal in self.covering(at, slot)]
                teams = frame.teams[party]
                if teams == 1:
                    self.cp.add_at_most_one(here)
                if teams == 1 or not here:
                    self.busy[party, slot] = sum(here)
                    continue
                self.cp.add(sum(here) <= teams)
                busy = self.busy[party, slot] = self.cp.new_bool_var("")
                self.cp.add_max_equality(busy, here)

    def _settled(self, party: int, mine: Sequence[int]) -> None:
        """The slots of a party whose meetings all have their starts."""
        taken = 0
        for at in mine:
            if at in self.among:
                taken |= self.frame.span(at, self.pinned[at])
        if self.loose:  # they may go, so it may be more than the party holds
            for slot in ones(taken):
                here = [literal for at in mine for literal in self.covering(at, slot)]
                self.cp.add(sum(here) <= self.frame.teams[party])
        for slot in ones(self.frame.hours[party]):
            self.busy[party, slot] = taken >> slot & 1

    def _people(self) -> None:
        by_person: dict[int, list[int]] = defaultdict(list)
        for at, wish in enumerate(self.frame.wishes):
            for person in wish.people:
                by_person[person].append(at)
        for mine in unless(self.over, by_person.values()):
            if len(mine) > 1:
                for slot in ones(self.frame.usable):
                    here = [literal for at in mine for literal in self.covering(at, slot)]
                    if len(here) > 1:
                        self.cp.add_at_most_one(here)

    def _rooms(self) -> None:
        if self.by_class:
            self._rooms_by_class()
        else:
            self._rooms_by_size()

    def _rooms_by_size(self) -> None:
        """For each set of classes that some meetings are confined to: no more of them than there are places."""
        frame = self.frame
        confined = {wish.rooms for wish in frame.wishes}
        for rooms in confined:
            inside = set(rooms)
            mine = [at for at, wish in enumerate(frame.wishes) if set(wish.rooms) <= inside]
            for slot in unless(self.over, ones(frame.usable)):
                room = sum(len(frame.rooms[r].ids) for r in rooms if frame.rooms[r].hours >> slot & 1)
                here = [literal for at in mine for literal in self.covering(at, slot)]
                if len(here) > room:
                    self.cp.add(sum(here) <= room)

    def _rooms_by_class(self) -> None:
        frame = self.frame
        used: dict[tuple[int, int], list[Literal]] = defaultdict(list)
        for (at, start), literal in unless(self.over, self.x.items()):
            wish = frame.wishes[at]
            span = frame.span(at, start)
            choices = []
            for room in wish.rooms:
                if not span & ~frame.rooms[room].hours:
                    choice = self.cp.new_bool_var("")
                    self.y[at, start, room] = choice
                    choices.append(choice)
                    for slot in ones(span):
                        used[room, slot].append(choice)
            self.cp.add(sum(choices) == literal)
        for (room, _slot), here in used.items():
            self.cp.add(sum(here) <= len(frame.rooms[room].ids))

    def _crews(self) -> None:
        frame = self.frame
        used: dict[tuple[int, int], list[Linear]] = defaultdict(list)
        for at in unless(self.over, self.there):
            wish = frame.wishes[at]
            if not wish.crew:
                continue
            for start in self._of(at):
                span = frame.span(at, start)
                able = [c for c in wish.crews if not span & ~frame.crews[c].hours]
                parts: list[Linear] = []
                for crew in able:
                    if len(able) == 1:
                        part: Linear = wish.crew * self.x[at, start]
                    else:
                        most = min(wish.crew, len(frame.crews[crew].ids))
                        part = self.w[at, start, crew] = self.cp.new_int_var(0, most, "")
                    parts.append(part)
                    for slot in ones(span):
                        used[crew, slot].append(part)
                if len(able) != 1:
                    self.cp.add(sum(parts) == wish.crew * self.x[at, start])
        for (crew, _slot), here in used.items():
            self.cp.add(sum(here) <= len(frame.crews[crew].ids))
        for crew, kind in unless(self.over, enumerate(frame.crews)):
            if kind.limited:
                self._limits(crew, used)

    def _limits(self, crew: int, used: Mapping[tuple[int, int], list[Linear]]) -> None:
        frame, kind = self.frame, self.frame.crews[crew]
        work = {slot: sum(used.get((crew, slot), [])) for slot in range(frame.total)}
        for day in range(frame.days):
            today = range(day * frame.per_day, (day + 1) * frame.per_day)
            if kind.max_day is not None:
                self.cp.add(sum(work[slot] for slot in today) <= kind.max_day)
            if kind.max_run is not None:
                for first in today[: max(0, frame.per_day - kind.max_run)]:
                    self.cp.add(sum(work[slot] for slot in range(first, first + kind.max_run + 1)) <= kind.max_run)

    def _order(self) -> None:
        """The second does not begin at or before a slot in which the first still is."""
        frame = self.frame
        for second, firsts in unless(self.over, enumerate(frame.before)):
            for first in firsts:
                both = {first, second}
                if not both <= self.among or (not self.loose and both <= self.pinned.keys()):
                    continue
                length = frame.wishes[first].length
                for slot in self._of(second):
                    late = self._between(first, slot - length + 1, frame.total)
                    early = self._between(second, 0, slot)
                    self.cp.add(sum(late) + sum(early) <= 1)

    def _days(self) -> None:
        """What is to be on one day is on no other than the other, if both are placed."""
        frame = self.frame
        for one, others in unless(self.over, enumerate(frame.together)):
            for other in others:
                both = {one, other}
                if not both <= self.among or (not self.loose and both <= self.pinned.keys()):
                    continue
                for first in range(0, frame.total, frame.per_day):
                    ends = first + frame.per_day
                    here = self._between(one, first, ends - 1)
                    elsewhere = [*self._between(other, 0, first - 1), *self._between(other, ends, frame.total)]
                    if here and elsewhere:
                        self.cp.add(sum(here) + sum(elsewhere) <= 1)

    def _between(self, number: int, low: int, high: int) -> list[Linear]:
        return [self.x[number, s] for s in self._of(number) if low <= s <= high]
