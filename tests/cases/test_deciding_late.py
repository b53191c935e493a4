"""Whoever decides on a page that is out of date is told how it stands, never more than that person may see."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import matching, naming
from confmgr.cases import services as cases
from confmgr.cases.domain import IdentifierKind, NominationState
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Lead, Nomination
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import Handling, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item
from tests import make_cases
from tests.make_cases import seen, send, without_tokens
from tests.make_consents import colleague, japan
from tests.make_scheduling import NOW, World, as_, once

LATE = "Nothing was saved of what you chose; this is how it stands."
ALREADY = "This had been done already. Nothing was done twice."


@pytest.fixture
def other(stored: Session, here: World) -> User:
    """The second head of Cambodia."""
    person = colleague(stored, here, here.kh, "Chea Vuth", Role.HEAD)
    stored.commit()
    return person


def disclosures(session: Session, item: Item) -> int:
    session.rollback()
    return session.scalar(select(func.count(Disclosure.id)).where(Disclosure.item_id == item.id)) or 0


def test_a_marking_made_meanwhile_is_said_on_the_page_and_nothing_is_changed(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    page = f"/leads/{lead.item.uuid}/marking"
    as_(client, stored, other)
    looked = seen(client, page)
    services.change_marking(
        stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H2], named_readers=[]
    )
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    stored.commit()
    late = client.post(page, data={"once": once(), "seen": looked, "tlp": "AMBER", "second": ""})
    assert late.status_code == 409
    for words in (LATE, "State: <bdi>Shared", "TLP:AMBER", "TLP:GREEN", f'href="/leads/{lead.item.uuid}"'):
        assert words in late.text
    stored.expire_all()
    assert lead.item.marking.handling == ["H2"]


def test_who_may_not_read_it_any_more_finds_nothing_rather_than_how_it_stands(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    second = colleague(stored, here, here.kh, "Chan Thida")
    page = f"/leads/{lead.item.uuid}/marking"
    as_(client, stored, other)
    looked = seen(client, page)
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, named_readers=[second])
    stored.commit()
    data = {"once": once(), "seen": looked, "tlp": "AMBER", "second": ""}
    gone, nothing = client.post(page, data=data), client.post(f"/leads/{uuid.UUID(int=7)}/marking", data=data)
    assert (gone.status_code, without_tokens(gone.data)) == (404, without_tokens(nothing.data))


@pytest.mark.parametrize("page", ["marking", "share", "matching"])
def test_what_no_page_of_ours_can_have_sent_decides_nothing(
    client: FlaskClient, stored: Session, here: World, lead: Lead, page: str
) -> None:
    as_(client, stored, here.head_kh)
    data = {"once": once(), "tlp": "GREEN", "second": "", "to": ["TH"]}
    assert client.post(f"/leads/{lead.item.uuid}/{page}", data=data).status_code == 409
    assert client.post(f"/leads/{lead.item.uuid}/withdraw", data=data).status_code == 409
    stored.expire_all()
    assert (lead.item.state, lead.item.marking.tlp) == (ItemState.SHARED, Tlp.AMBER)


def test_a_comment_and_a_new_text_let_an_open_page_decide(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}"
    as_(client, stored, other)
    looked = seen(client, f"{address}/marking")
    cases.comment(stored, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text="We know it")
    lead.item.purpose = "For the raid"
    stored.commit()
    done = client.post(f"{address}/marking", data={"once": once(), "seen": looked, "tlp": "GREEN", "second": ""})
    assert done.status_code == 302


def test_readers_named_meanwhile_are_said_and_nobody_is_named_twice(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    jp, _head = japan(stored, here)
    page = f"/leads/{lead.item.uuid}/share"
    as_(client, stored, other)
    looked = seen(client, page)
    services.disclose(stored, lead.item, actor=here.head_kh, now=NOW, to_delegation=jp)
    stored.commit()
    late = client.post(page, data={"once": once(), "seen": looked, "to": ["JP"]})
    assert late.status_code == 409
    assert "Who may read it: <bdi>JP, TH" in late.text
    assert disclosures(stored, lead.item) == 2


def test_the_own_form_sent_twice_is_no_decision_of_somebody_else(
    client: FlaskClient, stored: Session, here: World
) -> None:
    row = make_cases.lead(stored, here, make_cases.case(stored, here))
    page = f"/leads/{row.item.uuid}/share"
    as_(client, stored, here.head_kh)
    data = {"once": once(), "seen": seen(client, page), "to": ["TH"]}
    assert client.post(page, data=data).status_code == 302
    again = client.post(page, data=data, follow_redirects=True)
    assert "This form had already been sent. Nothing was done twice." in again.text
    assert disclosures(stored, row.item) == 1


def test_a_reader_struck_off_already_is_struck_off_once(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    button = f"/leads/{lead.item.uuid}/readers/{lead.item.disclosures[0].id}/revoke"
    as_(client, stored, here.head_kh)
    assert ALREADY not in client.post(button, follow_redirects=True).text
    as_(client, stored, other)
    assert ALREADY in client.post(button, follow_redirects=True).text
    services.disclose(stored, lead.item, actor=here.head_kh, now=NOW, to_delegation=here.th)
    stored.commit()
    anew = client.post(button)
    assert anew.status_code == 409
    assert "Who may read it: <bdi>TH" in anew.text


def test_a_draft_shared_meanwhile_is_not_withdrawn_and_what_is_withdrawn_is_withdrawn_once(
    client: FlaskClient, stored: Session, here: World, other: User
) -> None:
    row = make_cases.lead(stored, here, make_cases.case(stored, here), tlp=Tlp.GREEN)
    address = f"/leads/{row.item.uuid}"
    as_(client, stored, other)
    looked = seen(client, f"{address}/keep")
    services.share_item(stored, row.item, actor=here.head_kh, now=NOW)
    stored.commit()
    late = client.post(f"{address}/withdraw", data={"seen": looked})
    assert late.status_code == 409
    assert "State: <bdi>Shared" in late.text
    looked = seen(client, f"{address}/keep")
    done = [client.post(f"{address}/withdraw", data={"seen": looked}, follow_redirects=True).text for _ in range(2)]
    assert [ALREADY in page for page in done] == [False, True]


def test_a_draft_case_is_nominated_once_and_not_under_a_marking_unseen(
    client: FlaskClient, stored: Session, here: World
) -> None:
    row = make_cases.case(stored, here, state=ItemState.DRAFT)
    address = f"/cases/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    looked = seen(client, address)
    services.change_marking(stored, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    stored.commit()
    late = client.post(f"{address}/nominate", data={"seen": looked})
    assert late.status_code == 409
    assert "State: <bdi>Draft" in late.text
    looked = seen(client, address)
    done = [client.post(f"{address}/nominate", data={"seen": looked}, follow_redirects=True).text for _ in range(2)]
    assert [ALREADY in page for page in done] == [False, True]


def test_values_that_are_compared_by_now_are_said(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    values = [Named(IdentifierKind.PHONE, "+855 12 345 678"), Named(IdentifierKind.EMAIL, "boss@example.org")]
    naming.name_values(stored, lead.item, values, actor=here.head_kh, now=NOW)
    phone, mail = naming.identifiers_of(stored, lead.item)
    page = f"/leads/{lead.item.uuid}/matching"
    as_(client, stored, other)
    looked = seen(client, page)
    matching.put_to_matching(stored, lead.item, [phone], actor=here.head_kh, now=NOW)
    stored.commit()
    late = client.post(page, data={"once": once(), "seen": looked, "put": [str(mail.id)]})
    assert late.status_code == 409
    assert "Telephone number: <bdi>+855 12 345 678</bdi>" in late.text
    assert "boss@example.org" not in late.text
    assert send(client, page, put=[str(mail.id)]).status_code == 302


def test_of_two_organisers_the_second_is_told_what_the_first_decided(
    client: FlaskClient, stored: Session, here: World
) -> None:
    of = make_cases.case(stored, here)
    page = f"/meetings/seoul-2/cases/{of.item.uuid}/decide"
    as_(client, stored, here.organiser)
    no = {"once": once(), "version": "1", "state": "not_taken", "reason": "No partner takes part"}
    assert client.post(page, data=no).status_code == 302
    late = client.post(page, data={"once": once(2), "version": "1", "state": "selected", "reason": ""})
    assert late.status_code == 409
    for words in (LATE, "State: <bdi>Not taken", "Reason: <bdi>No partner takes part", f'href="/cases/{of.item.uuid}"'):
        assert words in late.text
    assert "A fraud case" not in late.text
    back = client.post(f"{page}/back", data={"version": "1"})
    assert (back.status_code, LATE in back.text) == (409, True)
    stored.expire_all()
    assert stored.scalars(select(Nomination)).one().state is NominationState.NOT_TAKEN


def test_a_marking_confirmed_already_is_confirmed_once(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}"
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    as_(client, stored, other)
    data = {"seen": seen(client, address)}
    done = [client.post(f"{address}/marking/confirm", data=data, follow_redirects=True).text for _ in range(2)]
    assert [ALREADY in page for page in done] == [False, True]


def test_what_waits_instead_is_said_to_a_second_person_who_confirms_something_else(
    client: FlaskClient, stored: Session, here: World, other: User, lead: Lead
) -> None:
    address = f"/leads/{lead.item.uuid}"
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    as_(client, stored, other)
    looked = seen(client, address)
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.CLEAR)
    stored.commit()
    late = client.post(f"{address}/marking/confirm", data={"seen": looked})
    assert late.status_code == 409
    assert "TLP:CLEAR" in late.text
    stored.expire_all()
    assert lead.item.marking.tlp is Tlp.AMBER
