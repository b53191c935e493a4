"""The page behind a mail's answer link: who has the link answers this invitation, and reaches nothing else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate
from confmgr.gateways import clock
from confmgr.invitations.domain import AnswerWay, PartStat
from confmgr.invitations.models import Participation
from confmgr.scheduling.models import MeetingSession, SessionCase
from confmgr.scheduling.services import cancel_session
from tests.make_invitations import answer_links, case, participation, published
from tests.make_scheduling import ELEVEN, NOW, World, as_, bilateral, interpreter, move, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _before_the_meeting() -> Iterator[None]:
    with clock.frozen(NOW + timedelta(hours=2)):
        yield


def invited(session: Session) -> tuple[World, str]:
    """Cambodia and Thailand are invited to a session at ten; with the address of Cambodia's answer page."""
    here = world(session)
    bilateral(session, here)
    links = answer_links(session, published(session, here), now=NOW)
    session.commit()
    return here, links[here.delegate_kh.email or ""]


def state(session: Session) -> list[tuple[object, ...]]:
    """Everything that an answer could change."""
    session.commit()
    rows = session.scalars(select(Participation).order_by(Participation.id)).all()
    audited = session.scalar(select(func.count()).select_from(AuditEntry))
    found: list[tuple[object, ...]] = [(row.answer, row.answered_at, row.answered_by, row.reason) for row in rows] + [
        (audited,)
    ]
    session.commit()
    session.expire_all()
    return found


def of(session: Session, delegate: Delegate) -> Participation:
    """A person's participation as it is stored now."""
    row = participation(session, delegate.id)
    session.refresh(row)
    session.commit()
    return row


def test_the_page_shows_the_invitation_and_no_case(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.delegate_kh.zone = "Asia/Phnom_Penh"
    row = bilateral(stored, here, interpretation="km-ko")
    fraud = case(stored, here, "Operation Mudskipper")
    stored.add(SessionCase(session_id=row.id, case_id=fraud.id))
    links = answer_links(stored, published(stored, here), now=NOW)
    stored.commit()
    answer = client.get(links[here.delegate_kh.email or ""])
    assert answer.status_code == 200
    for text in (
        "Bilateral meeting KH–TH",
        "10:00–10:40",
        "Seoul, UTC+9",
        "08:00–08:40",
        "Phnom Penh, UTC+7",
        "<dd><bdi>Place T1</bdi></dd>",
    ):
        assert text in answer.text, text
    assert "Khmer–Korean" in answer.text
    assert "Mudskipper" not in answer.text
    assert "A fraud case" not in answer.text
    assert "KH-01" not in answer.text
    assert f'"/meetings/{here.meeting.slug}' not in answer.text


def test_looking_at_the_page_changes_nothing_whoever_looks(client: FlaskClient, stored: Session) -> None:
    _here, link = invited(stored)
    before = state(stored)
    for query in ("", "?said=DECLINED", "?lang=ko&said=ACCEPTED&reason=x"):
        assert client.get(link + query).status_code == 200
        assert client.head(link + query).status_code == 200
        assert client.head(link + query).data == b""
    assert state(stored) == before


def test_one_press_answers_and_a_second_one_changes_it(client: FlaskClient, stored: Session) -> None:
    here, link = invited(stored)
    answer = client.post(link, data={"said": "DECLINED", "reason": "In court\u202e that\x07 day"})
    assert answer.headers["Location"] == link
    page = client.get(link).text
    assert "Your answer is kept. The secretariat sees it." in page
    assert "by the link in the mail" in page
    mine = of(stored, here.delegate_kh)
    assert (mine.answer, mine.answered_by) == (PartStat.DECLINED, AnswerWay.LINK)
    assert mine.reason == "In court that day"
    assert mine.answered_sequence == 0
    client.post(link, data={"said": "ACCEPTED", "reason": ""})
    mine = of(stored, here.delegate_kh)
    assert (mine.answer, mine.reason) == (PartStat.ACCEPTED, None)
    assert of(stored, here.delegate_th).answer is PartStat.NEEDS_ACTION


def test_nobody_answers_for_a_time_that_the_page_did_not_show(client: FlaskClient, stored: Session) -> None:
    here, link = invited(stored)
    assert '<input type="hidden" name="sequence" value="0">' in client.get(link).text
    move(stored, here, of(stored, here.delegate_kh).session)
    published(stored, here, LATER)
    stored.commit()
    client.post(link, data={"said": "ACCEPTED", "sequence": "0"})
    assert of(stored, here.delegate_kh).answer is PartStat.NEEDS_ACTION
    page = client.get(link).text
    assert "The invitation has changed since you opened this page." in page
    assert "11:00" in page
    client.post(link, data={"said": "ACCEPTED", "sequence": "1"})
    assert of(stored, here.delegate_kh).answer is PartStat.ACCEPTED


def test_the_link_of_one_person_never_answers_for_another(client: FlaskClient, stored: Session) -> None:
    here, link = invited(stored)
    theirs = of(stored, here.delegate_th)
    for more in ({"participation": theirs.id}, {"uid": theirs.uid}, {"delegate": here.delegate_th.id}):
        client.post(link, query_string=more, data={"said": "DECLINED", **more})
    assert of(stored, here.delegate_th).answer is PartStat.NEEDS_ACTION
    assert of(stored, here.delegate_kh).answer is PartStat.DECLINED
    assert client.get(f"/meetings/{here.meeting.slug}/my-agenda").status_code == 302


def test_without_the_token_of_the_form_nothing_is_answered_over_tls_either(app: Flask, stored: Session) -> None:
    _here, link = invited(stored)
    before = state(stored)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser = app.test_client()
        for data in ({"said": "DECLINED"}, {"said": "DECLINED", "csrf_token": "guessed"}):
            assert browser.post(link, data=data).status_code == 400
        assert state(stored) == before
        page = browser.get(link, base_url="https://localhost").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        sent = {"said": "ACCEPTED", "csrf_token": token}
        assert browser.post(link, data=sent, base_url="https://localhost").status_code == 302  # and no referrer
        assert state(stored)[0][0] is PartStat.ACCEPTED
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("said", ["", "NEEDS-ACTION", "maybe"])
def test_what_is_no_answer_is_refused(client: FlaskClient, stored: Session, said: str) -> None:
    _here, link = invited(stored)
    before = state(stored)
    assert client.post(link, data={"said": said}).status_code == 422
    assert state(stored) == before


def test_a_link_of_an_older_mail_shows_the_present_version_and_says_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    old = answer_links(stored, published(stored, here), now=NOW)[here.delegate_kh.email or ""]
    move(stored, here, row, ELEVEN)
    new = answer_links(stored, published(stored, here, LATER), now=LATER)[here.delegate_kh.email or ""]
    stored.commit()
    said = "Your mail was about an earlier version."
    page = client.get(old).text
    assert "11:00–11:40" in page
    assert said in page
    assert said not in client.get(new).text
    client.post(old, data={"said": "ACCEPTED"})
    assert of(stored, here.delegate_kh).answered_sequence == 1


def test_a_cancelled_invitation_says_so_and_takes_no_answer(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    link = answer_links(stored, published(stored, here), now=NOW)[here.delegate_kh.email or ""]
    cancel_session(stored, row, actor=here.organiser, now=LATER)
    published(stored, here, LATER)
    before = state(stored)
    page = client.get(link).text
    assert "This invitation is cancelled." in page
    assert 'name="said"' not in page
    assert client.post(link, data={"said": "ACCEPTED"}).headers["Location"] == link
    assert state(stored) == before


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        pytest.param("2026-02-05T10:20:00+09:00", "The session has started.", id="started"),
        pytest.param("2026-02-05T10:40:00+09:00", "This session is over.", id="over"),
    ],
)
def test_once_the_session_has_started_the_link_takes_no_answer(
    client: FlaskClient, stored: Session, moment: str, said: str
) -> None:
    _here, link = invited(stored)
    before = state(stored)
    with clock.frozen(datetime.fromisoformat(moment)):
        page = client.get(link).text
        assert said in page
        assert 'name="said"' not in page
        assert client.post(link, data={"said": "ACCEPTED"}).headers["Location"] == link
    assert state(stored) == before


def test_every_link_that_is_not_in_force_leads_to_the_same_page(client: FlaskClient, stored: Session) -> None:
    here, link = invited(stored)
    theirs = answer_links(stored, None, now=NOW, participation=of(stored, here.delegate_th))
    stored.commit()

    def seen(address: str) -> tuple[int, bytes, list[tuple[str, str]]]:
        answer = client.application.test_client().get(address)
        return answer.status_code, answer.data, list(answer.headers)

    unknown = seen("/r/" + "x" * 43)
    assert unknown[0] == 404
    headers = dict(unknown[2])
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    with clock.frozen(datetime.fromisoformat("2026-03-07T10:41:00+09:00")):
        assert seen(link) == unknown
    here.delegate_kh.left_at = LATER
    here.th.state = DelegationState.DECLINED
    stored.commit()
    assert seen(link) == unknown
    assert seen(theirs[here.delegate_th.email or ""]) == unknown
    before = state(stored)
    assert client.post(link, data={"said": "ACCEPTED"}).status_code == 404
    assert state(stored) == before


def test_the_page_speaks_the_language_of_its_reader_or_the_one_asked_for(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.delegate_kh.language = "ko"
    bilateral(stored, here)
    link = answer_links(stored, published(stored, here), now=NOW)[here.delegate_kh.email or ""]
    stored.commit()
    english = {"Accept-Language": "en"}
    assert 'lang="ko"' in client.get(link, headers=english).text.split("<head>")[0]
    assert 'lang="en"' in client.get(f"{link}?lang=en", headers=english).text.split("<head>")[0]
    assert client.post(f"{link}?lang=en", data={"said": "ACCEPTED"}).headers["Location"] == f"{link}?lang=en"


def test_the_secret_is_in_no_header_and_kept_by_nobody_else(client: FlaskClient, stored: Session) -> None:
    _here, link = invited(stored)
    answer = client.get(link)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert link.removeprefix("/r/") not in str(answer.headers)


def test_an_interpreter_answers_by_link_too(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    who = interpreter(stored, here)
    bilateral(stored, here, interpreters=[who])
    links = answer_links(stored, published(stored, here), now=NOW)
    stored.commit()
    assert client.post(links[who.email or ""], data={"said": "TENTATIVE"}).status_code == 302
    row = stored.scalars(select(Participation).where(Participation.interpreter_id == who.id)).one()
    assert row.answer is PartStat.TENTATIVE


def test_who_has_signed_in_as_somebody_else_still_answers_for_the_person_of_the_mail(
    client: FlaskClient, stored: Session
) -> None:
    here, link = invited(stored)
    as_(client, stored, here.head_th)
    client.post(link, data={"said": "ACCEPTED"})
    assert of(stored, here.delegate_kh).answer is PartStat.ACCEPTED
    assert of(stored, here.delegate_th).answer is PartStat.NEEDS_ACTION


def test_a_link_sent_to_a_former_address_leads_nowhere(client: FlaskClient, stored: Session) -> None:
    here, link = invited(stored)
    here.delegate_kh.email = "right.person@police.example"
    stored.commit()
    assert [client.get(link).status_code, client.post(link, data={"said": "DECLINED"}).status_code] == [404, 404]
    with clock.frozen(NOW + timedelta(hours=1)):
        move(stored, here, stored.scalars(select(MeetingSession)).one())
        new = answer_links(stored, published(stored, here, LATER), now=LATER)["right.person@police.example"]
        stored.commit()
    assert [client.get(one).status_code for one in (link, new)] == [404, 200]


def test_the_link_of_an_interpreter_ends_with_the_delegation_that_brought_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    crew = interpreter(stored, here)
    crew.delegation_id = here.kh.id
    bilateral(stored, here, interpreters=[crew])
    link = answer_links(stored, published(stored, here), now=NOW)[crew.email or ""]
    stored.commit()
    assert client.get(link).status_code == 200
    here.kh.state = DelegationState.DECLINED
    stored.commit()
    assert client.get(link).status_code == 404
