"""Which texts groups and bases are found by, and how the search shows them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.finding import Hit, finds, readable
from confmgr.outcomes.models import Group, GroupBase
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.sharing.searching import Read, holds, indexed
from confmgr.values.words import every_text

PAGE = "outcomes.show_group"


def of_groups(read: Read, ids: Collection[int]) -> Mapping[int, list[str]]:
    """Reference, every name, and what is told of the group."""
    columns = (Item.id, Item.reference, Group.name, Group.aliases, Group.description)
    rows = read(select(*columns).join(Group, Group.id == Item.id).where(Item.id.in_(ids)))
    return {
        ident: [reference, *every_text(name), *(aliases or ()), *every_text(told)]
        for ident, reference, name, aliases, told in rows
    }


def of_bases(read: Read, ids: Collection[int]) -> Mapping[int, list[str]]:
    """Reference, name and note."""
    columns = (Item.id, Item.reference, GroupBase.name, GroupBase.note)
    rows = read(select(*columns).join(GroupBase, GroupBase.id == Item.id).where(Item.id.in_(ids)))
    return {ident: [reference, *every_text(name), *every_text(note)] for ident, reference, name, note in rows}


def _groups(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    rows = readable(session, Group, ids, sharing.bodies(viewer, now))
    return {row.id: Hit(row.item, row.name, row.description, PAGE, row.item.uuid) for row in rows}


def _bases(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    """A base has no page but that of its group, for whoever may read the group too."""
    seen = sharing.bodies(viewer, now)
    rows = readable(session, GroupBase, ids, seen)
    of = {row.group_id for row in rows}
    groups = dict(session.execute(select(Item.id, Item.uuid).where(Item.id.in_(of), seen)).all()) if of else {}
    return {row.id: Hit(row.item, row.name, row.note, PAGE, groups.get(row.group_id)) for row in rows}


indexed(ItemKind.GROUP, of_groups)
indexed(ItemKind.BASE, of_bases)
holds(Group, ItemKind.GROUP)
holds(GroupBase, ItemKind.BASE)
finds(ItemKind.GROUP, _groups)
finds(ItemKind.BASE, _bases)
