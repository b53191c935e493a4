"""Requests, actions, task forces, groups, indicators and chains as one reader may see them."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Case
from confmgr.errors import NotFound
from confmgr.outcomes.domain import LinkKind, OverlapDecision
from confmgr.outcomes.models import (
    ActionRequest,
    ChainLink,
    FigureLink,
    Indicator,
    IndicatorValue,
    JointAction,
    JointActionCase,
    JointActionParty,
    PersonSet,
    RequestHistory,
    Source,
    TaskForce,
    TaskForceParty,
)
from confmgr.parties.models import Contact, Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


def action_requests(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[ActionRequest]:
    """Requests that the viewer may see, by due date; organisers see envelopes."""
    return list(
        session.scalars(
            select(ActionRequest)
            .join(Item, Item.id == ActionRequest.id)
            .where(Item.operation_id == operation.id, or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)))
            .options(
                joinedload(ActionRequest.item).joinedload(Item.marking),
                joinedload(ActionRequest.asking),
                joinedload(ActionRequest.asked),
                joinedload(ActionRequest.case).joinedload(Case.item),
                joinedload(ActionRequest.asking_contact).joinedload(Contact.agency),
                joinedload(ActionRequest.asked_contact).joinedload(Contact.agency),
                selectinload(ActionRequest.steps),
            )
            .order_by(ActionRequest.due_at.is_(None), ActionRequest.due_at, ActionRequest.asked_on)
        )
    )


def visible_item(session: Session, operation: Operation, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Item:
    """As `find_visible`.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = find_visible(session, operation, viewer, ident, now)
    if item is None:
        raise NotFound("item", ident)
    return item


def find_visible(
    session: Session, operation: Operation, viewer: Viewer, ident: uuid.UUID, now: datetime
) -> Item | None:
    """An item of an operation, of whatever kind, if its body may be seen."""
    found: Item | None = session.scalar(
        select(Item)
        .where(Item.uuid == ident, Item.operation_id == operation.id, sharing.bodies(viewer, now))
        .options(joinedload(Item.originator), joinedload(Item.marking))
    )
    return found


def get_request(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> ActionRequest:
    """One request whose body the viewer may see.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = sharing.get_visible(session, viewer, ItemKind.ACTION_REQUEST, ident, now)
    row = session.scalar(
        select(ActionRequest)
        .where(ActionRequest.id == item.id)
        .options(
            joinedload(ActionRequest.item),
            joinedload(ActionRequest.asking),
            joinedload(ActionRequest.asked),
            joinedload(ActionRequest.session),
            joinedload(ActionRequest.asking_contact).joinedload(Contact.agency),
            joinedload(ActionRequest.asked_contact).joinedload(Contact.agency),
            selectinload(ActionRequest.steps).joinedload(RequestHistory.by),
        )
    )
    if row is None:
        raise NotFound("action request", ident)
    return row


def get_action(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> JointAction:
    """One joint action whose body the viewer may see.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = sharing.get_visible(session, viewer, ItemKind.JOINT_ACTION, ident, now)
    row = session.scalar(
        select(JointAction)
        .where(JointAction.id == item.id)
        .options(joinedload(JointAction.item), selectinload(JointAction.person_sets))
    )
    if row is None:
        raise NotFound("joint action", ident)
    return row


def joint_actions(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[JointAction]:
    """Joint actions whose body the viewer may see, by date; planned ones are RED and so in nobody else's list."""
    rows = list(
        session.scalars(
            select(JointAction)
            .join(Item, Item.id == JointAction.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(
                joinedload(JointAction.item).joinedload(Item.marking),
                joinedload(JointAction.territory),
                joinedload(JointAction.task_force),
                selectinload(JointAction.parties).joinedload(JointActionParty.party),
                selectinload(JointAction.cases).joinedload(JointActionCase.case).joinedload(Case.item),
                selectinload(JointAction.person_sets).selectinload(PersonSet.statuses),
            )
            .order_by(JointAction.on, JointAction.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def task_forces(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[TaskForce]:
    """Task forces that the viewer may see."""
    rows = list(
        session.scalars(
            select(TaskForce)
            .join(Item, Item.id == TaskForce.id)
            .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
            .options(
                joinedload(TaskForce.item).joinedload(Item.marking),
                selectinload(TaskForce.parties).joinedload(TaskForceParty.party),
            )
            .order_by(TaskForce.starts_on)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def cases_to_choose(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[Case]:
    """Cases whose body the viewer may see, by originator and reference."""
    rows = session.scalars(
        select(Case)
        .join(Item, Item.id == Case.id)
        .where(Item.operation_id == operation.id, sharing.bodies(viewer, now))
        .options(joinedload(Case.item).joinedload(Item.originator))
    )
    found = sorted(rows, key=lambda row: (row.item.originator.code, row.item.reference))
    showing.listed(session, (row.item for row in found))
    return found


def indicators(session: Session, operation: Operation) -> list[Indicator]:
    """Indicators with their values and sources."""
    return list(
        session.scalars(
            select(Indicator)
            .where(Indicator.operation_id == operation.id)
            .options(selectinload(Indicator.values).joinedload(IndicatorValue.source))
            .order_by(Indicator.code)
        )
    )


def sources(session: Session, operation: Operation) -> list[Source]:
    """Sources of an operation by code."""
    return list(session.scalars(select(Source).where(Source.operation_id == operation.id).order_by(Source.code)))


def chain_links(session: Session, operation: Operation) -> list[ChainLink]:
    """Every step of every chain of an operation."""
    return list(session.scalars(select(ChainLink).where(ChainLink.operation_id == operation.id).order_by(ChainLink.id)))


def items_by_id(session: Session, ids: Iterable[int]) -> dict[int, Item]:
    """Items by row id, with their originators and markings."""
    return {
        row.id: row
        for row in session.scalars(
            select(Item).where(Item.id.in_(set(ids))).options(joinedload(Item.originator), joinedload(Item.marking))
        )
    }


def is_open(link: FigureLink) -> bool:
    """Whether nobody has decided an overlap yet."""
    return link.kind is LinkKind.POSSIBLE and link.decision is OverlapDecision.OPEN
