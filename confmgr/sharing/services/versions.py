"""What a body said before it was changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.sharing.models import Item, ItemVersion
from confmgr.values.words import Words


def keep(
    session: Session,
    item: Item,
    *,
    actor: User,
    now: datetime,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> ItemVersion | None:
    """Keep the old values of the fields that change; None if none does.

    Args:
        session: An open transaction.
        item: Whose body it is.
        actor: Who changes it.
        now: When.
        before: Fields with their old values: texts, lists, numbers, `Words` or None.
        after: The same fields with their new ones.
    """
    what = [name for name, value in before.items() if value != after[name]]
    if not what:
        return None
    with for_nobody(session, Purpose.NUMBERING):  # who writes may not see all that it said before
        last = session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id))
    row = ItemVersion(
        item_id=item.id,
        number=(last or 0) + 1,
        at=now,
        by_id=actor.id,
        marking_id=item.marking.id,
        what=what,
        before={name: _plain(before[name]) for name in what},
    )
    row.by = actor
    session.add(row)
    session.flush()
    return row


def _plain(value: object) -> Any:
    return value.to_json() if isinstance(value, Words) else value
