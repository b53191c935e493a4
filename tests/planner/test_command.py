import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from confmgr.planner.cli import plan as command
from tests.planner.make_instances import instance, meeting
from tests.planner.rules import broken

GIVEN = instance([meeting("M"), meeting("N", "KR", "TH"), meeting("O", seats=9)])


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def written(folder: Path, content: Any, name: str = "instance.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_plan_comes_on_standard_output_with_exit_0_whatever_is_left_out(tmp_path: Path) -> None:
    answer = run(written(tmp_path, GIVEN), "--seconds", "5")
    assert answer.exit_code == 0
    plan = json.loads(answer.stdout)
    assert broken(GIVEN, plan) == []
    assert plan["unplaced"] == ["O"]
    assert set(plan) == {"status", "placements", "levels", "unplaced", "because", "moved", "seconds", "seed"}


def test_a_plan_goes_into_a_file_and_is_repaired_from_it(tmp_path: Path) -> None:
    given, out = written(tmp_path, GIVEN), tmp_path / "plan.json"
    assert run(given, "--out", out, "--seed", "4").output == ""
    first = json.loads(out.read_text())
    assert first["seed"] == 4
    second = json.loads(run(given, "--from", out).stdout)
    assert second["moved"] == []
    starts = [{m: p["start"] for m, p in plan["placements"].items()} for plan in (first, second)]
    assert starts[0] == starts[1]


def test_locks_that_clash_end_with_exit_1(tmp_path: Path) -> None:
    clash = instance([meeting("M", locked={"start": 0}), meeting("N", locked={"start": 0})])
    answer = run(written(tmp_path, clash))
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["status"] == "infeasible"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{", "instance.json: not JSON"),
        ("[" * 100_000, "instance.json: not JSON"),
        ("", "instance.json: not JSON"),
        (instance([meeting("M", "XX")]), "meetings.0.parties: no party 'XX'"),
        (instance([meeting("M")], per_day=0), "slots.per_day"),
    ],
)
def test_what_cannot_be_read_ends_with_exit_2_and_a_line_for_each_fault(
    tmp_path: Path, content: Any, line: str
) -> None:
    answer = run(written(tmp_path, content))
    assert answer.exit_code == 2
    assert answer.stderr.startswith(line)
    assert "Traceback" not in answer.output


def test_a_file_that_is_not_text_ends_with_exit_2(tmp_path: Path) -> None:
    path = tmp_path / "instance.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert run(path).exit_code == 2


def test_a_plan_is_judged_with_its_levels(tmp_path: Path) -> None:
    given = written(tmp_path, GIVEN)
    right = written(tmp_path, json.loads(run(given).stdout), "right.json")
    judged = run(given, "--score", right)
    assert (judged.exit_code, json.loads(judged.stdout)["errors"]) == (0, [])
    wrong = written(tmp_path, {"placements": {m: {"start": 0, "place": "T1"} for m in "MN"}}, "wrong.json")
    judged = run(given, "--score", wrong)
    assert judged.exit_code == 1
    assert json.loads(judged.stdout)["errors"] != []
