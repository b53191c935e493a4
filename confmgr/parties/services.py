"""Parties, agencies, alliances and operations. Writes; the caller commits."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.orm.unique import once
from confmgr.parties import queries
from confmgr.parties.domain import PARTY_CODE, OperationPhase, PartyKind
from confmgr.parties.models import Agency, Alliance, AllianceMember, Operation, Party
from confmgr.values.words import Words


def add_party(
    session: Session,
    *,
    actor: User,
    now: datetime,
    code: str,
    kind: PartyKind,
    short_name: Words,
    long_name: Words | None = None,
    illustrative: bool = False,
) -> Party:
    """A new party; its names are printed only after `approve_names`.

    Raises:
        Refused: The code is malformed or taken.
    """
    if not PARTY_CODE.fullmatch(code):
        raise Refused("party_code_malformed", field="code", code=code)
    party = Party(code=code, kind=kind, short_name=short_name, long_name=long_name, illustrative=illustrative)

    def look() -> None:
        if queries.party_by_code(session, code) is not None:
            raise Refused("party_code_taken", field="code", code=code)

    with once(session, look):
        session.add(party)
    record(session, actor=actor, now=now, action="create", object_type="party", object_ids=[code])
    return party


def change_party(
    session: Session,
    party: Party,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    kind: PartyKind,
    short_name: Words,
    long_name: Words | None,
) -> None:
    """Edit a party. Changed names must be approved again.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
    """
    if party.version != seen_version:
        raise StaleVersion("party", party.code)
    if (party.short_name, party.long_name) != (short_name, long_name):
        party.names_approved_at = party.names_approved_by_id = None
    party.kind, party.short_name, party.long_name = kind, short_name, long_name
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="party", object_ids=[party.code])


def approve_names(session: Session, party: Party, *, actor: User, now: datetime) -> None:
    """The host lets a party's names be printed."""
    party.names_approved_at, party.names_approved_by_id = now, actor.id
    session.flush()
    record(session, actor=actor, now=now, action="approve", object_type="party", object_ids=[party.code])


def add_agency(session: Session, *, party: Party, code: str, name: Words, parent: Agency | None = None) -> Agency:
    """A body of a party.

    Raises:
        Refused: The party has an agency of that code.
    """
    agency = Agency(party_id=party.id, code=code, name=name, parent_id=None if parent is None else parent.id)

    def look() -> None:
        taken = session.scalar(select(Agency.id).where(Agency.party_id == party.id, Agency.code == code))
        if taken is not None:
            raise Refused("agency_code_taken", field="code", code=code)

    with once(session, look):
        session.add(agency)
    return agency


def change_agency(session: Session, agency: Agency, *, actor: User, now: datetime, name: Words) -> None:
    """Edit the name of an agency."""
    agency.name = name
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="agency", object_ids=[agency.code])


def found_operation(
    session: Session,
    *,
    actor: User,
    now: datetime,
    code: str,
    name: Words,
    lead_party: Party,
    starts_on: date,
    purpose: Words | None = None,
    phase: OperationPhase = OperationPhase.PLANNING,
) -> Operation:
    """A new operation, led by one party.

    Raises:
        Refused: The code is taken.
    """
    operation = Operation(
        code=code, name=name, lead_party_id=lead_party.id, starts_on=starts_on, purpose=purpose, phase=phase
    )
    operation.lead_party = lead_party

    def look() -> None:
        if session.scalar(select(func.count()).select_from(Operation).where(Operation.code == code)):
            raise Refused("operation_code_taken", field="code", code=code)

    with once(session, look):
        session.add(operation)
    record(session, actor=actor, now=now, action="create", object_type="operation", object_uuid=operation.uuid)
    return operation


def change_operation(
    session: Session,
    operation: Operation,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    name: Words,
    purpose: Words | None,
    phase: OperationPhase,
) -> None:
    """Edit name, purpose and phase.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
    """
    if operation.version != seen_version:
        raise StaleVersion("operation", operation.code)
    operation.name, operation.purpose, operation.phase = name, purpose, phase
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="operation", object_uuid=operation.uuid)


def found_alliance(
    session: Session,
    *,
    operation: Operation,
    name: Words,
    founded_on: date,
    members: Iterable[Party],
    source: str | None = None,
) -> Alliance:
    """A standing framework; its founding members joined on the day it was founded."""
    alliance = Alliance(operation_id=operation.id, name=name, founded_on=founded_on, source=source)
    alliance.members = [AllianceMember(party_id=party.id, joined_on=founded_on) for party in members]
    session.add(alliance)
    session.flush()
    return alliance
