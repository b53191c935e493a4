import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.planner.make_instances import Json, instances, planted, solve
from tests.planner.rules import broken

CALM = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@CALM
@given(instances())
def test_no_plan_breaks_a_rule_and_what_is_left_out_has_a_reason(instance: Json) -> None:
    plan = solve(instance)
    assert broken(instance, plan) == []
    assert plan["status"] != "infeasible"


@pytest.mark.slow
@settings(CALM, max_examples=25)
@given(instances(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_plan(instance: Json, seed: int) -> None:
    first, second = (solve(instance, seed=seed) | {"seconds": 0} for _time in range(2))
    assert first == second


@pytest.mark.slow
@settings(CALM, max_examples=25)
@given(instances(), st.randoms(use_true_random=False))
def test_a_repaired_plan_keeps_the_rules_after_a_change(instance: Json, rng: random.Random) -> None:
    before = solve(instance)
    gone = rng.choice(instance["places"])
    changed = instance | {
        "places": [row | {"available": []} if row is gone else row for row in instance["places"]],
    }
    plan = solve(changed, previous=before)
    assert broken(changed, plan) == []
    same = [m for m in plan["placements"] if m in before["placements"] and m not in plan["moved"]]
    assert all(plan["placements"][m]["start"] == before["placements"][m]["start"] for m in same)


@pytest.mark.slow
@settings(CALM, max_examples=80)
@given(st.integers(0, 10**6))
def test_where_all_can_be_placed_all_is_placed_and_every_lock_is_kept(seed: int) -> None:
    instance = planted(seed)
    plan = solve(instance)
    assert broken(instance, plan) == []
    assert plan["unplaced"] == []
