"""Meeting requests: asked, answered, withdrawn, turned into sessions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import Refused
from confmgr.scheduling import queries
from confmgr.scheduling.domain import (
    Answer,
    CommandKind,
    RequestKind,
    RequestLevel,
    RequestState,
    SessionKind,
    SessionState,
)
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
    RequestCase,
    RequestParty,
    RequestPerson,
)
from confmgr.scheduling.services.checks import (
    audit,
    check_length,
    check_pair,
)
from confmgr.scheduling.services.commands import step
from confmgr.scheduling.services.sessions import create_session
from confmgr.scheduling.services.wishes import checked_wishes
from confmgr.scheduling.snapshots import follow
from confmgr.scheduling.wishes import NO_WISHES, Wishes
from confmgr.sharing.domain import ItemState

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
    wishes: Wishes = NO_WISHES,
    illustrative: bool = False,
) -> MeetingRequest:
    """A delegation asks others for a meeting.

    Raises:
        Refused: It asks itself, nobody, or a delegation of another meeting; length, language pair or wishes are not
            right; one of the cases is a draft, of which nobody else is to learn.
    """
    meeting = asking.meeting
    if not asked:
        raise Refused("nobody_asked", field="asked")
    if asking.id in {delegation.id for delegation in asked}:
        raise Refused("meets_itself", field="asked", code=asking.party.code)
    if any(delegation.meeting_id != meeting.id for delegation in asked):
        raise Refused("other_meeting", field="asked")
    if any(case.item.state is ItemState.DRAFT for case in cases):
        raise Refused("not_shared", field="cases")
    check_length(minutes, LONGEST)
    check_pair(interpretation)
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
    request.wishes = checked_wishes(session, request, wishes)
    session.add(request)
    session.flush()
    audit(session, actor, now, "ask", "meeting_request", request)
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
    audit(session, actor, now, answer.value, "meeting_request", request)


def withdraw_request(session: Session, request: MeetingRequest, *, actor: User, now: datetime) -> None:
    """The asking side takes its request back; a session made of it must be cancelled by the organisers.

    Raises:
        Refused: It is scheduled, held or joined already.
    """
    if request.state in {RequestState.SCHEDULED, RequestState.HELD, RequestState.JOINED}:
        raise Refused("request_closed", state=request.state)
    request.state = RequestState.WITHDRAWN
    session.flush()
    audit(session, actor, now, "withdraw", "meeting_request", request)


def schedule_request(session: Session, request: MeetingRequest, *, actor: User, now: datetime) -> MeetingSession:
    """An unplaced draft session for an accepted request; the same one if it exists.

    Raises:
        Refused: Not every side has accepted.
    """
    existing = session.scalar(select(MeetingSession).where(MeetingSession.request_id == request.id))
    if existing is not None and existing.removed_at is None:
        return existing
    if request.state is not RequestState.ACCEPTED:
        raise Refused("not_accepted", state=request.state)
    if existing is not None:
        return _bring_back(session, existing, actor, now)
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


def _bring_back(session: Session, row: MeetingSession, actor: User, now: datetime) -> MeetingSession:
    with step(session, row.meeting, actor=actor, now=now, kind=CommandKind.ADD) as made:
        made.watch(row)
        row.removed_at = row.starts_local = row.ends_local = row.starts_at = row.ends_at = None
        row.place_id, row.place, row.time_locked, row.place_locked = None, None, False, False
        row.state = SessionState.DRAFT
        follow(row)
    session.flush()
    return row
