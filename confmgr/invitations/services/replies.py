"""What follows from a mail that came in: an answer is kept, or waits for the secretariat (RFC 5546, 3.2.3, 6.1)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.invitations import mailbox
from confmgr.invitations.domain import AnswerWay, OutboxState, PartStat, ReplyMethod, ReplyState, Stage, stage
from confmgr.invitations.letters import without_secrets
from confmgr.invitations.models import Participation, Reply
from confmgr.invitations.replies import Bounce, Incoming, name_of
from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.repeating import repeat

Outcome = tuple[ReplyState, str | None]

ANSWERS = {one.value: one for one in (PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE)}
"""What a participation can have answered, by the word that calendars use."""


def take(session: Session, incoming: Incoming, *, now: datetime) -> Reply:
    """Keep a mail, and what follows from it; the same mail once more changes nothing.

    Nobody but the person invited, proved by our own mail server, changes an answer by mail; all else is only kept.
    """
    known = mailbox.by_message_id(session, incoming.message_id)
    if known is not None and incoming.verified and not known.verified:  # whoever took its name came first
        incoming = replace(incoming, message_id=name_of(incoming.sha256))
        known = mailbox.by_message_id(session, incoming.message_id)
    if known is not None:
        return known
    row = _row(incoming, now)
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # another process was quicker
        known = mailbox.by_message_id(session, incoming.message_id)
        if known is None:
            raise
        return known
    row.state, row.reason = _outcome(session, row, incoming, now)
    if row.meeting_id is None:
        row.meeting_id = mailbox.meeting_of_sender(session, incoming.sender, now)
    session.flush()
    record(
        session,
        actor=None,
        now=now,
        action="receive",
        object_type="reply",
        object_uuid=row.uuid,
        meeting_id=row.meeting_id,
        facts={"state": row.state.value, "reason": row.reason, "sha256": row.sha256},
    )
    return row


def _row(incoming: Incoming, now: datetime) -> Reply:
    said = incoming.comment if incoming.bounce is None else incoming.bounce.problem
    return Reply(
        received_at=now,
        message_id=incoming.message_id,
        sha256=incoming.sha256,
        size=incoming.size,
        sender=incoming.sender,
        subject=incoming.subject,
        method=incoming.method,
        verified=incoming.verified,
        uid=incoming.uid,
        attendee=incoming.attendee,
        said=incoming.said,
        sequence=incoming.sequence,
        dtstamp=incoming.dtstamp,
        comment=without_secrets(said or "") or None,
        facts={
            "proposed": [one.isoformat() for one in incoming.proposed or ()],
            "delegated_to": list(incoming.delegated_to),
        },
        state=ReplyState.HELD,
    )


def _outcome(session: Session, row: Reply, incoming: Incoming, now: datetime) -> Outcome:
    if incoming.bounce is not None:
        return _bounced(session, row, incoming.bounce)
    if incoming.method is ReplyMethod.OTHER:
        return (ReplyState.DISMISSED if incoming.automatic else ReplyState.HELD), incoming.reason
    person = mailbox.by_uid(session, incoming.uid) if incoming.uid else None
    if person is None:
        return ReplyState.HELD, "unknown_uid" if incoming.uid else "no_uid"
    row.participation_id, row.participation = person.id, person
    row.meeting_id = person.session.meeting_id
    if incoming.reason is not None:
        return ReplyState.HELD, incoming.reason
    address = (mailbox.address_of(person) or "").strip().lower()
    if not address or {incoming.sender, incoming.attendee} != {address}:
        return ReplyState.HELD, "other_sender"
    return _of_invited(session, person, row, now)


def _bounced(session: Session, row: Reply, bounce: Bounce) -> Outcome:
    mail = mailbox.sent_mail(session, bounce.message_ids)
    if mail is None:
        return ReplyState.HELD, "unknown_mail"
    row.outbox_message_id, row.participation_id, row.meeting_id = mail.id, mail.participation_id, mail.meeting_id
    if bounce.action != "failed":
        return ReplyState.DISMISSED, "delayed" if bounce.action == "delayed" else "delivered"
    if mail.state in {OutboxState.SENT, OutboxState.SENDING}:
        mail.state, mail.problem = OutboxState.BOUNCED, bounce.problem or None
    return ReplyState.APPLIED, None


def _of_invited(session: Session, person: Participation, row: Reply, now: datetime) -> Outcome:
    """What somebody sends who has the address that was invited."""
    if mailbox.has_left(session, person):
        return ReplyState.OLD, "left"
    if not person.invited:
        repeat(session, person, now=now, once=f"gone-{person.uid}-{person.sequence}")
        return ReplyState.OLD, "not_invited"
    if stage(person.told_text or {}, now) is Stage.OVER:
        return ReplyState.OLD, "over"
    if row.method is ReplyMethod.REFRESH:
        sent = repeat(session, person, now=now)
        return (ReplyState.DISMISSED, "asked_lately") if sent is None else (ReplyState.APPLIED, None)
    if row.sequence is not None and row.sequence < person.sequence:
        repeat(session, person, now=now, once=f"asked-{person.uid}-{person.sequence}")
        return ReplyState.OLD, "older_version"
    return _of_current(session, person, row, now)


def _of_current(session: Session, person: Participation, row: Reply, now: datetime) -> Outcome:
    """An answer to the version that holds, or another time proposed for it."""
    if row.method is ReplyMethod.COUNTER:
        return ReplyState.HELD, "proposal"
    if row.said not in ANSWERS:
        return ReplyState.HELD, "delegated"
    if not row.verified:
        return ReplyState.HELD, "unverified"
    if is_older(person, row.dtstamp):
        return ReplyState.OLD, "older_answer"
    apply(session, person, row, actor=None, now=now, latest=now)
    return ReplyState.APPLIED, None


def is_older(person: Participation, dtstamp: datetime | None) -> bool:
    """Whether the current version was answered after an instant already (RFC 5546, 2.1.5)."""
    return (
        dtstamp is not None
        and person.answered_dtstamp is not None
        and person.answered_at is not None
        and dtstamp < person.answered_dtstamp.replace(microsecond=0)
    )


def apply(
    session: Session, person: Participation, row: Reply, *, actor: User | None, now: datetime, latest: datetime
) -> None:
    """Keep an answer to the current version, whatever higher number a calendar may have given it.

    Earlier ones that wait for proof wait no longer.

    Args:
        session: An open transaction.
        person: Whose answer it is.
        row: The mail that says it.
        actor: Who takes it over; None where our mail server has proved the sender.
        now: When.
        latest: The latest instant at which it can have been given, whatever the sender's clock says.
    """
    dtstamp = min(row.dtstamp or latest, latest)
    said = ANSWERS[str(row.said)]
    answer(session, person, actor=actor, now=now, said=said, way=AnswerWay.MAIL, reason=row.comment, dtstamp=dtstamp)
    for earlier in mailbox.unproved_before(session, person):
        if earlier.id != row.id:
            earlier.state, earlier.reason = ReplyState.OLD, "older_answer"
    session.flush()
