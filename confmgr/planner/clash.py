"""The smallest clashing rules: some meetings and rules that cannot all hold, none of which can be left out.

Each rule is a truth value that switches its constraints on. A core of what is switched on comes from the solver, is
made minimal by deletion (Chinneck 2008), and is found impossible once more by a second solve that knows only the core.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from confmgr.planner.ending import BrokenOff, Over, never, unless
from confmgr.planner.frame import Frame, ones
from confmgr.planner.solver import clashing, cp_model, is_impossible

Literal = cp_model.IntVar
FOREVER = 1e9


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One rule as a person would name it.

    Kinds: meeting (is to be placed) · party (holds so many meetings at once) · person · place · interpreter (is in one
    meeting at a time, during its hours) · available (is there only then) · window · lock (of the start) · lock_place ·
    order · same_day · seats (needs a place of its size) · interpretation (needs interpreters of its pair) · max_run ·
    max_day.
    """

    kind: str
    names: tuple[str, ...]


class Rules:
    """A model of some meetings in which every rule can be switched off, `only` some of them even from the start.

    Once it is `over`, building it is broken off (`BrokenOff`).
    """

    def __init__(
        self, frame: Frame, numbers: Collection[int], only: Collection[Rule] | None = None, over: Over = never
    ) -> None:
        self.frame, self.numbers = frame, sorted(numbers)
        self.only = None if only is None else frozenset(only)
        self.over = over
        self.cp = cp_model.CpModel()
        self.literals: dict[Rule, Literal] = {}
        self.x: dict[tuple[int, int], Literal] = {}
        self._meetings()
        self._times()
        self._sides()
        self._rooms()
        self._crews()
        self._order()
        self._days()

    def rule(self, kind: str, *names: str) -> Literal | None:
        """The switch of a rule; None for one that is left out of this model."""
        rule = Rule(kind, names)
        if self.only is not None and rule not in self.only:
            return None
        if rule not in self.literals:
            self.literals[rule] = self.cp.new_bool_var("")
        return self.literals[rule]

    def _meetings(self) -> None:
        frame = self.frame
        for at in unless(self.over, self.numbers):
            wish = frame.wishes[at]
            mine = []
            for start in ones(frame.fits(frame.usable, wish.length)):
                mine.append(self.cp.new_bool_var(""))
                self.x[at, start] = mine[-1]
            self.cp.add_at_most_one(mine)
            switch = self.rule("meeting", wish.id)
            if switch is not None:
                self.cp.add_bool_or(*mine, ~switch)

    def _times(self) -> None:
        """When a party or person is away, outside of a window, other than the lock."""
        frame = self.frame
        for at in unless(self.over, self.numbers):
            wish, meeting = frame.wishes[at], frame.instance.by_id[frame.wishes[at].id]
            bars = [(frame.hours[party], ("available", frame.party_ids[party])) for party in wish.parties]
            bars += [(frame.person_hours[person], ("available", frame.names[person])) for person in wish.people]
            if meeting.window is not None:
                bars.append((sum(1 << slot for slot in meeting.window), ("window", wish.id)))
            for hours, name in bars:
                if frame.usable & ~hours:
                    self._bar(at, frame.fits(hours, wish.length), name)
            if wish.locked and meeting.locked is not None and meeting.locked.start is not None:
                self._bar(at, 1 << meeting.locked.start, ("lock", wish.id))

    def _bar(self, at: int, allowed: int, name: tuple[str, ...]) -> None:
        switch = self.rule(*name)
        if switch is not None:
            for start in ones(self.frame.fits(self.frame.usable, self.frame.wishes[at].length) & ~allowed):
                self.cp.add_implication(switch, ~self.x[at, start])

    def _covering(self, at: int, slot: int) -> list[Literal]:
        length = self.frame.wishes[at].length
        return [self.x[at, s] for s in range(slot - length + 1, slot + 1) if (at, s) in self.x]

    def _sides(self) -> None:
        frame = self.frame
        of: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for at in self.numbers:
            for party in frame.wishes[at].parties:
                of["party", frame.party_ids[party], frame.teams[party]].append(at)
            for person in frame.wishes[at].people:
                of["person", frame.names[person], 1].append(at)
        for (kind, name, most), mine in unless(self.over, of.items()):
            if len(mine) <= most:
                continue
            switch = self.rule(kind, name)
            if switch is not None:
                for slot in ones(frame.usable):
                    self._cap([literal for at in mine for literal in self._covering(at, slot)], most, switch)

    def _cap(self, here: list[Any], most: int, switch: Literal) -> None:
        if len(here) > most:
            self.cp.add(sum(here) <= most).only_enforce_if(switch)

    def _rooms(self) -> None:
        frame = self.frame
        used: dict[tuple[int, int], list[Literal]] = defaultdict(list)
        for (at, start), literal in unless(self.over, self.x.items()):
            wish, meeting = frame.wishes[at], frame.instance.by_id[frame.wishes[at].id]
            seats = self.rule("seats", wish.id)
            if seats is None:
                continue
            lock = meeting.locked.place if meeting.locked else None
            choices = []
            for room, kind in enumerate(frame.rooms):
                if frame.seats[room] < meeting.seats:
                    continue
                choice = self.cp.new_bool_var("")
                choices.append(choice)
                if lock is not None and lock not in kind.ids:
                    self._forbid(choice, ("lock_place", wish.id))
                span = frame.span(at, start)
                if span & ~kind.hours:
                    self._forbid(choice, ("place", *kind.ids))
                for slot in ones(span):
                    used[room, slot].append(choice)
            self.cp.add_bool_or(*choices, ~literal, ~seats)
        for (room, _slot), here in unless(self.over, used.items()):
            switch = self.rule("place", *frame.rooms[room].ids)
            if switch is not None:
                self._cap(here, len(frame.rooms[room].ids), switch)

    def _forbid(self, choice: Any, name: tuple[str, ...]) -> None:
        switch = self.rule(*name)
        if switch is not None:
            self.cp.add(choice == 0).only_enforce_if(switch)

    def _crews(self) -> None:
        frame = self.frame
        used: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for (at, start), literal in unless(self.over, self.x.items()):
            wish = frame.wishes[at]
            switch = self.rule("interpretation", wish.id) if wish.crew else None
            if switch is None:
                continue
            parts, span = [], frame.span(at, start)
            for crew in wish.crews:
                kind = frame.crews[crew]
                part = self.cp.new_int_var(0, min(wish.crew, len(kind.ids)), "")
                parts.append(part)
                if span & ~kind.hours:
                    self._forbid(part, ("interpreter", *kind.ids))
                for slot in ones(span):
                    used[crew, slot].append(part)
            self.cp.add(sum(parts) >= wish.crew).only_enforce_if([literal, switch])
        for (crew, _slot), here in unless(self.over, used.items()):
            switch = self.rule("interpreter", *frame.crews[crew].ids)
            if switch is not None:
                self.cp.add(sum(here) <= len(frame.crews[crew].ids)).only_enforce_if(switch)
        for crew, kind in enumerate(frame.crews):
            if kind.limited:
                self._limits(crew, used)

    def _limits(self, crew: int, used: Mapping[tuple[int, int], list[Any]]) -> None:
        frame, kind = self.frame, self.frame.crews[crew]
        for day in range(frame.days):
            today = [used.get((crew, slot), []) for slot in range(day * frame.per_day, (day + 1) * frame.per_day)]
            stretches = [] if kind.max_day is None else [("max_day", kind.max_day, today)]
            if kind.max_run is not None:
                run = kind.max_run
                stretches += [("max_run", run, today[n : n + run + 1]) for n in range(max(0, frame.per_day - run))]
            for name, most, slots in stretches:
                switch = self.rule(name, *kind.ids) if any(slots) else None
                if switch is not None:
                    self._cap([one for here in slots for one in here], most, switch)

    def _begins(self) -> dict[int, list[tuple[int, Literal]]]:
        of: dict[int, list[tuple[int, Literal]]] = defaultdict(list)
        for (at, start), literal in self.x.items():
            of[at].append((start, literal))
        return of

    def _days(self) -> None:
        frame, inside, of = self.frame, set(self.numbers), self._begins()
        for one in unless(self.over, self.numbers):
            for other in frame.together[one]:
                names = sorted(frame.wishes[at].id for at in (one, other))
                switch = self.rule("same_day", *names) if other in inside else None
                if switch is None:
                    continue
                for start, literal in of[one]:
                    too = [x for slot, x in of[other] if frame.same_day(1 << slot, start)]
                    placed = self.rule("meeting", frame.wishes[other].id)
                    if placed is not None:
                        self.cp.add_bool_or(*too, ~literal, ~switch, ~placed)

    def _order(self) -> None:
        frame, inside, of = self.frame, set(self.numbers), self._begins()
        for second in unless(self.over, self.numbers):
            for first in frame.before[second]:
                switch = (
                    self.rule("order", frame.wishes[first].id, frame.wishes[second].id) if first in inside else None
                )
                if switch is None:
                    continue
                length = frame.wishes[first].length
                for slot, literal in of[second]:
                    late = [x for start, x in of[first] if start > slot - length]
                    if late:
                        none_late = self.cp.new_bool_var("")
                        self.cp.add(sum(late) == 0).only_enforce_if(none_late)
                        self.cp.add_bool_or(none_late, ~literal, ~switch)


Left = Callable[[], float]
"""Seconds that are left; without any, what goes on is broken off."""


def core(rules: Rules, on: Iterable[Rule], left: Left, check: float = FOREVER) -> frozenset[Rule] | None:
    """Rules among those `on` that already clash; None where they do not, or it was not found out in time."""
    model = rules.cp
    names = {rules.literals[rule].index: rule for rule in on}
    model.clear_assumptions()
    model.add_assumptions([rules.literals[rule] for rule in names.values()])
    found = clashing(model, min(check, left()), _over(left))
    return None if found is None else frozenset(rule for index, rule in names.items() if index in found)


def smallest(frame: Frame, numbers: Collection[int], left: Left, check: float = 0.5) -> frozenset[Rule] | None:
    """A set of rules of these meetings that clash, of which none can be left out; None where they do not clash."""
    rules = Rules(frame, numbers, over=_over(left))
    found = core(rules, sorted(rules.literals), left)
    if found is None:
        return None
    with suppress(BrokenOff):  # a core that is not the smallest clashes as well
        found = _again(frame, numbers, found, left)
        rules = Rules(frame, _of(frame, found, numbers), found, _over(left))
        for rule in sorted(found):
            if rule in found and left() > 0:
                less = core(rules, found - {rule}, left, check)
                found = found if less is None else less
    return found


def _over(left: Left) -> Over:
    return lambda: left() <= 0


def _again(frame: Frame, numbers: Collection[int], found: frozenset[Rule], left: Left) -> frozenset[Rule]:
    """A core of the core: cheap, and often smaller."""
    rules = Rules(frame, _of(frame, found, numbers), found, _over(left))
    return core(rules, sorted(rules.literals), left) or found


def _of(frame: Frame, found: Collection[Rule], numbers: Collection[int]) -> list[int]:
    """The meetings of a core."""
    placed = {rule.names[0] for rule in found if rule.kind == "meeting"}
    return [at for at in numbers if frame.wishes[at].id in placed]


def is_proven(frame: Frame, found: Collection[Rule], left: Left) -> bool:
    """Whether a second solve, on a fresh model of these rules alone, finds as well that they clash."""
    numbers = [frame.number[rule.names[0]] for rule in found if rule.kind == "meeting"]
    rules = Rules(frame, numbers, found, _over(left))
    for literal in rules.literals.values():
        rules.cp.add(literal == 1)
    return is_impossible(rules.cp, left(), _over(left))


def cannot_all_be(frame: Frame, numbers: Collection[int], left: Left, check: float) -> list[int] | None:
    """Some of these meetings that cannot all be placed; None where all can, or it was not found out in time.

    Places are counted by size only, which lets more through: what is found is certain.
    """
    from confmgr.planner.model import Model

    over = _over(left)
    if not is_impossible(Model(frame, among=numbers, optional=False, over=over).cp, min(check, left()), over):
        return None
    model = Model(frame, among=numbers, loose=True, over=over)
    out = {(~literal).index: at for at, literal in model.out.items()}
    model.cp.add_assumptions([~literal for literal in model.out.values()])
    found = clashing(model.cp, left(), over)
    return sorted(numbers) if found is None else [at for index, at in out.items() if index in found]
