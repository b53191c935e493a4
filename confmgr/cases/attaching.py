"""Files under a case or lead, each a child item of its own. Writes and reads; the caller commits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from confmgr.accounts.models import User
from confmgr.cases import files
from confmgr.cases.models import Attachment
from confmgr.errors import NotFound, Refused
from confmgr.sharing import asking
from confmgr.sharing import queries as rule
from confmgr.sharing import seen as looks
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values import chance


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that the viewer may see; `removed` only for its author, who can bring it back."""

    attachment: Attachment
    item: Item

    @property
    def removed(self) -> bool:
        """Whether it was taken away."""
        return self.item.state is ItemState.WITHDRAWN


def attach(session: Session, parent: Item, *, actor: User, now: datetime, name: str, content: bytes) -> Attachment:
    """Put a file under a case or lead; whoever may read that may read the file (decision 23).

    Raises:
        NotFound: The actor may not see it.
        NotAllowed: Neither its author nor a head of the originator (`asking.writes`).
        Refused: Too large, empty, of a type that is not taken; too many; what `sharing.add_child` refuses.
    """
    asking.check_writes(session, parent, actor, now, "add a file")
    if len(content) > files.LARGEST:
        raise Refused("attachment_too_large", field="file", most=files.LARGEST // 2**20)
    judged = files.judge(content)
    if judged.media_type is None:
        raise Refused(judged.reason or "file_type", field="file")
    looks.lock(session, parent)  # else two at the same moment count what neither has put there yet
    there = session.scalars(select(Item.id).where(Item.parent_id == parent.id, Item.kind == ItemKind.DOCUMENT)).all()
    if len(there) >= files.MOST_FILES:
        raise Refused("too_many_files", field="file", most=files.MOST_FILES)
    item = sharing.add_child(
        session,
        parent,
        kind=ItemKind.DOCUMENT,
        originator=parent.originator,
        author=actor,
        now=now,
        agency=parent.agency,
    )
    row = Attachment(
        id=item.id,
        name=files.safe_name(name, judged.media_type),
        media_type=judged.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_name=chance.public_id().hex,
        content=content,
    )
    row.item = item
    session.add(row)
    session.flush()
    return row


def files_under(session: Session, parent: Item, viewer: Viewer, now: datetime) -> Sequence[FileRow]:
    """Files under an item that the viewer may see, oldest first; of those taken away only the author's own."""
    rows = session.scalars(
        select(Attachment)
        .join(Item, Item.id == Attachment.id)
        .where(Item.parent_id == parent.id, rule.bodies(viewer, now))
        .options(joinedload(Attachment.item).joinedload(Item.marking))
        .order_by(Item.id)
    )
    found = [FileRow(row, row.item) for row in rows]
    return [row for row in found if not row.removed or row.item.author_id == viewer.user_id]


def get_file(session: Session, item: Item) -> Attachment:
    """The file of an item that was loaded through the rule, with its content.

    Raises:
        NotFound: There is none, or its content is gone.
    """
    row = session.scalar(select(Attachment).where(Attachment.id == item.id).options(undefer(Attachment.content)))
    if row is None or row.content is None:
        raise NotFound("item", item.uuid)
    return row


def remove(session: Session, item: Item, *, actor: User, now: datetime) -> bool:
    """Take a file away; its author can bring it back. False if it was taken away already.

    Raises:
        NotAllowed: Not its author.
    """
    return sharing.withdraw(session, item, actor=actor, now=now)


def bring_back(session: Session, item: Item, *, actor: User, now: datetime) -> bool:
    """Put a file back where it was: again for all who may read what it stands under. False if it stands there already.

    Raises:
        NotAllowed: Not its author.
    """
    looks.lock(session, item)
    if item.state is ItemState.SHARED:
        return False
    sharing.take_up(session, item, actor=actor, now=now)
    parent = session.get_one(Item, item.parent_id)
    sharing.reach_as_parent(session, parent, item, now=now)
    return True
