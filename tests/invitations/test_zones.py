"""Meetings in zones with half hours, and over a change of the clocks: each paper shows the hour of the venue's wall."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.services import remind
from confmgr.values.times import at
from tests import calendar_program
from tests.make_invitations import bytes_of, published
from tests.make_scheduling import World, as_, bilateral, world

CASES = [
    pytest.param("Europe/London", date(2026, 10, 24), "UTC+1", "0900", "UTC+0", "1000", id="clocks_go_back"),
    pytest.param("Africa/Casablanca", date(2026, 2, 14), "UTC+1", "0900", "UTC+0", "1000", id="ramadan_begins"),
    pytest.param("Australia/Lord_Howe", date(2026, 10, 3), "UTC+10:30", "2330", "UTC+11", "2300", id="by_half_an_hour"),
    pytest.param("America/Sao_Paulo", date(2026, 10, 24), "UTC-3", "1300", "UTC-3", "1300", id="no_change_any_more"),
    pytest.param("Asia/Kolkata", date(2026, 10, 24), "UTC+5:30", "0430", "UTC+5:30", "0430", id="half_an_hour"),
    pytest.param("Asia/Kathmandu", date(2026, 10, 24), "UTC+5:45", "0415", "UTC+5:45", "0415", id="three_quarters"),
]
"""Zone, first day, and for ten o'clock of both days what the zone is ahead and what UTC shows."""


def held_in(session: Session, zone: str, first: date) -> World:
    """Two days with a session each, at ten by the clock on the wall."""
    here = world(session)
    here.meeting.zone, here.meeting.starts_on, here.meeting.ends_on = zone, first, first + timedelta(days=1)
    for n, row in enumerate(here.meeting.days):
        row.day = first + timedelta(days=n)
    session.flush()
    for n in range(2):
        wall = at(first + timedelta(days=n), datetime.min.time().replace(hour=10))
        bilateral(session, here, starts=wall)
    return here


@pytest.mark.parametrize(("zone", "first", "ahead", "utc", "ahead_then", "utc_then"), CASES)
def test_invitations_agenda_calendar_and_digest_show_the_same_hour_before_and_after(
    app: Flask,
    client: FlaskClient,
    stored: Session,
    zone: str,
    first: date,
    ahead: str,
    utc: str,
    ahead_then: str,
    utc_then: str,
) -> None:
    now = datetime.fromisoformat(f"{first - timedelta(days=20)}T03:00:00+00:00")
    here = held_in(stored, zone, first)
    here.delegate_kh.zone = zone
    published(stored, here, now)
    starts = {f"{utc}00Z", f"{utc_then}00Z"}

    with app.app_context():
        rows = stored.scalars(select(OutboxMessage).where(OutboxMessage.delegate_id.is_(None))).all()
        mails = [bytes_of(row) for row in rows]
    plain = "".join(text(mail) for mail in mails)
    assert f"10:00–10:40 ({zone}, {ahead})" in plain
    assert f"10:00–10:40 ({zone}, {ahead_then})" in plain
    assert {line for mail in mails for line in calendar_starts(content_of(mail, "text/calendar"))} == starts

    as_(client, stored, here.head_kh)
    with clock.frozen(now):
        assert client.get("/meetings/seoul-2/my-agenda").text.count("10:00") >= 2
        assert calendar_starts(client.get("/meetings/seoul-2/my-agenda.ics").data) == starts

    for n, offset in enumerate((ahead, ahead_then)):
        evening = datetime.fromisoformat(f"{first + timedelta(days=n - 1)}T18:00:00")
        row = digest(stored, here, evening, zone)
        with app.app_context():
            mail = bytes_of(row)
        assert f"10:00–10:40 ({zone}, {offset})" in text(mail)
        assert "Your time" not in text(mail)


def digest(session: Session, here: World, evening: datetime, zone: str) -> OutboxMessage:
    """The mail of the next day; it is not there a minute before six in the evening by the clock on the wall."""
    six = evening.replace(tzinfo=ZoneInfo(zone))
    mine = select(OutboxMessage).where(
        OutboxMessage.kind == MailKind.DAY_BEFORE,
        OutboxMessage.delegate_id == here.delegate_kh.id,
        OutboxMessage.once.endswith(str(evening.date() + timedelta(days=1))),
    )
    remind(session, now=six - timedelta(minutes=1), domain="police.example")
    assert session.scalars(mine).all() == []
    remind(session, now=six, domain="police.example")
    return session.scalars(mine).one()


def content_of(raw: bytes, kind: str) -> bytes:
    return calendar_program.content(calendar_program.mail(raw), kind)


def text(raw: bytes) -> str:
    return content_of(raw, "text/plain").decode()


def calendar_starts(raw: bytes) -> set[str]:
    """The hours of DTSTART in UTC: on the wire there is no other zone."""
    Calendar.from_ical(raw)
    lines = raw.decode().replace("\r\n ", "").split("\r\n")
    return {line.rpartition("T")[2] for line in lines if line.startswith("DTSTART:")}
