"""Reads of requests and of the working schedule, in constant numbers of statements."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.jobs.domain import OPEN
from confmgr.jobs.models import Job
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.meetings.queries import current
from confmgr.parties.models import Party
from confmgr.scheduling.differences import Names
from confmgr.scheduling.domain import CLOSED_REQUESTS, AppliedState, RequestState, SessionState, person_key
from confmgr.scheduling.models import (
    BoardCommand,
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
from confmgr.scheduling.snapshots import Snapshot
from confmgr.scheduling.wishes import Wishes
from confmgr.sharing.models import Item

SEATS_A_SIDE = 2
"""Seats that a delegation takes at a table."""
MOVABLE = frozenset({SessionState.DRAFT, SessionState.CONFIRMED})
"""States of a session that the planner may still move."""


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


def own_requests(session: Session, request: MeetingRequest | None, asking: Delegation) -> list[MeetingRequest]:
    """What a delegation asks for and a wish of a request may name, by number; two statements.

    Of a request that several delegations' were joined into, theirs too; what it names already in any case.
    """
    known = Wishes() if request is None else Wishes.from_json(request.wishes)
    sides = [asking.id, *(side.delegation_id for side in request.asked)] if request and known.shared else [asking.id]
    standing = MeetingRequest.from_id.in_(sides) & MeetingRequest.state.not_in(CLOSED_REQUESTS)
    return _named(
        session,
        (MeetingRequest.meeting_id == asking.meeting_id)
        & (true() if request is None else MeetingRequest.id != request.id)
        & (standing | MeetingRequest.id.in_(known.named)),
    )


def named_in_wishes(session: Session, request: MeetingRequest) -> list[MeetingRequest]:
    """The requests that wishes of one name; two statements, or none where they name none."""
    named = Wishes.from_json(request.wishes).named
    here = (MeetingRequest.meeting_id == request.meeting_id) & MeetingRequest.id.in_(named)
    return _named(session, here) if named else []


def _named(session: Session, which: ColumnElement[bool]) -> list[MeetingRequest]:
    asked = selectinload(MeetingRequest.asked).joinedload(RequestParty.delegation).joinedload(Delegation.party)
    return list(session.scalars(select(MeetingRequest).where(which).options(asked).order_by(MeetingRequest.number)))


def get_request(
    session: Session, meeting: Meeting, ident: uuid.UUID, *, of: Delegation | None = None
) -> MeetingRequest:
    """One meeting request; of a delegation only one in which it asks or is asked.

    Raises:
        NotFound: The meeting has no such request.
    """
    concerns = []
    if of is not None:
        asked = MeetingRequest.asked.any(RequestParty.delegation_id == of.id)
        concerns = [or_(MeetingRequest.from_id == of.id, asked)]
    row = session.scalar(
        select(MeetingRequest)
        .where(MeetingRequest.uuid == ident, MeetingRequest.meeting_id == meeting.id, *concerns)
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


def requests_without_session(session: Session, meeting: Meeting) -> int:
    """How many requests every side has accepted that nobody has made a session of."""
    statement = select(func.count()).where(
        MeetingRequest.meeting_id == meeting.id, MeetingRequest.state == RequestState.ACCEPTED
    )
    return session.scalar(statement) or 0


def waits(session: Session, meeting: Meeting) -> bool:
    """Whether a session of the meeting that the planner may move has no time yet."""
    here = (MeetingSession.meeting_id == meeting.id, MeetingSession.removed_at.is_(None))
    waiting = (MeetingSession.starts_at.is_(None), MeetingSession.state.in_(MOVABLE))
    return session.scalar(select(MeetingSession.id).where(*here, *waiting).limit(1)) is not None


def request_counts(session: Session, meeting: Meeting) -> dict[RequestState, int]:
    """How many requests stand in which state."""
    return dict(
        session.execute(
            select(MeetingRequest.state, func.count())
            .where(MeetingRequest.meeting_id == meeting.id)
            .group_by(MeetingRequest.state)
        ).all()
    )


def codes_of(row: MeetingRequest) -> list[str]:
    """Party codes of all sides of a request, the asking one first."""
    return [row.asking.party.code, *(side.delegation.party.code for side in row.asked)]


def own_delegation(session: Session, meeting: Meeting, user: User, now: datetime) -> Delegation | None:
    """The delegation that somebody belongs to at a meeting today, with its people; None for staff of the host.

    Of several it is the one for which the person speaks.
    """
    return session.scalar(
        select(Delegation)
        .join(Membership, Membership.delegation_id == Delegation.id)
        .where(Membership.meeting_id == meeting.id, Membership.user_id == user.id, current(now))
        .options(joinedload(Delegation.party), selectinload(Delegation.delegates))
        .order_by(Membership.role.not_in(SPEAKERS), Delegation.id)
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


def steps_of_runs(session: Session, runs: Iterable[PlanRun]) -> dict[int, BoardCommand]:
    """The step that each taken run was, by the run's id; one statement."""
    by_step = {uuid.UUID(run.options["step"]): run.id for run in runs if "step" in run.options}
    if not by_step:
        return {}
    rows = session.scalars(select(BoardCommand).where(BoardCommand.uuid.in_(by_step)))
    return {by_step[row.uuid]: row for row in rows}


def run_at_work(session: Session, meeting: Meeting, actor: User, chosen: str | None = None) -> uuid.UUID | None:
    """The plan that somebody looks at on the board: the chosen one, else the newest own one that is being computed."""
    if chosen:
        try:
            wanted = PlanRun.uuid == uuid.UUID(chosen)
        except ValueError:
            return None
        return session.scalar(select(PlanRun.uuid).where(PlanRun.meeting_id == meeting.id, wanted))
    return session.scalar(
        select(PlanRun.uuid)
        .join(Job, Job.id == PlanRun.job_id)
        .where(
            PlanRun.meeting_id == meeting.id,
            PlanRun.made_by_id == actor.id,
            PlanRun.state == AppliedState.RUNNING,
            Job.state.in_(OPEN),
        )
        .order_by(PlanRun.id.desc())
        .limit(1)
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


def deleted_since(session: Session, kept: Iterable[Snapshot]) -> set[tuple[str, int]]:
    """What snapshots name that has no row any more: field and id; a statement for each kind of thing named."""
    named: dict[str, set[int]] = {}
    for one in kept:
        for key in _NAMED.keys() & one.keys():
            ids = one[key] if isinstance(one[key], list) else [one[key]]
            named.setdefault(key, set()).update(ident for ident in ids if ident is not None)
    return {
        (key, ident)
        for key, ids in named.items()
        if ids
        for ident in ids - set(session.scalars(select(_NAMED[key].id).where(_NAMED[key].id.in_(ids))))
    }


_NAMED: dict[str, Any] = {
    "place": Place,
    "delegations": Delegation,
    "delegates": Delegate,
    "interpreters": Interpreter,
}


def schedule_revision(session: Session, meeting: Meeting) -> int:
    """How many steps a meeting's schedule has seen."""
    return session.scalar(select(ScheduleState.revision).where(ScheduleState.meeting_id == meeting.id)) or 0


def next_number(session: Session, meeting: Meeting) -> int:
    """The number of the next meeting request; others who ask at the same moment wait until this one has it."""
    session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update(key_share=True))
    last = session.scalar(select(func.max(MeetingRequest.number)).where(MeetingRequest.meeting_id == meeting.id))
    return (last or 0) + 1


def seats_needed(row: MeetingSession) -> int:
    """Seats that a session needs: two a delegation."""
    return SEATS_A_SIDE * len(row.delegations)


def person_name(person: Delegate | Interpreter) -> str:
    """The `person_key` of a delegate or an interpreter."""
    return person_key(person.latin_name, person.id)


def place_by_code(session: Session, meeting: Meeting, code: str) -> Place:
    """One place of a meeting.

    Raises:
        NotFound: The meeting has no such place.
    """
    row = session.scalar(select(Place).where(Place.meeting_id == meeting.id, Place.code == code))
    if row is None:
        raise NotFound("place", code)
    return row


def is_open(row: MeetingSession) -> bool:
    """Whether a session may still be moved by the planner."""
    return row.state in MOVABLE
