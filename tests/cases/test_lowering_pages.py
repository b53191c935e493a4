"""How RED is lowered in the browser: the author asks, the page of the second person has the button."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from tests import make, make_cases
from tests.make_cases import confirmed_marking, shown
from tests.make_scheduling import NOW, World, as_, once, world

WAITS = "Waits for a second person of its owner"
CONFIRM = "Confirm as second person"


def red(session: Session, here: World, kind: str) -> tuple[Item, User, str]:
    """A RED case or lead of Cambodia, its second person, and its address."""
    second = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    case = make_cases.case(session, here, tlp=Tlp.RED, named_readers=[second])
    if kind == "cases":
        return case.item, second, f"/cases/{case.item.uuid}"
    lead = make_cases.lead(session, here, case, tlp=Tlp.RED, named_readers=[second])
    services.share_item(session, lead.item, actor=here.head_kh, now=NOW)
    return lead.item, second, f"/leads/{lead.item.uuid}"


def ask(client: FlaskClient, address: str) -> str:
    """The page after the author asked to mark it GREEN."""
    data = {"tlp": "GREEN", "second": "", "reason": "It is in the news"}
    return make_cases.send(client, f"{address}/marking", follow=True, **data).text


@pytest.mark.parametrize("kind", ["cases", "leads"])
def test_two_persons_lower_what_is_red(client: FlaskClient, stored: Session, kind: str) -> None:
    here = world(stored)
    item, second, address = red(stored, here, kind)
    as_(client, stored, here.head_kh)
    asked = "A second person of your party has to agree before it takes effect."
    assert client.get(f"{address}/marking").text.count(asked) == 4  # each marking but RED is lower
    page = ask(client, address)
    assert WAITS in page
    assert CONFIRM not in page
    as_(client, stored, second)
    page = client.get(address).text
    for text in (WAITS, "TLP:GREEN", "It is in the news", CONFIRM):
        assert text in page
    confirmed_marking(client, stored, second, address)
    page = client.get(address).text
    assert WAITS not in page
    assert "The marking has changed. Whoever could read it still can." in page
    stored.refresh(item)
    assert item.marking.tlp is Tlp.GREEN


@pytest.mark.parametrize("kind", ["cases", "leads"])
def test_nobody_but_the_second_person_confirms(client: FlaskClient, stored: Session, kind: str) -> None:
    here = world(stored)
    item, second, address = red(stored, here, kind)
    other = make.user(stored, "Keo Rith")
    make.membership(stored, here.meeting, other, Role.DELEGATE, of_delegation=here.kh)
    as_(client, stored, here.head_kh)
    ask(client, address)
    for person, answer in (
        (here.head_kh, 403),
        (other, 404),
        (here.head_th, 404),
        (here.organiser, 404),
        (second, 409),
    ):
        as_(client, stored, person)
        assert client.post(f"{address}/marking/confirm", data={"seen": "GREEN"}).status_code == answer
    stored.refresh(item)
    assert item.marking.tlp is Tlp.RED


def test_whom_a_red_lead_was_told_by_name_is_not_shown_what_waits(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    item, _second, address = red(stored, here, "leads")
    services.disclose(stored, item, actor=here.head_kh, now=NOW, to_user=here.head_th)
    as_(client, stored, here.head_th)
    before = make_cases.without_tokens(client.get(address).data)
    as_(client, stored, here.head_kh)
    ask(client, address)
    as_(client, stored, here.head_th)
    assert make_cases.without_tokens(client.get(address).data) == before
    assert client.post(f"{address}/marking/confirm", data={"seen": "GREEN"}).status_code == 403


@pytest.mark.parametrize("kind", ["cases", "leads"])
def test_the_home_page_tells_the_second_person_alone_that_a_lower_marking_waits(
    client: FlaskClient, stored: Session, kind: str
) -> None:
    here = world(stored)
    _item, second, address = red(stored, here, kind)
    other = make.user(stored, "Keo Rith")
    make.membership(stored, here.meeting, other, Role.DELEGATE, of_delegation=here.kh)
    as_(client, stored, here.head_kh)
    ask(client, address)
    for person, told in ((here.head_kh, False), (other, False), (here.head_th, False), (second, True)):
        as_(client, stored, person)
        page = client.get("/meetings/seoul-2").text
        assert (f'href="{address}"' in page, CONFIRM in page) == (told, told)
    confirmed_marking(client, stored, second, address)
    assert CONFIRM not in shown(client, "/meetings/seoul-2")


def waits_on(client: FlaskClient, address: str) -> str:
    """What a page says waits there, as its buttons carry it."""
    found = re.search(r'name="seen" value="([^"]+)"', client.get(address).text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("kind", ["cases", "leads"])
def test_who_proposed_it_takes_the_proposal_back_on_its_page(client: FlaskClient, stored: Session, kind: str) -> None:
    here = world(stored)
    item, second, address = red(stored, here, kind)
    as_(client, stored, here.head_kh)
    assert "Take back the proposal" in ask(client, address)
    data = {"seen": waits_on(client, address)}
    page = client.post(f"{address}/marking/take-back", data=data, follow_redirects=True).text
    assert "The proposal is taken back. The marking stays as it is." in page
    assert WAITS not in page
    page = client.post(f"{address}/marking/take-back", data=data, follow_redirects=True).text
    assert "This had been done already. Nothing was done twice." in page
    as_(client, stored, second)
    assert "has taken back the proposal to lower it to" in client.get(address).text
    late = client.post(f"{address}/marking/confirm", data=data)
    assert late.status_code == 409
    assert "has taken back the proposal to lower it to" in late.text
    assert CONFIRM not in shown(client, "/meetings/seoul-2")
    stored.refresh(item)
    assert item.marking.tlp is Tlp.RED


@pytest.mark.parametrize("kind", ["cases", "leads"])
def test_who_is_asked_disagrees_and_says_why(client: FlaskClient, stored: Session, kind: str) -> None:
    here = world(stored)
    item, second, address = red(stored, here, kind)
    as_(client, stored, here.head_kh)
    ask(client, address)
    taken_back = {"seen": waits_on(client, address)}
    assert f"{address}/marking/disagree" not in shown(client, address)
    assert client.get(f"{address}/marking/disagree").status_code == 403
    as_(client, stored, second)
    assert f"{address}/marking/disagree" in client.get(address).text
    page = f"{address}/marking/disagree"
    assert "It is in the news" in client.get(page).text
    stale = client.post(page, data={"once": once(), "seen": "GREEN", "reason": ""})
    assert stale.status_code == 409
    send = {"seen": make_cases.seen(client, page), "reason": "The source would be known"}
    assert "The marking stays as it is." in client.post(page, data={"once": once(), **send}, follow_redirects=True).text
    again = client.post(page, data={"once": once(2), **send}, follow_redirects=True).text
    assert "This had been done already. Nothing was done twice." in again
    as_(client, stored, here.head_kh)
    told = client.get(address).text
    for text in ("Chan Thida", "does not agree to lower it to", "The source would be known"):
        assert text in told
    late = client.post(f"{address}/marking/take-back", data=taken_back)
    assert late.status_code == 409
    assert "does not agree to lower it to" in late.text
    stored.refresh(item)
    assert item.marking.tlp is Tlp.RED


def test_what_became_of_a_proposal_is_shown_to_no_reader_of_another_party(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    item, second, address = red(stored, here, "leads")
    services.disclose(stored, item, actor=here.head_kh, now=NOW, to_user=here.head_th)
    as_(client, stored, here.head_th)
    before = make_cases.without_tokens(client.get(address).data)
    as_(client, stored, here.head_kh)
    ask(client, address)
    as_(client, stored, second)
    page = f"{address}/marking/disagree"
    make_cases.send(client, page, reason="The source would be known", follow=True)
    as_(client, stored, here.head_th)
    assert make_cases.without_tokens(client.get(address).data) == before
    assert client.post(page, data={"once": once(), "seen": "GREEN"}).status_code == 403
