"""Telling somebody that something waits behind the sign-in: rows, of which the worker makes mails that name nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.sharing.domain import NoticeKind
from confmgr.sharing.models import Item, Notice


def tell(
    session: Session, item: Item, *, to: Iterable[int], kind: NoticeKind, page: str, once: str, now: datetime
) -> None:
    """Let people know that something about an item waits for them on `page`; each of them once under the name `once`.

    Args:
        session: An open transaction.
        item: What it is about; the mail does not say.
        to: Ids of accounts.
        kind: Why.
        page: A path of this installation, which the mail links.
        once: The name of this very event.
        now: When.
    """
    wanted = set(to)
    told = set(session.scalars(select(Notice.user_id).where(Notice.once == once, Notice.user_id.in_(wanted))))
    for user_id in sorted(wanted - told):
        session.add(Notice(user_id=user_id, item_id=item.id, kind=kind, page=page, once=once, at=now))
    session.flush()
