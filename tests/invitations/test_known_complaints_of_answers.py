"""What users of other programs complained of in public, about answers and feeds: here it must not happen.

Each test names the complaint by the program's repository and the number of its issue.
"""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.delegations.models import Delegate
from confmgr.invitations import services
from confmgr.invitations.domain import FeedKind, PartStat, ReplyState
from confmgr.invitations.models import OutboxMessage, Participation
from tests.calendar_program import CalendarProgram, Kept
from tests.make_invitations import answer_links, bytes_of, messages, published
from tests.make_replies import calendar, incoming, invited, told
from tests.make_scheduling import NOW, World, as_, bilateral, move, world

HOUR = timedelta(hours=1)


def address_of(here: World) -> str:
    return here.delegate_kh.email or ""


def test_outlooks_answer_without_an_organizer_counts(session: Session) -> None:
    """nextcloud/server#53949, #58904: a REPLY without ORGANIZER was discarded."""
    here, person = invited(session)
    text = calendar(person.uid, address_of(here), "ACCEPTED")
    assert "ORGANIZER" not in text
    assert services.take(session, incoming(text, address_of(here)), now=NOW + HOUR).state is ReplyState.APPLIED
    assert person.answer is PartStat.ACCEPTED


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_a_scanner_that_opens_the_link_answers_nothing(client: FlaskClient, stored: Session, method: str) -> None:
    """nextcloud/server#58746, pkp/pkp-lib#11690: Safe Links opened the address and declined the invitation."""
    here = world(stored)
    bilateral(stored, here)
    links = answer_links(stored, published(stored, here), now=NOW)
    stored.commit()
    with time_machine.travel(NOW + HOUR, tick=False):
        for query in ("", "?said=DECLINED", "?answer=declined"):
            client.open(links[address_of(here)] + query, method=method)
    stored.expire_all()
    assert {row.answer for row in stored.scalars(select(Participation))} == {PartStat.NEEDS_ACTION}


def test_nobody_comes_in_by_answering_an_invitation_of_somebody_else(session: Session) -> None:
    """nextcloud/server#34230: party crashers were added as attendees."""
    _here, person = invited(session)
    before = session.scalar(select(func.count()).select_from(Participation)), _people(session)
    crasher = calendar(person.uid, "crasher@elsewhere.example")
    row = services.take(session, incoming(crasher, "crasher@elsewhere.example"), now=NOW + HOUR)
    assert (row.state, row.reason) == (ReplyState.HELD, "other_sender")
    assert person.answer is PartStat.NEEDS_ACTION
    assert (session.scalar(select(func.count()).select_from(Participation)), _people(session)) == before


def _people(session: Session) -> int | None:
    return session.scalar(select(func.count()).select_from(Delegate))


def test_a_calendar_that_is_taken_in_writes_to_nobody(client: FlaskClient, stored: Session) -> None:
    """nextcloud/calendar#467: an import invited everybody again."""
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    before = stored.scalar(select(func.count()).select_from(OutboxMessage))
    as_(client, stored, here.head_kh)
    download = client.get("/meetings/seoul-2/my-agenda.ics").data
    organised = download.replace(b"END:VEVENT", b"ATTENDEE;RSVP=TRUE:mailto:all@police.example\r\nEND:VEVENT")
    page = f"/meetings/seoul-2/busy/{here.delegate_kh.uuid}"
    answer = client.post(page, data={"file": (_file(organised), "own.ics")}, content_type="multipart/form-data")
    assert answer.status_code < 500
    stored.commit()
    assert stored.scalar(select(func.count()).select_from(OutboxMessage)) == before


def _file(content: bytes) -> object:
    from io import BytesIO

    return BytesIO(content)


@pytest.mark.parametrize("moves", [True, False], ids=["moved", "renamed"])
def test_an_attendee_who_raised_the_sequence_still_gets_the_next_update(
    app: Flask,
    stored: Session,
    moves: bool,  # the two cases of one promise
) -> None:
    """tutao/tutanota#2807: the attendee's program raised SEQUENCE, and the organiser's next update was lost."""
    here, person = invited(stored)
    text = calendar(person.uid, address_of(here), sequence=5)
    assert services.take(stored, incoming(text, address_of(here)), now=NOW + HOUR).state is ReplyState.APPLIED
    program = CalendarProgram(address_of(here))
    program.events[person.uid] = Kept(5, NOW + HOUR, gone=False, shown=(NOW, NOW, "", ""))
    row = person.session
    if moves:
        move(stored, here, row)
    else:
        row.place = here.t2
        stored.flush()
    publication = published(stored, here, NOW + 2 * HOUR)
    message = next(one for one in messages(stored, publication) if one.recipient == address_of(here))
    with app.app_context():
        program.receive(bytes_of(message))
    assert message.sequence == (6 if moves else 5)
    assert program.agenda()[0][3].startswith("Place")


def test_an_older_answer_does_not_count_again_after_a_number_was_raised(session: Session) -> None:
    here, person = invited(session)
    accepted = calendar(person.uid, address_of(here), sequence=7, dtstamp="20260115T043000Z")
    services.take(session, incoming(accepted, address_of(here)), now=NOW + 2 * HOUR)
    move(session, here, person.session, starts=person.session.starts_local, place=here.t2, anyway=False)
    person = told(session, here, NOW + 3 * HOUR)
    declined = calendar(person.uid, address_of(here), "DECLINED", sequence=7, dtstamp="20260115T041500Z")
    late = services.take(session, incoming(declined, address_of(here), message_id="<2@x>"), now=NOW + 4 * HOUR)
    assert (late.reason, person.sequence, person.answer) == ("older_answer", 7, PartStat.ACCEPTED)


def test_a_number_from_elsewhere_does_not_run_away_with_the_sequence(session: Session) -> None:
    """The same, by somebody who means harm: 2^31 - 1 would leave no number above it."""
    here, person = invited(session)
    text = calendar(person.uid, address_of(here), sequence=2**31 - 1)
    services.take(session, incoming(text, address_of(here)), now=NOW + HOUR)
    move(session, here, person.session)
    assert told(session, here, NOW + 2 * HOUR).sequence == 1


def test_an_unproved_number_changes_nothing(session: Session) -> None:
    here, person = invited(session)
    text = calendar(person.uid, address_of(here), sequence=5)
    row = services.take(session, incoming(text, address_of(here), top=""), now=NOW + HOUR)
    assert row.state is ReplyState.HELD
    move(session, here, person.session)
    assert told(session, here, NOW + 2 * HOUR).sequence == 1


def test_a_feed_says_how_often_to_come_and_is_complete_at_each_visit(client: FlaskClient, stored: Session) -> None:
    """nextcloud/calendar#7918: Google never refreshed; sabre-io/dav#1168: a TZID without VTIMEZONE was not taken."""
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    _row, token = services.make_feed(
        stored, here.meeting, actor=here.head_kh, now=NOW, kind=FeedKind.PERSONAL, language="en"
    )
    stored.commit()
    with time_machine.travel(NOW + HOUR, tick=False):
        answer = client.get(f"/f/{token}.ics")
    text = answer.text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text
    assert "TZID" not in text
    assert len(Calendar.from_ical(text).walk("VEVENT")) == 1
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["ETag"]
