"""The page of replies: what waits and why, what becomes of it at a press, and who may not look at all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations import ingesting, rendering, services
from confmgr.invitations.domain import MailKind, PartStat, ReplyState
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage, Participation, Reply
from confmgr.invitations.replies import read
from confmgr.meetings.domain import MeetingState
from tests import make
from tests.conftest import Counter
from tests.make_replies import OUR_SERVER, bounce, calendar, incoming, invited, mail
from tests.make_scheduling import NOW, World, as_

SOON = NOW + timedelta(hours=2)
PAGE = "/meetings/seoul-2/replies"
TIMES = ("DTSTART:20260205T060000Z", "DTEND:20260205T064000Z")


@pytest.fixture(autouse=True)
def three_weeks_before_the_meeting() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def take(session: Session, person: Participation, said: str = "ACCEPTED", **how: Any) -> Reply:
    """A reply of the delegate that nobody proves."""
    assert person.delegate is not None
    address = how.pop("sender", str(person.delegate.email))
    wrapped = {key: how.pop(key) for key in ("top", "message_id") if key in how}
    text = calendar(how.pop("uid", person.uid), address, said, **how)
    return services.take(session, incoming(text, address, **({"top": ""} | wrapped)), now=SOON)


def reloaded(session: Session, row: Any) -> Any:
    session.commit()
    session.refresh(row)
    return row


def test_a_reply_that_comes_in_changes_the_answer_and_is_on_the_page(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here, person = invited(stored)
    stored.commit()
    address = str(here.delegate_kh.email)
    with app.app_context(), clock.frozen(SOON):
        assert ingesting.keep(mail(calendar(person.uid, address), address)) == "unverified"
    as_(client, stored, here.organiser)
    page = client.get(PAGE).text
    assert "1 mail waits for you" in page
    assert "Sok Dara" in page
    assert "Bilateral meeting KH–TH" in page
    assert "Our mail server could not prove the sender." in page
    row = stored.scalars(select(Reply)).one()
    answer = client.post(f"{PAGE}/{row.uuid}/take-over", data={"version": row.version}, follow_redirects=True)
    assert "The answer is taken over." in answer.text
    assert "Nothing waits for you." in answer.text
    assert reloaded(stored, person).answer is PartStat.ACCEPTED
    assert "Taken over" in client.get(f"{PAGE}?show=taken").text


def test_each_part_of_the_page_holds_what_its_name_says(client: FlaskClient, stored: Session) -> None:
    here, person = invited(stored)
    sent = stored.scalars(select(OutboxMessage).where(OutboxMessage.participation_id == person.id)).one()
    take(stored, person, top=None, lines=("COMMENT:I bring two colleagues",))
    take(stored, person, "TENTATIVE", method="COUNTER", lines=TIMES, message_id="<2@x>")
    take(stored, person, 'DELEGATED;DELEGATED-TO="mailto:deputy@police.example"', message_id="<3@x>")
    take(stored, person, uid="unknown", message_id="<4@x>")
    services.take(stored, read(bounce(sent.message_id), OUR_SERVER), now=SOON)
    services.take(stored, read(b"Auto-Submitted: auto-replied\r\nSubject: I am away\r\n\r\n", None), now=SOON)
    services.take(stored, read(b"From: x@y.example\r\nSubject: Flight\r\n\r\nWe land at noon.", None), now=SOON)
    as_(client, stored, here.organiser)
    waiting = client.get(PAGE).text
    for words in (
        "4 mails wait for you",
        "Proposes Thu, 5 Feb, 15:00–15:40",
        "Passes it on to deputy@police.example",
        "It answers an invitation that is not known here.",
        "We land at noon.",
        "Decline the time",
    ):
        assert words in waiting
    assert "I bring two colleagues" in client.get(f"{PAGE}?show=applied").text
    assert "550 5.1.1 No such user" in client.get(f"{PAGE}?show=bounced").text
    assert "I am away" in client.get(f"{PAGE}?show=aside").text
    everything = client.get(f"{PAGE}?show=all").text
    assert "I am away" in everything
    assert "No such user" in everything
    assert client.get(f"{PAGE}?show=taken").status_code == 200
    assert client.get(f"{PAGE}?show=elsewhere").status_code == 404


def test_a_page_that_is_out_of_date_changes_nothing(client: FlaskClient, stored: Session) -> None:
    here, person = invited(stored)
    row = take(stored, person)
    as_(client, stored, here.organiser)
    seen = row.version
    assert client.post(f"{PAGE}/{row.uuid}/set-aside", data={"version": seen}).status_code == 302
    answer = client.post(f"{PAGE}/{row.uuid}/take-over", data={"version": seen})
    assert answer.status_code == 409
    assert "Somebody else changed this while you had it open." in answer.text
    assert reloaded(stored, person).answer is PartStat.NEEDS_ACTION


def test_all_ticked_answers_without_proof_are_taken_over_at_once(client: FlaskClient, stored: Session) -> None:
    here, person = invited(stored)
    other = stored.scalars(select(Participation).where(Participation.delegate_id == here.delegate_th.id)).one()
    rows = [
        take(stored, person),
        take(stored, other, "DECLINED", message_id="<2@x>"),
        take(stored, person, sender="x@y.example", message_id="<3@x>"),
    ]
    as_(client, stored, here.organiser)
    ticked = [f"{row.uuid}:{row.version}" for row in rows]
    answer = client.post(f"{PAGE}/ticked", data={"replies": ticked, "act": "take"}, follow_redirects=True)
    assert "2 answers are taken over." in answer.text
    assert "1 of the ticked mails goes on waiting" in answer.text
    assert reloaded(stored, person).answer is PartStat.ACCEPTED
    assert reloaded(stored, other).answer is PartStat.DECLINED
    assert client.post(f"{PAGE}/ticked", data={"replies": ticked, "act": "take"}).status_code == 409
    left = client.post(f"{PAGE}/ticked", data={"replies": ticked[2:], "act": "aside"}, follow_redirects=True)
    assert "1 mail is set aside." in left.text
    assert reloaded(stored, rows[2]).state is ReplyState.DISMISSED


def test_the_home_page_says_what_waits_and_what_came_back(client: FlaskClient, stored: Session) -> None:
    here, person = invited(stored)
    sent = stored.scalars(select(OutboxMessage).where(OutboxMessage.participation_id == person.id)).one()
    take(stored, person)
    services.take(stored, read(bounce(sent.message_id), OUR_SERVER), now=SOON)
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2").text
    assert "1 reply waits for you" in page
    assert "1 mail came back undelivered" in page
    assert "Replies by mail" in page


@pytest.mark.parametrize(
    "form",
    [
        {"replies": ["x:1", "é:2"], "act": "fly"},
        {"replies": ["------------------------------------:1"], "act": "take"},
        {},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(client: FlaskClient, stored: Session, form: dict[str, Any]) -> None:
    here, _person = invited(stored)
    as_(client, stored, here.organiser)
    assert client.post(f"{PAGE}/ticked", data=form).status_code == 400


def test_who_proposed_a_time_gets_a_mail_that_calendars_understand(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here, person = invited(stored)
    row = take(stored, person, "TENTATIVE", method="COUNTER", lines=TIMES)
    as_(client, stored, here.organiser)
    assert client.post(f"{PAGE}/{row.uuid}/decline", data={"version": row.version}).status_code == 302
    sent = stored.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.PROPOSAL_ANSWER)).one()
    with app.test_request_context():
        done = rendering.render(
            sent, sender=Correspondent("secretariat@police.example", "S"), base_url="https://m.example"
        )
    opened = message_from_bytes(done.raw, policy=default)
    plain = next(one for one in opened.walk() if one.get_content_type() == "text/plain").get_content()
    assert "Proposed: Thursday, 5 February 2026, 15:00–15:40" in plain
    assert "Thursday, 5 February 2026, 10:00–10:40" in plain
    assert "accept or decline in your calendar, or by the address in the invitation." in plain
    assert "sign in here" not in plain
    part = next(one for one in opened.walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "DECLINECOUNTER"
    lines = set(part.get_content().replace("\r\n", "\n").replace("\n ", "").splitlines())
    assert {f"UID:{person.uid}", "SEQUENCE:0", "METHOD:DECLINECOUNTER", "DTSTART:20260205T010000Z"} <= lines
    assert any(line.endswith(f":mailto:{here.delegate_kh.email}") for line in lines)
    assert client.get(f"/meetings/seoul-2/outbox/{sent.uuid}").status_code == 200
    assert client.get("/meetings/seoul-2/outbox").status_code == 200


def test_only_organisers_of_the_meeting_see_its_replies(client: FlaskClient, stored: Session) -> None:
    here, person = invited(stored)
    row = take(stored, person)
    elsewhere = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    stranger = make.user(stored)
    make.membership(stored, elsewhere, stranger)
    for who, status in ((here.head_kh, 403), (stranger, 404)):
        as_(client, stored, who)
        assert client.get(PAGE).status_code == status
        for path in ("take-over", "set-aside", "decline"):
            assert client.post(f"{PAGE}/{row.uuid}/{path}", data={"version": 1}).status_code == status
        assert client.post(f"{PAGE}/ticked", data={"act": "take"}).status_code == status
    others = f"/meetings/seoul-3/replies/{row.uuid}/take-over"
    assert client.post(others, data={"version": row.version}).status_code == 404
    assert (
        client.post("/meetings/seoul-3/replies/ticked", data={"replies": f"{row.uuid}:1", "act": "aside"}).status_code
        == 404
    )
    assert reloaded(stored, row).state is ReplyState.HELD


def test_what_belongs_to_no_meeting_is_shown_in_every_open_one(client: FlaskClient, stored: Session) -> None:
    here, _person = invited(stored)
    services.take(stored, read(b"From: x@y.example\r\n\r\nWhich hotel?", None), now=SOON)
    as_(client, stored, here.organiser)
    assert "Which hotel?" in client.get(PAGE).text
    here.meeting.state = MeetingState.CLOSED
    stored.commit()
    assert "Which hotel?" not in client.get(PAGE).text


def test_markup_quotes_and_bidi_controls_are_shown_as_text(client: FlaskClient, stored: Session) -> None:
    here, person = invited(stored)
    nasty = "COMMENT:<script>alert(1)</script>\\n\u202eevil\u2066 \"'&<b> \U0001f575\u0000"
    take(stored, person, lines=(nasty,))
    raw = b'From: "<b>\r\n x" <x"<i>@y.example>\r\nSubject: <script>2</script> \xff\r\nMessage-ID: <">@x>\r\n\r\n<script>3</script>'
    services.take(stored, read(raw, None), now=SOON)
    as_(client, stored, here.organiser)
    page = client.get(PAGE).text
    assert not re.search(r"<script>[alert(123]", page)
    assert "\u202e" not in page
    assert "\U0001f575" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def grow(session: Session, here: World, person: Participation, first: int, last: int) -> None:
    for number in range(first, last):
        take(session, person, ("ACCEPTED", "DECLINED")[number % 2], message_id=f"<{number}@x>")
        services.take(session, read(b"Message-ID: <l%d@x>\r\n\r\nx" % number, None), now=SOON)
    session.commit()


@pytest.mark.parametrize("show", ["waiting", "all"])
def test_thirty_replies_cost_as_many_statements_as_one(
    client: FlaskClient, stored: Session, statements: Counter, show: str
) -> None:
    here, person = invited(stored)
    grow(stored, here, person, 0, 1)
    as_(client, stored, here.organiser)
    client.get(f"{PAGE}?show={show}")
    statements.statements.clear()
    client.get(f"{PAGE}?show={show}")
    before = statements.count
    grow(stored, here, person, 1, 30)
    client.get(f"{PAGE}?show={show}")
    statements.statements.clear()
    assert client.get(f"{PAGE}?show={show}").status_code == 200
    assert statements.count == before <= 10
