"""What of a plan stays when it is repaired, and which meetings may move for what cannot."""

import random
from collections.abc import Iterator, Mapping

from confmgr.planner import prover
from confmgr.planner.construct import order
from confmgr.planner.ending import Over
from confmgr.planner.frame import Frame, Spot
from confmgr.planner.incumbent import Incumbent
from confmgr.planner.state import State

WIDE = 12
"""Meetings whose parties' other meetings may move as well where the closest ones are not enough."""


def first_fit(best: Incumbent, seed: int) -> dict[int, Spot]:
    """What of the plan to repair can stay where it is, by first fit: known at once."""
    frame, found = best.frame, dict[int, Spot]()
    state = State(frame)
    for at in sorted(order(frame, random.Random(seed)), key=lambda at: -frame.wishes[at].hold):  # noqa: S311
        if at in best.old and state.starts(at) >> best.old[at].start & 1:
            found[at] = state.spot(at, best.old[at].start)
            state.put(at, found[at])
    return found


def staying(best: Incumbent, found: dict[int, Spot], seconds: float, work: float | None, over: Over) -> dict[int, Spot]:
    """What can stay where it is: what was `found` by first fit where that is all.

    Else what was not found comes in around it, exactly, which leaves nearly all where it was; the plan is offered. As
    much as can stay of the whole is looked for only where that fails: it is as hard, and takes ten times as long.
    """
    frame = best.frame
    starts = {at: start for at, start in best.before.items() if frame.wishes[at].starts >> start & 1}
    if len(found) >= len(starts):
        return found
    loose = {at for at in range(len(frame.wishes)) if at not in found}
    spots = prover.again(frame, found, loose, best.before, seconds, work=work, over=over)
    if spots is None:
        most = prover.staying(frame, starts, seconds, work, over)
    else:
        best.offer(spots)
        most = {at: spot for at, spot in spots.items() if best.before.get(at) == spot.start}
    return max(found, most, key=lambda stay: sum(frame.wishes[at].hold for at in stay))


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
