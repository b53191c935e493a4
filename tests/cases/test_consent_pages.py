"""The pages of questions to originators: asked, decided, agreed to; and to everybody else they do not exist."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from confmgr.accounts.models import User
from confmgr.cases.models import Lead
from confmgr.delegations.domain import DelegationStatus
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, Handling, Tlp
from confmgr.sharing.models import ConsentRequest, Disclosure
from confmgr.web.db import db
from tests import make, make_cases
from tests.make_cases import shown
from tests.make_consents import NO, YES, asked, colleague, japan
from tests.make_scheduling import NOW, World, as_, once

pytestmark = pytest.mark.usefixtures("soon_after")


def question(stored: Session, here: World, lead: Lead, **wanted: object) -> ConsentRequest:
    row = asked(stored, here, lead.item, **wanted)  # type: ignore[arg-type]
    stored.commit()
    return row


def state(stored: Session) -> str:
    row = stored.scalars(select(ConsentRequest).execution_options(populate_existing=True)).one()
    stored.commit()
    return row.state.value


def decided(**changes: object) -> dict[str, object]:
    return {"once": once(9), "decision": "granted", "text": "", "version": 1, "until": "", "tlp": ""} | changes


def test_a_receiver_asks_and_the_head_reads_what_a_grant_means_before_giving_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    jp, head_jp = japan(stored, here)
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(f"/leads/{lead.item.uuid}/ask").text
    assert "JP" in page
    wrong = client.post(f"/leads/{lead.item.uuid}/ask", data={"once": once(3), "kind": "onward", "to": "", "tlp": ""})
    assert "Name one person, agency or delegation." in wrong.text
    assert "Reason: This field is required." in wrong.text
    made = client.post(
        f"/leads/{lead.item.uuid}/ask",
        data={"once": once(), "kind": "onward", "to": f"d{jp.id}", "tlp": "", "reason": "Two suspects are in Osaka."},
    )
    assert made.status_code == 302
    assert "Not answered yet" in client.get("/meetings/seoul-2/consents").text
    as_(client, stored, here.head_kh)
    assert "Waits for you" in client.get("/meetings/seoul-2/consents").text
    page = client.get(made.location).text
    assert "Two suspects are in Osaka." in page
    assert "Everybody of JP at this meeting will be able to read it, at once." in page.replace("Japan", "JP")
    assert "They may not pass it on: whoever else wants to read it must ask you first." in page
    assert client.post(made.location, data=decided()).status_code == 302
    as_(client, stored, head_jp)
    assert client.get(f"/leads/{lead.item.uuid}").status_code == 200
    as_(client, stored, here.head_th)
    assert "Granted" in client.get(made.location).text


def test_to_third_parties_a_question_does_not_exist(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    jp, head_jp = japan(stored, here)
    row = question(stored, here, lead, to_delegation=jp)
    nothing = uuid.uuid4()
    for person in (head_jp, here.organiser):
        as_(client, stored, person)
        for way in ("", "/agree", "/disagree", "/withdraw"):
            send = client.post if way else client.get
            found = [send(f"/consents/{ident}{way}") for ident in (row.uuid, nothing)]
            assert [answer.status_code for answer in found] == [404, 404]
            bare = [make_cases.without_tokens(answer.data) for answer in found]
            assert bare[0] == bare[1]
    as_(client, stored, head_jp)
    assert "Nothing was asked yet" in client.get("/meetings/seoul-2/consents").text
    as_(client, stored, here.organiser)
    assert client.get("/meetings/seoul-2/consents").status_code == 403


def test_of_two_heads_who_decide_at_once_the_second_is_told_so(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    other = colleague(stored, here, here.kh, "Chea Vuth", Role.HEAD)
    row = question(stored, here, lead, kind=ConsentKind.JUDICIAL_USE)
    as_(client, stored, here.head_kh)
    assert client.post(f"/consents/{row.uuid}", data=decided(text="In Bangkok only")).status_code == 302
    assert "The answer is kept." in client.get(f"/consents/{row.uuid}").text
    as_(client, stored, other)
    late = client.post(f"/consents/{row.uuid}", data=decided(decision="refused"))
    assert late.status_code == 409
    assert "This was decided or taken back meanwhile. Nothing was saved of what you chose" in late.text
    assert "In Bangkok only" in late.text
    assert state(stored) == "granted"


def test_two_answers_in_the_same_instant_are_never_both_kept(
    app: Flask, stored: Session, here: World, lead: Lead
) -> None:
    other = colleague(stored, here, here.kh, "Chea Vuth", Role.HEAD)
    jp, _head = japan(stored, here)
    row = question(stored, here, lead, to_delegation=jp)
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as elsewhere:
        same = elsewhere.get_one(ConsentRequest, row.id)
        seen, theirs = same.version, elsewhere.get_one(User, other.id)
        elsewhere.commit()
        services.answer(stored, row, NO, actor=here.head_kh, now=NOW, seen_version=seen)
        stored.commit()
        with pytest.raises(StaleDataError):
            services.answer(elsewhere, same, YES, actor=theirs, now=NOW, seen_version=seen)
        elsewhere.rollback()
    assert state(stored) == "refused"
    assert stored.scalars(select(Disclosure).where(Disclosure.consent_id == row.id)).all() == []


def test_a_marking_that_changed_meanwhile_is_a_conflict_in_words(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    row = question(stored, here, lead, kind=ConsentKind.JUDICIAL_USE)
    services.change_marking(
        stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H1], named_readers=[]
    )
    stored.commit()
    as_(client, stored, here.head_kh)
    answer = client.post(f"/consents/{row.uuid}", data=decided())
    assert answer.status_code == 409
    assert "it has to be asked again" in answer.text
    assert state(stored) == "open"
    assert client.get(f"/consents/{row.uuid}").status_code == 200


def test_an_ordinary_delegate_and_who_asked_cannot_decide(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    row = question(stored, here, lead, kind=ConsentKind.JUDICIAL_USE)
    for person in (colleague(stored, here, here.kh, "Keo Rith"), here.head_th):
        as_(client, stored, person)
        assert client.post(f"/consents/{row.uuid}", data=decided()).status_code == 403
        assert client.post(f"/consents/{row.uuid}/agree", data={"version": 1}).status_code in {403, 409}
    assert state(stored) == "open"


def test_a_second_person_agrees_to_a_downgrade_on_its_page(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    second = colleague(stored, here, here.kh, "Keo Rith")
    make.delegation(stored, here.meeting, "VN", status=DelegationStatus.OBSERVER)
    row = question(stored, here, lead, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN)
    as_(client, stored, here.head_kh)
    page = client.get(f"/consents/{row.uuid}").text
    assert "Every member and partner of the meeting will be able to read it: KH, TH." in page
    assert "A second person of your party has to agree before it takes effect." in page
    client.post(f"/consents/{row.uuid}", data=decided())
    assert state(stored) == "open"
    assert "Waits for a second person of its owner" in client.get("/meetings/seoul-2/consents").text
    as_(client, stored, second)
    assert "Waits for a second person of its owner" not in shown(client, "/meetings/seoul-2/consents")
    page = client.get(f"/consents/{row.uuid}").text
    assert "Agree as second person" in page
    assert "A second person of your party has to agree before it takes effect." not in page
    version = stored.scalars(select(ConsentRequest.version)).one()
    stored.commit()
    assert client.post(f"/consents/{row.uuid}/agree", data={"version": version}).status_code == 302
    late = client.post(f"/consents/{row.uuid}/disagree", data={"version": version})
    assert late.status_code == 409
    assert "This was decided or taken back meanwhile. Nothing was saved of what you chose" in late.text
    assert "Granted" in late.text
    assert state(stored) == "granted"


def test_a_part_without_a_limit_is_refused_in_words(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    jp, head_jp = japan(stored, here)
    row = question(stored, here, lead, to_delegation=jp)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/consents/{row.uuid}", data=decided(decision="partly"))
    assert answer.status_code == 422
    assert "Say in words what you do not grant, or set a limit." in answer.text
    client.post(f"/consents/{row.uuid}", data=decided(decision="granted", until="2026-02-01", once=once(10)))
    assert state(stored) == "partly"
    given = stored.scalars(select(Disclosure).where(Disclosure.consent_id == row.id)).one()
    assert given.until is not None
    assert given.until.isoformat() == "2026-02-01T14:59:00+00:00"
    stored.commit()
    as_(client, stored, head_jp)
    page = client.get(f"/leads/{lead.item.uuid}").text
    assert "Only until" in page
    assert "1 Feb 2026, 23:59" in page
    as_(client, stored, here.head_th)
    assert "Only until" not in client.get(f"/leads/{lead.item.uuid}").text


def test_a_day_whose_last_hour_happens_twice_is_a_limit_like_any_other(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    jp, _head = japan(stored, here)
    here.meeting.zone = "Africa/Cairo"
    row = question(stored, here, lead, to_delegation=jp)
    as_(client, stored, here.head_kh)
    assert client.post(f"/consents/{row.uuid}", data=decided(until="2026-10-29")).status_code == 302
    given = stored.scalars(select(Disclosure).where(Disclosure.consent_id == row.id)).one()
    assert given.until is not None
    assert given.until.isoformat() == "2026-10-29T20:59:00+00:00"


def test_a_limit_that_is_past_is_refused_in_words(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    jp, _head = japan(stored, here)
    row = question(stored, here, lead, to_delegation=jp)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/consents/{row.uuid}", data=decided(until="2026-01-01"))
    assert answer.status_code == 422
    assert "Give a day that is still to come." in answer.text
    assert state(stored) == "open"


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "onward", "to": "", "tlp": ""},
        {"kind": "onward", "to": "d999999", "tlp": ""},
        {"kind": "downgrade", "to": "", "tlp": ""},
        {"kind": "downgrade", "to": "", "tlp": "RED"},
        {"kind": "longer_retention", "to": "", "tlp": ""},
        {"kind": "no such", "to": "", "tlp": ""},
        {},
        {"kind": "judicial_use", "to": "", "tlp": "", "reason": "x" * 2001},
    ],
)
def test_a_question_that_makes_no_sense_is_answered_in_words(
    client: FlaskClient, stored: Session, here: World, lead: Lead, data: dict[str, str]
) -> None:
    as_(client, stored, here.head_th)
    answer = client.post(f"/leads/{lead.item.uuid}/ask", data={"once": once(), "reason": "Because", **data})
    assert answer.status_code == 422
    assert stored.scalars(select(ConsentRequest)).all() == []


def test_who_only_sees_the_envelope_cannot_ask(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    as_(client, stored, here.organiser)
    assert client.get(f"/leads/{lead.item.uuid}/ask").status_code == 404
    assert "Ask for consent" not in shown(client, f"/leads/{lead.item.uuid}")


def test_who_asked_takes_the_question_back(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    row = question(stored, here, lead, kind=ConsentKind.JUDICIAL_USE)
    as_(client, stored, here.head_kh)
    assert client.post(f"/consents/{row.uuid}/withdraw", data={"version": 1}).status_code == 409
    as_(client, stored, here.head_th)
    assert client.post(f"/consents/{row.uuid}/withdraw", data={"version": 1}).status_code == 302
    assert state(stored) == "withdrawn"


def test_a_recall_is_acknowledged_by_its_person_and_shown_to_the_originator(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    as_(client, stored, here.head_th)
    client.get(f"/leads/{lead.item.uuid}")
    as_(client, stored, here.head_kh)
    make_cases.withdraw(client, f"/leads/{lead.item.uuid}")
    page = client.get(f"/leads/{lead.item.uuid}").text
    assert "Somchai Wong" in page
    assert "Not acknowledged" in page
    assert "Files already taken cannot be called back." in page
    as_(client, stored, here.head_th)
    page = client.get("/meetings/seoul-2/consents").text
    address = page.split('href="/recalls/')[1].split('"')[0]
    page = client.get(f"/recalls/{address}").text
    assert "It called two hundred victims." not in page
    assert "no program can call that back" in page
    as_(client, stored, here.head_kh)
    assert client.get(f"/recalls/{address}").status_code == 404
    assert client.post(f"/recalls/{address}/acknowledge").status_code == 404
    as_(client, stored, here.head_th)
    assert client.post(f"/recalls/{address}/acknowledge").status_code == 302
    as_(client, stored, here.head_kh)
    assert "Not acknowledged" not in shown(client, f"/leads/{lead.item.uuid}")


def test_a_marking_one_step_lower_is_granted_with_what_the_page_sends(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    """Nothing lies between AMBER and GREEN: the page offers no part of the way, and sends none."""
    row = question(stored, here, lead, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN)
    address = f"/consents/{row.uuid}"
    stored.commit()
    as_(client, stored, here.head_kh)
    assert 'name="tlp"' not in shown(client, address)
    given = {"once": once(9), "decision": "granted", "text": "", "version": 1}
    assert client.post(address, data=given).status_code == 302
    assert "Waits for a second person of its owner" in client.get(address).text


def test_of_what_everybody_may_read_already_all_else_is_asked_with_what_the_page_sends(
    client: FlaskClient, stored: Session, here: World
) -> None:
    of = make_cases.case(stored, here, tlp=Tlp.CLEAR)
    row = make_cases.shared_lead(stored, here, of, tlp=Tlp.CLEAR)
    address = f"/leads/{row.item.uuid}/ask"
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(address)
    assert (page.status_code, 'name="tlp"' in page.text) == (200, False)
    wanted = {"once": once(), "kind": "judicial_use", "to": "", "reason": "The court asks for it."}
    assert client.post(address, data=wanted).status_code == 302


def test_who_asked_and_may_read_it_no_more_does_not_learn_how_it_is_marked_now(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    row = question(stored, here, lead, kind=ConsentKind.JUDICIAL_USE)
    second = colleague(stored, here, here.kh, "Chan Thida")
    services.change_marking(stored, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, named_readers=[second])
    as_(client, stored, here.head_th)
    for address in (f"/consents/{row.uuid}", "/meetings/seoul-2/consents"):
        assert "TLP:RED" not in shown(client, address)


def test_beside_a_text_it_says_what_its_handling_lets_a_reader_do_and_who_asked_for_whom(
    client: FlaskClient, stored: Session, here: World
) -> None:
    jp, _head_jp = japan(stored, here)
    of = make_cases.case(stored, here)
    given = make_cases.shared_lead(stored, here, of, "KH-L2", handling=[Handling.H2])
    question(stored, here, given, to_delegation=jp)
    as_(client, stored, here.head_th)
    page = client.get(f"/leads/{given.item.uuid}").text
    assert "H2: not passed on without permission" in page
    assert "asked by <bdi" in page
    assert "for <bdi" in page
