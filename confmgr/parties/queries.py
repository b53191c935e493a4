"""Reads of parties and operations."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.errors import NotFound
from confmgr.parties.models import Agency, Alliance, AllianceMember, Operation, Party


def party_by_code(session: Session, code: str) -> Party | None:
    """The party of a code, if there is one."""
    return session.scalar(select(Party).where(Party.code == code))


def get_party(session: Session, code: str) -> Party:
    """The party of a code with its agencies.

    Raises:
        NotFound: There is none.
    """
    party = session.scalar(select(Party).where(Party.code == code).options(selectinload(Party.agencies)))
    if party is None:
        raise NotFound("party", code)
    return party


def parties(session: Session) -> list[Party]:
    """All parties by code."""
    return list(session.scalars(select(Party).order_by(Party.code).options(selectinload(Party.agencies))))


def operations(session: Session) -> list[Operation]:
    """All operations, the newest first."""
    return list(
        session.scalars(
            select(Operation).options(joinedload(Operation.lead_party)).order_by(Operation.starts_on.desc())
        )
    )


def get_operation(session: Session, code: str) -> Operation:
    """An operation with its leading party.

    Raises:
        NotFound: There is none.
    """
    operation = session.scalar(
        select(Operation).where(Operation.code == code).options(joinedload(Operation.lead_party))
    )
    if operation is None:
        raise NotFound("operation", code)
    return operation


def alliances(session: Session, operation: Operation) -> list[Alliance]:
    """Alliances of an operation with their members."""
    return list(
        session.scalars(
            select(Alliance)
            .where(Alliance.operation_id == operation.id)
            .options(selectinload(Alliance.members).joinedload(AllianceMember.party))
            .order_by(Alliance.founded_on)
        )
    )


def get_agency(session: Session, party: Party, code: str) -> Agency:
    """One agency of a party.

    Raises:
        NotFound: The party has none of that code.
    """
    agency = session.scalar(select(Agency).where(Agency.party_id == party.id, Agency.code == code))
    if agency is None:
        raise NotFound("agency", code)
    return agency


def agencies(session: Session, party: Party) -> list[Agency]:
    """A party's agencies by code."""
    return list(session.scalars(select(Agency).where(Agency.party_id == party.id).order_by(Agency.code)))
