"""What a party took along from one installation comes in at another, where everything has other numbers."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.models import Lead
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import Item
from confmgr.web.db import db
from tests import make
from tests.conftest import empty
from tests.interchange.make_exchange import sent
from tests.make_cases import case, shared_lead
from tests.make_scheduling import as_, once, world


def taken_along(client: FlaskClient, session: Session) -> bytes:
    """A case of Cambodia with a lead, as its head takes them along."""
    here = world(session)
    shared_lead(session, here, case(session, here))
    as_(client, session, here.head_kh)
    answer = client.get("/meetings/seoul-2/files/cases-and-leads.json")
    assert answer.status_code == 200
    return answer.data


def test_a_file_of_another_installation_comes_in_as_drafts_of_whoever_brings_it(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    file = taken_along(client, stored)
    stored.close()
    with app.app_context():
        empty(db.engine)
    for code in ("PH", "VN", "LA"):
        make.party(stored, code)
    for name in ("Somebody Else", "Another One"):
        make.user(stored, name)
    here = world(stored)
    as_(client, stored, here.head_kh)
    looked = sent(client, file)
    assert client.post(looked.location, data={"once": once(2)}).status_code == 302
    rows = stored.scalars(select(Item).order_by(Item.reference)).all()
    assert [(row.reference, row.originator.code, row.state, row.author_id) for row in rows] == [
        (reference, "KH", ItemState.DRAFT, here.head_kh.id) for reference in ("KH-01", "KH-L1")
    ]
    lead = stored.scalars(select(Lead)).one()
    assert lead.case is not None
    assert lead.case.item.reference == "KH-01"
    stored.commit()
