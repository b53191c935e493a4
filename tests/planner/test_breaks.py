"""Fewest breaks by clauses: the same as the other exact search finds, and ended when it is told to."""

import threading
import time

import pytest

from confmgr.planner import breaks, judge, prover, reading
from confmgr.planner.dealing import deal
from confmgr.planner.frame import Frame
from tests.planner.make_instances import Json, instance, meeting, planted, solve
from tests.planner.processes import planning


def without_interpreters(given: Json) -> Json:
    meetings = [{key: value for key, value in row.items() if key != "interpretation"} for row in given["meetings"]]
    return given | {"meetings": meetings, "objective": ["breaks"]}


@pytest.mark.parametrize("seed", range(6))
def test_clauses_find_as_few_breaks_as_the_solver_proves(seed: int) -> None:
    given = without_interpreters(planted(seed))
    frame = Frame(reading.instance(given))
    assert breaks.suits(frame)
    plan = solve(given)
    assert (plan["status"], plan["unplaced"]) == ("optimal", [])
    search = breaks.Fewest(frame)
    starts = search.solve()
    assert starts is not None
    spots = prover.assigned(frame, starts)
    assert spots is not None
    found = judge.levels(frame.instance, deal(frame, spots))["breaks"]
    assert found == search.bound == plan["levels"][-1]["value"]


def test_where_no_party_can_have_so_few_breaks_each_has_one() -> None:
    given = instance(
        [meeting("M", window=[0]), meeting("N", window=[2])],
        parties=[{"id": "KR"}, {"id": "KH"}],
        objective=["breaks"],
        max_break_spread=0,
    )
    search = breaks.Fewest(Frame(reading.instance(given)))
    assert search.solve() is None
    assert search.bound == 2


def test_an_order_and_a_party_of_two_teams_are_kept() -> None:
    parties = [{"id": "KR", "teams": 2}, {"id": "KH"}, {"id": "TH"}]
    meetings = [meeting("M"), meeting("N", "KR", "TH"), meeting("O", "KH", "TH", slots=2)]
    given = instance(meetings, parties=parties, after=[["O", "M"], ["M", "N"]], objective=["breaks"])
    starts = breaks.Fewest(Frame(reading.instance(given))).solve()
    assert starts is not None
    assert starts[2] + 2 <= starts[0] < starts[1]


def test_a_search_for_breaks_ends_when_it_is_told_to() -> None:
    meetings = [meeting(f"M{n}", f"P{n % 14}", f"P{(n * 5 + 1) % 14}") for n in range(90) if n % 14 != (n * 5 + 1) % 14]
    parties = [{"id": f"P{n}"} for n in range(14)]
    places = [{"id": f"T{n}", "seats": 2} for n in range(6)]
    given = instance(meetings, per_day=16, parties=parties, places=places, objective=["breaks"])
    search = breaks.Fewest(Frame(reading.instance(given)))
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(search.solve()))
    thread.start()
    began = time.monotonic()
    search.stop()
    thread.join(30)
    assert found == [None]
    assert planning() == []
    assert time.monotonic() - began < 30
