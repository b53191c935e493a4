"""Reads of the agenda."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.meetings.models import Meeting
from confmgr.papers.models import AgendaItem, AgendaItemSession


def agenda(session: Session, meeting: Meeting) -> list[AgendaItem]:
    """The items of a meeting's agenda with the sessions that deal with each; three statements."""
    return list(
        session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting.id)
            .options(
                joinedload(AgendaItem.chair), selectinload(AgendaItem.sessions).joinedload(AgendaItemSession.session)
            )
            .order_by(AgendaItem.rank)
        )
    )
