"""Counting conflicts: more slots are wanted of a party, of places, interpreters or a person than there are.

The energy argument of cumulative scheduling (Baptiste, Le Pape and Nuijten 2001): what can only be within some slots
must fit into them together. A shortage is found by sums and proven again by a small model of its own (`is_proven`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd
from typing import Any

from confmgr.planner.frame import Frame, Wish, ones

MANY = 60
"""Different reaches beyond which only stretches between the first and the last slot of one are tried."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Who or what meetings need a slot of: `hours` and how many of it; the work of one person may be limited."""

    hours: int
    number: int = 1
    max_run: int | None = None
    max_day: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A meeting as a shortage counts it: length, how many of the supply at once, the slots it can be in."""

    at: int
    length: int
    units: int
    reach: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is short: `needs` slots are wanted within some slots that hold `has`. `counted` already do not fit."""

    kind: str
    needs: int
    has: int
    within: int | None
    counted: tuple[Need, ...]
    supplies: tuple[Supply, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


class Wanted:
    """What meetings need, by whom or what they need it of; each is listed once, for there may be many left out."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.rooms = sorted({wish.rooms for wish in frame.wishes})
        self.crews = sorted({wish.crews for wish in frame.wishes if wish.crew})
        self._known: dict[tuple[str, Any], list[Need]] = {}

    def of_party(self, party: int) -> list[Need]:
        return self._needs(("party", party), lambda: self.frame.of_party[party])

    def of_person(self, person: int) -> list[Need]:
        return self._needs(("person", person), lambda: self._where(lambda wish: person in wish.people))

    def of_crews(self, crews: Collection[int]) -> list[Need]:
        """Of interpreters, by meetings that need some of these and can have no others."""
        inside = frozenset(crews)
        return self._needs(
            ("crews", inside), lambda: self._where(lambda wish: bool(wish.crew) and inside >= {*wish.crews})
        )

    def of_rooms(self, rooms: Collection[int]) -> list[Need]:
        """Of places, by meetings that fit into these and into no others."""
        inside = frozenset(rooms)
        return self._needs(("rooms", inside), lambda: self._where(lambda wish: inside >= {*wish.rooms}))

    def _where(self, holds: Callable[[Wish], bool]) -> list[int]:
        return [n for n, wish in enumerate(self.frame.wishes) if holds(wish)]

    def _needs(self, key: tuple[str, Any], numbers: Callable[[], Collection[int]]) -> list[Need]:
        if key not in self._known:
            wishes, reaches = self.frame.wishes, self.frame.reaches
            self._known[key] = [
                Need(n, wishes[n].length, wishes[n].crew if key[0] == "crews" else 1, reaches[n])
                for n in numbers()
                if reaches[n]
            ]
        return self._known[key]


def shortages(wanted: Wanted, kept: Collection[int], at: int) -> Iterator[Shortage]:
    """Each shortage that by itself keeps a meeting out beside the `kept` ones; its own parties first."""
    frame = wanted.frame
    wish = frame.wishes[at]
    inside = {*kept, at}
    for party in wish.parties:
        supply = Supply(frame.hours[party], frame.teams[party])
        facts: dict[str, Any] = {"party": frame.party_ids[party]}
        yield from _short(frame, "party", [supply], wanted.of_party(party), inside, at, facts)
    for person in wish.people:
        supply, facts = Supply(frame.person_hours[person]), {"person": frame.names[person]}
        yield from _short(frame, "persons", [supply], wanted.of_person(person), inside, at, facts)
    for crews in wanted.crews if wish.crew else ():
        if {*crews} >= {*wish.crews}:
            kinds = [frame.crews[c] for c in crews]
            supplies = [Supply(kind.hours, len(kind.ids), kind.max_run, kind.max_day) for kind in kinds]
            facts = {"pair": frame.instance.by_id[wish.id].interpretation}
            yield from _short(frame, "interpreters", supplies, wanted.of_crews(crews), inside, at, facts)
    for rooms in wanted.rooms:
        if {*rooms} >= {*wish.rooms}:
            supplies = [Supply(frame.rooms[r].hours, len(frame.rooms[r].ids)) for r in rooms]
            facts = {"seats": min((frame.seats[r] for r in rooms), default=0)}
            yield from _short(frame, "places", supplies, wanted.of_rooms(rooms), inside, at, facts)


def fitting(wanted: Wanted, kept: Collection[int], out: Collection[int]) -> list[int]:
    """Those of some meetings for each of which nothing is short beside the `kept` ones, so that there may be room."""
    wishes = wanted.frame.wishes
    return [at for at in out if wishes[at].starts and next(shortages(wanted, kept, at), None) is None]


def _short(
    frame: Frame,
    kind: str,
    supplies: Sequence[Supply],
    wanted: Sequence[Need],
    inside: Collection[int],
    at: int,
    facts: Mapping[str, Any],
) -> Iterator[Shortage]:
    """The shortage with the fewest slots in question, if there is one."""
    counted = [need for need in wanted if need.at in inside]
    mine = next(need for need in counted if need.at == at)
    everything = reduce(lambda sum_, supply: sum_ | supply.hours, supplies, 0)
    best: Shortage | None = None
    for within in _stretches(frame, mine, counted):
        here = [need for need in counted if not need.reach & ~within]
        has = _capacity(frame, supplies, within, reduce(gcd, (need.length for need in here), 0))
        if sum(need.length * need.units for need in here) <= has:
            continue
        needs = sum(need.length * need.units for need in wanted if not need.reach & ~within)
        whole = not everything & ~within
        if best is None or (whole, -within.bit_count()) > (best.within is None, -(best.within or 0).bit_count()):
            best = Shortage(kind, needs, has, None if whole else within, tuple(here), tuple(supplies), facts)
    if best is not None:
        yield best


def _stretches(frame: Frame, mine: Need, counted: Sequence[Need]) -> list[int]:
    """Sets of slots that hold all the meeting can be in: everything, reaches of others, from a first to a last slot."""
    reaches = {need.reach for need in counted if need.reach} | {mine.reach}
    firsts = {(reach & -reach).bit_length() - 1 for reach in reaches}
    lasts = {reach.bit_length() for reach in reaches}
    low, high = (mine.reach & -mine.reach).bit_length() - 1, mine.reach.bit_length()
    found = {(1 << frame.total) - 1, mine.reach}
    found |= {(1 << last) - (1 << first) for first in firsts if first <= low for last in lasts if last >= high}
    if len(reaches) <= MANY:
        found |= {reach for reach in reaches if not mine.reach & ~reach}
    return sorted(found)


def _capacity(frame: Frame, supplies: Sequence[Supply], within: int, grain: int) -> int:
    """Slots that meetings can take of the supplies; what is left of a stretch beside multiples of a length is lost."""
    return sum(
        supply.number * _of_day(frame.day(supply.hours & within, day), supply, max(1, grain))
        for supply in supplies
        for day in range(frame.days)
    )


def _of_day(hours: int, supply: Supply, grain: int) -> int:
    total = 0
    while hours:
        hours >>= (hours & -hours).bit_length() - 1
        run = (~hours & (hours + 1)).bit_length() - 1
        most = run // grain * grain
        if supply.max_run is not None:
            most = min(most, run - run // (supply.max_run + 1))
        total += most
        hours >>= run
    return total if supply.max_day is None else min(total, supply.max_day)


def is_proven(frame: Frame, short: Shortage, left: Callable[[], float]) -> bool:
    """Whether a second solve, on a model of the shortage alone, finds as well that not all that was counted fits.

    `left`: the seconds that are left for it; without any it is not asked.
    """
    from confmgr.planner.solver import cp_model, is_impossible

    if left() <= 0:
        return False
    model = cp_model.CpModel()
    within = (1 << frame.total) - 1 if short.within is None else short.within
    sorts: dict[tuple[int, int], int] = {}
    for need in short.counted:
        sorts[need.length, need.units] = sorts.get((need.length, need.units), 0) + 1
    placed: dict[tuple[int, int], list[Any]] = {sort: [] for sort in sorts}
    for supply in short.supplies:
        hours = supply.hours & within
        work: dict[int, list[Any]] = {slot: [] for slot in ones(hours)}
        for (length, units), number in sorts.items():
            for start in ones(frame.fits(hours, length)):
                here = model.new_int_var(0, number * units, "")
                placed[length, units].append(here)
                for slot in range(start, start + length):
                    work[slot].append(here)
        for taken in work.values():
            model.add(sum(taken) <= supply.number)
        _limit(model, frame, supply, work)
    for (_length, units), found in placed.items():
        model.add(sum(found) == units * sorts[_length, units])
    return is_impossible(model, left(), lambda: left() <= 0, linear=2)


def _limit(model: Any, frame: Frame, supply: Supply, work: Mapping[int, Sequence[Any]]) -> None:
    for day in range(frame.days):
        today = [work.get(slot, ()) for slot in range(day * frame.per_day, (day + 1) * frame.per_day)]
        if supply.max_day is not None:
            model.add(sum(one for taken in today for one in taken) <= supply.number * supply.max_day)
        if supply.max_run is not None:
            for first in range(max(0, frame.per_day - supply.max_run)):
                window = today[first : first + supply.max_run + 1]
                model.add(sum(one for taken in window for one in taken) <= supply.number * supply.max_run)
