"""What follows from a reply by mail: who is believed, which version counts, what waits for the secretariat."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations import services
from confmgr.invitations.domain import (
    AnswerWay,
    ChangeKind,
    MailKind,
    Method,
    OutboxState,
    PartStat,
    ReplyMethod,
    ReplyState,
)
from confmgr.invitations.models import OutboxMessage, Participation, Reply
from confmgr.invitations.replies import read
from confmgr.orm.base import Base
from confmgr.scheduling.services import cancel_session
from tests import make
from tests.make_replies import OUR_SERVER, bounce, calendar, incoming, invited, mail, told
from tests.make_scheduling import NOW, move
from tests.soak import SOAK

SOON = NOW + timedelta(hours=2)


def reply(session: Session, person: Participation, said: str = "ACCEPTED", **how: Any) -> Reply:
    """A proved reply of the delegate itself, two hours after publishing."""
    assert person.delegate is not None
    address = str(person.delegate.email)
    wrapped = {key: how.pop(key) for key in ("top", "message_id", "sender") if key in how}
    now = how.pop("now", SOON)
    sender = wrapped.pop("sender", address)
    body = calendar(how.pop("uid", person.uid), how.pop("attendee", address), said, **how)
    return services.take(session, incoming(body, sender, **wrapped), now=now)


def repeats(session: Session) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.publication_id.is_(None)).order_by(OutboxMessage.id)
    return list(session.scalars(rows))


@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_a_proved_reply_is_the_answer(session: Session, said: str) -> None:
    _here, person = invited(session)
    row = reply(session, person, said, lines=("COMMENT:Five minutes late",))
    assert (row.state, row.reason, row.participation_id) == (ReplyState.APPLIED, None, person.id)
    assert (person.answer, person.answered_by, person.answered_at) == (PartStat(said), AnswerWay.MAIL, SOON)
    assert (person.answered_sequence, person.reason) == (0, "Five minutes late")
    assert person.answered_dtstamp == NOW + timedelta(hours=1)


def test_the_same_mail_twice_changes_nothing(session: Session) -> None:
    _here, person = invited(session)
    first = reply(session, person)
    services.answer(session, person, actor=None, now=SOON, said=PartStat.DECLINED, way=AnswerWay.LINK)
    again = reply(session, person, now=SOON + timedelta(hours=1))
    assert again.id == first.id
    assert person.answer is PartStat.DECLINED


def test_a_reply_that_nobody_proves_waits(session: Session) -> None:
    _here, person = invited(session)
    row = reply(session, person, top="")
    assert (row.state, row.reason, row.verified) == (ReplyState.HELD, "unverified", False)
    assert person.answer is PartStat.NEEDS_ACTION


def test_a_reply_of_another_address_waits(session: Session) -> None:
    _here, person = invited(session)
    assert person.delegate is not None
    row = reply(session, person, sender="somebody@police.example")
    party = reply(session, person, attendee="crasher@police.example", message_id="<2@x>")
    assert [(one.state, one.reason) for one in (row, party)] == [(ReplyState.HELD, "other_sender")] * 2
    assert person.answer is PartStat.NEEDS_ACTION


def test_a_reply_that_names_the_identifier_of_another_accepts_for_nobody(session: Session) -> None:
    here, person = invited(session)
    row = reply(session, person, "DECLINED", sender=str(here.delegate_th.email), attendee=str(here.delegate_th.email))
    assert (row.state, row.reason) == (ReplyState.HELD, "other_sender")
    assert set(session.scalars(select(Participation.answer))) == {PartStat.NEEDS_ACTION}


def test_an_unknown_identifier_is_kept_with_the_meeting_of_its_sender(session: Session) -> None:
    here, person = invited(session)
    row = reply(session, person, uid="0b5ff3a6-8b39-4c9b-a01a-5f2a3f0e9c11")
    stranger = reply(session, person, uid="x", sender="no@body.example", attendee="no@body.example", message_id="<2@x>")
    assert (row.state, row.reason, row.meeting_id) == (ReplyState.HELD, "unknown_uid", here.meeting.id)
    assert (stranger.state, stranger.reason, stranger.meeting_id) == (ReplyState.HELD, "unknown_uid", None)


def test_an_answer_to_an_older_version_is_not_kept_and_the_current_one_goes_out_once(session: Session) -> None:
    here, person = invited(session)
    move(session, here, person.session)
    person = told(session, here, NOW + timedelta(minutes=1))
    first = reply(session, person)
    repeats(session)[0].state = OutboxState.SENT
    second = reply(session, person, "DECLINED", message_id="<2@x>", now=SOON + timedelta(days=1))
    assert [(row.state, row.reason) for row in (first, second)] == [(ReplyState.OLD, "older_version")] * 2
    assert person.answer is PartStat.NEEDS_ACTION
    (sent,) = repeats(session)
    assert (sent.method, sent.change, sent.kind) == (Method.REQUEST, ChangeKind.REPEATED, MailKind.INVITATION)
    assert (sent.uid, sent.sequence, sent.dtstamp) == (person.uid, 1, SOON)
    assert (person.dtstamp, sent.recipient, sent.facts["answer"]) == (SOON, here.delegate_kh.email, "NEEDS-ACTION")
    assert sent.facts["session"]["starts_local"] == "2026-02-05T11:00"


def test_a_version_that_has_not_left_yet_is_not_repeated(session: Session) -> None:
    here, person = invited(session)
    move(session, here, person.session)
    person = told(session, here, NOW + timedelta(minutes=1))
    last = session.scalars(
        select(OutboxMessage).where(OutboxMessage.sequence == 1, OutboxMessage.uid == person.uid)
    ).one()
    last.state = OutboxState.WAITING
    assert reply(session, person).state is ReplyState.OLD
    assert repeats(session) == []


def test_an_attendee_who_raises_the_number_does_not_block_the_next_version(session: Session) -> None:
    here, person = invited(session)
    reply(session, person, sequence=7)
    assert (person.answer, person.answered_sequence) == (PartStat.ACCEPTED, 0)
    move(session, here, person.session)
    person = told(session, here, SOON + timedelta(minutes=1))
    assert (person.sequence, person.answer) == (8, PartStat.NEEDS_ACTION)
    reply(session, person, "DECLINED", sequence=8, message_id="<2@x>", now=SOON + timedelta(minutes=5))
    assert person.answer is PartStat.DECLINED


def test_of_two_answers_the_later_one_counts_in_whatever_order_they_come(session: Session) -> None:
    _here, person = invited(session)
    reply(session, person, "DECLINED", dtstamp="20260115T043000Z")
    late = reply(session, person, "ACCEPTED", dtstamp="20260115T041500Z", message_id="<2@x>")
    assert (late.state, late.reason) == (ReplyState.OLD, "older_answer")
    assert person.answer is PartStat.DECLINED


def test_a_clock_that_runs_ahead_does_not_shut_out_later_answers(session: Session) -> None:
    _here, person = invited(session)
    reply(session, person, "DECLINED", dtstamp="20270101T000000Z")
    assert person.answered_dtstamp == SOON
    reply(session, person, "ACCEPTED", dtstamp="20260115T051000Z", message_id="<2@x>", now=SOON + timedelta(hours=1))
    assert person.answer is PartStat.ACCEPTED


def test_who_is_not_invited_any_more_is_told_so_once(session: Session) -> None:
    here, person = invited(session)
    cancel_session(session, person.session, actor=here.organiser, now=NOW)
    person = told(session, here, NOW + timedelta(minutes=1))
    rows = [reply(session, person), reply(session, person, message_id="<2@x>", now=SOON + timedelta(days=1))]
    assert [(row.state, row.reason) for row in rows] == [(ReplyState.OLD, "not_invited")] * 2
    (sent,) = repeats(session)
    assert (sent.method, sent.change, sent.sequence) == (Method.CANCEL, ChangeKind.CANCELLED, 1)


def test_an_answer_after_the_session_changes_nothing(session: Session) -> None:
    _here, person = invited(session)
    row = reply(session, person, now=NOW + timedelta(days=60))
    assert (row.state, row.reason, person.answer) == (ReplyState.OLD, "over", PartStat.NEEDS_ACTION)


def test_a_proposed_time_waits_and_is_never_applied(session: Session) -> None:
    _here, person = invited(session)
    before = person.session.starts_local
    times = ("DTSTART:20260205T060000Z", "DTEND:20260205T064000Z")
    row = reply(session, person, "TENTATIVE", method="COUNTER", lines=times)
    assert (row.state, row.reason, row.method) == (ReplyState.HELD, "proposal", ReplyMethod.COUNTER)
    assert row.facts["proposed"] == ["2026-02-05T06:00:00+00:00", "2026-02-05T06:40:00+00:00"]
    assert (person.answer, person.session.starts_local) == (PartStat.NEEDS_ACTION, before)


def test_a_delegation_to_somebody_else_waits(session: Session) -> None:
    _here, person = invited(session)
    row = reply(session, person, 'DELEGATED;DELEGATED-TO="mailto:deputy@police.example"')
    assert (row.state, row.reason, row.said) == (ReplyState.HELD, "delegated", "DELEGATED")
    assert row.facts["delegated_to"] == ["deputy@police.example"]
    assert person.answer is PartStat.NEEDS_ACTION


def test_who_asks_again_gets_the_invitation_at_the_address_on_file_once_an_hour(session: Session) -> None:
    here, person = invited(session)
    services.answer(session, person, actor=None, now=NOW, said=PartStat.TENTATIVE, way=AnswerWay.LINK)
    states = []
    for minutes in (0, 30, 61):
        at = SOON + timedelta(minutes=minutes)
        states.append(reply(session, person, method="REFRESH", message_id=f"<{minutes}@x>", now=at).state)
        for one in repeats(session):
            one.state = OutboxState.SENT
    assert states == [ReplyState.APPLIED, ReplyState.DISMISSED, ReplyState.APPLIED]
    sent = repeats(session)
    assert [one.recipient for one in sent] == [here.delegate_kh.email] * 2
    assert {one.facts["answer"] for one in sent} == {"TENTATIVE"}


def test_a_mail_that_came_back_is_marked_with_the_problem(session: Session) -> None:
    here, person = invited(session)
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.participation_id == person.id)).one()
    row = services.take(session, read(bounce(sent.message_id), OUR_SERVER), now=SOON)
    assert (row.state, row.method, row.outbox_message_id) == (ReplyState.APPLIED, ReplyMethod.BOUNCE, sent.id)
    assert (row.meeting_id, row.participation_id) == (here.meeting.id, person.id)
    assert (sent.state, sent.problem) == (OutboxState.BOUNCED, "5.1.1 smtp; 550 5.1.1 No such user")


def test_a_mail_that_is_only_late_stays_sent(session: Session) -> None:
    _here, person = invited(session)
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.participation_id == person.id)).one()
    row = services.take(session, read(bounce(sent.message_id, action="delayed"), OUR_SERVER), now=SOON)
    assert (row.state, row.reason, sent.state) == (ReplyState.DISMISSED, "delayed", OutboxState.SENT)


def test_a_report_of_a_mail_that_is_none_of_ours_waits(session: Session) -> None:
    invited(session)
    row = services.take(session, read(bounce("<x@y>"), OUR_SERVER), now=SOON)
    assert (row.state, row.reason) == (ReplyState.HELD, "unknown_mail")


def test_automatic_mails_are_set_aside_and_letters_wait(session: Session) -> None:
    here, _person = invited(session)
    away = services.take(session, read(b"Auto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nx", None), now=SOON)
    sender = str(here.delegate_kh.email).encode()
    letter = services.take(session, read(b"From: " + sender + b"\r\n\r\nWe land at noon.", None), now=SOON)
    assert (away.state, away.reason) == (ReplyState.DISMISSED, "automatic")
    assert (letter.state, letter.reason, letter.meeting_id) == (ReplyState.HELD, "no_calendar", here.meeting.id)


def test_every_mail_is_in_the_audit_with_the_digest_of_its_bytes(session: Session) -> None:
    _here, person = invited(session)
    row = reply(session, person)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.object_uuid == row.uuid)).all()
    assert [(one.action, one.actor_id, one.facts["state"]) for one in entries] == [("receive", None, "applied")]
    assert entries[0].facts["sha256"] == row.sha256
    answered = session.scalars(select(AuditEntry).where(AuditEntry.action == "answer_accepted")).one()
    assert answered.actor_id is None


# What the secretariat does


def test_what_waits_can_be_taken_over_as_it_was_said(session: Session) -> None:
    here, person = invited(session)
    row = reply(session, person, "DECLINED", top="", lines=("COMMENT:Ill",))
    services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=row.version)
    assert (row.state, row.decided_by_id, row.decided_at) == (ReplyState.TAKEN, here.organiser.id, SOON)
    assert (person.answer, person.answered_by, person.reason) == (PartStat.DECLINED, AnswerWay.MAIL, "Ill")


def test_a_later_answer_settles_earlier_ones_that_wait_for_proof(session: Session) -> None:
    here, person = invited(session)
    early = reply(session, person, "DECLINED", top="", dtstamp="20260115T041000Z")
    late = reply(session, person, top="", dtstamp="20260115T045000Z", message_id="<2@x>")
    other = reply(session, person, sender="x@y.example", dtstamp="20260115T041000Z", message_id="<3@x>")
    reply(session, person, "TENTATIVE", dtstamp="20260115T043000Z", message_id="<4@x>")
    assert [(row.state, row.reason) for row in (early, late, other)] == [
        (ReplyState.OLD, "older_answer"),
        (ReplyState.HELD, "unverified"),
        (ReplyState.HELD, "other_sender"),
    ]
    both = [(late, late.version), (other, other.version)]
    assert services.take_over_unproved(session, both, actor=here.organiser, now=SOON) == 1
    assert (person.answer, late.state, other.state) == (PartStat.ACCEPTED, ReplyState.TAKEN, ReplyState.HELD)


def test_of_two_answers_taken_over_at_once_the_later_one_counts(session: Session) -> None:
    here, person = invited(session)
    late = reply(session, person, top="", dtstamp="20260115T045000Z")
    early = reply(session, person, "DECLINED", top="", dtstamp="20260115T041000Z", message_id="<2@x>")
    rows = [(late, late.version), (early, early.version)]
    assert services.take_over_unproved(session, rows, actor=here.organiser, now=SOON) == 1
    assert (person.answer, early.state) == (PartStat.ACCEPTED, ReplyState.OLD)


def test_who_saw_an_older_state_settles_nothing(session: Session) -> None:
    here, person = invited(session)
    row = reply(session, person, top="")
    seen = row.version
    services.set_aside(session, row, actor=here.organiser, now=SOON, seen_version=seen)
    assert row.state is ReplyState.DISMISSED
    with pytest.raises(StaleVersion):
        services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=seen)
    with pytest.raises(StaleVersion):
        services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=row.version)


def test_what_was_answered_or_told_since_is_not_undone(session: Session) -> None:
    here, person = invited(session)
    row = reply(session, person, top="")
    services.answer(session, person, actor=None, now=SOON, said=PartStat.DECLINED, way=AnswerWay.LINK)
    with pytest.raises(Refused, match="answered_since"):
        services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=row.version)
    move(session, here, person.session)
    person = told(session, here, SOON)
    with pytest.raises(Refused, match="answers_older_version"):
        services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=row.version)
    cancel_session(session, person.session, actor=here.organiser, now=NOW)
    told(session, here, SOON)
    with pytest.raises(Refused, match="person_not_invited"):
        services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=row.version)


def test_a_letter_cannot_be_taken_over(session: Session) -> None:
    here, _person = invited(session)
    row = services.take(session, read(b"Subject: x\r\n\r\nhello", None), now=SOON)
    with pytest.raises(Refused, match="no_answer_in_it"):
        services.take_over(session, row, actor=here.organiser, now=SOON, seen_version=row.version)
    with pytest.raises(Refused, match="no_proposal_in_it"):
        services.decline_proposal(session, row, actor=here.organiser, now=SOON, seen_version=row.version)


def test_who_proposed_a_time_is_told_that_the_session_stays(session: Session) -> None:
    here, person = invited(session)
    times = ("DTSTART:20260205T060000Z", "DTEND:20260205T064000Z")
    row = reply(session, person, "TENTATIVE", method="COUNTER", lines=times)
    services.decline_proposal(session, row, actor=here.organiser, now=SOON, seen_version=row.version)
    assert (row.state, row.reason) == (ReplyState.DISMISSED, "proposal_declined")
    (sent,) = repeats(session)
    assert (sent.kind, sent.method, sent.sequence) == (MailKind.PROPOSAL_ANSWER, Method.DECLINECOUNTER, 0)
    assert (sent.recipient, sent.dtstamp, person.dtstamp) == (here.delegate_kh.email, SOON, NOW)


def test_a_person_without_an_address_gets_no_answer(session: Session) -> None:
    here, person = invited(session)
    row = reply(session, person, "TENTATIVE", method="COUNTER")
    here.delegate_kh.email = None
    with pytest.raises(Refused, match="no_address"):
        services.decline_proposal(session, row, actor=here.organiser, now=SOON, seen_version=row.version)
    asked = reply(session, person, method="REFRESH", attendee="x@y.example", message_id="<2@x>")
    assert asked.reason == "other_sender"


def test_an_interpreter_answers_by_mail_too(session: Session) -> None:
    here, person = invited(session)
    crew = make.interpreter(session, here.meeting, "Chea Vanna", "km-th")
    crew.email = "chea@interpreters.example"
    person.delegate_id, person.interpreter_id = None, crew.id
    session.flush()
    session.expire_all()
    text = calendar(person.uid, "chea@interpreters.example")
    row = services.take(session, incoming(text, "Chea@Interpreters.example"), now=SOON)
    assert (row.state, person.answer) == (ReplyState.APPLIED, PartStat.ACCEPTED)


REPLIES = 10_000 if SOAK else 200


def test_hundreds_of_replies_are_each_what_they_say(session: Session) -> None:
    here, person = invited(session)
    address = str(here.delegate_kh.email)
    for number in range(REPLIES):
        text = calendar(person.uid, address, "ACCEPTED" if number % 2 else "DECLINED", dtstamp="20260115T043000Z")
        services.take(session, read(mail(text, address, message_id=f"<{number}@x>"), OUR_SERVER), now=SOON)
    assert set(session.execute(select(Reply.state, func.count()).group_by(Reply.state)).all()) == {
        (ReplyState.APPLIED, REPLIES)
    }
    assert person.answer is PartStat.ACCEPTED


def test_a_mail_that_two_processes_take_at_once_is_kept_once(postgresql: Engine) -> None:
    """The second one waits for the first, and finds what it has kept."""
    try:
        with Session(postgresql) as session:
            here, person = invited(session)
            arrived = incoming(calendar(person.uid, str(here.delegate_kh.email)), str(here.delegate_kh.email))
            session.commit()
        kept: list[int] = []

        def late() -> None:
            with Session(postgresql) as other, other.begin():
                kept.append(services.take(other, arrived, now=SOON).id)

        with Session(postgresql) as session:
            first = services.take(session, arrived, now=SOON).id
            second = threading.Thread(target=late)
            second.start()
            with postgresql.connect() as watching:
                waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                while not watching.scalar(waits):
                    watching.rollback()
            session.commit()
        second.join(20)
        assert kept == [first]
        with Session(postgresql) as session:
            assert list(session.scalars(select(Reply.state))) == [ReplyState.APPLIED]
    finally:
        with postgresql.begin() as connection:
            names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # for the audit's triggers
            connection.execute(text(f"TRUNCATE {names} CASCADE"))
