"""Sessions of the working schedule: made, edited, moved."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import queries
from confmgr.scheduling.domain import CommandKind, SessionKind
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
    SessionCase,
    SessionDelegate,
    SessionDelegation,
    SessionInterpreter,
)
from confmgr.scheduling.services.checks import (
    audit,
    check_belongs,
    check_conflicts,
    check_length,
    check_pair,
    check_version,
    minutes_between,
    set_time,
)
from confmgr.scheduling.services.commands import step
from confmgr.values.words import Words

LONGEST = 1440
"""Minutes of a session."""


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
    check_belongs(meeting, place, delegations, interpreters)
    check_pair(interpretation)
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.ADD) as made:
        row = MeetingSession(
            meeting_id=meeting.id,
            reference=reference or _reference(session, meeting),
            kind=kind,
            title=title,
            description=description,
            place_id=None if place is None else place.id,
            zone=meeting.zone,
            minutes=minutes or minutes_between(starts, ends),
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
        check_length(row.minutes, LONGEST)
        if starts is not None:
            set_time(row, meeting, starts, ends or starts + timedelta(minutes=row.minutes))
        row.delegations = [SessionDelegation(delegation_id=d.id, delegation=d) for d in delegations]
        row.delegates = [SessionDelegate(delegate_id=d.id, delegate=d) for d in delegates]
        row.cases = [SessionCase(case_id=case.id, case=case) for case in cases]
        row.interpreters = [SessionInterpreter(interpreter_id=i.id, interpreter=i) for i in interpreters]
        if not anyway and starts is not None:
            check_conflicts(session, meeting, row)
        session.add(row)
        made.made(row)
        session.flush()
    audit(session, actor, now, "create", "session", row)
    return row


def change_session(
    session: Session,
    row: MeetingSession,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    seen_version: int,
    kind: SessionKind,
    starts: datetime | None,
    minutes: int,
    place: Place | None,
    title: Words | None,
    description: Words | None,
    delegations: Sequence[Delegation],
    interpreters: Sequence[Interpreter],
    interpretation: str | None = None,
    interpreters_wanted: int = 0,
    everybody: bool = False,
    held_back: bool = False,
    anyway: bool = False,
) -> None:
    """Edit a session. The published agenda stays as it is until somebody publishes.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused, Conflict: As `create_session`.
    """
    check_version(session, meeting, row, seen_version)
    check_belongs(meeting, place, delegations, interpreters)
    check_pair(interpretation)
    check_length(minutes, LONGEST)
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.CHANGE) as made, session.no_autoflush:
        made.watch(row)
        set_time(row, meeting, starts, None if starts is None else starts + timedelta(minutes=minutes))
        row.kind, row.minutes, row.everybody, row.held_back = kind, minutes, everybody, held_back
        row.title, row.description = title, description
        row.place_id, row.place = (None if place is None else place.id), place
        row.interpretation, row.interpreters_wanted = interpretation, interpreters_wanted if interpretation else 0
        _keep(row, delegations, interpreters)
        if not anyway and starts is not None:
            check_conflicts(session, meeting, row)
    session.flush()
    audit(session, actor, now, "change", "session", row)


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
    check_version(session, meeting, row, seen_version)
    check_belongs(meeting, place, (), interpreters or ())
    kind = CommandKind.UNPLACE if starts is None else CommandKind.MOVE
    with step(session, meeting, actor=actor, now=now, kind=kind) as made, session.no_autoflush:
        made.watch(row)
        row.place_id, row.place = (None if place is None else place.id), place
        set_time(row, meeting, starts, None if starts is None else starts + timedelta(minutes=row.minutes))
        if interpreters is not None:
            _keep(row, None, interpreters)
        if not anyway and starts is not None:
            check_conflicts(session, meeting, row)
    session.flush()
    audit(session, actor, now, "move", "session", row)


def reword_sessions(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    texts: Mapping[MeetingSession, Mapping[str, Words]],
) -> None:
    """Write titles and descriptions of several sessions, by the name of the field: one step of undo."""
    if not texts:
        return
    queries.sessions_by_id(session, meeting, [row.id for row in texts])  # a step looks at all that they hold
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.CHANGE) as made:
        made.watch(*texts)
        for row, fields in texts.items():
            for name, words in fields.items():
                setattr(row, name, words)
    session.flush()
    for row in texts:
        audit(session, actor, now, "change", "session", row)


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


def _reference(session: Session, meeting: Meeting) -> str:
    taken = session.scalars(
        select(MeetingSession.reference).where(
            MeetingSession.meeting_id == meeting.id, MeetingSession.reference.startswith("S")
        )
    )
    numbers = [int(text[1:]) for text in taken if text[1:].isdecimal()]
    return f"S{max(numbers, default=0) + 1}"
