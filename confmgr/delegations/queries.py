"""Reads of delegations, delegates and interpreters."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.meetings.domain import NameOrder
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.values import sorting


def in_order(meeting: Meeting, rows: list[Delegation]) -> list[Delegation]:
    """Delegations in the one order of names of the meeting: its groups, and in each from its first letter on."""
    groups = meeting.order_groups
    sort = sorting.key(meeting.order_language)
    first = sort(meeting.order_first or "")

    def key(row: Delegation) -> tuple[int, int, bool, bytes]:
        is_host = row.party_id == meeting.host_party_id
        place = {NameOrder.HOST_FIRST: 0 if is_host else 1, NameOrder.HOST_LAST: int(is_host)}
        name = sort(row.party.short_name.text(meeting.order_language))
        group = groups.index(row.status.value) if row.status.value in groups else len(groups)
        return (group, place.get(meeting.order_rule, 0), name < first, name)

    return sorted(rows, key=key)


def delegations(session: Session, meeting: Meeting, *, with_people: bool = False) -> list[Delegation]:
    """All delegations of a meeting with their parties, in the meeting's order; two statements, four with people."""
    statement = select(Delegation).where(Delegation.meeting_id == meeting.id).options(joinedload(Delegation.party))
    if with_people:
        statement = statement.options(
            selectinload(Delegation.delegates).joinedload(Delegate.agency), selectinload(Delegation.availability)
        )
    return in_order(meeting, list(session.scalars(statement)))


def get_delegation(session: Session, meeting: Meeting, ident: uuid.UUID) -> Delegation:
    """One delegation with its people and hours.

    Raises:
        NotFound: The meeting has no such delegation.
    """
    row = session.scalar(
        select(Delegation)
        .where(Delegation.uuid == ident, Delegation.meeting_id == meeting.id)
        .options(
            joinedload(Delegation.party),
            joinedload(Delegation.meeting),
            selectinload(Delegation.availability),
            selectinload(Delegation.delegates).joinedload(Delegate.agency),
        )
    )
    if row is None:
        raise NotFound("delegation", ident)
    return row


def delegation_of_party(session: Session, meeting: Meeting, party_id: int) -> Delegation | None:
    """A party's delegation at a meeting, if it has one."""
    return session.scalar(
        select(Delegation)
        .where(Delegation.meeting_id == meeting.id, Delegation.party_id == party_id)
        .options(joinedload(Delegation.party))
    )


def zone_of(session: Session, delegation: Delegation) -> str | None:
    """The time zone in which a delegation acts: that of its head, else of whoever stands first in it."""
    rows = session.scalars(
        select(Delegate).where(Delegate.delegation_id == delegation.id).order_by(Delegate.rank, Delegate.id)
    ).all()
    head = next((row for row in rows if row.capacity is Capacity.HEAD_OF_DELEGATION), None)
    found = head or next(iter(rows), None)
    return None if found is None else found.zone


def get_delegate(session: Session, delegation: Delegation, ident: uuid.UUID) -> Delegate:
    """One person of a delegation.

    Raises:
        NotFound: The delegation has no such person.
    """
    row = session.scalar(select(Delegate).where(Delegate.uuid == ident, Delegate.delegation_id == delegation.id))
    if row is None:
        raise NotFound("delegate", ident)
    return row


def languages_of_member(session: Session, meeting: Meeting, user_id: int, now: datetime) -> list[str]:
    """The languages of the delegation that an account belongs to at a meeting; none for who is of no delegation."""
    found = session.scalar(
        select(Delegation.languages)
        .join(Membership, Membership.delegation_id == Delegation.id)
        .where(Membership.meeting_id == meeting.id, Membership.user_id == user_id, current(now))
        .order_by(Delegation.id)
        .limit(1)
    )
    return list(found or ())


def interpreters(session: Session, meeting: Meeting) -> list[Interpreter]:
    """The interpreters of a meeting, with their hours."""
    return list(
        session.scalars(
            select(Interpreter)
            .where(Interpreter.meeting_id == meeting.id)
            .options(selectinload(Interpreter.hours))
            .order_by(Interpreter.latin_name)
        )
    )


def get_interpreter(session: Session, meeting: Meeting, ident: uuid.UUID) -> Interpreter:
    """One interpreter.

    Raises:
        NotFound: The meeting has no such interpreter.
    """
    row = session.scalar(select(Interpreter).where(Interpreter.uuid == ident, Interpreter.meeting_id == meeting.id))
    if row is None:
        raise NotFound("interpreter", ident)
    return row
