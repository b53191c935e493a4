"""What takes long is broken off once it is over: searches of the solver, models that are built, reasons."""

import json
import random
import signal
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from confmgr.planner import because, clash, cli, prover, reading
from confmgr.planner.domain import Level
from confmgr.planner.ending import BrokenOff, unless
from confmgr.planner.frame import Frame, Spot
from confmgr.planner.incumbent import Incumbent
from confmgr.planner.model import Model
from confmgr.planner.neighbourhoods import Neighbourhoods
from confmgr.planner.solver import cp_model, has_solution, is_impossible, limited, one_worker, solved
from tests.planner.make_instances import Json, after, instance, meeting, solve

SIDES = 11


def rounds() -> Json:
    """Each of eleven delegations meets each other in ten slots, a meeting a slot: eleven slots would be needed.

    No count says so, and that not all can be placed takes the solver minutes to find.
    """
    names = [f"P{n:02}" for n in range(SIDES)]
    pairs = [(a, b) for a in range(SIDES) for b in range(a)]
    return instance(
        [meeting(f"M{a:02}-{b:02}", names[a], names[b]) for a, b in pairs],
        per_day=SIDES - 1,
        parties=[{"id": name} for name in names],
        places=[{"id": f"T{n}", "seats": 4} for n in range(SIDES)],
    )


def most_of_it(frame: Frame) -> dict[int, Spot]:
    """All but one round: in round r those meet whose numbers add up to r, counted round."""
    found = {}
    for at, wish in enumerate(frame.wishes):
        start = sum(wish.parties) % SIDES
        if start < SIDES - 1:
            found[at] = Spot(start, 0)
    return found


def hopeless() -> cp_model.CpModel:
    """A search without an end: all of it has to be placed."""
    return Model(Frame(reading.instance(rounds())), optional=False).cp


def test_a_search_of_minutes_comes_back_once_it_is_over() -> None:
    assert solved(one_worker(), hopeless(), after(3)) == cp_model.UNKNOWN


def test_a_search_that_is_over_before_it_begins_is_not_begun() -> None:
    assert solved(one_worker(), hopeless(), lambda: True) is None


def test_nothing_is_held_for_impossible_or_possible_when_the_search_was_broken_off() -> None:
    assert not is_impossible(hopeless(), 10**6, after(3))
    assert not has_solution(one_worker(), hopeless(), after(3))


def test_what_was_found_by_then_can_be_read() -> None:
    model = Model(Frame(reading.instance(rounds())))
    model.cp.minimize(sum(model.out.values()))
    found: list[float] = []

    class Hear(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            found.append(self.objective_value)

    solver = one_worker()
    assert solved(solver, model.cp, lambda: bool(found), Hear()) in {cp_model.FEASIBLE, cp_model.OPTIMAL}
    assert sum(solver.boolean_value(literal) for literal in model.out.values()) >= 5


def test_a_search_ends_when_whoever_waits_for_it_is_interrupted() -> None:
    def interrupted() -> bool:
        if next(asked):
            raise KeyboardInterrupt
        return False

    asked = iter(range(10))
    with pytest.raises(KeyboardInterrupt):
        solved(one_worker(), hopeless(), interrupted)


def test_searches_beside_each_other_leave_ctrl_c_to_whoever_asked_for_them() -> None:
    pressed = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: pressed.set())
    try:
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(solved, limited(2), hopeless(), pressed.is_set) for _ in range(2)]
            threading.Event().wait(0.5)
            signal.raise_signal(signal.SIGINT)
            assert [search.result() for search in both] == [cp_model.UNKNOWN] * 2
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_goes_through_many_things_stops_at_the_one_at_which_it_is_over() -> None:
    seen: list[int] = []
    with pytest.raises(BrokenOff):
        seen.extend(unless(after(3), range(10)))
    assert list(unless(lambda: False, "abc")) == ["a", "b", "c"]


@pytest.mark.parametrize("asked", [0, 1, 60, 80, 200])
def test_a_model_is_not_built_to_its_end(asked: int) -> None:
    frame = Frame(reading.instance(rounds()))
    with pytest.raises(BrokenOff):
        Model(frame, by_class=True, over=after(asked))
    with pytest.raises(BrokenOff):
        clash.Rules(frame, range(len(frame.wishes)), over=after(asked))


@pytest.mark.parametrize("asked", [0, 1, 5, 60, 200])
def test_a_neighbourhood_that_is_broken_off_ends_its_search_and_no_other(asked: int) -> None:
    frame = Frame(reading.instance(rounds()))
    best = Incumbent(frame, {}, None, None, 0.0)
    assert best.offer(most_of_it(frame))
    before = dict(best.spots)
    assert Neighbourhoods(frame, best, random.Random(1)).go(after(asked), 3), "there is still something to look around"
    assert best.spots == before


def test_bringing_meetings_in_exactly_ends_once_it_is_over() -> None:
    frame = Frame(reading.instance(rounds()))
    spots = most_of_it(frame)
    every = range(len(frame.wishes))
    with pytest.raises(BrokenOff):
        prover.again(frame, spots, every, {}, 10**6, over=lambda: True)
    found = prover.again(frame, spots, every, {}, 10**6, below=(10, 0), over=after(500))
    assert found is None


def reasons(given: Json, spots: Callable[[Frame], dict[int, Spot]], cancelled: Callable[[], bool]) -> list[Json]:
    frame = Frame(reading.instance(given))
    placed = spots(frame)
    left = [wish.id for at, wish in enumerate(frame.wishes) if at not in placed]
    return [{"kind": why.kind, **why.facts} for why in because.reasons(frame, placed, left, 10**6, cancelled)]


def test_who_told_the_search_to_stop_gets_reasons_that_say_they_were_not_verified() -> None:
    told = reasons(rounds(), most_of_it, lambda: True)
    taken = {"kind": "all_times_taken", "starts": 10, "party": 10, "place": 0, "interpreter": 0, "person": 0}
    assert told == [taken | {"verified": False}] * 5


def test_who_tells_the_search_to_stop_while_it_looks_for_reasons_gets_them_as_well() -> None:
    assert [why["verified"] for why in reasons(rounds(), most_of_it, after(40))] == [False] * 5


def test_what_is_short_is_told_in_numbers_to_who_does_not_wait() -> None:
    given = instance([meeting(f"M{n}", "KR", "KH", window=[2, 3]) for n in range(3)])
    (told,) = reasons(given, lambda _frame: {0: Spot(2, 0), 1: Spot(3, 0)}, lambda: True)
    assert told.pop("verified") in {True, False}
    assert told == {"kind": "interval_full", "party": "KR", "needs": 3, "has": 2, "first": 2, "last": 3}


ALONE = [
    ({"window": []}, {"kind": "no_common_time", "parties": ["KR", "KH"], "people": [], "window": True, "slots": 1}),
    ({"seats": 9}, {"kind": "no_place_large_enough", "seats": 9, "largest": 4}),
    ({"interpretation": "km-ko"}, {"kind": "no_interpreter", "pair": "km-ko", "needs": 1, "has": 0}),
]


@pytest.mark.parametrize(("changes", "why"), ALONE)
def test_what_fits_nowhere_says_so_where_there_was_no_time_to_verify_it(changes: Json, why: Json) -> None:
    frame = Frame(reading.instance(instance([meeting("M", **changes)])))
    (told,) = because.reasons(frame, {}, ["M"], 0.0)
    assert {"kind": told.kind, **told.facts} == why | {"verified": False}


def in_the_solver() -> Callable[[], bool]:
    """A person who wants the search to end once the solver is asked, in a thread of its own."""
    before = threading.active_count()
    return lambda: threading.active_count() > before


@pytest.mark.parametrize(
    "told", [partial(after, 0), partial(after, 3), in_the_solver], ids=["at_once", "soon", "in_the_solver"]
)
def test_a_search_that_is_told_to_stop_gives_its_best_plan_and_a_reason_for_each_left_out_that_was_not_verified(
    told: Callable[[], Callable[[], bool]],
) -> None:
    plan = solve(rounds(), seconds=10**6, should_stop=told())
    assert plan["status"] == "cancelled"
    assert [why["meeting"] for why in plan["because"]] == plan["unplaced"]
    assert len(plan["unplaced"]) >= 5
    assert {why["verified"] for why in plan["because"]} == {False}


def test_a_plan_that_is_known_to_be_the_best_stays_so_when_somebody_tells_the_planner_to_stop_just_then() -> None:
    known, told = threading.Event(), threading.Event()

    def tell(levels: tuple[Level, ...], _placed: int, _seconds: float) -> None:
        if all(one.value == one.bound for one in levels) and threading.current_thread() is not threading.main_thread():
            known.set()
            told.wait(5)  # the thread that proves is held up, as on a busy machine

    def stop() -> bool:
        if known.is_set():
            told.set()
        return known.is_set()

    sides = [("KR", "KH"), ("KR", "TH"), ("KH", "TH"), ("KR", "KH")]
    plan = solve(instance([meeting(f"M{n}", *two) for n, two in enumerate(sides)]), on_progress=tell, should_stop=stop)
    assert told.is_set()
    assert plan["status"] == "optimal"


def test_who_tells_the_planner_to_stop_while_it_looks_for_reasons_gets_what_the_search_had_reached() -> None:
    asked: list[bool] = []

    def in_reasons() -> bool:
        asked.append(any(one.filename == because.__file__ for one in traceback.extract_stack()))
        return asked[-1]

    plan = solve(rounds(), seconds=10**6, effort=100, should_stop=in_reasons)
    assert asked[-1]
    assert plan["status"] == "feasible"
    assert len(plan["because"]) == len(plan["unplaced"]) > 0


def test_ctrl_c_keeps_the_best_plan(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)

    def press() -> None:
        while signal.getsignal(signal.SIGINT) is before:
            threading.Event().wait(0.01)
        signal.raise_signal(signal.SIGINT)

    (tmp_path / "instance.json").write_text(json.dumps(rounds()))
    threading.Thread(target=press).start()
    answer = CliRunner().invoke(cli.plan, [str(tmp_path / "instance.json"), "--seconds", "1000000"])
    assert answer.exit_code == 0
    assert '"status": "cancelled"' in answer.stdout
    assert signal.getsignal(signal.SIGINT) is before
