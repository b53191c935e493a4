"""Reasons of what is left out: numbers where something is short, else the smallest set of rules that clash."""

import itertools
from typing import Any

import pytest

from confmgr.planner import clash, counting, prover, reading
from confmgr.planner.frame import Frame, Spot
from tests.bench import plan_tasks
from tests.bench import planted as tasks
from tests.planner.make_instances import Json, instance, meeting, solve

WIDE = [{"id": code} for code in ("KR", "KH", "TH", "VN")]


def reason(given: Json) -> Json:
    """The only reason of a plan, which a second solve must have confirmed."""
    (because,) = solve(given)["because"]
    assert because.pop("verified") is True
    return dict(because)


def test_a_party_that_leaves_early_is_told_in_slots() -> None:
    parties = [{"id": "KR", "available": [0, 1, 2]}, {"id": "KH"}, {"id": "TH"}]
    meetings = [meeting(f"M{n}", "KR", "KH" if n % 2 else "TH", slots=2, priority=1 + (n > 0)) for n in range(2)]
    assert reason(instance(meetings, parties=parties)) == {
        "meeting": "M1", "kind": "party_full", "party": "KR", "needs": 4, "has": 2,
    }  # fmt: skip


def test_a_window_that_holds_too_little_names_its_first_and_last_slot() -> None:
    meetings = [meeting(f"M{n}", "KR", "KH", window=[2, 3]) for n in range(3)]
    found = reason(instance(meetings))
    assert found.pop("meeting") in {"M0", "M1", "M2"}
    assert found == {"kind": "interval_full", "party": "KR", "needs": 3, "has": 2, "first": 2, "last": 3}


def test_too_few_large_places_are_told_in_slots_and_seats() -> None:
    places = [{"id": "T", "seats": 4}, {"id": "H", "seats": 9, "available": [0, 1]}]
    meetings = [meeting("M", "KR", "KH", slots=2, seats=6), meeting("N", "TH", "VN", seats=6, priority=3)]
    assert reason(instance(meetings, parties=WIDE, places=places)) == {
        "meeting": "N", "kind": "places_full", "seats": 9, "needs": 3, "has": 2,
    }  # fmt: skip


def test_the_pauses_of_an_interpreter_are_counted() -> None:
    crew = [{"id": "A", "pairs": ["km-ko"], "max_run": 2}]
    meetings = [meeting(f"M{n}", *sides, interpretation="km-ko") for n, sides in enumerate((["KR"], ["TH"], ["KH"]))]
    found = reason(instance(meetings, per_day=3, interpreters=crew))
    assert found.pop("meeting") in {"M0", "M1", "M2"}
    assert found == {"kind": "interpreters_full", "pair": "km-ko", "needs": 3, "has": 2}


def test_a_person_wanted_twice_at_once_is_named() -> None:
    people = [{"id": "Lee", "available": [1]}]
    meetings = [meeting("M", "KR", people=["Lee"]), meeting("N", "TH", people=["Lee"], priority=3)]
    assert reason(instance(meetings, people=people)) == {
        "meeting": "N", "kind": "persons_full", "person": "Lee", "needs": 2, "has": 1,
    }  # fmt: skip


def test_an_order_against_two_locks_names_both_meetings() -> None:
    meetings = [meeting("M", "KR", locked={"start": 2}), meeting("N", "TH", locked={"start": 2})]
    found = reason(instance(meetings, after=[["M", "N"]]))
    assert found.pop("meeting") in {"M", "N"}
    assert found == {"kind": "order_clash", "before": "M", "after": "N"}


def test_order_and_windows_that_cross_are_told_as_the_rules_that_clash() -> None:
    meetings = [meeting("M", "KR", window=[3, 4]), meeting("N", "TH", window=[1, 2, 3], priority=3)]
    assert reason(instance(meetings, after=[["M", "N"]])) == {
        "meeting": "N",
        "kind": "rules_clash",
        "meetings": ["M", "N"],
        "rules": [
            {"kind": "order", "names": ["M", "N"]},
            {"kind": "window", "names": ["M"]},
            {"kind": "window", "names": ["N"]},
        ],
    }


def test_a_common_day_and_windows_on_two_days_are_told_as_the_rules_that_clash() -> None:
    meetings = [meeting("M", "KR", window=[0, 1]), meeting("N", "TH", window=[6, 7], priority=3)]
    assert reason(instance(meetings, days=2, same_day=[["N", "M"]])) == {
        "meeting": "N",
        "kind": "rules_clash",
        "meetings": ["M", "N"],
        "rules": [
            {"kind": "same_day", "names": ["M", "N"]},
            {"kind": "window", "names": ["M"]},
            {"kind": "window", "names": ["N"]},
        ],
    }


def test_two_meetings_locked_to_one_table_at_one_time_are_named_with_it() -> None:
    lock = {"start": 1, "place": "T1"}
    given = instance([meeting("M", "KR", locked=lock), meeting("N", "TH", locked=lock)])
    assert solve(given)["status"] == "infeasible"
    found = reason(given)
    assert found.pop("meeting") in {"M", "N"}
    assert found == {"kind": "lock_clash", "meetings": ["M", "N"], "place": "T1"}


def test_locks_that_make_breaks_uneven_have_a_reason_as_well() -> None:
    meetings = [meeting("M", "KR", locked={"start": 0}), meeting("N", "KR", locked={"start": 2}), meeting("O", "KH")]
    plan = solve(instance(meetings, max_break_spread=0, parties=[{"id": "KR"}, {"id": "KH"}]))
    assert plan["status"] == "infeasible"
    assert [row["kind"] for row in plan["because"] if row["meeting"] not in plan["unplaced"]] == ["breaks_uneven"]


def test_what_only_puts_others_out_is_told_from_what_there_may_be_room_for() -> None:
    meetings = [meeting(f"M{n}", "KR", "KH", window=[0, 1]) for n in range(3)] + [meeting("N", "TH", window=[0])]
    frame = Frame(reading.instance(instance(meetings)))
    kept = {0: Spot(0, 0), 1: Spot(1, 0)}
    assert counting.fitting(counting.Wanted(frame), kept, [2, 3]) == [3]


def test_in_a_task_too_large_for_exact_search_only_what_is_short_keeps_a_meeting_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prover, "again", lambda *_args, **_options: None)
    monkeypatch.setattr(prover, "LARGEST", 0)
    task = plan_tasks.conflicts(tasks.instance(30, 150, 2, 1))["a party's hours are too few"]
    plan = solve(task, seconds=10**6, effort=1)
    assert {(why["kind"], why["verified"]) for why in plan["because"]} == {("party_full", True)}


CLASHES: list[dict[str, Any]] = [
    {"meetings": [meeting("M", "KR", window=[0, 1]), meeting("N", "KR", slots=2, window=[0, 1])]},
    {"meetings": [meeting("M", "KR", window=[3]), meeting("N", "TH", window=[2])], "after": [["M", "N"]]},
    {
        "meetings": [meeting("M", "KR", seats=4, window=[0]), meeting("N", "TH", seats=4, window=[0])],
        "places": [{"id": "T1", "seats": 4}, {"id": "T2", "seats": 4, "available": [1]}],
    },
    {
        "meetings": [meeting(f"M{n}", p, interpretation="km-ko", window=[0, 1]) for n, p in enumerate(("KR", "TH"))],
        "interpreters": [
            {"id": "A", "pairs": ["km-ko"], "max_run": 1},
            {"id": "B", "pairs": ["km-ko"], "available": []},
        ],
    },
]


@pytest.mark.parametrize("given", CLASHES)
def test_no_rule_of_a_smallest_clash_can_be_left_out(given: Json) -> None:
    frame = Frame(reading.instance(instance(**given)))
    found = clash.smallest(frame, range(len(frame.wishes)), lambda: 5.0)
    assert found is not None
    assert clash.is_proven(frame, found, lambda: 5.0)
    for less in itertools.combinations(found, len(found) - 1):
        assert not clash.is_proven(frame, less, lambda: 5.0)
