"""The last look before anything leaves: what was taken back while a page or file was being made does not go out.

A page is read in one transaction and noted in the audit in the next. Somebody may withdraw, revoke, raise or purge in
between; who then got the text would be in no list of those who are asked to use no copy. So the note looks once more,
in its own transaction, and taking back waits for notes under way (SQLite has one writer at a time by itself).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotFound, TakenBack
from confmgr.orm.locks import Lock, alone, together
from confmgr.sharing.models import Item
from confmgr.sharing.queries import bodies, viewer_of
from confmgr.sharing.showing import Shown


def look_again(session: Session, actor: User, now: datetime, shown: Shown | None) -> None:
    """Make sure, while the note is written, that its reader may still read what goes out: two statements, a lock more.

    Args:
        session: Of the transaction that writes the note.
        actor: Who reads.
        now: When.
        shown: Items of whose body something is shown; None for none.

    Raises:
        NotFound: The page is about an item that may not be read any more.
        TakenBack: Something else on it may not.
    """
    if shown is None:
        return
    together(session, Lock.NOTING)
    opened = set() if shown.opened is None else {shown.opened.uuid}
    wanted = opened | shown.listed.keys()
    lost = wanted - set(
        session.scalars(select(Item.uuid).where(Item.uuid.in_(wanted), bodies(viewer_of(session, actor, now), now)))
    )
    if shown.opened is not None and lost & opened:
        raise NotFound(shown.opened.kind.value, shown.opened.uuid)
    if lost:
        raise TakenBack(lost)


def wait_for_notes(session: Session) -> None:
    """Wait for whoever notes what they read, and let nobody begin until this transaction ends."""
    alone(session, Lock.NOTING)
