"""The agenda. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.papers.domain import ExpectedAction
from confmgr.papers.models import AgendaItem, AgendaItemSession
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words


def add_agenda_item(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    number: str,
    title: Words,
    expected: ExpectedAction,
    annotation: Words | None = None,
    chair: Party | None = None,
    sessions: Sequence[MeetingSession] = (),
) -> AgendaItem:
    """An item at the end of the agenda, and the sessions that deal with it.

    Raises:
        Refused: The meeting has an item of that number; a session is of another meeting.
    """
    taken = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id, AgendaItem.number == number)
    if session.scalar(taken) is not None:
        raise Refused("agenda_number_taken", field="number", number=number)
    if any(row.meeting_id != meeting.id for row in sessions):
        raise Refused("other_meeting", field="sessions")
    last = session.scalar(
        select(func.coalesce(func.max(AgendaItem.rank), 0)).where(AgendaItem.meeting_id == meeting.id)
    )
    item = AgendaItem(
        meeting_id=meeting.id,
        number=number,
        rank=(last or 0) + 1,
        title=title,
        annotation=annotation,
        expected=expected,
        chair_id=None if chair is None else chair.id,
    )
    item.meeting, item.chair = meeting, chair
    item.sessions = [AgendaItemSession(session_id=row.id, session=row) for row in sessions]
    session.add(item)
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="create",
        object_type="agenda_item",
        object_uuid=item.uuid,
        meeting_id=meeting.id,
    )
    return item
