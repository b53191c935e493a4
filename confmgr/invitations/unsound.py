"""Sessions whose time the rules of their zone skip or show twice: after an upgrade of tzdata, or a move by hand."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import GONE
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import NoSuchTime, TwoSuchTimes, UnknownZone, instant


def sessions(session: Session, meeting: Meeting) -> list[MeetingSession]:
    """Placed sessions of the working schedule that have no instant of their own by the present rules; one statement."""
    rows = session.scalars(
        select(MeetingSession)
        .where(
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.removed_at.is_(None),
            MeetingSession.starts_local.is_not(None),
            MeetingSession.state.not_in(GONE),
        )
        .order_by(MeetingSession.starts_at, MeetingSession.reference)
    )
    return [row for row in rows if not _exists_once(row)]


def _exists_once(row: MeetingSession) -> bool:
    try:
        for wall in (row.starts_local, row.ends_local):
            if wall is not None:
                instant(wall, row.zone)
    except (NoSuchTime, TwoSuchTimes, UnknownZone):
        return False
    return True
