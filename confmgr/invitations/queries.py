"""Reads of publications, participations and the outbox."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage, Participation, Publication, PublishedSession
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling.attendance import Side
from confmgr.scheduling.models import MeetingSession


def latest(session: Session, meeting: Meeting) -> Publication | None:
    """The publication that others see now, without its sessions."""
    return session.scalar(
        select(Publication).where(Publication.meeting_id == meeting.id).order_by(Publication.number.desc()).limit(1)
    )


def published_sessions(session: Session, publication: Publication) -> list[PublishedSession]:
    """The frozen sessions of a publication with their live rows (for titles), by time; two statements."""
    return list(
        session.scalars(
            select(PublishedSession)
            .where(PublishedSession.publication_id == publication.id)
            .options(joinedload(PublishedSession.session))
            .order_by(PublishedSession.starts_at, PublishedSession.session_id)
        )
    )


def sides(session: Session, meeting: Meeting) -> dict[int, Side]:
    """Who can attend for each delegation, in two statements."""
    rows = session.scalars(
        select(Delegation).where(Delegation.meeting_id == meeting.id).options(selectinload(Delegation.delegates))
    )
    found = {}
    for row in rows:
        people = [p for p in row.delegates if p.left_at is None]
        head = next((p.id for p in people if p.capacity is Capacity.HEAD_OF_DELEGATION), None)
        found[row.id] = Side(row.id, row.teams, tuple(p.id for p in people), head)
    return found


def participations(session: Session, meeting: Meeting) -> dict[tuple[int, str, int], Participation]:
    """Every participation of a meeting by session, kind of person and person."""
    rows = session.scalars(
        select(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .where(MeetingSession.meeting_id == meeting.id)
    )
    return {key(row): row for row in rows}


def key(row: Participation) -> tuple[int, str, int]:
    """Session, kind of person, person."""
    if row.delegate_id is not None:
        return (row.session_id, "delegate", row.delegate_id)
    return (row.session_id, "interpreter", row.interpreter_id or 0)


def last_stamps(session: Session, meeting: Meeting) -> dict[int, Any]:
    """The newest DTSTAMP of each participation that was ever written to."""
    return dict(
        session.execute(
            select(OutboxMessage.participation_id, func.max(OutboxMessage.dtstamp))
            .where(OutboxMessage.meeting_id == meeting.id)
            .group_by(OutboxMessage.participation_id)
        )
        .tuples()
        .all()
    )


def delegates(session: Session, ids: Iterable[int]) -> dict[int, Delegate]:
    """Delegates by id, with their delegation and party."""
    return {
        row.id: row
        for row in session.scalars(
            select(Delegate)
            .where(Delegate.id.in_(set(ids)))
            .options(joinedload(Delegate.delegation).joinedload(Delegation.party))
        )
    }


def interpreters(session: Session, ids: Iterable[int]) -> dict[int, Interpreter]:
    """Interpreters by id."""
    return {row.id: row for row in session.scalars(select(Interpreter).where(Interpreter.id.in_(set(ids))))}


def places(session: Session, meeting: Meeting) -> dict[int, Place]:
    """Places of a meeting by id."""
    return {row.id: row for row in session.scalars(select(Place).where(Place.meeting_id == meeting.id))}


def parties_of(session: Session, meeting: Meeting) -> dict[int, Delegation]:
    """Delegations of a meeting by id, with their parties."""
    return {
        row.id: row
        for row in session.scalars(
            select(Delegation).where(Delegation.meeting_id == meeting.id).options(joinedload(Delegation.party))
        )
    }


def outbox(session: Session, meeting: Meeting, states: Sequence[OutboxState] = ()) -> list[OutboxMessage]:
    """Messages of a meeting without their bytes' cost to the page, the newest first."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.meeting_id == meeting.id)
        .options(joinedload(OutboxMessage.publication))
        .order_by(OutboxMessage.id.desc())
        .limit(500)
    )
    if states:
        statement = statement.where(OutboxMessage.state.in_(states))
    return list(session.scalars(statement))


def outbox_counts(session: Session, meeting: Meeting) -> Mapping[OutboxState, int]:
    """How many messages stand in which state."""
    return dict(
        session.execute(
            select(OutboxMessage.state, func.count())
            .where(OutboxMessage.meeting_id == meeting.id)
            .group_by(OutboxMessage.state)
        )
        .tuples()
        .all()
    )


def get_message(session: Session, meeting: Meeting, ident: uuid.UUID) -> OutboxMessage:
    """One message.

    Raises:
        NotFound: The meeting has no such message.
    """
    row = session.scalar(
        select(OutboxMessage).where(OutboxMessage.uuid == ident, OutboxMessage.meeting_id == meeting.id)
    )
    if row is None:
        raise NotFound("message", ident)
    return row


def told_to(session: Session, meeting: Meeting, *, delegate_ids: Iterable[int]) -> list[Participation]:
    """What some delegates were told, of sessions they are invited to; by start."""
    rows = session.scalars(
        select(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .where(MeetingSession.meeting_id == meeting.id, Participation.delegate_id.in_(set(delegate_ids)))
        .options(joinedload(Participation.session))
    )
    return sorted((row for row in rows if row.told_text), key=lambda row: (row.told_text or {})["starts_at"])
