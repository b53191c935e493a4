"""The agenda, on both databases."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.papers import services
from confmgr.papers.domain import ExpectedAction
from confmgr.papers.models import AgendaItem
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words
from tests import make, make_scheduling


def added(session: Session, now: datetime, meeting: Meeting, number: str, *sessions: MeetingSession) -> AgendaItem:
    return services.add_agenda_item(
        session,
        actor=make.user(session),
        now=now,
        meeting=meeting,
        number=number,
        title=Words.of("Opening"),
        expected=ExpectedAction.INFORMATION,
        sessions=sessions,
    )


def test_items_stand_in_the_order_in_which_they_came(session: Session, now: datetime) -> None:
    meeting = make.meeting(session)
    assert [added(session, now, meeting, number).rank for number in ("1", "2")] == [1, 2]


def test_a_number_stands_once_on_an_agenda(session: Session, now: datetime) -> None:
    meeting = make.meeting(session)
    added(session, now, meeting, "1")
    with pytest.raises(Refused, match="agenda_number_taken"):
        added(session, now, meeting, "1")


def test_an_item_is_dealt_with_in_sessions_of_its_own_meeting(session: Session, now: datetime) -> None:
    here = make_scheduling.world(session)
    meeting, row = here.meeting, make_scheduling.bilateral(session, here)
    assert [link.session_id for link in added(session, now, meeting, "1", row).sessions] == [row.id]
    other = make.meeting(session, meeting.operation, slug="seoul-3", number=3)
    with pytest.raises(Refused, match="other_meeting"):
        added(session, now, other, "1", row)
