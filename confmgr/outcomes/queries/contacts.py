"""Contacts of agencies, for those who sit at a meeting with their party and may see GREEN."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Alliance, AllianceMember, Contact, Operation, Party
from confmgr.sharing.rule import Viewer

TO_BE_CONFIRMED = timedelta(days=365)
"""So long a contact is held to be right after somebody of its party has said so."""


def is_outdated(contact: Contact, now: datetime) -> bool:
    """Whether nobody has said for a year that a contact is right."""
    return contact.confirmed_at is None or contact.confirmed_at + TO_BE_CONFIRMED < now


def contacts(
    session: Session, operation: Operation, viewer: Viewer, own: Collection[int], *, ended: bool = False
) -> list[Contact]:
    """Contacts that a viewer may see, by party and agency. `ended`: those of the own parties that have ended instead.

    `own`: the parties for which the viewer speaks at the operation.
    """
    of = Agency.party_id.in_(own) if ended else _seen(operation, viewer, own)
    return list(
        session.scalars(
            _with_agencies()
            .where(of, Contact.ended_at.is_not(None) if ended else Contact.ended_at.is_(None))
            .order_by(Party.code, Agency.code, Contact.id)
        )
    )


def get_contact(
    session: Session, operation: Operation, viewer: Viewer, own: Collection[int], ident: uuid.UUID
) -> Contact:
    """One contact that the viewer may see; ended ones only of the own parties.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    seen = or_(Agency.party_id.in_(own), and_(_seen(operation, viewer, own), Contact.ended_at.is_(None)))
    contact = session.scalar(_with_agencies().where(Contact.uuid == ident, seen))
    if contact is None:
        raise NotFound("contact", ident)
    return contact


def contacts_of(session: Session, party_id: int) -> list[Contact]:
    """What a party may name as its contact: those of its agencies that have not ended."""
    return list(
        session.scalars(
            _with_agencies()
            .where(Agency.party_id == party_id, Contact.ended_at.is_(None))
            .order_by(Agency.code, Contact.id)
        )
    )


def get_alliance(session: Session, operation: Operation, ident: uuid.UUID) -> Alliance:
    """One alliance of an operation with its members.

    Raises:
        NotFound: The operation has none of that id.
    """
    alliance = session.scalar(
        select(Alliance)
        .where(Alliance.uuid == ident, Alliance.operation_id == operation.id)
        .options(selectinload(Alliance.members).joinedload(AllianceMember.party))
    )
    if alliance is None:
        raise NotFound("alliance", ident)
    return alliance


def _with_agencies() -> Select[Contact]:
    return (
        select(Contact)
        .join(Contact.agency)
        .join(Agency.party)
        .options(contains_eager(Contact.agency).contains_eager(Agency.party))
    )


def _seen(operation: Operation, viewer: Viewer, own: Collection[int]) -> ColumnElement[bool]:
    """Of the own parties, and of those that have a delegation at a meeting where the viewer may see GREEN."""
    meetings = {seat.meeting_id for seat in viewer.seats if seat.sees_green or seat.organises or seat.leads_host}
    if not viewer.active or not (meetings or own):
        return false()
    there = (
        select(Delegation.party_id)
        .join(Meeting, Meeting.id == Delegation.meeting_id)
        .where(Meeting.operation_id == operation.id, Delegation.meeting_id.in_(meetings))
    )
    return or_(Agency.party_id.in_(own), Agency.party_id.in_(there))
