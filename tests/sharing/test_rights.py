"""Services ask themselves whether their actor may: no page has to have asked before."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Lead
from confmgr.errors import NotAllowed
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ConsentState, ItemState
from confmgr.sharing.models import Recall
from tests import make_cases
from tests.make_consents import asked, colleague, japan
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)
DAY = date(2026, 12, 1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def lead(session: Session, here: World) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    return make_cases.shared_lead(session, here, make_cases.case(session, here))


def leaves(session: Session, person: User) -> None:
    session.scalars(select(Membership).where(Membership.user_id == person.id)).one().ends_at = NOW
    session.flush()


def test_a_question_is_taken_back_by_nobody_but_who_speaks_for_those_who_asked(
    session: Session, here: World, lead: Lead
) -> None:
    _jp, head_jp = japan(session, here)
    interpreter = colleague(session, here, here.th, "Only Interprets", Role.INTERPRETER)
    gone = colleague(session, here, here.th, "Has Left")
    leaves(session, gone)
    row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    for person in (here.head_kh, here.organiser, head_jp, interpreter, gone):
        with pytest.raises(NotAllowed):
            services.withdraw_question(session, row, actor=person, now=NOW, seen_version=row.version)
    assert row.state is ConsentState.OPEN
    other = colleague(session, here, here.th, "Also Speaks")
    services.withdraw_question(session, row, actor=other, now=NOW, seen_version=row.version)
    assert row.state.value == "withdrawn"


def test_how_long_something_is_kept_is_said_by_its_author_or_a_head_of_the_originator(
    session: Session, here: World, lead: Lead
) -> None:
    for person in (here.head_th, here.organiser, colleague(session, here, here.kh, "Keo Rith")):
        with pytest.raises(NotAllowed):
            services.keep_until(session, lead.item, DAY, actor=person, now=NOW, seen_version=lead.item.version)
    assert lead.item.retain_until is None
    head = colleague(session, here, here.kh, "Chea Vuth", Role.HEAD)
    services.keep_until(session, lead.item, DAY, actor=head, now=NOW, seen_version=lead.item.version)
    assert lead.item.retain_until == DAY


def test_an_author_who_has_left_the_originator_shares_nothing_again(session: Session, here: World, lead: Lead) -> None:
    services.withdraw(session, lead.item, actor=here.head_kh, now=NOW)
    leaves(session, here.head_kh)
    with pytest.raises(NotAllowed):
        services.take_up(session, lead.item, actor=here.head_kh, now=LATER)
    assert lead.item.state is ItemState.WITHDRAWN


def test_a_recall_is_acknowledged_by_nobody_but_whom_it_asks(session: Session, here: World, lead: Lead) -> None:
    record(session, actor=here.head_th, now=NOW, action="read", object_type="lead", object_uuid=lead.item.uuid)
    services.withdraw(session, lead.item, actor=here.head_kh, now=LATER)
    row = session.scalars(select(Recall)).one()
    for person in (here.head_kh, here.organiser, colleague(session, here, here.th, "Keo Rith")):
        with pytest.raises(NotAllowed):
            services.acknowledge(session, row, actor=person, now=LATER)
    assert row.acknowledged_at is None
