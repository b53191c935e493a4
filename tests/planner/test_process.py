"""The planning process: heard while it works, stopped, and given up when it is silent or dead."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from confmgr.planner import process
from confmgr.planner.domain import Level
from tests.planner.make_instances import Json, instance, long_task, meeting
from tests.planner.processes import planning
from tests.planner.rules import broken

Told = list[tuple[tuple[Level, ...], int, float]]


def signal_child(number: int) -> None:
    for child in planning():
        os.kill(child, number)


def test_progress_names_each_level_with_its_value_and_what_is_proven() -> None:
    told: Told = []
    plan = process.solve_in_process(
        instance([meeting("M"), meeting("N")]), seconds=5.0, on_progress=lambda *all_: told.append(all_)
    )
    assert plan["status"] == "optimal"
    levels, placed, seconds = told[-1]
    assert [level.name for level in levels] == ["unplaced", "moved", "idle", "unfairness", "lateness", "place_changes"]
    assert (levels[0].value, levels[0].bound, placed) == (0, 0, 2)
    assert 0 <= seconds < 5


def test_the_preferred_level_stands_where_it_is_decided() -> None:
    told: Told = []
    process.solve_in_process(
        instance([meeting("M"), meeting("N")]),
        seconds=5.0,
        prefer="lateness",
        on_progress=lambda *all_: told.append(all_),
    )
    assert [level.name for level in told[-1][0]][:4] == ["unplaced", "moved", "lateness", "idle"]


def test_progress_comes_each_second_even_when_nothing_gets_better() -> None:
    told: Told = []
    process.solve_in_process(long_task(), seconds=4.0, on_progress=lambda *all_: told.append(all_))
    times = [seconds for _levels, _placed, seconds in told]
    assert max(later - earlier for earlier, later in pairwise(times)) < 2.5


def test_stopping_keeps_the_best_plan() -> None:
    told: Told = []
    asked: list[float] = []

    def stop() -> bool:
        if told and told[-1][0] and not asked:
            asked.append(time.monotonic())
        return bool(asked)

    plan = process.solve_in_process(
        long_task(), seconds=60.0, on_progress=lambda *all_: told.append(all_), should_stop=stop
    )
    assert time.monotonic() - asked[0] < 15.0  # a second on a free machine: bin/bench planner
    assert plan["status"] == "cancelled"
    assert len(plan["placements"]) >= told[-1][1] > 0


def test_the_planner_is_heard_before_it_has_a_plan() -> None:
    told: Told = []
    process.solve_in_process(long_task(), seconds=1.0, on_progress=lambda *all_: told.append(all_))
    assert told[0][:2] == ((), 0)


def test_a_silent_planner_is_given_up() -> None:
    with pytest.raises(process.PlannerDied, match="no sign of life for 1 s") as died:
        process.solve_in_process(
            long_task(), seconds=60.0, silence=1.0, on_progress=lambda *_: signal_child(signal.SIGSTOP)
        )
    assert died.value.end is process.End.SILENT


def test_a_caller_that_stood_still_itself_blames_nobody() -> None:
    resumed: list[threading.Timer] = []

    def stand_still(levels: tuple[Level, ...], *_: object) -> None:
        if levels and not resumed:
            (child,) = planning()
            signal_child(signal.SIGSTOP)
            resumed.append(threading.Timer(5.0, os.kill, (child, signal.SIGCONT)))
            resumed[0].start()
            time.sleep(4.5)

    plan = process.solve_in_process(long_task(), seconds=9.0, silence=4.0, on_progress=stand_still)
    assert resumed
    assert plan["placements"]


def test_a_planner_that_was_killed_is_given_up_at_once() -> None:
    with pytest.raises(process.PlannerDied, match="exit code -9") as died:
        process.solve_in_process(long_task(), seconds=60.0, on_progress=lambda *_: signal_child(signal.SIGKILL))
    assert died.value.end is process.End.DIED


def test_the_best_plan_of_a_planner_that_was_killed_is_not_lost() -> None:
    given = long_task()

    def kill(levels: tuple[Level, ...], placed: int, seconds: float) -> None:
        if levels and seconds > 3:
            signal_child(signal.SIGKILL)

    with pytest.raises(process.PlannerDied) as died:
        process.solve_in_process(given, seconds=60.0, on_progress=kill)
    plan = died.value.best
    assert plan is not None
    assert (plan["status"], broken(given, plan)) == ("feasible", [])
    assert plan["placements"]
    assert [why["meeting"] for why in plan["because"]] == plan["unplaced"]


def test_a_planner_that_dies_before_it_has_a_plan_leaves_none() -> None:
    with pytest.raises(process.PlannerDied) as died:
        process.solve_in_process(long_task(), seconds=60.0, on_progress=lambda *_: signal_child(signal.SIGKILL))
    assert died.value.best is None


CALLER = """
import json, os, sys
from confmgr.planner import process
from tests.planner.processes import planning

def told(*_):
    print(planning()[0], flush=True)
    os._exit(0)

if __name__ == "__main__":
    process.solve_in_process(json.loads(sys.stdin.read()), seconds=60.0, on_progress=told)
"""


def printed(caller: Path, text: str, task: Json) -> list[str]:
    """What a program printed that plans a task."""
    caller.write_text(text)
    done = subprocess.run(
        [sys.executable, caller],
        input=json.dumps(task),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_planner_whose_caller_is_gone_ends_too(tmp_path: Path) -> None:
    (pid,) = printed(tmp_path / "caller.py", CALLER, long_task())
    assert ends(int(pid))


def ends(pid: int) -> bool:
    for _ in range(60):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_planner_loads_nothing_of_the_program_that_began_it(tmp_path: Path) -> None:
    again = CALLER.replace("    os._exit(0)\n", "") + 'else:\n    print("loaded again", flush=True)\n'
    lines = printed(tmp_path / "caller.py", again, instance([meeting("M")]))
    assert lines
    assert "loaded again" not in lines
