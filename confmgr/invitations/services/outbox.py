"""Messages on their way: leased to a worker, checked, written, tried again, kept back."""

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from jinja2 import TemplateError
from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.invitations import outgoing, queries
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.sending import next_attempt, overtaken, withdrawn_because, within
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting
from confmgr.orm.locks import Lock, alone

log = logging.getLogger(__name__)
BATCH = 50
MINUTE = timedelta(minutes=1)

UNWRITABLE = (ValueError, TypeError, LookupError, TemplateError)
"""What goes wrong with facts that no renderer of this version understands."""


def claim_messages(
    session: Session, *, now: datetime, until: datetime, most: int = BATCH, per_minute: int | None = None
) -> list[OutboxMessage]:
    """Lease waiting messages (and those whose lease ran out) to be rendered and sent by one worker.

    Args:
        session: An open transaction, of the claim alone: others wait for its end.
        now: When.
        until: End of the lease.
        most: How many.
        per_minute: The most that one domain of recipients gets in a minute; what is over it goes on waiting.
    """
    alone(session, Lock.CLAIMING)  # else two workers both count what neither has sent yet
    used = {} if per_minute is None else outgoing.used(session, now - MINUTE, now)
    full = {domain for domain, number in used.items() if per_minute is not None and number >= per_minute}
    rows = list(
        session.scalars(_due(now, full).order_by(OutboxMessage.id).limit(most).with_for_update(skip_locked=True))
    )
    if per_minute is not None:
        free = within(per_minute, used, [row.domain for row in rows])
        rows = [row for row, may in zip(rows, free, strict=True) if may]
    for row in rows:
        row.state, row.leased_until = OutboxState.SENDING, until
    session.flush()
    return rows


def _due(now: datetime, full: Collection[str]) -> Select[OutboxMessage]:
    due = select(OutboxMessage).where(
        or_(
            (OutboxMessage.state == OutboxState.WAITING) & (OutboxMessage.next_at <= now),
            (OutboxMessage.state == OutboxState.SENDING) & (OutboxMessage.leased_until < now),
        )
    )
    return due.where(OutboxMessage.domain.not_in(full)) if full else due


def checked(session: Session, rows: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """Those that their readers may still have; the others are overtaken, or withdrawn with the reason."""
    known = outgoing.knowledge(session, rows)
    found = []
    for row in rows:
        mail = outgoing.mail(row)
        if overtaken(mail, known.heard.get(row.participation_id or 0)):
            row.state, row.leased_until = OutboxState.OVERTAKEN, None
            continue
        reason = withdrawn_because(mail, known.readers.get(row.id), known.heard)
        if reason is None:
            found.append(row)
        else:
            row.state, row.problem, row.leased_until = OutboxState.WITHDRAWN, f"{reason.value}:", None
    session.flush()
    return found


def keep_bytes(
    session: Session, row: OutboxMessage, write: Callable[[Session, OutboxMessage], tuple[bytes, str]]
) -> bool:
    """Write a mail once; one that cannot be written is put aside, so that it does not stop the others."""
    if row.raw is not None:
        return True
    try:
        raw, subject = write(session, row)
    except UNWRITABLE:
        log.exception("mail %s cannot be written", row.id)
        row.state, row.problem, row.leased_until = OutboxState.REFUSED, "unwritable:", None
        return False
    row.raw, row.subject, row.sha256 = raw, subject, hashlib.sha256(raw).hexdigest()
    return True


def note_sent(session: Session, ident: int, *, now: datetime) -> None:
    """A server has taken a message; the audit names it once, by its id and never by the address."""
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == ident, OutboxMessage.state.in_((OutboxState.SENDING, OutboxState.WAITING)))
        .values(
            state=OutboxState.SENT,
            sent_at=now,
            problem=None,
            leased_until=None,
            attempts=OutboxMessage.attempts + 1,
        )
        .returning(OutboxMessage.uuid, OutboxMessage.meeting_id, OutboxMessage.kind)
    ).all()
    for uuid, meeting_id, kind in taken:
        record(
            session,
            actor=None,
            now=now,
            action="send",
            object_type="outbox_message",
            object_uuid=uuid,
            meeting_id=meeting_id,
            facts={"kind": kind.value},
        )


def note_refused(session: Session, ident: int, *, now: datetime, said: str, permanent: bool) -> None:
    """A server has not taken a message: it is tried again later, or given up."""
    row = session.get(OutboxMessage, ident, populate_existing=True, with_for_update=True)
    if row is None or row.state is not OutboxState.SENDING:
        return
    row.attempts += 1
    row.leased_until, row.problem = None, said
    again = None if permanent else next_attempt(now, row.attempts)
    if again is None:
        row.state = OutboxState.REFUSED
    else:
        row.state, row.next_at = OutboxState.WAITING, again
    session.flush()


def give_back(
    session: Session, idents: Collection[int], *, until: datetime, due: datetime, said: str | None = None
) -> None:
    """Messages that a worker leased and did not offer to anybody wait again; no attempt is counted.

    Args:
        session: An open transaction.
        idents: Their ids.
        until: The end of the lease that it held; what somebody else has taken over since stays.
        due: When they are to be tried.
        said: What kept the worker from it.
    """
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_(idents),
            OutboxMessage.state == OutboxState.SENDING,
            OutboxMessage.leased_until == until,
        )
        .values(
            {"state": OutboxState.WAITING, "leased_until": None, "next_at": due} | ({"problem": said} if said else {})
        )
    )


def try_again(session: Session, message: OutboxMessage, *, actor: User, now: datetime) -> None:
    """Put a refused or held message back in the queue, with the same bytes.

    Raises:
        Refused: It has left, is on its way, or a newer one has overtaken it.
    """
    _lock(session, message)
    if message.state not in {OutboxState.REFUSED, OutboxState.HELD}:
        raise Refused("cannot_try_again", state=message.state)
    if outgoing.newer(session, message):
        raise Refused("newer_mail")
    _put_back(message, now)
    session.flush()
    _audit(session, message, actor, now, "try_again")
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=message.meeting_id)


def hold(session: Session, message: OutboxMessage, *, actor: User, now: datetime) -> None:
    """Keep a waiting message back.

    Raises:
        Refused: It has left already, or a worker has just taken it.
    """
    _lock(session, message)
    if message.state is not OutboxState.WAITING:
        raise Refused("already_sent")
    message.state = OutboxState.HELD
    session.flush()
    _audit(session, message, actor, now, "hold")


def hold_all(session: Session, meeting: Meeting, *, actor: User, now: datetime) -> int:
    """Keep back every mail of a meeting that waits; gives how many."""
    number = _turn(session, meeting, OutboxState.WAITING, {"state": OutboxState.HELD})
    _audit_all(session, meeting, actor, now, "hold_all", number)
    return number


def release_all(session: Session, meeting: Meeting, *, actor: User, now: datetime) -> int:
    """Let every mail of a meeting go that is held back; gives how many."""
    number = _turn(session, meeting, OutboxState.HELD, {"state": OutboxState.WAITING, "next_at": now, "problem": None})
    _audit_all(session, meeting, actor, now, "release_all", number)
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=meeting.id)
    return number


def try_all_again(session: Session, meeting: Meeting, *, actor: User, now: datetime) -> int:
    """Try every refused mail of a meeting again to which there is no newer one; gives how many."""
    rows = outgoing.to_try_again(session, meeting)
    for row in rows:
        _put_back(row, now)
    session.flush()
    _audit_all(session, meeting, actor, now, "try_all_again", len(rows))
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=meeting.id)
    return len(rows)


def _lock(session: Session, message: OutboxMessage) -> None:
    """Its state as it is now; workers and publications wait until this transaction ends."""
    session.flush()
    session.refresh(message, ["state"], with_for_update=True)


def _put_back(row: OutboxMessage, now: datetime) -> None:
    """Wait anew, with as many attempts as a new mail has."""
    row.state, row.next_at, row.problem, row.attempts = OutboxState.WAITING, now, None, 0


def _turn(session: Session, meeting: Meeting, state: OutboxState, values: dict[str, object]) -> int:
    turned = session.execute(
        update(OutboxMessage)
        .where(queries.of_secretariat(meeting), OutboxMessage.state == state)
        .values(**values)
        .returning(OutboxMessage.id)
    )
    return len(turned.all())


def _audit(session: Session, message: OutboxMessage, actor: User, now: datetime, action: str) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="outbox_message",
        object_uuid=message.uuid,
        meeting_id=message.meeting_id,
    )


def _audit_all(session: Session, meeting: Meeting, actor: User, now: datetime, action: str, number: int) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="meeting",
        object_uuid=meeting.uuid,
        meeting_id=meeting.id,
        facts={"number": number},
    )
