"""One task force with its joint actions and figures, as one reader may see them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.errors import NotFound
from confmgr.outcomes.models import Figure, JointAction, TaskForce, TaskForceParty
from confmgr.outcomes.queries.figures import figures_in
from confmgr.parties.models import Agency
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


def get_task_force(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> TaskForce:
    """One task force whose body the viewer may see.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = sharing.get_visible(session, viewer, ItemKind.TASK_FORCE, ident, now)
    row = session.scalar(
        select(TaskForce)
        .where(TaskForce.id == item.id)
        .options(
            joinedload(TaskForce.item),
            joinedload(TaskForce.host_agency).joinedload(Agency.party),
            selectinload(TaskForce.parties).joinedload(TaskForceParty.party),
        )
    )
    if row is None:
        raise NotFound("task force", ident)
    return row


def actions_of(session: Session, force: TaskForce, viewer: Viewer, now: datetime) -> list[JointAction]:
    """Joint actions of a task force whose body the viewer may see, by date."""
    rows = list(
        session.scalars(
            select(JointAction)
            .join(Item, Item.id == JointAction.id)
            .where(JointAction.task_force_id == force.id, sharing.bodies(viewer, now))
            .options(
                joinedload(JointAction.item).joinedload(Item.marking),
                joinedload(JointAction.territory),
            )
            .order_by(JointAction.on.is_(None), JointAction.on, JointAction.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def figures_of(
    session: Session, force: TaskForce, actions: Sequence[JointAction], viewer: Viewer, now: datetime
) -> list[Figure]:
    """Figures of a task force and of its joint actions that the viewer may see."""
    among = or_(Figure.task_force_id == force.id, Figure.joint_action_id.in_(action.id for action in actions))
    return figures_in(session, viewer, among, now)


def host_agencies(session: Session) -> list[Agency]:
    """Every agency that can host a task force, by party and code."""
    return sorted(
        session.scalars(select(Agency).options(joinedload(Agency.party))), key=lambda row: (row.party.code, row.code)
    )
