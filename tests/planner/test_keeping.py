"""A repair leaves what it need not touch: not only starts, also places and interpreters."""

from typing import Any

import pytest

from confmgr.planner import prover
from confmgr.planner.domain import Plan
from tests.planner.make_instances import instance, meeting, solve

ROOMS = [{"id": "S1", "seats": 4}, {"id": "S2", "seats": 4}, {"id": "H", "seats": 20}]
CREW = [{"id": name, "pairs": ["km-ko"]} for name in ("A", "B", "C")]


def test_what_keeps_its_start_keeps_its_large_room_and_its_interpreter() -> None:
    meetings = [meeting("M", "KR", interpretation="km-ko"), meeting("N", "TH"), meeting("O", "KH")]
    previous = {
        "placements": {
            "M": {"start": 1, "place": "H", "interpreters": ["C"]},
            "N": {"start": 1, "place": "S2", "interpreters": []},
        }
    }
    plan = solve(instance(meetings, places=ROOMS, interpreters=CREW), previous=previous)
    assert plan["moved"] == []
    assert {ident: plan["placements"][ident] for ident in ("M", "N")} == previous["placements"]


def test_a_place_is_given_up_where_somebody_needs_it_more() -> None:
    meetings = [meeting("M", "KR", seats=2), meeting("N", "TH", seats=9, locked={"start": 1})]
    previous = {"placements": {"M": {"start": 1, "place": "H", "interpreters": []}}}
    plan = solve(instance(meetings, places=ROOMS), previous=previous)
    assert plan["moved"] == []
    assert plan["placements"]["M"]["place"] in {"S1", "S2"}
    assert plan["placements"]["N"]["place"] == "H"


def test_a_repaired_plan_is_shown_before_it_is_asked_exactly_what_can_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Plan] = []
    placed_before: list[int] = []
    exactly = prover.again

    def asked(*args: Any, **options: Any) -> Any:
        placed_before.append(len(shown[-1].placements) if shown else 0)
        return exactly(*args, **options)

    monkeypatch.setattr(prover, "again", asked)
    meetings = [meeting("M", "KR"), meeting("N", "KH"), meeting("O", "TH")]
    before = solve(instance(meetings, per_day=3, places=[{"id": f"T{n}", "seats": 4} for n in range(3)]))
    lost = instance(meetings, per_day=3, places=[{"id": "T1", "seats": 4}])
    assert solve(lost, previous=before, on_plan=shown.append)["unplaced"] == []
    assert placed_before[0] == 3
