"""Nothing of the application reaches guarded tables around the visibility rule, or for nobody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from confmgr.orm.acting import AroundTheRule, NobodyAsks, Purpose, act_for, for_nobody
from confmgr.sharing.models import Item
from confmgr.web.db import db

AROUND = [
    select(Item.__table__.c.id),
    text("SELECT id FROM item"),
    text('SELECT 1 FROM marking, "case"'),
    update(Item).values(reference="X"),
    delete(Item),
]


@pytest.fixture
def own(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield db.session()


def test_a_session_that_acts_for_nobody_is_told_so(own: Session) -> None:
    with pytest.raises(NobodyAsks):
        own.scalars(select(Item))


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
