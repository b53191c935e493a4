"""The optimum of a small instance by enumeration, read from the JSON formats alone; shares no line with the planner.

All levels but `place_changes` depend on the starts alone. So every combination of starts is weighed, the best first; the
first ones that places and interpreters can be found for are the optimum, and all ways of dealing these out are tried.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, groupby, pairwise, product
from typing import Any

Json = dict[str, Any]
Starts = dict[str, int]

LATE = {1: 3, 2: 1, 3: 0}
"""What a rank of the start weighs by priority."""


class Task:
    """An instance, looked at as slots of days and hours of everybody."""

    def __init__(self, given: Json, previous: Json | None = None) -> None:
        self.given, self.before = given, (previous or {}).get("placements", {})
        slots = given["slots"]
        self.per_day = slots["per_day"]
        blocked = set(slots.get("blocked") or [])
        self.usable = [s for s in range(slots["days"] * self.per_day) if s not in blocked]
        self.days = [
            [s for s in range(d * self.per_day, (d + 1) * self.per_day) if s not in blocked]
            for d in range(slots["days"])
        ]
        self.meetings: dict[str, Json] = {row["id"]: row for row in given["meetings"]}
        self.parties: dict[str, Json] = {row["id"]: row for row in given["parties"]}
        self.people: dict[str, Json] = {row["id"]: row for row in given.get("people", [])}
        self.hours = {ident: self.there(row) for ident, row in self.parties.items()}
        self.by_breaks = "breaks" in (given.get("objective") or [])

    def there(self, row: Json | None) -> set[int]:
        """The slots in which somebody is there."""
        listed = None if row is None else row.get("available")
        return set(self.usable) if listed is None else set(self.usable) & set(listed)

    def span(self, ident: str, start: int) -> range:
        """The slots of a meeting that begins there."""
        return range(start, start + self.meetings[ident]["slots"])

    def starts(self, ident: str) -> list[int]:
        """Where a meeting may begin as far as it, its parties and its people go."""
        row = self.meetings[ident]
        free = set(self.usable).intersection(
            *(self.hours[p] for p in row["parties"]),
            *(self.there(self.people.get(name)) for name in row.get("people") or []),
        )
        if row.get("window") is not None:
            free &= set(row["window"])
        wanted = (row.get("locked") or {}).get("start")
        return [
            s
            for s in self.usable
            if set(self.span(ident, s)) <= free
            and s // self.per_day == self.span(ident, s)[-1] // self.per_day
            and wanted in {None, s}
        ]

    def combinations(self) -> Iterator[Starts]:
        """Every choice of starts that parties, people and order allow; a meeting with a locked start is placed."""
        choices: list[list[int | None]] = []
        for ident, row in self.meetings.items():
            must = (row.get("locked") or {}).get("start") is not None
            choices.append([*([] if must else [None]), *self.starts(ident)])
        for chosen in product(*choices):
            starts = {m: s for m, s in zip(self.meetings, chosen, strict=True) if s is not None}
            if self._fits(starts):
                yield starts

    def _fits(self, starts: Starts) -> bool:
        for first, second in self.given.get("after", []):
            if first in starts and second in starts and self.span(first, starts[first])[-1] >= starts[second]:
                return False
        for pair in self.given.get("same_day", []):
            if len({starts[ident] // self.per_day for ident in pair if ident in starts}) > 1:
                return False
        claims: Counter[tuple[str, int]] = Counter()
        present: Counter[tuple[str, int]] = Counter()
        for ident, start in starts.items():
            for slot in self.span(ident, start):
                claims.update((party, slot) for party in self.meetings[ident]["parties"])
                present.update((name, slot) for name in self.meetings[ident].get("people") or [])
        if any(n > self.parties[p].get("teams", 1) for (p, _s), n in claims.items()):
            return False
        if max(present.values(), default=0) > 1:
            return False
        most = self.given.get("max_break_spread")
        breaks = [self.breaks(p, starts) for p in self.parties] if most is not None else [0]
        return most is None or max(breaks, default=0) - min(breaks, default=0) <= most

    def busy(self, party: str, starts: Starts) -> set[int]:
        """The slots in which a party meets."""
        return {s for m, start in starts.items() if party in self.meetings[m]["parties"] for s in self.span(m, start)}

    def breaks(self, party: str, starts: Starts) -> int:
        """Gaps of a party between consecutive meetings of a day."""
        busy = self.busy(party, starts)
        whole = (range(at * self.per_day, (at + 1) * self.per_day) for at in range(len(self.days)))
        runs = [sum(met for met, _run in groupby(day, busy.__contains__)) for day in whole]
        return sum(max(0, n - 1) for n in runs)

    def idle(self, party: str, starts: Starts) -> int:
        """Free slots of a party, while it is there, between its first and last meeting of each day."""
        busy, found = self.busy(party, starts), 0
        for day in self.days:
            met = [s for s in day if s in busy]
            found += sum(s in self.hours[party] and s not in busy for s in day if met and met[0] < s < met[-1])
        return found

    def gone(self, starts: Starts) -> list[str]:
        """Meetings of the plan to repair that begin at another slot."""
        return [m for m, start in starts.items() if m in self.before and self.before[m]["start"] != start]

    def levels(self, starts: Starts) -> dict[str, int]:
        """Every level that depends on the starts alone."""
        found = {
            "unplaced": sum(4 - row.get("priority", 2) for m, row in self.meetings.items() if m not in starts),
            "moved": sum(self.meetings[m].get("hold", 1) for m in self.gone(starts)),
        }
        if self.by_breaks:
            return found | {"breaks": sum(self.breaks(p, starts) for p in self.parties)}
        idle = [self.idle(p, starts) for p in self.parties]
        rank = {slot: n for n, slot in enumerate(self.usable)}
        late = sum(LATE[self.meetings[m].get("priority", 2)] * rank[s] for m, s in starts.items())
        return found | {"idle": sum(idle), "unfairness": max(idle, default=0), "lateness": late}

    def dealt(self, starts: Starts) -> Iterator[dict[str, str]]:
        """Every way to find places for the starts, if there are interpreters for them."""
        if not self._interpreted(starts):
            return
        choices = []
        for ident, start in starts.items():
            row = self.meetings[ident]
            wanted = (row.get("locked") or {}).get("place")
            choices.append(
                [
                    place["id"]
                    for place in self.given["places"]
                    if place["seats"] >= row.get("seats", 0)
                    and wanted in {None, place["id"]}
                    and set(self.span(ident, start)) <= self.there(place)
                ]
            )
        for chosen in product(*choices):
            taken = [(p, s) for p, (m, start) in zip(chosen, starts.items(), strict=True) for s in self.span(m, start)]
            if len(taken) == len(set(taken)):
                yield dict(zip(starts, chosen, strict=True))

    def _interpreted(self, starts: Starts) -> bool:
        crews = self.given.get("interpreters", [])
        choices: list[list[tuple[str, ...]]] = []
        wanting = [m for m in starts if self.meetings[m].get("interpretation")]
        for ident in wanting:
            row = self.meetings[ident]
            able = [
                one["id"]
                for one in crews
                if row["interpretation"] in one["pairs"] and set(self.span(ident, starts[ident])) <= self.there(one)
            ]
            choices.append(list(combinations(able, row.get("interpreters") or 1)))
        return any(self._rested(dict(zip(wanting, chosen, strict=True)), starts) for chosen in product(*choices))

    def _rested(self, chosen: dict[str, tuple[str, ...]], starts: Starts) -> bool:
        for one in self.given.get("interpreters", []):
            worked = [s for m, names in chosen.items() if one["id"] in names for s in self.span(m, starts[m])]
            if len(worked) != len(set(worked)):
                return False
            for at in range(len(self.days)):
                today = [s in worked for s in range(at * self.per_day, (at + 1) * self.per_day)]
                runs = [len(list(run)) for works, run in groupby(today) if works]
                if max(runs, default=0) > (one.get("max_run") or self.per_day):
                    return False
                if sum(runs) > (one.get("max_day") or self.per_day):
                    return False
        return True

    def changes(self, starts: Starts, places: dict[str, str]) -> int:
        """How often parties of one team meet at another place than just before on that day."""
        found = 0
        for ident, party in self.parties.items():
            if party.get("teams", 1) == 1:
                mine = sorted((s, places[m]) for m, s in starts.items() if ident in self.meetings[m]["parties"])
                found += sum(
                    a // self.per_day == b // self.per_day and here != there for (a, here), (b, there) in pairwise(mine)
                )
        return found


def best(given: Json, previous: Json | None = None) -> dict[str, int] | None:
    """The levels of the best plan there is, in their order; None where the locks leave none."""
    task = Task(given, previous)
    weighed = sorted(((task.levels(starts), starts) for starts in task.combinations()), key=_values)
    for _key, equals in groupby(weighed, key=_values):
        changes = [(levels, task.changes(starts, places)) for levels, starts in equals for places in task.dealt(starts)]
        if changes:
            levels, fewest = changes[0][0], min(number for _levels, number in changes)
            return levels if task.by_breaks else levels | {"place_changes": fewest}
    return None


def _values(row: tuple[dict[str, int], Starts]) -> tuple[int, ...]:
    return tuple(row[0].values())
