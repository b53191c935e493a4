"""What of a plan stays when it is repaired, and which meetings may move for what cannot."""

import random
import time
from collections.abc import Iterator, Mapping

from confmgr.planner import prover
from confmgr.planner.construct import order
from confmgr.planner.ending import Over
from confmgr.planner.frame import Frame, Spot
from confmgr.planner.incumbent import Incumbent
from confmgr.planner.state import State

ALL_PLACED = (0,)
"""What is proven of moves holds where nothing is left out."""
WIDE = 12
"""Meetings whose parties' other meetings may move as well where the closest ones are not enough."""


def first_fit(best: Incumbent, seed: int) -> dict[int, Spot]:
    """What of the plan to repair can stay where it is, by first fit around what is locked by now: known at once."""
    frame, found = best.frame, dict[int, Spot]()
    state = State(frame)
    starts = {at: spot.start for at, spot in best.old.items()} | frame.locked
    wanted = order(frame, random.Random(seed))  # noqa: S311
    for at in sorted(wanted, key=lambda at: (at not in frame.locked, -frame.wishes[at].hold)):
        if at in starts and state.starts(at) >> starts[at] & 1:
            found[at] = state.spot(at, starts[at])
            state.put(at, found[at])
    return found


def staying(best: Incumbent, found: dict[int, Spot], seconds: float, work: float | None, over: Over) -> dict[int, Spot]:
    """What can stay where it is: what was `found` by first fit where that is all, with what is proven of moves.

    Else as much as can stay in counts, if the rest comes in around it; if not, what was found, around which the rest
    comes in, which leaves nearly all where it was. The plan is offered.
    """
    frame = best.frame
    starts = {at: start for at, start in best.before.items() if frame.wishes[at].starts >> start & 1}
    lost = sum(frame.wishes[at].hold for at in best.before if at not in starts)
    if starts.keys() <= found.keys():
        best.prove("moved", lost, ALL_PLACED)
        return found
    stays, least = prover.staying(frame, starts, seconds, work, over)
    best.prove("moved", lost + least, ALL_PLACED)
    kept = found
    by_counts = {at: spot for at, spot in best.old.items() if at in stays}
    for spots in (by_counts, found) if by_counts else (found,):  # around nothing, that would be the whole task
        loose = {at for at in range(len(frame.wishes)) if at not in spots}
        came = prover.again(frame, spots, loose, best.before, seconds, work=work, least=lost + least, over=over)
        if came is not None:
            best.offer(came)
            most = {
                at: spot for at, spot in came.items() if frame.wishes[at].locked or best.before.get(at) == spot.start
            }
            kept = max(kept, most, key=lambda stay: sum(frame.wishes[at].hold for at in stay))
        if best.levels and best.levels["moved"] <= best.bounds()["moved"]:
            break
    return kept


def mend(best: Incumbent, kept: Mapping[int, Spot], until: float, work: float | None, over: Over) -> None:
    """Fewest moves near what cannot stay, exactly, in circles that widen, until no fewer are possible."""
    for free in circles(best.frame, kept, best.before):
        levels, least = best.levels, best.bounds()["moved"]
        below = (levels["unplaced"], levels["moved"])
        left = until - time.monotonic()
        if left <= 0 or below <= (0, least):
            return
        spots = prover.again(best.frame, kept, free, best.before, left, work=work, below=below, least=least, over=over)
        if spots is not None:
            best.offer(spots)


def circles(frame: Frame, kept: Mapping[int, Spot], before: Mapping[int, int]) -> Iterator[set[int]]:
    """What cannot stay; what wants its interpreters; what was then; the other meetings of its parties: each more."""
    loose = {at for at in range(len(frame.wishes)) if at not in kept}
    crews = {crew for at in loose for crew in frame.wishes[at].crews}
    times = 0
    for at in loose & before.keys():
        times |= frame.span(at, before[at])
    free: set[int] = set()
    for more in (
        loose,
        {at for at in kept if crews & set(frame.wishes[at].crews)},
        {at for at, spot in kept.items() if frame.span(at, spot.start) & times},
        {at for other in loose for party in frame.wishes[other].parties for at in frame.of_party[party]},
    ):
        if more - free:
            free |= more
            yield set(free)


def near(frame: Frame, at: int, *, wide: bool) -> set[int]:
    """Meetings that share a party with one, or a person; more widely those that want its interpreters as well."""
    wish = frame.wishes[at]
    found = {n for party in wish.parties for n in frame.of_party[party]}
    found |= {n for n, other in enumerate(frame.wishes) if set(other.people) & set(wish.people)}
    found |= {*frame.tied(at)}
    if wide:
        found |= {n for n, other in enumerate(frame.wishes) if set(other.crews) & set(wish.crews)}
        found |= {n for other in sorted(found)[:WIDE] for p in frame.wishes[other].parties for n in frame.of_party[p]}
    return found
