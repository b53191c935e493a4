"""What organisers see of answers: who said what and how, whether the mail arrived, and whom to telephone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.delegations.domain import Capacity
from confmgr.gateways import clock
from confmgr.invitations import answers
from confmgr.invitations.domain import AnswerWay, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.invitations.services import answer
from confmgr.scheduling.domain import SessionKind
from tests import make
from tests.conftest import Counter
from tests.make_invitations import participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, interpreter, world

BASE = "/meetings/seoul-2/answers"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _before_the_meeting() -> Iterator[None]:
    with clock.frozen(NOW + timedelta(hours=2)):
        yield


def say(session: Session, row: Participation, said: PartStat, way: AnswerWay, reason: str | None = None) -> None:
    answer(session, row, actor=None, now=LATER, said=said, way=way, reason=reason)


def answered(session: Session) -> World:
    """Cambodia declines by link, with a reason; Thailand has not answered, and its mail came back."""
    here = world(session)
    here.delegate_kh.phone = "+855 23 555-0101"
    bilateral(session, here)
    published(session, here)
    say(session, participation(session, here.delegate_kh.id), PartStat.DECLINED, AnswerWay.LINK, "In court")
    theirs = participation(session, here.delegate_th.id)
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.participation_id == theirs.id)).one()
    mail.state = OutboxState.BOUNCED
    session.commit()
    return here


def test_an_organiser_sees_who_said_what_how_and_why_and_whose_mail_came_back(
    client: FlaskClient, stored: Session
) -> None:
    here = answered(stored)
    as_(client, stored, here.organiser)
    for page in (client.get(BASE).text, client.get(f"{BASE}?by=person").text):
        for text in ("Sok Dara", "Declined", "by the link in the mail", "In court", "15 Jan 2026, 13:00"):
            assert text in page, text
        assert "Came back undelivered" in page
        assert "Bilateral meeting KH–TH" in page


@pytest.mark.parametrize(
    ("show", "seen", "unseen"),
    [
        ("all", ["Sok Dara", "Somchai Wong"], []),
        ("open", ["Somchai Wong"], ["Sok Dara"]),
        ("declined", ["Sok Dara"], ["Somchai Wong"]),
        ("soon", [], ["Sok Dara", "Somchai Wong"]),
    ],
)
def test_the_list_is_narrowed_to_what_is_asked_for(
    client: FlaskClient, stored: Session, show: str, seen: list[str], unseen: list[str]
) -> None:
    here = answered(stored)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}?show={show}").text
    assert all(name in page for name in seen)
    assert not any(name in page for name in unseen)


def test_what_is_not_answered_two_days_before_is_found_at_once(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    as_(client, stored, here.organiser)
    with clock.frozen(datetime.fromisoformat("2026-02-03T10:00:00+09:00")):
        assert "Somchai Wong" in client.get(f"{BASE}?show=soon").text
    with clock.frozen(datetime.fromisoformat("2026-02-03T09:59:00+09:00")):
        assert "Somchai Wong" not in client.get(f"{BASE}?show=soon").text


def test_whom_to_telephone_says_why_where_and_what_time_it_is_there(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    here.delegate_kh.zone = "America/New_York"
    jp = make.delegation(stored, here.meeting, "JP")
    make.delegate(stored, jp, "Aoki Ken", capacity=Capacity.HEAD_OF_DELEGATION).phone = "+81 3 5555-0102"
    make.delegate(stored, jp, "Mori Yui")
    bilateral(stored, here, starts=ELEVEN, place=here.t2, delegations=[jp, here.th])
    published(stored, here, LATER)
    stored.commit()
    as_(client, stored, here.organiser)
    with clock.frozen(LATER):
        page = client.get(f"{BASE}/calls").text
    assert page.index("Sok Dara") < page.index("Somchai Wong") < page.index("Aoki Ken") < page.index("Mori Yui")
    assert "1 invitation is declined." in page
    assert "1 mail did not arrive. 2 invitations are not answered." in page
    assert 'href="tel:+855235550101"' in page
    assert "no number" in page
    assert "the head, Aoki Ken:" in page
    assert page.count("or the head, Aoki Ken:") == 0
    assert "23:00" in page


def test_who_told_the_secretariat_is_not_telephoned_again(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    row = stored.scalars(select(Participation).where(Participation.delegate_id == here.delegate_kh.id)).one()
    as_(client, stored, here.organiser)
    at = f"{BASE}/{row.session.uuid}/{here.delegate_kh.uuid}"
    stored.commit()
    assert "+855 23 555-0101" in client.get(at).text
    data = {"said": "DECLINED", "reason": "Ill", "once": "1"}
    assert client.post(at, data=data).headers["Location"] == f"{BASE}/calls"
    assert "Sok Dara" not in client.get(f"{BASE}/calls").text
    stored.expire_all()
    assert (row.answer, row.answered_by, row.reason) == (PartStat.DECLINED, AnswerWay.SECRETARIAT, "Ill")
    kept = stored.scalars(
        select(AuditEntry).where(AuditEntry.action == "answer_declined").order_by(AuditEntry.id)
    ).all()
    assert (kept[-1].actor_id, kept[-1].facts) == (here.organiser.id, {"way": "secretariat"})


def test_an_answer_noted_after_the_session_or_without_a_choice_is_refused(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    row = participation(stored, here.delegate_kh.id)
    at = f"{BASE}/{row.session.uuid}/{here.delegate_kh.uuid}"
    as_(client, stored, here.organiser)
    assert client.post(at, data={"once": "1"}).status_code == 422
    assert client.post(at, data={"said": "MAYBE", "once": "2"}).status_code == 422
    with clock.frozen(datetime.fromisoformat("2026-02-05T10:40:00+09:00")):
        answer = client.post(at, data={"said": "ACCEPTED", "once": "3"})
    assert answer.status_code == 422
    assert "The session is over" in answer.text


def test_an_interpreter_stands_in_the_list_too(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    who = interpreter(stored, here)
    row = bilateral(stored, here, interpreters=[who])
    published(stored, here)
    stored.commit()
    as_(client, stored, here.organiser)
    assert who.latin_name in client.get(f"{BASE}?by=person").text
    assert who.latin_name in client.get(f"{BASE}/calls").text
    assert client.get(f"{BASE}/{row.uuid}/{who.uuid}").status_code == 200


def test_nobody_but_organisers_sees_the_answers(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    about = participation(stored, here.delegate_kh.id).session.uuid
    stored.commit()
    as_(client, stored, here.head_kh)
    for path in (BASE, f"{BASE}/calls", f"{BASE}/{about}/{here.delegate_kh.uuid}"):
        assert client.get(path).status_code == 403
    assert client.get(f"{BASE}?show=nothing").status_code == 403


def test_a_person_who_was_not_invited_has_no_answer_to_note(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    other = make.delegate(stored, here.kh, "Chan Rith")
    about = participation(stored, here.delegate_kh.id).session.uuid
    stored.commit()
    as_(client, stored, here.organiser)
    assert client.get(f"{BASE}/{about}/{other.uuid}").status_code == 404
    assert client.get(f"{BASE}?show=nothing").status_code == 404


def test_without_invitations_the_list_says_how_they_are_made(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    stored.commit()
    as_(client, stored, here.organiser)
    assert "Nobody is invited yet." in client.get(BASE).text
    assert "Nobody needs to be telephoned" in client.get(f"{BASE}/calls").text


def test_the_invitations_of_a_meeting_are_one_statement_on_both_databases(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    say(session, participation(session, here.delegate_kh.id), PartStat.TENTATIVE, AnswerWay.MAIL)
    found = answers.invitations(session, here.meeting)
    assert [(one.person.code, one.answer, one.way, one.mail) for one in found] == [
        ("KH", PartStat.TENTATIVE, AnswerWay.MAIL, OutboxState.WAITING),
        ("TH", PartStat.NEEDS_ACTION, None, OutboxState.WAITING),
    ]
    assert found[0].starts_at.isoformat() == "2026-02-05T01:00:00+00:00"
    assert answers.invitations(session, here.meeting, session_ids=[0]) == []


@pytest.mark.parametrize("page", [BASE, f"{BASE}?by=person", f"{BASE}/calls"])
def test_thirty_invitations_cost_as_many_statements_as_two(
    client: FlaskClient, stored: Session, statements: Counter, page: str
) -> None:
    here = answered(stored)
    as_(client, stored, here.organiser)

    def asked() -> int:
        client.get(page)
        statements.statements.clear()
        assert client.get(page).status_code == 200
        return statements.count

    before = asked()
    for n in range(1, 15):
        bilateral(stored, here, starts=TEN + timedelta(minutes=20 * n), minutes=20, anyway=True)
    published(stored, here, LATER)
    stored.commit()
    assert asked() == before


def test_the_many_people_of_a_plenary_are_folded_until_they_are_asked_for(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    for number in range(12):
        make.delegate(stored, here.kh, f"Person {number}")
    bilateral(stored, here, kind=SessionKind.PLENARY, everybody=True, delegations=[])
    published(stored, here)
    as_(client, stored, here.organiser)
    assert "<summary>14 people</summary>" in client.get(BASE).text
    assert "<summary>14 people</summary>" not in client.get(f"{BASE}?show=open").text


def test_no_note_is_offered_for_a_session_that_has_begun(client: FlaskClient, stored: Session) -> None:
    here = answered(stored)
    as_(client, stored, here.organiser)
    assert "Note the answer" in client.get(BASE).text
    with clock.frozen(NOW + timedelta(days=60)):
        assert "Note the answer" not in client.get(BASE).text
