"""Whatever page shows a body, the audit names the item: looked at from outside, over every route."""

import html
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry, AuditObject
from confmgr.cases.models import Case, Comment, Lead
from confmgr.outcomes.models import ActionRequest, Group, JointAction, TaskForce
from confmgr.sharing.models import Item
from tests import make
from tests.make_house import House, address, house

NAMES = (
    (Case, Case.title),
    (Case, Case.summary),
    (Lead, Lead.title),
    (Lead, Lead.body),
    (Comment, Comment.text),
    (ActionRequest, ActionRequest.text),
    (JointAction, JointAction.title),
    (TaskForce, TaskForce.name),
    (Group, Group.name),
)


def texts(session: Session) -> Iterator[tuple[str, str]]:
    """The words of every item's body, none of which says what another one says, with the item's id."""
    for number, (model, column) in enumerate(NAMES):
        for row, item in session.execute(select(model, Item).join(Item, Item.id == inspect(model).primary_key[0])):
            words = getattr(row, column.key)
            if words is not None:
                canary = f"Canary-{number}-{item.id}-"
                setattr(row, column.key, canary if isinstance(words, str) else type(words).of(canary))
                yield canary, str(item.uuid)


PACKED = ("pdf", "xlsx", "zip", "static")
"""Files in which a canary is not seen from outside, and those of the interface."""


@pytest.mark.parametrize(
    ("name", "least"), [("head", 10), ("other_head", 10), ("delegate", 10), ("organiser", 0), ("leadership", 0)]
)
def test_every_page_that_shows_a_body_is_noted_with_the_item(
    app: Flask, stored: Session, name: str, least: int
) -> None:
    whole: House = house(stored)
    known = dict(texts(stored))
    stored.commit()
    client = app.test_client()
    make.sign_in(client, stored, whole.people[name])
    shown, holes = 0, []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or any(name in rule.rule for name in PACKED):
            continue
        last = stored.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)) or 0
        stored.commit()
        with client.get(address(whole, rule)) as answer:
            page = html.unescape(answer.get_data(as_text=True))
        found = {ident for canary, ident in known.items() if canary in page}
        noted = select(AuditObject.object_uuid).where(AuditObject.entry_id > last)
        missing = found - {str(ident) for ident in stored.scalars(noted)}
        stored.commit()
        shown += bool(found)
        if missing:
            holes.append((rule.endpoint, sorted(canary for canary, ident in known.items() if ident in missing)))
    assert not holes
    assert (shown >= least) if least else (shown == 0)
