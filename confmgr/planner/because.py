"""Why a meeting was left out, as data: counting conflicts as numbers, clashes as names."""

from collections.abc import Iterator, Sequence

from confmgr.planner.domain import Because, Instance, Meeting, Placements
from confmgr.planner.search import Board


def reasons(instance: Instance, placements: Placements, unplaced: Sequence[str]) -> Iterator[Because]:
    """One reason for each meeting that was left out: the first that by itself keeps it out, else what is taken."""
    if not unplaced:
        return
    board = Board(instance)
    for ident, placement in placements.items():
        board.put(instance.by_id[ident], placement)
    for ident in unplaced:
        yield _reason(instance, board, instance.by_id[ident])


def _reason(instance: Instance, board: Board, meeting: Meeting) -> Because:
    if not board.starts[meeting.id]:
        return Because(meeting.id, "no_common_time", {"parties": list(meeting.parties), "slots": meeting.slots})
    if not any(place.seats >= meeting.seats for place in instance.places):
        most = max((place.seats for place in instance.places), default=0)
        return Because(meeting.id, "no_place_large_enough", {"seats": meeting.seats, "largest": most})
    if meeting.crew:
        able = [person.id for person in board.pairs.get(meeting.interpretation or "", ())]
        if len(able) < meeting.crew:
            return Because(
                meeting.id,
                "no_interpreter",
                {"pair": meeting.interpretation, "needs": meeting.crew, "has": len(able)},
            )
    return _crowded(instance, board, meeting)


def _crowded(instance: Instance, board: Board, meeting: Meeting) -> Because:
    for party in meeting.parties:
        needs = sum(m.slots for m in instance.meetings if party in m.parties)
        has = board.hours[party].bit_count() * board.teams[party]
        if needs > has:
            return Because(meeting.id, "party_full", {"party": party, "needs": needs, "has": has})
    taken: dict[str, int] = dict.fromkeys(("party", "place", "interpreter", "person"), 0)
    for start in board.starts[meeting.id]:
        span = ((1 << meeting.slots) - 1) << start
        if any(board.load[party][-1] & span for party in meeting.parties):
            taken["party"] += 1
        elif any(span & ~board.person_free.get(name, -1) for name in meeting.people):
            taken["person"] += 1
        elif all(span & ~board.place_free[p.id] for p in board.places if p.seats >= meeting.seats):
            taken["place"] += 1
        else:
            taken["interpreter"] += 1
    return Because(meeting.id, "all_times_taken", {"starts": len(board.starts[meeting.id]), **taken})
