"""What the planner finds is the best there is: small instances whose optimum is known by enumeration."""

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.planner.make_instances import instance, meeting, solve
from tests.planner.make_small import small
from tests.planner.optimum import best
from tests.planner.rules import broken
from tests.soak import SOAK

Json = dict[str, Any]
ONE_TABLE = [{"id": "T1", "seats": 4}]
SIX = [{"id": p} for p in "ABCDEF"]


def before(**starts: int) -> Json:
    """A plan to repair, all of it at one table."""
    return {"placements": {m: {"start": s, "place": "T1", "interpreters": []} for m, s in starts.items()}}


def six(*meetings: Json, **changes: Any) -> Json:
    """An instance of the parties A to F at one table of four seats."""
    whole: Json = {"parties": SIX, "places": ONE_TABLE} | changes
    return instance(list(meetings), **whole)


def levels(unplaced: int, moved: int, idle: int, unfairness: int, lateness: int, place_changes: int) -> dict[str, int]:
    return {
        "unplaced": unplaced,
        "moved": moved,
        "idle": idle,
        "unfairness": unfairness,
        "lateness": lateness,
        "place_changes": place_changes,
    }


KNOWN: dict[str, tuple[Json, Json | None, dict[str, int]]] = {
    "a party of two teams holds two of three meetings at once": (
        instance(
            [meeting("M", "KR"), meeting("N", "KR"), meeting("O", "KR")],
            parties=[{"id": "KR", "teams": 2}],
            per_day=2,
        ),
        None,
        levels(0, 0, 0, 0, 1, 0),
    ),
    "the third of three meetings of two teams is left out": (
        instance(
            [meeting(m, "KR", priority=p) for m, p in (("M", 1), ("N", 3), ("O", 2))],
            parties=[{"id": "KR", "teams": 2}],
            per_day=1,
        ),
        None,
        levels(1, 0, 0, 0, 0, 0),
    ),
    "two light meetings are left out rather than a heavy one": (
        six(
            meeting("long", "A", slots=3, priority=1),
            meeting("short", "A", priority=3),
            meeting("other", "A", slots=2, priority=3),
            per_day=3,
        ),
        None,
        levels(2, 0, 0, 0, 0, 0),
    ),
    "one heavy meeting is left out rather than two that weigh more": (
        six(
            meeting("long", "A", slots=3, priority=1),
            meeting("short", "A", priority=2),
            meeting("other", "A", slots=2, priority=2),
            per_day=3,
        ),
        None,
        levels(3, 0, 0, 0, 1, 0),
    ),
    "an interpreter who pauses after each slot": (
        six(
            meeting("M", "A", interpretation="km-ko"),
            meeting("N", "B", interpretation="km-ko"),
            meeting("O", "C", interpretation="km-ko"),
            interpreters=[{"id": "Sok", "pairs": ["km-ko"], "max_run": 1}],
        ),
        None,
        levels(0, 0, 0, 0, 6, 0),
    ),
    "an interpreter who works two slots a day": (
        six(
            meeting("M", "A", interpretation="km-ko"),
            meeting("N", "B", interpretation="km-ko"),
            meeting("O", "C", interpretation="km-ko"),
            days=2,
            per_day=3,
            interpreters=[{"id": "Sok", "pairs": ["km-ko"], "max_day": 2}],
        ),
        None,
        levels(0, 0, 0, 0, 4, 0),
    ),
    "two interpreters a meeting, one of whom speaks two pairs": (
        instance(
            [
                meeting("M", "KR", interpretation="km-ko", interpreters=2),
                meeting("N", "KH", interpretation="en-th"),
                meeting("O", "TH", interpretation="km-ko"),
            ],
            places=[{"id": f"T{n}", "seats": 4} for n in range(3)],
            interpreters=[{"id": "Sok", "pairs": ["km-ko"]}, {"id": "Lee", "pairs": ["km-ko", "en-th"]}],
        ),
        None,
        levels(0, 0, 0, 0, 1, 0),
    ),
    "a person in two meetings who comes late": (
        instance(
            [meeting("M", "KR", people=["Kim"]), meeting("N", "KH", people=["Kim"])],
            people=[{"id": "Kim", "available": [2, 3, 4]}],
        ),
        None,
        levels(0, 0, 0, 0, 5, 0),
    ),
    "windows that part two meetings of a party": (
        six(meeting("M", "A", window=[0, 1]), meeting("N", "A", window=[3, 4]), meeting("O", "B")),
        None,
        levels(0, 0, 1, 1, 4, 0),
    ),
    "idle slots are shared fairly": (
        six(
            meeting("M", "A", "B", locked={"start": 0}),
            meeting("N", "A", "B", locked={"start": 5}),
            meeting("O", "A", slots=2),
            meeting("P", "B", slots=2),
        ),
        None,
        levels(0, 0, 4, 2, 9, 0),
    ),
    "a lock and an order together leave only the end": (
        six(
            meeting("M", "A", locked={"start": 2}), meeting("N", "B"), meeting("O", "C"), after=[["M", "N"], ["N", "O"]]
        ),
        None,
        levels(0, 0, 0, 0, 9, 0),
    ),
    "what is locked is placed though more weight is left out for it than before": (
        six(
            meeting("lock", "A", "B", slots=3, priority=3, locked={"start": 1}),
            meeting("M", "A", slots=2, priority=1),
            meeting("N", "B", slots=2, priority=1),
            places=[{"id": f"T{n}", "seats": 4} for n in range(1, 3)],
            per_day=4,
        ),
        {"placements": {m: {"start": 0, "place": place} for m, place in (("M", "T1"), ("N", "T2"))}},
        levels(6, 0, 0, 0, 0, 0),
    ),
    "a common day draws a meeting to the day of another": (
        six(
            meeting("M", "A", window=[3, 4, 5]),
            meeting("N", "B"),
            meeting("O", "C"),
            per_day=3,
            days=2,
            same_day=[["N", "M"], ["N", "O"]],
        ),
        None,
        levels(0, 0, 0, 0, 12, 0),
    ),
    "a common day that nobody has leaves the lighter one out": (
        six(
            meeting("M", "A", window=[3]),
            meeting("N", "B", window=[0], priority=1),
            per_day=3,
            days=2,
            same_day=[["M", "N"]],
        ),
        None,
        levels(2, 0, 0, 0, 0, 0),
    ),
    "an order that does not fit leaves one out": (
        six(meeting("M", "A", slots=2), meeting("N", "B", slots=2), per_day=3, after=[["M", "N"]]),
        None,
        levels(2, 0, 0, 0, 0, 0),
    ),
    "first things first": (
        six(meeting("M", "A", priority=3), meeting("N", "B", priority=2), meeting("O", "C", priority=1)),
        None,
        levels(0, 0, 0, 0, 1, 0),
    ),
    "a party stays at its place": (
        instance([meeting("M", "KR"), meeting("N", "KR"), meeting("O", "KR", seats=4), meeting("P", "KH", "TH")]),
        None,
        levels(0, 0, 0, 0, 3, 0),
    ),
    "a blocked slot counts in no rank and in no idle slot": (
        six(meeting("M", "A", slots=2), meeting("N", "A", slots=2), blocked=[2]),
        None,
        levels(0, 0, 0, 0, 2, 0),
    ),
    "breaks are even at the price of breaks": (
        six(
            meeting("M", "A", locked={"start": 0}),
            meeting("N", "A", locked={"start": 2}),
            meeting("O", "B"),
            meeting("P", "B"),
            parties=SIX[:2],
            objective=["breaks"],
            max_break_spread=0,
        ),
        None,
        {"unplaced": 0, "moved": 0, "breaks": 2},
    ),
    "a meeting is left out for the sake of even breaks": (
        six(
            meeting("M", "A", locked={"start": 0}),
            meeting("N", "A", window=[2]),
            meeting("O", "B"),
            parties=SIX[:2],
            objective=["breaks"],
            max_break_spread=0,
        ),
        None,
        {"unplaced": 2, "moved": 0, "breaks": 0},
    ),
    "absence makes a break though it is not idle": (
        six(
            meeting("M", "A", slots=2),
            meeting("N", "A", slots=2),
            parties=[{"id": "A", "available": [0, 1, 3, 4]}],
            objective=["breaks"],
        ),
        None,
        {"unplaced": 0, "moved": 0, "breaks": 1},
    ),
    "what still fits does not move for the sake of lower levels": (
        six(meeting("M", "A"), meeting("N", "A")),
        before(M=1, N=5),
        levels(0, 0, 3, 3, 6, 0),
    ),
    "one of two that clash moves, the other stays": (
        six(meeting("M", "A"), meeting("N", "B")),
        before(M=2, N=2),
        levels(0, 1, 0, 0, 2, 0),
    ),
    "two that may move do so rather than one that is to stay": (
        six(meeting("M", "A", slots=2, hold=3), meeting("N", "A"), meeting("O", "A")),
        before(M=0, N=0, O=1),
        levels(0, 2, 0, 0, 5, 0),
    ),
    "one that is to stay moves rather than two that weigh more": (
        six(meeting("M", "A", slots=2, hold=3), meeting("N", "A", hold=2), meeting("O", "A", hold=2)),
        before(M=0, N=0, O=1),
        levels(0, 3, 0, 0, 3, 0),
    ),
    "a late party: the next one makes room": (
        six(
            meeting("M", "A"),
            meeting("N", "B"),
            meeting("O", "C"),
            per_day=3,
            parties=[{"id": "A", "available": [2]}, {"id": "B"}, {"id": "C"}],
        ),
        before(M=0, N=1, O=2),
        levels(0, 2, 0, 0, 3, 0),
    ),
    "a new meeting is placed though others must move for it": (
        six(meeting("new", "A", slots=2, priority=3), meeting("M", "A"), meeting("N", "A"), per_day=4),
        before(M=1, N=3),
        levels(0, 1, 0, 0, 1, 0),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_optimum_is_found_and_every_level_above_changes_of_place_is_proven(name: str) -> None:
    given, previous, expected = KNOWN[name]
    assert best(given, previous) == expected
    plan = solve(given, previous=previous)
    assert broken(given, plan, previous) == []
    assert {level["name"]: level["value"] for level in plan["levels"]} == expected
    assert all(level["bound"] == level["value"] for level in plan["levels"] if level["name"] != "place_changes")


CORNER = {
    "hall first": meeting("hall first", "A", seats=20, window=[0]),
    "early": meeting("early", "B", slots=2, seats=4, window=[0, 1]),
    "late": meeting("late", "C", slots=2, seats=4, window=[1, 2]),
    "hall last": meeting("hall last", "D", seats=20, window=[2]),
}
HALL_AND_TABLE = [{"id": "Hall", "seats": 20}, {"id": "Table", "seats": 4}]


def test_where_counts_of_places_hold_at_every_slot_and_places_do_not_the_lightest_is_left_out() -> None:
    given = six(*CORNER.values(), places=HALL_AND_TABLE, per_day=3)
    for light in CORNER:
        rows = [row | {"priority": 3 if row["id"] == light else 1} for row in given["meetings"]]
        changed = given | {"meetings": rows}
        found = best(changed)
        plan = solve(changed)
        assert found is not None
        assert found["unplaced"] == 1
        assert plan["unplaced"] == [light]
        assert {"name": "unplaced", "value": 1, "bound": 1} in plan["levels"]


def test_with_one_slot_more_the_same_meetings_find_their_places() -> None:
    rows = [*CORNER.values()]
    rows[3] = rows[3] | {"window": [2, 3]}
    rows[2] = rows[2] | {"window": [1, 2, 3]}
    given = six(*rows, places=HALL_AND_TABLE, per_day=4)
    plan = solve(given)
    assert broken(given, plan) == []
    assert {level["name"]: level["value"] for level in plan["levels"]} == best(given)
    assert plan["unplaced"] == []


@pytest.mark.slow
@settings(max_examples=80 if SOAK else 40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_no_plan_of_a_small_instance_is_better_than_what_is_found(seed: int) -> None:
    task, previous = small(random.Random(seed))
    expected, plan = best(task, previous), solve(task, previous=previous)
    assert broken(task, plan, previous) == []
    if expected is None:
        assert plan["status"] == "infeasible"
        return
    assert plan["status"] in {"optimal", "feasible"}
    last = expected.pop("place_changes", 0)
    found = {level["name"]: (level["value"], level["bound"]) for level in plan["levels"]}
    value, bound = found.pop("place_changes", (0, 0))
    assert found == {name: (best_value, best_value) for name, best_value in expected.items()}
    assert bound <= last <= value
    if plan["status"] == "optimal":
        assert value == last


def only(task: Json, meetings: set[str]) -> Json:
    """The task of some of its meetings."""
    return task | {
        "meetings": [row for row in task["meetings"] if row["id"] in meetings],
        "after": [pair for pair in task["after"] if meetings.issuperset(pair)],
        "same_day": [pair for pair in task["same_day"] if meetings.issuperset(pair)],
        "max_break_spread": None,
    }


@pytest.mark.slow
@settings(max_examples=60 if SOAK else 30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_meetings_that_are_said_to_clash_find_no_plan_together_and_numbers_are_short(seed: int) -> None:
    task, previous = small(random.Random(seed))
    for reason in solve(task, previous=previous)["because"]:
        assert reason.get("needs", 1) > reason.get("has", 0)
        if reason["kind"] == "rules_clash":
            assert reason["meeting"] in reason["meetings"]
            found = best(only(task, set(reason["meetings"])))
            assert found is None or found["unplaced"] > 0
        if reason["kind"] == "order_clash":
            found = best(only(task, {reason["before"], reason["after"]}))
            assert found is None or found["unplaced"] > 0
