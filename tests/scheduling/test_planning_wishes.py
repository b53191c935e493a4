"""Wishes for the time in the planner's task, and in what it says; both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from confmgr.delegations.models import DelegationHours
from confmgr.orm.base import set_planned
from confmgr.scheduling import plan_words, planning, queries
from confmgr.scheduling.conflicts import ClashKind, all_clashes
from confmgr.scheduling.domain import Keep
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.judged import house, sittings
from confmgr.scheduling.labels import session_names
from confmgr.scheduling.models import MeetingRequest, MeetingSession
from confmgr.scheduling.plans import prepare
from confmgr.scheduling.services.checks import set_time
from confmgr.scheduling.wishes import Half, HalfDay, Wishes
from tests import make
from tests.make_scheduling import NOW, TEN, World, bilateral, request, world
from tests.scheduling.test_planning import meeting_of, solved, task

THU_AM, FRI_PM = HalfDay(date(2026, 2, 5), Half.MORNING), HalfDay(date(2026, 2, 6), Half.AFTERNOON)
THURSDAY_MORNING = list(range(9))
"""Slots of twenty minutes from nine to noon."""


def wish(session: Session, row: MeetingRequest, *half: HalfDay, apart: tuple[MeetingRequest, ...] = ()) -> None:
    row.wishes = Wishes(half, tuple(one.id for one in apart)).to_json()
    session.flush()


def waiting(session: Session, here: World, asked: MeetingRequest, **changes: Any) -> MeetingSession:
    return bilateral(
        session, here, request=asked, reference=f"R{asked.number}", **{"starts": None, "place": None, **changes}
    )


def two(session: Session, here: World, teams: int = 2) -> tuple[MeetingRequest, MeetingRequest]:
    """Cambodia asks Thailand and Japan, and wants to be in one meeting after the other."""
    jp = make.delegation(session, here.meeting, "JP")
    here.kh.teams = teams
    first, second = request(session, here), request(session, here, asked=[jp])
    wish(session, second, apart=(first,))
    return first, second


def test_half_days_are_a_window_and_cut_with_the_order_to_what_stays(session: Session) -> None:
    here = world(session)
    first, second = request(session, here), request(session, here)
    wish(session, second, THU_AM)
    waiting(session, here, second)
    found = task(session, here)
    assert meeting_of(found.instance, "R2")["window"] == THURSDAY_MORNING
    assert found.wished == {"R2": {"half_days": ["2026-02-05 am"]}}
    second.after_id = first.id
    waiting(session, here, first, starts=TEN, place=here.t1)
    found = task(session, here)
    assert meeting_of(found.instance, "R2")["window"] == [5, 6, 7, 8]
    assert found.wished == {"R2": {"else": True, "half_days": ["2026-02-05 am"]}}


def test_a_session_without_wishes_or_of_no_request_has_no_window(session: Session) -> None:
    here = world(session)
    waiting(session, here, request(session, here))
    bilateral(session, here, starts=None, place=None)
    found = task(session, here)
    assert [one["window"] for one in found.instance["meetings"]] == [None, None]
    assert (found.wished, found.notes) == ({}, [])


def test_two_that_are_to_be_apart_share_a_person_where_no_delegation_of_one_team_is_in_both(session: Session) -> None:
    here = world(session)
    first, second = two(session, here)
    waiting(session, here, first)
    waiting(session, here, second, delegations=[here.kh, second.asked[0].delegation])
    found = task(session, here)
    people = {one["id"]: one["people"] for one in found.instance["meetings"]}
    assert people == {"R1": ["~R1|R2"], "R2": ["~R1|R2"]}
    assert found.wished == {"R1": {"beside": ["R2"]}, "R2": {"beside": ["R1"]}}
    for one in found.instance["meetings"]:
        one["window"] = [0, 1, 2, 3]
    starts = [one["start"] for one in solved(found.instance)["placements"].values()]
    assert sorted(starts) == [0, 2]
    here.kh.teams = 1
    session.flush()
    assert [one["people"] for one in task(session, here).instance["meetings"]] == [[], []]


def test_what_is_to_be_apart_from_a_session_that_stays_gets_the_rest_of_the_time(session: Session) -> None:
    here = world(session)
    first, second = two(session, here)
    waiting(session, here, first, starts=TEN + timedelta(minutes=10), place=here.t1)
    waiting(session, here, second, delegations=[here.kh, second.asked[0].delegation])
    found = task(session, here)
    assert not {3, 4, 5} & set(meeting_of(found.instance, "R2")["window"])
    assert len(meeting_of(found.instance, "R2")["window"]) == 51
    assert found.wished == {"R2": {"apart": ["R1"]}}


def test_two_that_are_to_be_on_one_day_are_a_pair_and_beside_one_that_stays_there_is_its_day(session: Session) -> None:
    here = world(session)
    first, second = request(session, here), request(session, here)
    second.wishes = Wishes(same_day=(first.id,)).to_json()
    stays = waiting(session, here, first)
    waiting(session, here, second)
    found = task(session, here)
    assert found.instance["same_day"] == [["R1", "R2"]]
    assert found.wished == {}
    set_time(stays, here.meeting, TEN + timedelta(days=1), TEN + timedelta(days=1, minutes=20))
    stays.place, stays.time_locked = here.t1, True
    session.flush()
    found = task(session, here)
    grid = Grid(here.meeting)
    assert found.instance["same_day"] == []
    assert {grid.start(slot).date() for slot in meeting_of(found.instance, "R2")["window"]} == {date(2026, 2, 6)}
    assert found.wished == {"R2": {"same_day": ["R1"]}}


def test_two_that_cannot_be_on_one_day_are_said_by_their_names(app: Flask, session: Session) -> None:
    here = world(session)
    first, second = two(session, here)
    for row, sides in ((first, [here.kh, here.th]), (second, [here.kh, second.asked[0].delegation])):
        waiting(session, here, row, delegations=sides)
    wish(session, first, THU_AM)
    second.wishes = Wishes((FRI_PM,), same_day=(first.id,)).to_json()
    session.flush()
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    (left,) = solved(run.instance)["unplaced"]
    with app.test_request_context(), force_locale("en"):
        assert "KH–TH and KH–JP are to be on one day, as was wished." in said(session, here, left)


def test_what_stays_against_a_wish_is_said_and_moves_only_where_everything_is_planned_anew(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    wish(session, row, FRI_PM)
    waiting(session, here, row, starts=TEN, place=here.t1)
    bilateral(session, here, starts=None, place=None)
    against = {"kind": "against_wish", "names": ["R1"]}
    assert against in task(session, here).notes
    close = task(session, here, Keep.CLOSE)
    assert (meeting_of(close.instance, "R1")["window"], close.notes) == (None, [against])
    anew = task(session, here, Keep.LOCKED)
    assert (min(meeting_of(anew.instance, "R1")["window"]), anew.notes) == (36, [])


def test_two_that_stay_at_the_same_time_against_a_wish_are_said(session: Session) -> None:
    here = world(session)
    first, second = two(session, here)
    waiting(session, here, first, starts=TEN, place=here.t1)
    waiting(session, here, second, starts=TEN, place=here.t2, delegations=[here.kh, second.asked[0].delegation])
    for keep in (Keep.PLACED, Keep.CLOSE):
        assert task(session, here, keep).notes == [{"kind": "against_wish", "names": ["R1", "R2"]}]
    assert meeting_of(task(session, here, Keep.LOCKED).instance, "R1")["people"] == ["~R1|R2"]


def test_half_days_that_the_meeting_has_no_more_are_said_and_count_for_nothing(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    wish(session, row, HalfDay(date(2026, 2, 9), Half.MORNING))
    waiting(session, here, row)
    found = task(session, here)
    assert meeting_of(found.instance, "R1")["window"] is None
    assert found.notes == [{"kind": "wish_gone", "names": ["R1"]}]


def said(session: Session, here: World, reference: str) -> list[str]:
    """What the page of a plan says of what it left out."""
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    plan = solved(run.instance)
    because = next(one for one in plan["because"] if one["meeting"] == reference)
    names = session_names(queries.sessions(session, here.meeting))
    return plan_words.because_sentences(because, names, Grid(here.meeting), run.options["wished"])


def test_a_wish_that_leaves_no_start_is_the_reason(app: Flask, session: Session) -> None:
    here = world(session)
    row = request(session, here)
    wish(session, row, THU_AM)
    waiting(session, here, row)
    hours = DelegationHours(delegation_id=here.th.id)
    set_planned(hours, TEN + timedelta(hours=6), TEN + timedelta(hours=7), here.meeting.zone)
    session.add(hours)
    session.flush()
    with app.test_request_context(), force_locale("en"):
        assert said(session, here, "R1") == [
            "TH have no time in common that is long enough, within the time that is left for it.",
            "KH–TH is wished for Thu, 5 Feb, morning.",
        ]


def test_two_that_cannot_be_apart_are_said_by_their_names(app: Flask, session: Session) -> None:
    here = world(session)
    first, second = two(session, here)
    for row, sides in ((first, [here.kh, here.th]), (second, [here.kh, second.asked[0].delegation])):
        waiting(session, here, row, delegations=sides, minutes=180)
    wish(session, first, THU_AM)
    wish(session, second, THU_AM, apart=(first,))
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    (left,) = solved(run.instance)["unplaced"]
    with app.test_request_context(), force_locale("en"):
        lines = said(session, here, left)
    assert "KH–JP and KH–TH are not to be at the same time, as was wished." in lines
    assert not any("~" in line for line in lines)
    assert any("wished for Thu, 5 Feb, morning" in line for line in lines)


def test_the_rules_of_the_schedule_warn_of_what_is_placed_against_a_wish(session: Session) -> None:
    here = world(session)
    first, second = two(session, here)
    waiting(session, here, first, starts=TEN, place=here.t1)
    waiting(session, here, second, starts=TEN, place=here.t2, delegations=[here.kh, second.asked[0].delegation])
    wish(session, first, FRI_PM)
    rows = queries.sessions(session, here.meeting)
    found = all_clashes(sittings(rows), house(session, here.meeting))
    kinds = {reference: [(one.kind, one.other, str(one.severity)) for one in of] for reference, of in found.items()}
    assert kinds == {
        "R1": [(ClashKind.TIME_NOT_WISHED, "", "warn"), (ClashKind.WISHED_APART, "R2", "warn")],
        "R2": [(ClashKind.WISHED_APART, "R1", "warn")],
    }


@pytest.mark.parametrize("keep", list(Keep))
def test_the_task_of_a_meeting_with_wishes_is_one_that_the_planner_reads(session: Session, keep: Keep) -> None:
    here = world(session)
    first, second = two(session, here)
    waiting(session, here, first, starts=TEN, place=here.t1)
    waiting(session, here, second, delegations=[here.kh, second.asked[0].delegation])
    wish(session, first, FRI_PM)
    found = planning.task(session, here.meeting, queries.sessions(session, here.meeting), keep=keep, now=NOW)
    assert solved(found.instance)["unplaced"] == []
