"""What people say led to what. Writes; the caller commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotFound, Refused
from confmgr.outcomes.models import ChainLink, Source
from confmgr.outcomes.services.groups import link_chain
from confmgr.parties.models import Operation
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.models import Item
from confmgr.values.words import Words

End = Item | MeetingSession


def say_it_led_to(
    session: Session,
    operation: Operation,
    cause: End,
    effect: End,
    *,
    actor: User,
    now: datetime,
    note: Words | None = None,
    source: Source | None = None,
) -> ChainLink:
    """One thing led to another.

    Raises:
        Refused: It is one thing, or that it did stands here, or the other way round.
    """
    if cause is effect:
        raise Refused("led_to_itself", field="other")
    if _link(session, operation, cause, effect) is not None:
        raise Refused("linked_already", field="other")
    if _link(session, operation, effect, cause) is not None:
        raise Refused("linked_the_other_way", field="other")
    link = link_chain(session, operation, cause, effect, note=note, source=source)
    _audit(session, actor, now, "link", effect)
    return link


def take_back_link(
    session: Session, operation: Operation, cause: End, effect: End, *, actor: User, now: datetime
) -> None:
    """One thing did not lead to another after all.

    Raises:
        NotFound: Nobody said so.
    """
    link = _link(session, operation, cause, effect)
    if link is None:
        raise NotFound("link")
    session.delete(link)
    session.flush()
    _audit(session, actor, now, "unlink", effect)


def _link(session: Session, operation: Operation, cause: End, effect: End) -> ChainLink | None:
    return session.scalars(
        select(ChainLink)
        .where(
            ChainLink.operation_id == operation.id,
            ChainLink.from_item_id == cause.id if isinstance(cause, Item) else ChainLink.from_session_id == cause.id,
            ChainLink.to_item_id == effect.id if isinstance(effect, Item) else ChainLink.to_session_id == effect.id,
        )
        .order_by(ChainLink.id)
        .limit(1)
    ).first()


def _audit(session: Session, actor: User, now: datetime, action: str, end: End) -> None:
    kind = end.kind.value if isinstance(end, Item) else "session"
    record(session, actor=actor, now=now, action=action, object_type=kind, object_uuid=end.uuid)
