"""What waits about a case or lead is told by a mail that says nothing of it, and that the secretariat does not see."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from confmgr.errors import NotFound
from confmgr.invitations import outgoing, queries
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.services import hold_all, tell_of_items
from confmgr.jobs.registry import every_minute
from confmgr.sharing.domain import ConsentKind
from confmgr.sharing.models import Item, ItemMeeting, Notice
from tests import make_cases
from tests.invitations.test_reminder_mail import opened, text
from tests.make_consents import asked
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


def asked_of(session: Session, here: World) -> Item:
    lead = make_cases.shared_lead(session, here, make_cases.case(session, here))
    asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    return lead.item


def written(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.ITEM_NOTICE)))


def test_the_mail_names_nothing_of_it_and_leads_to_the_page(app: Flask, session: Session, here: World) -> None:
    item = asked_of(session, here)
    assert tell_of_items(session, now=LATER, domain="police.example") == 1
    (row,) = written(session)
    assert row.recipient == here.delegate_kh.email
    mail = opened(app, row)
    said = text(mail) + text(mail, "html")
    assert mail["Subject"] == "TLP:GREEN Something about a case or lead waits for you"
    assert "/consents/" in said
    for word in (item.reference, "Phnom Penh", "Osaka", "Thailand", str(item.uuid)):
        assert word not in said
    assert mail.get_content_type() == "multipart/alternative"


def test_several_notices_of_one_person_make_one_mail_and_none_a_second_time(session: Session, here: World) -> None:
    item = asked_of(session, here)
    asked(session, here, item, kind=ConsentKind.NEW_PURPOSE)
    assert tell_of_items(session, now=LATER, domain="police.example") == 1
    assert written(session)[0].facts["page"] == "/meetings/seoul-2/consents"
    assert tell_of_items(session, now=LATER, domain="police.example") == 0
    assert {row.told_at for row in session.scalars(select(Notice))} == {LATER}


def test_organisers_neither_see_nor_count_nor_hold_such_a_mail(session: Session, here: World) -> None:
    asked_of(session, here)
    tell_of_items(session, now=LATER, domain="police.example")
    (row,) = written(session)
    assert queries.outbox_counts(session, here.meeting) == {}
    assert outgoing.to_try_again(session, here.meeting) == []
    assert hold_all(session, here.meeting, actor=here.organiser, now=LATER) == 0
    with pytest.raises(NotFound):
        queries.get_message(session, here.meeting, row.uuid)


def test_who_has_no_address_is_told_by_the_pages_alone(session: Session, here: World) -> None:
    asked_of(session, here)
    here.delegate_kh.email = None
    assert tell_of_items(session, now=LATER, domain="police.example") == 0
    assert session.scalars(select(Notice)).one().told_at is None


def test_what_cannot_be_told_yet_keeps_nothing_else_waiting(session: Session, here: World) -> None:
    session.execute(delete(ItemMeeting).where(ItemMeeting.item_id == asked_of(session, here).id))
    lead = make_cases.shared_lead(session, here, make_cases.case(session, here, "KH-02"), "KH-L2")
    asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    assert tell_of_items(session, now=LATER, domain="police.example") == 1
    assert written(session)[0].facts["page"].startswith("/consents/")
    told = session.scalars(select(Notice.told_at).order_by(Notice.id)).all()
    assert told == [None, LATER]


def test_it_is_done_every_minute() -> None:
    assert {"tell_of_items", "end_questions", "end_retention"} <= set(every_minute)
