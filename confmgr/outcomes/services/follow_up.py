"""Action requests, task forces, joint actions, and the persons found in them. Writes; the caller commits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Case
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import (
    REQUEST_STEPS,
    Channel,
    JointActionKind,
    JointActionState,
    PersonStatus,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.outcomes.models import (
    ActionRequest,
    JointAction,
    JointActionCase,
    JointActionParty,
    PersonSet,
    PersonSetStatus,
    RequestHistory,
    Source,
    TaskForce,
    TaskForceParty,
)
from confmgr.outcomes.services.amounts import check_number
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.domain import Tlp
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
) -> ActionRequest:
    """What the item's originator asks of another party. `due`: wall time and zone of the executing party.

    Raises:
        Refused: A party asks itself; the due time does not exist in that zone.
    """
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
    request.item, request.asked, request.asking = item, asked, item.originator
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
) -> None:
    """The asked party says how far it is; each step is kept.

    Raises:
        Refused: That step does not lead from the present state; declining without a reason.
    """
    if state not in REQUEST_STEPS[request.state]:
        raise Refused("request_step", field="state", present=request.state, wanted=state)
    if state is RequestStep.DECLINED and not reason:
        raise Refused("reason_needed", field="reason")
    request.state = state
    request.steps.append(RequestHistory(state=state, at=now, by_id=actor.id, reason=reason))
    session.flush()
    _audit(session, actor, now, f"request_{state.value}", request.item)


def form_task_force(
    session: Session,
    item: Item,
    *,
    name: Words,
    starts_on: date,
    parties: Mapping[Party, int | None] | Sequence[Party],
    agreement: Words | None = None,
    agreed_on: date | None = None,
) -> TaskForce:
    """Parties that work together from a date. `parties` may map each to its officers."""
    force = TaskForce(id=item.id, name=name, starts_on=starts_on, agreement=agreement, agreed_on=agreed_on)
    force.item = item
    officers = parties if isinstance(parties, Mapping) else dict.fromkeys(parties)
    force.parties = [TaskForceParty(party_id=party.id, officers=count) for party, count in officers.items()]
    session.add(force)
    session.flush()
    return force


def plan_action(
    session: Session,
    item: Item,
    *,
    kind: JointActionKind,
    title: Words,
    planned_for: date | None = None,
    place: Words | None = None,
    territory: Party | None = None,
    parties: Sequence[tuple[Party, int | None, bool]] = (),
    cases: Sequence[Case] = (),
    task_force: TaskForce | None = None,
    coordinates: tuple[float, float] | None = None,
    source: Source | None = None,
) -> JointAction:
    """A joint action before it happens. `parties`: party, officers, whether that is about.

    Raises:
        Refused: A planned action is not RED.
    """
    action = JointAction(
        id=item.id,
        kind=kind,
        title=title,
        planned_for=planned_for,
        place=place,
        territory_id=None if territory is None else territory.id,
        task_force_id=None if task_force is None else task_force.id,
        latitude=None if coordinates is None else coordinates[0],
        longitude=None if coordinates is None else coordinates[1],
        source_id=None if source is None else source.id,
    )
    action.item, action.territory, action.task_force = item, territory, task_force
    action.parties = [JointActionParty(party_id=p.id, officers=n, about=about) for p, n, about in parties]
    action.cases = [JointActionCase(case_id=case.id, case=case) for case in cases]
    session.add(action)
    session.flush()
    return action


def carry_out(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    on: date,
    starts: tuple[datetime, str] | None = None,
    about: bool = False,
) -> None:
    """The action took place. `starts`: wall time and zone of the place.

    Raises:
        Refused: Before the operation began; a time that does not exist there.
    """
    if on < action.item.operation.starts_on:
        raise Refused("before_operation", field="on", start=str(action.item.operation.starts_on))
    action.on, action.about = on, about
    if starts is not None:
        action.starts_local, action.zone = starts
        action.starts_at = times.planned_instant(*starts, field="starts")
    action.state = JointActionState.ENDED
    session.flush()
    _audit(session, actor, now, "carry_out", action.item)


def call_off(session: Session, action: JointAction, *, actor: User, now: datetime) -> None:
    """The action will not take place.

    Raises:
        Refused: It has ended.
    """
    if action.state is JointActionState.ENDED:
        raise Refused("action_ended")
    action.state = JointActionState.CALLED_OFF
    session.flush()
    _audit(session, actor, now, "call_off", action.item)


def find_persons(session: Session, action: JointAction, *, name: Words, count: int) -> PersonSet:
    """A set of persons found in an action; its status follows.

    Raises:
        Refused: A negative number.
    """
    check_number(Decimal(count))
    persons = PersonSet(joint_action_id=action.id, name=name, count=count)
    session.add(persons)
    session.flush()
    return persons


def set_status(
    session: Session,
    persons: PersonSet,
    *,
    status: PersonStatus,
    count: int,
    decided_on: date,
    decided_by: str | None = None,
    source: Source | None = None,
) -> PersonSetStatus:
    """As what how many of a set were held to be from a day on; earlier rows stay.

    Raises:
        Refused: More persons than the set has.
    """
    if count > persons.count:
        raise Refused("more_than_set", field="count", most=persons.count)
    row = PersonSetStatus(
        set_id=persons.id,
        status=status,
        count=count,
        decided_on=decided_on,
        decided_by=decided_by,
        source_id=None if source is None else source.id,
    )
    session.add(row)
    session.flush()
    return row


def is_red_plan(action: JointAction) -> bool:
    """Whether a planned action is marked as it must be."""
    return action.item.marking.tlp is Tlp.RED


def _audit(session: Session, actor: User, now: datetime, action: str, item: Item) -> None:
    record(session, actor=actor, now=now, action=action, object_type=item.kind.value, object_uuid=item.uuid)
