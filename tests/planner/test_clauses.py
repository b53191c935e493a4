"""The clauses of a task imply nothing that the task does not, and tell at once what follows from counts."""

import random
from typing import Any

import pytest
from pysat.examples.rc2 import RC2
from pysat.solvers import Solver

from confmgr.planner import breaks, reading
from confmgr.planner.clauses import Clauses
from confmgr.planner.frame import Frame
from tests.planner.make_instances import Json, instance, meeting
from tests.planner.optimum import best

SEARCH: Any = RC2
ORACLE: Any = Solver  # the library has no types


def clauses_of(given: Json) -> Clauses:
    return Clauses(Frame(reading.instance(given)))


def crowded(seed: int) -> Json:
    """Six meetings in little more slots and places than they need, some of three parties or of two slots."""
    rng = random.Random(seed)
    days, per_day = rng.choice([(1, 4), (1, 4), (1, 5), (2, 2), (2, 3)])
    slots = range(days * per_day)
    names = [f"P{n}" for n in range(rng.randint(3, 6))]
    return instance(
        [
            meeting(
                f"M{n}",
                *rng.sample(names, rng.choice([2, 2, 2, 2, 2, 2, 1, 3])),
                slots=rng.choice([1, 1, 1, 1, 2]),
                window=rng.sample(slots, len(slots) - 1) if rng.random() < 0.3 else None,
            )
            for n in range(6 if len(slots) < 6 else 5)
        ],
        days=days,
        per_day=per_day,
        blocked=[rng.choice(slots)] if rng.random() < 0.2 else [],
        parties=[
            {
                "id": name,
                "teams": rng.choice([1, 1, 1, 1, 1, 2]),
                "available": sorted(rng.sample(slots, len(slots) - 1)) if rng.random() < 0.3 else None,
            }
            for name in names
        ],
        places=[{"id": f"T{n}", "seats": 4} for n in range(rng.randint(2, 3))],
        after=[["M0", "M1"]] if rng.random() < 0.1 else [],
        same_day=[["M1", "M2"]] if rng.random() < 0.3 else [],
        objective=["breaks"],
    )


@pytest.mark.parametrize("seeds", [range(at, at + 10) for at in range(0, 40, 10)])
def test_the_fewest_breaks_of_clauses_are_those_of_the_best_plan(seeds: range) -> None:
    for seed in seeds:
        given = crowded(seed)
        known = best(given)
        if known is None or not breaks.suits(Frame(reading.instance(given))):
            continue
        with SEARCH(clauses_of(given).formula) as rc2:
            solved = rc2.compute() is not None
            assert solved == (known["unplaced"] == 0), seed
            assert not solved or rc2.cost == known["breaks"], seed


@pytest.mark.parametrize("spread", [0, 1])
def test_clauses_keep_each_party_to_as_many_breaks_as_may_differ(spread: int) -> None:
    """What KR lacks in the middle is a break of its own; TH meets nobody and has none."""
    given = instance(
        [meeting("M", window=[0]), meeting("N", window=[2])], objective=["breaks"], max_break_spread=spread
    )
    with SEARCH(clauses_of(given).formula) as rc2:
        assert (rc2.compute() is not None) == (spread == 1)
        assert rc2.cost == 2 * spread


def noon(*, places: int) -> tuple[Clauses, list[int]]:
    """Four parties that meet before and after noon: without a break all are busy just before it and just after."""
    pairs = [("A", "B", [0, 1]), ("C", "D", [0, 1]), ("A", "C", [2, 3]), ("B", "D", [2, 3])]
    given = instance(
        [meeting(f"M{n}", one, other, window=window) for n, (one, other, window) in enumerate(pairs)],
        per_day=4,
        parties=[{"id": name} for name in "ABCD"],
        places=[{"id": f"T{n}", "seats": 2} for n in range(places)],
        objective=["breaks"],
    )
    clauses = clauses_of(given)
    return clauses, [-clauses.broken[party] for party in range(4)]


@pytest.mark.parametrize("places", [1, 2])
def test_that_too_many_parties_are_needed_at_noon_is_known_without_a_search(places: int) -> None:
    clauses, unbroken = noon(places=places)
    with ORACLE(name=breaks.SOLVER, bootstrap_with=clauses.formula.hard) as solver:
        possible, _known = solver.propagate(assumptions=unbroken)
    assert possible == (places == 2)


def test_where_a_party_without_a_break_is_known_to_begin_it_is_known_to_end() -> None:
    """KR has four meetings in six slots: whatever it begins with, it is there in the two in the middle."""
    parties = [{"id": name} for name in ("KR", "A", "B", "C", "D")]
    meetings = [meeting(f"M{n}", "KR", "ABCD"[n]) for n in range(4)]
    clauses = clauses_of(instance(meetings, parties=parties, objective=["breaks"]))
    with ORACLE(name=breaks.SOLVER, bootstrap_with=clauses.formula.hard) as solver:
        _possible, known = solver.propagate(assumptions=[-clauses.broken[0]])
        _possible, late = solver.propagate(assumptions=[-clauses.broken[0], -clauses.busy[0, 1]])
    assert {clauses.busy[0, 2], clauses.busy[0, 3]} <= set(known)
    assert {clauses.busy[0, 4], clauses.busy[0, 5], -clauses.busy[0, 0]} <= set(late)
