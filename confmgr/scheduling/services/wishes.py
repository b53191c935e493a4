"""Wishes for the time of a meeting: checked, changed, and kept where requests are joined."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import CLOSED_REQUESTS
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.services.checks import audit
from confmgr.scheduling.wishes import Wishes, half_days


def change_wishes(
    session: Session,
    request: MeetingRequest,
    wishes: Wishes,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
) -> None:
    """Set what the asking side wishes of the time; the planner heeds it, what is placed stays where it is.

    Raises:
        StaleVersion: Somebody changed the request meanwhile.
        Refused: It is withdrawn, joined or held; or as `checked_wishes`.
    """
    if request.version != seen_version:
        raise StaleVersion("meeting_request", request.number)
    if request.state in CLOSED_REQUESTS:
        raise Refused("request_closed", state=request.state)
    request.wishes = checked_wishes(session, request, wishes)
    session.flush()
    audit(session, actor, now, "change", "meeting_request", request)


def checked_wishes(session: Session, request: MeetingRequest, wishes: Wishes) -> dict[str, object]:
    """Wishes as a request keeps them; those of several delegations stay theirs.

    Raises:
        Refused: A half-day that is none of the meeting's, the request itself, or a request of another side.
    """
    before = Wishes.from_json(request.wishes or {})
    sides = {request.asking.id} | ({side.delegation_id for side in request.asked} if before.shared else set())
    if not set(wishes.half_days) <= set(half_days(request.asking.meeting.days)):
        raise Refused("no_such_half_day", field="half_days")
    if request.id in wishes.apart:
        raise Refused("apart_from_itself", field="apart")
    if request.id in wishes.same_day:
        raise Refused("same_day_as_itself", field="same_day")
    if fresh := set(wishes.named) - set(before.named):
        asking = select(MeetingRequest.id).where(
            MeetingRequest.id.in_(fresh),
            MeetingRequest.meeting_id == request.meeting_id,
            MeetingRequest.from_id.in_(sides),
        )
        if set(session.scalars(asking)) != fresh:
            raise Refused("apart_of_others", field="apart" if fresh & set(wishes.apart) else "same_day")
    return replace(wishes, shared=before.shared).to_json()


def follow_joined(session: Session, meeting: Meeting, rows: Sequence[MeetingRequest], into: MeetingRequest) -> None:
    """What was wished apart from requests that are joined now, or on their day, is so of what they were joined into."""
    gone = {row.id for row in rows}
    for other in session.scalars(select(MeetingRequest).where(MeetingRequest.meeting_id == meeting.id)):
        wishes = Wishes.from_json(other.wishes or {})
        if other.id not in gone and gone & set(wishes.named):
            apart, same_day = (
                tuple({into.id if ident in gone else ident for ident in idents})
                for idents in (wishes.apart, wishes.same_day)
            )
            other.wishes = replace(wishes, apart=apart, same_day=same_day).to_json()
