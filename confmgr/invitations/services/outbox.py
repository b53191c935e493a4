"""Messages on their way: leased to a worker, tried again, kept back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.jobs.services import enqueue


def claim_messages(session: Session, *, now: datetime, until: datetime, most: int = 50) -> list[OutboxMessage]:
    """Lease waiting messages (and those whose lease ran out) to be rendered and sent by one worker."""
    due = (
        select(OutboxMessage)
        .where(
            ((OutboxMessage.state == OutboxState.WAITING) & (OutboxMessage.next_at <= now))
            | ((OutboxMessage.state == OutboxState.SENDING) & (OutboxMessage.leased_until < now))
        )
        .order_by(OutboxMessage.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(due))
    for row in rows:
        row.state, row.leased_until = OutboxState.SENDING, until
    session.flush()
    return rows


def try_again(session: Session, message: OutboxMessage, *, actor: User, now: datetime) -> None:
    """Put a refused or held message back in the queue, with the same bytes.

    Raises:
        Refused: It has left, is on its way, or a newer one has overtaken it.
    """
    if message.state not in {OutboxState.REFUSED, OutboxState.HELD}:
        raise Refused("cannot_try_again", state=message.state)
    message.state, message.next_at, message.problem = OutboxState.WAITING, now, None
    session.flush()
    _audit(session, message, actor, now, "try_again")
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=message.meeting_id)


def hold(session: Session, message: OutboxMessage, *, actor: User, now: datetime) -> None:
    """Keep a waiting message back.

    Raises:
        Refused: It has left already.
    """
    if message.state is not OutboxState.WAITING:
        raise Refused("already_sent")
    message.state = OutboxState.HELD
    session.flush()
    _audit(session, message, actor, now, "hold")


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
