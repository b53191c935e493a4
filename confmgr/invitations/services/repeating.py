"""The version that somebody was told last, once more: to the address on file, never to who asked."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.invitations import mailbox
from confmgr.invitations.domain import ChangeKind, MailKind, Method, OutboxState, stamp
from confmgr.invitations.models import OutboxMessage, Participation

PAUSE = timedelta(hours=1)
"""The least time between two of them for one participation."""
ON_ITS_WAY = frozenset({OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD})


def repeat(session: Session, row: Participation, *, now: datetime, once: str | None = None) -> OutboxMessage | None:
    """Write the current invitation or cancellation again: same UID and SEQUENCE, newer DTSTAMP, the answer as it is.

    None where nothing is to be said: no mail ever went there, the current one has not left yet, one was repeated within
    the hour, or `once` was said before.
    """
    last = mailbox.last_invitation(session, row)
    address = mailbox.address_of(session, row)
    if last is None or address is None or last.state in ON_ITS_WAY:
        return None
    if mailbox.repeated_since(session, row, now - PAUSE) or (once is not None and mailbox.said_once(session, once)):
        return None
    message = following(row, last, address, now=now, kind=MailKind.INVITATION)
    message.method = Method.REQUEST if row.invited else Method.CANCEL
    message.change = ChangeKind.REPEATED if row.invited else ChangeKind.CANCELLED
    message.once = once
    session.add(message)
    session.flush()
    return message


def following(row: Participation, last: OutboxMessage, address: str, *, now: datetime, kind: MailKind) -> OutboxMessage:
    """A further mail in the thread of an invitation; the participation's DTSTAMP moves with it."""
    row.dtstamp = stamp(now, max((one for one in (row.dtstamp, last.dtstamp) if one is not None), default=None))
    domain = last.thread_id.rpartition("@")[2].rstrip(">")
    return OutboxMessage(
        meeting_id=last.meeting_id,
        kind=kind,
        participation_id=row.id,
        recipient=address,
        domain=address.rpartition("@")[2],
        language=last.language,
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        message_id=f"<{row.uid}.{row.sequence}.{row.dtstamp:%Y%m%dT%H%M%SZ}@{domain}>",
        thread_id=last.thread_id,
        facts={**last.facts, "session": dict(row.told_text or {}), "before": None, "answer": row.answer.value},
        next_at=now,
    )
