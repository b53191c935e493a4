"""What identifies travels with its case or lead: out in each form of file, and in again, compared with nobody."""

import io

from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases import naming
from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Identifier, Lead
from confmgr.sharing.models import Item
from tests.interchange.make_exchange import sent
from tests.interchange.test_exchange import OUT, gave, moved, of_type, other_meeting, taken
from tests.make_scheduling import NOW, World, as_, once

PHONE = Named(IdentifierKind.PHONE, "+66 2 123 4567")


def identified(stored: Session) -> World:
    """Cambodia's lead with a telephone number and the plate of a car."""
    here = gave(stored)
    row = stored.scalars(select(Lead).join(Item, Item.id == Lead.id).where(Item.reference == "KH-L1")).one()
    values = [PHONE, Named(IdentifierKind.VEHICLE, "AB-1234")]
    naming.name_values(stored, row.item, values, actor=here.head_kh, now=NOW)
    stored.commit()
    return here


def test_what_identifies_leaves_with_its_lead_as_observables_or_in_a_note(client: FlaskClient, stored: Session) -> None:
    here = identified(stored)
    as_(client, stored, here.head_th)
    (one,) = taken(client, "json")["leads"]
    assert one["identifiers"] == [
        {"kind": "phone", "value": "+66 2 123 4567"},
        {"kind": "vehicle", "value": "AB-1234"},
    ]
    bundle = taken(client, "stix")
    (account,) = of_type(bundle, "user-account")
    assert (account["user_id"], account["account_type"]) == ("+66 2 123 4567", "telephone")
    assert "vehicle: AB-1234" in [note["content"] for note in of_type(bundle, "note")]


def test_what_identifies_stands_in_a_column_of_the_workbook_for_readers_of_the_lead_alone(
    client: FlaskClient, stored: Session
) -> None:
    here = identified(stored)
    found = {}
    for who in ("head_th", "organiser"):
        as_(client, stored, getattr(here, who))
        book = load_workbook(io.BytesIO(client.get(f"{OUT}.xlsx?language=en").get_data()))
        rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
        found[who] = [cell for row in rows for cell in row if "123 4567" in str(cell)]
        assert sum("What identifies" in row for row in rows) == 2
    assert found == {"head_th": ["Telephone number: +66 2 123 4567\nVehicle: AB-1234"], "organiser": []}


def test_what_identifies_comes_in_with_its_lead_and_is_put_to_no_matching(client: FlaskClient, stored: Session) -> None:
    here, file = moved(client, stored)
    file["leads"][0]["identifiers"] = [
        {"kind": "phone", "value": "+66 2 123 4567"},
        {"kind": "vehicle", "value": "AB-1234"},
    ]
    other_meeting(stored, here)
    looked = sent(client, file)
    assert client.post(looked.location, data={"once": once(2)}).status_code == 302
    row = stored.scalars(
        select(Lead).join(Item, Item.id == Lead.id).where(Item.reference == file["leads"][0]["reference"][3:])
    ).one()
    rows = stored.scalars(select(Identifier).where(Identifier.item_id == row.id).order_by(Identifier.id)).all()
    assert [(one.kind, one.value, one.matching) for one in rows] == [
        (IdentifierKind.PHONE, "+66 2 123 4567", False),
        (IdentifierKind.VEHICLE, "AB-1234", False),
    ]


def test_a_value_that_is_no_telephone_number_is_refused_and_nothing_comes_in(
    client: FlaskClient, stored: Session
) -> None:
    here, file = moved(client, stored)
    file["leads"][0]["identifiers"] = [{"kind": "phone", "value": "ask Somchai"}]
    other_meeting(stored, here)
    looked = sent(client, file)
    assert client.post(looked.location, data={"once": once(2)}).status_code == 422
    assert stored.scalars(select(Identifier)).all() == []
