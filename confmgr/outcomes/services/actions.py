"""Joint actions: planned, and changed while they have not ended. Writes; the caller commits."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.models import Case
from confmgr.errors import Refused, StaleVersion
from confmgr.outcomes.domain import JOINT_ACTION_STEPS, JointActionKind, JointActionState
from confmgr.outcomes.models import (
    ActionRequest,
    ChainLink,
    JointAction,
    JointActionCase,
    JointActionParty,
    JointActionStep,
    Source,
    TaskForce,
)
from confmgr.outcomes.services.groups import link_chain
from confmgr.parties.models import Party
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words


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
    plan: Words | None = None,
) -> JointAction:
    """A joint action before it happens. `parties`: party, officers, whether that is about.

    Raises:
        Refused: 0° north, 0° east; planned for a day before the operation.
    """
    check_place(coordinates)
    check_day(item, planned_for, "planned_for")
    action = JointAction(
        id=item.id,
        kind=kind,
        title=title,
        state=JointActionState.PLANNED,
        planned_for=planned_for,
        place=place,
        territory_id=None if territory is None else territory.id,
        task_force_id=None if task_force is None else task_force.id,
        latitude=None if coordinates is None else coordinates[0],
        longitude=None if coordinates is None else coordinates[1],
        source_id=None if source is None else source.id,
        plan=plan,
    )
    action.item, action.territory, action.task_force = item, territory, task_force
    action.parties = [JointActionParty(party_id=p.id, party=p, officers=n, about=about) for p, n, about in parties]
    action.cases = [JointActionCase(case_id=case.id, case=case) for case in cases]
    action.steps = [
        JointActionStep(
            state=JointActionState.PLANNED, at=item.created_at, by_id=item.author_id, planned_for=planned_for
        )
    ]
    session.add(action)
    session.flush()
    return action


def change_action(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    title: Words,
    place: Words | None,
    territory: Party | None,
    coordinates: tuple[float, float] | None,
    plan: Words | None,
    task_force: TaskForce | None,
    cases: Collection[Case],
    requests: Collection[ActionRequest],
) -> None:
    """What is planned, where, and what it rests on; what is not given is not there any more.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: It has ended or was called off; 0° north, 0° east.
    """
    check_open(action, seen_version)
    check_place(coordinates)
    action.title, action.place, action.plan = title, place, plan
    action.territory, action.task_force = territory, task_force
    action.latitude, action.longitude = (None, None) if coordinates is None else coordinates
    have = {link.case_id: link for link in action.cases}
    wanted = {case.id: case for case in cases}
    action.cases = [have.get(ident) or JointActionCase(case_id=ident, case=case) for ident, case in wanted.items()]
    _rest_on(session, action, requests)
    touch(action)
    action.item.changed_at = now
    session.flush()
    audit(session, actor, now, "change", action.item)


def set_party(
    session: Session,
    action: JointAction,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    party: Party,
    officers: int | None,
    about: bool,
) -> None:
    """A party takes part, with so many officers.

    Raises:
        StaleVersion: Somebody changed the action meanwhile.
        Refused: It has ended or was called off.
    """
    check_open(action, seen_version)
    row = next((link for link in action.parties if link.party_id == party.id), None)
    if row is None:
        row = JointActionParty(party_id=party.id, party=party)
        action.parties.append(row)
    row.officers, row.about = officers, about
    touch(action)
    session.flush()
    audit(session, actor, now, "change", action.item)


def remove_party(
    session: Session, action: JointAction, *, actor: User, now: datetime, seen_version: int, party: Party
) -> None:
    """A party does not take part after all.

    Raises:
        StaleVersion: Somebody changed the action meanwhile.
        Refused: It has ended or was called off.
    """
    check_open(action, seen_version)
    action.parties = [link for link in action.parties if link.party_id != party.id]
    touch(action)
    session.flush()
    audit(session, actor, now, "change", action.item)


def is_red_plan(action: JointAction) -> bool:
    """Whether a planned action is marked as it must be."""
    return action.item.marking.tlp is Tlp.RED


def touch(action: JointAction) -> None:
    """Whoever has the action open sees that it changed, even where only what hangs on it did."""
    flag_modified(action, "title")


def check_open(action: JointAction, seen_version: int) -> None:
    """Refuse what comes too late.

    Raises:
        StaleVersion: Somebody changed the action since the page was drawn.
        Refused: It has ended or was called off.
    """
    if action.version != seen_version:
        raise StaleVersion("joint action", action.item.uuid)
    if not JOINT_ACTION_STEPS[action.state]:
        raise Refused("action_ended")


def check_place(coordinates: tuple[float, float] | None) -> None:
    """Refuse what an empty form gives.

    Raises:
        Refused: 0° north, 0° east.
    """
    if coordinates == (0.0, 0.0):
        raise Refused("null_island", field="latitude")


def check_day(item: Item, day: date | None, field: str) -> None:
    """Refuse days before the operation.

    Raises:
        Refused: The operation had not begun.
    """
    if day is not None and day < item.operation.starts_on:
        raise Refused("before_operation", field=field, start=item.operation.starts_on)


def audit(session: Session, actor: User, now: datetime, action: str, item: Item) -> None:
    """Tell the audit what was done to an item of this room."""
    record(session, actor=actor, now=now, action=action, object_type=item.kind.value, object_uuid=item.uuid)


def _rest_on(session: Session, action: JointAction, requests: Collection[ActionRequest]) -> None:
    links = session.scalars(
        select(ChainLink)
        .join(ActionRequest, ActionRequest.id == ChainLink.from_item_id)
        .where(ChainLink.to_item_id == action.id)
    )
    have = {link.from_item_id: link for link in links}
    wanted = {row.id: row for row in requests}
    for ident, link in have.items():
        if ident not in wanted:
            session.delete(link)
    for ident, row in wanted.items():
        if ident not in have:
            link_chain(session, action.item.operation, row.item, action.item)
