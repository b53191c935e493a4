"""Whom a record of a group reached is known to the party that gave it, and to nobody whom it reached."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Tlp
from tests import make
from tests.make_moves import moved, show
from tests.make_outcomes import base, group
from tests.make_scheduling import NOW, World, as_, world


def ticked(client: FlaskClient, session: Session, who: User, page: str) -> list[str]:
    """The delegations that a form names before anybody has chosen one."""
    as_(client, session, who)
    boxes: list[str] = re.findall(r'<input[^>]*name="readers"[^>]*>', client.get(page).text)
    assert boxes
    return [re.findall(r'value="([^"]*)"', box)[0] for box in boxes if "checked" in box]


def named(session: Session) -> tuple[World, str]:
    """A group with a base that Cambodia has let Thailand and Japan see; the address of the group."""
    here = world(session)
    japan = make.delegation(session, here.meeting, "JP")
    known = group(session, here, tlp=Tlp.AMBER)
    rows = (known, base(session, here, known, "Poipet", Tlp.AMBER))
    show(session, here, *rows)
    for row in rows:
        sharing.disclose(session, row.item, actor=here.head_kh, now=NOW, to_delegation=japan)
    return here, f"/groups/{known.item.uuid}"


@pytest.mark.parametrize("what", ["bases", "moves"])
def test_the_form_of_a_new_record_tells_no_reader_of_a_group_whom_else_it_reached(
    client: FlaskClient, stored: Session, what: str
) -> None:
    here, page = named(stored)
    assert ticked(client, stored, here.head_th, f"{page}/{what}/new") == ["KH"]
    assert ticked(client, stored, here.head_kh, f"{page}/{what}/new") == ["JP", "TH"]


def test_a_move_is_marked_as_strictly_as_the_bases_that_it_names(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    known = group(stored, here)
    start, end = (base(stored, here, known, name, tlp) for name, tlp in (("Poipet", Tlp.GREEN), ("Bavet", Tlp.AMBER)))
    row = moved(stored, here, start, end)
    as_(client, stored, here.head_kh)
    page = client.get(f"/moves/{row.item.uuid}").text
    assert "Bavet" in page
    assert "TLP:AMBER" in page
