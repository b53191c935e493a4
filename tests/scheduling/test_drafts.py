"""The working schedule kept under a name, compared and taken up again; on both databases."""

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Refused, StaleVersion
from confmgr.scheduling.differences import Aspect
from confmgr.scheduling.models import ScheduleDraft
from confmgr.scheduling.queries import drafts
from confmgr.scheduling.services import (
    TakeUp,
    cancel_session,
    delete_draft,
    delete_session,
    earlier_of,
    keep_draft,
    lock_session,
    look,
    set_held,
    take_up,
    undo,
)
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, interpreter, move, world


def keep(session: Session, here: World, name: str = "Before lunch") -> ScheduleDraft:
    return keep_draft(session, here.meeting, actor=here.organiser, now=NOW, name=name, note="Tried out")


def compared(session: Session, here: World, draft: ScheduleDraft) -> TakeUp:
    return look(session, here.meeting, earlier_of(draft))


def taken_up(session: Session, here: World, draft: ScheduleDraft) -> TakeUp:
    revision = compared(session, here, draft).revision
    return take_up(session, here.meeting, earlier_of(draft), actor=here.organiser, now=NOW, seen_revision=revision)


def test_a_draft_is_compared_with_the_present_schedule_aspect_by_aspect(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    draft = keep(session, here)
    assert compared(session, here, draft).changes == ()
    move(session, here, row, place=here.t2)
    (one,) = compared(session, here, draft).changes
    assert [(d.aspect, d.before, d.after) for d in one.details[:2]] == [
        (Aspect.START, ELEVEN, TEN),
        (Aspect.END, ELEVEN.replace(minute=40), TEN.replace(minute=40)),
    ]
    assert one.details[2].aspect is Aspect.PLACE
    assert one.details[2].after["place"]["values"]["en"]["text"] == "Place T1"


def test_taking_up_a_draft_brings_everything_back_in_one_step_of_undo(session: Session) -> None:
    here = world(session)
    moved, gone, deleted = (
        bilateral(session, here),
        bilateral(session, here, place=here.t2, anyway=True),
        bilateral(session, here, starts=ELEVEN, anyway=True),
    )
    lock_session(session, moved, actor=here.organiser, now=NOW, locked=True)
    draft = keep(session, here)
    lock_session(session, moved, actor=here.organiser, now=NOW, locked=False)
    move(session, here, moved, place=here.t2)
    cancel_session(session, gone, actor=here.organiser, now=NOW, reason="Both asked for it")
    delete_session(session, deleted, actor=here.organiser, now=NOW)
    made_since = bilateral(session, here, starts=None, place=None)
    found = taken_up(session, here, draft)
    assert (len(found.changes), found.lacks, found.unknown) == (3, (), 1)
    assert (moved.starts_local, moved.time_locked, gone.state.value, deleted.removed_at) == (TEN, True, "draft", None)
    assert made_since.removed_at is None
    undo(session, here.meeting, actor=here.organiser, now=NOW)
    assert (moved.starts_local, moved.time_locked, gone.state.value) == (ELEVEN, False, "cancelled")
    assert deleted.removed_at is not None


def test_a_draft_is_not_taken_up_over_a_change_that_was_not_seen(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    draft = keep(session, here)
    revision = compared(session, here, draft).revision
    move(session, here, row, place=here.t2)
    with pytest.raises(StaleVersion):
        take_up(session, here.meeting, earlier_of(draft), actor=here.organiser, now=NOW, seen_revision=revision)
    assert row.starts_local == ELEVEN


def test_what_a_draft_cannot_bring_back_is_named_as_it_was_called(session: Session) -> None:
    here = world(session)
    who = interpreter(session, here)
    row = bilateral(session, here, interpreters=[who], interpretation="km-th", delegates=[here.delegate_th])
    held = bilateral(session, here, place=here.t2, anyway=True)
    draft = keep(session, here)
    move(session, here, row, place=here.t2)
    row.interpreters, row.delegates = [], []
    here.delegate_th.left_at = NOW
    session.flush()
    session.delete(who)
    session.delete(here.t1)
    move(session, here, held, place=here.t2)
    set_held(session, held, actor=here.organiser, now=NOW)
    found = taken_up(session, here, draft)
    assert {(lack.kind.value, lack.session, lack.what) for lack in found.lacks} == {
        ("place", row.reference, "T1"),
        ("delegate", row.reference, "Somchai Wong"),
        ("interpreter", row.reference, "Chea Vanna"),
        ("over", held.reference, ""),
    }
    assert (row.starts_local, row.place_id) == (TEN, None)
    assert held.starts_local == ELEVEN


def test_a_time_outside_the_days_of_the_meeting_is_left_unplaced(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    draft = keep(session, here)
    here.meeting.starts_on = here.meeting.ends_on
    (lack,) = compared(session, here, draft).lacks
    assert (lack.kind.value, lack.session, lack.what) == ("time", row.reference, "2026-02-05 10:00")


def test_two_drafts_of_a_meeting_have_two_names(session: Session) -> None:
    here = world(session)
    keep(session, here)
    with pytest.raises(Refused) as refused:
        keep(session, here)
    assert (refused.value.reason, refused.value.field) == ("draft_name_taken", "name")


def test_a_deleted_draft_leaves_the_schedule_alone(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    draft = keep(session, here)
    move(session, here, row, place=here.t2)
    delete_draft(session, draft, actor=here.organiser, now=NOW, meeting=here.meeting)
    assert drafts(session, here.meeting) == []
    assert row.starts_local == ELEVEN
