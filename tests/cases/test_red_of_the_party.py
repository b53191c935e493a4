"""TLP:RED of a party, for its head: the envelope and the way to take it back, never a word of the text."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Lead
from confmgr.meetings.domain import Role
from confmgr.sharing import heading, queries
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item, NamedReader
from tests import make
from tests.cases.test_heads_write import by_a_delegate
from tests.make_cases import shown, without_tokens
from tests.make_scheduling import NOW, World, as_, once, world

PAGE = "/meetings/seoul-2/consents"
SECRET = "Somebody in Poipet"


@pytest.fixture
def here(stored: Session) -> World:
    return world(stored)


@pytest.fixture
def red(stored: Session, here: World) -> Lead:
    row = by_a_delegate(stored, here, Tlp.RED)
    stored.commit()
    return row


def state(stored: Session, ident: int) -> ItemState:
    found = stored.get_one(Item, ident, populate_existing=True).state
    stored.commit()
    return found


def test_the_head_takes_a_red_lead_of_the_party_back_on_its_envelope(
    client: FlaskClient, stored: Session, here: World, red: Lead
) -> None:
    address, ident = f"/meetings/seoul-2/red/{red.item.uuid}/withdraw", red.id
    stored.commit()
    as_(client, stored, here.head_kh)
    page = client.get(PAGE).text
    assert "KH/KH-L1" in page
    opened = page[page.index("<summary>Withdraw it</summary>") : page.index(f'action="{address}"')]
    assert "whoever else had read it is asked to use no copy" in opened, "what it means is said before it is done"
    assert "Somebody" not in page
    assert client.post(address, data={"once": once()}).status_code == 302
    assert state(stored, ident) is ItemState.WITHDRAWN
    assert "KH/KH-L1" not in shown(client, PAGE)
    again = client.post(address, data={"once": once(2)}, follow_redirects=True)
    assert again.request.path == PAGE
    assert "This had been done already" in again.text
    stored.get_one(Item, ident, populate_existing=True).shared_at = None  # a draft that its author took back
    stored.commit()
    assert client.post(address, data={"once": once(3)}).status_code == 404


def test_its_page_names_who_else_of_the_party_reads_it(
    client: FlaskClient, stored: Session, here: World, red: Lead
) -> None:
    author = red.item.author
    name = stored.scalars(select(User.name).join(NamedReader).where(NamedReader.item_id == red.item.id)).one()
    as_(client, stored, author)
    page = client.get(f"/leads/{red.item.uuid}").text
    assert name in page[page.index("the persons of the party whom the author named") :]


def test_the_head_still_reads_nothing_of_it(client: FlaskClient, stored: Session, here: World, red: Lead) -> None:
    address = f"/leads/{red.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    for page in ("", "/edit", "/keep", "/share", "/ask"):
        assert client.get(address + page).status_code == 404
    assert SECRET not in shown(client, PAGE)


def test_to_everybody_else_there_is_no_such_item(client: FlaskClient, stored: Session, here: World, red: Lead) -> None:
    colleague = make.user(stored, "Sok Nary")
    make.membership(stored, here.meeting, colleague, Role.DELEGATE, of_delegation=here.kh)
    address, ident = f"/meetings/seoul-2/red/{red.item.uuid}/withdraw", red.id
    stored.commit()
    for person in (here.head_th, colleague):
        as_(client, stored, person)
        assert "KH/KH-L1" not in shown(client, PAGE)
        refused = client.post(address, data={"once": once()})
        nothing = client.post(f"/meetings/seoul-2/red/{uuid.UUID(int=7)}/withdraw", data={"once": once()})
        assert (refused.status_code, without_tokens(refused.data)) == (404, without_tokens(nothing.data))
    as_(client, stored, here.organiser)
    assert client.post(address, data={"once": once()}).status_code == 403
    assert state(stored, ident) is ItemState.SHARED


def test_whose_agency_gave_it_not_and_what_is_not_red_is_not_in_a_heads_hand(session: Session) -> None:
    """On both databases: the head of one agency of a party does not take back what another one gave."""
    here = world(session)
    red = by_a_delegate(session, here, Tlp.RED)
    ours, theirs = make.agency(session, here.kh.party, "PNA"), make.agency(session, here.kh.party, "PNB")
    head = make.user(session, "Chea Vuth")
    make.membership(session, here.meeting, head, Role.HEAD, of_delegation=here.kh, of_agency=ours)
    viewer = queries.viewer_of(session, head, NOW)
    for agency, seen in ((None, True), (ours, True), (theirs, False)):
        red.item.agency_id = None if agency is None else agency.id
        session.flush()
        found = heading.red_of_party(session, viewer, here.meeting, NOW)
        assert [one.reference for one in found] == (["KH-L1"] if seen else [])
    red.item.agency_id, red.item.marking.tlp = None, Tlp.AMBER
    session.flush()
    assert heading.red_of_party(session, viewer, here.meeting, NOW) == ()
