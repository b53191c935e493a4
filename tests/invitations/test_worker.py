"""Workers on their way through the outbox: killed, throttled, before a server that is away, with rights that changed."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.delegations.domain import DelegationState
from confmgr.invitations import services
from confmgr.invitations.domain import MailKind, OutboxState
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.scheduling.services import cancel_session
from confmgr.values import chance
from tests import make
from tests.make_invitations import messages, participation, published
from tests.make_mail import Dropping, Refusing, Silent, Taking, free_port, send, server, using
from tests.make_scheduling import NOW, TEN, World, bilateral, interpreter, move, world

LATER = NOW + timedelta(minutes=10)


def crowd(session: Session, here: World, people: int) -> None:
    """A session with so many more people of Cambodia, published."""
    for n in range(people):
        make.delegate(session, here.kh, f"Person {n}")
    bilateral(session, here)
    published(session, here)
    session.commit()


def test_what_a_killed_worker_had_taken_is_sent_by_another_after_the_lease(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 0)
    services.claim_messages(stored, now=NOW, until=NOW + timedelta(minutes=6))
    stored.commit()
    taking = Taking()
    with server(app, taking):
        early = send(app, stored, 5)
        assert {row.state for row in early} == {OutboxState.SENDING}
        rows = send(app, stored, 7)
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert len(taking.taken) == 2
    told = stored.execute(select(AuditEntry.actor_id, AuditEntry.object_uuid).where(AuditEntry.action == "send"))
    assert sorted(told, key=str) == sorted(((None, row.uuid) for row in rows), key=str)


def test_two_workers_share_the_work_and_send_each_mail_once(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 70)
    mine = services.claim_messages(stored, now=NOW, until=LATER)
    stored.commit()
    taking = Taking()
    with server(app, taking, mails_per_minute=1000):
        send(app, stored)
    assert len(taking.taken) == 72 - len(mine) == 22
    assert {to for to, _raw in taking.taken}.isdisjoint({row.recipient for row in mine})


def test_a_domain_gets_so_many_mails_a_minute_and_the_others_go_on(app: Flask, stored: Session) -> None:
    here = world(stored)
    here.delegate_th.email = "somchai@thai.example"
    stored.flush()
    crowd(stored, here, 60)
    taking = Taking()
    with server(app, taking, mails_per_minute=20):
        for minutes, number in ((0, 21), (0, 21), (1, 41), (2, 61), (3, 62)):
            rows = send(app, stored, minutes)
            assert len(taking.taken) == number
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert Counter(to for to, _raw in taking.taken).most_common(1)[0][1] == 1


def test_a_server_that_is_away_costs_one_try_and_no_mail_an_attempt(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 10)
    with using(app, f"smtp://127.0.0.1:{free_port()}"):
        for minutes in range(12):
            rows = send(app, stored, minutes)
    assert {(row.state, row.attempts, row.problem) for row in rows} == {(OutboxState.WAITING, 0, "unreachable:")}
    assert {row.next_at for row in rows} == {NOW + timedelta(minutes=12)}
    with server(app, Taking()):
        rows = send(app, stored, 12)
    assert {(row.state, row.problem) for row in rows} == {(OutboxState.SENT, None)}


def test_after_an_unanswered_mail_the_same_bytes_are_sent_again(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 0)
    silent = Silent()
    with server(app, silent, "?timeout=0.4"):
        first = send(app, stored)
        assert [(row.state, row.attempts, row.problem) for row in first] == [
            (OutboxState.WAITING, 1, "timeout:"),
            (OutboxState.WAITING, 0, "timeout:"),
        ]
        rows = send(app, stored, 2)
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert [raw for _to, raw in silent.taken] == [rows[0].raw, rows[0].raw, rows[1].raw]


def test_a_connection_that_drops_in_a_mail_is_opened_again_for_the_next(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 3)
    dropping = Dropping()
    with server(app, dropping):
        rows = send(app, stored)
        assert [row.state for row in rows] == [OutboxState.WAITING, *[OutboxState.SENT] * 4]
        assert rows[0].problem == "dropped:"
        rows = send(app, stored, 2)
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert [raw for _to, raw in dropping.taken][-1] == rows[0].raw


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 0)
    broken, whole = messages(stored, stored.get_one(Participation, 1).told_in)  # type: ignore[arg-type]
    broken.facts = {}
    stored.commit()
    with server(app, Taking()):
        send(app, stored)
    assert (broken.state, broken.problem, whole.state) == (OutboxState.REFUSED, "unwritable:", OutboxState.SENT)


@pytest.mark.parametrize("loss", ["left", "delegation", "address"])
def test_who_has_lost_the_right_since_publishing_gets_nothing(app: Flask, stored: Session, loss: str) -> None:
    here = world(stored)
    crowd(stored, here, 0)
    if loss == "left":
        here.delegate_kh.left_at = NOW
    elif loss == "delegation":
        here.kh.state = DelegationState.DECLINED
    else:
        here.delegate_kh.email = "new@police.example"
    stored.commit()
    taking = Taking()
    with server(app, taking):
        rows = send(app, stored)
    assert [(row.state, row.problem) for row in rows] == [
        (OutboxState.WITHDRAWN, f"{loss}:"),
        (OutboxState.SENT, None),
    ]
    assert [to for to, _raw in taking.taken] == [here.delegate_th.email]
    assert rows[0].raw is None


def test_who_is_not_invited_any_more_gets_the_cancellation_and_no_invitation(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    first = messages(stored, published(stored, here))
    services.claim_messages(stored, now=NOW, until=NOW + timedelta(minutes=1))
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    published(stored, here, NOW + timedelta(seconds=30))
    here.delegate_kh.left_at = NOW
    stored.commit()
    taking = Taking()
    with server(app, taking):
        rows = send(app, stored, 2)
    assert [one.state for one in rows] == [OutboxState.OVERTAKEN] * 2 + [OutboxState.SENT] * 2
    assert len(first) == 2
    assert all(b'method="CANCEL"' in raw for _to, raw in taking.taken)


def test_an_interpreter_of_no_delegation_keeps_the_right(app: Flask, stored: Session) -> None:
    here = world(stored)
    who = interpreter(stored, here)
    bilateral(stored, here, interpreters=[who], interpretation="km-th", interpreters_wanted=1)
    published(stored, here)
    stored.commit()
    with server(app, Taking()):
        rows = send(app, stored)
    assert {row.state for row in rows} == {OutboxState.SENT}


def test_a_reminder_of_a_session_that_moved_is_withdrawn(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    mine = participation(session, here.delegate_kh.id)
    reminder = OutboxMessage(
        meeting_id=here.meeting.id,
        kind=MailKind.DAY_BEFORE,
        delegate_id=here.delegate_kh.id,
        recipient=here.delegate_kh.email,
        language="en",
        dtstamp=NOW,
        message_id=f"<{chance.uid()}@police.example>",
        thread_id="<a@police.example>",
        facts={"participations": {str(mine.id): 0}},
        next_at=NOW,
    )
    session.add(reminder)
    session.flush()
    assert services.checked(session, [reminder]) == [reminder]
    move(session, here, row, TEN + timedelta(hours=1))
    published(session, here, LATER)
    session.expire_all()
    assert services.checked(session, [reminder]) == []
    assert (reminder.state, reminder.problem) == (OutboxState.WITHDRAWN, "changed:")


def test_a_batch_asks_for_everybodys_rights_in_two_statements(session: Session) -> None:
    here = world(session)
    for n in range(20):
        make.delegate(session, here.kh, f"Person {n}")
    bilateral(session, here)
    rows = messages(session, published(session, here))
    asked: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert services.checked(session, rows) == rows
    assert len([one for one in asked if one.startswith("SELECT")]) == 2


def test_a_failed_older_version_waits_no_more_once_there_is_a_newer(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    stored.commit()
    services.claim_messages(stored, now=NOW, until=NOW + timedelta(minutes=6))
    move(stored, here, row)
    published(stored, here, NOW + timedelta(seconds=10))
    for one in stored.scalars(select(OutboxMessage).where(OutboxMessage.sequence == 0)):
        services.note_refused(stored, one.id, now=NOW, said="451 Later", permanent=False)
    stored.commit()
    with server(app, Taking()):
        rows = send(app, stored, 2)
    assert [(one.sequence, one.state) for one in rows] == [
        (0, OutboxState.OVERTAKEN),
        (0, OutboxState.OVERTAKEN),
        (1, OutboxState.SENT),
        (1, OutboxState.SENT),
    ]


def test_a_server_that_says_goodbye_is_left_alone(app: Flask, stored: Session) -> None:
    here = world(stored)
    crowd(stored, here, 3)
    with server(app, Refusing("421 Too much at once")):
        rows = send(app, stored)
    assert [row.attempts for row in rows] == [1, 0, 0, 0, 0]
    assert {row.problem for row in rows} == {"421 Too much at once"}
