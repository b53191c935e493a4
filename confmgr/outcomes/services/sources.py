"""Where figures come from, taken back with a reason where it does not hold. Writes; the caller commits."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.orm.unique import once
from confmgr.outcomes.models import Source
from confmgr.outcomes.naming import called
from confmgr.outcomes.returns import is_source_of_return
from confmgr.parties.models import Operation
from confmgr.values.words import Words


def add_source(
    session: Session, operation: Operation, *, code: str, title: Words, published_on: date | None = None
) -> Source:
    """A report, statement or return that figures come from.

    Raises:
        Refused: The code is taken, or is kept for returns of reporting rounds.
    """
    if is_source_of_return(code):
        raise Refused("source_reserved", field="code", code=code)
    source = Source(operation_id=operation.id, code=code, title=title, published_on=published_on)

    def look() -> None:
        taken = select(Source.id).where(Source.operation_id == operation.id, Source.code == code)
        if session.scalar(taken) is not None:
            raise Refused("source_taken", field="code", code=called(code))

    with once(session, look):
        session.add(source)
    return source


def withdraw_source(session: Session, source: Source, *, actor: User, now: datetime, reason: str) -> None:
    """A source does not hold: its figures stay to be read, marked, and count in no total any more.

    Raises:
        Refused: Without a reason, or it is withdrawn already.
    """
    if not reason.strip():
        raise Refused("withdrawal_needs_reason", field="reason")
    if source.withdrawn_at is not None:
        raise Refused("source_withdrawn", field="reason", code=source.called)
    source.withdrawn_at, source.withdrawn_by_id, source.withdrawn_reason = now, actor.id, reason.strip()
    session.flush()
    record(session, actor=actor, now=now, action="withdraw", object_type="source", object_ids=[source.id])


def reinstate_source(session: Session, source: Source, *, actor: User, now: datetime) -> None:
    """A source holds after all: its figures count again."""
    source.withdrawn_at = source.withdrawn_by_id = source.withdrawn_reason = None
    session.flush()
    record(session, actor=actor, now=now, action="reinstate", object_type="source", object_ids=[source.id])
