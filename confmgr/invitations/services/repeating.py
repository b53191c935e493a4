"""The version that somebody was told last, once more: to the address on file, never to who asked."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.invitations import mailbox
from confmgr.invitations.domain import ChangeKind, MailKind, Method, OutboxState, stamp
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.values.addresses import domain_of

PAUSE = timedelta(hours=1)
"""The least time between two of them for one participation."""
ON_ITS_WAY = frozenset({OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD})


def repeat(session: Session, row: Participation, *, now: datetime, once: str | None = None) -> OutboxMessage | None:
    """Write the current invitation or cancellation again: same UID and SEQUENCE, newer DTSTAMP, the answer as it is.

    None where nothing is to be said: no mail ever went there, the current one has not left yet, one was repeated within
    the hour, or `once` was said before.
    """
    last = mailbox.last_invitation(session, row)
    address = mailbox.address_of(row)
    if last is None or address is None or last.state in ON_ITS_WAY:
        return None
    if mailbox.repeated_since(session, row, now - PAUSE) or (once is not None and mailbox.said_once(session, once)):
        return None
    row.dtstamp = stamp(now, max(row.dtstamp or last.dtstamp, last.dtstamp))
    message = following(row, last, address, now=now)
    message.kind, message.once = MailKind.INVITATION, once
    message.method = Method.REQUEST if row.invited else Method.CANCEL
    message.change = ChangeKind.REPEATED if row.invited else ChangeKind.CANCELLED
    message.dtstamp = row.dtstamp
    message.message_id = f"<{row.uid}.{row.sequence}.{row.dtstamp:%Y%m%dT%H%M%SZ}@{id_domain(last)}>"
    session.add(message)
    session.flush()
    return message


def following(row: Participation, last: OutboxMessage, address: str, *, now: datetime) -> OutboxMessage:
    """A further mail in the thread of an invitation, of the version that holds; its kind and identity are missing."""
    return OutboxMessage(
        meeting_id=last.meeting_id,
        participation_id=row.id,
        recipient=address,
        domain=domain_of(address),
        language=last.language,
        uid=row.uid,
        sequence=row.sequence,
        thread_id=last.thread_id,
        facts={**last.facts, "session": dict(row.told_text or {}), "before": None, "answer": row.answer.value},
        next_at=now,
    )


def id_domain(message: OutboxMessage) -> str:
    """The right side of a mail's identifiers."""
    return message.thread_id.rpartition("@")[2].rstrip(">")
