"""A button that cannot be taken back, pressed twice: the second time it says so, and shows the way on."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases import services as cases
from confmgr.cases.models import Lead
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import ConsentKind, Tlp
from confmgr.sharing.models import Item
from tests import make_cases
from tests.make_consents import asked, colleague, japan
from tests.make_scheduling import NOW, World, as_, once, world

ALREADY = "This had been done already. Nothing was done twice."
LIST = "/meetings/seoul-2/cases"


@pytest.fixture
def here(stored: Session) -> World:
    return world(stored)


@pytest.fixture
def lead(stored: Session, here: World) -> Lead:
    row = make_cases.shared_lead(stored, here, make_cases.case(stored, here))
    stored.commit()
    return row


def purges(stored: Session) -> int:
    return len(stored.scalars(select(AuditEntry.id).where(AuditEntry.action == "purge")).all())


def test_a_purge_pressed_again_says_that_it_was_done_and_leads_to_the_list(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    head = colleague(stored, here, here.kh, "Chea Vuth", Role.HEAD)
    for row in (lead.item, lead.case.item):
        address = f"/{row.kind.value}s/{row.uuid}/purge"
        stored.commit()
        as_(client, stored, here.head_kh)
        assert ALREADY not in client.post(address, follow_redirects=True).text
        before = purges(stored)
        stored.commit()
        for person in (here.head_kh, head):
            as_(client, stored, person)
            again = client.post(address, follow_redirects=True)
            assert (again.status_code, again.request.path) == (200, LIST)
            assert ALREADY in again.text
        assert purges(stored) == before
        stored.commit()


def test_to_everybody_else_what_was_purged_is_as_what_never_was(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    _jp, head_jp = japan(stored, here)
    people = (here.head_th, here.organiser, colleague(stored, here, here.kh, "Keo Rith"), head_jp)
    address = f"/leads/{lead.item.uuid}/purge"
    stored.commit()
    as_(client, stored, here.head_kh)
    client.post(address, follow_redirects=True)
    for person in people:
        as_(client, stored, person)
        gone, never = client.post(address), client.post(f"/leads/{uuid.UUID(int=7)}/purge")
        assert gone.status_code == 404
        assert make_cases.without_tokens(gone.data) == make_cases.without_tokens(never.data)


def test_of_a_red_purge_the_head_learns_nothing(client: FlaskClient, stored: Session, here: World) -> None:
    author = colleague(stored, here, here.kh, "Keo Rith")
    row = make_cases.lead(
        stored,
        here,
        make_cases.case(stored, here),
        actor=author,
        tlp=Tlp.RED,
        named_readers=[colleague(stored, here, here.kh, "Chan Thida")],
    ).item
    address = f"/leads/{row.uuid}/purge"
    stored.commit()
    as_(client, stored, author)
    assert client.post(address).status_code == 302
    as_(client, stored, here.head_kh)
    assert client.post(address).status_code == 404


def test_a_comment_and_a_question_taken_back_again_were_taken_back_already(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    comment = cases.comment(stored, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text="Known").item
    row = asked(stored, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    stored.commit()
    as_(client, stored, here.head_th)
    for address in (f"/comments/{comment.uuid}/withdraw", f"/consents/{row.uuid}/withdraw"):
        data = {"version": 1, "once": once()}
        assert ALREADY not in client.post(address, data=data, follow_redirects=True).text
        again = client.post(address, data=data, follow_redirects=True)
        assert again.status_code == 200
        assert ALREADY in again.text
    assert stored.scalars(select(Item.withdrawn_at).where(Item.id == comment.id)).one() is not None
