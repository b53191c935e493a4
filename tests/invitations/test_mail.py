"""Mails as bytes, and their way out: to a folder, to a server that takes them, to one that refuses."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.scheduling.services import cancel_session
from confmgr.values.languages import LANGUAGES
from confmgr.web import formats
from tests import calendar_program
from tests.make_invitations import bytes_of, case, messages, published
from tests.make_mail import Refusing, Taking, send, server
from tests.make_scheduling import NOW, bilateral, move, world


def opened(row: OutboxMessage) -> EmailMessage:
    return calendar_program.mail(bytes_of(row))


def calendar_lines(mail: EmailMessage) -> set[str]:
    """The content lines of the calendar part, unfolded (RFC 5545, 3.1)."""
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    Calendar.from_ical(content)
    return set(content.decode().replace("\r\n ", "").split("\r\n"))


def test_an_invitation_carries_text_html_and_the_same_calendar_twice(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        mail = opened(row)
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    calendars = [p.get_payload(decode=True) for p in mail.walk() if p.get_content_type().endswith(("calendar", "ics"))]
    assert calendars[0] == calendars[1]
    assert mail["Subject"] == "TLP:GREEN Invitation: Bilateral meeting KH–TH, Thursday, 5 February 2026, 10:00–10:40"
    assert mail["Message-ID"] == row.message_id
    lines = calendar_lines(mail)
    assert {"METHOD:REQUEST", f"UID:{row.uid}", "SEQUENCE:0", "DTSTART:20260205T010000Z"} <= lines
    attendee = next(line for line in lines if line.startswith("ATTENDEE"))
    assert attendee.endswith(f":mailto:{here.delegate_kh.email}")
    assert "RSVP=TRUE" in attendee


def test_a_mail_tells_the_time_of_the_venue_and_of_the_reader(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        body = opened(row).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Thursday, 5 February 2026, 10:00–10:40 (Asia/Seoul, UTC+9)" in text
    assert "08:00–08:40 (Asia/Phnom_Penh, UTC+7)" in text
    assert "https://meet.example/meetings/seoul-2/my-agenda" in text


def test_a_moved_and_a_cancelled_session_say_so(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    move(stored, here, row, place=here.t2, anyway=False)
    moved = messages(stored, published(stored, here, NOW + timedelta(hours=1)))[0]
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    gone = messages(stored, published(stored, here, NOW + timedelta(hours=2)))[0]
    with app.app_context():
        first, second = opened(moved), opened(gone)
    assert str(first["Subject"]).startswith("TLP:GREEN Changed: Bilateral meeting KH–TH")
    plain = first.get_body(("plain",))
    assert plain is not None
    assert "Thu, 5 Feb 10:00–10:40, Place T1" in plain.get_content()
    assert str(second["Subject"]).startswith("TLP:GREEN Cancelled: Bilateral meeting KH–TH")
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2"} <= calendar_lines(second)


def test_no_mail_ever_names_a_case(app: Flask, stored: Session) -> None:
    here = world(stored)
    hidden = case(stored, here, "Voice phishing ring in Sihanoukville")
    bilateral(stored, here, cases=[hidden])
    with app.app_context():
        for row in messages(stored, published(stored, here)):
            text = "".join(str(part.get_payload(decode=True)) for part in opened(row).walk() if not part.is_multipart())
            assert "Sihanoukville" not in text
            assert "KH-01" not in text


def test_a_name_with_a_line_break_cannot_add_a_header(app: Flask, stored: Session) -> None:
    here = world(stored)
    here.delegate_kh.name = "Sok Dara\r\nBcc: somebody@elsewhere.example"
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        mail = opened(row)
    assert mail["Bcc"] is None
    assert mail["Message-ID"] == row.message_id


def test_a_server_takes_the_very_bytes_that_are_kept(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    taking = Taking()
    with server(app, taking):
        rows = send(app, stored)
        send(app, stored, 10)
    assert [row.state for row in rows] == [OutboxState.SENT, OutboxState.SENT]
    assert [(row.sent_at, row.attempts) for row in rows] == [(NOW, 1), (NOW, 1)]
    assert [to for to, _raw in taking.taken] == [row.recipient for row in rows]
    assert [raw for _to, raw in taking.taken] == [row.raw for row in rows]
    assert all(len(line) < 998 for row in rows for line in (row.raw or b"").split(b"\r\n"))


def test_a_mailbox_that_does_not_exist_is_refused_for_good(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    with server(app, Refusing("550 No such mailbox")):
        rows = send(app, stored)
    assert {row.state for row in rows} == {OutboxState.REFUSED}
    assert {row.problem for row in rows} == {"550 No such mailbox"}


def test_a_server_that_is_busy_is_asked_again_later_with_the_same_bytes(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    with server(app, Refusing("451 Try again later")):
        first = send(app, stored)
        early = send(app, stored)
    assert {(row.state, row.attempts, row.next_at) for row in first} == {
        (OutboxState.WAITING, 1, NOW + timedelta(minutes=1))
    }
    assert {row.attempts for row in early} == {1}
    digests = {row.sha256 for row in first}
    with server(app, Taking()):
        rows = send(app, stored, 2)
    assert {(row.state, row.attempts) for row in rows} == {(OutboxState.SENT, 2)}
    assert {row.sha256 for row in rows} == digests


def test_a_server_that_stays_away_is_given_up_after_six_attempts(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    minutes = 0
    with server(app, Refusing("451 Try again later")):
        for wait in (0, 1, 5, 15, 60, 240):
            minutes += wait
            rows = send(app, stored, minutes)
    assert {(row.state, row.attempts) for row in rows} == {(OutboxState.REFUSED, 6)}


def test_without_a_server_mails_stay_in_a_folder_on_this_machine(app: Flask, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    folder = app.extensions["confmgr"].instance / "mail"
    before = len(list(folder.glob("new/*"))) if folder.exists() else 0
    rows = send(app, stored)
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert len(list(folder.glob("new/*"))) == before + 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_speaks_the_language_of_its_reader(app: Flask, stored: Session, language: str) -> None:
    here = world(stored)
    here.delegate_kh.language = language
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        mail = opened(row)
    assert mail["Content-Language"] == language
    assert any(line.startswith(f"SUMMARY;LANGUAGE={language}:") for line in calendar_lines(mail))


@pytest.mark.parametrize(
    ("zone", "text"),
    [("Asia/Seoul", "UTC+9"), ("Asia/Kathmandu", "UTC+5:45"), ("America/St_Johns", "UTC-3:30"), ("UTC", "UTC+0")],
)
def test_a_zone_is_told_by_what_it_is_ahead(zone: str, text: str) -> None:
    assert formats.offset(zone, NOW) == text
