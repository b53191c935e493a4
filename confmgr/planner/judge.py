"""Every rule of a plan and the value of its levels, computed from the plan alone: what is shown was judged here."""

from collections import defaultdict
from itertools import pairwise

from confmgr.planner.domain import PRIORITY_WEIGHT, Instance, Meeting, Place, Placement, Placements


def faults(instance: Instance, placements: Placements) -> list[str]:
    """Each broken rule as a line; an empty list means that the plan keeps them all."""
    found: list[str] = []
    places = {place.id: place for place in instance.places}
    for ident, placement in placements.items():
        meeting = instance.by_id.get(ident)
        if meeting is None:
            found.append(f"{ident}: no such meeting")
            continue
        found += [
            f"{ident}: {fault}" for fault in _own_faults(instance, meeting, placement, places.get(placement.place))
        ]
    found += _shared_faults(instance, placements)
    found += [f"{m.id}: locked, and not placed" for m in instance.meetings if _must(m) and m.id not in placements]
    for first, second in instance.after:
        if first in placements and second in placements:
            ends = placements[first].start + instance.by_id[first].slots
            if ends > placements[second].start:
                found.append(f"{second} does not come after {first}")
    for one, other in instance.same_day:
        if one in placements and other in placements:
            days = {placements[ident].start // instance.per_day for ident in (one, other)}
            if len(days) > 1:
                found.append(f"{one} and {other} are not on one day")
    spread = break_spread(instance, placements)
    if instance.max_break_spread is not None and spread > instance.max_break_spread:
        found.append(f"breaks differ by {spread}")
    return found


def is_of_locks(fault: str) -> bool:
    """Whether a fault is one that locks alone can force: such an instance is infeasible, and its plan says so."""
    return fault.endswith("locked, and not placed") or fault.startswith("breaks differ by")


def _must(meeting: Meeting) -> bool:
    return meeting.locked is not None and meeting.locked.start is not None


def _own_faults(instance: Instance, meeting: Meeting, placement: Placement, place: Place | None) -> list[str]:
    span = placement.span(meeting.slots)
    if span[0] < 0 or span[-1] >= instance.total or span[0] // instance.per_day != span[-1] // instance.per_day:
        return [f"{placement.start} is outside the day"]
    slots = set(span)
    found = []
    if not slots <= instance.usable:
        found.append("in a blocked slot")
    if meeting.window is not None and not slots <= meeting.window:
        found.append("outside its window")
    lock = meeting.locked
    if lock is not None and (lock.start not in {None, placement.start} or lock.place not in {None, placement.place}):
        found.append("lock broken")
    found += _place_faults(instance, meeting, slots, placement, place)
    crew = [i for i in instance.interpreters if i.id in placement.interpreters]
    if len(crew) != len(set(placement.interpreters)) or len(crew) < meeting.crew:
        found.append("too few interpreters")
    for person in crew if meeting.interpretation else ():
        if meeting.interpretation not in person.pairs or not slots <= instance.hours(person.available):
            found.append(f"{person.id} cannot interpret it")
    return found


def _place_faults(
    instance: Instance, meeting: Meeting, slots: set[int], placement: Placement, place: Place | None
) -> list[str]:
    if place is None:
        return [f"no place {placement.place}"]
    found = []
    if place.seats < meeting.seats:
        found.append(f"{place.id} has too few seats")
    if not slots <= instance.hours(place.available):
        found.append(f"{place.id} is closed")
    return found


def _shared_faults(instance: Instance, placements: Placements) -> list[str]:
    found = []
    parties = {party.id: (party.teams, instance.hours(party.available)) for party in instance.parties}
    busy: dict[tuple[str, int], int] = defaultdict(int)
    taken: dict[tuple[str, str, int], str] = {}
    spoken: dict[str, set[int]] = defaultdict(set)
    for ident, placement in placements.items():
        meeting = instance.by_id.get(ident)
        if meeting is None:
            continue
        crew = placement.interpreters if meeting.interpretation else ()
        for slot in placement.span(meeting.slots):
            for party in meeting.parties:
                busy[party, slot] += 1
                if slot not in parties[party][1]:
                    found.append(f"{ident}: {party} is away at {slot}")
            for name in meeting.people:
                if slot not in instance.hours(instance.people.get(name)):
                    found.append(f"{ident}: {name} is away at {slot}")
            used = [("place", placement.place), *(("person", n) for n in meeting.people), *(("crew", n) for n in crew)]
            for kind, name in used:
                other = taken.setdefault((kind, name, slot), ident)
                if other != ident:
                    found.append(f"{ident}: {name} at {slot} is with {other}")
            for name in crew:
                spoken[name].add(slot)
    found += [f"{p} at {s}: {n} meetings" for (p, s), n in busy.items() if n > parties[p][0]]
    for person in instance.interpreters:
        found += _work_faults(instance, person.id, person.max_run, person.max_day, spoken[person.id])
    return found


def _work_faults(instance: Instance, name: str, max_run: int | None, max_day: int | None, slots: set[int]) -> list[str]:
    found = []
    for day in range(instance.days):
        run = longest = worked = 0
        for slot in range(day * instance.per_day, (day + 1) * instance.per_day):
            run = run + 1 if slot in slots else 0
            longest, worked = max(longest, run), worked + (slot in slots)
        if max_run is not None and longest > max_run:
            found.append(f"{name}: {longest} slots in a row on day {day + 1}")
        if max_day is not None and worked > max_day:
            found.append(f"{name}: {worked} slots on day {day + 1}")
    return found


def party_slots(instance: Instance, placements: Placements) -> dict[str, set[int]]:
    """The slots in which each party meets."""
    held: dict[str, set[int]] = {party.id: set() for party in instance.parties}
    for ident, placement in placements.items():
        if meeting := instance.by_id.get(ident):
            for party in meeting.parties:
                held[party].update(placement.span(meeting.slots))
    return held


def idle_of(instance: Instance, held: set[int], hours: frozenset[int]) -> int:
    """A party's free available slots between its first and last meeting of each day."""
    idle = 0
    for day in range(instance.days):
        today = [s for s in held if s // instance.per_day == day]
        if today:
            idle += sum(s in hours and s not in held for s in range(min(today), max(today)))
    return idle


def breaks_of(instance: Instance, held: set[int]) -> int:
    """Gaps between consecutive meetings of a party on one day, whatever their length."""
    return sum(
        1
        for s in held
        if s + 1 not in held and any(t > s and t // instance.per_day == s // instance.per_day for t in held)
    )


def break_spread(instance: Instance, placements: Placements) -> int:
    """The largest difference of breaks between two parties."""
    breaks = [breaks_of(instance, held) for held in party_slots(instance, placements).values()]
    return max(breaks, default=0) - min(breaks, default=0)


def levels(instance: Instance, placements: Placements, previous: Placements | None = None) -> dict[str, int]:
    """The value of every level, in their order."""
    held = party_slots(instance, placements)
    hours = {party.id: instance.hours(party.available) for party in instance.parties}
    idle = {party: idle_of(instance, slots, hours[party]) for party, slots in held.items()}
    values = {
        "unplaced": sum(4 - m.priority for m in instance.meetings if m.id not in placements),
        "moved": sum(
            instance.by_id[m].hold for m, p in placements.items() if m in previous and previous[m].start != p.start
        )
        if previous
        else 0,
    }
    if instance.objective and "breaks" in instance.objective:
        return values | {"breaks": sum(breaks_of(instance, slots) for slots in held.values())}
    return values | {
        "idle": sum(idle.values()),
        "unfairness": max(idle.values(), default=0),
        "lateness": sum(
            PRIORITY_WEIGHT[instance.by_id[m].priority] * instance.rank.get(p.start, 0) for m, p in placements.items()
        ),
        "place_changes": _place_changes(instance, placements),
    }


def _place_changes(instance: Instance, placements: Placements) -> int:
    changes = 0
    for party in instance.parties:
        if party.teams != 1:
            continue
        mine = sorted((p.start, p.place) for m, p in placements.items() if party.id in instance.by_id[m].parties)
        for (first, here), (second, there) in pairwise(mine):
            changes += first // instance.per_day == second // instance.per_day and here != there
    return changes
