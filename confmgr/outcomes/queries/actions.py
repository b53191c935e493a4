"""Joint actions with everything on them that one reader may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.outcomes.models import (
    ActionRequest,
    ChainLink,
    Figure,
    JointAction,
    JointActionCase,
    JointActionParty,
    JointActionStep,
    PersonSet,
    SituationEntry,
    TaskForce,
)
from confmgr.outcomes.queries.figures import figures_in
from confmgr.outcomes.situation import Line
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Item, ItemMeeting, NamedReader
from confmgr.sharing.rule import Viewer


@dataclass(frozen=True, slots=True)
class ActionView:
    """A joint action as one reader may see it. `hidden_cases`, `hidden_requests`: what the reader must not undo."""

    action: JointAction
    cases: list[Case]
    requests: list[ActionRequest]
    task_force: TaskForce | None
    figures: list[Figure]
    hidden_cases: list[Case]
    hidden_requests: list[ActionRequest]


def action_view(session: Session, action: JointAction, viewer: Viewer, now: datetime) -> ActionView:
    """What a joint action rests on and led to, through the visibility rule; constant numbers of statements."""
    with for_nobody(session, Purpose.REFERENCES):  # what is hidden is not shown below, and an editor must not undo it
        load_action(session, action)
        requests = _requests(session, action)
    ids = {link.case_id for link in action.cases} | {row.id for row in requests}
    if action.task_force_id is not None:
        ids.add(action.task_force_id)
    seen = sharing.visible_ids(session, viewer, ids, now)
    below = [link.case.item for link in action.cases] + [row.item for row in requests]
    above = [action.task_force.item] if action.task_force is not None else []
    showing.listed(session, (item for item in (*below, *above) if item.id in seen))
    return ActionView(
        action=action,
        cases=[link.case for link in action.cases if link.case_id in seen],
        requests=[row for row in requests if row.id in seen],
        task_force=action.task_force if action.task_force_id in seen else None,
        figures=figures_in(session, viewer, Figure.joint_action_id == action.id, now),
        hidden_cases=[link.case for link in action.cases if link.case_id not in seen],
        hidden_requests=[row for row in requests if row.id not in seen],
    )


def load_action(session: Session, action: JointAction) -> None:
    """Everything that stands on a joint action, in a constant number of statements."""
    session.scalars(
        select(JointAction)
        .where(JointAction.id == action.id)
        .options(
            joinedload(JointAction.territory),
            joinedload(JointAction.task_force).joinedload(TaskForce.item),
            selectinload(JointAction.parties).joinedload(JointActionParty.party),
            selectinload(JointAction.cases).joinedload(JointActionCase.case).joinedload(Case.item),
            selectinload(JointAction.steps).joinedload(JointActionStep.by),
            selectinload(JointAction.person_sets).options(
                selectinload(PersonSet.statuses), selectinload(PersonSet.shares)
            ),
        )
        .execution_options(populate_existing=True)
    ).one()


def log_of(session: Session, action: JointAction) -> list[SituationEntry]:
    """The lines of an action's log, the newest first."""
    return list(
        session.scalars(
            select(SituationEntry)
            .where(SituationEntry.joint_action_id == action.id)
            .options(joinedload(SituationEntry.by))
            .order_by(SituationEntry.at.desc(), SituationEntry.id.desc())
        )
    )


def get_line(session: Session, action: JointAction, ident: uuid.UUID) -> SituationEntry:
    """One line of an action's log.

    Raises:
        NotFound: The action has no such line.
    """
    found = session.scalar(
        select(SituationEntry).where(SituationEntry.uuid == ident, SituationEntry.joint_action_id == action.id)
    )
    if found is None:
        raise NotFound("line", ident)
    return found


def lines(entries: Iterable[SituationEntry]) -> list[Line]:
    """The log as the rules see it."""
    return [Line(row.id, row.at, row.tallies, row.corrects_id) for row in entries]


def partners(session: Session, action: JointAction) -> list[Delegation]:
    """Delegations, at the meetings of an action, of the parties that take part and of the territory; not its own."""
    codes = {link.party_id for link in action.parties} | {action.territory_id}
    return list(
        session.scalars(
            select(Delegation)
            .join(ItemMeeting, ItemMeeting.meeting_id == Delegation.meeting_id)
            .where(
                ItemMeeting.item_id == action.id,
                Delegation.party_id.in_([ident for ident in codes if ident is not None]),
                Delegation.party_id != action.item.originator_id,
            )
            .options(joinedload(Delegation.party), joinedload(Delegation.meeting))
            .order_by(Delegation.meeting_id, Delegation.id)
        )
    )


def named_persons(session: Session, item: Item) -> list[User]:
    """The author and the persons whom the author named: all who may read RED."""
    named = select(NamedReader.user_id).where(NamedReader.item_id == item.id)
    people = select(User).where((User.id == item.author_id) | User.id.in_(named)).order_by(User.name, User.id)
    return list(session.scalars(people))


def is_red(item: Item) -> bool:
    """Whether only named persons see an item."""
    return item.marking.tlp is Tlp.RED


def requests_seen(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[ActionRequest]:
    """Requests of an operation whose body the viewer may see, the newest first."""
    rows = list(
        session.scalars(
            select(ActionRequest)
            .join(Item, Item.id == ActionRequest.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(joinedload(ActionRequest.item), joinedload(ActionRequest.asking), joinedload(ActionRequest.asked))
            .order_by(ActionRequest.asked_on.desc(), ActionRequest.id.desc())
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def cases_seen(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[Case]:
    """Cases of an operation whose body the viewer may see, by reference."""
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(joinedload(Case.item).joinedload(Item.originator))
            .order_by(Item.reference, Case.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def _requests(session: Session, action: JointAction) -> list[ActionRequest]:
    return list(
        session.scalars(
            select(ActionRequest)
            .join(ChainLink, ChainLink.from_item_id == ActionRequest.id)
            .where(ChainLink.to_item_id == action.id)
            .options(joinedload(ActionRequest.item), joinedload(ActionRequest.asking), joinedload(ActionRequest.asked))
            .order_by(ActionRequest.asked_on, ActionRequest.id)
        )
    )
