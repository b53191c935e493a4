"""The pages of cases: who may open what, and what each reader finds there."""

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases.domain import CrimeType, NominationState
from confmgr.cases.models import Case, Nomination
from confmgr.cases.services import set_nomination
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_cases import case, seen, send, shared_lead, without_tokens
from tests.make_consents import colleague
from tests.make_scheduling import NOW, as_, once, world

TABLE = "/meetings/seoul-2/cases"
SECRET = "Voice phishing ring in Sihanoukville"


def nomination(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "reference": "KH-07",
        "title-en": SECRET,
        "summary-en": "Forty callers.",
        "neutral_title-en": "A fraud case",
        "crime_types": ["voice_phishing"],
        "concerned": ["TH"],
        "tlp": "AMBER",
        "second": "",
        "readiness": "development",
        "priority": "1",
        "minutes": "40",
        "languages": ["km", "en"],
    }
    return values | changes


def cases(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(Case)) or 0
    session.commit()
    return number


def test_a_delegate_nominates_a_case_for_the_own_delegation(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{TABLE}/new", data=nomination())
    assert answer.status_code == 302
    row = stored.scalars(select(Case)).one()
    assert (row.item.originator.code, row.item.reference, row.item.marking.tlp) == ("KH", "KH-07", Tlp.AMBER)
    assert [one.to_delegation_id for one in row.item.disclosures] == [here.th.id]
    assert (row.nominations[0].priority, row.nominations[0].state) == (1, NominationState.NOMINATED)
    assert (row.nominations[0].minutes, row.nominations[0].languages) == (40, ["km", "en"])
    stored.commit()
    page = client.get(f"/cases/{row.item.uuid}").text
    assert SECRET in page
    assert "Thailand" in page


def test_a_form_sent_twice_nominates_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    client.post(f"{TABLE}/new", data=nomination())
    assert client.post(f"{TABLE}/new", data=nomination()).status_code == 302
    assert cases(stored) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reference": ""}, "This field is required."),
        ({"reference": "a b"}, "Letters, digits, points, dashes and slashes."),
        ({"reference": "KH\u202e01"}, "Letters, digits, points, dashes and slashes."),
        ({"title-en": ""}, "Write this in at least one language."),
        ({"title-en": "x\u0000y"}, "Remove the invisible control characters."),
        ({"title-en": "x" * 4001}, "Too long: at most 4000 characters."),
        ({"crime_types": []}, "Choose at least one."),
        ({"concerned": ["XX"]}, "valid choice"),
        ({"tlp": "PURPLE"}, "Not a valid choice."),
        ({"tlp": "RED"}, "TLP:RED needs a second person of your party who may read it."),
        ({"handling": ["H3"]}, "H3 needs the restriction in words."),
        ({"priority": "9"}, "Number must be between 1 and 3."),
        ({"priority": "99999999999999999999999"}, "Number must be between 1 and 3."),
        ({"second": str(uuid.uuid4())}, "Not a valid choice."),
    ],
)
def test_a_wrong_nomination_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{TABLE}/new", data=nomination(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert cases(stored) == 0


def test_a_reference_used_before_is_refused_at_its_field(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    case(stored, here, "KH-07")
    as_(client, stored, here.head_kh)
    answer = client.post(f"{TABLE}/new", data=nomination())
    assert answer.status_code == 422
    assert "You have already used the reference KH-07." in answer.text


def test_a_red_case_is_nominated_with_a_second_person_and_disclosed_to_nobody(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{TABLE}/new", data=nomination(tlp="RED", second=str(second.uuid)))
    assert answer.status_code == 302
    row = stored.scalars(select(Case)).one()
    assert [named.user_id for named in row.item.named_readers] == [second.id]
    assert row.item.disclosures == []


def test_organisers_nominate_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.post(f"{TABLE}/new", data=nomination()).status_code == 403
    assert cases(stored) == 0


def test_each_reader_finds_what_the_rule_gives(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    laos = make.delegation(stored, here.meeting, "LA")
    other, leader = make.user(stored, "Kham Souk"), make.user(stored, "Director")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=laos)
    make.membership(stored, here.meeting, leader, Role.LEADERSHIP)
    address = f"/cases/{row.item.uuid}"
    found = {}
    for name, person in (
        ("originator", here.head_kh),
        ("organiser", here.organiser),
        ("leadership", leader),
        ("other", other),
        ("concerned", here.head_th),
    ):
        as_(client, stored, person)
        page = client.get(address)
        listed = client.get(TABLE).text
        found[name] = (page.status_code, SECRET in page.text, "A fraud case" in page.text, SECRET in listed)
    assert found == {
        "originator": (200, True, True, True),
        "organiser": (200, False, True, False),
        "leadership": (200, False, True, False),
        "other": (404, False, False, False),
        "concerned": (404, False, False, False),
    }


def test_a_case_that_may_not_be_seen_answers_as_one_that_does_not_exist(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    as_(client, stored, here.head_th)
    hidden, missing = client.get(f"/cases/{row.item.uuid}"), client.get(f"/cases/{uuid.uuid4()}")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert without_tokens(hidden.data) == without_tokens(missing.data)


def test_what_a_reader_may_not_see_changes_no_byte_of_the_table(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    shown = case(stored, here, disclose_to=[here.th])
    shared_lead(stored, here, shown)
    as_(client, stored, here.head_th)
    before = without_tokens(client.get(TABLE).data)
    hidden = case(stored, here, "KH-02", title=Words.of("Canary"), crime_types=[CrimeType.TRAFFICKING])
    shared_lead(stored, here, hidden, "KH-L8", title=Words.of("Canary lead"))
    stored.commit()
    after = without_tokens(client.get(TABLE).data)
    assert b"1 leads on" in before
    assert after.replace(b"2 leads on", b"1 leads on") == before


def test_of_a_red_case_the_secretariat_reads_reference_party_and_date_alone(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = colleague(stored, here, here.kh, "Chan Thida")
    row = case(stored, here, tlp=Tlp.RED, named_readers=[second])
    as_(client, stored, here.organiser)
    for page in (
        client.get(TABLE),
        client.get(f"/cases/{row.item.uuid}"),
        client.get(f"{TABLE}/{row.item.uuid}/decide"),
    ):
        assert page.status_code == 200
        assert "KH-01" in page.text
        assert "Voice phishing" not in page.text.replace("?crime=voice_phishing", "")
        assert "A fraud case" not in page.text


def test_the_tabs_of_the_table_count_what_the_other_filters_leave(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    case(stored, here)
    case(stored, here, "KH-02", crime_types=[CrimeType.TRAFFICKING])
    as_(client, stored, here.organiser)
    for query, number in (("", "2"), ("?crime=trafficking", "1"), ("?party=KH&state=nominated", "2")):
        text = client.get(f"{TABLE}{query}").text
        assert re.findall(r"Nominated\s*<span[^>]*>(\d+)</span>", text) == [number]


def test_a_reference_written_as_lists_show_it_does_not_get_the_party_twice(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    assert case(stored, here, "KH/C-77").item.reference == "C-77"
    assert case(stored, here, "TH/C-77").item.reference == "TH/C-77"
    assert case(stored, here, "KH/").item.reference == "KH/"


def test_opening_a_case_is_audited_with_the_letter_of_the_rule(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here, disclose_to=[here.th])
    for person in (here.head_kh, here.head_th, here.organiser):
        as_(client, stored, person)
        client.get(f"/cases/{row.item.uuid}")
    told = stored.execute(
        select(AuditEntry.actor_id, AuditEntry.rule).where(AuditEntry.action == "read").order_by(AuditEntry.id)
    ).all()
    assert [tuple(one) for one in told] == [(here.head_kh.id, "O"), (here.head_th.id, "R")]


def test_the_table_counts_and_narrows_by_address(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first = case(stored, here)
    shared_lead(stored, here, first)
    shared_lead(stored, here, first, "KH-L2")
    case(stored, here, "KH-02", crime_types=[CrimeType.TRAFFICKING])
    set_nomination(stored, first.nominations[0], actor=here.organiser, now=NOW, state=NominationState.SELECTED)
    as_(client, stored, here.organiser)
    assert "2 leads on 2 cases" in client.get(TABLE).text
    for query, wanted in (
        ("state=selected", ["KH/KH-01"]),
        ("crime=trafficking", ["KH/KH-02"]),
        ("party=KH", ["KH/KH-01", "KH/KH-02"]),
        ("party=TH", []),
    ):
        text = client.get(f"{TABLE}?{query}").text
        assert [name for name in ("KH/KH-01", "KH/KH-02") if name in text] == wanted
    assert client.get(f"{TABLE}?state=rumoured").status_code == 404


def test_an_organiser_decides_on_the_envelope(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    as_(client, stored, here.organiser)
    address = f"{TABLE}/{row.item.uuid}/decide"
    refused = client.post(address, data={"once": once(), "version": "1", "state": "not_taken", "reason": ""})
    assert refused.status_code == 422
    assert "Give a reason: the other side will read it." in refused.text
    assert client.post(address, data={"once": once(2), "version": "1", "state": "selected"}).status_code == 302
    stored.expire_all()
    assert stored.scalars(select(Nomination)).one().state is NominationState.SELECTED


def test_a_delegate_decides_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{TABLE}/{row.item.uuid}/decide", data={"once": once(), "state": "selected"})
    assert answer.status_code == 403


def test_a_case_of_another_meeting_is_not_decided_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    make.membership(stored, other, here.organiser)
    as_(client, stored, here.organiser)
    answer = client.post(f"/meetings/seoul-3/cases/{row.item.uuid}/decide", data={"once": once(), "state": "selected"})
    assert answer.status_code == 404


def test_the_author_edits_and_a_stale_page_changes_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    as_(client, stored, here.head_kh)
    address = f"/cases/{row.item.uuid}/edit"
    text = {
        "seen": seen(client, address),
        "title-en": "Renamed",
        "crime_types": ["trafficking"],
        "summary-en": "",
        "neutral_title-en": "",
    }
    text["summary-en"] = "Still forty callers."
    text["neutral_title-en"] = "A case"
    assert client.post(address, data={"once": once(), **text}).status_code == 302
    stored.expire_all()
    changed = stored.scalars(select(Case)).one()
    assert (changed.title.text("en"), changed.crime_types) == ("Renamed", ["trafficking"])
    stored.commit()
    assert client.post(address, data={"once": once(2), **text, "title-en": "Too late"}).status_code == 409


def test_a_receiver_reads_and_does_not_write(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here, disclose_to=[here.th])
    as_(client, stored, here.head_th)
    for page in ("edit", "marking", "share", "bring"):
        assert client.get(f"/cases/{row.item.uuid}/{page}").status_code == 403
    assert client.post(f"/cases/{row.item.uuid}/readers/1/revoke").status_code == 403


def test_readers_are_named_and_struck_off(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    as_(client, stored, here.head_kh)
    address = f"/cases/{row.item.uuid}"
    nobody = send(client, f"{address}/share")
    assert nobody.status_code == 422
    assert "Name at least one delegation." in nobody.text
    assert send(client, f"{address}/share", once=once(2), to=["TH"]).status_code == 302
    stored.expire_all()
    (given,) = row.item.disclosures
    number = given.id
    stored.commit()
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 200
    as_(client, stored, here.head_kh)
    assert client.post(f"{address}/readers/{number + 99}/revoke").status_code == 404
    assert client.post(f"{address}/readers/{number}/revoke").status_code == 302
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 404


def test_only_whom_a_marking_can_reach_is_offered(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    police = make.agency(stored, here.th.party)
    officer = make.user(stored, "Officer Somsak")
    make.membership(stored, here.meeting, officer, Role.DELEGATE, of_delegation=here.th, of_agency=police)
    second = colleague(stored, here, here.kh, "Chan Thida")
    offered = {}
    for number, tlp in enumerate((Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED)):
        row = case(stored, here, f"KH-{number}", tlp=tlp, named_readers=[second])
        as_(client, stored, here.head_kh)
        page = client.get(f"/cases/{row.item.uuid}/share").text
        offered[tlp.value] = ('name="to"' in page, "TH · POL" in page, "Officer Somsak" in page, "Chan Thida" in page)
    assert offered == {
        "AMBER": (True, True, True, False),
        "AMBER+STRICT": (False, True, True, False),
        "RED": (False, False, True, False),
    }


@pytest.mark.parametrize("role", [Role.INTERPRETER, Role.PRESS, Role.AUDITOR])
def test_other_roles_have_no_table_of_cases(client: FlaskClient, stored: Session, role: Role) -> None:
    here = world(stored)
    person = make.user(stored, "Somebody")
    make.membership(stored, here.meeting, person, role)
    as_(client, stored, person)
    assert client.get(TABLE).status_code == 403


def test_a_table_of_thirty_cases_asks_as_often_as_one_of_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.organiser)
    client.get(TABLE)
    statements.statements.clear()
    client.get(TABLE)
    one = statements.count
    for number in range(2, 31):
        row = case(stored, here, f"KH-{number:02}", disclose_to=[here.th])
        shared_lead(stored, here, row, f"KH-L{number}")
    stored.commit()
    statements.statements.clear()
    page = client.get(TABLE)
    assert page.text.count("/decide") == 30
    assert statements.count == one
    assert one <= 15
