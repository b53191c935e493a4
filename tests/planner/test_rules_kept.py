"""Whatever is asked, and however the search ends: every plan passes an independent judge (`rules.py`)."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bench import planted as bench
from tests.planner.make_instances import Json, after, instances, planted, solve
from tests.planner.make_small import plan_before
from tests.planner.rules import broken
from tests.soak import SOAK

CALM = settings(
    max_examples=40 if SOAK else 8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
RANDOM = st.randoms(use_true_random=False)


def locked(instance: Json) -> bool:
    return any((row["locked"] or {}).get("start") is not None for row in instance["meetings"])


@pytest.mark.slow
@CALM
@given(instances())
def test_no_plan_breaks_a_rule_and_what_is_left_out_has_a_reason(instance: Json) -> None:
    plan = solve(instance)
    assert broken(instance, plan) == []
    assert plan["status"] != "infeasible" or locked(instance)


@pytest.mark.slow
@settings(CALM, max_examples=15)
@given(instances(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_plan(instance: Json, seed: int) -> None:
    first, second = (solve(instance, seed=seed) | {"seconds": 0} for _time in range(2))
    assert first == second


@pytest.mark.slow
@settings(CALM, max_examples=15)
@given(instances(), st.integers(0, 9), st.integers(1, 400), RANDOM)
def test_the_same_effort_and_seed_give_the_same_plan(
    instance: Json, seed: int, effort: int, rng: random.Random
) -> None:
    previous = plan_before(rng, instance)
    runs = [solve(instance, seed=seed, effort=effort, previous=previous) | {"seconds": 0} for _time in range(2)]
    assert runs[0] == runs[1]
    assert broken(instance, runs[0], previous) == []


def _lost_place(instance: Json, rng: random.Random) -> Json:
    gone = rng.choice(instance["places"])
    meetings = [row | {"locked": None} if _at(row, gone["id"]) else row for row in instance["meetings"]]
    return {"places": [row for row in instance["places"] if row is not gone], "meetings": meetings}


def _closed_place(instance: Json, rng: random.Random) -> Json:
    gone = rng.choice(instance["places"])
    meetings = [row | {"locked": None} if _at(row, gone["id"]) else row for row in instance["meetings"]]
    return {
        "places": [row | {"available": []} if row is gone else row for row in instance["places"]],
        "meetings": meetings,
    }


def _lost_interpreter(instance: Json, rng: random.Random) -> Json:
    return {"interpreters": instance["interpreters"][1:]}


def _late_party(instance: Json, rng: random.Random) -> Json:
    late = rng.choice(instance["parties"])["id"]
    slots = instance["slots"]["days"] * instance["slots"]["per_day"]
    hours = list(range(rng.randrange(slots), slots))
    return {
        "parties": [row | {"available": hours} if row["id"] == late else row for row in instance["parties"]],
        "meetings": [row | {"locked": None} if late in row["parties"] else row for row in instance["meetings"]],
    }


def _new_meeting(instance: Json, rng: random.Random) -> Json:
    return {"meetings": [rng.choice(instance["meetings"]) | {"id": "new", "locked": None}, *instance["meetings"]]}


def _lost_meeting(instance: Json, rng: random.Random) -> Json:
    gone = rng.choice(instance["meetings"])["id"]
    return {
        "meetings": [row for row in instance["meetings"] if row["id"] != gone],
        "after": [pair for pair in instance["after"] if gone not in pair],
        "same_day": [pair for pair in instance.get("same_day", ()) if gone not in pair],
    }


def _at(row: Json, place: str) -> bool:
    return bool((row["locked"] or {}).get("place") == place)


CHANGES = [_lost_place, _closed_place, _lost_interpreter, _late_party, _new_meeting, _lost_meeting]


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
@settings(CALM, max_examples=6)
@given(instances(), RANDOM)
def test_a_repaired_plan_keeps_the_rules_after_a_change(
    change: Callable[[Json, random.Random], Json], instance: Json, rng: random.Random
) -> None:
    before = solve(instance, seconds=0.3)
    changed = instance | change(instance, rng)
    plan = solve(changed, previous=before)
    assert broken(changed, plan, before) == []


@pytest.mark.slow
@settings(CALM, max_examples=25 if SOAK else 6)
@given(instances(), RANDOM)
def test_a_plan_that_keeps_no_rule_any_more_is_repaired_to_one_that_keeps_all(
    instance: Json, rng: random.Random
) -> None:
    before = plan_before(rng, instance)
    assert broken(instance, solve(instance, previous=before), before) == []


@pytest.mark.slow
@settings(CALM, max_examples=80 if SOAK else 15)
@given(st.integers(0, 10**6))
def test_where_all_can_be_placed_all_is_placed_and_every_lock_is_kept(seed: int) -> None:
    instance = planted(seed)
    plan = solve(instance)
    assert broken(instance, plan) == []
    assert plan["unplaced"] == []


@pytest.mark.slow
@settings(CALM, max_examples=30 if SOAK else 8)
@given(instances(), st.sampled_from([0.0, 0.001, 0.01, 0.05]), RANDOM)
def test_a_plan_of_next_to_no_time_keeps_the_rules(instance: Json, seconds: float, rng: random.Random) -> None:
    assert broken(instance, solve(instance, seconds=seconds)) == []
    before = plan_before(rng, instance)
    assert broken(instance, solve(instance, seconds=seconds, previous=before), before) == []


@pytest.mark.slow
@settings(CALM, max_examples=20)
@given(instances(), st.integers(0, 6))
def test_a_plan_of_a_search_that_was_ended_keeps_the_rules(instance: Json, asked: int) -> None:
    plan = solve(instance, should_stop=after(asked))
    assert broken(instance, plan) == []
    assert plan["status"] in {"cancelled", "optimal", "feasible", "infeasible"}


MIDDLING = bench.instance(27, 60, 2, seed=3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [{"seconds": 0.0}, {"seconds": 0.02}, {"seconds": 1.0}, {"seconds": 1.0, "workers": 1}, {"effort": 500}],
    ids=str,
)
def test_a_larger_plan_keeps_the_rules_however_long_it_takes(options: dict[str, Any]) -> None:
    plan = solve(MIDDLING, **options)
    assert broken(MIDDLING, plan) == []


@pytest.mark.slow
@pytest.mark.parametrize("asked", [0, 1, 3, 10, 20])
def test_a_larger_search_ends_soon_after_it_is_told_to_and_keeps_the_rules(asked: int) -> None:
    plan = solve(MIDDLING, seconds=60, should_stop=after(asked))
    assert broken(MIDDLING, plan) == []
    assert plan["status"] == "cancelled"
    assert plan["seconds"] < 10


@pytest.mark.slow
def test_the_same_effort_gives_the_same_plan_of_a_larger_task() -> None:
    runs = [solve(MIDDLING, seconds=seconds, effort=400, seed=2) | {"seconds": 0} for seconds in (60.0, 90.0)]
    assert runs[0] == runs[1]


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_a_larger_plan_is_repaired_with_few_moves(change: Callable[[Json, random.Random], Json]) -> None:
    instance = MIDDLING | {"meetings": [{"locked": None} | row for row in MIDDLING["meetings"]]}
    before = solve(instance, seconds=1.0)
    changed = instance | change(instance, random.Random(1))
    plan = solve(changed, seconds=3.0, previous=before)
    assert broken(changed, plan, before) == []
    assert len(plan["moved"]) < 20
