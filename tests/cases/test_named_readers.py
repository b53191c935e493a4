"""Who names nobody is told that nobody else will read it, before and after; nothing is refused for it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.models import Case
from confmgr.sharing.domain import ItemState, Tlp
from tests.make_cases import case, shared_lead, shown
from tests.make_scheduling import as_, once, world

ALONE = "Nobody of another party can read this yet"
NEW = "/meetings/seoul-2/cases/new"


def nominated(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "reference": "KH-07",
        "title-en": "A boiler room in Bavet",
        "crime_types": ["voice_phishing"],
        "concerned": [],
        "readiness": "information_exchange",
        "priority": "2",
        "minutes": "",
        "tlp": "AMBER",
        "second": "",
    }
    return values | changes


@pytest.mark.parametrize("page", [NEW, "/meetings/seoul-2/leads/new", "lead"])
def test_each_form_that_marks_says_beside_the_ticks_whom_they_do_not_reach(
    client: FlaskClient, stored: Session, page: str
) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    text = client.get(f"/cases/{of.item.uuid}/leads/new" if page == "lead" else page).text
    assert "nobody else will read this until you name somebody" in text
    assert "This marking reaches no whole delegation, ticked or not." in text


@pytest.mark.parametrize("tlp", ["AMBER", "AMBER+STRICT"])
def test_a_case_that_names_nobody_is_nominated_and_its_page_says_that_nobody_reads_it(
    client: FlaskClient, stored: Session, tlp: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=nominated(tlp=tlp))
    assert answer.status_code == 302
    assert stored.scalars(select(Case)).one().item.state is ItemState.SHARED
    stored.commit()
    assert ALONE in client.get(answer.location).text


def test_what_somebody_may_read_does_not_say_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    named, all_read = case(stored, here, disclose_to=[here.th]), case(stored, here, "KH-02", tlp=Tlp.GREEN)
    lead = shared_lead(stored, here, named)
    stored.commit()
    as_(client, stored, here.head_kh)
    for address in (f"/cases/{named.item.uuid}", f"/cases/{all_read.item.uuid}", f"/leads/{lead.item.uuid}"):
        assert ALONE not in shown(client, address)


def test_a_lead_whose_last_reader_was_struck_off_says_so_to_its_party_alone(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    lead = shared_lead(stored, here, case(stored, here))
    number = lead.item.disclosures[0].id
    stored.commit()
    address = f"/leads/{lead.item.uuid}"
    as_(client, stored, here.head_kh)
    assert client.post(f"{address}/readers/{number}/revoke").status_code == 302
    assert ALONE in client.get(address).text
    as_(client, stored, here.organiser)
    assert ALONE not in shown(client, address)
