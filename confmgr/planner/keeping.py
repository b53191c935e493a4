"""What keeps its start keeps its place and interpreters too, as far as the others leave them."""

from collections.abc import Mapping

from confmgr.planner.frame import Frame, Spot
from confmgr.planner.state import State


def kept(frame: Frame, spots: Mapping[int, Spot], old: Mapping[int, Spot]) -> dict[int, Spot]:
    """The same starts with as many places and interpreters of an older plan as first fit finds.

    Args:
        frame: What is planned.
        spots: A plan that keeps the rules.
        old: Where meetings were.

    Returns:
        A plan that keeps the rules; the given one where the others then find no room.
    """
    state = State(frame)
    stay = [at for at, spot in spots.items() if at in old and old[at].start == spot.start]
    for at in sorted(stay, key=lambda at: -frame.wishes[at].hold):
        was, wish = old[at], frame.wishes[at]
        crew = was.crew if len(was.crew) == wish.crew else spots[at].crew
        here = Spot(was.start, was.room, crew)
        if was.room in wish.rooms and set(crew) <= set(wish.crews) and state.takes(at, here):
            state.put(at, here)
    for at, spot in sorted(spots.items(), key=lambda one: (len(frame.wishes[one[0]].rooms), one[0])):
        if at in state.spots:
            continue
        if state.takes(at, spot):
            state.put(at, spot)
        elif state.starts(at) >> spot.start & 1:
            state.put(at, state.spot(at, spot.start))
        else:
            return dict(spots)
    return dict(state.spots)
