"""The days of a meeting and their hours."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting, MeetingDay
from confmgr.meetings.services import LONGEST_MEETING, USUAL_HOURS
from confmgr.orm.base import Base
from confmgr.values import times

Hours = tuple[time, time]


def change_days(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    starts_on: date,
    ends_on: date,
    hours: Mapping[date, Hours],
) -> None:
    """Move the first and last day, and say between which hours each may be planned; a new day has those of the first.

    Raises:
        StaleVersion: Somebody changed the meeting meanwhile.
        Refused: Dates or hours reversed, too many days, or sessions stand on a day that would go.
    """
    if meeting.version != seen_version:
        raise StaleVersion("meeting", meeting.slug)
    if ends_on < starts_on:
        raise Refused("dates_reversed", field="ends_on")
    if (ends_on - starts_on).days >= LONGEST_MEETING:
        raise Refused("too_many_days", field="ends_on", most=LONGEST_MEETING)
    standing = _sessions_outside(session, meeting, starts_on, ends_on)
    if standing:
        raise Refused("sessions_outside_days", field="ends_on", count=standing)
    before = {row.day: (row.opens, row.closes) for row in meeting.days} | dict(hours)
    usual = before.get(meeting.starts_on, USUAL_HOURS)
    wanted = {day: before.get(day, usual) for day in times.days(starts_on, ends_on)}
    for day, (opens, closes) in wanted.items():
        if opens >= closes:
            raise Refused("day_hours_reversed", field="days", day=day.isoformat())
    rows = {row.day: row for row in meeting.days}
    for day, (opens, closes) in wanted.items():
        row = rows.get(day)
        if row is None:
            meeting.days.append(MeetingDay(day=day, opens=opens, closes=closes))
        else:
            row.opens, row.closes = opens, closes
    for day, row in rows.items():
        if day not in wanted:
            meeting.days.remove(row)
    meeting.starts_on, meeting.ends_on = starts_on, ends_on
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="change",
        object_type="meeting",
        object_uuid=meeting.uuid,
        meeting_id=meeting.id,
    )


def _sessions_outside(session: Session, meeting: Meeting, starts_on: date, ends_on: date) -> int:
    """Sessions of the present days that the new ones leave out; they live in a higher room, so by their table alone."""
    table = Base.metadata.tables["meeting_session"]
    first = datetime.combine(starts_on, time.min)
    end = datetime.combine(ends_on + timedelta(days=1), time.min)
    outside = (table.c.starts_local < first) | (table.c.starts_local >= end)
    return session.scalar(select(func.count()).select_from(table).where(table.c.meeting_id == meeting.id, outside)) or 0
