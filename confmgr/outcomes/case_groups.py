"""Which groups a case is about, and which cases a group: a reader sees the pair who may read both."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases import alongside
from confmgr.cases.alongside import GroupName
from confmgr.cases.models import Case
from confmgr.outcomes.models import CaseGroup, Group
from confmgr.outcomes.queries.groups import MARKED
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


def groups_of(session: Session, viewer: Viewer, item: Item, now: datetime) -> Sequence[GroupName]:
    """Groups named for a case that the viewer may see: one statement."""
    rows = session.scalars(
        select(Group)
        .join(CaseGroup, CaseGroup.group_id == Group.id)
        .join(Item, Item.id == Group.id)
        .where(CaseGroup.case_id == item.id, Item.state == ItemState.SHARED, sharing.bodies(viewer, now))
        .options(joinedload(Group.item).options(*MARKED))
        .order_by(Item.reference, Item.id)
    ).all()
    showing.listed(session, (row.item for row in rows))
    return [GroupName(row.item.uuid, row.name, row.item.marking.tlp) for row in rows]


def groups_to_name(session: Session, viewer: Viewer, item: Item, now: datetime) -> list[Group]:
    """Groups of the operation of a case that the viewer may see."""
    rows = list(
        session.scalars(
            select(Group)
            .join(Item, Item.id == Group.id)
            .where(Item.operation_id == item.operation_id, Item.state == ItemState.SHARED, sharing.bodies(viewer, now))
            .options(joinedload(Group.item).options(*MARKED))
            .order_by(Item.reference, Item.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def cases_of(session: Session, viewer: Viewer, group_ids: Collection[int], now: datetime) -> list[Case]:
    """Cases for which one of some groups is named and whose body the viewer may see: one statement."""
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .where(
                Case.id.in_(select(CaseGroup.case_id).where(CaseGroup.group_id.in_(set(group_ids)))),
                Item.state == ItemState.SHARED,
                sharing.bodies(viewer, now),
            )
            .options(joinedload(Case.item).options(*MARKED))
            .order_by(Item.reference, Item.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


alongside.groups.register(groups_of)
