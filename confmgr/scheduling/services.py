"""Meeting requests and sessions. Writes; each function is one job, it flushes, and the caller commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.delegations.services import PAIRS
from confmgr.errors import Conflict, Refused, StaleVersion, StillUsed
from confmgr.meetings.models import Meeting, Place
from confmgr.meetings.services import references
from confmgr.scheduling import queries
from confmgr.scheduling.conflicts import Severity, clashes_of
from confmgr.scheduling.domain import Answer, RequestKind, RequestLevel, RequestState, SessionKind, SessionState
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
    RequestCase,
    RequestParty,
    RequestPerson,
    SessionCase,
    SessionDelegate,
    SessionDelegation,
    SessionInterpreter,
)
from confmgr.values import times
from confmgr.values.words import Words

LONGEST = 480
"""Minutes of a meeting request."""


def ask_meeting(
    session: Session,
    *,
    actor: User,
    now: datetime,
    asking: Delegation,
    asked: Sequence[Delegation],
    minutes: int,
    kind: RequestKind = RequestKind.CASE,
    level: RequestLevel = RequestLevel.WORKING,
    cases: Sequence[Case] = (),
    persons: Sequence[Delegate] = (),
    interpretation: str | None = None,
    interpreters: int = 1,
    priority: int = 2,
    after: MeetingRequest | None = None,
    note: str | None = None,
    illustrative: bool = False,
) -> MeetingRequest:
    """A delegation asks others for a meeting.

    Raises:
        Refused: It asks itself, nobody, or a delegation of another meeting; length or language pair is not right.
    """
    meeting = asking.meeting
    if not asked:
        raise Refused("nobody_asked", field="asked")
    if asking.id in {delegation.id for delegation in asked}:
        raise Refused("meets_itself", field="asked", code=asking.party.code)
    if any(delegation.meeting_id != meeting.id for delegation in asked):
        raise Refused("other_meeting", field="asked")
    _check_length(minutes, LONGEST)
    _check_pair(interpretation)
    if priority not in {1, 2, 3}:
        raise Refused("priority_out_of_range", field="priority")
    request = MeetingRequest(
        meeting_id=meeting.id,
        number=queries.next_number(session, meeting),
        from_id=asking.id,
        kind=kind,
        level=level,
        minutes=minutes,
        interpretation=interpretation,
        interpreters=interpreters,
        priority=priority,
        after_id=None if after is None else after.id,
        note=note,
        asked_at=now,
        illustrative=illustrative,
    )
    request.asking = asking
    request.asked = [RequestParty(delegation_id=d.id, delegation=d) for d in asked]
    request.cases = [RequestCase(case_id=case.id, case=case) for case in cases]
    request.persons = [RequestPerson(delegate_id=person.id, delegate=person) for person in persons]
    session.add(request)
    session.flush()
    _audit(session, actor, now, "ask", "meeting_request", request)
    return request


def answer_request(
    session: Session,
    request: MeetingRequest,
    *,
    actor: User,
    now: datetime,
    delegation: Delegation,
    answer: Answer,
    reason: str | None = None,
) -> None:
    """One side answers; the request is accepted once every side has accepted, declined as soon as one declines.

    Raises:
        Refused: The delegation was not asked, or the request is no longer open.
    """
    side = next((s for s in request.asked if s.delegation_id == delegation.id), None)
    if side is None:
        raise Refused("not_asked", code=delegation.party.code)
    if request.state not in {RequestState.ASKED, RequestState.ACCEPTED, RequestState.DECLINED}:
        raise Refused("request_closed", state=request.state)
    side.answer, side.answered_at, side.reason = answer, now, reason
    answers = {s.answer for s in request.asked}
    if Answer.DECLINED in answers:
        request.state = RequestState.DECLINED
    elif answers == {Answer.ACCEPTED}:
        request.state = RequestState.ACCEPTED
    else:
        request.state = RequestState.ASKED
    session.flush()
    _audit(session, actor, now, answer.value, "meeting_request", request)


def withdraw_request(session: Session, request: MeetingRequest, *, actor: User, now: datetime) -> None:
    """The asking side takes its request back; a session made of it must be cancelled by the organisers.

    Raises:
        Refused: It is scheduled or held already.
    """
    if request.state in {RequestState.SCHEDULED, RequestState.HELD}:
        raise Refused("request_closed", state=request.state)
    request.state = RequestState.WITHDRAWN
    session.flush()
    _audit(session, actor, now, "withdraw", "meeting_request", request)


def schedule_request(session: Session, request: MeetingRequest, *, actor: User, now: datetime) -> MeetingSession:
    """An unplaced draft session for an accepted request; the same one if it exists.

    Raises:
        Refused: Not every side has accepted.
    """
    existing = session.scalar(select(MeetingSession).where(MeetingSession.request_id == request.id))
    if existing is not None:
        return existing
    if request.state is not RequestState.ACCEPTED:
        raise Refused("not_accepted", state=request.state)
    sides = [request.asking, *(side.delegation for side in request.asked)]
    two = 2
    row = create_session(
        session,
        actor=actor,
        now=now,
        meeting=request.asking.meeting,
        kind=SessionKind.BILATERAL if len(sides) == two else SessionKind.MULTILATERAL,
        minutes=request.minutes,
        delegations=sides,
        cases=[link.case for link in request.cases],
        interpretation=request.interpretation,
        interpreters_wanted=request.interpreters if request.interpretation else 0,
        priority=request.priority,
        request=request,
        reference=f"R{request.number}",
        delegates=[link.delegate for link in request.persons],
        illustrative=request.illustrative,
    )
    request.state = RequestState.SCHEDULED
    session.flush()
    return row


def create_session(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    kind: SessionKind,
    minutes: int | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
    place: Place | None = None,
    title: Words | None = None,
    description: Words | None = None,
    delegations: Sequence[Delegation] = (),
    delegates: Sequence[Delegate] = (),
    cases: Sequence[Case] = (),
    interpreters: Sequence[Interpreter] = (),
    interpretation: str | None = None,
    interpreters_wanted: int = 0,
    priority: int = 2,
    everybody: bool = False,
    locked: bool = False,
    request: MeetingRequest | None = None,
    reference: str | None = None,
    anyway: bool = False,
    illustrative: bool = False,
) -> MeetingSession:
    """A session, placed if it has a start. Nobody is told before the next publication.

    Raises:
        Refused: Times off the grid or outside the meeting; places or delegations of another meeting.
        Conflict: A rule that blocks is broken, and not `anyway`.
    """
    _check_belongs(meeting, place, delegations, interpreters)
    _check_pair(interpretation)
    row = MeetingSession(
        meeting_id=meeting.id,
        reference=reference or _reference(session, meeting),
        kind=kind,
        title=title,
        description=description,
        place_id=None if place is None else place.id,
        zone=meeting.zone,
        minutes=minutes or _minutes(starts, ends),
        everybody=everybody,
        time_locked=locked,
        place_locked=locked and place is not None,
        interpretation=interpretation,
        interpreters_wanted=interpreters_wanted,
        priority=priority,
        request_id=None if request is None else request.id,
        illustrative=illustrative,
    )
    row.place, row.request, row.meeting = place, request, meeting
    _check_length(row.minutes, 1440)
    if starts is not None:
        set_time(row, meeting, starts, ends or starts + timedelta(minutes=row.minutes))
    row.delegations = [SessionDelegation(delegation_id=d.id, delegation=d) for d in delegations]
    row.delegates = [SessionDelegate(delegate_id=d.id, delegate=d) for d in delegates]
    row.cases = [SessionCase(case_id=case.id, case=case) for case in cases]
    row.interpreters = [SessionInterpreter(interpreter_id=i.id, interpreter=i) for i in interpreters]
    if not anyway and starts is not None:
        check_conflicts(session, meeting, row)
    session.add(row)
    session.flush()
    _audit(session, actor, now, "create", "session", row)
    return row


def change_session(
    session: Session,
    row: MeetingSession,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    seen_version: int,
    starts: datetime | None,
    ends: datetime | None,
    place: Place | None,
    title: Words | None,
    description: Words | None,
    delegations: Sequence[Delegation],
    interpreters: Sequence[Interpreter],
    locked: bool,
    held_back: bool = False,
    anyway: bool = False,
) -> None:
    """Edit a session. The published agenda stays as it is until somebody publishes.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused, Conflict: As `create_session`.
    """
    if row.version != seen_version:
        raise StaleVersion("session", row.reference)
    _check_belongs(meeting, place, delegations, interpreters)
    with session.no_autoflush:
        row.title, row.description = title, description
        row.place_id, row.place = (None if place is None else place.id), place
        row.time_locked, row.place_locked, row.held_back = locked, locked and place is not None, held_back
        set_time(row, meeting, starts, ends)
        _keep(row, delegations, interpreters)
        if not anyway and starts is not None:
            check_conflicts(session, meeting, row)
    session.flush()
    _audit(session, actor, now, "change", "session", row)


def place_session(
    session: Session,
    row: MeetingSession,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    seen_version: int,
    starts: datetime | None,
    place: Place | None,
    interpreters: Sequence[Interpreter] | None = None,
    anyway: bool = False,
) -> None:
    """Move a session to a start and a place, or with no start back among the unplaced.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused, Conflict: As `create_session`.
    """
    if row.version != seen_version:
        raise StaleVersion("session", row.reference)
    _check_belongs(meeting, place, (), interpreters or ())
    with session.no_autoflush:
        row.place_id, row.place = (None if place is None else place.id), place
        set_time(row, meeting, starts, None if starts is None else starts + timedelta(minutes=row.minutes))
        if interpreters is not None:
            _keep(row, None, interpreters)
        if not anyway and starts is not None:
            check_conflicts(session, meeting, row)
    session.flush()
    _audit(session, actor, now, "move", "session", row)


def cancel_session(
    session: Session, row: MeetingSession, *, actor: User, now: datetime, reason: str | None = None
) -> None:
    """Cancel a session; it keeps its row, so that it can come back as the same one.

    Raises:
        Refused: It was held, or is cancelled already.
    """
    if row.state not in {SessionState.DRAFT, SessionState.CONFIRMED}:
        raise Refused("session_state", state=row.state)
    row.state, row.cancelled_because = SessionState.CANCELLED, reason
    session.flush()
    _audit(session, actor, now, "cancel", "session", row)


def restore_session(
    session: Session, row: MeetingSession, *, actor: User, now: datetime, meeting: Meeting, anyway: bool = False
) -> None:
    """Undo a cancellation: the same row, the same calendar entry with a higher sequence.

    Raises:
        Refused: It is not cancelled.
        Conflict: Its old time or place has been taken meanwhile, and not `anyway`.
    """
    if row.state is not SessionState.CANCELLED:
        raise Refused("session_state", state=row.state)
    row.state, row.cancelled_because = SessionState.DRAFT, None
    if not anyway and row.starts_local is not None:
        check_conflicts(session, meeting, row)
    session.flush()
    _audit(session, actor, now, "restore", "session", row)


def set_held(session: Session, row: MeetingSession, *, actor: User, now: datetime, absent: bool = False) -> None:
    """Say that a session took place, or that a side did not come."""
    row.state = SessionState.ABSENT if absent else SessionState.HELD
    if row.request is not None and not absent:
        row.request.state = RequestState.HELD
    session.flush()
    _audit(session, actor, now, row.state.value, "session", row)


def delete_session(session: Session, row: MeetingSession, *, actor: User, now: datetime) -> None:
    """Delete a draft that was never published and that nothing rests on.

    Raises:
        StillUsed: Publications, invitations, leads or records name it: cancel it instead.
    """
    used = references(
        session,
        row,
        except_tables=("session_delegation", "session_delegate", "session_case", "session_interpreter"),
    )
    if used:
        raise StillUsed("session", used)
    _audit(session, actor, now, "delete", "session", row)
    if row.request is not None:
        row.request.state = RequestState.ACCEPTED
    session.delete(row)
    session.flush()


def set_time(row: MeetingSession, meeting: Meeting, starts: datetime | None, ends: datetime | None) -> None:
    """Give a session its planned time, or none.

    Raises:
        Refused: Off the five-minute grid, reversed, outside the meeting's days, or a time its zone does not have.
    """
    if starts is None or ends is None:
        row.starts_local = row.ends_local = row.starts_at = row.ends_at = None
        return
    if not (times.on_grid(starts) and times.on_grid(ends)):
        raise Refused("off_grid", field="starts")
    if ends <= starts:
        raise Refused("hours_reversed", field="ends")
    if not meeting.starts_on <= starts.date() <= ends.date() <= meeting.ends_on:
        raise Refused("outside_meeting", field="starts", first=str(meeting.starts_on), last=str(meeting.ends_on))
    try:
        row.starts_at, row.ends_at = times.instant(starts, meeting.zone), times.instant(ends, meeting.zone)
    except times.NoSuchTime:
        raise Refused("no_such_time", field="starts", time=f"{starts:%Y-%m-%d %H:%M}", zone=meeting.zone) from None
    except times.TwoSuchTimes:
        raise Refused("two_such_times", field="starts", time=f"{starts:%Y-%m-%d %H:%M}", zone=meeting.zone) from None
    row.starts_local, row.ends_local, row.zone = starts, ends, meeting.zone
    row.minutes = _minutes(starts, ends)


def check_conflicts(session: Session, meeting: Meeting, row: MeetingSession) -> None:
    """Refuse what a blocking rule forbids.

    Raises:
        Conflict: Carries the clashes (`confmgr.scheduling.conflicts.Clash`).
    """
    with session.no_autoflush:
        rows = [other for other in queries.sessions(session, meeting) if other.id != row.id]
        sittings = queries.sittings(session, meeting, [*rows, row])
        mine = next((s for s in sittings if s.reference == row.reference), None)
        if mine is None:
            return
        clashes = clashes_of(mine, sittings, queries.house(session, meeting))
    blocking = [clash for clash in clashes if clash.severity is Severity.BLOCK]
    if blocking:
        raise Conflict(blocking)


def _keep(row: MeetingSession, delegations: Sequence[Delegation] | None, interpreters: Sequence[Interpreter]) -> None:
    if delegations is not None:
        wanted = {d.id: d for d in delegations}
        row.delegations = [link for link in row.delegations if link.delegation_id in wanted]
        present = {link.delegation_id for link in row.delegations}
        row.delegations += [
            SessionDelegation(delegation_id=i, delegation=d) for i, d in wanted.items() if i not in present
        ]
    people = {i.id: i for i in interpreters}
    row.interpreters = [link for link in row.interpreters if link.interpreter_id in people]
    here = {link.interpreter_id for link in row.interpreters}
    row.interpreters += [
        SessionInterpreter(interpreter_id=n, interpreter=i) for n, i in people.items() if n not in here
    ]


def _check_belongs(
    meeting: Meeting, place: Place | None, delegations: Sequence[Delegation], interpreters: Sequence[Interpreter]
) -> None:
    if place is not None and place.meeting_id != meeting.id:
        raise Refused("other_meeting", field="place")
    if ({row.meeting_id for row in delegations} | {row.meeting_id for row in interpreters}) - {meeting.id}:
        raise Refused("other_meeting", field="delegations")


def _check_pair(interpretation: str | None) -> None:
    if interpretation is not None and interpretation not in PAIRS:
        raise Refused("unknown_pair", field="interpretation", pairs=interpretation)


def _check_length(minutes: int, longest: int) -> None:
    if not times.GRID_MINUTES <= minutes <= longest or minutes % times.GRID_MINUTES:
        raise Refused("length_not_right", field="minutes", longest=longest)


def _minutes(starts: datetime | None, ends: datetime | None) -> int:
    if starts is None or ends is None:
        raise Refused("length_not_right", field="minutes", longest=1440)
    return int((ends - starts) / timedelta(minutes=1))


def _reference(session: Session, meeting: Meeting) -> str:
    count = session.scalar(
        select(func.count()).select_from(MeetingSession).where(MeetingSession.meeting_id == meeting.id)
    )
    return f"S{(count or 0) + 1}"


def _audit(
    session: Session, actor: User, now: datetime, action: str, kind: str, row: MeetingSession | MeetingRequest
) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type=kind,
        object_uuid=row.uuid,
        meeting_id=row.meeting_id,
    )
