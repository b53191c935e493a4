"""What users of other programs complained of in public, one test each: here it must not happen.

Each test names the complaint by the program's repository and the number of its issue.
"""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.invitations.models import Participation, Publication
from confmgr.scheduling.services import cancel_session
from tests.calendar_program import CalendarProgram, content, mail
from tests.make_invitations import bytes_of, messages, published
from tests.make_scheduling import ELEVEN, NOW, as_, bilateral, move, world

HOUR = timedelta(hours=1)


def event_of(raw: bytes) -> Any:
    return Calendar.from_ical(content(mail(raw), "text/calendar")).walk("VEVENT")[0]


def to_cambodia(app: Flask, session: Session, publication: Publication) -> list[bytes]:
    """The mails of a publication to the delegate of Cambodia, whom the builder makes first."""
    with app.app_context():
        return [bytes_of(row) for row in messages(session, publication)][::2]


def test_a_cancellation_is_a_cancel_and_no_request_with_another_status(app: Flask, stored: Session) -> None:
    """calcom/cal.diy#29706: sent as REQUEST with STATUS:CANCELLED, the event stayed."""
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    (raw,) = to_cambodia(app, stored, published(stored, here, NOW + HOUR))
    calendar = Calendar.from_ical(content(mail(raw), "text/calendar"))
    assert calendar["METHOD"] == "CANCEL"
    assert event_of(raw)["STATUS"] == "CANCELLED"


def test_mail_agenda_and_download_carry_one_and_the_same_uid(client: FlaskClient, stored: Session) -> None:
    """calcom/cal.diy#8010, #23658, #28115: different UIDs made duplicates."""
    here = world(stored)
    bilateral(stored, here)
    (raw,) = to_cambodia(client.application, stored, published(stored, here))
    as_(client, stored, here.head_kh)
    download = client.get("/meetings/seoul-2/my-agenda.ics").data
    (event,) = Calendar.from_ical(download).walk("VEVENT")
    assert event["UID"] == event_of(raw)["UID"]
    attached = Calendar.from_ical(content(mail(raw), "application/ics")).walk("VEVENT")[0]
    assert attached["UID"] == event["UID"]


def test_the_organizer_is_the_mailbox_that_sends_and_takes_answers(app: Flask, stored: Session) -> None:
    """indico/indico#7121, #6315: answers to a no-reply ORGANIZER bounced."""
    here = world(stored)
    bilateral(stored, here)
    (raw,) = to_cambodia(app, stored, published(stored, here))
    assert event_of(raw)["ORGANIZER"] == "mailto:secretariat@police.example"
    assert "<secretariat@police.example>" in str(mail(raw)["From"])
    assert mail(raw)["Reply-To"] is None
    assert "no-reply" not in raw.decode().lower().replace("noreply", "no-reply")
    assert event_of(raw)["ATTENDEE"].params["RSVP"] == "TRUE"


def test_outlook_gets_the_method_in_the_type_of_the_part_and_everything_in_the_body(
    app: Flask, stored: Session
) -> None:
    """indico/indico#5178: no buttons without method=; #6358: Outlook shows the body, not the DESCRIPTION."""
    here = world(stored)
    bilateral(stored, here)
    (raw,) = to_cambodia(app, stored, published(stored, here))
    letter = mail(raw)
    part = next(one for one in letter.walk() if one.get_content_type() == "text/calendar")
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "UTF-8")
    assert part["Content-Disposition"] is None
    for kind in ("text/plain", "text/html"):
        body = content(letter, kind).decode()
        assert all(said in body for said in ("10:00–10:40", "08:00–08:40", "Place T1", "Bilateral meeting KH–TH"))


def test_times_travel_in_utc_so_that_no_program_is_an_hour_off(app: Flask, stored: Session) -> None:
    """indico/newdle#350: one hour off in Outlook. ics-js and others lose a TZID without its VTIMEZONE."""
    here = world(stored)
    bilateral(stored, here)
    (raw,) = to_cambodia(app, stored, published(stored, here))
    lines = content(mail(raw), "text/calendar").decode().split("\r\n")
    assert "DTSTART:20260205T010000Z" in lines
    assert "DTEND:20260205T014000Z" in lines
    assert not [line for line in lines if "TZID" in line or "VTIMEZONE" in line]


def test_two_meetings_of_the_same_two_have_two_uids(app: Flask, stored: Session) -> None:
    """pretalx/pretalx#925, #762: one UID for two slots of a talk."""
    here = world(stored)
    bilateral(stored, here)
    bilateral(stored, here, starts=ELEVEN)
    first, second = to_cambodia(app, stored, published(stored, here))
    assert event_of(first)["UID"] != event_of(second)["UID"]


def test_an_update_is_the_same_event_and_never_a_recurrence(app: Flask, stored: Session) -> None:
    """nextcloud/calendar#5046: an update shown as a new event; #4727: exceptions of recurrences failed in Outlook."""
    here = world(stored)
    row = bilateral(stored, here)
    (first,) = to_cambodia(app, stored, published(stored, here))
    move(stored, here, row)
    (second,) = to_cambodia(app, stored, published(stored, here, NOW + HOUR))
    assert event_of(first)["UID"] == event_of(second)["UID"]
    assert (event_of(first)["SEQUENCE"], event_of(second)["SEQUENCE"]) == (0, 1)
    assert not {"RRULE", "RDATE", "RECURRENCE-ID", "EXDATE"} & set(event_of(second))


def test_gmail_removes_what_a_cancel_with_method_takes_back_of_a_request(app: Flask, stored: Session) -> None:
    """Couchers-org/couchers#8557: "removed" said Gmail, and kept it: the first object had no method."""
    here = world(stored)
    row = bilateral(stored, here)
    (first,) = to_cambodia(app, stored, published(stored, here))
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    (last,) = to_cambodia(app, stored, published(stored, here, NOW + HOUR))
    methods = [Calendar.from_ical(content(mail(raw), "text/calendar"))["METHOD"] for raw in (first, last)]
    assert methods == ["REQUEST", "CANCEL"]
    assert {str(event_of(raw)["ATTENDEE"]) for raw in (first, last)} == {f"mailto:{here.delegate_kh.email}"}
    program = CalendarProgram(here.delegate_kh.email or "")
    program.receive(first)
    program.receive(last)
    assert program.agenda() == []


def test_no_version_carries_a_lower_sequence_or_an_older_stamp(app: Flask, stored: Session) -> None:
    """adamgibbons/ics#128: an update with a lower SEQUENCE is ignored by Exchange and Google."""
    here = world(stored)
    row = bilateral(stored, here)
    rows = messages(stored, published(stored, here))[:1]
    for number in range(1, 4):
        move(stored, here, row, ELEVEN + number * HOUR)
        rows += messages(stored, published(stored, here))[:1]
    assert [one.sequence for one in rows] == [0, 1, 2, 3]
    stamps = [one.dtstamp for one in rows]
    assert stamps == sorted(set(stamps))


def test_a_calendar_ends_with_its_last_line_and_no_blank_one(app: Flask, stored: Session) -> None:
    """adamgibbons/ics#199: a blank line at the end broke Gmail."""
    here = world(stored)
    bilateral(stored, here)
    (raw,) = to_cambodia(app, stored, published(stored, here))
    calendar = content(mail(raw), "text/calendar")
    assert calendar.endswith(b"END:VCALENDAR\r\n")
    assert b"\r\n\r\n" not in calendar
    assert b"\n" not in calendar.replace(b"\r\n", b"")


def test_who_heard_something_has_a_participation_for_ever(stored: Session) -> None:
    """Calendars know an event by its UID alone: it never changes hands, and is never given again."""
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    first = {one.uid for one in stored.scalars(select(Participation))}
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    published(stored, here, NOW + HOUR)
    bilateral(stored, here)
    published(stored, here, NOW + 2 * HOUR)
    later = {one.uid for one in stored.scalars(select(Participation))}
    assert first < later
    assert len(later) == 4
