"""Requests, sessions and plans as services; every test on both databases."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Conflict, Refused, StaleVersion, StillUsed
from confmgr.invitations.services import publish
from confmgr.scheduling.conflicts import Clash, ClashKind
from confmgr.scheduling.domain import Answer, Keep, Prefer, RequestState, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.plans import apply_plan, offer, prepare
from confmgr.scheduling.services import (
    answer_request,
    cancel_session,
    delete_session,
    place_session,
    restore_session,
    schedule_request,
    set_held,
    withdraw_request,
)
from tests import make
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, break_, interpreter, request, world

LUNCH = datetime(2026, 2, 5, 12, 0)  # noqa: DTZ001


def place(session: Session, here: World, row: MeetingSession, starts: datetime | None, **changes: object) -> None:
    place_session(
        session,
        row,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        seen_version=row.version,
        starts=starts,
        place=here.t1 if starts else None,
        anyway=bool(changes.get("anyway")),
    )


def clashes(problem: Conflict) -> list[tuple[ClashKind, str, str]]:
    return [(c.kind, c.who, c.other) for c in problem.clashes if isinstance(c, Clash)]


def test_a_request_is_accepted_once_every_side_has_accepted(session: Session) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    row = request(session, here, asked=[here.th, jp])
    answer_request(session, row, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    assert row.state is RequestState.ASKED
    answer_request(session, row, actor=here.organiser, now=NOW, delegation=jp, answer=Answer.ACCEPTED)
    assert RequestState(row.state) is RequestState.ACCEPTED


def test_one_side_declines_for_all_and_may_think_again(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    answer_request(session, row, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.DECLINED, reason="Busy")
    assert (row.state, row.asked[0].reason) == (RequestState.DECLINED, "Busy")
    answer_request(session, row, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    assert (row.state, row.asked[0].reason) == (RequestState.ACCEPTED, None)


def test_who_was_not_asked_cannot_answer_and_a_withdrawn_request_is_closed(session: Session) -> None:
    here = world(session)
    row = request(session, here)
    with pytest.raises(Refused) as refused:
        answer_request(session, row, actor=here.head_kh, now=NOW, delegation=here.kh, answer=Answer.ACCEPTED)
    assert (refused.value.reason, refused.value.facts) == ("not_asked", {"code": "KH"})
    withdraw_request(session, row, actor=here.head_kh, now=NOW)
    with pytest.raises(Refused) as refused:
        answer_request(session, row, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    assert refused.value.reason == "request_closed"


def test_a_request_of_three_becomes_a_multilateral_with_its_people_and_pair(session: Session) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    row = request(session, here, asked=[here.th, jp], interpretation="km-th", persons=[here.delegate_kh], priority=1)
    for delegation in (here.th, jp):
        answer_request(session, row, actor=here.organiser, now=NOW, delegation=delegation, answer=Answer.ACCEPTED)
    made = schedule_request(session, row, actor=here.organiser, now=NOW)
    assert (made.kind.value, made.reference, made.priority) == ("multilateral", "R1", 1)
    assert (made.interpretation, made.interpreters_wanted) == ("km-th", 1)
    assert [link.delegate_id for link in made.delegates] == [here.delegate_kh.id]
    with pytest.raises(Refused):
        withdraw_request(session, row, actor=here.organiser, now=NOW)


def test_a_busy_delegation_refuses_the_move(session: Session) -> None:
    here = world(session)
    bilateral(session, here, place=here.t2)
    row = bilateral(session, here, starts=ELEVEN)
    with pytest.raises(Conflict) as conflict:
        place(session, here, row, TEN)
    assert clashes(conflict.value) == [
        (ClashKind.DELEGATION_BUSY, "KH", "S1"),
        (ClashKind.DELEGATION_BUSY, "TH", "S1"),
    ]


def test_a_cancelled_session_takes_up_nobodys_time_until_it_comes_back(session: Session) -> None:
    here = world(session)
    first, second = bilateral(session, here), bilateral(session, here, starts=ELEVEN)
    cancel_session(session, first, actor=here.organiser, now=NOW)
    place(session, here, second, TEN)
    with pytest.raises(Conflict):
        restore_session(session, first, actor=here.organiser, now=NOW, meeting=here.meeting)


def test_a_person_named_for_two_sessions_is_not_in_both_at_once(session: Session) -> None:
    here = world(session)
    here.kh.teams = here.th.teams = 2
    bilateral(session, here, delegates=[here.delegate_kh])
    row = bilateral(session, here, starts=ELEVEN, delegates=[here.delegate_kh])
    with pytest.raises(Conflict) as conflict:
        place_session(
            session,
            row,
            actor=here.organiser,
            now=NOW,
            meeting=here.meeting,
            seen_version=row.version,
            starts=TEN,
            place=here.t2,
        )
    assert [kind for kind, _who, _other in clashes(conflict.value)] == [ClashKind.PERSON_BUSY]


def test_a_place_or_a_delegation_of_another_meeting_is_refused(session: Session) -> None:
    here = world(session)
    other = make.meeting(session, here.meeting.operation, slug="seoul-1", number=1)
    theirs = make.place(session, other, "X1")
    with pytest.raises(Refused) as refused:
        bilateral(session, here, place=theirs)
    assert (refused.value.reason, refused.value.field) == ("other_meeting", "place")
    with pytest.raises(Refused) as refused:
        bilateral(session, here, delegations=[make.delegation(session, other, "JP")])
    assert (refused.value.reason, refused.value.field) == ("other_meeting", "delegations")


def test_two_people_who_move_the_same_session_do_not_overwrite_each_other(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    seen = row.version
    place(session, here, row, ELEVEN)
    with pytest.raises(StaleVersion):
        place_session(
            session,
            row,
            actor=here.organiser,
            now=NOW,
            meeting=here.meeting,
            seen_version=seen,
            starts=None,
            place=None,
        )
    assert row.starts_local == ELEVEN


def test_deleting_a_session_of_a_request_opens_the_request_again(session: Session) -> None:
    here = world(session)
    wanted = request(session, here)
    answer_request(session, wanted, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    made = schedule_request(session, wanted, actor=here.organiser, now=NOW)
    delete_session(session, made, actor=here.organiser, now=NOW)
    assert wanted.state is RequestState.ACCEPTED
    again = schedule_request(session, wanted, actor=here.organiser, now=NOW)
    place(session, here, again, TEN)
    publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    with pytest.raises(StillUsed) as used:
        delete_session(session, again, actor=here.organiser, now=NOW)
    assert set(used.value.used_by) == {"participation", "published_session"}


def test_a_held_session_holds_its_request(session: Session) -> None:
    here = world(session)
    wanted = request(session, here)
    answer_request(session, wanted, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    made = schedule_request(session, wanted, actor=here.organiser, now=NOW)
    with pytest.raises(Refused) as refused:
        set_held(session, made, actor=here.organiser, now=NOW)
    assert refused.value.reason == "not_placed"
    place(session, here, made, TEN)
    set_held(session, made, actor=here.organiser, now=NOW)
    assert (made.state, wanted.state) == (SessionState.HELD, RequestState.HELD)


def plan(*placements: tuple[str, int, str]) -> dict[str, object]:
    return {
        "placements": {ref: {"start": slot, "place": code, "interpreters": []} for ref, slot, code in placements},
        "unplaced": [],
        "because": [],
    }


def test_the_task_of_the_planner_blocks_breaks_and_what_stays_where_it_is(session: Session) -> None:
    here = world(session)
    break_(session, here, LUNCH)
    bilateral(session, here)
    interpreter(session, here)
    bilateral(session, here, starts=None, place=None, interpretation="km-th", interpreters_wanted=1)
    task = prepare(session, here.meeting, actor=here.organiser, now=NOW).instance
    assert task["slots"] == {"days": 2, "per_day": 27, "minutes": 20, "blocked": [9, 10]}
    assert [(m["id"], m["slots"], m["parties"], m["locked"]) for m in task["meetings"]] == [
        ("S3", 2, ["KH", "TH"], None),
        ("=S2", 2, ["KH", "TH"], {"start": 3, "place": "T1"}),
    ]
    assert task["meetings"][0]["interpretation"] == "km-th"


def test_a_plan_is_taken_in_part_and_leaves_alone_what_was_not_ticked(session: Session) -> None:
    here = world(session)
    for reference in ("R1", "R2"):
        bilateral(session, here, starts=None, place=None, reference=reference)
    kept = bilateral(session, here, starts=ELEVEN, reference="R3")
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW, keep=Keep.LOCKED)
    offer(session, run, plan(("R1", 0, "T1"), ("R2", 2, "T1"), ("R3", 4, "T1")))
    left = apply_plan(session, run, meeting=here.meeting, actor=here.organiser, now=NOW, only={"R1"})
    assert left == {}
    starts = {row.reference: row.starts_local for row in session.query(MeetingSession)}
    assert starts == {"R1": datetime(2026, 2, 5, 9, 0), "R2": None, "R3": ELEVEN}  # noqa: DTZ001
    assert kept.starts_local == ELEVEN


def test_what_clashes_by_the_time_a_plan_is_taken_goes_back_among_the_unplaced(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, starts=None, place=None, reference="R1")
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    offer(session, run, plan(("R1", 3, "T1")))
    bilateral(session, here, place=here.t2)
    left = apply_plan(session, run, meeting=here.meeting, actor=here.organiser, now=NOW)
    assert list(left) == ["R1"]
    assert {clash.other for clash in left["R1"]} == {"S1"}
    assert row.starts_local is None


def test_a_plan_that_stays_close_knows_where_everything_is_and_what_matters_most(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    bilateral(session, here, starts=ELEVEN, reference="R9", locked=True)
    waits = bilateral(session, here, starts=None, place=None)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW, keep=Keep.CLOSE, prefer=Prefer.PLACE_CHANGES)
    assert run.options == {
        "keep": "close",
        "prefer": "place_changes",
        "notes": [],
        "wished": {},
        "previous": {"placements": {row.reference: {"start": 3, "place": "T1", "interpreters": []}}},
    }
    assert {one["id"]: one.get("hold") for one in run.instance["meetings"]} == {
        row.reference: 1,
        waits.reference: 1,
        "=R9": None,
    }
