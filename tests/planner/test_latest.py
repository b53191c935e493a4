"""How late a plan must be where nobody waits: never more than the best plan is, and told while it is looked for."""

import random
from collections.abc import Mapping

import pytest

from confmgr.planner import breaks, latest, reading
from confmgr.planner.ending import never
from confmgr.planner.frame import Frame
from tests.planner.make_instances import Json, instance, meeting, solve
from tests.planner.make_small import small
from tests.planner.optimum import best
from tests.planner.processes import planning

ENOUGH = 40
"""Later than any plan of the small instances below."""


def proven(given: Json, known: int = ENOUGH) -> tuple[int, int]:
    """The bound and the lateness of the best plan once the search is over."""
    frame = Frame(reading.instance(given))
    search, low, found = latest.steps(frame, known), 0, known
    for bound, starts in search:
        low = bound
        if starts is not None:
            found = sum(frame.wishes[at].late * frame.rank[start] for at, start in starts.items())
    return low, found


def without_interpreters(given: Json) -> Json:
    """The same without what clauses know only by class and slot, everything at first sight possible."""
    meetings = [row | {"interpretation": None} for row in given["meetings"]]
    return given | {"meetings": meetings, "objective": None, "max_break_spread": None}


@pytest.mark.parametrize("seed", [3, 5, 7, 10, 12, 17, 25, 33, 34, 35, 37, 52, 54, 56])
def test_what_is_proven_is_the_least_lateness_that_enumeration_finds(seed: int) -> None:
    given = without_interpreters(small(random.Random(seed))[0])
    levels = best(given)
    assert levels is not None
    assert (levels["unplaced"], levels["idle"]) == (0, 0)
    assert proven(given) == (levels["lateness"], levels["lateness"])


@pytest.mark.parametrize("seed", [3, 12, 34, 56])
def test_questions_near_the_best_plan_that_may_take_next_to_nothing_are_asked_again(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latest, "CONFLICTS", 1)
    monkeypatch.setattr(latest, "NEAR", 1)
    given = without_interpreters(small(random.Random(seed))[0])
    levels = best(given)
    assert levels is not None
    for known in (levels["lateness"] + 2, ENOUGH):
        assert proven(given, known) == (levels["lateness"], levels["lateness"])


def test_a_bound_with_interpreters_of_limited_runs_is_never_above_the_best_plan() -> None:
    meetings = [meeting(f"M{n}", "KR", party, interpretation="en-ko") for n, party in enumerate(("KH", "TH", "VN"))]
    parties = [{"id": party} for party in ("KR", "KH", "TH", "VN")]
    crew = [{"id": "Min", "pairs": ["en-ko"], "max_run": 2, "max_day": 3}, {"id": "Hana", "pairs": ["en-ko"]}]
    given = instance(meetings, parties=parties, interpreters=crew)
    plan = solve(given)
    assert plan["status"] == "optimal"
    lateness = next(row["value"] for row in plan["levels"] if row["name"] == "lateness")
    assert proven(given)[0] <= lateness


def test_the_meetings_of_a_party_at_tables_and_in_halls_are_counted_with_the_places_they_need() -> None:
    hall = {"seats": 8}
    meetings = [meeting("M"), meeting("N", "KR", "TH", slots=2, **hall), meeting("O", "VN", "MY", slots=2, **hall)]
    places = [{"id": "Table", "seats": 4}, {"id": "Hall", "seats": 8}]
    parties = [{"id": party} for party in ("KR", "KH", "TH", "VN", "MY")]
    given = instance(meetings, parties=parties, places=places, per_day=4)
    levels = best(given)
    assert levels is not None
    assert levels["idle"] == 0
    assert proven(given)[0] == levels["lateness"]
    by_breaks = given | {"objective": ["breaks"]}
    search = breaks.Fewest(Frame(reading.instance(by_breaks)))
    assert search.solve() is not None
    fewest = best(by_breaks)
    assert fewest is not None
    assert search.bound == fewest["breaks"]


def test_a_search_in_a_process_of_its_own_tells_what_it_proves_and_ends_when_it_is_told_to() -> None:
    meetings = [meeting(f"M{n}", f"P{n % 7}", f"P{(n * 3 + 1) % 7}") for n in range(18) if n % 7 != (n * 3 + 1) % 7]
    parties, places = [{"id": f"P{n}"} for n in range(7)], [{"id": f"T{n}", "seats": 4} for n in range(3)]
    frame = Frame(reading.instance(instance(meetings, per_day=12, parties=parties, places=places)))
    told: list[int] = []

    def heard(bound: int, _starts: object) -> int:
        told.append(bound)
        return 200

    latest.search(frame, 200, heard, lambda: len(told) >= 3)
    assert told == sorted(told)
    assert len(told) >= 3
    assert planning() == []


def test_clauses_find_a_plan_in_which_nobody_waits_and_prove_where_there_is_none() -> None:
    pairs = [("KR", "KH"), ("TH", "VN"), ("KR", "TH"), ("KH", "VN")]
    meetings = [meeting(f"M{n}", *pair) for n, pair in enumerate(pairs)]
    given = instance(meetings, parties=[{"id": party} for party in ("KR", "KH", "TH", "VN")], per_day=6)
    frame, told = Frame(reading.instance(given)), list[Mapping[int, int]]()

    def found(news: Mapping[int, int]) -> Mapping[int, int]:
        told.append(news)
        return news

    assert not latest.together(frame, {n: 2 * n % 6 for n in range(4)}, 60, found, never)
    starts = told[-1]
    for mine in (0, 2), (0, 3), (1, 2), (1, 3):  # of KR, KH, TH, VN
        assert abs(starts[mine[0]] - starts[mine[1]]) == 1
    apart = [meeting("M", locked={"start": 0}), meeting("N", "KR", "TH", locked={"start": 3})]
    waits = Frame(reading.instance(instance(apart, per_day=6)))
    told.clear()
    assert latest.together(waits, {}, 60, found, never)
    assert not latest.together(waits, {}, 60, found, lambda: True)
    assert told == []
