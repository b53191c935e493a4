"""A lead that somebody has not opened yet is marked as new in each list, for that reader alone."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Counter
from tests.make_cases import case, shared_lead
from tests.make_scheduling import as_, world

NEW = re.compile(r'<span class="chip[^>]*>New</span>')


def news(client: FlaskClient, address: str) -> int:
    page = client.get(address).text
    return len(NEW.findall(page[page.index("<main") :]))


@pytest.mark.parametrize("lists", ["/meetings/seoul-2/leads", "/meetings/seoul-2/exchange", "case"])
def test_a_lead_is_new_until_its_page_was_opened(client: FlaskClient, stored: Session, lists: str) -> None:
    here = world(stored)
    of = case(stored, here, disclose_to=[here.th])
    lead = shared_lead(stored, here, of)
    stored.commit()
    address = f"/cases/{of.item.uuid}" if lists == "case" else lists
    as_(client, stored, here.head_kh)
    assert news(client, address) == 0
    as_(client, stored, here.head_th)
    assert [news(client, address), news(client, address)] == [1, 1]
    assert client.get(f"/leads/{lead.item.uuid}").status_code == 200
    assert news(client, address) == 0


def test_to_the_secretariat_which_sees_envelopes_nothing_is_new(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    shared_lead(stored, here, case(stored, here))
    stored.commit()
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2/leads").text
    assert "KH-L1" in page
    assert NEW.search(page) is None


def test_many_new_leads_cost_as_many_statements_as_two(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    of = case(stored, here)
    counts = []
    for number in range(1, 13):
        shared_lead(stored, here, of, f"KH-L{number}")
        if number in {2, 12}:
            stored.commit()
            as_(client, stored, here.head_th)
            statements.statements.clear()
            assert news(client, "/meetings/seoul-2/leads") == number
            counts.append(statements.count)
    assert counts[0] == counts[1]
