"""What people answer to their invitations."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.invitations.domain import PartStat
from confmgr.invitations.models import Participation


def answer(session: Session, row: Participation, *, actor: User, now: datetime, said: PartStat) -> None:
    """Keep what a person answered to the version that it was told last.

    Raises:
        Refused: The person is not invited (any more).
    """
    if not row.invited:
        raise Refused("not_invited")
    row.answer, row.answered_at, row.answered_sequence = said, now, row.sequence
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"answer_{said.value.lower()}",
        object_type="participation",
        object_ids=[row.id],
    )
