"""Reads of meetings, places and memberships."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.errors import NotFound
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.orm.base import Base
from confmgr.parties.models import Operation, Party
from confmgr.values.times import wall_time
from confmgr.values.words import Words


def current(now: datetime) -> ColumnElement[bool]:
    """Memberships that hold at an instant."""
    return and_(Membership.starts_at <= now, or_(Membership.ends_at.is_(None), Membership.ends_at > now))


def is_over(meeting: Meeting, now: datetime) -> bool:
    """Whether its last day has passed, where it takes place."""
    return wall_time(now, meeting.zone).date() > meeting.ends_on


def meeting_and_roles(session: Session, slug: str, user: User, now: datetime) -> tuple[Meeting | None, frozenset[Role]]:
    """A meeting and the roles that somebody holds in it, in two statements; no meeting for who holds none.

    The roles are asked first: how long an answer takes does not tell an outsider that there is such a meeting.
    """
    held = frozenset(
        session.scalars(
            select(Membership.role)
            .join(Meeting, Meeting.id == Membership.meeting_id)
            .where(Meeting.slug == slug, Membership.user_id == user.id, current(now))
        )
    )
    if not held:
        return None, held
    meeting = session.scalar(
        select(Meeting)
        .where(Meeting.slug == slug)
        .options(
            joinedload(Meeting.operation).joinedload(Operation.lead_party),
            joinedload(Meeting.host_party),
            selectinload(Meeting.days),
        )
    )
    return meeting, held


def organised_meeting(session: Session, slug: str, user: User, now: datetime) -> Meeting | None:
    """A meeting that somebody organises today."""
    return session.scalar(
        select(Meeting)
        .join(Membership, Membership.meeting_id == Meeting.id)
        .where(Meeting.slug == slug, Membership.user_id == user.id, Membership.role == Role.ORGANISER, current(now))
        .limit(1)
    )


def operation_and_roles(
    session: Session, code: str, user: User, now: datetime
) -> tuple[Operation | None, frozenset[Role]]:
    """An operation and the roles that somebody holds in any of its meetings, in two statements; as of a meeting."""
    held = frozenset(
        session.scalars(
            select(Membership.role)
            .join(Meeting, Meeting.id == Membership.meeting_id)
            .join(Operation, Operation.id == Meeting.operation_id)
            .where(Operation.code == code, Membership.user_id == user.id, current(now))
        )
    )
    if not held:
        return None, held
    operation = session.scalar(
        select(Operation).where(Operation.code == code).options(joinedload(Operation.lead_party))
    )
    return operation, held


def organises_any(session: Session, user: User, now: datetime) -> bool:
    """Whether somebody is an organiser anywhere."""
    return (
        session.scalar(
            select(Membership.id).where(Membership.user_id == user.id, Membership.role == Role.ORGANISER, current(now))
        )
        is not None
    )


def keeps_operation(session: Session, operation: Operation, user: User, now: datetime) -> bool:
    """Whether somebody organises a meeting of an operation, or it has no meeting yet."""
    of_it = select(Meeting.id).where(Meeting.operation_id == operation.id)
    own = select(Membership.id).where(
        Membership.meeting_id.in_(of_it),
        Membership.user_id == user.id,
        Membership.role == Role.ORGANISER,
        current(now),
    )
    return bool(session.scalar(select(or_(own.exists(), ~of_it.exists()))))


def meetings_of(session: Session, user: User, now: datetime) -> list[Meeting]:
    """Meetings in which somebody holds a role today, the newest first."""
    return list(
        session.scalars(
            select(Meeting)
            .where(Meeting.id.in_(select(Membership.meeting_id).where(Membership.user_id == user.id, current(now))))
            .options(joinedload(Meeting.operation))
            .order_by(Meeting.starts_on.desc())
        )
    )


def memberships(session: Session, meeting: Meeting) -> list[Membership]:
    """Who holds which role in a meeting, with the accounts."""
    return list(
        session.scalars(
            select(Membership)
            .where(Membership.meeting_id == meeting.id)
            .options(joinedload(Membership.user))
            .order_by(Membership.role, Membership.id)
        )
    )


def places(session: Session, meeting: Meeting) -> list[Place]:
    """Rooms and tables of a meeting in their order, with opening hours."""
    return list(
        session.scalars(
            select(Place)
            .where(Place.meeting_id == meeting.id)
            .options(selectinload(Place.hours))
            .order_by(Place.rank, Place.code)
        )
    )


def place(session: Session, meeting: Meeting, place_id: int) -> Place:
    """One place of a meeting.

    Raises:
        NotFound: The meeting has no such place.
    """
    row = session.get(Place, place_id)
    if row is None or row.meeting_id != meeting.id:
        raise NotFound("place", place_id)
    return row


def delegation_names(session: Session, meeting: Meeting) -> list[tuple[int, str, Words]]:
    """Id, code and short name of the delegations of a meeting; they live in a higher room, so by their table alone."""
    delegation = Base.metadata.tables["delegation"]
    rows = session.execute(
        select(delegation.c.id, Party.code, Party.short_name)
        .join(Party, Party.id == delegation.c.party_id)
        .where(delegation.c.meeting_id == meeting.id)
        .order_by(Party.code)
    )
    return [(ident, code, name) for ident, code, name in rows]
