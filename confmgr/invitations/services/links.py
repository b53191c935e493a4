"""Secret addresses: made once, shown once, kept as a hash."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.invitations.domain import MailKind, Method
from confmgr.invitations.models import AnswerLink, OutboxMessage
from confmgr.values import chance


def answer_token(session: Session, row: OutboxMessage, *, now: datetime) -> str | None:
    """A fresh secret for the answer link in one mail; None where there is nothing to answer."""
    if row.kind is not MailKind.INVITATION or row.method is not Method.REQUEST or row.participation_id is None:
        return None
    token = chance.secret()
    session.add(
        AnswerLink(
            participation_id=row.participation_id,
            token_hash=chance.hashed(token),
            sequence=row.sequence or 0,
            made_at=now,
        )
    )
    return token
