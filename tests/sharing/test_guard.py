"""Nothing of the application reaches guarded tables around the visibility rule, or for nobody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from confmgr.cases.models import Attachment, Case, Comment, Identifier, Lead
from confmgr.orm.acting import AroundTheRule, NobodyAsks, Purpose, act_for, for_nobody, touches
from confmgr.orm.base import Base
from confmgr.orm.references import references
from confmgr.sharing.models import ConsentRequest, Disclosure, Item, ItemVersion, Recall, SearchText
from confmgr.web.db import db
from tests import make

GUARDED = [
    Item,
    Case,
    Lead,
    Comment,
    Attachment,
    Identifier,
    ItemVersion,
    Disclosure,
    ConsentRequest,
    Recall,
    SearchText,
]
HANGING = GUARDED[3:]
AROUND = [
    select(Item.__table__.c.id),
    text("SELECT id FROM item"),
    text('SELECT 1 FROM marking, "case"'),
    update(Item).values(reference="X"),
    delete(Item),
    *(select(one.__table__.c[0]) for one in HANGING),
    *(text(f"SELECT count(*) FROM {one.__tablename__}") for one in HANGING),  # noqa: S608
    *(delete(one) for one in HANGING),
]


@pytest.fixture
def own(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()


@pytest.mark.parametrize("guarded", GUARDED)
def test_a_session_that_acts_for_nobody_is_told_so(own: Session, guarded: type[Base]) -> None:
    with pytest.raises(NobodyAsks):
        own.scalars(select(guarded))


@pytest.mark.parametrize("guarded", GUARDED)
def test_a_session_that_acts_for_somebody_asks_by_classes(own: Session, guarded: type[Base]) -> None:
    act_for(own, 1)
    assert list(own.scalars(select(guarded))) == []


@pytest.mark.parametrize("statement", AROUND, ids=str)
def test_what_goes_around_the_rule_is_refused(own: Session, statement: object) -> None:
    act_for(own, 1)
    with pytest.raises(AroundTheRule):
        own.execute(statement)  # type: ignore[call-overload]


def test_a_purpose_ends_with_what_it_was_for(own: Session) -> None:
    with for_nobody(own, Purpose.REFERENCES):
        assert list(own.scalars(select(Item))) == []
    with pytest.raises(NobodyAsks):
        own.scalars(select(Item))


def test_a_connection_without_a_session_is_refused(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection, pytest.raises(NobodyAsks):
        connection.execute(text("SELECT id FROM item"))


def test_what_hinders_a_deletion_hinders_it_whoever_sees_it(own: Session) -> None:
    party = make.party(own, "KH")
    act_for(own, 1)
    assert references(own, party) == []
    make.agency(own, party, "POL")
    assert references(own, party) == ["agency"]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM item",
        "select * from meeting, item where true",
        "SELECT 1 FROM meeting JOIN (item JOIN marking ON true) ON true",
        "SELECT 1 FROM ONLY item",
        'SELECT 1 FROM "main"."item"',
        "SELECT 1 FROM public.comment AS c",
        "SELECT 1 FROM (SELECT a FROM b) AS x, lead",
        "UPDATE OR IGNORE item SET state = 'shared'",
        "INSERT INTO recall (id) VALUES (1)",
        "DELETE FROM attachment",
    ],
)
def test_a_guarded_table_is_found_wherever_it_stands(statement: str) -> None:
    assert touches(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT reply.id, reply.comment, reply.said FROM reply WHERE reply.id = 1",
        "INSERT INTO reply (id, comment, said) VALUES (1, '', '')",
        "SELECT reply.id, reply.comment FROM reply, mailbox ORDER BY reply.id, reply.comment",
        "UPDATE reply SET comment = ''",
        "SELECT item_meeting.item_id FROM item_meeting",
        "CREATE INDEX one ON item (state)",
    ],
)
def test_a_column_of_the_name_of_a_guarded_table_is_none(statement: str) -> None:
    assert not touches(statement)
