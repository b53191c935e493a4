"""Moves on the board: several sessions in one step, what is refused, what is taken back; every test on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Conflict, Refused, StaleVersion
from confmgr.scheduling import board, queries, services
from confmgr.scheduling.domain import CommandKind
from confmgr.scheduling.models import BoardCommand, MeetingSession
from confmgr.scheduling.services import Made, Placing, Seen, revision_of
from confmgr.values.words import Words
from tests import make
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, interpreter, world


def to(row: MeetingSession, starts: datetime | None, place: str | None = "T2", **more: Any) -> Placing:
    return Placing(row.uuid, more.pop("seen", row.version), starts=starts, place=place, **more)


def move(session: Session, here: World, *wanted: Placing, **more: Any) -> Made:
    made = services.move_sessions(session, here.meeting, wanted, actor=more.pop("who", here.organiser), now=NOW, **more)
    session.expire_all()
    return made


def test_several_sessions_move_in_one_step_and_come_back_in_one(session: Session) -> None:
    here = world(session)
    one, other = bilateral(session, here), bilateral(session, here, starts=None, place=None)
    made = move(session, here, to(one, ELEVEN), to(other, TEN, minutes=60))
    assert (one.starts_local, one.place_id, one.version) == (ELEVEN, here.t2.id, 2)
    assert (other.starts_local, other.ends_local) == (TEN, ELEVEN)
    assert made.command is not None
    assert made.command.kind is CommandKind.MOVE
    services.undo(session, here.meeting, actor=here.organiser, now=NOW)
    session.expire_all()
    assert (one.starts_local, one.place_id) == (TEN, here.t1.id)
    assert (other.starts_local, other.minutes) == (None, 40)
    services.redo(session, here.meeting, actor=here.organiser, now=NOW)
    session.expire_all()
    assert (one.starts_local, other.starts_local) == (ELEVEN, TEN)


def test_the_instants_follow_the_wall_times(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, title=Words.of("On fraud"))
    move(session, here, to(row, ELEVEN))
    assert row.starts_at == datetime.fromisoformat("2026-02-05T02:00:00+00:00")
    assert row.ends_at == datetime.fromisoformat("2026-02-05T02:40:00+00:00")


def test_only_a_session_that_it_touches_and_that_has_changed_makes_a_move_stale(session: Session) -> None:
    here = world(session)
    one, other = bilateral(session, here), bilateral(session, here, starts=None, place=None)
    bora = make.user(session, "Han Bora")
    make.membership(session, here.meeting, bora)
    move(session, here, to(other, ELEVEN), who=bora)
    move(session, here, to(one, TEN, "T2"))
    with pytest.raises(StaleVersion) as stale:
        move(session, here, to(other, TEN, seen=1), anyway=True)
    assert [(one.name, one.kind) for one in stale.value.since] == [("Han Bora", CommandKind.MOVE)]  # type: ignore[attr-defined]


def test_a_blocking_clash_is_refused_and_made_anyway_only_when_asked(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    row = bilateral(session, here, starts=ELEVEN)
    with pytest.raises(Conflict) as conflict:
        move(session, here, to(row, TEN))
    assert {clash.kind.value for clash in conflict.value.clashes} == {"delegation_busy"}  # type: ignore[attr-defined]
    made = move(session, here, to(row, TEN), anyway=True)
    assert sorted(made.clashes) == ["S1", "S2"]


def test_two_sessions_that_move_together_are_judged_where_they_will_be(session: Session) -> None:
    here = world(session)
    one, other = bilateral(session, here), bilateral(session, here, starts=ELEVEN)
    made = move(session, here, to(one, ELEVEN, "T1"), to(other, TEN, "T1"))
    assert made.clashes == {}


def test_a_move_off_the_grid_or_the_meeting_is_refused(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    for starts, reason in (
        (TEN + timedelta(minutes=3), "off_grid"),
        (TEN + timedelta(days=9), "outside_meeting"),
    ):
        with pytest.raises(Refused) as refused:
            move(session, here, to(row, starts))
        assert refused.value.reason == reason
    with pytest.raises(Refused):
        move(session, here, to(row, TEN, "no such place"))
    with pytest.raises(Refused):
        move(session, here, to(row, TEN, minutes=7))


def test_a_cancelled_session_does_not_move(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    services.cancel_session(session, row, actor=here.organiser, now=NOW)
    with pytest.raises(Refused) as refused:
        move(session, here, to(row, ELEVEN))
    assert refused.value.reason == "session_state"


def test_swapped_sessions_have_each_others_time_and_place_and_their_own_length(session: Session) -> None:
    here = world(session)
    one, other = bilateral(session, here), bilateral(session, here, starts=ELEVEN, place=here.t2, minutes=20)
    services.swap_sessions(session, here.meeting, Seen(one.uuid, 1), Seen(other.uuid, 1), actor=here.organiser, now=NOW)
    session.expire_all()
    assert (one.starts_local, one.place_id, one.minutes) == (ELEVEN, here.t2.id, 40)
    assert (other.starts_local, other.place_id, other.minutes) == (TEN, here.t1.id, 20)
    assert services.undo(session, here.meeting, actor=here.organiser, now=NOW).kind is CommandKind.SWAP


def test_an_unplaced_session_loses_its_locks_and_gets_them_back_with_undo(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    services.lock_sessions(session, here.meeting, [Seen(row.uuid, 1)], actor=here.organiser, now=NOW, locked=True)
    services.unplace_sessions(session, here.meeting, [Seen(row.uuid, 2)], actor=here.organiser, now=NOW)
    session.expire_all()
    assert (row.starts_local, row.place_id, row.time_locked) == (None, None, False)
    services.undo(session, here.meeting, actor=here.organiser, now=NOW)
    session.expire_all()
    assert (row.starts_local, row.time_locked, row.place_locked) == (TEN, True, True)


def test_only_what_has_a_time_can_be_locked(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, starts=None, place=None)
    with pytest.raises(Refused) as refused:
        services.lock_sessions(session, here.meeting, [Seen(row.uuid, 1)], actor=here.organiser, now=NOW, locked=True)
    assert refused.value.reason == "not_placed"


def test_a_move_that_changes_nothing_is_no_step(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    before = revision_of(session, here.meeting)
    made = move(session, here, to(row, TEN, "T1"))
    assert made.command is None
    assert revision_of(session, here.meeting) == before
    assert row.version == 1


def test_a_move_keeps_the_interpreters_and_tells_the_audit(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, interpreters=[interpreter(session, here)])
    move(session, here, to(row, ELEVEN))
    assert len(row.interpreters) == 1
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.object_uuid) == ("move", row.uuid)


def test_the_board_before_a_step_is_what_it_was(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, interpreters=[interpreter(session, here)])
    first = board.load(session, here.meeting)
    move(session, here, to(row, ELEVEN, minutes=20))
    services.delete_session(session, row, actor=here.organiser, now=NOW)
    loaded = board.load(session, here.meeting)
    assert loaded.sittings() == []
    steps = services.steps_after(session, here.meeting, 1)
    for command in reversed(steps):
        loaded = loaded.before(command.touched)
    assert loaded.sittings() == first.sittings()
    assert len(steps) == 2


def test_the_steps_of_the_board_have_the_revisions_in_their_order(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    move(session, here, to(row, ELEVEN))
    move(session, here, to(row, TEN))
    found = session.scalars(select(BoardCommand.revision).order_by(BoardCommand.id)).all()
    assert list(found) == [1, 2, 3]
    assert revision_of(session, here.meeting) == 3
    assert queries.get_session(session, here.meeting, row.uuid).version == 3
