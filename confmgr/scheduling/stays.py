"""What stays where it is, as meetings of a planning task that are locked, and how much of everything they take.

So the planner sees which delegations they take a team of, how long interpreters have worked, and who waits between them
and what it places. What cannot be locked without a clash takes away what it uses from the hours of who or what it is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from confmgr.scheduling.conflicts import House
from confmgr.scheduling.domain import GONE, WHOLE_MEETING
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.queries import person_name
from confmgr.values.times import Span

FIXED = "="
"""Before the reference of a session that stays, and before the places and pairs that only such sessions use."""

Run = list[int]
"""Slots of one day that follow each other."""


def is_fixed(ident: str) -> bool:
    """Whether a meeting of a task is a session that stays."""
    return ident.startswith(FIXED)


def runs(slots: Iterable[int], per_day: int) -> list[Run]:
    """Slots as stretches without a hole, none over two days."""
    found: list[Run] = []
    for slot in sorted(slots):
        if found and found[-1][-1] == slot - 1 and slot % per_day:
            found[-1].append(slot)
        else:
            found.append([slot])
    return found


class Stays:
    """Adds sessions that stay to a task."""

    def __init__(self, task: dict[str, Any], grid: Grid, house: House) -> None:
        self.task, self.grid, self.house = task, grid, house
        self.usable = set(grid.all()) - set(task["slots"]["blocked"])
        self.parties = {one["id"]: one for one in task["parties"]}
        self.places = {one["id"]: one for one in task["places"]}
        self.crew = {one["id"]: one for one in task["interpreters"]}
        self.people = {one["id"]: one for one in task["people"]}
        self.off_grid: list[str] = []
        self.unseen: set[str] = set()
        """Interpreters with limits who work where the planner cannot see it."""
        self.overworked: set[str] = set()
        """Interpreters who work twice at once, or more than they should."""
        self._teams: Counter[tuple[str, int]] = Counter()
        self._placed: dict[str, set[int]] = defaultdict(set)
        self._busy: dict[str, set[int]] = defaultdict(set)
        self._spoken: dict[str, set[int]] = defaultdict(set)
        self._hidden: dict[str, set[int]] = defaultdict(set)

    def add_all(self, rows: Iterable[MeetingSession]) -> None:
        """Every session that has its time and takes up somebody's."""
        for row in rows:
            if row.state not in GONE:
                self.add(row)
        self._rest_overworked()

    def add(self, row: MeetingSession) -> None:
        """A session that has its time."""
        if row.starts_local is None or row.ends_local is None:
            return
        touched = self.grid.touched(Span(row.starts_local, row.ends_local))
        seen = self.usable & set(touched)
        if len(seen) < len(touched) or row.kind in WHOLE_MEETING:
            self.unseen |= {name for name in self._staff(row) if self._is_limited(name)}
        if row.kind in WHOLE_MEETING:
            return
        if seen and (self.grid.start(touched[0]), self.grid.span(touched[-1]).end) != (
            row.starts_local,
            row.ends_local,
        ):
            self.off_grid.append(row.reference)
        for number, run in enumerate(runs(seen, self.grid.per_day)):
            self._lock(row, f"{FIXED}{row.reference}" + (f"/{number}" if number else ""), run)

    def _lock(self, row: MeetingSession, ident: str, run: Run) -> None:
        sides = [link.delegation.party.code for link in row.delegations if not link.absent]
        here = [code for code in sides if self._has_team(code, run)]
        self._sides_alone(ident, [code for code in sides if code not in here], run)
        place = None if row.place is None else row.place.code
        alone = place is not None and self._is_open(place, run)
        people = [person_name(link.delegate) for link in row.delegates]
        free = [name for name in people if self._is_there(name, run)]
        staff = [name for name in self._staff(row) if self._can_speak(name, run)]
        self.overworked |= set(self._staff(row)) - set(staff)
        if here:
            self._meeting(ident, here, run, place if alone else None, free, staff)
        else:
            alone, free, staff = False, [], []
        self._take_places(place, run, besides=place if alone else None)
        for name in people:
            if name not in free:
                _without(self._person(name), run, self._busy[name], self.usable)
        for name in self._staff(row):
            if name not in staff:
                self._hidden[name] |= set(run)

    def _meeting(
        self, ident: str, here: list[str], run: Run, place: str | None, people: Sequence[str], staff: Sequence[str]
    ) -> None:
        for code in here:
            self._teams.update((code, slot) for slot in run)
        where = place or self._aside(run)
        self._placed[where].update(run)
        for name in people:
            self._busy[name].update(run)
        for name in staff:
            self._spoken[name].update(run)
            self.crew[name]["pairs"] = [*self.crew[name]["pairs"], ident]
        self.task["meetings"].append(
            {
                "id": ident,
                "parties": here,
                "slots": len(run),
                "priority": 3,
                "locked": {"start": run[0], "place": where},
                "people": list(people),
                **({"interpretation": ident, "interpreters": len(staff)} if staff else {}),
            }
        )

    def _sides_alone(self, ident: str, sides: Iterable[str], run: Run) -> None:
        """Delegations that have a team for a part of the time only: of that part it takes one."""
        for code in sides:
            parts = runs((slot for slot in run if self._has_team(code, [slot])), self.grid.per_day)
            for number, part in enumerate(parts):
                self._meeting(f"{ident}/{code}{number}", [code], part, None, (), ())

    def _has_team(self, code: str, run: Run) -> bool:
        party = self.parties[code]
        there = _hours(party, self.usable)
        return all(slot in there and self._teams[code, slot] < party["teams"] for slot in run)

    def _is_open(self, place: str, run: Run) -> bool:
        known = self.places.get(place)
        return known is not None and set(run) <= _hours(known, self.usable) - self._placed[place]

    def _is_there(self, name: str, run: Run) -> bool:
        return set(run) <= _hours(self.people.get(name, {}), self.usable) - self._busy[name]

    def _person(self, name: str) -> dict[str, Any]:
        if name not in self.people:
            self.people[name] = {"id": name, "available": None}
            self.task["people"].append(self.people[name])
        return self.people[name]

    def _staff(self, row: MeetingSession) -> list[str]:
        return [person_name(link.interpreter) for link in row.interpreters]

    def _is_limited(self, name: str) -> bool:
        return self.crew[name]["max_run"] is not None or self.crew[name]["max_day"] is not None

    def _can_speak(self, name: str, run: Run) -> bool:
        free = set(run) <= _hours(self.crew[name], self.usable) - self._spoken[name]
        return free and self._is_rested(name, run)

    def _is_rested(self, name: str, run: Run) -> bool:
        """Whether the limits of an interpreter allow this beside what stays already."""
        one, day = self.crew[name], run[0] // self.grid.per_day
        today = {slot for slot in self._spoken[name] | set(run) if slot // self.grid.per_day == day}
        longest = max(len(part) for part in runs(today, self.grid.per_day))
        return (one["max_run"] is None or longest <= one["max_run"]) and (
            one["max_day"] is None or len(today) <= one["max_day"]
        )

    def _rest_overworked(self) -> None:
        """Who works twice at once or too long: the planner sees not all of it, so they rest around it, or that day."""
        for name, hidden in self._hidden.items():
            away, day = set(hidden), self.grid.per_day
            if self._is_limited(name):
                for run in runs(hidden | self._spoken[name], day):
                    if hidden & set(run):
                        away |= {run[0] - 1, run[-1] + 1}
            if self.crew[name]["max_day"] is not None:
                away |= {slot for slot in self.usable if slot // day in {one // day for one in hidden}}
            _without(self.crew[name], away, self._spoken[name], self.usable)

    def _take_places(self, place: str | None, run: Run, besides: str | None) -> None:
        """The place, and in a room its tables too."""
        if place is None:
            return
        for code in {place, *self.house.tables.get(place, ())} - {besides}:
            if code in self.places:
                _without(self.places[code], run, self._placed[code], self.usable)

    def _aside(self, run: Run) -> str:
        """A place without seats, where nothing else can be: for what has none, or one that it cannot be locked to."""
        number = 0
        while self._placed[f"{FIXED}{number}"] & set(run):
            number += 1
        name = f"{FIXED}{number}"
        if name not in self.places:
            self.places[name] = {"id": name, "seats": 0, "available": None}
            self.task["places"].append(self.places[name])
        return name


def _hours(one: dict[str, Any], usable: set[int]) -> set[int]:
    available = one.get("available")
    return usable if available is None else usable & set(available)


def _without(one: dict[str, Any], slots: Collection[int], taken: set[int], usable: set[int]) -> None:
    """Hours less some slots, but for those in which it is locked already."""
    one["available"] = sorted(_hours(one, usable) - (set(slots) - taken))
