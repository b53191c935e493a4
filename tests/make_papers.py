"""Builders of agenda items."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting
from confmgr.papers import services
from confmgr.papers.domain import ExpectedAction
from confmgr.papers.models import AgendaItem
from confmgr.values.words import Words
from tests import make
from tests.make_scheduling import NOW


def item(session: Session, meeting: Meeting, *, title: str = "Opening", **changes: Any) -> AgendaItem:
    """An item for information."""
    values: dict[str, Any] = {"now": NOW, "title": Words.of(title), "expected": ExpectedAction.INFORMATION}
    return services.add_agenda_item(session, actor=make.user(session), meeting=meeting, **(values | changes))


def numbered(session: Session, meeting: Meeting) -> str:
    """The agenda in one line; commits, so that no read stands in the way of a client."""
    rows = select(AgendaItem.number, AgendaItem.title).where(AgendaItem.meeting_id == meeting.id)
    line = ", ".join(
        f"{number} {title.text('en')}" for number, title in session.execute(rows.order_by(AgendaItem.rank))
    )
    session.commit()
    return line
