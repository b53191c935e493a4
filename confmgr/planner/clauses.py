"""A task in clauses: its rules, what they imply, and the breaks of its parties.

The implied counts (a party is busy in as many slots as its meetings take; twice as many parties are busy at once as
there are meetings; meetings that exclude each other count as one where places are counted) are those of Bofill, Coll,
Garcia, Giráldez-Cru, Pesant, Suy and Villaret, "Constraint solving approaches to the business-to-business meeting
scheduling problem", JAIR 74 (2022), section 5. That a party without a break is busy in one stretch as long as its
meetings, and that breaks are counted by party, is our own: what is known of `broken` tells where a party is.
"""

from collections.abc import Sequence

from confmgr.planner.frame import Frame, ones
from confmgr.planner.sums import Sums

COUNTED = 300_000
"""Parties times busy parties, of all slots, up to which these are counted one by one: clauses grow as fast as that."""


class Clauses(Sums):
    """The clauses of a task.

    `x` has the literal of a meeting that begins at a slot, `busy` that of a party that meets in a slot, `broken` that
    of a party with a break or more.
    """

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.x: dict[tuple[int, int], int] = {}
        self.busy: dict[tuple[int, int], int] = {}
        self.broken: dict[int, int] = {}
        for at, wish in enumerate(frame.wishes):
            for start in ones(wish.starts):
                self.x[at, start] = self.new("x", at, start)
            mine = [self.x[at, start] for start in ones(wish.starts)]
            self.add(*mine)
            self.at_most(mine, 1)
        self._parties()
        self._people()
        self._places()
        self._order()
        self._days()
        self._at_once()
        for party, mine in enumerate(frame.of_party):
            if mine:
                self._breaks(party)

    def _covering(self, at: int, slot: int) -> list[int]:
        length = self.frame.wishes[at].length
        return [self.x[at, s] for s in range(slot - length + 1, slot + 1) if (at, s) in self.x]

    def _needs(self, meetings: Sequence[int]) -> int:
        return sum(self.frame.wishes[at].length for at in meetings)

    def _not_before(self, party: int) -> dict[int, int]:
        """By slots from which meetings of a party may begin: how long those are that may not be earlier."""
        starts = {at: ones(self.frame.wishes[at].starts)[0] for at in self.frame.of_party[party]}
        return {first: self._needs([at for at in starts if starts[at] >= first]) for first in set(starts.values())}

    def _not_after(self, party: int) -> dict[int, int]:
        """By slots to which meetings of a party may last: how long those are that may not be later."""
        ends = {
            at: self.frame.wishes[at].starts.bit_length() - 2 + self.frame.wishes[at].length
            for at in self.frame.of_party[party]
        }
        return {last: self._needs([at for at in ends if ends[at] <= last]) for last in set(ends.values())}

    def _parties(self) -> None:
        frame = self.frame
        for party, mine in enumerate(frame.of_party):
            for slot in ones(frame.hours[party]):
                here = [literal for at in mine for literal in self._covering(at, slot)]
                if here:
                    self.at_most(here, frame.teams[party])
                    self.busy[party, slot] = self.any(here, "busy", party, slot, exactly=True)
            if frame.teams[party] == 1 and mine:
                busy = [self.busy[party, slot] for slot in range(frame.total) if (party, slot) in self.busy]
                self.exactly(busy, self._needs(mine))
                self._halves(party)

    def _halves(self, party: int) -> None:
        """What must be after a slot, or before one, is counted by itself."""
        mine = {slot: self.busy[party, slot] for slot in range(self.frame.total) if (party, slot) in self.busy}
        for first, needs in self._not_before(party).items():
            if first > min(mine):
                self.at_least([literal for slot, literal in mine.items() if slot >= first], needs)
        for last, needs in self._not_after(party).items():
            if last < max(mine):
                self.at_least([literal for slot, literal in mine.items() if slot <= last], needs)

    def _people(self) -> None:
        wishes = self.frame.wishes
        for person in range(len(self.frame.names)):
            mine = [at for at, wish in enumerate(wishes) if person in wish.people]
            for slot in ones(self.frame.usable) if len(mine) > 1 else ():
                self.at_most([literal for at in mine for literal in self._covering(at, slot)], 1)

    def _places(self) -> None:
        """For each set of places that some meetings are confined to: no more of them at once than there are."""
        frame = self.frame
        for rooms in sorted({wish.rooms for wish in frame.wishes}):
            mine = [at for at, wish in enumerate(frame.wishes) if set(wish.rooms) <= set(rooms)]
            for slot in ones(frame.usable):
                most = sum(len(frame.rooms[r].ids) for r in rooms if frame.rooms[r].hours >> slot & 1)
                here = {at: literals for at in mine if (literals := self._covering(at, slot))}
                if len(here) > most:
                    self.at_most(self._groups(here, slot, rooms), most)

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
                found.append(self.any(literals, "group", party, slot, tuple(rooms)))
        return found

    def _order(self) -> None:
        frame = self.frame
        for second, firsts in enumerate(frame.before):
            for first in firsts:
                for start in ones(frame.wishes[first].starts):
                    ends = start + frame.wishes[first].length
                    early = [self.x[second, s] for s in ones(frame.wishes[second].starts) if s < ends]
                    self.formula.extend([[-self.x[first, start], -literal] for literal in early])

    def _days(self) -> None:
        """On a day on which one begins the other does as well."""
        wishes = self.frame.wishes
        for one, others in enumerate(self.frame.together):
            for other in others:
                for start in ones(wishes[one].starts):
                    there = ones(self.frame.same_day(wishes[other].starts, start))
                    self.add(-self.x[one, start], *(self.x[other, slot] for slot in there))

    def _at_once(self) -> None:
        """How many parties of one team are busy in a slot, by how many meetings have places there.

        All meetings are placed: as many as find no room in all other slots together are in this one. Where each has as
        many such parties as every other, the busy ones are a multiple of that, which no sum of places tells.
        """
        frame = self.frame
        single = [party for party, teams in enumerate(frame.teams) if teams == 1]
        most, sizes, able = dict[int, int](), dict[int, list[int]](), dict[int, list[int]]()
        for slot in ones(frame.usable):
            able[slot] = [self.busy[party, slot] for party in single if (party, slot) in self.busy]
            here = [wish for at, wish in enumerate(frame.wishes) if self._covering(at, slot)]
            sizes[slot] = sorted(sum(frame.teams[party] == 1 for party in wish.parties) for wish in here)
            open_places = sum(len(kind.ids) for kind in frame.rooms if kind.hours >> slot & 1)
            least = sizes[slot][0] if sizes[slot] else 0
            most[slot] = min(len(here), open_places, len(able[slot]) // least if least else len(here))
        spare = sum(most.values()) - sum(wish.length for wish in frame.wishes)
        small = sum(len(able[slot]) * sum(of[len(of) - most[slot] :]) for slot, of in sizes.items()) <= COUNTED
        for slot, of in sizes.items():
            low, high = sum(of[: max(0, most[slot] - spare)]), sum(of[len(of) - most[slot] :])
            step = of[0] if small and of and of[0] == of[-1] else 1
            if step <= 1:
                self.at_most(able[slot], high)
                if low:
                    self.at_least(able[slot], low)
                continue
            count = self.counted(able[slot], high + 1, exactly=True)
            for literal in count[:low]:
                self.add(literal)
            for literal in count[high:]:
                self.add(-literal)
            for first in range(0, high, step):
                for more in count[first + 1 : first + step]:
                    self.add(-count[first], more)

    def _breaks(self, party: int) -> None:
        """What a party's breaks cost: it is busy no more, but will be again on that day.

        One wish for each number of breaks, instead of one for each slot in which a break may be: a search by cores then
        asks which parties go without one, and learns it of parties.
        """
        frame = self.frame
        days: list[list[int]] = []
        for day in range(frame.days):
            slots = [s for s in range(day * frame.per_day, (day + 1) * frame.per_day) if (party, s) in self.busy]
            days += [slots] if slots else []
        broken = self.broken[party] = self.new("broken", party)
        found: list[int] = []
        for slots in days:
            first, last = slots[0], slots[-1]
            whole = range(first, last + 1)
            begun = self._swept(party, "begun", whole, exactly=True)
            coming = self._swept(party, "coming", whole[::-1], exactly=True)
            for slot in range(first + 1, last):
                busy, before = self.busy.get((party, slot), 0), self.busy.get((party, slot - 1), 0)
                self.add(broken, -begun[slot], -coming[slot], busy)
                if before:
                    found.append(self.new("break", party, slot))
                    self.add(-before, busy, -coming[slot], found[-1])
            if len(days) == 1 and frame.teams[party] == 1:
                self._stretch(party, whole, begun, coming)
        most = min(len(found), len(frame.of_party[party]) - 1, len(found) if frame.spread is None else frame.spread)
        count = self.counted(found, most + 1)
        for literal in count[most:]:
            self.add(-literal)
        if not most:
            self.add(-broken)
            return
        self.add(-count[0], broken)
        for literal in (broken, *count[1:most]):
            self.wish(-literal)

    def _swept(self, party: int, name: str, slots: Sequence[int], *, exactly: bool = False) -> dict[int, int]:
        """By slot, in the order given: a literal that is true where a party is busy in it or was in one before; or 0.

        It is true only there if `exactly`.
        """
        found: dict[int, int] = {}
        last = 0
        for slot in slots:
            parts = [one for one in (self.busy.get((party, slot), 0), last) if one]
            last = found[slot] = self.any(parts, name, party, slot, exactly=exactly) if parts else 0
        return found

    def _stretch(self, party: int, slots: range, begun: dict[int, int], coming: dict[int, int]) -> None:
        """From the first to the last meeting of a party of one day there are as many slots as these take, or more.

        Without a break there are no more.
        """
        for first, late in self._not_before(party).items():
            self.add(coming.get(first + late - 1, 0))
        for last, early in self._not_after(party).items():
            self.add(begun.get(last - early + 1, 0))
        needs = self._needs(self.frame.of_party[party])
        for slot in slots:
            before, ends = begun.get(slot - 1, 0), slot + needs
            self.add(before, coming.get(ends - 1, 0))
            if ends in slots:
                self.add(self.broken[party], -begun[slot], -coming[ends])
