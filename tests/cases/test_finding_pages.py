"""The pages of the list of leads and of the search."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases import naming
from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import Named
from confmgr.meetings.domain import Role
from confmgr.values.words import Words
from tests import make, make_cases
from tests.make_scheduling import NOW, World, as_, world

SEARCH, LEADS = "/meetings/seoul-2/search", "/meetings/seoul-2/leads"


@pytest.fixture
def here(stored: Session) -> World:
    return world(stored)


def test_a_search_shows_where_the_word_stands_and_leads_to_the_lead(
    client: FlaskClient, stored: Session, here: World
) -> None:
    case = make_cases.case(stored, here, disclose_to=[here.th])
    body = Words.of({"en": "Long before. " * 30 + "The <b>Zanzibar</b> account.", "ko": "잔지바르 계좌"})
    row = make_cases.shared_lead(stored, here, case, body=body)
    page = as_(client, stored, here.head_th).get(f"{SEARCH}?q=zanzibar").text
    assert f"/leads/{row.item.uuid}" in page
    assert "The &lt;b&gt;Zanzibar&lt;/b&gt; account." in page
    assert "TLP:AMBER" in page
    assert f"/cases/{case.item.uuid}" in client.get(f"{SEARCH}?q=phishing").text


@pytest.mark.parametrize("asked", ["%2B855 12 999888", "00855-12-999-888", "855 12999888", "+855+12+999+888"])
def test_a_number_is_found_however_it_is_parted(client: FlaskClient, stored: Session, here: World, asked: str) -> None:
    case = make_cases.case(stored, here, disclose_to=[here.th])
    named = make_cases.shared_lead(stored, here, case)
    said = make_cases.shared_lead(stored, here, case, "KH-L2", body=Words.of("He called from +855 12 999888."))
    other = make_cases.shared_lead(stored, here, case, "KH-L3")
    for row, value in ((named, "+855 (0)12 999-888"), (other, "+855 12 999 889")):
        naming.name_values(stored, row.item, [Named(IdentifierKind.PHONE, value)], actor=here.head_kh, now=NOW)
    page = as_(client, stored, here.head_th).get(f"{SEARCH}?q={asked}").text
    assert f"/leads/{named.item.uuid}" in page
    assert (f"/leads/{said.item.uuid}" in page) is (asked == "%2B855 12 999888")
    assert f"/leads/{other.item.uuid}" not in page


def test_to_others_a_hidden_lead_is_as_no_lead(client: FlaskClient, stored: Session, here: World) -> None:
    jp = make.user(stored, "Sato Aoi")
    make.membership(stored, here.meeting, jp, Role.HEAD, of_delegation=make.delegation(stored, here.meeting, "JP"))
    as_(client, stored, jp)
    addresses = (f"{SEARCH}?q=zanzibar", LEADS, f"{LEADS}?last=1", f"{LEADS}?party=KH")
    before = {address: make_cases.without_tokens(client.get(address).data) for address in addresses}
    case = make_cases.case(stored, here, disclose_to=[here.th], title=Words.of("Zanzibar"))
    row = make_cases.shared_lead(stored, here, case, title=Words.of("Zanzibar"))
    stored.commit()
    after = {address: make_cases.without_tokens(client.get(address).data) for address in addresses}
    assert before == after
    for beside in (row.item.uuid, "6a1f7cf1-0a4f-4b46-9d7a-0d4a5d3a3f00"):
        assert make_cases.without_tokens(client.get(f"{LEADS}?after={beside}").data) == before[LEADS]
    as_(client, stored, here.organiser)
    assert str(row.item.uuid) not in make_cases.shown(client, f"{SEARCH}?q=zanzibar")
    assert str(row.item.uuid) in client.get(LEADS).text


def test_leads_come_fifty_to_a_page_with_a_way_to_the_next_and_the_last(
    client: FlaskClient, stored: Session, here: World
) -> None:
    case = make_cases.case(stored, here)
    for number in range(101):
        make_cases.lead(stored, here, case, f"L-{number:03}")
    as_(client, stored, here.head_kh)
    first = client.get(LEADS).text
    assert shown(first) == [f"L-{number:03}" for number in range(100, 50, -1)]
    assert "Previous" not in first
    older = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&")).text
    assert shown(second) == [f"L-{number:03}" for number in range(50, 0, -1)]
    assert "First page" in second
    assert shown(client.get(f"{LEADS}?last=1").text)[-1] == "L-000"


def shown(page: str) -> list[str]:
    return re.findall(r"KH/(L-\d{3})", page)


@pytest.mark.parametrize("asked", ["tlp=PURPLE", "state=purged", "kind=figure", "party=XX"])
def test_a_filter_that_does_not_exist_is_not_found(
    client: FlaskClient, stored: Session, here: World, asked: str
) -> None:
    assert as_(client, stored, here.head_kh).get(f"{SEARCH}?q=a&{asked}").status_code == 404


@pytest.mark.parametrize("asked", ["", "q=", "q=%ED%A0%80", "q=%22", "after=x", "before=1&last=1", "q=" + "a" * 5000])
def test_odd_questions_are_answered(client: FlaskClient, stored: Session, here: World, asked: str) -> None:
    as_(client, stored, here.head_kh)
    assert client.get(f"{SEARCH}?{asked}").status_code == 200
    assert client.get(f"{LEADS}?{asked}").status_code == 200


def test_the_box_of_the_search_is_in_the_bar_for_those_who_read_cases(
    client: FlaskClient, stored: Session, here: World
) -> None:
    press = make.user(stored, "Press")
    make.membership(stored, here.meeting, press, Role.PRESS)
    assert f'action="{SEARCH}"' in as_(client, stored, here.head_kh).get("/meetings/seoul-2").text
    assert f'action="{SEARCH}"' not in as_(client, stored, press).get("/meetings/seoul-2").text
    assert client.get(f"{SEARCH}?q=a").status_code == 403
