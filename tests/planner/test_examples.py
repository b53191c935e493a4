import pytest

from confmgr.planner import process, reading, services
from tests.planner.make_instances import Json, instance, meeting, planted, solve
from tests.planner.rules import breaks_of, broken


def test_a_locked_meeting_keeps_its_start_and_place_and_others_go_around_it() -> None:
    given = instance([meeting("M", locked={"start": 2, "place": "T2"}), meeting("N"), meeting("O")], per_day=3)
    plan = solve(given)
    assert broken(given, plan) == []
    assert plan["placements"]["M"] == {"start": 2, "place": "T2", "interpreters": []}
    assert {plan["placements"][m]["start"] for m in "NO"} == {0, 1}


def test_two_locks_of_one_party_at_one_time_are_infeasible_and_say_so() -> None:
    given = instance([meeting("M", locked={"start": 2}), meeting("N", locked={"start": 2})])
    plan = solve(given)
    assert plan["status"] == "infeasible"
    assert len(plan["unplaced"]) == len(plan["because"]) == 1


def test_locks_that_differ_by_more_breaks_than_allowed_are_infeasible() -> None:
    given = instance(
        [meeting("M", "KR", locked={"start": 0}), meeting("N", "KR", locked={"start": 2})], max_break_spread=0
    )
    assert solve(given)["status"] == "infeasible"


def test_a_closed_place_is_not_used_while_it_is_closed() -> None:
    places = [{"id": "T1", "seats": 8, "available": [4]}, {"id": "T2", "seats": 2}]
    given = instance([meeting("M", seats=8), meeting("N")], places=places)
    plan = solve(given)
    assert plan["placements"]["M"] == {"start": 4, "place": "T1", "interpreters": []}
    assert plan["placements"]["N"]["place"] == "T2"


def test_a_pair_that_needs_two_interpreters_gets_two_who_speak_it() -> None:
    crew = [{"id": "A", "pairs": ["km-ko"]}, {"id": "B", "pairs": ["en-th"]}, {"id": "C", "pairs": ["en-th", "km-ko"]}]
    given = instance([meeting("M", interpretation="km-ko", interpreters=2)], interpreters=crew)
    assert sorted(solve(given)["placements"]["M"]["interpreters"]) == ["A", "C"]


def test_two_meetings_share_their_only_interpreter_one_after_the_other() -> None:
    crew = [{"id": "A", "pairs": ["km-ko"], "max_run": 1}]
    meetings = [meeting("M", "KR", interpretation="km-ko"), meeting("N", "TH", interpretation="km-ko")]
    given = instance(meetings, interpreters=crew)
    plan = solve(given)
    assert broken(given, plan) == []
    assert abs(plan["placements"]["M"]["start"] - plan["placements"]["N"]["start"]) >= 2


def test_nothing_is_planned_over_a_break_not_even_a_long_meeting() -> None:
    given = instance([meeting("M", slots=3), meeting("N", "TH", slots=4)], per_day=7, blocked=[3])
    plan = solve(given)
    assert plan["placements"]["M"]["start"] in {0, 4}
    assert plan["unplaced"] == ["N"]
    facts = {"kind": "no_common_time", "parties": ["TH"], "people": [], "window": False, "slots": 4}
    assert plan["because"] == [{"meeting": "N", **facts, "verified": True}]


def test_gaps_between_two_parties_can_be_kept_even() -> None:
    meetings = [meeting("M", locked={"start": 0}), meeting("N", "KR", locked={"start": 2}), meeting("O", "KH")]
    given = instance(meetings, max_break_spread=0, parties=[{"id": "KR"}, {"id": "KH"}])
    plan = solve(given)
    assert broken(given, plan) == []
    assert breaks_of(given, plan, "KH") == breaks_of(given, plan, "KR") == 1


def test_a_party_with_two_teams_meets_twice_at_once() -> None:
    given = instance(
        [meeting("M"), meeting("N", "KR", "TH")],
        per_day=1,
        parties=[{"id": "KR", "teams": 2}, {"id": "KH"}, {"id": "TH"}],
    )
    plan = solve(given)
    assert plan["unplaced"] == []
    assert {row["place"] for row in plan["placements"].values()} == {"T1", "T2"}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (meeting("M", seats=9), {"kind": "no_place_large_enough", "seats": 9, "largest": 4}),
        (meeting("M", interpretation="km-ko"), {"kind": "no_interpreter", "pair": "km-ko", "needs": 1, "has": 0}),
        (
            meeting("M", window=[]),
            {"kind": "no_common_time", "parties": ["KR", "KH"], "people": [], "window": True, "slots": 1},
        ),
    ],
)
def test_what_cannot_be_placed_says_why(wanted: dict[str, object], reason: dict[str, object]) -> None:
    plan = solve(instance([wanted]))
    assert plan["because"] == [{"meeting": "M", **reason, "verified": True}]
    assert plan["status"] == "optimal"


def test_priority_decides_what_is_left_out() -> None:
    given = instance([meeting("low", priority=3), meeting("high", priority=1)], per_day=1)
    plan = solve(given)
    assert plan["unplaced"] == ["low"]
    assert plan["because"][0]["kind"] == "party_full"


def test_a_plan_that_still_fits_is_kept_when_one_meeting_comes_in() -> None:
    before = solve(instance([meeting("M"), meeting("N", "TH")]))
    given = instance([meeting("M"), meeting("N", "TH"), meeting("O")])
    plan = solve(given, previous=before)
    assert plan["moved"] == []
    assert plan["levels"][1] == {"name": "moved", "value": 0, "bound": 0}


def test_a_plan_that_still_fits_keeps_its_places_too() -> None:
    given = instance([meeting("M"), meeting("N", "TH", "KH"), meeting("O", "KR", "TH")])
    places = {"M": "T2", "N": "T1", "O": "T2"}
    before = {
        "placements": {
            name: {"start": n, "place": place, "interpreters": []} for n, (name, place) in enumerate(places.items())
        }
    }
    plan = solve(given, previous=before)
    assert {name: one["place"] for name, one in plan["placements"].items()} == places
    assert plan["moved"] == []


def test_the_plan_of_a_process_of_its_own_is_the_same_and_judged_again() -> None:
    given = instance([meeting("M"), meeting("N", "KR", "TH")])
    plan = process.solve_in_process(given, seconds=10.0, seed=3)
    assert broken(given, plan) == []
    assert plan | {"seconds": 0} == solve(given, seed=3) | {"seconds": 0}


def test_what_is_preferred_is_decided_before_the_other_levels() -> None:
    given: Json = {
        "slots": {"days": 1, "per_day": 6},
        "parties": [{"id": p} for p in ("A", "B", "C")],
        "places": [{"id": "T1", "seats": 4}],
        "meetings": [
            {"id": "M1", "parties": ["A", "B"], "slots": 1, "locked": {"start": 3}},
            {"id": "M2", "parties": ["A", "C"], "slots": 1},
        ],
    }
    frozen = reading.instance(given)
    short = services.solve(frozen, seconds=2)
    early = services.solve(frozen, seconds=2, prefer="lateness")
    assert short.placements["M2"].start in {2, 4}
    assert early.placements["M2"].start == 0
    assert [level.name for level in early.levels] == [level.name for level in short.levels]


def test_a_level_that_cannot_be_lower_says_so() -> None:
    given = instance([meeting("M"), meeting("N")], per_day=4, blocked=[1, 3])
    plan = solve(given)
    levels = {level["name"]: (level["value"], level["bound"]) for level in plan["levels"]}
    assert levels["lateness"] == (1, 1)
    assert plan["status"] == "optimal"


def test_the_same_effort_gives_the_same_plan_whatever_the_clock() -> None:
    frozen = reading.instance(planted(7))
    plans = [services.solve(frozen, seconds=seconds, effort=300, seed=5).to_json() for seconds in (60.0, 90.0)]
    assert plans[0] | {"seconds": 0} == plans[1] | {"seconds": 0}


def test_when_a_table_is_lost_only_what_stood_there_moves() -> None:
    pairs = [("A", "B"), ("C", "D"), ("E", "F")]
    given: Json = {
        "slots": {"days": 1, "per_day": 6},
        "parties": [{"id": p} for p in "ABCDEF"],
        "places": [{"id": "T1", "seats": 4}, {"id": "T2", "seats": 4}, {"id": "T3", "seats": 4}],
        "meetings": [meeting(f"M{n}", *pair) for n, pair in enumerate(pairs)],
    }
    before = {"placements": {f"M{n}": {"start": 0, "place": f"T{n + 1}", "interpreters": []} for n in range(3)}}
    plan = solve(given | {"places": given["places"][:2]}, previous=before)
    assert len(plan["moved"]) == 1
    assert {"name": "moved", "value": 1, "bound": 1} in plan["levels"]


def test_places_of_several_sizes_are_found_exactly_where_counting_would_not_do() -> None:
    """A hall and a table: two short meetings in the hall at both ends leave a long one at the table no room for two."""
    given: Json = {
        "slots": {"days": 1, "per_day": 3},
        "parties": [{"id": p} for p in "ABCDEFGH"],
        "places": [{"id": "Hall", "seats": 20}, {"id": "Table", "seats": 4}],
        "meetings": [
            meeting("first", "A", "B", seats=20, locked={"start": 0}),
            meeting("last", "C", "D", seats=20, locked={"start": 2}),
            meeting("early", "E", "F", slots=2, seats=4, locked={"start": 0}),
            meeting("late", "G", "H", slots=2, seats=4, locked={"start": 1}),
        ],
    }
    plan = solve(given)
    assert plan["status"] == "infeasible"
    assert len(plan["unplaced"]) == 1
