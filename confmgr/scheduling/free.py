"""Free times and places for one session, what each would cost whom, and why another one is not free. Plain Python."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import heapify, heappop, heappush
from itertools import chain

from confmgr.scheduling.conflicts import Clash, ClashKind, Register, Sitting, blocking
from confmgr.scheduling.idle import idle_minutes, place_changes
from confmgr.values.times import Span


class CostKind(StrEnum):
    """What is less good about a time and place than it could be; `IDLE_FILLED` is a gain."""

    IDLE = "idle"
    IDLE_FILLED = "idle_filled"
    OTHER_PLACE = "other_place"
    LATER = "later"
    DAYS_LATER = "days_later"
    INTERPRETER_CHANGED = "interpreter_changed"
    INTERPRETER_FOUND = "interpreter_found"


POINTS = {
    CostKind.IDLE: 3,
    CostKind.IDLE_FILLED: -2,
    CostKind.OTHER_PLACE: 2,
    CostKind.LATER: 1,
    CostKind.DAYS_LATER: 4,
    CostKind.INTERPRETER_CHANGED: 2,
    CostKind.INTERPRETER_FOUND: 0,
}
"""How much each counts: slots, places, hours begun, days, people."""
WARNING_POINTS = 12
APART = timedelta(hours=1)
"""Offers are at least this far from each other while there are enough."""
_PARTIES_OWN = frozenset({CostKind.IDLE, CostKind.IDLE_FILLED, CostKind.OTHER_PLACE})
_EVERYBODYS = frozenset({CostKind.LATER, CostKind.DAYS_LATER})


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost: to whom (a party's code, an interpreter), and how much (slots, places, minutes, days, people)."""

    kind: CostKind
    who: str = ""
    amount: int = 1

    @property
    def points(self) -> int:
        """What it counts against others."""
        hours = -(-self.amount // 60)
        return POINTS[self.kind] * (hours if self.kind is CostKind.LATER else self.amount)


@dataclass(frozen=True, slots=True)
class Opening:
    """A start and a place at which nothing forbids a session, what that would cost, and with which interpreters."""

    starts: datetime
    place: str
    interpreters: frozenset[str]
    costs: tuple[Cost, ...] = ()
    warnings: tuple[Clash, ...] = ()
    points: int = 0


@dataclass(frozen=True, slots=True)
class Floor:
    """A meeting's schedule as somebody looks for room in it."""

    register: Register
    starts: Sequence[datetime]
    """Wall times on the grid at which a session may begin, in order."""
    closes: Mapping[date, datetime]
    """When each day ends."""
    places: Sequence[str]
    """Codes, in the order in which they are tried."""
    slot_minutes: int = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a session can be at a time and place: what forbids it, or what it would cost."""

    clashes: tuple[Clash, ...]
    opening: Opening | None


@dataclass(slots=True)
class Search:
    """One session that looks for a place.

    Args:
        sitting: The session; its length, sides and wishes stay, its time and place are those it has now.
        floor: Everything else.
        since: When it starts now; None for one that waits to be placed.
        of: Codes of the parties whose own costs are told, for a delegate who asks; None for all, for organisers.
            The order of openings heeds everybody's.
    """

    sitting: Sitting
    floor: Floor
    since: datetime | None = None
    of: Collection[str] | None = None
    _days: dict[tuple[str, date], "_Day"] = field(default_factory=dict)

    def openings(self, *, not_before: datetime | None = None, keep_crew: bool = False) -> Iterator[Opening]:
        """Everywhere it could be instead, by start, then by place; places too small are left out.

        Args:
            not_before: Wall time before which nothing is offered.
            keep_crew: Whether its interpreters must stay the same; else others who are free may take their place.
        """
        for time in self._times(not_before, keep_crew=keep_crew):
            yield from self._at(time)

    def best(self, most: int = 4, *, not_before: datetime | None = None) -> list[Opening]:
        """At most that many of the cheapest openings, spread over different times, the cheapest first."""
        length = self.sitting.span.end - self.sitting.span.start
        chosen: list[Opening] = []
        seen: list[Opening] = []
        coming = self._by_cost(not_before)
        for distance in (max(length, APART), length, timedelta(microseconds=1), timedelta(0)):
            for one in chain(list(seen), _kept(coming, seen)):
                if len(chosen) == most:
                    return sorted(chosen, key=_rank)
                if one not in chosen and all(abs(one.starts - other.starts) >= distance for other in chosen):
                    chosen.append(one)
        return sorted(chosen, key=_rank)

    def _by_cost(self, not_before: datetime | None) -> Iterator[Opening]:
        """All openings, the cheapest first. The places of a time are looked at only when nothing cheaper is left."""
        times = list(self._times(not_before, keep_crew=False))
        waiting: list[tuple[int, datetime, int, _Time | Opening]] = [
            (time.points, time.then.span.start, -1, time) for time in times
        ]
        heapify(waiting)
        while waiting:
            *_key, first = heappop(waiting)
            if isinstance(first, Opening):
                yield first
            else:
                for n, one in enumerate(self._at(first)):
                    heappush(waiting, (one.points, one.starts, n, one))

    def verdict(self, start: datetime, place: str) -> Verdict:
        """Why it cannot be there and then, or what that would cost."""
        here = self._moved(start, place)
        for crew in (here.interpreters, self._crew(here)):
            found = self.floor.register.of(replace(here, interpreters=crew))
            if not blocking(found):
                there = replace(here, interpreters=crew)
                return Verdict((), self._opening(there, found, [*self._costs_then(there), *self._costs_there(there)]))
        return Verdict(tuple(self.floor.register.of(here)), None)

    def _times(self, not_before: datetime | None, *, keep_crew: bool) -> Iterator["_Time"]:
        """The starts at which nothing forbids it yet, and what each costs wherever it is."""
        length = self.sitting.span.end - self.sitting.span.start
        for start in self.floor.starts:
            too_early = not_before is not None and start < not_before
            if too_early or start + length > self.floor.closes[start.date()]:
                continue
            then = self._moved(start, None)
            if not keep_crew:
                then = replace(then, interpreters=self._crew(then))
            found = self.floor.register.of_time(then)
            if not blocking(found):
                yield _Time(then, found, self._costs_then(then))

    def _at(self, time: "_Time") -> Iterator[Opening]:
        for place in self.floor.places:
            here = replace(time.then, place=place)
            found = self.floor.register.of_place(here)
            small = any(clash.kind is ClashKind.PLACE_SMALL for clash in found)
            if not small and not blocking(found) and (here.span.start, place) != (self.since, self.sitting.place):
                yield self._opening(here, [*time.found, *found], [*time.costs, *self._costs_there(here)])

    def _moved(self, start: datetime, place: str | None) -> Sitting:
        length = self.sitting.span.end - self.sitting.span.start
        return replace(self.sitting, span=Span(start, start + length), place=place)

    def _crew(self, then: Sitting) -> frozenset[str]:
        """Who could interpret then: those who do now as far as they can, then those who work least that day."""
        pair, present, register = then.interpretation, then.interpreters, self.floor.register
        if not pair or not then.interpreters_wanted:
            return present
        stay = {name for name in present if register.fit(name, then)}
        if len(stay) >= then.interpreters_wanted and stay == present:
            return present
        others = (n for n, pairs in register.house.interpreter_pairs.items() if pair in pairs and n not in present)
        able = sorted((register.worked(name, then), name) for name in others if register.fit(name, then))
        missing = max(0, then.interpreters_wanted - len(stay))
        return frozenset(stay | {name for _worked, name in able[:missing]})

    def _costs_then(self, then: Sitting) -> list[Cost]:
        """What the time costs, wherever it is, and who would interpret."""
        costs = [cost for code in sorted(then.delegations) for cost in self._idle(code, then)]
        start = then.span.start
        if self.since is not None and start > self.since:
            days = (start.date() - self.since.date()).days
            minutes = int((start - self.since) / timedelta(minutes=1))
            costs.append(Cost(CostKind.DAYS_LATER, amount=days) if days else Cost(CostKind.LATER, amount=minutes))
        instead = bool(self.sitting.interpreters - then.interpreters)
        kind = CostKind.INTERPRETER_CHANGED if instead else CostKind.INTERPRETER_FOUND
        return [*costs, *(Cost(kind, name) for name in sorted(then.interpreters - self.sitting.interpreters))]

    def _costs_there(self, here: Sitting) -> Iterator[Cost]:
        """What the place costs beyond the time."""
        for code in sorted(here.delegations):
            if (
                self.floor.register.house.teams.get(code, 1) == 1
                and place_changes(self._day(code, here).rows, here) > 0
            ):
                yield Cost(CostKind.OTHER_PLACE, code)

    def _idle(self, code: str, then: Sitting) -> Iterator[Cost]:
        day = self._day(code, then)
        added = idle_minutes([*day.spans, then.span], day.breaks) - day.idle
        slots = -(-abs(added) // self.floor.slot_minutes)
        if slots:
            yield Cost(CostKind.IDLE if added > 0 else CostKind.IDLE_FILLED, code, slots)

    def _day(self, code: str, then: Sitting) -> "_Day":
        """A delegation's day without the session itself; what is for everybody is not its own."""
        date_ = then.span.start.date()
        known = self._days.get((code, date_))
        if known is None:
            register = self.floor.register
            rows = [
                row
                for row in register.delegations.of(code).rows
                if row.reference != then.reference and not row.whole_meeting and row.span.start.date() == date_
            ]
            spans = [row.span for row in rows]
            breaks = [row.span for row in register.for_everybody.rows if row.span.start.date() == date_]
            known = self._days[code, date_] = _Day(rows, spans, breaks, idle_minutes(spans, breaks))
        return known

    def _opening(self, here: Sitting, found: Sequence[Clash], costs: Sequence[Cost]) -> Opening:
        points = sum(cost.points for cost in costs) + WARNING_POINTS * len(found)
        return Opening(
            here.span.start,
            here.place or "",
            here.interpreters,
            tuple(cost for cost in costs if self._is_told(cost)),
            tuple(found) if self.of is None else (),
            points,
        )

    def _is_told(self, cost: Cost) -> bool:
        if self.of is None or cost.kind in _EVERYBODYS:
            return True
        return cost.kind in _PARTIES_OWN and cost.who in self.of


@dataclass(frozen=True, slots=True)
class _Time:
    """The session at a start, without a place yet: what warns then, and what that costs."""

    then: Sitting
    found: list[Clash]
    costs: list[Cost]

    @property
    def points(self) -> int:
        return sum(cost.points for cost in self.costs) + WARNING_POINTS * len(self.found)


@dataclass(frozen=True, slots=True)
class _Day:
    """A delegation's other meetings of a day, the breaks, and the minutes it is idle between them."""

    rows: list[Sitting]
    spans: list[Span]
    breaks: list[Span]
    idle: int


def _rank(one: Opening) -> tuple[int, datetime]:
    return one.points, one.starts


def _kept(coming: Iterator[Opening], seen: list[Opening]) -> Iterator[Opening]:
    """What comes, remembered so that it can be gone through once more."""
    for one in coming:
        seen.append(one)
        yield one
