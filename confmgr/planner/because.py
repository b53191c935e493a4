"""Why a meeting was left out, as data: counting conflicts as numbers, other clashes as the smallest set of rules.

What each reason says was found impossible by a second solve that knows nothing else (`verified`). Reasons: what no
meeting of its kind could have; what is short (`counting`); which rules clash (`clash`), looked for among few meetings
first. Where time is over, what was counted is told, or what is taken at every start, and `verified` is false.
"""

import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from confmgr.planner import counting, judge, repair
from confmgr.planner.domain import Because, Instance, Placement
from confmgr.planner.ending import BrokenOff, Over, never
from confmgr.planner.frame import Frame, Spot, ones
from confmgr.planner.state import State

CHECK = 1.0
"""Seconds that the question may take whether some meetings fit beside each other."""
HASTE = 0.3
"""Seconds for all reasons once somebody told the search to stop."""
PROVING = 0.5
"""Seconds for verifying a reason that was found when the time was nearly over."""
SOLVER = "confmgr.planner.solver"
SOME = 60
"""Meetings of which the smallest clash is looked for; with more of them no reason is short enough to be read."""


def reasons(
    frame: Frame, spots: Mapping[int, Spot], unplaced: Sequence[str], seconds: float, cancelled: Over = never
) -> list[Because]:
    """One reason for each meeting that was left out, why it does not fit beside those that were placed.

    Args:
        frame: What was planned.
        spots: What was placed.
        unplaced: What was not.
        seconds: How long to look for reasons, all together.
        cancelled: Whether somebody waits for what there is by now: a moment is left then.
    """
    if not unplaced:
        return []
    search = _Search(frame, spots, _Time(seconds, cancelled))
    numbers = {ident: frame.number[ident] for ident in unplaced}
    for at in numbers.values():
        search.count(at)
    found: dict[str, Because] = {}
    for look in search.looks:  # what is quickly told of each first, whatever time the others take
        for ident, at in numbers.items():
            with suppress(BrokenOff):
                if ident not in found and search.may_ask() and (why := look(at)) is not None:
                    found[ident] = why
    return [found.get(ident) or search.guess(at) for ident, at in numbers.items()]


def uneven(instance: Instance, placements: Mapping[str, Placement]) -> Iterator[Because]:
    """Where locks alone force breaks that differ by too much: said of a meeting of the party with most of them."""
    spread, allowed = judge.break_spread(instance, placements), instance.max_break_spread
    if allowed is not None and spread > allowed:
        slots = judge.party_slots(instance, placements)
        most = max(slots, key=lambda party: judge.breaks_of(instance, slots[party]))
        meeting = next(m.id for m in instance.meetings if m.id in placements and most in m.parties)
        yield Because(meeting, "breaks_uneven", {"party": most, "spread": spread, "allowed": allowed, "verified": True})


class _Time:
    """What is left of the time for reasons, which is a moment once somebody told the search to stop."""

    def __init__(self, seconds: float, cancelled: Over) -> None:
        self._until = time.monotonic() + seconds
        self._cancelled = cancelled
        self._hastened = False

    def left(self) -> float:
        if not self._hastened and self._cancelled():
            self._hastened = True
            self._until = min(self._until, time.monotonic() + HASTE)
        return max(0.0, self._until - time.monotonic())

    def may_ask(self) -> bool:
        """Whether there is time for the solver: half a second for loading it is too much in a hurry."""
        return self.left() > 0 and not (self._hastened and SOLVER not in sys.modules)

    def to_prove(self) -> Callable[[], float]:
        """The time for verifying what was found: some of it even where the time is over, if nobody told it to stop."""
        until = time.monotonic() + PROVING
        return lambda: max(self.left(), 0.0 if self._hastened else until - time.monotonic())


class _Search:
    def __init__(self, frame: Frame, spots: Mapping[int, Spot], time_: _Time) -> None:
        self.frame, self.state, self.time = frame, State(frame, spots), time_
        self.left, self.may_ask = time_.left, time_.may_ask
        self._wanted = counting.Wanted(frame)
        self._counted: dict[int, list[counting.Shortage]] = {}
        self._more: dict[int, Iterator[counting.Shortage]] = {}
        self._proven: dict[Any, bool | None] = {}

    @property
    def looks(self) -> tuple[Callable[[int], Because | None], ...]:
        """The searches for a reason, the quick ones first."""
        return self._alone, self._unlocked, self._clash, self._short

    def count(self, at: int) -> None:
        """Keep the first of what is short for a meeting, if there is time."""
        if self.left() > 0:
            self._more[at] = self._shortages(at)
            self._counted[at] = [*itertools.islice(self._more[at], 1)]

    def guess(self, at: int) -> Because:
        """What the numbers alone say, of which no solver was asked: there is something of every meeting."""
        wish = self.frame.wishes[at]
        if short := next((one for one in self._counted.get(at, ()) if self._proven.get(_key(one)) is None), None):
            kind, facts = _counted(short)
        elif self.frame.is_hopeless(wish):
            kind, facts = _hopeless(self.frame, at)
        else:
            kind, facts = self._taken(at)
        return self._because(at, kind, verified=False, **facts)

    def _because(self, at: int, kind: str, *, verified: bool = True, **facts: Any) -> Because:
        return Because(self.frame.wishes[at].id, kind, {**facts, "verified": verified})

    def _alone(self, at: int) -> Because | None:
        """What the meeting could not have in an empty house either."""
        from confmgr.planner import clash  # the solver takes a second to load

        frame, wish = self.frame, self.frame.wishes[at]
        if not frame.is_hopeless(wish) and any(
            frame.fits(frame.rooms[room].hours, wish.length) & wish.starts for room in wish.rooms
        ):
            return None
        rules = clash.smallest(self.frame, [at], self.left)
        return None if rules is None else self._worded(at, rules)

    def _unlocked(self, at: int) -> Because | None:
        """What is short; of a meeting locked to a start it says more with what else is locked that clashes."""
        return None if self.frame.wishes[at].locked else self._short(at)

    def _shortages(self, at: int) -> Iterator[counting.Shortage]:
        """What is short beside what was placed, then beside everything."""
        for beside in (self.state.spots, range(len(self.frame.wishes))) if self.frame.wishes[at].starts else ():
            yield from counting.shortages(self._wanted, beside, at)

    def _all_short(self, at: int) -> Iterator[counting.Shortage]:
        """The same, each counted once."""
        yield from self._counted[at]
        for short in self._more[at]:
            self._counted[at].append(short)
            yield short

    def _short(self, at: int) -> Because | None:
        for short in self._all_short(at):
            key = _key(short)
            if key not in self._proven:
                proven = counting.is_proven(self.frame, short, self.left)
                self._proven[key] = True if proven else False if self.left() > 0 else None
            if self._proven[key]:
                kind, facts = _counted(short)
                return self._because(at, kind, **facts)
        return None

    def _clash(self, at: int) -> Because | None:
        from confmgr.planner import clash

        for numbers in self._circles(at):
            some = clash.cannot_all_be(self.frame, numbers, self.left, CHECK)
            rules = clash.smallest(self.frame, some, self.left) if some is not None and len(some) <= SOME else None
            if rules is not None:
                return self._worded(at, rules)
            if self.left() <= 0:
                break
        return None

    def _circles(self, at: int) -> Iterator[set[int]]:
        """The meeting with those that it has most to do with, then more of them, at last all that were placed."""
        frame, kept = self.frame, set(self.state.spots)
        wish = frame.wishes[at]
        linked = self._linked(at)
        locked = {n for n in kept if frame.wishes[n].locked}
        then = {n for n in locked if wish.locked and frame.reaches[n] & frame.reaches[at]}
        near = (repair.near(frame, at, wide=False) | linked) & kept | {at}
        spoken = {n for n in kept if set(frame.wishes[n].crews) & set(wish.crews)}
        beside = {n for other in linked for party in frame.wishes[other].parties for n in frame.of_party[party]}
        housed = {n for n in kept if set(frame.wishes[n].rooms) & set(wish.rooms)}
        seen: set[int] = set()
        for more in ({at} | then if then else set(), near, spoken, beside & kept, housed, kept):
            if more - seen:
                seen |= more
                yield set(seen)

    def _linked(self, at: int) -> set[int]:
        """What is before or behind it or on one day with it, one after another."""
        found: set[int] = set()
        waiting = [at]
        while waiting:
            one = waiting.pop()
            fresh = {*self.frame.tied(one)} - found
            found |= fresh
            waiting += fresh
        return found

    def _worded(self, at: int, rules: Collection[Any]) -> Because:
        """Clashing rules as the kind of reason that they are."""
        from confmgr.planner import clash

        verified = False
        with suppress(BrokenOff):
            verified = clash.is_proven(self.frame, rules, self.time.to_prove())
        kind, facts = _kind(self.frame, at, rules)
        return self._because(at, kind, verified=verified, **facts)

    def _taken(self, at: int) -> tuple[str, dict[str, Any]]:
        """What is taken at how many of its starts."""
        frame, wish, state = self.frame, self.frame.wishes[at], self.state
        if frame.spread is not None and state.starts(at):
            return "breaks_uneven", {"allowed": frame.spread}
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
        return "all_times_taken", {"starts": wish.starts.bit_count(), **taken}


def _hopeless(frame: Frame, at: int) -> tuple[str, dict[str, Any]]:
    """What a meeting lacks that would fit nowhere even alone."""
    wish, meeting = frame.wishes[at], frame.instance.by_id[frame.wishes[at].id]
    if not wish.starts:
        facts = {"parties": list(meeting.parties), "people": [], "window": meeting.window is not None}
        return "no_common_time", {**facts, "slots": meeting.slots}
    if not wish.rooms:
        return _too_large(frame, at)
    return _no_crew(frame, at)


def _too_large(frame: Frame, at: int) -> tuple[str, dict[str, Any]]:
    most = max((place.seats for place in frame.instance.places), default=0)
    return "no_place_large_enough", {"seats": frame.instance.by_id[frame.wishes[at].id].seats, "largest": most}


def _no_crew(frame: Frame, at: int) -> tuple[str, dict[str, Any]]:
    wish, pair = frame.wishes[at], frame.instance.by_id[frame.wishes[at].id].interpretation
    able = sum(len(frame.crews[crew].ids) for crew in wish.crews)
    return "no_interpreter", {"pair": pair, "needs": wish.crew, "has": able}


def _key(short: counting.Shortage) -> Any:
    """What a shortage has in common with others that are proven as it is."""
    sorts = Counter((need.length, need.units) for need in short.counted)
    return short.kind, short.within, tuple(short.facts.items()), tuple(sorted(sorts.items()))


def _counted(short: counting.Shortage) -> tuple[str, dict[str, Any]]:
    """A shortage as a kind of reason and its numbers."""
    facts = {**short.facts, "needs": short.needs, "has": short.has}
    if short.within is None:
        return f"{short.kind}_full", facts
    slots = ones(short.within)
    kind = "interval_full" if short.kind == "party" else f"{short.kind}_full"
    return kind, facts | {"first": slots[0], "last": slots[-1]}


def _kind(frame: Frame, at: int, rules: Collection[Any]) -> tuple[str, dict[str, Any]]:
    by: dict[str, list[tuple[str, ...]]] = {}
    for rule in sorted(rules):
        by.setdefault(rule.kind, []).append(rule.names)
    wish = frame.wishes[at]
    meeting = frame.instance.by_id[wish.id]
    meetings = [names[0] for names in by.pop("meeting", [])]
    kinds = set(by)
    if meetings == [wish.id]:
        if kinds <= {"available", "window"}:
            parties = [name for (name,) in by.get("available", []) if name in meeting.parties]
            people = [name for (name,) in by.get("available", []) if name not in meeting.parties]
            facts = {"parties": parties or list(meeting.parties), "people": people, "window": "window" in kinds}
            return "no_common_time", {**facts, "slots": meeting.slots}
        if kinds == {"seats"}:
            return _too_large(frame, at)
        if kinds == {"interpretation"}:
            return _no_crew(frame, at)
    if kinds <= {"order", "lock"} and len(by.get("order", [])) == 1:
        before, after = by["order"][0]
        return "order_clash", {"before": before, "after": after}
    shared = kinds & {"party", "person", "place", "interpreter"}
    needed = {"lock", "lock_place", "seats", "interpretation"}
    if len(meetings) == 2 and len(shared) == 1 and "lock" in kinds and kinds <= shared | needed:  # noqa: PLR2004
        (what,) = shared
        return "lock_clash", {"meetings": meetings, what: ", ".join(name for names in by[what] for name in names)}
    listed = [{"kind": kind, "names": list(names)} for kind, rows in by.items() for names in rows]
    return "rules_clash", {"meetings": meetings, "rules": listed}
