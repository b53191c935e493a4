"""Which texts groups and bases are found by, and how the search shows them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases.finding import Hit, finds
from confmgr.outcomes.models import Group, GroupBase
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.sharing.searching import Read, holds, indexed
from confmgr.values.words import Words

PAGE = "outcomes.show_group"
_WITH_ITEM = (joinedload(Item.originator), joinedload(Item.marking))


def of_groups(read: Read, ids: Collection[int]) -> Mapping[int, list[str]]:
    """Reference, every name, and what is told of the group."""
    columns = (Item.id, Item.reference, Group.name, Group.aliases, Group.description)
    rows = read(select(*columns).join(Group, Group.id == Item.id).where(Item.id.in_(ids)))
    return {
        ident: [reference, *_all(name), *(aliases or ()), *_all(told)] for ident, reference, name, aliases, told in rows
    }


def of_bases(read: Read, ids: Collection[int]) -> Mapping[int, list[str]]:
    """Reference, name and note."""
    columns = (Item.id, Item.reference, GroupBase.name, GroupBase.note)
    rows = read(select(*columns).join(GroupBase, GroupBase.id == Item.id).where(Item.id.in_(ids)))
    return {ident: [reference, *_all(name), *_all(note)] for ident, reference, name, note in rows}


def _all(words: Words | None) -> list[str]:
    return [] if words is None else [value.text for value in words.values.values()]


def _groups(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    rows = session.scalars(
        select(Group)
        .join(Item, Item.id == Group.id)
        .where(Group.id.in_(ids), sharing.bodies(viewer, now))
        .options(joinedload(Group.item).options(*_WITH_ITEM))
    )
    return {row.id: Hit(row.item, row.name, row.description, PAGE, row.item.uuid) for row in rows}


def _bases(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    """A base has no page but that of its group, for whoever may read the group too."""
    rows = session.scalars(
        select(GroupBase)
        .join(Item, Item.id == GroupBase.id)
        .where(GroupBase.id.in_(ids), sharing.bodies(viewer, now))
        .options(joinedload(GroupBase.item).options(*_WITH_ITEM))
    ).all()
    of = {row.group_id for row in rows}
    seen = sharing.bodies(viewer, now)
    groups = dict(session.execute(select(Item.id, Item.uuid).where(Item.id.in_(of), seen)).all()) if of else {}
    return {row.id: Hit(row.item, row.name, row.note, PAGE, groups.get(row.group_id)) for row in rows}


indexed(ItemKind.GROUP, of_groups)
indexed(ItemKind.BASE, of_bases)
holds(Group, ItemKind.GROUP)
holds(GroupBase, ItemKind.BASE)
finds(ItemKind.GROUP, _groups)
finds(ItemKind.BASE, _bases)
