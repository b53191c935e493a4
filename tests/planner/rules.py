"""The rules of a plan, read from the JSON formats alone; shares no line with the product's own judge.

It thinks in claims: each placed meeting claims things (a party's team, a place, a person, an interpreter) at slots, and a
rule is broken where a claim is made outside somebody's hours, or where one slot holds more claims than it may.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from tests.planner.optimum import Task

Json = dict[str, Any]


def broken(instance: Json, plan: Json, previous: Json | None = None) -> list[str]:
    """Every broken rule, in words, and every level that is told wrongly; with a plan before it, also every move."""
    return sorted(
        {
            *_alone(instance, plan),
            *_together(instance, plan),
            *_interpreters_rest(instance, plan),
            *_order(instance, plan),
            *_answers(instance, plan),
            *_spread(instance, plan),
            *_told(instance, plan, previous),
        }
    )


def _by_id(rows: list[Json]) -> dict[str, Json]:
    return {row["id"]: row for row in rows}


def _slots_of_day(instance: Json) -> list[list[int]]:
    length = instance["slots"]["per_day"]
    return [list(range(day * length, (day + 1) * length)) for day in range(instance["slots"]["days"])]


def _at(meeting: Json, placement: Json) -> list[int]:
    return list(range(placement["start"], placement["start"] + meeting["slots"]))


def _is_there(row: Json | None, slot: int) -> bool:
    """Whether somebody of whom nothing is said, or whose hours name the slot, is there."""
    return row is None or row.get("available") is None or slot in row["available"]


def _alone(instance: Json, plan: Json) -> Iterator[str]:
    """What each placement breaks by itself."""
    meetings, places = _by_id(instance["meetings"]), _by_id(instance["places"])
    parties, people = _by_id(instance["parties"]), _by_id(instance.get("people", []))
    crews = _by_id(instance.get("interpreters", []))
    blocked = set(instance["slots"].get("blocked", []))
    for ident, placement in plan["placements"].items():
        meeting = meetings[ident]
        slots = _at(meeting, placement)
        if not any(set(slots) <= set(day) for day in _slots_of_day(instance)):
            yield f"{ident} is not within one day"
        if blocked & set(slots):
            yield f"{ident} is in a blocked slot"
        if meeting.get("window") is not None and not set(slots) <= set(meeting["window"]):
            yield f"{ident} is outside its window"
        for name, wanted in (meeting.get("locked") or {}).items():
            if wanted is not None and placement[name] != wanted:
                yield f"{ident} left the {name} that it is locked to"
        if placement["place"] not in places:
            yield f"{ident} is nowhere"
        elif places[placement["place"]]["seats"] < meeting.get("seats", 0):
            yield f"{ident} does not fit into {placement['place']}"
        wanted_crew = meeting.get("interpreters") or 1 if meeting.get("interpretation") else 0
        if len(set(placement["interpreters"])) < wanted_crew:
            yield f"{ident} has too few interpreters"
        for name in placement["interpreters"]:
            if name not in crews or meeting["interpretation"] not in crews[name]["pairs"]:
                yield f"{name} does not interpret {ident}"
        rows = [parties[name] for name in meeting["parties"]]
        rows += [people[name] for name in meeting.get("people") or [] if name in people]
        rows += [places[placement["place"]]] if placement["place"] in places else []
        rows += [crews[name] for name in placement["interpreters"] if name in crews]
        yield from (f"{row['id']} is not there for {ident}" for row in rows for s in slots if not _is_there(row, s))


def _together(instance: Json, plan: Json) -> Iterator[str]:
    """What placements break together: nothing is claimed more often at a slot than it can be."""
    meetings = _by_id(instance["meetings"])
    claims: Counter[tuple[str, str, int]] = Counter()
    for ident, placement in plan["placements"].items():
        meeting = meetings[ident]
        for slot in _at(meeting, placement):
            claims.update(("party", name, slot) for name in meeting["parties"])
            claims.update(("person", name, slot) for name in set(meeting.get("people") or []))
            claims.update(("interpreter", name, slot) for name in set(placement["interpreters"]))
            claims["place", placement["place"], slot] += 1
    teams = {row["id"]: row.get("teams", 1) for row in instance["parties"]}
    for (kind, name, slot), number in claims.items():
        if number > (teams[name] if kind == "party" else 1):
            yield f"{kind} {name} is in {number} meetings at {slot}"


def _interpreters_rest(instance: Json, plan: Json) -> Iterator[str]:
    meetings = _by_id(instance["meetings"])
    for person in instance.get("interpreters", []):
        works = {
            slot
            for ident, placement in plan["placements"].items()
            if person["id"] in placement["interpreters"]
            for slot in _at(meetings[ident], placement)
        }
        for day in _slots_of_day(instance):
            runs = [len(list(run)) for working, run in groupby(day, works.__contains__) if working]
            if person.get("max_run") is not None and max(runs, default=0) > person["max_run"]:
                yield f"{person['id']} works without a pause"
            if person.get("max_day") is not None and sum(runs) > person["max_day"]:
                yield f"{person['id']} works too long a day"


def _order(instance: Json, plan: Json) -> Iterator[str]:
    meetings, placed = _by_id(instance["meetings"]), plan["placements"]
    for first, second in instance.get("after", []):
        if first in placed and second in placed and _at(meetings[first], placed[first])[-1] >= placed[second]["start"]:
            yield f"{second} begins before {first} has ended"
    for pair in instance.get("same_day", []):
        if len({placed[ident]["start"] // instance["slots"]["per_day"] for ident in pair if ident in placed}) > 1:
            yield f"{' and '.join(pair)} are on two days"


def _answers(instance: Json, plan: Json) -> Iterator[str]:
    """Each meeting is placed or left out with a reason; one locked to a start is placed if the plan is feasible."""
    wanted, placed, left = {row["id"] for row in instance["meetings"]}, set(plan["placements"]), plan["unplaced"]
    if placed | set(left) != wanted or placed & set(left) or len(set(left)) != len(left):
        yield "a meeting is neither placed nor left out, or both"
    reasons = [row for row in plan["because"] if row["kind"] != "breaks_uneven" or row["meeting"] in left]
    if {row["meeting"] for row in reasons} != set(left) or not all(row["kind"] for row in reasons):
        yield "a meeting is left out without a reason"
    for row in instance["meetings"]:
        locked = (row.get("locked") or {}).get("start") is not None
        if locked and row["id"] not in placed and plan["status"] != "infeasible":
            yield f"{row['id']} is locked to a start and left out"


def _spread(instance: Json, plan: Json) -> Iterator[str]:
    most = instance.get("max_break_spread")
    if most is None or plan["status"] == "infeasible":
        return
    breaks = [breaks_of(instance, plan, row["id"]) for row in instance["parties"]]
    if max(breaks) - min(breaks) > most:
        yield "the breaks of two parties differ by too much"


def _told(instance: Json, plan: Json, previous: Json | None) -> Iterator[str]:
    """What the plan tells of itself: its levels in their order, whether all is proven, its moves if they are known."""
    task, placed = Task(instance, previous), plan["placements"]
    if "levels" not in plan:
        return
    starts = {ident: placement["start"] for ident, placement in placed.items()}
    right = task.levels(starts)
    if not task.by_breaks:
        right["place_changes"] = task.changes(
            starts, {ident: placement["place"] for ident, placement in placed.items()}
        )
    told = {level["name"]: level["value"] for level in plan["levels"]}
    if previous is None:
        right["moved"] = told.get("moved", 0)
    elif sorted(plan["moved"]) != sorted(task.gone(starts)):
        yield "the moves are told wrongly"
    if list(told.items()) != list(right.items()):
        yield f"the levels are told as {told} and are {right}"
    if not all(0 <= level["bound"] <= level["value"] for level in plan["levels"]):
        yield "a level is proven to be higher than it is"
    closed = all(level["bound"] == level["value"] for level in plan["levels"])
    if plan["status"] == "optimal" and not closed:
        yield "all is said to be proven, and is not"


def breaks_of(instance: Json, plan: Json, party: str) -> int:
    """How many gaps a party has between consecutive meetings of its days."""
    meetings = _by_id(instance["meetings"])
    busy = {
        slot
        for ident, placement in plan["placements"].items()
        if party in meetings[ident]["parties"]
        for slot in _at(meetings[ident], placement)
    }
    runs = [[key for key, _run in groupby(day, busy.__contains__)].count(True) for day in _slots_of_day(instance)]
    return sum(max(0, number - 1) for number in runs)
