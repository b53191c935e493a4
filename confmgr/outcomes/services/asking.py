"""Whether somebody may write in a reporting round: services ask it themselves, whatever their caller asked."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed
from confmgr.meetings.models import Meeting
from confmgr.outcomes.models import RoundReturn
from confmgr.outcomes.queries.rounds_asked import RoundReader, round_reader
from confmgr.parties.models import Operation
from confmgr.sharing.queries import viewer_of


def check_writes(session: Session, row: RoundReturn, actor: User, now: datetime) -> None:
    """Make sure that somebody writes a return.

    Raises:
        NotAllowed: The actor is neither head nor delegate of its party.
    """
    if not _rights(session, row.round.operation, actor, now).writes(row):
        raise NotAllowed("write this return")


def check_asks(session: Session, meeting: Meeting | None, operation: Operation, actor: User, now: datetime) -> None:
    """Make sure that somebody asks for returns on behalf of a meeting, and judges them.

    Raises:
        NotAllowed: The actor does not organise that meeting.
    """
    if meeting is None or meeting.id not in _rights(session, operation, actor, now).organises:
        raise NotAllowed("change this round")


def _rights(session: Session, operation: Operation, actor: User, now: datetime) -> RoundReader:
    return round_reader(session, viewer_of(session, actor, now), operation, now)
