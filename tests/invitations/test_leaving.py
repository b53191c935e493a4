"""Who leaves, alone or with the delegation, sees nothing any more and hears so at once; everybody else hears nothing."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.delegations import belonging
from confmgr.delegations import services as delegations
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.invitations.models import OutboxMessage, Publication
from confmgr.invitations.services import desk, publish, tell_those_who_left
from confmgr.jobs import running
from confmgr.meetings.models import Membership
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession
from tests.invitations.test_desk import BASE, DOMAIN, MORNING, opened, published, told
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, move

AFTERNOON = datetime(2026, 2, 5, 6, 0, tzinfo=UTC)
"""15:00 in Seoul: the meetings at ten and at eleven are over."""


def plenary(session: Session, here: World, hours: int = 4) -> MeetingSession:
    starts = TEN + timedelta(hours=hours)
    return bilateral(session, here, kind=SessionKind.PLENARY, everybody=True, delegations=[], starts=starts)


def leave(session: Session, here: World, now: datetime = MORNING) -> None:
    desk.cancel_delegation(session, here.kh, actor=here.organiser, now=now, reason="Called home", domain=DOMAIN)


def declined(session: Session, here: World, of: Delegation, state: DelegationState, now: datetime = NOW) -> None:
    delegations.change_delegation(
        session,
        of,
        actor=here.organiser,
        now=now,
        seen_version=of.version,
        status=of.status,
        state=state,
        teams=1,
        languages=["en"],
    )


def open_roles(session: Session, of: Delegation) -> int:
    rows = session.scalars(select(Membership).where(Membership.delegation_id == of.id, Membership.ends_at.is_(None)))
    return len(rows.all())


def test_a_delegation_that_leaves_loses_its_roles_and_its_place_in_the_plenary(session: Session) -> None:
    here = opened(session)
    plenary(session, here)
    published(session, here)
    before = len(told(session))
    leave(session, here)
    assert told(session)[before:] == ["CANCEL kh@police.example"]
    assert (open_roles(session, here.kh), open_roles(session, here.th)) == (0, 1)


def test_the_others_hear_nothing_of_a_pending_move_when_somebody_leaves(session: Session) -> None:
    here = opened(session)
    row = plenary(session, here)
    published(session, here)
    move(session, here, row, TEN + timedelta(hours=6), anyway=False)
    before = len(told(session))
    leave(session, here)
    assert told(session)[before:] == ["CANCEL kh@police.example"]


def test_what_has_been_stays_in_the_calendar_of_those_who_leave_later(session: Session) -> None:
    here = opened(session)
    bilateral(session, here)
    plenary(session, here, hours=6)
    published(session, here)
    before = len(told(session))
    leave(session, here, AFTERNOON)
    assert told(session)[before:] == ["CANCEL kh@police.example"]
    assert tell_those_who_left(session, here.meeting, actor=None, now=AFTERNOON, domain=DOMAIN) is None
    publish(session, here.meeting, actor=here.organiser, now=AFTERNOON, domain=DOMAIN)
    assert len(told(session)) == before + 1


def test_a_later_publication_does_not_invite_a_delegation_that_has_declined(session: Session) -> None:
    here = opened(session)
    declined(session, here, here.kh, DelegationState.DECLINED)
    plenary(session, here)
    published(session, here)
    assert told(session) == ["REQUEST th@police.example"]


def test_a_delegation_that_comes_after_all_may_sign_in_again_and_is_invited_again(session: Session) -> None:
    here = opened(session)
    plenary(session, here)
    published(session, here)
    leave(session, here)
    before = len(told(session))
    declined(session, here, here.kh, DelegationState.CONFIRMED, MORNING)
    assert open_roles(session, here.kh) == 1
    published(session, here)
    assert told(session)[before:] == ["REQUEST kh@police.example"]
    again = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert again is not None
    assert again.sequence == 2


def test_somebody_taken_out_meanwhile_does_not_come_back_with_the_delegation(session: Session) -> None:
    here = opened(session)
    leave(session, here)
    here.delegate_kh.left_at = MORNING
    belonging.confirm(session, here.kh, actor=here.organiser, now=MORNING)
    assert open_roles(session, here.kh) == 0


def test_the_host_does_not_leave_its_own_meeting(session: Session) -> None:
    here = opened(session)
    here.meeting.host_party_id = here.kh.party_id
    session.flush()
    with pytest.raises(Refused, match="host_stays"):
        declined(session, here, here.kh, DelegationState.DECLINED)


def test_the_worker_tells_a_person_who_was_taken_out_within_a_minute_and_nobody_else(
    app: Flask, stored: Session
) -> None:
    here = opened(stored)
    bilateral(stored, here, starts=ELEVEN)
    published(stored, here)
    delegations.remove_delegate(stored, here.delegate_kh, actor=here.organiser, now=MORNING)
    stored.commit()
    before = len(told(stored))
    stored.commit()
    with time_machine.travel(MORNING, tick=False):
        running.run_periodic(app)
        running.run_periodic(app)
    stored.expire_all()
    assert [one for one in told(stored)[before:] if not one.startswith("None")] == ["CANCEL kh@police.example"]
    last = stored.scalars(select(Publication).order_by(Publication.number.desc())).first()
    assert last is not None
    assert (last.number, last.made_by_id) == (2, None)


@time_machine.travel(MORNING, tick=False)
def test_who_left_with_the_delegation_reads_nothing_of_the_meeting(client: FlaskClient, stored: Session) -> None:
    here = opened(stored)
    plenary(stored, here)
    published(stored, here)
    stored.commit()
    as_(client, stored, here.head_kh)
    assert client.get(f"{BASE}/my-agenda").status_code == 200
    leave(stored, here)
    stored.commit()
    assert {client.get(f"{BASE}/{page}").status_code for page in ("my-agenda", "programme", "cases")} == {404}
