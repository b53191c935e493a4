"""What every write of the schedule checks and records."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegation, Interpreter
from confmgr.delegations.services import PAIRS
from confmgr.errors import Conflict, Refused, StaleVersion
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import judged, queries
from confmgr.scheduling.conflicts import blocking, clashes_of
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
)
from confmgr.scheduling.services.commands import later
from confmgr.values import times


def set_time(row: MeetingSession, meeting: Meeting, starts: datetime | None, ends: datetime | None) -> None:
    """Give a session its planned time, or none.

    Raises:
        Refused: Off the five-minute grid, reversed, outside the meeting's days, or a time its zone does not have.
    """
    if starts is None or ends is None:
        row.starts_local = row.ends_local = row.starts_at = row.ends_at = None
        return
    row.starts_at, row.ends_at = instants(meeting, starts, ends)
    row.starts_local, row.ends_local, row.zone = starts, ends, meeting.zone
    row.minutes = minutes_between(starts, ends)


def instants(meeting: Meeting, starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """The instants of a planned start and end.

    Raises:
        Refused: As `set_time`.
    """
    if not (times.on_grid(starts) and times.on_grid(ends)):
        raise Refused("off_grid", field="starts")
    if ends <= starts:
        raise Refused("hours_reversed", field="ends")
    if not meeting.starts_on <= starts.date() <= ends.date() <= meeting.ends_on:
        raise Refused("outside_meeting", field="starts", first=str(meeting.starts_on), last=str(meeting.ends_on))
    try:
        return times.instant(starts, meeting.zone), times.instant(ends, meeting.zone)
    except times.NoSuchTime:
        raise Refused("no_such_time", field="starts", time=f"{starts:%Y-%m-%d %H:%M}", zone=meeting.zone) from None
    except times.TwoSuchTimes:
        raise Refused("two_such_times", field="starts", time=f"{starts:%Y-%m-%d %H:%M}", zone=meeting.zone) from None


def check_version(session: Session, meeting: Meeting, row: MeetingSession, seen: int) -> None:
    """Refuse an edit of a session that somebody has changed since it was seen.

    Raises:
        StaleVersion: With what was done to it last.
    """
    if row.version != seen:
        raise StaleVersion("session", row.reference, since=later(session, meeting, 0, {str(row.id): None})[:1])


def check_conflicts(session: Session, meeting: Meeting, row: MeetingSession) -> None:
    """Refuse what a blocking rule forbids.

    Raises:
        Conflict: Carries the clashes (`confmgr.scheduling.conflicts.Clash`).
    """
    with session.no_autoflush:
        rows = [other for other in queries.sessions(session, meeting) if other.id != row.id]
        sittings = judged.sittings([*rows, row])
        mine = next((s for s in sittings if s.reference == row.reference), None)
        if mine is None:
            return
        clashes = clashes_of(mine, sittings, judged.house(session, meeting))
    if forbidden := blocking(clashes):
        raise Conflict(forbidden)


def check_belongs(
    meeting: Meeting, place: Place | None, delegations: Sequence[Delegation], interpreters: Sequence[Interpreter]
) -> None:
    """Refuse a place, delegation or interpreter of another meeting."""
    if place is not None and place.meeting_id != meeting.id:
        raise Refused("other_meeting", field="place")
    if ({row.meeting_id for row in delegations} | {row.meeting_id for row in interpreters}) - {meeting.id}:
        raise Refused("other_meeting", field="delegations")


def check_pair(interpretation: str | None) -> None:
    """Refuse what is no pair of languages like `km-ko`."""
    if interpretation is not None and interpretation not in PAIRS:
        raise Refused("unknown_pair", field="interpretation", pairs=interpretation)


def check_length(minutes: int, longest: int) -> None:
    """Refuse a length that is not a multiple of the grid, or longer than `longest` minutes."""
    if not times.GRID_MINUTES <= minutes <= longest or minutes % times.GRID_MINUTES:
        raise Refused("length_not_right", field="minutes", longest=longest)


def minutes_between(starts: datetime | None, ends: datetime | None) -> int:
    """Minutes from start to end.

    Raises:
        Refused: One of them is missing.
    """
    if starts is None or ends is None:
        raise Refused("length_not_right", field="minutes", longest=1440)
    return int((ends - starts) / timedelta(minutes=1))


def audit(
    session: Session, actor: User, now: datetime, action: str, kind: str, row: MeetingSession | MeetingRequest
) -> None:
    """Record who did what to a session or a request."""
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type=kind,
        object_uuid=row.uuid,
        meeting_id=row.meeting_id,
    )
