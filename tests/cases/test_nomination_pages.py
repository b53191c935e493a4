"""A case goes its way through two meetings on the pages: selected, discussed, concluded, and each decision taken back."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases.domain import NominationState
from confmgr.cases.models import Nomination
from confmgr.outcomes.models import Figure
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests.make_cases import case, shared_lead, shown
from tests.make_consents import colleague
from tests.make_scheduling import as_, once, world


def test_each_decision_is_made_and_taken_back_on_the_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    page, base = f"/cases/{of.item.uuid}", f"/meetings/seoul-2/cases/{of.item.uuid}/decide"
    as_(client, stored, here.organiser)
    assert client.post(f"{base}/back", data={"version": "1"}).status_code == 422
    way = ["selected", "discussed", "concluded"]
    for number, state in enumerate(way):
        answer = client.post(base, data={"once": once(number), "version": number + 1, "state": state, "reason": ""})
        assert answer.location == page
    for state in ("discussed", "selected", "nominated"):
        row = stored.scalars(select(Nomination)).one()
        seen = row.version
        stored.commit()
        assert "Take the decision back" in client.get(page).text
        assert client.post(f"{base}/back", data={"version": str(seen)}).status_code == 302
        assert client.post(f"{base}/back", data={"version": str(seen)}).status_code == 409
        stored.expire_all()
        assert stored.scalars(select(Nomination)).one().state is NominationState(state)
        stored.commit()
    assert "Take the decision back" not in shown(client, page)


def test_after_a_decision_come_the_cases_that_still_wait_for_one(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    addresses = [f"/meetings/seoul-2/cases/{case(stored, here, name).item.uuid}/decide" for name in ("C-1", "C-2")]
    as_(client, stored, here.organiser)
    first, second = (
        client.post(address, data={"once": once(number), "version": "1", "state": "selected", "reason": ""}).location
        for number, address in enumerate(addresses)
    )
    assert first == "/meetings/seoul-2/cases?state=nominated"
    assert second == addresses[1].removesuffix("/decide").replace("/meetings/seoul-2", "")
    assert "KH/C-2: Pre-selected" in client.get(second).text


def test_a_reason_goes_with_the_decision_that_is_taken_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    base = f"/meetings/seoul-2/cases/{of.item.uuid}/decide"
    as_(client, stored, here.organiser)
    client.post(base, data={"once": once(), "version": "1", "state": "not_taken", "reason": "No partner takes part"})
    assert client.post(f"{base}/back", data={"version": "2"}).status_code == 302
    row = stored.scalars(select(Nomination)).one()
    assert (row.state, row.reason) == (NominationState.NOMINATED, None)


def test_the_audit_says_of_which_case_a_decision_was(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    base = f"/meetings/seoul-2/cases/{of.item.uuid}/decide"
    as_(client, stored, here.organiser)
    client.post(base, data={"once": once(), "version": "1", "state": "not_taken", "reason": "No partner takes part"})
    client.post(f"{base}/back", data={"version": "2"})
    rows = stored.scalars(select(AuditEntry).where(AuditEntry.object_type == "nomination").order_by(AuditEntry.id))
    assert [(row.action, row.object_uuid) for row in rows] == [
        ("case_not_taken", of.item.uuid),
        ("case_decision_back", of.item.uuid),
    ]
    stored.commit()
    as_(client, stored, here.head_kh)
    assert client.post(f"{base}/back", data={"version": "3"}).status_code == 403


def test_victims_and_losses_of_a_case_are_figures_chosen_from_its_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    link = f"/operations/breaking-chains/figures/new?case={of.item.uuid}"
    assert link in client.get(f"/cases/{of.item.uuid}").text
    page = client.get(link).text
    assert [tag for tag in re.findall(r"<option[^>]*>", page) if str(of.item.uuid) in tag and "selected" in tag]
    assert '<option selected value="same_period">' in page
    assert "Enter either a period or a date." in page
    assert stored.scalars(select(Figure)).all() == []


def test_beside_the_fields_it_says_what_the_secretariat_may_know(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.get("/meetings/seoul-2/cases/new").text
    known = page[page.index("What the secretariat may know") :]
    for field in ("neutral_title", "crime_types", "readiness", "priority", "minutes", "languages"):
        assert f'id="{field}"' in known or f'name="{field}' in known
    assert 'name="summary-en"' not in known


def test_what_waits_for_a_decision_is_first_in_the_secretariats_list(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first, last = (case(stored, here, name) for name in ("C-1", "C-2"))
    as_(client, stored, here.organiser)
    decided = {"once": once(), "version": "1", "state": "selected", "reason": ""}
    client.post(f"/meetings/seoul-2/cases/{first.item.uuid}/decide", data=decided)
    page = client.get("/meetings/seoul-2/cases").text
    assert page.index(f'href="/cases/{last.item.uuid}"') < page.index(f'href="/cases/{first.item.uuid}"')
    as_(client, stored, here.head_kh)
    page = client.get("/meetings/seoul-2/cases").text
    assert page.index(f'href="/cases/{first.item.uuid}"') < page.index(f'href="/cases/{last.item.uuid}"')


def test_who_nominated_a_case_reads_on_its_page_what_the_secretariat_reads_of_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"/cases/{of.item.uuid}").text
    assert "Neutral title" in page
    assert "A fraud case" in page


def test_a_party_that_is_called_by_its_code_is_offered_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.th.party.short_name = Words.of("TH")
    stored.commit()
    as_(client, stored, here.head_kh)
    assert "TH · TH" not in client.get("/meetings/seoul-2/cases/new").text


def test_a_list_says_once_that_titles_are_not_shown_and_has_no_column_for_none(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    untitled = [case(stored, here, name, neutral_title=None) for name in ("C-1", "C-2")]
    for name in ("L-1", "L-2"):
        shared_lead(stored, here, untitled[0], name)
    said = "Where no title stands, the text is not shown to you."
    as_(client, stored, here.organiser)
    for path, column in (("cases", "Case"), ("leads", "Title")):
        page = client.get(f"/meetings/seoul-2/{path}").text
        assert page.count(said) == 1
        assert f'<th scope="col">{column}</th>' not in page
    second = colleague(stored, here, here.kh, "Chan Thida")
    case(stored, here, "C-4", tlp=Tlp.RED, named_readers=[second])  # of RED there is a date in the place of a title
    stored.commit()
    page = client.get("/meetings/seoul-2/cases").text
    assert '<th scope="col">Date</th>' in page
    assert '<th scope="col">Case</th>' not in page
    case(stored, here, "C-3")
    stored.commit()
    page = client.get("/meetings/seoul-2/cases").text
    assert page.count(said) == 1
    assert '<th scope="col">Case</th>' in page
    as_(client, stored, here.head_kh)
    assert said not in client.get("/meetings/seoul-2/cases").text


def test_a_page_offers_to_decide_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.organiser)
    link = f'href="/meetings/seoul-2/cases/{of.item.uuid}/decide"'
    assert client.get(f"/cases/{of.item.uuid}").text.count(link) == 1
    client.post(
        f"/meetings/seoul-2/cases/{of.item.uuid}/decide",
        data={"once": once(), "version": "1", "state": "selected", "reason": ""},
    )
    assert client.get(f"/cases/{of.item.uuid}").text.count(link) == 1


def test_a_case_without_leads_counts_none_and_leads_to_groups_where_groups_stand(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"/cases/{of.item.uuid}").text
    assert "0 that you may know of" not in page
    aside = page[page.index("No group is named.") :]
    assert aside.index("Groups and moves") < aside.index("</section>")
