"""The pages of leads: written, shared, answered, marked anew and taken back."""

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.domain import FeedbackKind
from confmgr.cases.models import Feedback, Lead
from confmgr.cases.services import give_feedback, share_lead
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import GradeScheme, Handling, ItemState, Tlp
from confmgr.sharing.services import Grade
from tests import make
from tests import make_consents as consents
from tests.conftest import Counter
from tests.make_cases import case, lead, seen, send, shared_lead, withdraw, without_tokens
from tests.make_scheduling import NOW, World, as_, once, world

SECRET = "It called two hundred victims."


def written(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "reference": "KH-L7",
        "kind": "telephone",
        "title-en": "A number in Phnom Penh",
        "body-en": SECRET,
        "tlp": "AMBER",
        "second": "",
        "grade_scheme": "europol_4x4",
        "grade_source": "B",
        "grade_information": "2",
        "handling": ["H1"],
        "to": ["TH"],
    }
    return values | changes


def leads(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(Lead)) or 0
    session.commit()
    return number


def colleague(session: Session, here: World) -> str:
    second = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    return str(second.uuid)


def test_a_reference_that_stands_on_what_a_writer_may_not_read_is_refused_in_words(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of = case(stored, here)
    rith = consents.colleague(stored, here, here.kh, "Keo Rith")
    lead(stored, here, of, "KH-L7", tlp=Tlp.RED, actor=rith)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/cases/{of.item.uuid}/leads/new", data=written())
    assert answer.status_code == 422
    assert "You have already used the reference KH-L7." in answer.text


def test_a_delegate_writes_a_lead_and_shares_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/cases/{of.item.uuid}/leads/new", data=written())
    assert answer.status_code == 302
    row = stored.scalars(select(Lead)).one()
    assert (row.item.state, row.item.originator.code, row.item.reference) == (ItemState.SHARED, "KH", "KH-L7")
    assert row.item.marking.handling == [Handling.H1.value]
    assert (row.item.marking.grade_scheme, row.item.marking.grade_source) == (GradeScheme.EUROPOL_4X4, "B")
    address = f"/leads/{row.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(address)
    assert SECRET in page.text
    assert "KH-01" in page.text
    assert (
        'You read it because <bdi dir="ltr" class="upright">KH</bdi> has named your delegation, your agency or you.'
        in page.text
    )


def test_a_lead_for_nobody_stays_a_draft(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here, disclose_to=[here.th])
    as_(client, stored, here.head_kh)
    assert client.post(f"/cases/{of.item.uuid}/leads/new", data=written(to=[])).status_code == 302
    row = stored.scalars(select(Lead)).one()
    assert row.item.state is ItemState.DRAFT
    address, name = f"/leads/{row.item.uuid}", "A number in Phnom Penh"
    stored.commit()
    assert name in client.get(f"/cases/{of.item.uuid}").text
    for person in (here.head_th, here.organiser):
        as_(client, stored, person)
        assert client.get(address).status_code == 404
        page = client.get(f"/cases/{of.item.uuid}").text
        assert "No lead on it that you may know of." in page
        assert name not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body-en": ""}, "Write this in at least one language."),
        ({"grade_source": ""}, "Give the scheme and both grades, or none of them."),
        ({"grade_source": "BBB"}, "Field cannot be longer than 2 characters."),
        ({"kind": "gossip"}, "Invalid Choice"),
        ({"to": ["KH"]}, "valid choice"),
        (
            {"tlp": "AMBER+STRICT"},
            "TLP:AMBER+STRICT cannot be passed to a whole delegation. Name persons, or an agency.",
        ),
        ({"tlp": "RED"}, "TLP:RED needs a second person of your party who may read it."),
    ],
)
def test_a_wrong_lead_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/cases/{of.item.uuid}/leads/new", data=written(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert leads(stored) == 0


def test_a_lead_is_written_only_on_a_case_that_one_may_read(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    for person, status in ((here.head_th, 404), (here.organiser, 404)):
        as_(client, stored, person)
        assert client.post(f"/cases/{of.item.uuid}/leads/new", data=written(to=["KH"])).status_code == status
    assert leads(stored) == 0


def test_a_receiver_of_the_case_gives_a_lead_of_its_own(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here, disclose_to=[here.th])
    as_(client, stored, here.head_th)
    assert client.post(f"/cases/{of.item.uuid}/leads/new", data=written(to=["KH"])).status_code == 302
    row = stored.scalars(select(Lead)).one()
    assert (row.item.originator.code, [d.to_delegation_id for d in row.item.disclosures]) == ("TH", [here.kh.id])


def test_each_reader_of_a_lead_finds_what_the_rule_gives(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    laos = make.delegation(stored, here.meeting, "LA")
    other = make.user(stored, "Kham Souk")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=laos)
    grade = Grade(GradeScheme.ADMIRALTY_6X6, "A", "1")
    row = shared_lead(stored, here, case(stored, here), handling=[Handling.H2], grade=grade)
    found = {}
    for name, person in (
        ("originator", here.head_kh),
        ("receiver", here.head_th),
        ("organiser", here.organiser),
        ("other", other),
    ):
        as_(client, stored, person)
        page = client.get(f"/leads/{row.item.uuid}")
        found[name] = (
            page.status_code,
            SECRET in page.text,
            "H2: not passed on without permission" in page.text,
            "Admiralty" in page.text,
        )
    assert found == {
        "originator": (200, True, True, True),
        "receiver": (200, True, True, True),
        "organiser": (200, False, False, False),
        "other": (404, False, False, False),
    }


def test_a_lead_that_may_not_be_seen_answers_as_one_that_does_not_exist(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = lead(stored, here, case(stored, here))
    as_(client, stored, here.head_th)
    hidden, missing = client.get(f"/leads/{row.item.uuid}"), client.get(f"/leads/{uuid.uuid4()}")
    assert (hidden.status_code, without_tokens(hidden.data)) == (404, without_tokens(missing.data))
    assert client.post(f"/leads/{row.item.uuid}/feedback", data={"once": once(), "kind": "in_use"}).status_code == 404


def test_of_a_red_lead_the_secretariat_reads_reference_party_and_date_alone(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = consents.colleague(stored, here, here.kh, "Chan Thida")
    row = lead(stored, here, case(stored, here, concerned=[]), tlp=Tlp.RED, named_readers=[second])
    share_lead(stored, row, actor=here.head_kh, now=NOW, persons=[here.head_th])
    consents.seconded(stored, second)
    as_(client, stored, here.organiser)
    of_case = f"/cases/{row.case.item.uuid}"
    for address, told in ((f"/leads/{row.item.uuid}", True), ("/meetings/seoul-2/leads", True), (of_case, False)):
        page = client.get(address).text.replace('<option value="TH">TH</option>', "")  # a filter of all delegations
        assert ("KH-L1" in page) is told, "on which case it is, the envelope of RED does not tell"
        assert "Telephone" not in page
        assert b"TH" not in without_tokens(page.encode())
    as_(client, stored, here.head_th)
    assert SECRET in client.get(f"/leads/{row.item.uuid}").text


def test_the_secretariat_sees_of_a_lead_whose_case_it_is_on(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    name = f"KH/{row.case.item.reference}"
    as_(client, stored, here.organiser)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert "You see the envelope of this lead" in page
    assert name in page
    assert f'href="/cases/{row.case.item.uuid}"' in page
    as_(client, stored, here.head_th)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert f"/cases/{row.case.item.uuid}" not in page
    assert name not in page


def test_the_author_shares_a_red_lead_with_a_person_by_name(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    named = colleague(stored, here)
    as_(client, stored, here.head_kh)
    made = client.post(f"/cases/{of.item.uuid}/leads/new", data=written(tlp="RED", second=named, to=[]))
    answer = send(client, f"{made.location}/share", once=once(2), persons=[str(here.head_th.uuid)])
    assert answer.status_code == 302
    row = stored.scalars(select(Lead)).one()
    assert (row.item.state, row.item.disclosures) == (ItemState.SHARED, [])
    consents.seconded(stored, stored.scalars(select(User).where(User.uuid == uuid.UUID(named))).one())
    stored.expire(row.item, ["disclosures"])
    assert [one.to_user_id for one in row.item.disclosures] == [here.head_th.id]


def test_a_receiver_says_what_it_was_worth(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_th)
    address = f"/leads/{row.item.uuid}"
    answer = client.post(f"{address}/feedback", data={"once": once(), "kind": "acted_on", "note": "Two arrests"})
    assert answer.status_code == 302
    said = stored.scalars(select(Feedback)).one()
    assert (said.party_id, said.kind, said.note) == (here.th.party_id, FeedbackKind.ACTED_ON, "Two arrests")
    stored.commit()
    as_(client, stored, here.head_kh)
    assert "Two arrests" in client.get(address).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"kind": "gossip"}, "Invalid Choice"), ({"kind": "in_use", "note": "x" * 2001}, "longer than 2000")],
)
def test_wrong_feedback_is_refused_on_the_page_of_the_lead(
    client: FlaskClient, stored: Session, data: dict[str, str], sentence: str
) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_th)
    answer = client.post(f"/leads/{row.item.uuid}/feedback", data={"once": once(), **data})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert SECRET in answer.text


def test_the_giver_gives_no_feedback_and_organisers_none_either(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    own = client.post(f"/leads/{row.item.uuid}/feedback", data={"once": once(), "kind": "in_use"})
    assert own.status_code == 422
    as_(client, stored, here.organiser)
    answer = client.post(f"/leads/{row.item.uuid}/feedback", data={"once": once(2), "kind": "in_use"})
    assert answer.status_code == 404
    assert stored.scalars(select(Feedback)).all() == []


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.INTERPRETER])
def test_who_reads_or_interprets_for_a_delegation_does_not_speak_for_it(
    client: FlaskClient, stored: Session, role: Role
) -> None:
    here = world(stored)
    of = case(stored, here, disclose_to=[here.th])
    row = shared_lead(stored, here, of)
    person = make.user(stored, "Somebody")
    make.membership(stored, here.meeting, person, role, of_delegation=here.th)
    as_(client, stored, person)
    page = client.get(f"/leads/{row.item.uuid}")
    assert SECRET in page.text
    assert "Send feedback" not in page.text
    answer = client.post(f"/leads/{row.item.uuid}/feedback", data={"once": once(), "kind": "in_use"})
    assert answer.status_code == 403
    assert client.get(f"/cases/{of.item.uuid}/leads/new").status_code == 403


def test_a_lead_taken_back_is_gone_for_its_receivers_and_cannot_be_shared_again(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    address = f"/leads/{row.item.uuid}"
    as_(client, stored, here.head_th)
    assert client.post(f"{address}/withdraw").status_code == 403
    as_(client, stored, here.head_kh)
    assert withdraw(client, address).status_code == 302
    assert "This lead was withdrawn." in client.get(address).text
    again = send(client, f"{address}/share", to=["TH"])
    assert again.status_code == 422
    assert "It was taken back and cannot be shared again." in again.text
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 404


def test_a_new_marking_keeps_what_is_not_changed_and_drops_the_readers(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(
        stored, here, case(stored, here), handling=[Handling.H1], grade=Grade(GradeScheme.EUROPOL_4X4, "B", "2")
    )
    address = f"/leads/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    data: dict[str, Any] = {
        "tlp": "AMBER+STRICT",
        "handling": ["H1", "H3"],
        "handling_text": "Only orally",
        "second": "",
    }
    assert send(client, f"{address}/marking", **data).status_code == 302
    stored.expire_all()
    marking = row.item.marking
    assert (marking.tlp, marking.handling, marking.handling_text) == (Tlp.AMBER_STRICT, ["H1", "H3"], "Only orally")
    assert marking.grade_source == "B"
    stored.commit()
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 404


def test_a_lead_made_red_needs_a_second_person_on_the_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    named = colleague(stored, here)
    row = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    address = f"/leads/{row.item.uuid}/marking"
    assert send(client, address, tlp="RED", second="").status_code == 422
    assert send(client, address, once=once(2), tlp="RED", second=named).status_code == 302


def test_a_case_with_thirty_leads_asks_as_often_as_with_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    of = case(stored, here, disclose_to=[here.th])
    give_feedback(
        stored,
        shared_lead(stored, here, of),
        actor=here.head_th,
        now=NOW,
        party=here.th.party,
        kind=FeedbackKind.IN_USE,
    )
    as_(client, stored, here.head_th)
    client.get(f"/cases/{of.item.uuid}")
    statements.statements.clear()
    client.get(f"/cases/{of.item.uuid}")
    one = statements.count
    for number in range(2, 31):
        shared_lead(stored, here, of, f"KH-L{number}")
    stored.commit()
    statements.statements.clear()
    page = client.get(f"/cases/{of.item.uuid}")
    assert "30 that you may know of" in page.text
    assert statements.count == one


def test_the_author_edits_a_lead_and_its_readers_read_the_new_text(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    stored.commit()
    address = f"/leads/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    data = {
        "seen": seen(client, f"{address}/edit"),
        "kind": "telephone",
        "title-en": "A better title",
        "body-en": "It called three hundred victims.",
        "once": once(),
    }
    assert client.post(f"{address}/edit", data=data).status_code == 302
    assert "The change is saved." in client.get(address).text
    assert client.post(f"{address}/edit", data=data | {"once": once(2)}).status_code == 409
    as_(client, stored, here.head_th)
    assert "It called three hundred victims." in client.get(address).text
    assert client.get(f"{address}/edit").status_code == 403


def test_a_withdrawn_lead_is_not_edited(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    address = f"/leads/{row.item.uuid}"
    stored.commit()
    assert withdraw(client, address).status_code == 302
    shown = seen(client, f"{address}/edit")
    data = {"seen": shown, "kind": "telephone", "title-en": "A", "body-en": "B", "once": once(2)}
    assert client.post(f"{address}/edit", data=data).status_code == 422
