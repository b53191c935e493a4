from typing import Any

import pytest

from confmgr.planner import reading
from tests.planner.make_instances import instance, meeting

ROW = meeting("M")

REFUSED: list[tuple[Any, str]] = [
    ([], "instance: Input should be a valid dictionary"),
    (None, "instance: Input should be a valid dictionary"),
    ({}, "slots: Field required"),
    (instance([ROW], per_day=0), "slots.per_day: Input should be greater than or equal to 1"),
    (instance([ROW], days=0), "slots.days: Input should be greater than or equal to 1"),
    (instance([meeting("M", slots=0)]), "meetings.0.slots: Input should be greater than or equal to 1"),
    (instance([meeting("M", slots=10**30)]), "meetings.0.slots: Input should be less than or equal to 500"),
    (instance([ROW | {"slots": "2"}]), "meetings.0.slots: Input should be a valid integer"),
    (instance([ROW | {"slots": float("nan")}]), "meetings.0.slots: Input should be a valid integer"),
    (instance([meeting("M", priority=4)]), "meetings.0.priority: Input should be less than or equal to 3"),
    (instance([meeting("M", colour="red")]), "meetings.0.colour: Extra inputs are not permitted"),
    (instance([ROW], weather="fine"), "weather: Extra inputs are not permitted"),
    (instance([ROW | {"parties": []}]), "meetings.0.parties: List should have at least 1 item"),
    (instance([meeting("M", "KR", "KR")]), "meetings.0.parties: a party stands twice"),
    (instance([meeting("M", "KR", "XX")]), "meetings.0.parties: no party 'XX'"),
    (instance([ROW, ROW]), "meetings.1.id: 'M' stands twice"),
    (instance([ROW], parties=[{"id": "KR"}, {"id": "KH"}, {"id": "KR"}]), "parties.2.id: 'KR' stands twice"),
    (
        instance([ROW], parties=[{"id": "KR", "teams": 10**9}, {"id": "KH"}]),
        "parties.0.teams: Input should be less than",
    ),
    (instance([ROW], places=[{"id": "T", "seats": -1}]), "places.0.seats: Input should be greater than or equal to 0"),
    (instance([meeting("M", locked={"place": "T9"})]), "meetings.0.locked.place: no place 'T9'"),
    (instance([meeting("M", locked={"start": 6})]), "meetings.0.locked.start: 6 is outside the days"),
    (instance([meeting("M", locked={"start": -1})]), "meetings.0.locked.start: -1 is outside the days"),
    (instance([meeting("M", locked={"start": 2})], blocked=[2]), "meetings.0.locked.start: 2 is blocked"),
    (instance([meeting("M", locked={"start": 2}, window=[1])]), "meetings.0.locked.start: 2 is outside its window"),
    (
        instance([meeting("M", locked={"start": 2})], parties=[{"id": "KR", "available": [1]}, {"id": "KH"}]),
        "meetings.0.locked.start: KR is away at 2",
    ),
    (
        instance([meeting("M", locked={"start": 2}, people=["Kim"])], people=[{"id": "Kim", "available": [1]}]),
        "meetings.0.locked.start: Kim is away at 2",
    ),
    (
        instance([meeting("M", locked={"start": 2, "place": "T"})], places=[{"id": "T", "seats": 4, "available": [1]}]),
        "meetings.0.locked.place: T is closed at 2",
    ),
    (instance([ROW], after=[["M", "N"]]), "after.0: no meeting 'N'"),
    (instance([ROW, meeting("N")], after=[["M", "N"], ["N", "M"]]), "after: the order is circular"),
    (instance([ROW], after=[["M", "M"]]), "after: the order is circular"),
    (instance([ROW], max_break_spread=-1), "max_break_spread: Input should be greater than or equal to 0"),
    (instance([ROW], objective=["beauty"]), "objective.0: Input should be 'breaks'"),
]


@pytest.mark.parametrize(("given", "line"), REFUSED)
def test_a_bad_instance_is_refused_with_the_path_to_its_fault(given: Any, line: str) -> None:
    with pytest.raises(reading.Unreadable) as refused:
        reading.instance(given)
    assert any(fault.startswith(line) for fault in refused.value.faults), refused.value.faults


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(reading.Unreadable) as refused:
        reading.instance(instance([meeting("M", "XX"), meeting("N", "YY", locked={"place": "T9"})]))
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize("plan", [[], {}, {"placements": []}, {"placements": {"M": {"start": "soon"}}}])
def test_what_is_no_plan_is_refused(plan: Any) -> None:
    with pytest.raises(reading.Unreadable, match="not a plan"):
        reading.placements(plan, reading.instance(instance([ROW])))
