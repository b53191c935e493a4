"""Contacts and alliances in the browser: who keeps them, who reads them, what is refused."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import DelegationStatus
from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.services import Membership
from confmgr.parties.domain import ContactChannel
from confmgr.parties.models import Alliance, Contact
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.make_cases import without_tokens
from tests.make_outcomes import contact
from tests.make_scheduling import NOW, as_, once, world

LIST = "/operations/breaking-chains/contacts"
NEW = f"{LIST}/new"
ALLIANCES = "/operations/breaking-chains/alliances"
NUMBER = "+855 23 555 0100"


def sent(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "agency": "CYB",
        "subject-en": "Online fraud desk",
        "holder": "Head of the desk",
        "deputy": "Duty officer",
        "reachable-en": "At all hours",
        "i247": "KH-NCB",
        "telephone": NUMBER,
    }
    return values | changes


def test_a_party_keeps_its_contacts_and_the_other_delegation_reads_them(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.agency(stored, here.kh.party, "CYB")
    as_(client, stored, here.head_kh)
    assert client.post(NEW, data=sent()).status_code == 302
    row = stored.scalars(select(Contact)).one()
    assert (row.holder, row.channels) == ("Head of the desk", {"i247": "KH-NCB", "telephone": NUMBER})
    page = f"{LIST}/{row.uuid}"
    changed = sent(once=once(2), version=row.version, holder="Her successor")
    stored.commit()
    assert client.post(page, data=changed).status_code == 302
    as_(client, stored, here.head_th)
    read = client.get(LIST).text
    assert "Online fraud desk" in read
    assert "Her successor" in read
    assert NUMBER in read
    assert "/confirm" not in read
    assert client.get(page).status_code == 403
    as_(client, stored, here.organiser)
    assert "Online fraud desk" in client.get(LIST).text
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject-en": ""}, "Write this in at least one language."),
        ({"i247": "", "telephone": " "}, "Say at least one way to reach this post."),
        ({"mail": "nowhere"}, "Invalid email address."),
        ({"agency": "TH-CYB"}, "Not a valid choice."),
        ({"holder": "x" * 301}, "Too long: at most 300 characters."),
    ],
)
def test_a_wrong_contact_is_refused_with_a_sentence(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    make.agency(stored, here.kh.party, "CYB")
    make.agency(stored, here.th.party, "TH-CYB")
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=sent(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(Contact)).all() == []


def test_a_party_without_an_agency_reads_who_adds_one(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert "Your party has no agency yet." in client.get(NEW).text


def test_what_nobody_has_confirmed_for_a_year_is_marked_until_somebody_does(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = contact(stored, here)
    with clock.frozen(NOW + timedelta(days=364)):
        as_(client, stored, here.head_kh)
        assert "older than a year" not in client.get(LIST).text
    with clock.frozen(NOW + timedelta(days=366)):
        as_(client, stored, here.head_kh)
        assert "older than a year" in client.get(LIST).text
        page = f"{LIST}/{row.uuid}/confirm"
        assert client.post(page, data={"version": row.version - 1}).status_code == 409
        assert client.post(page, data={"version": row.version}).status_code == 302
        assert "older than a year" not in client.get(LIST).text


def test_of_two_who_edit_a_contact_at_once_the_second_is_told(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = contact(stored, here)
    seen = row.version
    as_(client, stored, here.head_kh)
    page = f"{LIST}/{row.uuid}"
    assert client.post(page, data=sent(version=seen)).status_code == 302
    late = client.post(page, data=sent(version=seen, once=once(2), holder="Somebody else"))
    assert late.status_code == 409
    assert "Somebody else changed this while you had it open." in late.text
    stored.expire_all()
    assert row.holder == "Head of the desk"


def test_an_ended_contact_is_its_partys_alone_and_can_be_taken_up_again(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = contact(stored, here)
    as_(client, stored, here.head_kh)
    assert client.post(f"{LIST}/{row.uuid}/end").status_code == 302
    assert "Ended contacts of your party" in client.get(LIST).text
    as_(client, stored, here.head_th)
    assert "Online fraud desk" not in client.get(LIST).text
    assert client.get(f"{LIST}/{row.uuid}").status_code == 404
    as_(client, stored, here.head_kh)
    assert client.post(f"{LIST}/{row.uuid}/resume").status_code == 302
    as_(client, stored, here.head_th)
    assert "Online fraud desk" in client.get(LIST).text


@pytest.mark.parametrize("status", [DelegationStatus.OBSERVER, DelegationStatus.GUEST])
def test_observers_and_guests_and_those_of_other_meetings_find_no_trace(
    client: FlaskClient, stored: Session, status: DelegationStatus
) -> None:
    here = world(stored)
    observers = make.delegation(stored, here.meeting, "FR", status=status)
    person, stranger = make.user(stored, "Observer"), make.user(stored, "Stranger")
    make.membership(stored, here.meeting, person, Role.HEAD, of_delegation=observers)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    japan = make.delegation(stored, other, "JP")
    make.membership(stored, other, stranger, Role.HEAD, of_delegation=japan)
    pages = []
    for who in (person, stranger):
        as_(client, stored, who)
        pages.append(without_tokens(client.get(LIST).data))
    row = contact(stored, here)
    stored.commit()
    for who, before in zip((person, stranger), pages, strict=True):
        as_(client, stored, who)
        assert without_tokens(client.get(LIST).data) == before
        assert client.get(f"{LIST}/{row.uuid}").status_code == 404


def test_thirty_contacts_ask_as_often_as_one(client: FlaskClient, stored: Session, statements: Counter) -> None:
    here = world(stored)
    contact(stored, here)
    as_(client, stored, here.head_th)
    client.get(LIST)
    statements.statements.clear()
    client.get(LIST)
    one = statements.count
    for _number in range(29):
        contact(stored, here)
    stored.commit()
    statements.statements.clear()
    assert client.get(LIST).text.count("Online fraud desk") == 30
    assert statements.count == one


def test_organisers_of_the_lead_party_keep_its_alliances(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    data = {
        "once": once(),
        "name-en": "Consultative body",
        "founded_on": "2025-10-23",
        "members-0-party": "KH",
        "members-1-party": "TH",
        "members-1-joined_on": "2025-12-01",
        "members-2-party": "",
    }
    assert client.post(f"{ALLIANCES}/new", data=data).status_code == 302
    row = stored.scalars(select(Alliance)).one()
    assert sorted((m.party.code, m.joined_on) for m in row.members) == [
        ("KH", date(2025, 10, 23)),
        ("TH", date(2025, 12, 1)),
    ]
    page = f"{ALLIANCES}/{row.uuid}"
    seen = row.version
    stored.commit()
    assert "Consultative body" in client.get(page).text
    left = data | {"once": once(2), "version": seen, "members-1-left_on": "2026-01-05"}
    assert client.post(page, data=left).status_code == 302
    home = client.get("/operations/breaking-chains").text
    assert "Left on 5 Jan 2026" in home
    assert client.post(page, data=left | {"once": once(3)}).status_code == 409
    as_(client, stored, here.head_kh)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"members-0-joined_on": "2020-01-01"}, "KH cannot have joined before the alliance was founded."),
        ({"members-0-left_on": "2020-01-01"}, "KH cannot have left before it joined."),
        ({"members-1-party": "KH"}, "KH stands here twice."),
        ({"members-0-party": "XX"}, "Not a valid choice."),
        ({"founded_on": "2025-02-30"}, "Not a valid date value."),
    ],
)
def test_a_wrong_alliance_is_refused_with_a_sentence(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    data = {"once": once(), "name-en": "Body", "founded_on": "2025-10-23", "members-0-party": "KH"}
    answer = client.post(f"{ALLIANCES}/new", data=data | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(Alliance)).all() == []


def test_members_of_an_alliance_are_changed_in_place(session: Session) -> None:
    here = world(session)
    day = date(2025, 10, 23)
    row = services.found_alliance(
        session,
        here.meeting.operation,
        actor=here.organiser,
        now=NOW,
        name=Words.of("Body"),
        founded_on=day,
        members=[Membership(here.kh.party, day), Membership(here.th.party, day)],
    )
    services.change_alliance(
        session,
        row,
        actor=here.organiser,
        now=NOW,
        seen_version=row.version,
        name=row.name,
        founded_on=day,
        members=[Membership(here.th.party, day, date(2025, 11, 1))],
    )
    assert [(m.party.code, m.left_on) for m in row.members] == [("TH", date(2025, 11, 1))]


def test_an_agency_with_contacts_is_not_deleted_and_the_organiser_hears_of_no_contact(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    contact(stored, here)
    as_(client, stored, here.organiser)
    answer = client.post("/parties/KH/agencies/CYB/delete")
    assert answer.status_code == 409
    assert "Other records rest on this, so it cannot be deleted." in answer.text
    assert "<li>Contacts" not in answer.text


def test_a_contact_is_confirmed_by_whoever_changes_it(session: Session) -> None:
    here = world(session)
    row = contact(session, here)
    later = NOW + timedelta(days=400)
    post = services.Post(row.agency, Words.of("Bank desk"), channels={ContactChannel.SIENA: "KH-1"})
    services.change_contact(session, row, post, actor=here.head_kh, now=later, seen_version=row.version)
    assert (row.confirmed_at, row.channels, row.holder) == (later, {"siena": "KH-1"}, None)
