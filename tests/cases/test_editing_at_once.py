"""Who edits a text is stopped by another edit of it, and by nothing else that happens to the item meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases import naming
from confmgr.cases import services as cases
from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Lead
from confmgr.errors import StaleVersion
from confmgr.sharing import seen, services
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make_cases
from tests.make_consents import japan
from tests.make_scheduling import NOW, World, as_, once, world

DAY = (NOW + timedelta(days=90)).date()


@pytest.fixture
def here(stored: Session) -> World:
    return world(stored)


@pytest.fixture
def lead(stored: Session, here: World) -> Lead:
    row = make_cases.shared_lead(stored, here, make_cases.case(stored, here))
    stored.commit()
    return row


def all_else(stored: Session, here: World, lead: Lead, *, day: bool) -> None:
    """What may happen to a lead while somebody writes its text: named readers, a comment, another marking, a day."""
    jp, _head = japan(stored, here)
    services.disclose(stored, lead.item, actor=here.head_kh, now=NOW, to_delegation=jp)
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER_STRICT)
    cases.comment(stored, lead.item, actor=here.head_kh, now=NOW, party=here.kh.party, text="We know it")
    if day:
        services.keep_until(stored, lead.item, DAY, actor=here.head_kh, now=NOW)
    stored.commit()


def test_readers_marking_and_retention_that_change_meanwhile_let_a_text_be_saved(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}"
    as_(client, stored, here.head_kh)
    text = {"kind": "telephone", "title-en": "A number", "body-en": "Three hundred victims.", "purpose": ""}
    sent = {"once": once(), "seen": make_cases.seen(client, f"{address}/edit"), **text}
    all_else(stored, here, lead, day=True)
    assert client.post(f"{address}/edit", data=sent).status_code == 302
    assert "Three hundred victims." in client.get(address).text


def test_a_text_that_changes_meanwhile_lets_the_day_be_set(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}/keep"
    as_(client, stored, here.head_kh)
    sent = {"once": once(), "day_seen": make_cases.seen(client, address, "day_seen"), "retain_until": "2099-01-01"}
    cases.change_lead(
        stored, lead, actor=here.head_kh, now=NOW, kind=lead.kind, title=lead.title, body=Words.of("Three hundred.")
    )
    all_else(stored, here, lead, day=False)
    assert client.post(address, data=sent).status_code == 302
    assert client.post(address, data=sent | {"once": once(2), "retain_until": ""}).status_code == 409


@pytest.mark.parametrize("what", ["title", "body", "kind", "purpose", "identifiers"])
def test_whatever_the_form_overwrites_stops_an_edit_that_was_begun_before(
    stored: Session, here: World, lead: Lead, what: str
) -> None:
    said: dict[str, Any] = {"kind": lead.kind, "title": lead.title, "body": lead.body, "purpose": None}
    looked = cases.text_seen(stored, lead.item)
    if what == "identifiers":
        values = [Named(IdentifierKind.ALIAS, "Boss")]
        naming.name_values(stored, lead.item, values, actor=here.head_kh, now=NOW + timedelta(minutes=1))
    else:
        other: Any = {"title": Words.of("New"), "body": Words.of("New"), "kind": "person", "purpose": "The raid"}[what]
        cases.change_lead(stored, lead, actor=here.head_kh, now=NOW, seen=looked, **(said | {what: other}))
    with pytest.raises(StaleVersion):
        cases.change_lead(stored, lead, actor=here.head_kh, now=NOW, seen=looked, **said)


def test_a_case_is_compared_by_what_its_form_shows(session: Session) -> None:
    here = world(session)
    row = make_cases.case(session, here)
    looked, day = cases.text_seen(session, row.item), seen.of_retention(session, row.item)
    services.keep_until(session, row.item, DAY, actor=here.head_kh, now=NOW, seen=day)
    assert cases.text_seen(session, row.item) == looked
    text: dict[str, Any] = {"summary": row.summary, "neutral_title": None, "crime_types": [], "title": row.title}
    cases.change_case(session, row, actor=here.head_kh, now=NOW, seen=looked, **text)
    with pytest.raises(StaleVersion):
        cases.change_case(session, row, actor=here.head_kh, now=NOW, seen=looked, **text)
    with pytest.raises(StaleVersion):
        services.keep_until(session, row.item, None, actor=here.head_kh, now=NOW, seen=day)
