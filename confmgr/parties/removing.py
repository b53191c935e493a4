"""Deleting participants, agencies and operations on which nothing rests."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import StillUsed
from confmgr.orm.references import references
from confmgr.parties.models import Agency, Operation, Party


def remove_party(session: Session, party: Party, *, actor: User, now: datetime) -> None:
    """Delete a participant.

    Raises:
        StillUsed: Agencies, delegations, meetings, cases or figures name it.
    """
    _remove(session, party, "party")
    record(session, actor=actor, now=now, action="delete", object_type="party", object_ids=[party.code])


def remove_agency(session: Session, agency: Agency, *, actor: User, now: datetime) -> None:
    """Delete an agency.

    Raises:
        StillUsed: People, roles, cases or leads belong to it.
    """
    _remove(session, agency, "agency")
    record(session, actor=actor, now=now, action="delete", object_type="agency", object_ids=[agency.code])


def remove_operation(session: Session, operation: Operation, *, actor: User, now: datetime) -> None:
    """Delete an operation.

    Raises:
        StillUsed: Meetings, cases, sources or figures belong to it.
    """
    _remove(session, operation, "operation")
    record(session, actor=actor, now=now, action="delete", object_type="operation", object_uuid=operation.uuid)


def _remove(session: Session, row: Party | Agency | Operation, kind: str) -> None:
    used = references(session, row)
    if used:
        raise StillUsed(kind, used)
    session.delete(row)
    session.flush()
