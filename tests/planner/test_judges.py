"""The judge of the tests and the judge of the product each find every broken rule; a right plan pleases both."""

from typing import Any

import pytest

from confmgr.planner import judge, reading
from tests.planner.make_instances import Json, instance, meeting
from tests.planner.rules import broken

TWO_PAIRS = [
    {"id": "Sok", "pairs": ["km-ko"], "max_run": 2, "max_day": 3},
    {"id": "Lee", "pairs": ["en-th"], "available": [0, 1, 2]},
]


def plan(placements: dict[str, tuple[Any, ...]], unplaced: tuple[str, ...] = ()) -> Json:
    """A plan of (start, place, interpreter…) by meeting."""
    return {
        "status": "feasible",
        "placements": {m: {"start": p[0], "place": p[1], "interpreters": list(p[2:])} for m, p in placements.items()},
        "unplaced": list(unplaced),
        "because": [{"meeting": m, "kind": "all_times_taken"} for m in unplaced],
        "moved": [],
    }


def faults(given: Json, answered: Json) -> list[str]:
    frozen = reading.instance(given)
    return judge.faults(frozen, reading.placements(answered, frozen))


BROKEN: list[tuple[str, Json, dict[str, tuple[Any, ...]]]] = [
    ("not within one day", instance([meeting("M", slots=2)]), {"M": (5, "T1")}),
    ("not within one day", instance([meeting("M", slots=2)], days=2), {"M": (5, "T1")}),
    ("not within one day", instance([meeting("M")]), {"M": (40, "T1")}),
    ("in a blocked slot", instance([meeting("M")], blocked=[2]), {"M": (2, "T1")}),
    ("outside its window", instance([meeting("M", window=[0, 1])]), {"M": (2, "T1")}),
    ("left the start", instance([meeting("M", locked={"start": 1})]), {"M": (2, "T1")}),
    ("left the place", instance([meeting("M", locked={"place": "T2"})]), {"M": (2, "T1")}),
    ("locked to a start and left out", instance([meeting("M", locked={"start": 1})]), {}),
    ("is nowhere", instance([meeting("M")]), {"M": (0, "T9")}),
    ("does not fit into", instance([meeting("M", seats=5)]), {"M": (0, "T1")}),
    (
        "T1 is not there",
        instance([meeting("M")], places=[{"id": "T1", "seats": 4, "available": [1]}]),
        {"M": (0, "T1")},
    ),
    (
        "KH is not there",
        instance([meeting("M")], parties=[{"id": "KR"}, {"id": "KH", "available": [1]}]),
        {"M": (0, "T1")},
    ),
    (
        "Kim is not there",
        instance([meeting("M", people=["Kim"])], people=[{"id": "Kim", "available": [1]}]),
        {"M": (0, "T1")},
    ),
    ("party KR is in 2", instance([meeting("M"), meeting("N", "KR", "TH")]), {"M": (0, "T1"), "N": (0, "T2")}),
    ("place T1 is in 2", instance([meeting("M"), meeting("N", "TH")]), {"M": (0, "T1"), "N": (0, "T1")}),
    (
        "person Kim is in 2",
        instance([meeting("M", people=["Kim"]), meeting("N", "TH", people=["Kim"])]),
        {"M": (0, "T1"), "N": (0, "T2")},
    ),
    (
        "too few interpreters",
        instance([meeting("M", interpretation="km-ko")], interpreters=TWO_PAIRS),
        {"M": (0, "T1")},
    ),
    (
        "too few interpreters",
        instance([meeting("M", interpretation="km-ko", interpreters=2)], interpreters=TWO_PAIRS),
        {"M": (0, "T1", "Sok")},
    ),
    (
        "Lee does not interpret",
        instance([meeting("M", interpretation="km-ko")], interpreters=TWO_PAIRS),
        {"M": (0, "T1", "Lee")},
    ),
    (
        "Lee is not there",
        instance([meeting("M", interpretation="en-th")], interpreters=TWO_PAIRS),
        {"M": (3, "T1", "Lee")},
    ),
    (
        "interpreter Sok is in 2",
        instance(
            [meeting(m, p, interpretation="km-ko") for m, p in (("M", "KR"), ("N", "TH"))], interpreters=TWO_PAIRS
        ),
        {"M": (0, "T1", "Sok"), "N": (0, "T2", "Sok")},
    ),
    (
        "Sok works without a pause",
        instance([meeting("M", slots=3, interpretation="km-ko")], interpreters=TWO_PAIRS),
        {"M": (0, "T1", "Sok")},
    ),
    (
        "Sok works too long a day",
        instance([meeting(m, slots=2, interpretation="km-ko") for m in "MN"], interpreters=TWO_PAIRS),
        {"M": (0, "T1", "Sok"), "N": (3, "T1", "Sok")},
    ),
    (
        "begins before",
        instance([meeting("M", slots=2), meeting("N", "TH")], after=[["M", "N"]]),
        {"M": (0, "T1"), "N": (1, "T2")},
    ),
    (
        "are on two days",
        instance([meeting("M"), meeting("N", "TH")], days=2, same_day=[["M", "N"]]),
        {"M": (0, "T1"), "N": (6, "T2")},
    ),
    (
        "differ by too much",
        instance([meeting("M"), meeting("N")], max_break_spread=0),
        {"M": (0, "T1"), "N": (2, "T1")},
    ),
]


@pytest.mark.parametrize(("words", "given", "placements"), BROKEN)
def test_both_judges_find_the_broken_rule(words: str, given: Json, placements: dict[str, tuple[Any, ...]]) -> None:
    unplaced = tuple(row["id"] for row in given["meetings"] if row["id"] not in placements)
    answered = plan(placements, unplaced)
    assert any(words in line for line in broken(given, answered))
    assert faults(given, answered) != []


def test_both_judges_are_pleased_with_a_right_plan() -> None:
    given = instance(
        [
            meeting("M", slots=2, interpretation="km-ko", people=["Kim"], locked={"start": 0}, seats=4),
            meeting("N", "KR", "TH", window=[3, 4]),
            meeting("O", "TH", slots=6),
        ],
        interpreters=TWO_PAIRS,
        people=[{"id": "Kim", "available": [0, 1]}],
        after=[["M", "N"]],
        blocked=[2],
    )
    answered = plan({"M": (0, "T1", "Sok"), "N": (3, "T1")}, ("O",))
    assert broken(given, answered) == []
    assert faults(given, answered) == []


def test_a_meeting_left_out_without_a_reason_is_found() -> None:
    given = instance([meeting("M")])
    assert broken(given, plan({})) == ["a meeting is neither placed nor left out, or both"]
    assert broken(given, plan({}, ("M",)) | {"because": []}) == ["a meeting is left out without a reason"]


def test_breaks_are_gaps_whatever_their_length_and_levels_count_them() -> None:
    given = instance([meeting("M"), meeting("N"), meeting("O", "TH")], objective=["breaks"])
    answered = plan({"M": (0, "T1"), "N": (4, "T1"), "O": (0, "T2")})
    frozen = reading.instance(given)
    assert judge.levels(frozen, reading.placements(answered, frozen)) == {"unplaced": 0, "moved": 0, "breaks": 2}


def test_levels_are_as_their_definitions_say() -> None:
    given = instance(
        [meeting("M", priority=1), meeting("N"), meeting("O", "TH", priority=3), meeting("P", "TH", priority=1)],
        blocked=[1],
    )
    answered = plan({"M": (0, "T1"), "N": (4, "T2"), "O": (0, "T2")}, ("P",))
    frozen = reading.instance(given)
    assert judge.levels(frozen, reading.placements(answered, frozen)) == {
        "unplaced": 3,
        "moved": 0,
        "idle": 4,
        "unfairness": 2,
        "lateness": 3,
        "place_changes": 2,
    }
