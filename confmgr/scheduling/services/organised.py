"""What organisers do with meeting requests of others: accept for every side, shape, join into one multilateral."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries
from confmgr.scheduling import wishes as wished
from confmgr.scheduling.domain import (
    CLOSED_REQUESTS,
    OPEN_REQUESTS,
    Answer,
    CommandKind,
    RequestKind,
    RequestLevel,
    RequestState,
    SessionState,
)
from confmgr.scheduling.models import MeetingRequest, MeetingSession, RequestCase, RequestParty, RequestPerson
from confmgr.scheduling.services.checks import audit, check_length, check_pair
from confmgr.scheduling.services.commands import step
from confmgr.scheduling.services.requests import LONGEST, answer_request
from confmgr.scheduling.services.wishes import checked_wishes, follow_joined
from confmgr.scheduling.wishes import Wishes

TWO = 2


def accept_for_all(session: Session, request: MeetingRequest, *, actor: User, now: datetime) -> None:
    """Accept a request for every side that has not answered yet, as told on the telephone.

    Raises:
        Refused: The request is no longer open, or a side has declined: ask that side first.
    """
    if request.state not in OPEN_REQUESTS:
        raise Refused("request_closed", state=request.state)
    for side in request.asked:
        if side.answer is Answer.WAITING:
            answer_request(session, request, actor=actor, now=now, delegation=side.delegation, answer=Answer.ACCEPTED)


def shape_request(
    session: Session,
    request: MeetingRequest,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    kind: RequestKind,
    level: RequestLevel,
    minutes: int,
    priority: int,
    interpretation: str | None,
    interpreters: int,
    wishes: Wishes | None = None,
) -> None:
    """Set kind, level, length, priority and interpretation; a session made of it that is not placed yet follows.

    Without `wishes` those for its time stay as they are.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It is withdrawn, joined or held; length, language pair or wishes are not right.
    """
    if request.version != seen_version:
        raise StaleVersion("meeting_request", request.number)
    if request.state in CLOSED_REQUESTS:
        raise Refused("request_closed", state=request.state)
    check_length(minutes, LONGEST)
    check_pair(interpretation)
    if wishes is not None:
        request.wishes = checked_wishes(session, request, wishes)
    request.kind, request.level, request.minutes, request.priority = kind, level, minutes, priority
    request.interpretation, request.interpreters = interpretation, interpreters
    made = queries.session_of(session, request)
    if made is not None and made.state in {SessionState.DRAFT, SessionState.CONFIRMED}:
        _follow(session, made, request, actor, now)
    session.flush()
    audit(session, actor, now, "change", "meeting_request", request)


def _follow(session: Session, made: MeetingSession, request: MeetingRequest, actor: User, now: datetime) -> None:
    with step(session, made.meeting, actor=actor, now=now, kind=CommandKind.CHANGE) as current:
        current.watch(made)
        made.priority = request.priority
        made.interpretation = request.interpretation
        made.interpreters_wanted = request.interpreters if request.interpretation else 0
        if made.starts_local is None:  # the length of a placed session is the board's
            made.minutes = request.minutes


def join_requests(
    session: Session, meeting: Meeting, rows: Sequence[MeetingRequest], *, actor: User, now: datetime
) -> MeetingRequest:
    """One request for a multilateral of all sides of several open requests, which are then closed as joined.

    It asks for the first one's side, is as long and as urgent as the longest and the most urgent, keeps every case and
    person, and is accepted by whoever asked or accepted before. Its wishes for the time are those of all.

    Raises:
        Refused: Fewer than two open requests without a session, or no more than two sides together.
    """
    if len(rows) < TWO or any(row.state not in OPEN_REQUESTS for row in rows):
        raise Refused("join_two", field="requests")
    if any(row.meeting_id != meeting.id for row in rows):
        raise Refused("other_meeting", field="requests")
    sides = _sides(rows)
    if len(sides) <= TWO:
        raise Refused("join_two_sides", field="requests")
    first = rows[0]
    willing = {row.from_id for row in rows} | {
        side.delegation_id for row in rows for side in row.asked if side.answer is Answer.ACCEPTED
    }
    pair = next((row.interpretation for row in rows if row.interpretation), None)
    joined = MeetingRequest(
        meeting_id=meeting.id,
        number=queries.next_number(session, meeting),
        from_id=first.from_id,
        kind=first.kind,
        level=RequestLevel.HEADS if any(row.level is RequestLevel.HEADS for row in rows) else RequestLevel.WORKING,
        minutes=max(row.minutes for row in rows),
        interpretation=pair,
        interpreters=max(row.interpreters for row in rows),
        priority=min(row.priority for row in rows),
        asked_at=now,
        illustrative=all(row.illustrative for row in rows),
        wishes=_wishes(rows),
    )
    joined.asking = first.asking
    joined.asked = [_side(one, accepts=one.id in willing, now=now) for one in sides if one.id != first.from_id]
    joined.cases = [RequestCase(case_id=i) for i in dict.fromkeys(link.case_id for row in rows for link in row.cases)]
    joined.persons = [
        RequestPerson(delegate_id=i) for i in dict.fromkeys(link.delegate_id for row in rows for link in row.persons)
    ]
    if all(side.answer is Answer.ACCEPTED for side in joined.asked):
        joined.state = RequestState.ACCEPTED
    session.add(joined)
    session.flush()
    for row in rows:
        row.state, row.joined_into_id = RequestState.JOINED, joined.id
        audit(session, actor, now, "join", "meeting_request", row)
    follow_joined(session, meeting, rows, joined)
    session.flush()
    audit(session, actor, now, "ask", "meeting_request", joined)
    return joined


def _wishes(rows: Sequence[MeetingRequest]) -> dict[str, Any]:
    """Wishes of all; what some of them wished of each other is nothing that one meeting can heed."""
    found = wished.joined(Wishes.from_json(row.wishes or {}) for row in rows)
    gone = {row.id for row in rows}
    apart, same_day = tuple({*found.apart} - gone), tuple({*found.same_day} - gone)
    return replace(found, apart=apart, same_day=same_day).to_json()


def _sides(rows: Sequence[MeetingRequest]) -> list[Delegation]:
    found = {one.id: one for row in rows for one in (row.asking, *(side.delegation for side in row.asked))}
    return list(found.values())


def _side(delegation: Delegation, *, accepts: bool, now: datetime) -> RequestParty:
    return RequestParty(
        delegation_id=delegation.id,
        delegation=delegation,
        answer=Answer.ACCEPTED if accepts else Answer.WAITING,
        answered_at=now if accepts else None,
    )
