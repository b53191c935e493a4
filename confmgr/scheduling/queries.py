"""Reads of requests and of the working schedule, in constant numbers of statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.meetings.queries import current
from confmgr.parties.models import Party
from confmgr.scheduling.conflicts import ClashKind, House, Severity, Sitting
from confmgr.scheduling.differences import Names
from confmgr.scheduling.domain import GONE, WHOLE_MEETING, RequestState, SessionState
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
    PlanRun,
    RequestCase,
    RequestParty,
    RequestPerson,
    ScheduleDraft,
    ScheduleState,
    SessionCase,
    SessionDelegate,
    SessionDelegation,
    SessionInterpreter,
)
from confmgr.sharing.models import Item
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


def drafts(session: Session, meeting: Meeting) -> list[ScheduleDraft]:
    """Working schedules kept under a name, the newest first; without what they hold."""
    return list(
        session.scalars(
            select(ScheduleDraft)
            .where(ScheduleDraft.meeting_id == meeting.id)
            .options(joinedload(ScheduleDraft.made_by), defer(ScheduleDraft.placements))
            .order_by(ScheduleDraft.made_at.desc(), ScheduleDraft.id.desc())
        )
    )


def get_draft(session: Session, meeting: Meeting, ident: uuid.UUID) -> ScheduleDraft:
    """One of them.

    Raises:
        NotFound: The meeting has no such draft.
    """
    row = session.scalar(
        select(ScheduleDraft)
        .where(ScheduleDraft.uuid == ident, ScheduleDraft.meeting_id == meeting.id)
        .options(joinedload(ScheduleDraft.made_by))
    )
    if row is None:
        raise NotFound("draft", ident)
    return row


def count_others(session: Session, meeting: Meeting, ids: Collection[int]) -> int:
    """How many sessions of the working schedule are none of some."""
    here = select(MeetingSession.id).where(MeetingSession.meeting_id == meeting.id, MeetingSession.removed_at.is_(None))
    return len(set(session.scalars(here)) - set(ids))


def present(session: Session, meeting: Meeting, case_ids: Collection[int]) -> Names:
    """What a session can name today, by id: people who left and what was deleted are missing; five statements."""
    places = session.scalars(select(Place).where(Place.meeting_id == meeting.id))
    delegations = select(Delegation.id, Party.code).join(Party).where(Delegation.meeting_id == meeting.id)
    people = (
        select(Delegate.id, Delegate.latin_name)
        .join(Delegation)
        .where(Delegation.meeting_id == meeting.id, Delegate.left_at.is_(None))
    )
    crew = select(Interpreter.id, Interpreter.latin_name).where(Interpreter.meeting_id == meeting.id)
    cases = select(Item.id, Item.reference).join(Case, Case.id == Item.id).where(Item.id.in_(case_ids))
    return Names(
        places={row.id: {"place": row.name.to_json(), "building": row.building} for row in places},
        delegations=dict(session.execute(delegations).all()),
        delegates=dict(session.execute(people).all()),
        interpreters=dict(session.execute(crew).all()),
        cases=dict(session.execute(cases).all()),
    )


def schedule_revision(session: Session, meeting: Meeting) -> int:
    """How many steps a meeting's schedule has seen."""
    return session.scalar(select(ScheduleState.revision).where(ScheduleState.meeting_id == meeting.id)) or 0


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


def place_by_code(session: Session, meeting: Meeting, code: str) -> Place:
    """One place of a meeting.

    Raises:
        NotFound: The meeting has no such place.
    """
    row = session.scalar(select(Place).where(Place.meeting_id == meeting.id, Place.code == code))
    if row is None:
        raise NotFound("place", code)
    return row


def schedule_state(session: Session, meeting: Meeting) -> ScheduleState | None:
    """How the meeting's schedule is judged; None as long as it is judged as usual and nothing was changed."""
    return session.get(ScheduleState, meeting.id)


def severities(kept: Mapping[str, str]) -> dict[ClashKind, Severity]:
    """The rules that a meeting judges otherwise than usual, from `ScheduleState.severities`."""
    return {ClashKind(kind): Severity(severity) for kind, severity in kept.items()}


def house(session: Session, meeting: Meeting) -> House:
    """What the rules must know of the meeting itself; eight statements."""
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
    state = schedule_state(session, meeting)
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
        tables=tables_in(places),
        buildings=buildings_of(places),
        walk_minutes=0 if state is None else state.walk_minutes,
        interpreter_pairs={person_name(i): frozenset(i.pairs) for i in interpreters},
        interpreter_hours={
            person_name(i): tuple(Span(h.starts_local, h.ends_local) for h in i.hours) for i in interpreters
        },
        longest_run={person_name(i): i.longest_run_minutes for i in interpreters if i.longest_run_minutes},
        longest_day={person_name(i): i.longest_day_minutes for i in interpreters if i.longest_day_minutes},
        severities=severities({} if state is None else state.severities),
    )


class Located(Protocol):
    """A place, as a row or as the board shows it."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def room_id(self) -> int | None: ...
    @property
    def building(self) -> str | None: ...


def tables_in(places: Sequence[Located]) -> dict[str, frozenset[str]]:
    """Codes of the tables in each room that has any."""
    rooms = {p.id: p.code for p in places}
    inside: dict[str, set[str]] = {}
    for p in places:
        if p.room_id is not None:
            inside.setdefault(rooms[p.room_id], set()).add(p.code)
    return {room: frozenset(codes) for room, codes in inside.items()}


def buildings_of(places: Sequence[Located]) -> dict[str, str]:
    """The building of each place: a table stands where its room does; capitals and spaces make no other building."""
    own = {p.id: " ".join((p.building or "").split()).casefold() for p in places}
    found = {p.code: own[p.id] or own.get(p.room_id or 0, "") for p in places}
    return {code: building for code, building in found.items() if building}


def sitting(row: MeetingSession, after: Mapping[int, str], span: Span) -> Sitting:
    """A session as the rules see it, as if it were at that time; `after`: references by the id of their request."""
    before = after.get(row.request.after_id) if row.request is not None and row.request.after_id else None
    absent = {link.delegation_id for link in row.delegations if link.absent}
    return Sitting(
        reference=row.reference,
        span=span,
        delegations=frozenset(link.delegation.party.code for link in row.delegations if not link.absent),
        people=frozenset(
            person_name(link.delegate) for link in row.delegates if link.delegate.delegation_id not in absent
        ),
        place=None if row.place is None else row.place.code,
        seats_needed=0 if row.everybody else seats_needed(row),
        interpretation=row.interpretation,
        interpreters_wanted=row.interpreters_wanted,
        interpreters=frozenset(person_name(link.interpreter) for link in row.interpreters),
        whole_meeting=row.kind in WHOLE_MEETING,
        after=frozenset() if before is None else frozenset({before}),
    )


def by_request(rows: Sequence[MeetingSession]) -> dict[int, str]:
    """References by the id of the request that the session was made of."""
    return {row.request_id: row.reference for row in rows if row.request_id is not None}


def sittings(rows: Sequence[MeetingSession]) -> list[Sitting]:
    """Those of some sessions that are placed and take up somebody's time, as the rules see them."""
    after = by_request(rows)
    return [
        sitting(row, after, Span(row.starts_local, row.ends_local))
        for row in rows
        if row.starts_local is not None and row.ends_local is not None and row.state not in GONE
    ]


def is_open(row: MeetingSession) -> bool:
    """Whether a session may still be moved by the planner."""
    return row.state in {SessionState.DRAFT, SessionState.CONFIRMED}
