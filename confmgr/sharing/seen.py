"""What somebody who decides about an item had before the eyes, compared in the transaction of the decision.

`Item.version` counts every change of the row, its text, purpose and retention too: none of these makes a decision about
marking or readers stale. Each kind of decision names what it rests on instead, and nothing more
(docs/decisions/0033-what-makes-a-decision-stale.md). What is named counts rows of this item alone and says nothing of
any other.
"""

import hashlib
import json
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.errors import NotFound, StaleVersion
from confmgr.sharing.models import Disclosure, Item, Marking
from confmgr.values.words import Words

Look = Callable[[Session, Item], str]


def of_state(_session: Session, item: Item) -> str:
    """On what taking back rests: whether it is shared, and since when."""
    since = item.shared_at or item.created_at
    return f"{item.state.value} {since.isoformat()}"


def of_marking(session: Session, item: Item) -> str:
    """On what sharing and another marking rest: the state, the marking that holds, and whether one waits."""
    made = session.scalars(select(Marking.id).where(Marking.item_id == item.id).order_by(Marking.id)).all()
    return f"{of_state(session, item)} {made.index(item.marking.id) + 1}/{len(made)}"


def of_readers(session: Session, item: Item) -> str:
    """On what naming further readers rests: the same, and who was named and struck off."""
    named, struck = session.execute(
        select(func.count(Disclosure.id), func.count(Disclosure.revoked_at)).where(Disclosure.item_id == item.id)
    ).one()
    return f"{of_marking(session, item)} {named}-{struck}"


def of_retention(_session: Session, item: Item) -> str:
    """On what another day rests until which it is kept: the day that the page showed."""
    return f"until {item.retain_until}"


def digest(said: object) -> str:
    """What a page showed, where it is too long to be carried whole."""
    return hashlib.sha256(json.dumps(said, default=Words.to_json).encode()).hexdigest()[:16]


def check(session: Session, item: Item, seen: str | None, look: Look) -> None:
    """Make sure that nobody has decided since; until the transaction ends nobody else decides about the item.

    Args:
        session: An open transaction.
        item: About what is decided.
        seen: What `look` said when the page was made; None where no page was: nothing is compared.
        look: What the decision rests on.

    Raises:
        NotFound: The item may not be seen any more.
        StaleVersion: Somebody has decided meanwhile.
    """
    if seen is None:
        return
    lock(session, item)
    compare(session, item, seen, look)


def compare(session: Session, item: Item, seen: str | None, look: Look) -> None:
    """The same of an item that is locked already.

    Raises:
        StaleVersion: Somebody has decided meanwhile.
    """
    if seen is not None and look(session, item) != seen:
        raise StaleVersion(item.kind.value, item.uuid)


def lock(session: Session, item: Item, *, alone: bool = False) -> None:
    """Keep others from deciding about an item, and read it as it is by now. Comments under it wait for nobody.

    `alone`: what is written under it waits as well (`hold`), because its words are about to be overwritten.

    Raises:
        NotFound: The item may not be seen any more.
    """
    session.flush()
    own = select(Item.id).where(Item.id == item.id)
    if session.scalar(own.with_for_update(key_share=not alone)) is None:
        raise NotFound("item")
    session.refresh(item)


def hold(session: Session, item: Item) -> None:
    """Keep others from purging an item while something is written under it; they decide about it all the same.

    Raises:
        NotFound: The item may not be seen any more.
    """
    own = select(Item.id).where(Item.id == item.id)
    if session.scalar(own.with_for_update(read=True, key_share=True)) is None:
        raise NotFound("item")
