"""Mails that mean harm: none stops the page of the replies, the mailbox, or the answer of somebody else."""

import base64
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.delegations.domain import DelegationState
from confmgr.invitations import services
from confmgr.invitations.domain import PartStat, ReplyState
from confmgr.invitations.replies import read
from tests.make_replies import OUR_SERVER, calendar, incoming, invited
from tests.make_scheduling import NOW, as_

SOON = NOW + timedelta(hours=2)
PAGE = "/meetings/seoul-2/replies"
EVIL = "somebody@evil.example"


@pytest.fixture(autouse=True)
def three_weeks_before_the_meeting() -> Iterator[None]:
    with time_machine.travel(SOON, tick=False):
        yield


@pytest.mark.parametrize("day", ["99991231", "00010101", "18991231", "21010101"])
def test_a_time_proposed_for_the_end_of_the_calendar_does_not_break_the_page(
    client: FlaskClient, stored: Session, day: str
) -> None:
    here, _person = invited(stored)
    times = (f"DTSTART:{day}T000000Z", f"DTEND:{day}T233000Z")
    text = calendar("nobody-knows-this", EVIL, method="COUNTER", lines=times)
    row = services.take(stored, incoming(text, EVIL, top=""), now=SOON)
    stored.commit()
    answer = as_(client, stored, here.organiser).get(PAGE)
    assert (answer.status_code, row.facts["proposed"]) == (200, [])


@pytest.mark.parametrize("kind", ["text/calendar", "text/plain"])
def test_a_character_set_that_is_dear_to_read_takes_no_time(kind: str) -> None:
    body = base64.encodebytes(b"BEGIN:VCALENDAR-" + b"a" * 700_000)
    raw = (
        f"From: {EVIL}\r\nContent-Type: {kind}; charset=punycode\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    )
    began = time.process_time()
    read(raw + body, OUR_SERVER)
    assert time.process_time() - began < 3


def test_a_mail_that_takes_the_name_of_another_before_it_comes_does_not_stop_it(session: Session) -> None:
    here, person = invited(session)
    address = str(here.delegate_kh.email)
    services.take(session, incoming(calendar("x", EVIL), EVIL, top="", message_id="<true@mail.example>"), now=SOON)
    text = calendar(person.uid, address, "DECLINED")
    true = [services.take(session, incoming(text, address, message_id="<true@mail.example>"), now=SOON) for _ in "ab"]
    assert (true[0].state, true[0].id) == (ReplyState.APPLIED, true[1].id)
    assert person.answer is PartStat.DECLINED


@pytest.mark.parametrize("whole", [False, True])
def test_who_has_left_answers_nothing_by_mail(session: Session, *, whole: bool) -> None:
    here, person = invited(session)
    if whole:
        here.kh.state = DelegationState.DECLINED
    else:
        here.delegate_kh.left_at = NOW
    session.flush()
    address = str(here.delegate_kh.email)
    row = services.take(session, incoming(calendar(person.uid, address), address), now=SOON)
    assert (row.state, row.reason, person.answer) == (ReplyState.OLD, "left", PartStat.NEEDS_ACTION)


SECRET = "dG9rZW4tdG9rZW4tdG9rZW4tdG9rZW4tdG9rZW4-_aa"


@pytest.mark.parametrize(
    "before", ["https://confmgr.example/r/", "https://safe.example/?url=https%3A%2F%2Fx%2Fr%2F", "/f/"]
)
def test_the_secret_link_below_an_answer_is_not_kept(session: Session, before: str) -> None:
    here, person = invited(session)
    address = str(here.delegate_kh.email)
    written = f"From: {address}\r\n\r\nI cannot come.\r\n> Answer: {before}{SECRET}\r\n> {before}{SECRET}.ics\r\n"
    said = calendar(person.uid, address, "DECLINED", lines=(f"COMMENT:Sorry {before}{SECRET}",))
    rows = [services.take(session, one, now=SOON) for one in (read(written.encode(), None), incoming(said, address))]
    assert [SECRET in (row.comment or "") for row in rows] == [False, False]
    assert person.reason == f"Sorry {before}***"
