"""A purge overwrites every word of a body, and keeps what happened."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.activity.services import record
from confmgr.cases import services as cases
from confmgr.cases.cli import purges
from confmgr.cases.domain import FeedbackKind, IdentifierKind, LeadKind
from confmgr.cases.models import Attachment, Identifier, Lead
from confmgr.errors import NotAllowed, Refused
from confmgr.meetings.domain import Role
from confmgr.orm.acting import Purpose, started_for
from confmgr.orm.base import Base
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ItemKind, ItemState, Tlp
from confmgr.sharing.models import ConsentRequest, Disclosure, Notice, Recall
from confmgr.values.words import Words
from tests import make_cases
from tests.make_consents import asked, colleague
from tests.make_scheduling import NOW, World, world

CANARY = "zzCANARYzz"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def lead(session: Session, here: World) -> Lead:
    """A lead with everything that may stand on it, each with words that must not survive."""
    row = make_cases.shared_lead(
        session,
        here,
        make_cases.case(session, here),
        title=Words.of(f"{CANARY} title"),
        body=Words.of(f"{CANARY} body"),
    )
    cases.change_lead(
        session,
        row,
        actor=here.head_kh,
        now=NOW,
        kind=LeadKind.PERSON,
        title=Words.of(f"{CANARY} second title"),
        body=Words.of(f"{CANARY} second body"),
    )
    cases.give_feedback(
        session, row, actor=here.head_th, now=NOW, party=here.th.party, kind=FeedbackKind.IN_USE, note=CANARY
    )
    cases.comment(session, row.item, actor=here.head_th, now=NOW, party=here.th.party, text=CANARY)
    file = services.add_child(
        session, row.item, kind=ItemKind.DOCUMENT, originator=here.kh.party, author=here.head_kh, now=NOW
    )
    session.add(
        Attachment(
            id=file.id,
            name=f"{CANARY}.pdf",
            media_type="application/pdf",
            size=3,
            sha256="0" * 64,
            stored_name="a",
            content=CANARY.encode(),
        )
    )
    session.add(
        Identifier(
            item_id=row.id,
            kind=IdentifierKind.PHONE,
            value=CANARY,
            normal=CANARY,
            added_by_id=here.head_kh.id,
            added_at=NOW,
        )
    )
    asked(session, here, row.item, kind=ConsentKind.JUDICIAL_USE)
    session.scalars(select(ConsentRequest)).one().reason = CANARY
    row.item.marking.reason, row.item.purpose = CANARY, CANARY
    session.flush()
    return row


def found(session: Session) -> set[str]:
    """Columns of the whole database in which the words stand."""
    session.flush()
    places = set()
    for mapper in Base.registry.mappers:
        for values in session.execute(select(mapper.local_table)):
            for column, value in zip(inspect(mapper.class_).local_table.columns, values, strict=True):
                said = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if CANARY in said:
                    places.add(str(column))
    return places


def test_a_purge_leaves_no_word_of_it_anywhere(session: Session, here: World, lead: Lead) -> None:
    before = found(session)
    assert len(before) >= 11
    services.purge(session, lead.item, actor=here.head_kh, now=LATER)
    assert found(session) == set()


def test_a_purge_keeps_what_happened_and_calls_it_back(session: Session, here: World, lead: Lead) -> None:
    record(session, actor=here.head_th, now=NOW, action="read", object_type="lead", object_uuid=lead.item.uuid)
    services.purge(session, lead.item, actor=here.head_kh, now=LATER)
    assert (lead.item.state, lead.item.purged_at, lead.item.reference) == (ItemState.PURGED, LATER, "KH-L1")
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.object_uuid == lead.item.uuid)))
    assert {"create", "share", "read", "purge"} <= actions
    assert [row.user_id for row in session.scalars(select(Recall))] == [here.head_th.id]
    assert not services.purge(session, lead.item, actor=here.head_kh, now=LATER)
    assert len(session.scalars(select(Recall)).all()) == 1


def test_the_author_or_a_head_of_the_originator_purges_and_nobody_else(
    session: Session, here: World, lead: Lead
) -> None:
    for person in (here.head_th, here.organiser, colleague(session, here, here.kh, "Keo Rith")):
        with pytest.raises(NotAllowed):
            services.purge(session, lead.item, actor=person, now=LATER)
    assert lead.item.state is ItemState.SHARED
    services.purge(session, lead.item, actor=colleague(session, here, here.kh, "Chea Vuth", Role.HEAD), now=LATER)
    assert lead.item.state.value == "purged"


def test_the_end_of_retention_is_told_before_it_purges(session: Session, here: World, lead: Lead) -> None:
    lead.item.retain_until = date(2026, 2, 1)
    assert services.end_retention(session, now=NOW) == (0, 0)
    told = NOW + timedelta(days=4)
    assert services.end_retention(session, now=told) == (1, 0)
    notices = session.scalars(select(Notice).where(Notice.kind == "retention_ends")).all()
    assert [row.user_id for row in notices] == [here.head_kh.id]
    assert services.end_retention(session, now=told + timedelta(days=13)) == (0, 0)
    assert services.end_retention(session, now=told + timedelta(days=14)) == (0, 1)
    assert lead.item.state is ItemState.PURGED
    assert services.end_retention(session, now=told + timedelta(days=15)) == (0, 0)


def test_a_day_that_is_past_already_still_gives_a_fortnight(session: Session, here: World, lead: Lead) -> None:
    lead.item.retain_until = date(2026, 1, 1)
    assert services.end_retention(session, now=NOW) == (1, 0)
    assert services.end_retention(session, now=NOW + timedelta(days=13, hours=23)) == (0, 0)
    assert services.end_retention(session, now=NOW + timedelta(days=14)) == (0, 1)


def test_what_was_purged_is_purged_again_after_an_older_back_up(session: Session, here: World, lead: Lead) -> None:
    services.purge(session, lead.item, actor=here.head_kh, now=LATER)
    assert services.purged(session) == [lead.item]
    lead.title, lead.item.state = Words.of(CANARY), ItemState.SHARED
    services.purge_again(session, lead.item, now=LATER)
    assert lead.item.state.value == "purged"
    assert found(session) == set()
    entries = session.execute(
        select(AuditEntry.actor_id, AuditEntry.facts)
        .where(AuditEntry.action == "purge", AuditEntry.object_uuid == lead.item.uuid)
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(row) for row in entries] == [(here.head_kh.id, {}), (None, {"again": True})]


def test_what_a_purge_takes_from_its_readers_was_taken_by_who_purged(session: Session, here: World, lead: Lead) -> None:
    other = make_cases.shared_lead(session, here, make_cases.case(session, here, "KH-02"), "KH-L2")
    other.item.retain_until, other.item.retention_told_at = date(2026, 1, 1), NOW - timedelta(days=14)
    head = colleague(session, here, here.kh, "Chea Vuth", Role.HEAD)
    services.purge(session, lead.item, actor=head, now=LATER)
    assert services.end_retention(session, now=LATER) == (0, 1)
    ended = {row.item.reference: row.revoked_by_id for row in session.scalars(select(Disclosure)) if row.revoked_at}
    assert ended.pop("KH-L2") is None
    assert len(ended) >= 2
    assert set(ended.values()) == {head.id}


@pytest.fixture
def command() -> Iterator[None]:
    """As `confmgr.app.cli.main` begins."""
    token = started_for.set(Purpose.COMMAND)
    yield
    started_for.reset(token)


@pytest.mark.usefixtures("command")
def test_the_command_lists_and_purges_again(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = make_cases.shared_lead(stored, here, make_cases.case(stored, here))
    stored.commit()
    run = app.test_cli_runner()
    assert run.invoke(purges, ["list"]).output == ""
    again = run.invoke(purges, ["again", "-"], input=f"{row.item.uuid}\n{uuid.uuid4()}\n")
    assert again.output == "1 of 2 are in this database and are purged\n"
    assert run.invoke(purges, ["list"]).output == f"{row.item.uuid}\n"
    wrong = run.invoke(purges, ["again", "-"], input="not an id\n")
    assert (wrong.exit_code, "one id a line" in wrong.output) == (1, True)


def test_a_group_cannot_be_purged(session: Session, here: World) -> None:
    item = services.create_item(
        session,
        kind=ItemKind.GROUP,
        operation=here.meeting.operation,
        originator=here.kh.party,
        author=here.head_kh,
        reference="G-1",
        tlp=Tlp.GREEN,
        now=NOW,
    )
    with pytest.raises(Refused, match="cannot_purge"):
        services.purge(session, item, actor=here.head_kh, now=NOW)
