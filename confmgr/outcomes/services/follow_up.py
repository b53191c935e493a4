"""What parties ask of each other. Writes; the caller commits."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Case
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import (
    REQUEST_STEPS,
    Channel,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.outcomes.models import (
    ActionRequest,
    RequestHistory,
)
from confmgr.parties.models import Contact, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.models import Item
from confmgr.values import times
from confmgr.values.words import Words


def ask_action(
    session: Session,
    item: Item,
    *,
    actor: User,
    now: datetime,
    kind: RequestedAction,
    asked: Party,
    text: Words,
    asked_on: date,
    meeting: Meeting | None = None,
    at_session: MeetingSession | None = None,
    case: Case | None = None,
    urgency: Urgency = Urgency.ROUTINE,
    channel: Channel = Channel.POLICE,
    due: tuple[datetime, str] | None = None,
    contact: Contact | None = None,
) -> ActionRequest:
    """What the item's originator asks of another party. `due`: wall time and zone of the executing party.

    Raises:
        Refused: A party asks itself; the due time does not exist in that zone; an emergency is due at no time.
    """
    check_due(urgency, due)
    if asked.id == item.originator_id:
        raise Refused("asks_itself", field="asked", code=asked.code)
    request = ActionRequest(
        id=item.id,
        kind=kind,
        from_id=item.originator_id,
        to_id=asked.id,
        meeting_id=None if meeting is None else meeting.id,
        session_id=None if at_session is None else at_session.id,
        case_id=None if case is None else case.id,
        text=text,
        urgency=urgency,
        channel=channel,
        asked_on=asked_on,
    )
    request.item, request.asked, request.asking, request.asking_contact = item, asked, item.originator, contact
    if due is not None:
        request.due_local, request.due_zone = due
        request.due_at = times.planned_instant(*due, field="due")
    request.steps = [RequestHistory(state=RequestStep.ASKED, at=now, by_id=actor.id)]
    session.add(request)
    session.flush()
    return request


def advance_request(
    session: Session,
    request: ActionRequest,
    *,
    actor: User,
    now: datetime,
    state: RequestStep,
    reason: str | None = None,
    contact: Contact | None = None,
    seen_version: int | None = None,
) -> None:
    """The asked party says how far it is, and to whom to turn; each step is kept.

    Raises:
        Refused: That step does not lead from the present state; declining without a reason.
        StaleVersion: Somebody changed the request meanwhile.
    """
    if seen_version is not None and request.version != seen_version:
        raise StaleVersion("action_request", request.item.uuid)
    if state not in REQUEST_STEPS[request.state]:
        raise Refused("request_step", field="state", present=request.state, wanted=state)
    if state is RequestStep.DECLINED and not reason:
        raise Refused("reason_needed", field="reason")
    request.state = state
    if contact is not None:
        request.asked_contact_id, request.asked_contact = contact.id, contact
    request.steps.append(RequestHistory(state=state, at=now, by_id=actor.id, reason=reason))
    session.flush()
    _audit(session, actor, now, f"request_{state.value}", request.item)


def check_due(urgency: Urgency, due: tuple[datetime, str] | None) -> None:
    """An emergency is counted in hours: it has a due time.

    Raises:
        Refused: It has none.
    """
    if urgency is Urgency.EMERGENCY and due is None:
        raise Refused("emergency_needs_due", field="hours")


def _audit(session: Session, actor: User, now: datetime, action: str, item: Item) -> None:
    record(session, actor=actor, now=now, action=action, object_type=item.kind.value, object_uuid=item.uuid)
