"""Why a meeting was left out, as data: counting conflicts as numbers, clashes as names."""

from collections.abc import Iterator, Mapping, Sequence

from confmgr.planner.domain import Because
from confmgr.planner.frame import Frame, Spot, ones
from confmgr.planner.state import State


def reasons(frame: Frame, spots: Mapping[int, Spot], unplaced: Sequence[str]) -> Iterator[Because]:
    """One reason for each meeting that was left out: the first that by itself keeps it out, else what is taken."""
    if not unplaced:
        return
    state = State(frame, spots)
    for ident in unplaced:
        yield _reason(state, frame.number[ident])


def _reason(state: State, at: int) -> Because:
    frame, wish = state.frame, state.frame.wishes[at]
    instance = frame.instance
    meeting = instance.by_id[wish.id]
    if not wish.starts:
        return Because(wish.id, "no_common_time", {"parties": list(meeting.parties), "slots": meeting.slots})
    if not any(place.seats >= meeting.seats for place in instance.places):
        most = max((place.seats for place in instance.places), default=0)
        return Because(wish.id, "no_place_large_enough", {"seats": meeting.seats, "largest": most})
    able = sum(len(frame.crews[crew].ids) for crew in wish.crews)
    if able < wish.crew:
        return Because(wish.id, "no_interpreter", {"pair": meeting.interpretation, "needs": meeting.crew, "has": able})
    return _crowded(state, at)


def _crowded(state: State, at: int) -> Because:
    frame, wish = state.frame, state.frame.wishes[at]
    for party in wish.parties:
        needs = sum(frame.wishes[other].length for other in frame.of_party[party])
        has = frame.hours[party].bit_count() * frame.teams[party]
        if needs > has:
            return Because(wish.id, "party_full", {"party": frame.party_ids[party], "needs": needs, "has": has})
    taken: dict[str, int] = dict.fromkeys(("party", "place", "interpreter", "person"), 0)
    for start in ones(wish.starts):
        span = frame.span(at, start)
        if any(state.load[party][-1] & span for party in wish.parties):
            taken["party"] += 1
        elif any(state.person[person] & span for person in wish.people):
            taken["person"] += 1
        elif all(span & (~frame.rooms[room].hours | state.taken[room][-1]) for room in wish.rooms):
            taken["place"] += 1
        else:
            taken["interpreter"] += 1
    return Because(wish.id, "all_times_taken", {"starts": wish.starts.bit_count(), **taken})
