"""Reads of requests and of the working schedule, in constant numbers of statements."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.meetings.queries import current
from confmgr.scheduling.conflicts import House, Sitting
from confmgr.scheduling.domain import GONE, WHOLE_MEETING, RequestState, SessionState
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
    PlanRun,
    RequestCase,
    RequestParty,
    RequestPerson,
    SessionCase,
    SessionDelegate,
    SessionDelegation,
    SessionInterpreter,
)
from confmgr.values.times import Span

SEATS_A_SIDE = 2
"""Seats that a delegation takes at a table."""


def sessions(session: Session, meeting: Meeting) -> list[MeetingSession]:
    """The whole working schedule with everything that pages and rules need; nine statements."""
    return list(
        session.scalars(
            select(MeetingSession)
            .where(MeetingSession.meeting_id == meeting.id, MeetingSession.removed_at.is_(None))
            .options(*_session_loads())
            .order_by(MeetingSession.starts_at, MeetingSession.reference)
        )
    )


def sessions_by_id(session: Session, meeting: Meeting, ids: Collection[int]) -> list[MeetingSession]:
    """Some sessions of a meeting, deleted ones included."""
    return list(
        session.scalars(
            select(MeetingSession)
            .where(MeetingSession.meeting_id == meeting.id, MeetingSession.id.in_(ids))
            .options(*_session_loads())
        )
    )


def _session_loads() -> Sequence[Any]:
    return (
        joinedload(MeetingSession.place),
        joinedload(MeetingSession.request),
        selectinload(MeetingSession.delegations).joinedload(SessionDelegation.delegation).joinedload(Delegation.party),
        selectinload(MeetingSession.delegates).joinedload(SessionDelegate.delegate),
        selectinload(MeetingSession.cases).joinedload(SessionCase.case).joinedload(Case.item),
        selectinload(MeetingSession.interpreters).joinedload(SessionInterpreter.interpreter),
    )


def get_session(session: Session, meeting: Meeting, ident: uuid.UUID) -> MeetingSession:
    """One session of a meeting.

    Raises:
        NotFound: The meeting has no such session.
    """
    row = session.scalar(
        select(MeetingSession)
        .where(
            MeetingSession.uuid == ident,
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.removed_at.is_(None),
        )
        .options(*_session_loads())
    )
    if row is None:
        raise NotFound("session", ident)
    return row


def requests(session: Session, meeting: Meeting, *, of: Delegation | None = None) -> list[MeetingRequest]:
    """Meeting requests by number; `of`: only those that a delegation asks or is asked in."""
    statement = (
        select(MeetingRequest)
        .where(MeetingRequest.meeting_id == meeting.id)
        .options(
            joinedload(MeetingRequest.asking).joinedload(Delegation.party),
            selectinload(MeetingRequest.asked).joinedload(RequestParty.delegation).joinedload(Delegation.party),
            selectinload(MeetingRequest.cases).joinedload(RequestCase.case).joinedload(Case.item),
            selectinload(MeetingRequest.persons).joinedload(RequestPerson.delegate),
        )
        .order_by(MeetingRequest.number)
    )
    if of is not None:
        asked_in = select(RequestParty.request_id).where(RequestParty.delegation_id == of.id)
        statement = statement.where((MeetingRequest.from_id == of.id) | MeetingRequest.id.in_(asked_in))
    return list(session.scalars(statement))


def get_request(session: Session, meeting: Meeting, ident: uuid.UUID) -> MeetingRequest:
    """One meeting request.

    Raises:
        NotFound: The meeting has no such request.
    """
    row = session.scalar(
        select(MeetingRequest)
        .where(MeetingRequest.uuid == ident, MeetingRequest.meeting_id == meeting.id)
        .options(
            joinedload(MeetingRequest.asking).joinedload(Delegation.party),
            selectinload(MeetingRequest.asked).joinedload(RequestParty.delegation).joinedload(Delegation.party),
            selectinload(MeetingRequest.cases).joinedload(RequestCase.case).joinedload(Case.item),
            selectinload(MeetingRequest.persons).joinedload(RequestPerson.delegate),
        )
    )
    if row is None:
        raise NotFound("request", ident)
    return row


def session_of(session: Session, request: MeetingRequest) -> MeetingSession | None:
    """The session that was made of a request."""
    return session.scalar(
        select(MeetingSession).where(MeetingSession.request_id == request.id, MeetingSession.removed_at.is_(None))
    )


def request_counts(session: Session, meeting: Meeting) -> dict[RequestState, int]:
    """How many requests stand in which state."""
    return dict(
        session.execute(
            select(MeetingRequest.state, func.count())
            .where(MeetingRequest.meeting_id == meeting.id)
            .group_by(MeetingRequest.state)
        ).all()
    )


def own_delegation(session: Session, meeting: Meeting, user: User, now: datetime) -> Delegation | None:
    """The delegation that somebody belongs to at a meeting today, with its people; None for staff of the host."""
    return session.scalar(
        select(Delegation)
        .join(Membership, Membership.delegation_id == Delegation.id)
        .where(Membership.meeting_id == meeting.id, Membership.user_id == user.id, current(now))
        .options(joinedload(Delegation.party), selectinload(Delegation.delegates))
        .order_by(Delegation.id)
        .limit(1)
    )


def organised_meeting(session: Session, slug: str, user: User, now: datetime) -> Meeting | None:
    """A meeting that somebody organises today."""
    return session.scalar(
        select(Meeting)
        .join(Membership, Membership.meeting_id == Meeting.id)
        .where(Meeting.slug == slug, Membership.user_id == user.id, Membership.role == Role.ORGANISER, current(now))
        .limit(1)
    )


def plan_runs(session: Session, meeting: Meeting) -> list[PlanRun]:
    """Runs of the planner, the newest first."""
    return list(
        session.scalars(
            select(PlanRun)
            .where(PlanRun.meeting_id == meeting.id)
            .options(joinedload(PlanRun.made_by), joinedload(PlanRun.job), defer(PlanRun.instance))
            .order_by(PlanRun.made_at.desc(), PlanRun.id.desc())
        )
    )


def get_plan_run(session: Session, meeting: Meeting, ident: uuid.UUID) -> PlanRun:
    """One run of the planner.

    Raises:
        NotFound: The meeting has no such run.
    """
    row = session.scalar(select(PlanRun).where(PlanRun.uuid == ident, PlanRun.meeting_id == meeting.id))
    if row is None:
        raise NotFound("plan", ident)
    return row


def next_number(session: Session, meeting: Meeting) -> int:
    """The number of the next meeting request."""
    last = session.scalar(select(func.max(MeetingRequest.number)).where(MeetingRequest.meeting_id == meeting.id))
    return (last or 0) + 1


def seats_needed(row: MeetingSession) -> int:
    """Seats that a session needs: two a delegation."""
    return SEATS_A_SIDE * len(row.delegations)


def person_name(person: Delegate | Interpreter) -> str:
    """The one name by which rules and plans know a person."""
    return f"{person.latin_name} #{person.id}"


def house(session: Session, meeting: Meeting) -> House:
    """What the rules must know of the meeting itself; six statements."""
    delegations = list(
        session.scalars(
            select(Delegation)
            .where(Delegation.meeting_id == meeting.id)
            .options(
                joinedload(Delegation.party), selectinload(Delegation.availability), selectinload(Delegation.delegates)
            )
        )
    )
    places = list(
        session.scalars(select(Place).where(Place.meeting_id == meeting.id).options(selectinload(Place.hours)))
    )
    interpreters = list(
        session.scalars(
            select(Interpreter).where(Interpreter.meeting_id == meeting.id).options(selectinload(Interpreter.hours))
        )
    )
    whole = Span(
        datetime.combine(meeting.starts_on, time.min), datetime.combine(meeting.ends_on + timedelta(days=1), time.min)
    )
    return House(
        teams={d.party.code: d.teams for d in delegations},
        delegation_hours={
            d.party.code: tuple(Span(h.starts_local, h.ends_local) for h in d.availability) for d in delegations
        },
        person_hours={
            person_name(p): Span(p.arrives_local or whole.start, p.departs_local or whole.end)
            for d in delegations
            for p in d.delegates
            if p.arrives_local or p.departs_local
        },
        seats={p.code: p.seats for p in places},
        place_hours={p.code: tuple(Span(h.starts_local, h.ends_local) for h in p.hours) for p in places},
        interpreter_pairs={person_name(i): frozenset(i.pairs) for i in interpreters},
        interpreter_hours={
            person_name(i): tuple(Span(h.starts_local, h.ends_local) for h in i.hours) for i in interpreters
        },
        longest_run={person_name(i): i.longest_run_minutes for i in interpreters if i.longest_run_minutes},
    )


def sitting(row: MeetingSession, tables_of: dict[int, frozenset[str]], after: dict[int, str]) -> Sitting | None:
    """A placed session as the rules see it; None for one that is not placed or takes up nobody's time."""
    if row.starts_local is None or row.ends_local is None or row.state in GONE:
        return None
    before = after.get(row.request.after_id) if row.request is not None and row.request.after_id else None
    return Sitting(
        reference=row.reference,
        span=Span(row.starts_local, row.ends_local),
        delegations=frozenset(link.delegation.party.code for link in row.delegations),
        people=frozenset(person_name(link.delegate) for link in row.delegates),
        place=None if row.place is None else row.place.code,
        tables=frozenset() if row.place_id is None else tables_of.get(row.place_id, frozenset()),
        seats_needed=0 if row.everybody else seats_needed(row),
        interpretation=row.interpretation,
        interpreters_wanted=row.interpreters_wanted,
        interpreters=frozenset(person_name(link.interpreter) for link in row.interpreters),
        whole_meeting=row.kind in WHOLE_MEETING,
        after=frozenset() if before is None else frozenset({before}),
    )


def sittings(session: Session, meeting: Meeting, rows: Sequence[MeetingSession]) -> list[Sitting]:
    """All placed sessions as the rules see them."""
    tables: dict[int, set[str]] = {}
    for room_id, code in session.execute(
        select(Place.room_id, Place.code).where(Place.meeting_id == meeting.id, Place.room_id.is_not(None))
    ):
        tables.setdefault(room_id or 0, set()).add(code)
    frozen = {room: frozenset(codes) for room, codes in tables.items()}
    by_request = {row.request_id: row.reference for row in rows if row.request_id is not None}
    found = (sitting(row, frozen, by_request) for row in rows)
    return [row for row in found if row is not None]


def is_open(row: MeetingSession) -> bool:
    """Whether a session may still be moved by the planner."""
    return row.state in {SessionState.DRAFT, SessionState.CONFIRMED}
