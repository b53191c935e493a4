"""Whatever people write into a field that reaches a mail or a calendar: one mail to one person, one event, no header more."""

from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from confmgr.invitations.domain import MailKind
from confmgr.values.texts import has_controls
from confmgr.values.words import Words
from tests.make_invitations import bytes_of, messages, published
from tests.make_scheduling import World, bilateral, world

HEADERS = {
    "Content-Type",
    "MIME-Version",
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "Content-Language",
}
BAD = {
    "a line break": "Planning\r\nBcc: evil@elsewhere.example\r\n\r\nBody",
    "an event in the text": "Planning\nEND:VEVENT\nBEGIN:VEVENT\nUID:evil",
    "quotes and signs": "Planning \"A\"; B, C: \\n ^n 'D' <b>&amp;",
    "bidi controls": "Planning \u202egnp.exe\u202c \u2066x\u2069",
    "characters of four bytes": "Planning 🚔🚓 𝔄 👨‍👩‍👧" * 8,
    "controls": "Plan\x00ning\x0b\x1b[31m \x7f\x85\u2028x",
}


def into(here: World, field: str, text: str) -> None:
    """Write a text into a field that mails are made from."""
    if field == "name":
        here.delegate_kh.name = text
    elif field == "meeting":
        here.meeting.title = Words.of(text)
    elif field == "place":
        here.t1.name = Words.of(text)
    elif field == "building":
        here.t1.building = text
    elif field == "operation":
        here.meeting.operation.name = Words.of(text)
    elif field == "party":
        here.th.party.short_name = Words.of(text)


@pytest.mark.parametrize("field", ["title", "name", "meeting", "place", "building", "operation", "party"])
@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_no_text_adds_a_header_an_address_or_an_event(app: Flask, stored: Session, field: str, text: str) -> None:
    here = world(stored)
    into(here, field, text)
    stored.flush()
    bilateral(stored, here, title=Words.of(text) if field == "title" else None)
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        raw = bytes_of(row, "t" * 43)
    mail = message_from_bytes(raw, policy=default)
    assert set(mail.keys()) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert [one.addr_spec for one in mail["To"].addresses] == [here.delegate_kh.email]
    assert not has_controls(str(mail["Subject"]) + str(mail["To"]))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()}
    calendar = parts["text/calendar"]
    assert isinstance(calendar, bytes)
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    events = Calendar.from_ical(calendar).walk("VEVENT")
    assert [(str(one["uid"]), one.errors) for one in events] == [(row.uid, [])]
    assert not has_controls("".join(str(events[0].get(name, "")) for name in ("summary", "location", "description")))
    assert not isinstance(events[0]["attendee"], list)
    assert not has_controls(str(events[0]["attendee"].params["CN"]))


@pytest.mark.parametrize("field", ["title", "meeting", "place", "building"])
@pytest.mark.parametrize("kind", [MailKind.INVITATION, MailKind.PROPOSAL_ANSWER, MailKind.DAY_BEFORE])
def test_no_part_of_any_mail_holds_what_nobody_types(app: Flask, stored: Session, kind: MailKind, field: str) -> None:
    here = world(stored)
    into(here, field, BAD["bidi controls"])
    stored.flush()
    bilateral(stored, here, title=Words.of(BAD["bidi controls"]) if field == "title" else None)
    row = messages(stored, published(stored, here))[0]
    told = {**row.facts["session"], "answer": "ACCEPTED"}
    row.kind, row.facts = kind, {**row.facts, "sessions": [told], "day": "2026-02-05"}
    with app.app_context():
        raw = bytes_of(row)
    mail = message_from_bytes(raw, policy=default)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert any("gnp.exe" in text for text in texts)
    assert not any(has_controls(text) for text in texts)


def test_a_long_text_of_any_script_comes_back_as_it_was(app: Flask, stored: Session) -> None:
    here = world(stored)
    title = "국제 공조 ពិភាក្សា 🚔 " * 12
    bilateral(stored, here, title=Words.of(title))
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        raw = bytes_of(row)
    mail = message_from_bytes(raw, policy=default)
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    event = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]  # type: ignore[arg-type]
    assert str(event["summary"]) == title
    assert title.strip() in str(mail["Subject"])
