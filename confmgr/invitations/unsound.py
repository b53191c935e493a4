"""Sessions whose time the rules of their zone skip or show twice: after an upgrade of tzdata, or a move by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import GONE
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import NoSuchTime, TwoSuchTimes, UnknownZone, instant


@dataclass(frozen=True, slots=True)
class Unsound:
    """A placed session that has no instant of its own by the present rules."""

    reference: str
    starts: datetime
    zone: str


def sessions(session: Session, meeting: Meeting) -> list[Unsound]:
    """Those of the working schedule, by time; one statement."""
    rows = session.execute(
        select(MeetingSession.reference, MeetingSession.starts_local, MeetingSession.ends_local, MeetingSession.zone)
        .where(
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.removed_at.is_(None),
            MeetingSession.state.not_in(GONE),
        )
        .order_by(MeetingSession.starts_at, MeetingSession.reference)
    )
    return [
        Unsound(row.reference, row.starts_local, row.zone)
        for row in rows
        if row.starts_local is not None and row.ends_local is not None
        if not _sound(row.zone, row.starts_local, row.ends_local)
    ]


def _sound(zone: str, *walls: datetime) -> bool:
    try:
        for wall in walls:
            instant(wall, zone)
    except (NoSuchTime, TwoSuchTimes, UnknownZone):
        return False
    return True
