"""Bad instances and plans through the command line: exit 2, one line a fault with the path to it, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from confmgr.planner import reading
from confmgr.planner.cli import plan as command
from tests.planner.make_instances import Json, instance, meeting

ROW = meeting("M")
LOCKED = meeting("M", locked={"start": 2})


def lines(folder: Path, content: Any, *more: str | Path) -> list[str]:
    """The lines with which a file is refused."""
    file, out = folder / "instance.json", folder / "out.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    answer = CliRunner().invoke(command, [str(word) for word in (file, "--seconds", 1, "--out", out, *more)])
    assert answer.exit_code == 2, answer.output
    assert answer.stdout == ""
    assert not out.exists()
    return answer.stderr.splitlines()


def parties(**first: Any) -> list[Json]:
    return [{"id": "KR"} | first, {"id": "KH"}]


def places(**first: Any) -> list[Json]:
    return [{"id": "T1", "seats": 4} | first]


def crew(**first: Any) -> list[Json]:
    return [{"id": "Sok", "pairs": ["km-ko"]} | first]


SHAPES: list[tuple[Any, str]] = [
    ([], "instance: should be an object"),
    (None, "instance: should be an object"),
    ("7", "instance: should be an object"),
    ('"plan"', "instance: should be an object"),
    (instance([ROW], slots=[]), "slots: should be an object"),
    (instance([ROW], slots=None), "slots: should be an object"),
    (instance([ROW], parties={}), "parties: should be a list"),
    (instance([ROW], places=None), "places: should be a list"),
    (instance([ROW], parties=["KR"]), "parties[0]: should be an object"),
    (instance([ROW, 7]), "meetings[1]: should be an object"),  # type: ignore[list-item]
    (instance([ROW], after=[["M"]]), "after[0]: should have at least 2"),
    (instance([ROW], after=[["M", "M", "M"]]), "after[0]: should have at most 2"),
    (instance([ROW], after=["MM"]), "after[0]: should be a list"),
    (instance([ROW], after=[["M", 1]]), "after[0][1]: should be a text"),
    (instance([meeting("M", locked=3)]), "meetings[0].locked: should be an object"),
    (instance([ROW], objective="breaks"), "objective: should be a list"),
    (instance([ROW], objective=["beauty"]), "objective[0]: should be 'breaks'"),
    (instance([ROW], objective=["breaks", "breaks"]), "objective: should have at most 1"),
    (instance([ROW], weather="fine"), "weather: is no field of this format"),
    (instance([ROW], **{"two\nlines": 1}), '["two\\nlines"]: is no field of this format'),
    (instance([ROW], parties=parties(flag="kr")), "parties[0].flag: is no field of this format"),
    (instance([ROW], places=places(floor=1)), "places[0].floor: is no field of this format"),
    (instance([ROW], interpreters=crew(age=30)), "interpreters[0].age: is no field of this format"),
    (instance([ROW], people=[{"id": "Kim", "rank": 1}]), "people[0].rank: is no field of this format"),
    (instance([meeting("M", colour="red")]), "meetings[0].colour: is no field of this format"),
    (instance([meeting("M", locked={"end": 3})]), "meetings[0].locked.end: is no field of this format"),
]

NUMBERS: list[tuple[Any, str]] = [
    (instance([ROW], per_day=0), "slots.per_day: should be at least 1"),
    (instance([ROW], days=0), "slots.days: should be at least 1"),
    (instance([ROW], days=-2), "slots.days: should be at least 1"),
    (instance([ROW], days=10**9), "slots.days: should be at most 60"),
    (instance([ROW], per_day=True), "slots.per_day: should be a whole number"),
    (instance([ROW], blocked=[-1]), "slots.blocked[0]: should be at least 0"),
    (instance([ROW], blocked=[0, 6]), "slots.blocked[1]: 6 is outside the days, which have 6 slots"),
    (instance([ROW], blocked=[False]), "slots.blocked[0]: should be a whole number"),
    (instance([meeting("M", slots=0)]), "meetings[0].slots: should be at least 1"),
    (instance([meeting("M", slots=10**30)]), "meetings[0].slots: should be at most 500"),
    (instance([ROW | {"slots": "2"}]), "meetings[0].slots: should be a whole number"),
    (instance([ROW | {"slots": 2.0}]), "meetings[0].slots: should be a whole number"),
    (instance([ROW | {"slots": True}]), "meetings[0].slots: should be a whole number"),
    (instance([ROW | {"slots": float("nan")}]), "meetings[0].slots: should be a whole number"),
    (instance([ROW | {"slots": float("inf")}]), "meetings[0].slots: should be a whole number"),
    (instance([meeting("M", priority=4)]), "meetings[0].priority: should be at most 3"),
    (instance([meeting("M", priority=True)]), "meetings[0].priority: should be a whole number"),
    (instance([meeting("M", seats=-1)]), "meetings[0].seats: should be at least 0"),
    (instance([meeting("M", seats=10**30)]), "meetings[0].seats: should be at most 1000000"),
    (instance([meeting("M", hold=0)]), "meetings[0].hold: should be at least 1"),
    (instance([meeting("M", hold=10**9)]), "meetings[0].hold: should be at most 1000"),
    (instance([meeting("M", interpreters=0)]), "meetings[0].interpreters: should be at least 1"),
    (instance([meeting("M", window=[0, 99])]), "meetings[0].window[1]: 99 is outside the days, which have 6 slots"),
    (instance([meeting("M", window=["0"])]), "meetings[0].window[0]: should be a whole number"),
    (instance([meeting("M", locked={"start": -1})]), "meetings[0].locked.start: should be at least 0"),
    (instance([meeting("M", locked={"start": False})]), "meetings[0].locked.start: should be a whole number"),
    (instance([ROW], parties=parties(teams=0)), "parties[0].teams: should be at least 1"),
    (instance([ROW], parties=parties(teams=10**9)), "parties[0].teams: should be at most 1000"),
    (instance([ROW], parties=parties(available=[10**30])), "parties[0].available[0]: should be less than 30000"),
    (instance([ROW], parties=parties(available=7)), "parties[0].available: should be a list"),
    (
        instance([ROW], parties=parties(available=[6])),
        "parties[0].available[0]: 6 is outside the days, which have 6 slots",
    ),
    (instance([ROW], places=places(seats=-1)), "places[0].seats: should be at least 0"),
    (instance([ROW], places=places(seats=None)), "places[0].seats: should be a whole number"),
    (instance([ROW], interpreters=crew(max_run=0)), "interpreters[0].max_run: should be at least 1"),
    (instance([ROW], interpreters=crew(max_day=1.5)), "interpreters[0].max_day: should be a whole number"),
    (instance([ROW], interpreters=crew(pairs="km-ko")), "interpreters[0].pairs: should be a list"),
    (instance([ROW], max_break_spread=-1), "max_break_spread: should be at least 0"),
    (instance([ROW], max_break_spread=10**30), "max_break_spread: should be at most 1000000"),
]

NAMES: list[tuple[Any, str]] = [
    (instance([ROW | {"id": 7}]), "meetings[0].id: should be a text"),
    (instance([meeting("")]), "meetings[0].id: should not be empty"),
    (instance([ROW | {"parties": []}]), "meetings[0].parties: should have at least 1"),
    (instance([ROW | {"parties": "KR"}]), "meetings[0].parties: should be a list"),
    (instance([meeting("M", "KR", "KR")]), "meetings[0].parties[1]: 'KR' stands twice"),
    (instance([meeting("M", people=["Kim", "Kim"])]), "meetings[0].people[1]: 'Kim' stands twice"),
    (instance([meeting("M", "KR", "XX")]), "meetings[0].parties[1]: no party 'XX'"),
    (instance([meeting("M", "KR", "two\nlines")]), "meetings[0].parties[1]: no party 'two\\nlines'"),
    (instance([ROW, ROW]), "meetings[1].id: 'M' stands twice"),
    (instance([ROW], parties=[*parties(), {"id": "KR"}]), "parties[2].id: 'KR' stands twice"),
    (instance([ROW], places=[*places(), *places()]), "places[1].id: 'T1' stands twice"),
    (instance([ROW], interpreters=[*crew(), *crew()]), "interpreters[1].id: 'Sok' stands twice"),
    (instance([ROW], people=[{"id": "Kim"}, {"id": "Kim"}]), "people[1].id: 'Kim' stands twice"),
    (instance([ROW], after=[["M", "N"]]), "after[0][1]: no meeting 'N'"),
    (instance([ROW], same_day=[["M", "N"]]), "same_day[0][1]: no meeting 'N'"),
    (instance([ROW], same_day=[["M", "M"]]), "same_day[0]: 'M' is on one day with itself"),
    (instance([ROW], after=[["M", "M"]]), "after[0]: the order is circular: 'M', 'M'"),
    (instance([ROW, meeting("N")], after=[["M", "N"], ["N", "M"]]), "after[0]: the order is circular: 'M', 'N', 'M'"),
    (
        instance([meeting(m) for m in "ABCD"], after=[["A", "B"], ["C", "B"], ["B", "D"], ["D", "C"]]),
        "after[2]: the order is circular: 'B', 'D', 'C', 'B'",
    ),
]

LOCKS: list[tuple[Any, str]] = [
    (instance([meeting("M", locked={"place": "T9"})]), "meetings[0].locked.place: no place 'T9'"),
    (
        instance([meeting("M", seats=5, locked={"place": "T1"})]),
        "meetings[0].locked.place: 'T1' has 4 seats, 5 are needed",
    ),
    (instance([meeting("M", locked={"start": 6})]), "meetings[0].locked.start: 6 is outside the days"),
    (instance([meeting("M", slots=2, locked={"start": 5})], days=2), "meetings[0].locked.start: 5 is outside the days"),
    (instance([LOCKED], blocked=[2]), "meetings[0].locked.start: 2 is blocked"),
    (instance([LOCKED | {"slots": 2}], blocked=[3]), "meetings[0].locked.start: 2 is blocked"),
    (instance([LOCKED | {"window": [1]}]), "meetings[0].locked.start: 2 is outside its window"),
    (instance([LOCKED], parties=parties(available=[1])), "meetings[0].locked.start: 'KR' is away at 2"),
    (
        instance([LOCKED | {"people": ["Kim"]}], people=[{"id": "Kim", "available": [1]}]),
        "meetings[0].locked.start: 'Kim' is away at 2",
    ),
    (
        instance([meeting("M", locked={"start": 2, "place": "T1"})], places=places(available=[1])),
        "meetings[0].locked.place: 'T1' is closed at 2",
    ),
]


@pytest.mark.parametrize(("given", "line"), [*SHAPES, *NUMBERS, *NAMES, *LOCKS])
def test_a_bad_instance_is_refused_with_the_path_to_its_one_fault(tmp_path: Path, given: Any, line: str) -> None:
    assert lines(tmp_path, given) == [line]


@pytest.mark.parametrize("field", ["slots", "parties", "places", "meetings"])
def test_what_is_not_optional_is_missed(tmp_path: Path, field: str) -> None:
    given = instance([ROW])
    del given[field]
    assert lines(tmp_path, given) == [f"{field}: is missing"]
    assert lines(tmp_path, {}) == [f"{name}: is missing" for name in ("slots", "parties", "places", "meetings")]


@pytest.mark.parametrize("field", ["id", "parties", "slots"])
def test_what_is_not_optional_of_a_meeting_is_missed(tmp_path: Path, field: str) -> None:
    row = {name: value for name, value in ROW.items() if name != field}
    assert lines(tmp_path, instance([ROW | {"id": "N"}, row])) == [f"meetings[1].{field}: is missing"]


def test_every_fault_is_told_at_once_each_on_its_line(tmp_path: Path) -> None:
    given = instance([meeting("M", "XX"), meeting("N", "YY", locked={"place": "T9"})], after=[["M", "O"]])
    assert lines(tmp_path, given) == [
        "meetings[0].parties[0]: no party 'XX'",
        "meetings[1].parties[0]: no party 'YY'",
        "meetings[1].locked.place: no place 'T9'",
        "after[0][1]: no meeting 'O'",
    ]
    wrong = instance([ROW | {"slots": "1", "seats": -1}], weather=1, days=0)
    assert len(lines(tmp_path, wrong)) == 4


@pytest.mark.parametrize(
    "content",
    ["{", "", "[" * 100_000, '{"a": 1,}', "{'a': 1}", "1" * 5000, b"\xff\xfe\x00", b"\x00", '{"a": 1} {"b": 2}'],
)
def test_what_is_not_json_is_refused_in_one_line(tmp_path: Path, content: str | bytes) -> None:
    (line,) = lines(tmp_path, content)
    assert line.startswith("instance.json: not JSON: ")


def test_an_object_that_says_a_thing_twice_is_refused(tmp_path: Path) -> None:
    text = json.dumps(instance([ROW])).replace('"id": "M"', '"id": "M", "id": "N"')
    assert lines(tmp_path, text) == ["instance.json: not JSON: an object has 'id' twice"]


def test_a_text_with_half_a_character_is_refused_and_printed_all_the_same(tmp_path: Path) -> None:
    text = json.dumps(instance([ROW]))
    one = text.replace('"id": "M"', '"id": "\\ud800"')
    assert lines(tmp_path, one) == ["meetings[0].id: should be a text without broken characters"]
    other = text.replace('"id": "M"', '"id": "M", "\\ud800": 1')
    assert lines(tmp_path, other) == ["meetings[0]: should be a text without broken characters"]


def placed(**changes: Any) -> Json:
    return {"placements": {"M": {"start": 0, "place": "T1", "interpreters": []} | changes}}


PLANS: list[tuple[Any, str]] = [
    ([], "plan: should be an object"),
    (7, "plan: should be an object"),
    ({}, "placements: is missing"),
    ({"placements": []}, "placements: should be an object"),
    ({"placements": {"M": 3}}, "placements.M: should be an object"),
    ({"placements": {"M 1": {"place": "T1"}}}, 'placements["M 1"].start: is missing'),
    ({"placements": {"M": {"start": 0}}}, "placements.M.place: is missing"),
    (placed(start="soon"), "placements.M.start: should be a whole number"),
    (placed(start=True), "placements.M.start: should be a whole number"),
    (placed(start=1.0), "placements.M.start: should be a whole number"),
    (placed(start=-1), "placements.M.start: should be at least 0"),
    (placed(start=10**30), "placements.M.start: should be less than 30000"),
    (placed(place=7), "placements.M.place: should be a text"),
    (placed(place=None), "placements.M.place: should be a text"),
    (placed(interpreters="Sok"), "placements.M.interpreters: should be a list"),
    (placed(interpreters=[1]), "placements.M.interpreters[0]: should be a text"),
    (placed(end=3), "placements.M.end: is no field of this format"),
]


@pytest.mark.parametrize("option", ["--from", "--score"])
@pytest.mark.parametrize(("given", "line"), PLANS)
def test_a_bad_plan_is_refused_with_the_path_to_its_fault(tmp_path: Path, option: str, given: Any, line: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(given))
    assert lines(tmp_path, instance([ROW]), option, file) == [line]


@pytest.mark.parametrize("option", ["--from", "--score"])
def test_a_plan_that_is_not_json_is_refused_beside_the_faults_of_the_instance(tmp_path: Path, option: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text("{")
    first, second = lines(tmp_path, instance([meeting("M", "XX")]), option, file)
    assert first == "meetings[0].parties[0]: no party 'XX'"
    assert second.startswith("plan.json: not JSON: ")


@pytest.mark.parametrize(
    "words",
    [
        ("--seconds", "-1"),
        ("--seconds", "nan"),
        ("--seconds", "inf"),
        ("--seconds", "soon"),
        ("--workers", "0"),
        ("--workers", "10000"),
        ("--seed", "-1"),
        ("--seed", str(2**31)),
        ("--effort", "0"),
        ("--from", "nowhere.json"),
        ("--score", "nowhere.json"),
        ("--out", "no such folder/plan.json"),
        ("--out", "."),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, words: tuple[str, str]) -> None:
    assert "Error: Invalid value for" in lines(tmp_path, instance([ROW]), *words)[-1]


def test_no_instance_is_refused() -> None:
    assert CliRunner().invoke(command, ["nowhere.json"]).exit_code == 2
    assert CliRunner().invoke(command, []).exit_code == 2


def test_everything_optional_may_be_left_out_or_null() -> None:
    given = {
        "slots": {"days": 1, "per_day": 2},
        "parties": [{"id": "KR", "available": None}],
        "places": [{"id": "T1", "seats": 0, "available": None}],
        "meetings": [
            {"id": "M", "parties": ["KR"], "slots": 1, "window": None, "locked": None, "people": None},
            {"id": "N", "parties": ["KR"], "slots": 1, "locked": {"start": None, "place": None}},
        ],
        "objective": None,
        "max_break_spread": None,
    }
    frozen = reading.instance(given)
    assert [row.priority for row in frozen.meetings] == [2, 2]
    assert reading.instance(given | {"meetings": [], "places": [], "parties": [], "people": [], "after": []}).total == 2
