"""What a reminder says, in whose language and by whose clock; never a calendar, never a case."""

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations.domain import AnswerWay, MailKind, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.invitations.reminder_rows import heads
from confmgr.invitations.services import answer, hand_over, remind
from confmgr.jobs import running
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.jobs.registry import every_minute
from tests.make_invitations import bytes_of, case, published
from tests.make_scheduling import ELEVEN, NOW, World, bilateral, world

EVENING = datetime.fromisoformat("2026-02-04T11:00:00+00:00")
SOON = datetime.fromisoformat("2026-02-05T00:30:00+00:00")
WEEK = datetime.fromisoformat("2026-01-29T02:00:00+00:00")


def programme(session: Session) -> World:
    here = world(session)
    hidden = case(session, here, "Voice phishing ring in Sihanoukville")
    bilateral(session, here, cases=[hidden])
    bilateral(session, here, starts=ELEVEN)
    published(session, here)
    for row in session.scalars(select(OutboxMessage)):
        row.state = OutboxState.SENT
    session.flush()
    return here


def first(session: Session, now: datetime, kind: MailKind) -> OutboxMessage:
    """The first mail of a kind that is due at an instant: to the head of Cambodia."""
    remind(session, now=now, domain="police.example")
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.delegate_id))
    return next(iter(rows))


def opened(app: Flask, row: OutboxMessage) -> EmailMessage:
    with app.app_context():
        raw = bytes_of(row)
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_the_digest_of_a_day_names_each_session_with_both_times_its_place_and_the_answer(
    app: Flask, stored: Session
) -> None:
    here = programme(stored)
    mine = stored.scalars(select(Participation).where(Participation.delegate_id == here.delegate_kh.id)).first()
    assert mine is not None
    answer(stored, mine, actor=here.head_kh, now=NOW, said=PartStat.ACCEPTED, way=AnswerWay.AGENDA)
    mail = opened(app, first(stored, EVENING, MailKind.DAY_BEFORE))
    assert mail["Subject"] == "TLP:GREEN Reminder: 2 sessions on Thursday, 5 February 2026"
    assert text(mail).split("\n\n")[2] == (
        "Bilateral meeting KH–TH\n"
        "Thursday, 5 February 2026, 10:00–10:40 (Asia/Seoul, UTC+9)\n"
        "Your time: Thu, 5 Feb 08:00–08:40 (Asia/Phnom_Penh, UTC+7)\n"
        "Place: Place T1\n"
        "Your answer: Accepted"
    )
    assert "11:00–11:40" in text(mail)
    assert "Your answer: No answer yet" in text(mail)


def test_shortly_before_one_session_is_named_by_the_clock_of_the_place_where_the_reader_is(
    app: Flask, stored: Session
) -> None:
    programme(stored)
    mail = opened(app, first(stored, SOON, MailKind.HOUR_BEFORE))
    assert mail["Subject"] == ("TLP:GREEN Reminder: Bilateral meeting KH–TH, Thursday, 5 February 2026, 10:00–10:40")
    assert "Your time" not in text(mail)
    assert "11:00" not in text(mail)


def test_missing_answers_are_listed_with_the_way_to_the_agenda_and_no_secret_link(app: Flask, stored: Session) -> None:
    programme(stored)
    mail = opened(app, first(stored, WEEK, MailKind.ANSWERS_MISSING))
    assert mail["Subject"] == "TLP:GREEN Reminder: 2 invitations wait for your answer"
    assert "https://meet.example/meetings/seoul-2/my-agenda" in text(mail)
    assert "/r/" not in text(mail) + text(mail, "html")


@pytest.mark.parametrize(
    ("now", "kind"),
    [(EVENING, MailKind.DAY_BEFORE), (SOON, MailKind.HOUR_BEFORE), (WEEK, MailKind.ANSWERS_MISSING)],
)
def test_a_reminder_is_no_invitation_says_its_marking_and_never_a_case(
    app: Flask, stored: Session, now: datetime, kind: MailKind
) -> None:
    here = programme(stored)
    row = first(stored, now, kind)
    mail = opened(app, row)
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == f"Sok Dara <{here.delegate_kh.email}>"
    assert mail["In-Reply-To"] == row.thread_id != row.message_id
    for part in ("plain", "html"):
        assert text(mail, part).count("TLP:GREEN") == 2
        assert "Sihanoukville" not in text(mail, part)
        assert "KH-01" not in text(mail, part)


def test_a_reminder_is_written_in_its_readers_language(app: Flask, stored: Session) -> None:
    here = world(stored)
    here.delegate_kh.language = "ko"
    bilateral(stored, here)
    published(stored, here)
    mail = opened(app, first(stored, EVENING, MailKind.DAY_BEFORE))
    assert mail["Content-Language"] == "ko"
    assert mail["Subject"] == "TLP:GREEN 알림: 2026년 2월 5일 목요일 세션 1건"
    assert 'lang="ko"' in text(mail, "html")


def test_due_results_are_counted_and_dated_and_nothing_else(app: Flask, stored: Session) -> None:
    here = world(stored)
    hand_over(
        stored,
        here.meeting,
        kind=MailKind.RESULTS_DUE,
        recipient=heads(stored, here.meeting)[here.kh.party_id],
        once="results_due:x",
        facts={
            "due": [
                {"day": "2026-02-09", "requests": 1, "overdue": True},
                {"day": "2026-02-18", "requests": 2, "overdue": False},
            ],
            "page": "/operations/breaking-chains/follow-up",
        },
        now=NOW,
        at=NOW,
        domain="police.example",
    )
    mail = opened(app, stored.scalars(select(OutboxMessage)).one())
    assert mail["Subject"] == "TLP:GREEN Reminder: the results of 3 requests are due"
    assert "1 request was due on Monday, 9 February 2026.\n2 requests are due on Wednesday, 18 February 2026." in text(
        mail
    )
    assert "https://meet.example/operations/breaking-chains/follow-up" in text(mail)


def test_the_worker_writes_what_is_due_each_minute_and_sends_it(app: Flask, stored: Session) -> None:
    programme(stored)
    stored.commit()
    assert "remind" in every_minute
    with clock.frozen(SOON), app.app_context():
        running.run_periodic(app)
        waiting = list(stored.scalars(select(Job.id).where(Job.state == JobState.WAITING)))
        stored.rollback()
        for ident in waiting:
            running.run(app, ident)
    rows = stored.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.HOUR_BEFORE)).all()
    assert {(row.state, row.sent_at) for row in rows} == {(OutboxState.SENT, SOON)}
    assert len(rows) == 2
