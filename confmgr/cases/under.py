"""What stands under a case or lead, and what it said before. Reads, for readers of its body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.cases.models import Comment
from confmgr.errors import NotFound
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.models import Item, ItemVersion
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a body said before one change: when, by whom, and the old text of each field that changed."""

    number: int
    at: datetime
    by: User
    before: Mapping[str, Words | str | tuple[str, ...] | None]


def comments(session: Session, viewer: Viewer, item: Item, now: datetime) -> list[Comment]:
    """Comments on an item that a viewer may read, in the order in which they were made: the audit has them as read."""
    rows = session.scalars(
        select(Comment)
        .join(Item, Item.id == Comment.id)
        .where(Item.parent_id == item.id, sharing.bodies(viewer, now))
        .options(joinedload(Comment.item).options(joinedload(Item.originator), joinedload(Item.marking)))
        .order_by(Item.created_at, Item.id)
    ).all()
    showing.read_beside(session, (row.item for row in rows))
    return list(rows)


def get_comment(session: Session, item: Item) -> Comment:
    """The comment of an item that was loaded through the rule."""
    row = session.scalar(select(Comment).where(Comment.id == item.id).options(joinedload(Comment.item)))
    if row is None:
        raise NotFound("comment", item.uuid)
    return row


def earlier(session: Session, viewer: Viewer, item: Item, now: datetime) -> list[Earlier]:
    """How a body read before each change, the newest first; for those who may read it today, and could then.

    What stood under another marking is for its author and the persons whom the author named, what stood in a draft
    for their party too. Whom the originator has named sees what was replaced since, and nothing from before
    (docs/decisions/0034-texts-from-before-a-reader-was-named.md).
    """
    rows = session.scalars(
        select(ItemVersion)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.id == item.id, sharing.earlier_bodies(viewer, now))
        .options(joinedload(ItemVersion.by))
        .order_by(ItemVersion.number.desc())
    )
    return [
        Earlier(row.number, row.at, row.by, {name: _value(row.before.get(name)) for name in row.what}) for row in rows
    ]


def _value(kept: Any) -> Words | str | tuple[str, ...] | None:
    if isinstance(kept, dict):
        return Words.from_json(kept)
    if isinstance(kept, list):
        return tuple(str(one) for one in kept)
    return None if kept is None else str(kept)
