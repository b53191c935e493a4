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


def crowd(**facts: Any) -> dict[str, Any]:
    """Forty meetings of sixteen parties at six tables in ten slots."""
    pairs = [(n % 16, (n * 5 + 3 + n // 16) % 16) for n in range(60)]
    meetings = [meeting(f"M{n}", f"P{one}", f"P{other}") for n, (one, other) in enumerate(pairs) if one != other][:40]
    parties = [{"id": f"P{n}"} for n in range(16)]
    places = [{"id": f"T{n}", "seats": 2} for n in range(6)]
    return instance(meetings, per_day=10, parties=parties, **{"places": places} | facts)


def planned() -> dict[str, Any]:
    """A first plan of it."""
    plan = solve(crowd(), seconds=0.5)
    assert plan["unplaced"] == []
    return plan


def parties_of(task: dict[str, Any], ident: str) -> list[str]:
    return next(list(row["parties"]) for row in task["meetings"] if row["id"] == ident)


def moves(plan: dict[str, Any]) -> tuple[int, int]:
    """How many meetings moved, and what is proven of that."""
    return next((level["value"], level["bound"]) for level in plan["levels"] if level["name"] == "moved")


@pytest.mark.parametrize("lost", range(3))
def test_after_a_table_was_lost_for_some_slots_it_is_proven_that_no_fewer_can_move(lost: int) -> None:
    before = planned()
    places = [{"id": f"T{n}", "seats": 2, **({"available": [*range(5)]} if n == lost else {})} for n in range(6)]
    plan = solve(crowd(places=places), previous=before, seconds=3.0)
    held = [p["start"] for p in before["placements"].values()]
    too_many = sum(max(0, held.count(slot) - 5) for slot in range(5, 10))
    assert plan["unplaced"] == []
    assert moves(plan) == (too_many, too_many)


def test_what_is_locked_by_now_is_there_before_the_rest_stays_around_it() -> None:
    before = planned()
    del before["placements"]["M7"]
    task = crowd()
    busy = {p["start"] for ident, p in before["placements"].items() if {"P7", "P12"} & set(parties_of(task, ident))}
    task["meetings"][7]["locked"] = {"start": min(busy)}
    plan = solve(task, previous=before, seconds=3.0)
    assert plan["unplaced"] == []
    assert moves(plan)[0] == moves(plan)[1] > 0
