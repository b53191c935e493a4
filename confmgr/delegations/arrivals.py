"""Who has arrived, as the desk at the door notes it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import Refused


def set_arrived(
    session: Session,
    delegation: Delegation,
    people: Iterable[Delegate],
    *,
    actor: User,
    now: datetime,
    arrived: bool,
) -> None:
    """Note that some people of a delegation are there, or take the note back; whoever is noted keeps the first time.

    Raises:
        Refused: Somebody is of another delegation.
    """
    rows = list(people)
    if any(row.delegation_id != delegation.id for row in rows):
        raise Refused("other_delegation", field="person")
    for row in rows:
        row.arrived_at = (row.arrived_at or now) if arrived else None
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="arrive" if arrived else "not_arrived",
        object_type="delegation",
        object_uuid=delegation.uuid,
        object_ids=[str(row.uuid) for row in rows],
        meeting_id=delegation.meeting_id,
    )
