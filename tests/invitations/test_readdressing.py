"""Whose address is corrected or comes late gets what was published, at that address, once."""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.invitations.domain import ChangeKind, Method, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.services import tell_new_addresses
from confmgr.jobs import running
from confmgr.scheduling.services import cancel_session
from tests.make_invitations import participation, published
from tests.make_scheduling import ELEVEN, NOW, World, bilateral, interpreter, move, world

LATER = NOW + timedelta(hours=1)
NEW = "dara@new.example"


def invited(session: Session, state: OutboxState = OutboxState.SENT) -> World:
    """Cambodia and Thailand are invited to a session at ten, and their mails are in some state."""
    here = world(session)
    bilateral(session, here)
    published(session, here)
    for row in session.scalars(select(OutboxMessage)):
        row.state = state
    session.flush()
    return here


def told(session: Session, here: World, minutes: int = 60) -> list[OutboxMessage]:
    """The mails that leave for new addresses some minutes after publishing."""
    known = set(session.scalars(select(OutboxMessage.id)))
    tell_new_addresses(session, here.meeting, now=NOW + timedelta(minutes=minutes), domain="police.example")
    return [row for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)) if row.id not in known]


def test_a_corrected_address_gets_the_invitation_under_the_same_identity(session: Session) -> None:
    here = invited(session, OutboxState.BOUNCED)
    mine = participation(session, here.delegate_kh.id)
    mine.answer = PartStat.ACCEPTED
    here.delegate_kh.email = NEW
    session.flush()
    (row,) = told(session, here)
    assert (row.recipient, row.domain, row.state) == (NEW, "new.example", OutboxState.WAITING)
    assert (row.uid, row.sequence, row.method, row.change) == (mine.uid, 0, Method.REQUEST, ChangeKind.REPEATED)
    assert row.facts["answer"] == "ACCEPTED"
    session.refresh(mine)
    assert row.dtstamp == mine.dtstamp == LATER
    assert mine.answer is PartStat.ACCEPTED
    assert told(session, here, 61) == []


def test_an_address_that_comes_after_publishing_gets_what_was_published(session: Session) -> None:
    here = world(session)
    address, here.delegate_kh.email = here.delegate_kh.email, None
    session.flush()
    row = bilateral(session, here)
    published(session, here)
    assert told(session, here) == []
    here.delegate_kh.email = address
    move(session, here, row, starts=ELEVEN)
    session.flush()
    (late,) = told(session, here)
    assert (late.recipient, late.sequence) == (address, 0)
    assert late.facts["session"]["starts_local"] == "2026-02-05T10:00"


def test_an_interpreter_with_another_address_hears_too(session: Session) -> None:
    here = world(session)
    who = interpreter(session, here)
    who.email = "first@police.example"
    bilateral(session, here, interpreters=[who])
    published(session, here)
    for row in session.scalars(select(OutboxMessage)):
        row.state = OutboxState.SENT
    who.email = NEW
    session.flush()
    assert [row.recipient for row in told(session, here)] == [NEW]


def test_what_is_held_back_stays_so_at_another_address(session: Session) -> None:
    here = invited(session, OutboxState.HELD)
    here.delegate_kh.email = NEW
    session.flush()
    assert told(session, here) == []


def test_nobody_hears_again_of_what_is_over_cancelled_or_not_theirs_any_more(session: Session) -> None:
    here = invited(session)
    here.delegate_kh.email = NEW
    session.flush()
    assert told(session, here, minutes=60 * 24 * 30) == []
    here.delegate_kh.left_at = NOW
    session.flush()
    assert told(session, here) == []
    here.delegate_kh.left_at = None
    cancel_session(session, participation(session, here.delegate_kh.id).session, actor=here.organiser, now=NOW)
    published(session, here, LATER)
    assert told(session, here, 120) == []


def test_the_worker_sends_to_the_new_address_within_the_next_minute(app: Flask, stored: Session) -> None:
    here = invited(stored)
    here.delegate_kh.email = NEW
    stored.commit()
    with time_machine.travel(LATER, tick=False):
        running.run_periodic(app)
        running.run_periodic(app)
    rows = stored.scalars(select(OutboxMessage).where(OutboxMessage.recipient == NEW)).all()
    assert [row.state for row in rows] == [OutboxState.SENT]
