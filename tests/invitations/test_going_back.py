"""Going back to an earlier publication, and publishing that; on both databases."""

from datetime import timedelta

from sqlalchemy.orm import Session

from confmgr.invitations.domain import ChangeKind
from confmgr.invitations.going_back import earlier_of
from confmgr.invitations.models import Publication
from confmgr.invitations.services import preview
from confmgr.scheduling.domain import SessionState
from confmgr.scheduling.services import TakeUp, cancel_session, look, set_held, take_up, undo
from tests import make
from tests.make_invitations import messages, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, move, world

LATER = NOW + timedelta(days=1)


def seen(session: Session, here: World, publication: Publication) -> TakeUp:
    return look(session, here.meeting, earlier_of(session, here.meeting, publication))


def back_to(session: Session, here: World, publication: Publication) -> TakeUp:
    earlier = earlier_of(session, here.meeting, publication)
    revision = look(session, here.meeting, earlier).revision
    return take_up(session, here.meeting, earlier, actor=here.organiser, now=LATER, seen_revision=revision)


def test_going_back_makes_the_schedule_what_it_was_and_publishing_it_a_new_number(session: Session) -> None:
    here = world(session)
    moved, gone = bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)
    first = published(session, here)
    move(session, here, moved, place=here.t2)
    cancel_session(session, gone, actor=here.organiser, now=NOW)
    later = bilateral(session, here, starts=ELEVEN, anyway=True)
    draft = bilateral(session, here, starts=None, place=None)
    published(session, here, LATER)

    back_to(session, here, first)
    assert (moved.starts_local, moved.place_id) == (TEN, here.t1.id)
    assert gone.state is SessionState.DRAFT
    assert (later.starts_local, later.place_id) == (None, None)
    assert draft.starts_local is None
    again = published(session, here, LATER + timedelta(hours=1))
    assert again.number == 3
    assert sorted({str(m.change) for m in messages(session, again)}) == ["again", "cancelled", "moved"]


def test_going_back_is_one_step_that_can_be_taken_back(session: Session) -> None:
    here = world(session)
    rows = [bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)]
    first = published(session, here)
    for row in rows:
        move(session, here, row)
    back_to(session, here, first)
    assert {row.starts_local for row in rows} == {TEN}
    undo(session, here.meeting, actor=here.organiser, now=LATER)
    assert {row.starts_local for row in rows} == {ELEVEN}


def test_going_back_to_what_others_see_now_leaves_nothing_to_publish(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    last = published(session, here)
    move(session, here, row, place=here.t2)
    assert [one.change for one in preview(session, here.meeting, now=NOW).changes] == [ChangeKind.MOVED]
    back_to(session, here, last)
    assert preview(session, here.meeting, now=NOW).changes == ()
    assert seen(session, here, last).changes == ()


def test_a_session_that_was_held_and_a_delegation_that_is_gone_are_named(session: Session) -> None:
    here = world(session)
    held, shrunk = bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)
    jp = make.delegation(session, here.meeting, "JP")
    wide = bilateral(session, here, starts=ELEVEN, delegations=[here.kh, jp])
    first = published(session, here)
    move(session, here, held, place=here.t2)
    set_held(session, held, actor=here.organiser, now=NOW)
    wide.delegations = [link for link in wide.delegations if link.delegation_id != jp.id]
    session.flush()
    session.delete(jp)
    session.flush()
    found = seen(session, here, first)
    assert [(lack.kind.value, lack.session) for lack in found.lacks] == [
        ("over", held.reference),
        ("delegation", wide.reference),
    ]
    assert found.changes == ()
    assert shrunk.starts_local == TEN


def test_people_who_came_as_their_whole_delegation_are_not_named_one_by_one(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    first = published(session, here)
    move(session, here, row, place=here.t2)
    make.delegate(session, here.kh, "Chan Vuthy")
    back_to(session, here, first)
    assert row.delegates == []


def test_people_who_were_named_are_named_again(session: Session) -> None:
    here = world(session)
    other = make.delegate(session, here.kh, "Chan Vuthy")
    row = bilateral(session, here, delegates=[other])
    first = published(session, here)
    row.delegates[0].delegate_id = here.delegate_kh.id
    session.flush()
    session.expire(row)
    published(session, here, LATER)
    back_to(session, here, first)
    assert [link.delegate_id for link in row.delegates] == [other.id]
