import json
import subprocess
import sys
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


CLASHES = {
    "two of one party at once": instance([meeting("M", locked={"start": 0}), meeting("N", "KR", locked={"start": 0})]),
    "three of two teams at once": instance(
        [meeting(ident, "KR", locked={"start": 0}) for ident in "MNO"],
        parties=[{"id": "KR", "teams": 2}],
        places=[{"id": f"T{n}", "seats": 4} for n in range(3)],
    ),
    "two at one table at once": instance(
        [
            meeting(ident, party, slots=2, locked={"start": start, "place": "T1"})
            for ident, party, start in (("M", "KR", 0), ("N", "KH", 1))
        ]
    ),
    "three at two tables at once": instance(
        [meeting(ident, party, locked={"start": 0}) for ident, party in (("M", "KR"), ("N", "KH"), ("O", "TH"))]
    ),
    "two of one person at once": instance(
        [meeting(ident, party, people=["Kim"], locked={"start": 0}) for ident, party in (("M", "KR"), ("N", "KH"))]
    ),
    "two of one interpreter at once": instance(
        [meeting(i, party, interpretation="km-ko", locked={"start": 0}) for i, party in (("M", "KR"), ("N", "KH"))],
        interpreters=[{"id": "Sok", "pairs": ["km-ko"]}],
    ),
    "longer than the only interpreter works": instance(
        [meeting(i, interpretation="km-ko", locked={"start": start}) for i, start in (("M", 0), ("N", 1))],
        interpreters=[{"id": "Sok", "pairs": ["km-ko"], "max_run": 1}],
    ),
    "in the wrong order": instance(
        [meeting("M", "KR", locked={"start": 3}), meeting("N", "KH", locked={"start": 1})], after=[["M", "N"]]
    ),
    "no place is large enough": instance([meeting("M", seats=9, locked={"start": 0})]),
    "nobody interprets": instance([meeting("M", interpretation="km-ko", locked={"start": 0})]),
}


@pytest.mark.parametrize("name", CLASHES)
def test_locks_that_clash_end_with_exit_1_each_with_its_reason(tmp_path: Path, name: str) -> None:
    answer = run(written(tmp_path, CLASHES[name]), "--seconds", "5")
    plan = json.loads(answer.stdout)
    assert (answer.exit_code, plan["status"]) == (1, "infeasible")
    assert {row["meeting"] for row in plan["because"]} == set(plan["unplaced"]) != set()
    assert broken(CLASHES[name], plan) == []


def test_locks_to_a_place_that_is_free_only_once_are_no_clash_but_something_is_left_out(tmp_path: Path) -> None:
    places = [{"id": "T1", "seats": 4, "available": [2]}]
    given = instance(
        [meeting("M", "KR", locked={"place": "T1"}), meeting("N", "KH", locked={"place": "T1"})], places=places
    )
    answer = run(written(tmp_path, given))
    assert answer.exit_code == 0
    assert len(json.loads(answer.stdout)["unplaced"]) == 1


EMPTY: list[dict[str, Any]] = [
    instance([]),
    instance([], parties=[], places=[]),
    instance([], max_break_spread=0, objective=["breaks"]),
    instance([], blocked=[0, 1, 2, 3, 4, 5]),
]


@pytest.mark.parametrize("given", EMPTY)
def test_where_there_is_nothing_to_plan_the_plan_is_empty_and_optimal(tmp_path: Path, given: dict[str, Any]) -> None:
    answer = run(written(tmp_path, given))
    plan = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert (plan["status"], plan["placements"], plan["unplaced"], plan["moved"]) == ("optimal", {}, [], [])


NOWHERE = {
    "no place": instance([meeting("M")], places=[]),
    "no slot is open": instance([meeting("M")], blocked=[0, 1, 2, 3, 4, 5]),
    "longer than a day": instance([meeting("M", slots=7)], days=2),
    "a party that is never there": instance([meeting("M")], parties=[{"id": "KR", "available": []}, {"id": "KH"}]),
    "a person who is never there": instance([meeting("M", people=["Kim"])], people=[{"id": "Kim", "available": []}]),
    "nobody interprets it": instance([meeting("M", interpretation="km-ko")]),
    "more interpreters than there are": instance(
        [meeting("M", interpretation="km-ko", interpreters=2)], interpreters=[{"id": "Sok", "pairs": ["km-ko"]}]
    ),
    "a run that nobody works": instance(
        [meeting("M", slots=2, interpretation="km-ko")], interpreters=[{"id": "S", "pairs": ["km-ko"], "max_run": 1}]
    ),
    "the place it is locked to is closed": instance(
        [meeting("M", locked={"place": "T1"})], places=[{"id": "T1", "seats": 4, "available": []}]
    ),
}


@pytest.mark.parametrize("name", NOWHERE)
def test_a_meeting_that_nobody_can_attend_is_left_out_with_its_reason(tmp_path: Path, name: str) -> None:
    answer = run(written(tmp_path, NOWHERE[name]))
    plan = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert plan["unplaced"] == ["M"]
    assert [row["meeting"] for row in plan["because"]] == ["M"]
    assert broken(NOWHERE[name], plan) == []


def test_a_plan_made_before_a_meeting_a_table_and_an_interpreter_were_lost_is_repaired(tmp_path: Path) -> None:
    crew = [{"id": name, "pairs": ["km-ko"]} for name in ("Sok", "Lee")]
    given = instance([meeting("M", interpretation="km-ko"), meeting("N", "KR", "TH")], interpreters=crew[1:])
    before = {
        "placements": {
            "M": {"start": 3, "place": "T9", "interpreters": ["Sok"]},
            "N": {"start": 4, "place": "T1"},
            "gone": {"start": 29_999, "place": "T1"},
        }
    }
    answer = run(written(tmp_path, given), "--from", written(tmp_path, before, "before.json"))
    plan = json.loads(answer.stdout)
    assert broken(given, plan) == []
    assert {m: p["start"] for m, p in plan["placements"].items()} == {"M": 3, "N": 4}
    assert plan["moved"] == []


def test_a_plan_of_a_longer_day_is_repaired(tmp_path: Path) -> None:
    before = {"placements": {"M": {"start": 29_999, "place": "T1"}}}
    plan = json.loads(
        run(written(tmp_path, instance([meeting("M")])), "--from", written(tmp_path, before, "b.json")).stdout
    )
    assert plan["placements"]["M"]["start"] == 0
    assert plan["moved"] == ["M"]


def test_a_plan_is_judged_level_by_level_meeting_by_meeting_and_party_by_party(tmp_path: Path) -> None:
    given = written(tmp_path, GIVEN)
    right = written(
        tmp_path, {"placements": {"M": {"start": 0, "place": "T1"}, "N": {"start": 2, "place": "T2"}}}, "a.json"
    )
    judged = run(given, "--score", right)
    assert judged.exit_code == 0
    assert json.loads(judged.stdout) == {
        "levels": {"unplaced": 2, "moved": 0, "idle": 1, "unfairness": 1, "lateness": 2, "place_changes": 1},
        "errors": [],
        "unplaced": ["O"],
        "meetings": {"M": {"start": 0, "errors": []}, "N": {"start": 2, "errors": []}},
        "parties": {
            "KR": {"idle": 1, "breaks": 1},
            "KH": {"idle": 0, "breaks": 0},
            "TH": {"idle": 0, "breaks": 0},
        },
    }


def test_a_plan_that_breaks_rules_ends_with_exit_1_and_names_each(tmp_path: Path) -> None:
    given = written(tmp_path, instance([meeting("M"), meeting("N"), meeting("O")], blocked=[5]))
    spots = {"M": (0, "T1"), "N": (5, "T2"), "O": (29_999, "T9"), "X": (0, "T1")}
    made = {"placements": {ident: {"start": start, "place": place} for ident, (start, place) in spots.items()}}
    judged = run(given, "--score", written(tmp_path, made, "made.json"))
    answer = json.loads(judged.stdout)
    assert judged.exit_code == 1
    assert answer["meetings"]["M"]["errors"] == []
    assert "N: in a blocked slot" in answer["meetings"]["N"]["errors"]
    assert "O: 29999 is outside the day" in answer["meetings"]["O"]["errors"]
    assert answer["meetings"]["X"]["errors"] == ["X: no such meeting"]


def test_a_plan_is_judged_against_the_one_before(tmp_path: Path) -> None:
    given = written(tmp_path, GIVEN)
    first = written(tmp_path, {"placements": {"M": {"start": 0, "place": "T1"}}}, "first.json")
    second = written(tmp_path, {"placements": {"M": {"start": 1, "place": "T1"}}}, "second.json")
    assert json.loads(run(given, "--score", second, "--from", first).stdout)["levels"]["moved"] == 1


def test_names_in_any_script_are_read_and_written_as_they_are(tmp_path: Path) -> None:
    given = instance([meeting("회의 1")], places=[{"id": "ห้อง", "seats": 4}])
    out = tmp_path / "plan.json"
    file = tmp_path / "instance.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(given, ensure_ascii=False).encode())
    assert run(file, "--out", out).exit_code == 0
    assert "회의 1" in out.read_text(encoding="utf-8")
    assert json.loads(out.read_text(encoding="utf-8"))["placements"]["회의 1"]["place"] == "ห้อง"


def test_no_time_at_all_still_gives_a_plan_that_keeps_the_rules(tmp_path: Path) -> None:
    plan = json.loads(run(written(tmp_path, GIVEN), "--seconds", "0").stdout)
    assert broken(GIVEN, plan) == []


def test_what_fits_nowhere_is_proven_to_be_left_out_before_any_search(tmp_path: Path) -> None:
    given = instance([meeting("M"), meeting("N", seats=9, priority=1), meeting("O", interpretation="km-ko")])
    plan = json.loads(run(written(tmp_path, given), "--seconds", "0").stdout)
    assert plan["levels"][0] == {"name": "unplaced", "value": 5, "bound": 5}


def test_the_command_begins_at_once_for_it_loads_no_other_room(tmp_path: Path) -> None:
    code = (
        "import sys; from confmgr.app.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, 'confmgr.meetings' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    words = [sys.executable, "-c", code, "plan", str(written(tmp_path, "{"))]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "2 False False\n"


def test_the_solver_loads_without_pandas_which_others_still_get() -> None:
    code = (
        "import sys; from confmgr.planner import model; print('pandas' in sys.modules);"
        "import pandas; print(pandas.Series([1, 2]).sum())"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n3\n"
