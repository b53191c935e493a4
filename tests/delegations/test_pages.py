"""Delegations in the browser: who sees which names, agencies and nominations, working times of interpreters."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.delegations.domain import PrintedAs, initials, is_telephone
from confmgr.delegations.models import Delegate
from tests import make
from tests.make_scheduling import as_, once, world


@pytest.mark.parametrize(("name", "letters"), [("Sok Dara", "S. D."), ("van  Dijk", "V. D."), ("Chea", "C.")])
def test_initials_are_the_first_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("printed", "there", "absent"),
    [(PrintedAs.INITIALS, "S. D.", "Sok Dara"), (PrintedAs.NOT_LISTED, "No names yet", "Sok Dara")],
)
def test_others_see_a_delegate_as_the_delegate_wants_to_be_listed(
    client: FlaskClient, stored: Session, printed: PrintedAs, there: str, absent: str
) -> None:
    here = world(stored)
    here.delegate_kh.printed_as = printed
    address = f"/meetings/seoul-2/delegations/{here.kh.uuid}"
    as_(client, stored, here.head_th)
    page = client.get(address).text
    assert there in page
    assert absent not in page
    assert absent not in client.get("/meetings/seoul-2/delegations").text
    as_(client, stored, here.organiser)
    assert absent in client.get(address).text


def test_taking_a_person_out_is_asked_about_and_says_that_a_cancellation_leaves(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    at = f"/meetings/seoul-2/delegations/{here.kh.uuid}/people/{here.delegate_kh.uuid}"
    as_(client, stored, here.organiser)
    page = client.get(at).text
    told = "What the person was invited to is cancelled by mail within a minute."
    assert page.index("<summary>Has left the delegation</summary>") < page.index(told)
    assert page.index(told) < page.index("Take out of the delegation")
    assert told in client.post(f"{at}/delete", data={"once": once()}, follow_redirects=True).text


def test_the_page_of_a_delegate_takes_agency_and_nomination(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    agency = make.agency(stored, here.kh.party, "GCNP")
    as_(client, stored, here.organiser)
    address = f"/meetings/seoul-2/delegations/{here.kh.uuid}/people/{here.delegate_kh.uuid}"
    data = {
        "version": "1",
        "name": "Sok Dara",
        "language": "km",
        "zone": "Asia/Phnom_Penh",
        "capacity": "head_of_delegation",
        "printed_as": "name",
        "agency": str(agency.id),
        "nominated_by": "General Commissariat",
        "nominated_on": "2026-01-10",
        "once": once(),
    }
    assert client.post(address, data=data).status_code == 302
    stored.expire_all()
    row = stored.get_one(Delegate, here.delegate_kh.id)
    assert (row.agency_id, row.nominated_by, str(row.nominated_on)) == (
        agency.id,
        "General Commissariat",
        "2026-01-10",
    )
    assert 'value="General Commissariat"' in client.get(address).text


def test_working_times_of_an_interpreter_are_added_and_removed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = make.interpreter(stored, here.meeting)
    as_(client, stored, here.organiser)
    address = f"/meetings/seoul-2/interpreters/{row.uuid}"
    times = {"starts": "2026-02-05T09:00", "ends": "2026-02-05T12:00", "once": once()}
    assert client.post(f"{address}/hours", data=times).status_code == 302
    assert "09:00–12:00" in client.get(address).text
    reversed_ = {"starts": "2026-02-05T12:00", "ends": "2026-02-05T09:00", "once": once(2)}
    answer = client.post(f"{address}/hours", data=reversed_)
    assert (answer.status_code, "The end is not after the start." in answer.text) == (422, True)
    assert client.post(f"{address}/hours/clear", data={"once": once(3)}).status_code == 302
    assert "Whenever the meeting is." in client.get(address).text


def test_language_and_zone_of_an_interpreter_can_be_changed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = make.interpreter(stored, here.meeting)
    as_(client, stored, here.organiser)
    data = {
        "version": "1",
        "name": "Chea Vanna",
        "first": "ko",
        "second": "zh-Hans",
        "modes": ["whispered"],
        "language": "ko",
        "zone": "Asia/Shanghai",
        "once": once(),
    }
    address = f"/meetings/seoul-2/interpreters/{row.uuid}"
    assert client.post(address, data=data).status_code == 302
    stored.expire_all()
    assert (row.language, row.zone, row.pairs) == ("ko", "Asia/Shanghai", ["ko-zh-Hans"])
    page = client.get(address).text
    assert '<option selected value="zh-Hans">' in page


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("+82 2 3150-0112", True),
        ("010-1234-5678", True),
        ("112", False),
        ("M12345678", False),
        ("+82 (2) 3150", False),
        ("+82  2 3150", False),
        ("١٢٣٤٥٦", False),
        ("1" * 32, False),
        ("12345\n", False),
    ],
)
def test_a_telephone_number_is_digits_with_spaces_and_dashes(number: str, is_one: bool) -> None:
    assert is_telephone(number) is is_one


def test_the_telephone_of_a_delegate_is_for_organisers_and_the_own_delegation(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    stored.commit()
    page = f"/meetings/seoul-2/delegations/{here.kh.uuid}"
    edit = f"{page}/people/{here.delegate_kh.uuid}"
    form = {
        "name": "Sok Dara",
        "language": "en",
        "zone": "Asia/Phnom_Penh",
        "capacity": "head_of_delegation",
        "printed_as": "name",
        "agency": "0",
        "version": "1",
    }
    as_(client, stored, here.organiser)
    refused = client.post(edit, data={**form, "phone": "ask Dara", "once": "1"})
    assert refused.status_code == 422
    assert "Write the telephone number with digits, spaces and dashes" in refused.text
    assert client.post(edit, data={**form, "phone": "+855 23 555-0101", "once": "2"}).status_code == 302
    assert "+855 23 555-0101" in client.get(page).text
    assert "+855 23 555-0101" in as_(client, stored, here.head_kh).get(page).text
    assert "555-0101" not in as_(client, stored, here.head_th).get(page).text
