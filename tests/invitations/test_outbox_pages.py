"""The outbox as organisers use it: found, held, tried again, read without anybody's secret."""

import base64
import re
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.invitations import outgoing
from confmgr.invitations.domain import ChangeKind, MailKind, OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.outgoing import Wanted
from confmgr.values import chance
from tests import make
from tests.conftest import Counter
from tests.make_invitations import messages, published
from tests.make_mail import Taking, send, server
from tests.make_scheduling import NOW, World, as_, bilateral, move, once, world

OUTBOX = "/meetings/seoul-2/outbox"


def of_state(session: Session, here: World, *states: OutboxState, problem: str | None = None) -> list[OutboxMessage]:
    """Mails of one session, as many as states, each in its state."""
    for n in range(len(states) - 2):
        make.delegate(session, here.kh, f"Person {n}")
    bilateral(session, here)
    rows = messages(session, published(session, here))
    for row, state in zip(rows, states, strict=True):
        row.state, row.problem = state, problem
    session.commit()
    return rows


def reminder(session: Session, here: World, n: int = 1) -> OutboxMessage:
    row = OutboxMessage(
        meeting_id=here.meeting.id,
        kind=MailKind.RESULTS_DUE,
        delegate_id=here.delegate_kh.id,
        recipient="late@police.example",
        domain="police.example",
        language="en",
        dtstamp=NOW,
        message_id=f"<reminder{n}.{chance.uid()}@police.example>",
        thread_id="<a@police.example>",
        facts={},
        next_at=NOW,
    )
    session.add(row)
    session.commit()
    return row


def listed(client: FlaskClient, query: str) -> set[str]:
    """The addresses that the page names."""
    page = client.get(f"{OUTBOX}?{query}")
    assert page.status_code == 200
    return set(re.findall(r"[\w.]+@(?:police|thai)\.example", page.text.split("<table")[-1]))


def test_mails_are_found_by_state_kind_and_recipient(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.delegate_th.email = "somchai@thai.example"
    one, two = of_state(stored, here, OutboxState.WAITING, OutboxState.REFUSED)
    reminder(stored, here)
    as_(client, stored, here.organiser)
    assert listed(client, "state=refused") == {two.recipient} == {"somchai@thai.example"}
    assert listed(client, "kind=results_due") == {"late@police.example"}
    assert listed(client, "kind=invitation&state=waiting") == {one.recipient}
    assert listed(client, "to=THAI") == {"somchai@thai.example"}
    assert "No mail is like that." in client.get(f"{OUTBOX}?to=nobody").text
    assert client.get(f"{OUTBOX}?state=lost").status_code == 404
    assert client.get(f"{OUTBOX}?kind=lost").status_code == 404


def test_a_mail_without_a_session_is_listed_and_opened_by_its_kind(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = reminder(stored, here)
    row.kind, row.raw = MailKind.PROPOSAL_ANSWER, b"Subject: Another time\r\n\r\nNo\r\n"
    stored.commit()
    as_(client, stored, here.organiser)
    assert "Answer to a proposed time" in client.get(OUTBOX).text
    assert "Answer to a proposed time" in client.get(f"{OUTBOX}/{row.uuid}").text


@pytest.mark.parametrize(
    ("state", "problem", "sentence"),
    [
        (OutboxState.REFUSED, "550 No such mailbox", "The server does not take this mail."),
        (OutboxState.WAITING, "451 Later", "It is tried again by itself."),
        (OutboxState.WAITING, "unreachable:", "The mail server cannot be reached."),
        (OutboxState.WITHDRAWN, "left:", "The person has left the delegation."),
        (OutboxState.BOUNCED, "5.1.1 Unknown", "A server took the mail and sent it back."),
    ],
)
def test_what_kept_a_mail_back_is_a_sentence_before_the_servers_own_words(
    client: FlaskClient, stored: Session, state: OutboxState, problem: str, sentence: str
) -> None:
    here = world(stored)
    row, _other = of_state(stored, here, state, state, problem=problem)
    as_(client, stored, here.organiser)
    for url in (OUTBOX, f"{OUTBOX}/{row.uuid}"):
        page = client.get(url).text
        assert sentence in page
        assert problem.endswith(":") or problem in page


def test_all_waiting_mails_are_held_and_released_after_a_confirmation(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    rows = of_state(stored, here, OutboxState.WAITING, OutboxState.WAITING, OutboxState.SENT)
    as_(client, stored, here.organiser)
    asked = client.get(f"{OUTBOX}/all?do=hold")
    assert "2 mails wait. Nobody gets them until you send them." in asked.text
    client.post(f"{OUTBOX}/all", data={"do": "hold", "once": once()})
    stored.expire_all()
    assert [row.state.value for row in rows] == ["held", "held", "sent"]
    stored.commit()
    client.post(f"{OUTBOX}/all", data={"do": "release", "once": once(2)})
    stored.expire_all()
    assert [row.state.value for row in rows] == ["waiting", "waiting", "sent"]
    assert client.get(f"{OUTBOX}/all?do=lose").status_code == 404


def test_refused_mails_are_tried_again_unless_a_newer_one_took_their_place(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    old = of_state(stored, here, OutboxState.REFUSED, OutboxState.REFUSED)
    other = reminder(stored, here)
    other.state, other.attempts, other.problem = OutboxState.REFUSED, 6, "451 Later"
    move(stored, here, stored.get_one(type(old[0].participation.session), old[0].participation.session_id))  # type: ignore[union-attr]
    published(stored, here)
    stored.commit()
    as_(client, stored, here.organiser)
    client.post(f"{OUTBOX}/all", data={"do": "again", "once": once()})
    client.post(f"{OUTBOX}/{old[0].uuid}/try-again", data={"once": once(2)})
    stored.expire_all()
    assert [row.state.value for row in old] == ["refused", "refused"]
    assert (other.state.value, other.attempts) == ("waiting", 0)


def test_nobody_reads_the_secret_of_an_answer_link_in_the_outbox(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    of_state(stored, here, OutboxState.WAITING, OutboxState.WAITING)
    with server(app, Taking()):
        row = send(app, stored)[0]
    kept = message_from_bytes(row.raw or b"", policy=default)
    secrets = re.findall(r"/r/([\w-]{43})", str(kept.get_body(("plain",))))
    secrets = secrets or re.findall(r"/r/([\w-]{43})", kept.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert len(secrets) == 1
    as_(client, stored, here.organiser)
    for end in ("", ".eml", "/html"):
        answer = client.get(f"{OUTBOX}/{row.uuid}{end}")
        assert answer.status_code == 200
        shown = answer.text
        for block in re.findall(r"(?:[A-Za-z0-9+/=]{60,}\s+)+[A-Za-z0-9+/=]*", answer.text):
            shown += base64.b64decode("".join(block.split()) + "==", validate=False).decode(errors="replace")
        assert secrets[0] not in shown
        assert "/r/***" in shown
    mail = message_from_bytes(client.get(f"{OUTBOX}/{row.uuid}.eml").data, policy=default)
    assert [part.get_content_type() for part in mail.walk()] == [part.get_content_type() for part in kept.walk()]
    raw = row.raw
    stored.refresh(row)
    assert row.raw == raw


def test_pages_of_the_outbox_follow_one_another(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    for n in range(120):
        reminder(stored, here, n)
    as_(client, stored, here.organiser)
    assert client.get(OUTBOX).text.count("late@police.example") == 100
    second = client.get(f"{OUTBOX}?page=2").text
    assert second.count("late@police.example") == 20
    assert "120 mails" in second


def test_thirty_mails_cost_as_many_statements_as_one(client: FlaskClient, stored: Session, statements: Counter) -> None:
    here = world(stored)
    reminder(stored, here)
    as_(client, stored, here.organiser)
    counts = []
    for n in range(2):
        for page in (OUTBOX, f"{OUTBOX}/all?do=hold"):
            client.get(page)
            statements.statements.clear()
            client.get(page)
            counts.append(statements.count)
        if n == 0:
            for number in range(29):
                reminder(stored, here, number)
    assert counts[2:] <= counts[:2]
    assert max(counts) <= 15


def test_a_stranger_sees_nothing_of_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of_state(stored, here, OutboxState.WAITING, OutboxState.WAITING)
    as_(client, stored, here.head_kh)
    assert client.get(f"{OUTBOX}/all?do=hold").status_code == 403
    assert client.post(f"{OUTBOX}/all", data={"do": "hold"}).status_code == 403
    assert {row.change for row in stored.scalars(select(OutboxMessage))} == {ChangeKind.NEW}


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x" * 5000])
def test_the_outbox_is_searched_for_whatever_stands_in_an_address(session: Session, text: str) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    assert outgoing.outbox(session, here.meeting, Wanted(to=text)).number in {0, 2}
