"""From classes of alike places and interpreters to a name for each meeting: intervals are coloured, changes kept few.

Of a class no more meetings overlap than it has places (`frame`), so first fit by start never runs out.
"""

from collections.abc import Mapping, Sequence

from confmgr.planner.domain import Placement, Placements
from confmgr.planner.frame import Frame, Spot


def deal(frame: Frame, spots: Mapping[int, Spot], previous: Placements | None = None) -> dict[str, Placement]:
    """A place and interpreters by name for every meeting; where it may, it keeps those of `previous`.

    Locks on a place are classes of one place, so a meeting of such a class gets that place.
    """
    before = previous or {}
    free = [dict.fromkeys(kind.ids, 0) for kind in frame.rooms]
    idle = [dict.fromkeys(kind.ids, 0) for kind in frame.crews]
    last: dict[int, tuple[str, int]] = {}
    kept = _kept(frame, spots, before)
    found: dict[str, Placement] = {}
    for at in sorted(spots, key=lambda at: (spots[at].start, at not in kept, at)):
        wish, spot = frame.wishes[at], spots[at]
        ends = spot.start + wish.length
        open_ = [ident for ident, until in free[spot.room].items() if until <= spot.start]
        day = spot.start // frame.per_day
        near = [last[p][0] for p in wish.parties if frame.teams[p] == 1 and p in last and last[p][1] == day]
        wanted = [kept[at]] if at in kept else near
        place = next((ident for ident in wanted if ident in open_), None) or _quiet(
            open_, kept, frame, spots, spot, ends
        )
        free[spot.room][place] = ends
        for party in wish.parties:
            last[party] = (place, day)
        crew: list[str] = []
        old = before[wish.id].interpreters if wish.id in before else ()
        for kind in spot.crew:
            person = _colleague(idle[kind], spot.start, old)
            idle[kind][person] = ends
            crew.append(person)
        found[wish.id] = Placement(spot.start, place, tuple(crew))
    return found


def _colleague(idle: Mapping[str, int], start: int, old: Sequence[str]) -> str:
    """Who of some that are alike is free: one who was there before, else who has been free for longest."""
    free = [ident for ident, until in idle.items() if until <= start]
    return min(free, key=lambda ident: (ident not in old, idle[ident]))


def _kept(frame: Frame, spots: Mapping[int, Spot], previous: Placements) -> dict[int, str]:
    """Meetings that keep start and place: these places are spoken for."""
    kept = {}
    for at, spot in spots.items():
        old = previous.get(frame.wishes[at].id)
        if old is not None and old.start == spot.start and old.place in frame.rooms[spot.room].ids:
            kept[at] = old.place
    return kept


def _quiet(
    open_: list[str], kept: Mapping[int, str], frame: Frame, spots: Mapping[int, Spot], spot: Spot, ends: int
) -> str:
    """An open place that nobody who keeps it needs before the meeting is over; else any."""
    if kept:
        soon = {
            place
            for other, place in kept.items()
            if spots[other].start < ends and spots[other].start + frame.wishes[other].length > spot.start
        }
        for ident in open_:
            if ident not in soon:
                return ident
    return open_[0]
