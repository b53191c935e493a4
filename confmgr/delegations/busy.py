"""When a delegate has something else: kept from its own calendar, forgotten at its word. Nothing is ever sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegate, DelegateBusy
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.values.times import Span

MOST = 300
"""Stretches that are kept of one person."""


def keep_busy(
    session: Session, delegate: Delegate, spans: Sequence[Span], *, actor: User, now: datetime, meeting: Meeting
) -> None:
    """Keep when somebody is busy, as instants, in the place of what was kept before.

    Raises:
        Refused: More stretches than the days of a meeting hold.
    """
    if len(spans) > MOST:
        raise Refused("too_many_busy_times", most=MOST)
    _forget(session, delegate)
    session.add_all(
        DelegateBusy(delegate_id=delegate.id, starts_at=span.start, ends_at=span.end, imported_at=now) for span in spans
    )
    session.flush()
    session.expire(delegate, ["busy"])
    _audit(session, delegate, actor, now, meeting, spans)


def forget_busy(session: Session, delegate: Delegate, *, actor: User, now: datetime, meeting: Meeting) -> None:
    """Forget when somebody is busy."""
    _forget(session, delegate)
    session.expire(delegate, ["busy"])
    _audit(session, delegate, actor, now, meeting, ())


def _forget(session: Session, delegate: Delegate) -> None:
    session.execute(delete(DelegateBusy).where(DelegateBusy.delegate_id == delegate.id))


def _audit(
    session: Session, delegate: Delegate, actor: User, now: datetime, meeting: Meeting, spans: Iterable[Span]
) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action="import" if spans else "delete",
        object_type="busy_times",
        object_uuid=delegate.uuid,
        meeting_id=meeting.id,
        facts={"stretches": len(tuple(spans))},
    )
