"""Attacks that name items, ids, rights and markings: each must fail."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import services as cases
from confmgr.cases.models import Comment, Lead
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ItemState, Tlp
from confmgr.sharing.models import ConsentRequest, Disclosure, Item
from tests import make, make_cases
from tests.make_consents import asked, colleague, japan
from tests.make_scheduling import NOW, World, as_, once

pytestmark = pytest.mark.usefixtures("soon_after")


def nowhere(client: FlaskClient, method: str, path: str, ident: uuid.UUID) -> None:
    """The same answer, byte for byte, as for an id that does not exist."""
    found = [client.open(path.format(one), method=method, data={"version": 1}) for one in (ident, uuid.uuid4())]
    assert [one.status_code for one in found] == [404, 404], path
    assert make_cases.without_tokens(found[0].data) == make_cases.without_tokens(found[1].data), path


def test_3_a_write_takes_its_item_from_the_address_alone(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    other = make_cases.lead(stored, here, lead.case, "KH-L2")
    stored.commit()
    as_(client, stored, here.head_th)
    data = {
        "once": once(),
        "kind": "judicial_use",
        "to": "",
        "tlp": "",
        "reason": "x",
        "uuid": str(other.item.uuid),
        "item_id": str(other.id),
        "asked_for_id": str(here.kh.id),
        "state": "granted",
        "decision": "granted",
    }
    assert client.post(f"/leads/{lead.item.uuid}/ask?uuid={other.item.uuid}", data=data).status_code == 302
    row = stored.scalars(select(ConsentRequest)).one()
    assert (row.item_id, row.asked_for_id, row.state.value, row.decision) == (lead.id, here.th.id, "open", None)


def test_4_who_may_read_but_does_not_own_changes_nothing(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    number = lead.item.disclosures[0].id
    as_(client, stored, here.head_th)
    for way in ("withdraw", "purge", "marking", "share", "edit", "keep", f"readers/{number}/revoke"):
        answer = client.post(f"/leads/{lead.item.uuid}/{way}", data={"once": once(), "tlp": "CLEAR", "version": 1})
        assert answer.status_code == 403, way
    stored.expire_all()
    row = stored.get_one(Item, lead.id)
    assert (row.state.value, row.marking.tlp.value, row.disclosures[0].revoked_at) == ("shared", "AMBER", None)


def test_7_the_id_of_one_kind_opens_nothing_at_the_address_of_another(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    comment = cases.comment(stored, lead.item, actor=here.head_kh, now=NOW, party=here.kh.party, text="x").item.uuid
    question = asked(stored, here, lead.item, kind=ConsentKind.JUDICIAL_USE).uuid
    stored.commit()
    as_(client, stored, here.head_kh)
    for ident in (comment, question, lead.item.uuid):
        nowhere(client, "GET", "/cases/{}", ident)
        nowhere(client, "POST", "/cases/{}/purge", ident)
    for ident in (comment, question, lead.case.item.uuid):
        nowhere(client, "GET", "/leads/{}", ident)
        nowhere(client, "POST", "/leads/{}/withdraw", ident)
    for ident in (question, lead.item.uuid):
        nowhere(client, "POST", "/comments/{}/withdraw", ident)
    for ident in (comment, lead.item.uuid):
        nowhere(client, "GET", "/consents/{}", ident)
        nowhere(client, "GET", "/recalls/{}", ident)


def test_13_fields_that_are_not_in_the_form_are_ignored(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.head_th)
    data = {
        "once": once(),
        "text": "Hello",
        "audience": "all",
        "originator_id": str(here.kh.party_id),
        "author_id": str(here.head_kh.id),
        "tlp": "CLEAR",
        "published_at": "2026-01-01",
        "parent_id": "1",
    }
    assert client.post(f"/leads/{lead.item.uuid}/comments", data=data).status_code == 302
    row = stored.scalars(select(Comment)).one().item
    assert (row.originator_id, row.author_id, row.parent_id) == (here.th.party_id, here.head_th.id, lead.id)
    assert (row.marking.tlp.value, row.published_at) == ("GREEN", None)


@pytest.mark.parametrize(
    "body", ["text=a&text=b&audience=all&audience=narrow", "text[]=a&__proto__=1", "audience=\x00"]
)
def test_14_repeated_and_unknown_keys_never_break_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead, body: str
) -> None:
    as_(client, stored, here.head_th)
    for way in ("comments", "ask"):
        answer = client.post(
            f"/leads/{lead.item.uuid}/{way}", data=body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code in {302, 400, 422}


def test_16_a_question_that_is_granted_after_the_marking_was_raised_is_a_conflict(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    jp, head_jp = japan(stored, here)
    second = colleague(stored, here, here.kh, "Chan Thida")
    row = asked(stored, here, lead.item, to_delegation=jp)
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, named_readers=[second])
    stored.commit()
    as_(client, stored, here.head_kh)
    assert client.post(f"/consents/{row.uuid}", data={"once": once(), "decision": "granted"}).status_code == 409
    as_(client, stored, head_jp)
    nowhere(client, "GET", "/leads/{}", lead.item.uuid)
    assert len(stored.scalars(select(Disclosure)).all()) == 2  # of the case and of the lead, as before


def test_19_a_raised_marking_shuts_out_its_readers_at_the_next_request(
    client: FlaskClient, stored: Session, here: World
) -> None:
    green = make_cases.shared_lead(stored, here, make_cases.case(stored, here, tlp=Tlp.GREEN), tlp=Tlp.GREEN)
    second = colleague(stored, here, here.kh, "Chan Thida")
    stored.commit()
    as_(client, stored, here.head_th)
    first = client.get(f"/leads/{green.item.uuid}")
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    services.change_marking(stored, green.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, named_readers=[second])
    stored.commit()
    nowhere(client, "GET", "/leads/{}", green.item.uuid)
    old = {"If-None-Match": first.headers.get("ETag", '"x"'), "If-Modified-Since": "Thu, 26 Nov 2026 10:00:00 GMT"}
    assert client.get(f"/leads/{green.item.uuid}", headers=old).status_code == 404


def test_29_script_in_a_question_an_answer_or_a_comment_is_inert(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    script = "<script>alert(1)</script>"
    row = asked(stored, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    row.reason = script
    cases.comment(stored, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text=script)
    stored.commit()
    as_(client, stored, here.head_kh)
    client.post(f"/consents/{row.uuid}", data={"once": once(), "decision": "refused", "text": script, "version": 1})
    for page in (f"/consents/{row.uuid}", f"/leads/{lead.item.uuid}"):
        text = client.get(page).text
        assert script not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_5_no_organiser_learns_of_a_draft_from_what_the_home_page_counts(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.organiser)
    before = make_cases.without_tokens(client.get("/meetings/seoul-2").data)
    make_cases.case(stored, here, "KH-D1", state=ItemState.DRAFT)
    stored.commit()
    assert make_cases.without_tokens(client.get("/meetings/seoul-2").data) == before


def test_of_a_red_lead_no_filter_and_no_page_tells_an_organiser_how_it_stands_or_on_which_case_it_is(
    client: FlaskClient, stored: Session, here: World
) -> None:
    second = colleague(stored, here, here.kh, "Chea Vanna")
    case = make_cases.case(stored, here, tlp=Tlp.GREEN)
    row = make_cases.lead(stored, here, case, tlp=Tlp.RED, named_readers=[second])
    cases.share_lead(stored, row, actor=here.head_kh, now=NOW, persons=[here.head_th])
    kr = make.delegation(stored, here.meeting, of_party=here.meeting.host_party)
    chief = colleague(stored, here, kr, "Chief", Role.LEADERSHIP)
    stored.commit()

    def told(who: User) -> list[str]:
        as_(client, stored, who)
        paths = (
            f"/leads/{row.item.uuid}",
            *(f"/meetings/seoul-2/leads?state={one}" for one in ("shared", "withdrawn")),
        )
        return [make_cases.without_tokens(client.get(path).data).decode() for path in paths]

    as_(client, stored, chief)
    assert str(case.item.uuid) in client.get("/meetings/seoul-2/cases").text, (
        "the leadership of the host reads the case"
    )
    assert str(row.item.uuid) not in client.get(f"/cases/{case.item.uuid}").text
    assert str(case.item.uuid) not in client.get(f"/leads/{row.item.uuid}").text
    assert str(row.item.uuid) in client.get("/meetings/seoul-2/leads").text
    before = told(here.organiser)
    assert _taken_back(stored, row, here.head_kh)
    assert told(here.organiser) == before


def _taken_back(session: Session, row: Lead, author: User) -> bool:
    """Take a lead back, and let the application see it."""
    done = services.withdraw(session, row.item, actor=author, now=NOW)
    session.commit()
    return done
