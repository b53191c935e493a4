"""The tasks of the bench are what they are said to be, and its figures are read rightly from what was told."""

import pytest

from confmgr.planner import reading
from tests.bench import plan_tasks, planted
from tests.bench.plan_runs import Run
from tests.planner.make_instances import Json, solve
from tests.planner.rules import broken

SMALL = planted.instance(14, 60, 2, seed=2)


@pytest.mark.parametrize("seed", range(1, 6))
def test_repairs_and_conflicts_of_every_seed_can_be_read(seed: int) -> None:
    given = planted.instance(50, 300, 2, seed)
    tasks = {**plan_tasks.repairs(given), **plan_tasks.conflicts(given)}
    assert len(tasks) == 9
    for task in tasks.values():
        assert len(reading.instance(task).meetings) in {300, 301}


@pytest.mark.slow
@pytest.mark.parametrize("name", plan_tasks.conflicts(SMALL))
def test_every_conflict_leaves_something_out(name: str) -> None:
    task = plan_tasks.conflicts(SMALL)[name]
    plan = solve(task, seconds=1)
    assert broken(task, plan) == []
    assert plan["unplaced"] != []
    assert (plan["status"] == "infeasible") == (name in {"order against locks", "two locks on one table"})


def run(told: list[tuple[float, Json, int]], levels: list[Json]) -> Run:
    plan = {"levels": levels, "status": "feasible", "unplaced": [], "because": []}
    return Run(name="x", plan=plan, told=told, wall=9.0, command=9.5, cpu=10.0, memory=100.0)


def level(name: str, value: int, bound: int) -> Json:
    return {"name": name, "value": value, "bound": bound}


def test_a_first_plan_is_the_first_that_leaves_out_no_more_than_the_last() -> None:
    told = [(0.1, {"unplaced": (2, 0)}, 3), (0.4, {"unplaced": (0, 0)}, 5), (1.0, {"unplaced": (0, 0)}, 5)]
    assert run(told, [level("unplaced", 0, 0)]).first == 0.4


def test_a_level_is_proven_when_it_and_those_above_reach_their_bounds() -> None:
    told = [
        (0.1, {"unplaced": (0, 0), "idle": (5, 0)}, 5),
        (2.0, {"unplaced": (0, 0), "idle": (3, 0)}, 5),
        (4.0, {"unplaced": (0, 0), "idle": (3, 3)}, 5),
    ]
    done = run(told, [level("unplaced", 0, 0), level("idle", 3, 3)])
    assert done.proven("idle") == 4.0
    assert done.proven("unplaced") == 0.1
    assert run(told, [level("unplaced", 0, 0), level("idle", 3, 2)]).proven("idle") is None
