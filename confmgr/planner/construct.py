"""The first plan: meetings put in one by one, the hardest first; then room made for those that found none."""

import random
from collections.abc import Iterable

from confmgr.planner.ending import Over
from confmgr.planner.frame import Frame, ones
from confmgr.planner.state import State

KEPT_OUT = 12
"""Rounds for which a meeting that was put out does not come back to the same start."""


def order(frame: Frame, rng: random.Random, *, shake: float = 0.0) -> list[int]:
    """Meetings by how hard they are to place: locked ones, then those of crowded parties, long, with few starts."""
    demand = [sum(frame.wishes[at].length for at in mine) for mine in frame.of_party]
    room = [max(1, frame.teams[p] * frame.hours[p].bit_count()) for p in range(len(demand))]

    def hardness(at: int) -> tuple[bool, float]:
        wish = frame.wishes[at]
        crowd = sum(demand[p] / room[p] for p in wish.parties)
        need = 10 * crowd + 2 * wish.length * len(wish.parties) + 40 / max(1, wish.starts.bit_count()) + 2 * wish.crew
        return not wish.locked, -need - wish.weight + rng.random() * shake

    return sorted(range(len(frame.wishes)), key=hardness)


def fill(state: State, numbers: Iterable[int], rng: random.Random | None = None, noise: float = 0.0) -> list[int]:
    """Put meetings where they cost least; gives those that found no place."""
    left = []
    for number in numbers:
        starts = state.starts(number)
        if not starts:
            left.append(number)
            continue
        if rng is None or not noise:
            _idle, _late, start = min(state.costs(number, starts))
        else:
            _idle, _late, start = min(state.costs(number, starts), key=lambda c: (c[0] + rng.random() * noise, c[1:]))
        state.put(number, state.spot(number, start))
    return left


def make_room(state: State, left: Iterable[int], rng: random.Random, over: Over, patience: int = 4000) -> list[int]:
    """Place what was left out by putting out others, lighter ones first, that then look for another place.

    Returns:
        What is still left out after `patience` steps.
    """
    waiting = list(left)
    barred: dict[tuple[int, int], int] = {}
    for step in range(patience):
        if not waiting or over():
            break
        number = waiting.pop(rng.randrange(len(waiting)))
        starts = state.starts(number)
        if starts:
            fill(state, [number], rng, 0.5)
            continue
        best = _cheapest(state, number, barred, step, rng, over)
        if best is None:
            waiting.append(number)
            continue
        start, out = best
        for other in out:
            barred[other, state.spots[other].start] = step + KEPT_OUT
            state.take(other)
            waiting.append(other)
        now = state.starts(number) >> start & 1
        if now:
            state.put(number, state.spot(number, start))
        else:
            waiting.append(number)
    return waiting


def bring_in(state: State, wanted: Iterable[int], rng: random.Random, over: Over, patience: int) -> bool:
    """Make room for what was left out; whether no more is left out than before, for else nothing is changed."""
    before, weight = dict(state.spots), state.unplaced()
    fill(state, make_room(state, wanted, rng, over, patience))
    if state.unplaced() <= weight:
        return True
    for at in list(state.spots):
        state.take(at)
    for at, spot in before.items():
        state.put(at, spot)
    return False


def _cheapest(
    state: State, number: int, barred: dict[tuple[int, int], int], step: int, rng: random.Random, over: Over
) -> tuple[int, set[int]] | None:
    found, least = None, float("inf")
    wishes = state.frame.wishes
    for start in ones(wishes[number].starts):
        if barred.get((number, start), 0) > step:
            continue
        if over():
            break
        out = _in_the_way(state, number, start)
        if out is None or any(wishes[o].locked for o in out):
            continue
        cost = sum(wishes[o].length * len(wishes[o].parties) for o in out) + rng.random() * 3
        if cost < least:
            found, least = (start, out), cost
    return found


def _in_the_way(state: State, number: int, start: int) -> set[int] | None:
    """Some meetings without which this one could begin at `start`; None if it is no use."""
    frame, wish = state.frame, state.frame.wishes[number]
    span = frame.span(number, start)
    out: set[int] = set()

    def here(others: Iterable[int]) -> list[int]:
        return [o for o in others if o in state.spots and state.span(o) & span and o not in out]

    for party in wish.parties:
        full = state.load[party][-1] & span
        while full:
            bit = full & -full
            mine = [o for o in here(frame.of_party[party]) if state.span(o) & bit]
            already = [o for o in out if party in frame.wishes[o].parties and state.span(o) & bit]
            if not already:
                if not mine:
                    return None
                out.add(min(mine, key=lambda o: (frame.wishes[o].locked, len(frame.wishes[o].parties))))
            full ^= bit
    for other in (*frame.before[number], *frame.behind[number]):
        if other in state.spots:
            spot = state.spots[other]
            if other in frame.before[number] and spot.start + frame.wishes[other].length > start:
                out.add(other)
            if other in frame.behind[number] and start + wish.length > spot.start:
                out.add(other)
    out |= {
        o for o in frame.together[number] if o in state.spots and not frame.same_day(1 << state.spots[o].start, start)
    }
    if wish.people:
        out |= {o for o in here(state.spots) if set(frame.wishes[o].people) & set(wish.people)}
    out |= _for_room(state, number, span, out)
    if wish.crew:
        out |= _for_crew(state, number, span, out)
    return out


def _for_room(state: State, number: int, span: int, out: set[int]) -> set[int]:
    frame, wish = state.frame, state.frame.wishes[number]
    freed: dict[int, list[int]] = {}
    for other in out:
        freed.setdefault(state.spots[other].room, []).append(other)
    best: set[int] | None = None
    for room in wish.rooms:
        if span & ~frame.rooms[room].hours:
            continue
        full = state.taken[room][-1] & span
        for other in freed.get(room, ()):
            full &= ~state.span(other)
        if not full:
            return set()
        users = [o for o, spot in state.spots.items() if spot.room == room and o not in out]
        chosen: set[int] = set()
        while full:
            bit = full & -full
            at = [o for o in users if state.span(o) & bit]
            pick = min(at, key=lambda o: (frame.wishes[o].locked, len(frame.wishes[o].parties), o))
            chosen.add(pick)
            full &= ~state.span(pick)
        if best is None or len(chosen) < len(best):
            best = chosen
    return best or set()


def _for_crew(state: State, number: int, span: int, out: set[int]) -> set[int]:
    frame, wish = state.frame, state.frame.wishes[number]
    free = 0
    users: list[int] = []
    for crew in wish.crews:
        if span & ~frame.crews[crew].hours:
            continue
        free += sum(not span & taken for taken in state.spoken[crew])
        users += [o for o, spot in state.spots.items() if crew in spot.crew]
    gone = [o for o in out if set(state.spots[o].crew) & set(wish.crews) and state.span(o) & span]
    missing = wish.crew - free - len(gone)
    if missing <= 0:
        return set()
    at = sorted(
        {o for o in users if o not in out and state.span(o) & span},
        key=lambda o: (frame.wishes[o].locked, len(frame.wishes[o].parties), o),
    )
    return set(at[:missing])
