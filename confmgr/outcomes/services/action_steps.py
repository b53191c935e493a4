"""Steps of a joint action from its plan to its confirmation. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused, StaleVersion
from confmgr.outcomes.domain import JOINT_ACTION_STEPS, JointActionState
from confmgr.outcomes.models import JointAction, JointActionStep
from confmgr.outcomes.services.actions import audit, check_day, touch
from confmgr.parties.models import Party
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Tlp
from confmgr.values import times

AHEAD_OF_US = timedelta(minutes=5)
"""How much clocks may differ before a moment is said to lie ahead."""


def reschedule(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    state: JointActionState,
    planned_for: date,
    reason: str,
) -> None:
    """The action is brought forward or postponed to another day.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: That step does not lead from the present state; no reason; not an earlier, not a later day; before
            the operation.
    """
    _check_step(action, state, seen_version)
    _check_reason(reason)
    check_day(action.item, planned_for, "planned_for")
    if action.planned_for is not None:
        if state is JointActionState.BROUGHT_FORWARD and planned_for >= action.planned_for:
            raise Refused("not_earlier", field="planned_for", day=action.planned_for)
        if state is JointActionState.POSTPONED and planned_for <= action.planned_for:
            raise Refused("not_later", field="planned_for", day=action.planned_for)
    action.planned_for = planned_for
    _step(session, action, actor, now, state, reason)


def call_off(
    session: Session, action: JointAction, *, actor: User, now: datetime, seen_version: int, reason: str
) -> None:
    """The action will not take place.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It has begun, ended or was called off; no reason.
    """
    _check_step(action, JointActionState.CALLED_OFF, seen_version)
    _check_reason(reason)
    _step(session, action, actor, now, JointActionState.CALLED_OFF, reason)


def begin(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    starts: tuple[datetime, str],
) -> None:
    """The action is under way. `starts`: wall time and zone of the place.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: That step does not lead from the present state; a time that does not exist there, lies ahead or
            before the operation.
    """
    _check_step(action, JointActionState.UNDER_WAY, seen_version)
    at = times.planned_instant(*starts, field="starts")
    check_moment(action, at, now, "starts")
    action.starts_local, action.zone = starts
    action.starts_at = at
    _step(session, action, actor, now, JointActionState.UNDER_WAY)


def carry_out(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    on: date,
    starts: tuple[datetime, str] | None = None,
    about: bool = False,
    seen_version: int | None = None,
    territory: Party | None = None,
) -> None:
    """The action took place. `starts`: wall time and zone of the place. `territory`: where it is not known yet.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It has ended or was called off; before the operation began; a time that does not exist there.
    """
    _check_step(action, JointActionState.ENDED, action.version if seen_version is None else seen_version)
    check_day(action.item, on, "on")
    action.on, action.about = on, about
    if starts is not None:
        action.starts_at = times.planned_instant(*starts, field="starts")
        action.starts_local, action.zone = starts
    if action.territory_id is None and territory is not None:
        action.territory = territory
    _step(session, action, actor, now, JointActionState.ENDED)


def confirm_action(session: Session, action: JointAction, *, actor: User, now: datetime, seen_version: int) -> None:
    """The party of the territory says that it happened so: what came of it is provisional no more.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It has not ended, or is confirmed already; by the person who ended it.
    """
    _check_answerable(action, actor, seen_version)
    action.confirmed_at, action.confirmed_by_id = now, actor.id
    session.flush()
    audit(session, actor, now, "confirm", action.item)


def make_reservation(
    session: Session, action: JointAction, *, actor: User, now: datetime, seen_version: int, text: str
) -> None:
    """The party of the territory answers in words instead of confirming; all of it stays provisional.

    It is kept as a step of the ended action with its reason.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It has not ended, or is confirmed already; by the person who ended it; no words.
    """
    _check_answerable(action, actor, seen_version)
    _check_reason(text)
    _step(session, action, actor, now, JointActionState.ENDED, text)


def open_up(
    session: Session, action: JointAction, *, actor: User, now: datetime, tlp: Tlp | None, to: Sequence[Delegation]
) -> None:
    """In the step in which an action begins or ends: another marking, and the delegations that may then read of it.

    Out of RED both wait for the second person.

    Raises:
        NotAllowed: Only the author marks.
        Refused: A marking that cannot reach those delegations.
    """
    item = action.item
    marking = item.marking
    if tlp is not None and tlp is not marking.tlp:
        marking = sharing.change_marking(session, item, actor=actor, now=now, tlp=tlp)
    reached = {
        row.to_delegation_id
        for row in item.disclosures
        if row.marking_id == marking.id and row.revoked_at is None and row.until is None
    }
    for delegation in (row for row in to if row.id not in reached):
        sharing.disclose(session, item, actor=actor, now=now, to_delegation=delegation, under=marking)


def check_moment(action: JointAction, at: datetime, now: datetime, field: str) -> None:
    """Refuse moments that cannot have been.

    Raises:
        Refused: Before the operation, or ahead of now.
    """
    check_day(action.item, at.date(), field)
    if at > now + AHEAD_OF_US:
        raise Refused("not_yet", field=field)


def _check_step(action: JointAction, state: JointActionState, seen_version: int) -> None:
    if action.version != seen_version:
        raise StaleVersion("joint action", action.item.uuid)
    ways = JOINT_ACTION_STEPS[action.state]
    if not ways:
        raise Refused("action_ended")
    if state not in ways:
        raise Refused("action_step", present=action.state, wanted=state)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("action_reason", field="reason")


def _check_answerable(action: JointAction, actor: User, seen_version: int) -> None:
    if action.version != seen_version:
        raise StaleVersion("joint action", action.item.uuid)
    if action.state is not JointActionState.ENDED or action.confirmed_at is not None:
        raise Refused("nothing_to_confirm")
    ended = [step.by_id for step in action.steps if step.state is JointActionState.ENDED and step.reason is None]
    if actor.id in ended:
        raise Refused("second_person_confirms")


def _step(
    session: Session,
    action: JointAction,
    actor: User,
    now: datetime,
    state: JointActionState,
    reason: str | None = None,
) -> None:
    action.state = state
    action.steps.append(
        JointActionStep(state=state, at=now, by_id=actor.id, planned_for=action.planned_for, reason=reason)
    )
    touch(action)
    session.flush()
    audit(session, actor, now, f"action_{state.value}", action.item)
