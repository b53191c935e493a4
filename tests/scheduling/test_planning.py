"""The task that a meeting's data make: what stays, what is over, what cannot be said; both databases."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from confmgr.planner import reading, services
from confmgr.scheduling import answers, judged, plan_words, planning, queries
from confmgr.scheduling.conflicts import ClashKind, Severity
from confmgr.scheduling.domain import Keep, SessionKind, SessionState
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.labels import session_names
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.plans import apply_plan, offer, prepare
from tests import make
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, interpreter, request, world
from tests.planner.rules import broken
from tests.scheduling.judge import judge
from tests.soak import SOAK

Json = dict[str, Any]


def task(session: Session, here: World, keep: Keep = Keep.PLACED, now: datetime = NOW) -> planning.Task:
    return planning.task(session, here.meeting, queries.sessions(session, here.meeting), keep=keep, now=now)


def solved(given: Json, seconds: float = 3.0, previous: Json | None = None) -> Json:
    frozen = reading.instance(given)
    before = None if previous is None else reading.placements(previous, frozen)
    plan = services.solve(frozen, seconds=seconds, previous=before).to_json()
    assert broken(given, plan) == []
    return plan


def meeting_of(given: Json, ident: str) -> Json:
    return next(one for one in given["meetings"] if one["id"] == ident)


def test_a_session_that_stays_takes_one_of_several_teams(session: Session) -> None:
    here = world(session)
    here.kh.teams = 2
    bilateral(session, here, delegations=[here.kh])
    for reference in ("R1", "R2"):
        bilateral(session, here, starts=None, place=None, reference=reference, delegations=[here.kh])
    given = task(session, here).instance
    windows = {one["id"]: one | {"window": [3, 4]} for one in given["meetings"]}
    given["meetings"] = [windows["R1"], windows["R2"], meeting_of(given, "=S1")]
    plan = solved(given)
    assert len(plan["unplaced"]) == 1


def test_a_session_off_the_grid_takes_every_slot_that_it_touches_and_is_named(session: Session) -> None:
    here = world(session)
    bilateral(session, here, starts=TEN + timedelta(minutes=10), reference="R1")
    bilateral(session, here, starts=None, place=None)
    found = task(session, here)
    assert meeting_of(found.instance, "=R1")["locked"] == {"start": 3, "place": "T1"}
    assert meeting_of(found.instance, "=R1")["slots"] == 3
    assert found.notes == [{"kind": "off_grid", "names": ["R1"]}]


def test_a_session_off_the_grid_stays_when_as_little_as_possible_moves(session: Session) -> None:
    here = world(session)
    bilateral(session, here, starts=TEN + timedelta(minutes=10), reference="R1")
    bilateral(session, here, starts=ELEVEN, place=here.t2, reference="R2")
    assert [one["id"] for one in task(session, here, Keep.CLOSE).instance["meetings"]] == ["R2", "=R1"]
    assert {one["id"] for one in task(session, here, Keep.LOCKED).instance["meetings"]} == {"R1", "R2"}


def test_an_interpreter_who_works_before_gets_the_pause_that_the_limit_asks_for(session: Session) -> None:
    here = world(session)
    who = interpreter(session, here)
    who.longest_run_minutes = 40
    bilateral(session, here, interpretation="km-th", interpreters_wanted=1, interpreters=[who])
    bilateral(session, here, starts=None, place=None, reference="R1", interpretation="km-th", interpreters_wanted=1)
    given = task(session, here).instance
    meeting_of(given, "R1")["window"] = [5, 6, 7]
    plan = solved(given)
    assert plan["placements"]["R1"]["start"] == 6
    assert plan["placements"]["=S1"]["interpreters"] == [queries.person_name(who)]


def test_an_interpreter_who_works_too_long_already_is_named(session: Session) -> None:
    here = world(session)
    who = interpreter(session, here)
    who.longest_run_minutes = 20
    bilateral(session, here, interpretation="km-th", interpreters_wanted=1, interpreters=[who])
    bilateral(session, here, starts=None, place=None, reference="R1", interpretation="km-th", interpreters_wanted=1)
    found = task(session, here)
    assert {"kind": "work_too_long", "names": [queries.person_name(who)]} in found.notes
    assert not {2, 3, 4, 5} & set(found.instance["interpreters"][0]["available"])


def test_what_is_over_or_about_to_begin_stays_and_nothing_is_placed_there(session: Session) -> None:
    here = world(session)
    bilateral(session, here, reference="R1")
    bilateral(session, here, starts=ELEVEN, reference="R2")
    now = datetime.fromisoformat("2026-02-05T01:00:00+00:00")  # 10:00 in Seoul, so 10:30 is the soonest
    given = task(session, here, Keep.LOCKED, now).instance
    assert given["slots"]["blocked"] == [0, 1, 2, 3, 4]
    assert [one["id"] for one in given["meetings"]] == ["R2"]


def test_a_meeting_that_is_over_is_planned_as_if_it_were_to_come(session: Session) -> None:
    here = world(session)
    bilateral(session, here, starts=None, place=None, reference="R1")
    found = task(session, here, now=NOW + timedelta(days=300))
    assert found.instance["slots"]["blocked"] == []
    assert {"kind": "over"} in found.notes


def test_the_order_to_a_session_that_stays_is_a_window(session: Session) -> None:
    here = world(session)
    first, second = request(session, here), request(session, here)
    second.after_id = first.id
    bilateral(session, here, request=first, reference="R1")
    bilateral(session, here, request=second, reference="R2", starts=None, place=None)
    given = task(session, here).instance
    assert min(meeting_of(given, "R2")["window"]) == 5
    assert given["after"] == []
    second.after_id, first.after_id = None, second.id
    session.flush()
    row = session.query(MeetingSession).filter_by(reference="R1").one()
    row.starts_local = row.ends_local = row.starts_at = row.ends_at = None
    other = session.query(MeetingSession).filter_by(reference="R2").one()
    other.starts_local, other.ends_local = ELEVEN, ELEVEN + timedelta(minutes=40)
    other.starts_at, other.ends_at = NOW, NOW + timedelta(minutes=40)
    session.flush()
    assert min(meeting_of(task(session, here).instance, "R1")["window"]) == 8


def test_a_session_in_a_room_takes_the_tables_in_it(session: Session) -> None:
    here = world(session)
    room = make.place(session, here.meeting, "Hall")
    here.t1.room_id = here.t2.room_id = room.id
    session.flush()
    bilateral(session, here, place=room, kind=SessionKind.BRIEFING)
    bilateral(session, here, starts=None, place=None, reference="R1", delegations=[here.th])
    given = task(session, here).instance
    assert all(not {3, 4} & set(one["available"]) for one in given["places"] if one["seats"])


def test_what_moves_last_weighs_most(session: Session) -> None:
    here = world(session)
    rows = [
        bilateral(session, here, starts=TEN + timedelta(hours=n), reference=f"R{n}", place=here.t1) for n in range(3)
    ]
    rows[1].state = rows[2].state = SessionState.CONFIRMED
    session.flush()
    told = {rows[2].id: answers.Tally(tentative=1), rows[1].id: answers.Tally(declined=2, unanswered=1)}
    before = answers._sources[:]  # the invitations' own is put back
    answers.register(answers.Source(tallies=lambda *_: told, names=lambda *_: answers.Named()))
    try:
        given = task(session, here, Keep.CLOSE).instance
    finally:
        answers._sources[:] = before
    assert {one["id"]: one["hold"] for one in given["meetings"]} == {"R0": 1, "R1": 10, "R2": 100}


def test_what_cannot_be_told_to_the_planner_is_said(session: Session) -> None:
    here = world(session)
    here.t1.building, here.t2.building = "A", "B"
    bilateral(session, here, reference="R1")
    bilateral(session, here, reference="R2", place=here.t2, anyway=True)
    state = judged.schedule_state(session, here.meeting)
    assert state is not None
    state.walk_minutes = 10
    state.severities = {ClashKind.PLACE_SMALL.value: Severity.IGNORE.value}
    bilateral(session, here, starts=None, place=None, reference="R3", delegations=[])
    notes = {note["kind"]: note.get("names") for note in task(session, here).notes}
    assert notes == {"not_planned": ["R3"], "clashing": ["R1", "R2"], "walks": None, "ignored": None}


def scattered(session: Session, here: World, seed: int) -> None:
    """Sessions anywhere, also off the grid and over each other, and some that wait."""
    rng = random.Random(seed)
    here.kh.teams = rng.choice([1, 2, 3])
    crew = [interpreter(session, here), make.interpreter(session, here.meeting, "Pich Bopha", "km-th")]
    for one in crew:
        one.longest_run_minutes, one.longest_day_minutes = rng.choice([None, 60]), rng.choice([None, 120])
    for _ in range(rng.randint(2, 8)):
        speaks = rng.random() < 0.5
        bilateral(
            session,
            here,
            starts=TEN + timedelta(minutes=rng.choice([0, 20, 30, 40, 80, 120, 130, 200])),
            minutes=rng.choice([20, 30, 40, 60]),
            place=rng.choice([here.t1, here.t2, None]),
            delegations=rng.choice([[here.kh], [here.th], [here.kh, here.th]]),
            delegates=rng.choice([[], [here.delegate_kh]]),
            interpretation="km-th" if speaks else None,
            interpreters_wanted=int(speaks),
            interpreters=rng.sample(crew, 1) if speaks else [],
            anyway=True,
        )
    for n in range(rng.randint(1, 6)):
        speaks = rng.random() < 0.5
        bilateral(
            session,
            here,
            starts=None,
            place=None,
            reference=f"W{n}",
            minutes=rng.choice([20, 40]),
            interpretation="km-th" if speaks else None,
            interpreters_wanted=int(speaks),
        )


@pytest.mark.parametrize("seed", range(12 if SOAK else 4))
def test_a_plan_beside_anything_that_stays_adds_no_clash(session: Session, seed: int) -> None:
    here = world(session)
    scattered(session, here, seed)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    house = judged.house(session, here.meeting)
    before = judge(judged.sittings(queries.sessions(session, here.meeting)), house)
    plan = solved(run.instance, seconds=1.0)
    assert plan["status"] != "infeasible"
    offer(session, run, plan)
    assert apply_plan(session, run, meeting=here.meeting, actor=here.organiser, now=NOW) == {}
    after = judge(judged.sittings(queries.sessions(session, here.meeting)), house)
    assert {verdict for verdict, _severity in after - before if verdict[0].startswith("W")} == set()


@pytest.mark.parametrize("seed", range(6 if SOAK else 3))
def test_a_repair_of_anything_keeps_what_stays_and_every_rule_of_the_task(session: Session, seed: int) -> None:
    here = world(session)
    scattered(session, here, seed)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW, keep=Keep.CLOSE)
    plan = solved(run.instance, seconds=1.0, previous=run.options["previous"])
    fixed = {one["id"]: one["locked"]["start"] for one in run.instance["meetings"] if one["id"].startswith("=")}
    assert {ident: plan["placements"][ident]["start"] for ident in fixed} == fixed


def test_every_reason_of_the_planner_for_a_real_meeting_has_its_sentence(app: Flask, session: Session) -> None:
    here = world(session, days=1)
    who = interpreter(session, here)
    who.longest_day_minutes = 60
    for hour in range(10, 18):
        bilateral(session, here, starts=TEN.replace(hour=hour), minutes=40, reference=f"F{hour}", anyway=True)
    for n in range(4):
        bilateral(session, here, starts=None, place=None, reference=f"L{n}", minutes=60)
    for n in range(3):
        bilateral(
            session, here, starts=None, place=None, reference=f"I{n}", minutes=20,
            interpretation="km-th", interpreters_wanted=1 + n,
        )  # fmt: skip
    rows = queries.sessions(session, here.meeting)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    offer(session, run, solved(run.instance))
    assert run.plan is not None
    with app.test_request_context():
        names, grid = session_names(rows), Grid(here.meeting)
        said = {one["meeting"]: plan_words.because_sentence(one, names, grid) for one in run.plan["because"]}
    assert set(said) == set(run.plan["unplaced"]) >= {"I1", "I2"}
    assert "It needs 3 interpreters for Khmer–Thai, and there are 1." in said.values()
    assert not any("=" in text or "#" in text or "There is no room for it" in text for text in said.values())
