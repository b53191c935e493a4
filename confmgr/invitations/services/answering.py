"""What people answer to their invitations."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.invitations.domain import AnswerWay, PartStat
from confmgr.invitations.models import Participation


def answer(
    session: Session,
    row: Participation,
    *,
    actor: User | None,
    now: datetime,
    said: PartStat,
    way: AnswerWay,
    reason: str | None = None,
    sequence: int | None = None,
    dtstamp: datetime | None = None,
) -> None:
    """Keep what a person answered: to the version that it was told last, unless `sequence` names another.

    Raises:
        Refused: The person is not invited (any more).
    """
    if not row.invited:
        raise Refused("not_invited")
    row.answer, row.answered_at, row.answered_by, row.reason = said, now, way, reason
    row.answered_sequence = row.sequence if sequence is None else sequence
    row.answered_dtstamp = dtstamp or now
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"answer_{said.value.lower()}",
        object_type="participation",
        object_ids=[row.id],
    )
