"""A session's life: cancelled and brought back, held, deleted."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused, StillUsed
from confmgr.meetings.models import Meeting
from confmgr.orm.references import references
from confmgr.scheduling.domain import CommandKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services.checks import audit, check_conflicts
from confmgr.scheduling.services.commands import step
from confmgr.scheduling.snapshots import follow

OPEN = frozenset({SessionState.DRAFT, SessionState.CONFIRMED})
OWN_TABLES = ("session_delegation", "session_delegate", "session_case", "session_interpreter")


def cancel_session(
    session: Session, row: MeetingSession, *, actor: User, now: datetime, reason: str | None = None
) -> None:
    """Cancel a session; it keeps its row, so that it can come back as the same one.

    Raises:
        Refused: It was held, or is cancelled already.
    """
    if row.state not in OPEN:
        raise Refused("session_state", state=row.state)
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.CANCEL) as made:
        made.watch(row)
        row.state, row.cancelled_because = SessionState.CANCELLED, reason
    session.flush()
    audit(session, actor, now, "cancel", "session", row)


def restore_session(
    session: Session, row: MeetingSession, *, actor: User, now: datetime, meeting: Meeting, anyway: bool = False
) -> None:
    """Undo a cancellation: the same row, the same calendar entry with a higher sequence.

    Raises:
        Refused: It is not cancelled.
        Conflict: Its old time or place has been taken meanwhile, and not `anyway`.
    """
    if row.state is not SessionState.CANCELLED:
        raise Refused("session_state", state=row.state)
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.RESTORE) as made:
        made.watch(row)
        row.state, row.cancelled_because = SessionState.DRAFT, None
        if not anyway and row.starts_local is not None:
            check_conflicts(session, meeting, row)
    session.flush()
    audit(session, actor, now, "restore", "session", row)


def set_held(session: Session, row: MeetingSession, *, actor: User, now: datetime, absent: bool = False) -> None:
    """Say that a session took place, or that a side did not come.

    Raises:
        Refused: It is cancelled, was held already, or never had a time.
    """
    if row.state not in OPEN:
        raise Refused("session_state", state=row.state)
    if row.starts_at is None:
        raise Refused("not_placed")
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.DESK) as made:
        made.watch(row)
        row.state = SessionState.ABSENT if absent else SessionState.HELD
        follow(row)
    session.flush()
    audit(session, actor, now, "absent" if absent else "held", "session", row)


def lock_session(session: Session, row: MeetingSession, *, actor: User, now: datetime, locked: bool) -> None:
    """Let the planner leave a session where it is, or free it again.

    Raises:
        Refused: It has no time that could be locked.
    """
    if locked and row.starts_at is None:
        raise Refused("not_placed")
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.LOCK) as made:
        made.watch(row)
        row.time_locked, row.place_locked = locked, locked and row.place_id is not None
    session.flush()
    audit(session, actor, now, "lock" if locked else "unlock", "session", row)


def delete_session(session: Session, row: MeetingSession, *, actor: User, now: datetime) -> None:
    """Delete a draft that was never published and that nothing rests on; undo brings back the same row.

    Raises:
        StillUsed: Publications, invitations, leads or records name it: cancel it instead.
    """
    used = references(session, row, except_tables=OWN_TABLES)
    if used:
        raise StillUsed("session", used)
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.REMOVE) as made:
        made.watch(row)
        row.removed_at = now
        follow(row)
    session.flush()
    audit(session, actor, now, "delete", "session", row)
