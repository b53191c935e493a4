"""An instance turned into numbers: slots are bits of integers, places and interpreters that are alike are one class.

A class of alike places needs only counting: meetings are intervals, and intervals of which no more than n overlap can
always be dealt out to n places (colouring of interval graphs). Counting over places of different sizes would not be
enough, so each meeting chooses its class. A place that somebody locks is a class of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from confmgr.planner.domain import PRIORITY_WEIGHT, Instance, Placement


@dataclass(frozen=True, slots=True)
class Kind:
    """Places or interpreters that are alike: their ids, and the slots in which they are there."""

    ids: tuple[str, ...]
    hours: int
    max_run: int | None = None
    max_day: int | None = None

    @property
    def limited(self) -> bool:
        """Whether it is one person whose work is limited."""
        return self.max_run is not None or self.max_day is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting in numbers. `open`: the slots in which it may be at all, `starts`: where it may begin."""

    id: str
    parties: tuple[int, ...]
    people: tuple[int, ...]
    length: int
    weight: int
    late: int
    hold: int
    crew: int
    rooms: tuple[int, ...]
    crews: tuple[int, ...]
    open: int
    starts: int
    locked: bool


class Frame:
    """Everything about an instance that does not change while it is planned."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.total, self.per_day, self.days = instance.total, instance.per_day, instance.days
        self.by_breaks = bool(instance.objective and "breaks" in instance.objective)
        self.spread = instance.max_break_spread
        self.day_mask = (1 << instance.per_day) - 1
        self.usable = bits(instance.usable)
        self.rank = [0] * self.total
        for slot, rank in instance.rank.items():
            self.rank[slot] = rank
        self.party_ids = [party.id for party in instance.parties]
        self.hours = [bits(instance.hours(party.available)) for party in instance.parties]
        self.teams = [party.teams for party in instance.parties]
        self.rooms = self._rooms()
        self.crews = self._crews()
        self.names = sorted({name for meeting in instance.meetings for name in meeting.people})
        self.people = {name: at for at, name in enumerate(self.names)}
        self.person_hours = [bits(instance.hours(instance.people.get(name))) for name in self.names]
        self._inside = {
            length: bits(s for s in range(self.total) if s % self.per_day + length <= self.per_day)
            for length in {meeting.slots for meeting in instance.meetings}
        }
        self.wishes = self._wishes()
        self.number = {wish.id: at for at, wish in enumerate(self.wishes)}
        self.before: list[list[int]] = [[] for _ in self.wishes]
        self.behind: list[list[int]] = [[] for _ in self.wishes]
        for first, second in instance.after:
            self.before[self.number[second]].append(self.number[first])
            self.behind[self.number[first]].append(self.number[second])
        self.together: list[list[int]] = [[] for _ in self.wishes]
        for one, other in instance.same_day:
            self.together[self.number[one]].append(self.number[other])
            self.together[self.number[other]].append(self.number[one])
        self.of_party: list[list[int]] = [[] for _ in self.party_ids]
        for at, wish in enumerate(self.wishes):
            for party in wish.parties:
                self.of_party[party].append(at)

    def fits(self, free: int, length: int) -> int:
        """Where something of a length can begin if it may only take `free` slots."""
        found = free
        for step in range(1, length):
            found &= free >> step
        return found & self._inside[length]

    def is_hopeless(self, wish: Wish) -> bool:
        """Whether a meeting fits nowhere even if it is the only one: no start, no place, or too few interpreters."""
        able = sum(len(self.crews[crew].ids) for crew in wish.crews)
        return not wish.starts or not wish.rooms or able < wish.crew

    def span(self, number: int, start: int) -> int:
        """The slots that a meeting takes if it begins at `start`."""
        return ((1 << self.wishes[number].length) - 1) << start

    @cached_property
    def locked(self) -> dict[int, int]:
        """Where meetings begin that are locked to a start that they can have."""
        return {at: wish.starts.bit_length() - 1 for at, wish in enumerate(self.wishes) if wish.locked and wish.starts}

    @cached_property
    def heavier(self) -> int:
        """More than all moves together can weigh: the weight of what counts before them, in one sum with them."""
        return sum(wish.hold for wish in self.wishes) + 1

    @cached_property
    def reaches(self) -> list[int]:
        """The slots that each meeting can be in, wherever it begins."""
        return [_smear(wish.starts, wish.length) for wish in self.wishes]

    def same_day(self, mask: int, slot: int) -> int:
        """Those of some slots that are on the day of another."""
        return mask & self.day_mask << slot // self.per_day * self.per_day

    def tied(self, number: int) -> list[int]:
        """What an order or a common day ties a meeting to."""
        return [*self.before[number], *self.behind[number], *self.together[number]]

    def day(self, mask: int, day: int) -> int:
        """The slots of one day, counted from its beginning."""
        return mask >> (day * self.per_day) & self.day_mask

    def _rooms(self) -> list[Kind]:
        locked = {m.locked.place for m in self.instance.meetings if m.locked and m.locked.place is not None}
        alike: dict[tuple[int, int, str | None], list[str]] = {}
        for place in sorted(self.instance.places, key=lambda place: (place.seats, place.id)):
            hours = bits(self.instance.hours(place.available))
            alone = place.id if place.id in locked else None
            alike.setdefault((place.seats, hours, alone), []).append(place.id)
        self.seats = [seats for seats, _hours, _alone in alike]
        return [Kind(tuple(ids), hours) for (_seats, hours, _alone), ids in alike.items()]

    def _crews(self) -> list[Kind]:
        alike: dict[tuple[frozenset[str], int], list[str]] = {}
        self.pairs: list[frozenset[str]] = []
        kinds: list[Kind] = []
        for person in sorted(self.instance.interpreters, key=lambda person: (len(person.pairs), person.id)):
            hours = bits(self.instance.hours(person.available))
            if person.max_run is not None or person.max_day is not None:
                kinds.append(Kind((person.id,), hours, person.max_run, person.max_day))
                self.pairs.append(person.pairs)
            else:
                alike.setdefault((person.pairs, hours), []).append(person.id)
        for (pairs, hours), ids in alike.items():
            kinds.append(Kind(tuple(ids), hours))
            self.pairs.append(pairs)
        return kinds

    def _wishes(self) -> list[Wish]:
        instance = self.instance
        party = {ident: at for at, ident in enumerate(self.party_ids)}
        found = []
        for meeting in instance.meetings:
            free = self.usable
            for ident in meeting.parties:
                free &= self.hours[party[ident]]
            for name in meeting.people:
                free &= self.person_hours[self.people[name]]
            if meeting.window is not None:
                free &= bits(meeting.window)
            starts = self.fits(free, meeting.slots)
            lock = meeting.locked
            if lock is not None and lock.start is not None:
                starts &= 1 << lock.start
            rooms = tuple(
                at
                for at, kind in enumerate(self.rooms)
                if self.seats[at] >= meeting.seats and (lock is None or lock.place is None or lock.place in kind.ids)
            )
            crews = tuple(at for at, pairs in enumerate(self.pairs) if meeting.crew and meeting.interpretation in pairs)
            found.append(
                Wish(
                    id=meeting.id,
                    parties=tuple(party[ident] for ident in meeting.parties),
                    people=tuple(self.people[name] for name in meeting.people),
                    length=meeting.slots,
                    weight=4 - meeting.priority,
                    late=PRIORITY_WEIGHT[meeting.priority],
                    hold=meeting.hold,
                    crew=meeting.crew,
                    rooms=rooms,
                    crews=crews,
                    open=free,
                    starts=starts,
                    locked=lock is not None and lock.start is not None,
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a meeting is: its start, its class of places, its classes of interpreters, one entry a person."""

    start: int
    room: int
    crew: tuple[int, ...] = ()


def spots_of(frame: Frame, placements: Mapping[str, Placement]) -> dict[int, Spot]:
    """The placements of a plan in numbers; those that name what is not there are left out."""
    room = {ident: at for at, kind in enumerate(frame.rooms) for ident in kind.ids}
    crew = {ident: at for at, kind in enumerate(frame.crews) for ident in kind.ids}
    return {
        frame.number[ident]: Spot(p.start, room[p.place], tuple(crew[i] for i in p.interpreters))
        for ident, p in placements.items()
        if p.place in room and all(i in crew for i in p.interpreters)
    }


def bits(slots: Iterable[int]) -> int:
    """Slots as bits of one number."""
    total = 0
    for slot in slots:
        total |= 1 << slot
    return total


def ones(mask: int) -> Sequence[int]:
    """The slots of a number, the first first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _smear(starts: int, length: int) -> int:
    found = 0
    for step in range(length):
        found |= starts << step
    return found


def longest_run(mask: int) -> int:
    """The longest run of set bits."""
    run = 0
    while mask:
        mask &= mask << 1
        run += 1
    return run
