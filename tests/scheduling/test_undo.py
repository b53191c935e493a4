"""Steps of organisers, taken back and done again; every test on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations.services import preview, publish
from confmgr.meetings import services as meetings
from confmgr.scheduling import queries, services
from confmgr.scheduling.domain import Answer, CommandKind, CommandState, RequestState, SessionState
from confmgr.scheduling.models import BoardCommand, MeetingSession, ScheduleState
from confmgr.scheduling.plans import apply_plan, offer, prepare
from confmgr.values.words import Words
from tests import make
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, interpreter, request, world


def move(session: Session, here: World, row: MeetingSession, starts: object, who: User | None = None) -> None:
    services.place_session(
        session,
        row,
        actor=who or here.organiser,
        now=NOW,
        meeting=here.meeting,
        seen_version=row.version,
        starts=starts,  # type: ignore[arg-type]
        place=here.t2 if starts else None,
        interpreters=[],
        anyway=True,
    )


def undo(session: Session, here: World, who: User | None = None) -> BoardCommand:
    return services.undo(session, here.meeting, actor=who or here.organiser, now=NOW)


def redo(session: Session, here: World, who: User | None = None) -> BoardCommand:
    return services.redo(session, here.meeting, actor=who or here.organiser, now=NOW)


def another(session: Session, here: World) -> User:
    user = make.user(session, "Han Bora")
    make.membership(session, here.meeting, user)
    return user


def test_a_move_is_taken_back_with_its_place_and_interpreters_and_done_again(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, interpreters=[interpreter(session, here)], interpretation="km-th")
    move(session, here, row, ELEVEN)
    assert (row.starts_local, row.place_id, row.interpreters) == (ELEVEN, here.t2.id, [])
    undo(session, here)
    assert (row.starts_local, row.place_id, len(row.interpreters)) == (TEN, here.t1.id, 1)
    redo(session, here)
    assert (row.starts_local, row.place_id, row.interpreters) == (ELEVEN, here.t2.id, [])


def test_steps_are_taken_back_from_the_last_to_the_first_and_done_again_in_their_order(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    services.lock_session(session, row, actor=here.organiser, now=NOW, locked=True)
    assert undo(session, here).kind is CommandKind.LOCK
    assert undo(session, here).kind is CommandKind.MOVE
    assert (row.starts_local, row.time_locked) == (TEN, False)
    assert redo(session, here).kind is CommandKind.MOVE
    assert redo(session, here).kind is CommandKind.LOCK
    assert (row.starts_local, row.time_locked) == (ELEVEN, True)
    with pytest.raises(Refused) as refused:
        redo(session, here)
    assert refused.value.reason == "nothing_to_redo"


def test_a_new_step_ends_what_could_be_done_again(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    undo(session, here)
    services.lock_session(session, row, actor=here.organiser, now=NOW, locked=True)
    with pytest.raises(Refused):
        redo(session, here)
    assert services.reach(session, here.meeting, here.organiser) == services.Reach(CommandKind.LOCK, None)


def test_each_editor_takes_back_only_own_steps(session: Session) -> None:
    here = world(session)
    other = another(session, here)
    mine, theirs = bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)
    move(session, here, mine, ELEVEN)
    move(session, here, theirs, ELEVEN, other)
    assert undo(session, here).actor_id == here.organiser.id
    assert (mine.starts_local, theirs.starts_local) == (TEN, ELEVEN)


def test_a_step_is_not_taken_back_over_what_somebody_did_since_and_names_who(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    other = another(session, here)
    move(session, here, row, None, other)
    with pytest.raises(StaleVersion) as stale:
        undo(session, here)
    assert stale.value.ident == row.reference
    assert [(s.name, s.kind) for s in stale.value.since if isinstance(s, services.LaterStep)] == [
        ("Han Bora", CommandKind.UNPLACE)
    ]
    assert row.starts_local is None


def test_a_change_of_other_fields_by_somebody_else_does_not_stand_in_the_way(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    services.lock_session(session, row, actor=another(session, here), now=NOW, locked=True)
    undo(session, here)
    assert (row.starts_local, row.time_locked) == (TEN, True)


def test_publishing_is_not_undone_and_does_not_stand_in_the_way(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    assert undo(session, here).kind is CommandKind.MOVE
    assert (row.starts_local, row.state) == (TEN, SessionState.CONFIRMED)


def test_a_deleted_session_comes_back_as_the_same_row_with_its_request(session: Session) -> None:
    here = world(session)
    wanted = request(session, here)
    services.answer_request(session, wanted, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    made = services.schedule_request(session, wanted, actor=here.organiser, now=NOW)
    services.delete_session(session, made, actor=here.organiser, now=NOW)
    assert (wanted.state, queries.sessions(session, here.meeting)) == (RequestState.ACCEPTED, [])
    undo(session, here)
    assert (wanted.state, queries.sessions(session, here.meeting)) == (RequestState.SCHEDULED, [made])


def test_a_new_session_that_is_taken_back_and_was_published_is_cancelled_for_its_people(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    undo(session, here)
    assert queries.sessions(session, here.meeting) == []
    assert [(c.change.value, c.people) for c in preview(session, here.meeting, now=NOW).changes] == [("cancelled", 2)]


def test_words_are_taken_back_too(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, title=Words.of("First"))
    services.change_session(
        session,
        row,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        seen_version=row.version,
        kind=row.kind,
        starts=row.starts_local,
        minutes=60,
        place=here.t1,
        title=Words.of("Second"),
        description=None,
        delegations=[here.kh],
        interpreters=[],
    )
    undo(session, here)
    assert row.title is not None
    assert (row.title.text("en"), row.minutes, {d.delegation_id for d in row.delegations}) == (
        "First",
        40,
        {here.kh.id, here.th.id},
    )


def test_a_plan_is_one_step(session: Session) -> None:
    here = world(session)
    rows = [bilateral(session, here, starts=None, place=None, reference=ref) for ref in ("R1", "R2")]
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    placements = {ref: {"start": n, "place": "T1", "interpreters": []} for n, ref in ((0, "R1"), (3, "R2"))}
    offer(session, run, {"placements": placements, "unplaced": [], "because": []})
    assert apply_plan(session, run, meeting=here.meeting, actor=here.organiser, now=NOW) == {}
    assert all(row.starts_local for row in rows)
    assert undo(session, here).kind is CommandKind.PLAN
    assert [row.starts_local for row in rows] == [None, None]


def test_a_plan_leaves_what_it_would_put_into_a_place_or_give_to_an_interpreter_that_is_gone(session: Session) -> None:
    here = world(session)
    for reference in ("R1", "R2", "R3"):
        bilateral(session, here, starts=None, place=None, reference=reference)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    placements = {
        "R1": {"start": 0, "place": "T1", "interpreters": []},
        "R2": {"start": 3, "place": "T2", "interpreters": []},
        "R3": {"start": 6, "place": "T1", "interpreters": ["Chea Vanna #999"]},
    }
    offer(session, run, {"placements": placements, "unplaced": [], "because": []})
    meetings.remove_place(session, here.t2, actor=here.organiser, now=NOW)
    assert apply_plan(session, run, meeting=here.meeting, actor=here.organiser, now=NOW) == {"R2": [], "R3": []}


def test_revisions_count_each_step_once_and_what_changes_nothing_is_no_step(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    services.lock_session(session, row, actor=here.organiser, now=NOW, locked=False)
    move(session, here, row, ELEVEN)
    undo(session, here)
    rows = session.execute(
        select(BoardCommand.revision, BoardCommand.kind, BoardCommand.state).order_by(BoardCommand.revision)
    ).all()
    assert [tuple(one) for one in rows] == [
        (1, CommandKind.ADD, CommandState.DONE),
        (2, CommandKind.MOVE, CommandState.UNDONE),
        (3, CommandKind.UNDO, CommandState.DONE),
    ]
    assert session.scalar(select(ScheduleState.revision)) == 3


def test_a_step_that_fails_leaves_none(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    with pytest.raises(Refused):
        services.place_session(
            session,
            row,
            actor=here.organiser,
            now=NOW,
            meeting=here.meeting,
            seen_version=row.version,
            starts=TEN.replace(minute=3),
            place=here.t1,
        )
    assert len(session.scalars(select(BoardCommand)).all()) == 1


def test_a_session_that_was_held_cancelled_or_deleted_since_is_not_moved_back(session: Session) -> None:
    here = world(session)
    other = another(session, here)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    services.set_held(session, row, actor=other, now=NOW)
    with pytest.raises(StaleVersion) as stale:
        undo(session, here)
    assert [(s.name, s.kind) for s in stale.value.since if isinstance(s, services.LaterStep)] == [
        ("Han Bora", CommandKind.DESK)
    ]
    undo(session, here, other)
    services.delete_session(session, row, actor=other, now=NOW)
    with pytest.raises(StaleVersion):
        undo(session, here)
    undo(session, here, other)
    services.cancel_session(session, row, actor=other, now=NOW)
    with pytest.raises(StaleVersion):
        undo(session, here)
    services.restore_session(session, row, actor=other, now=NOW, meeting=here.meeting)
    undo(session, here)
    assert row.starts_local == TEN


def test_a_step_is_not_taken_back_into_a_place_that_was_deleted(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, row, ELEVEN)
    meetings.remove_place(session, here.t1, actor=here.organiser, now=NOW)
    with pytest.raises(StaleVersion):
        undo(session, here)
    assert (row.starts_local, row.place_id) == (ELEVEN, here.t2.id)


def test_who_takes_part_counts_as_a_change_of_the_session_so_that_nobody_overwrites_it(session: Session) -> None:
    here = world(session)
    jp = make.delegation(session, here.meeting, "JP")
    row = bilateral(session, here)
    fields = {"kind": row.kind, "starts": TEN, "minutes": 40, "place": here.t1, "title": None, "description": None}
    fields |= {"actor": here.organiser, "now": NOW, "meeting": here.meeting, "seen_version": 1, "interpreters": []}
    services.change_session(session, row, delegations=[here.kh, jp], **fields)  # type: ignore[arg-type]
    assert row.version == 2
    with pytest.raises(StaleVersion):
        services.change_session(session, row, delegations=[here.kh, here.th], **fields)  # type: ignore[arg-type]
