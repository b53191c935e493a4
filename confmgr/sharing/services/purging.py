"""Purging: the body is overwritten wherever it stands, what happened stays known. Writes; the caller commits."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotAllowed, Refused
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.sharing import asking
from confmgr.sharing import seen as looks
from confmgr.sharing.domain import ConsentState, ItemKind, ItemState, NoticeKind, RecallCause
from confmgr.sharing.models import ConsentRequest, Item, ItemVersion, Marking
from confmgr.sharing.services.items import PAGES
from confmgr.sharing.services.notices import tell
from confmgr.sharing.services.recalls import call_back

NOTICE = timedelta(days=14)
"""Between the notice that something will be purged and the purge."""

Overwrite = Callable[[Session, Item], None]
_bodies: dict[ItemKind, Overwrite] = {}


def overwrites(kind: ItemKind) -> Callable[[Overwrite], Overwrite]:
    """Register how a room overwrites the body of a kind of item. A kind without it cannot be purged."""

    def register(function: Overwrite) -> Overwrite:
        _bodies[kind] = function
        return function

    return register


def keep_until(
    session: Session, item: Item, day: date | None, *, actor: User, now: datetime, seen: str | None = None
) -> None:
    """Until when an item is kept; None: until somebody purges it. `seen`: `sharing.seen.of_retention`.

    Raises:
        NotAllowed: By somebody else than its author or who decides about it (`asking.keeps`).
        StaleVersion: Somebody set another day since `seen`.
        Refused: A day that is past.
    """
    if not asking.keeps(session, item, actor, now):
        raise NotAllowed("keep this")
    looks.check(session, item, seen, looks.of_retention)
    if day is not None and day < now.date():
        raise Refused("day_is_past", field="retain_until")
    if day != item.retain_until:
        item.retain_until, item.retention_told_at = day, None
        session.flush()
        record(session, actor=actor, now=now, action="retain", object_type=item.kind.value, object_uuid=item.uuid)


def purge(session: Session, item: Item, *, actor: User | None, now: datetime) -> bool:
    """Overwrite the body of an item, its earlier versions and what stands under it; call it back from its readers.

    False if it was purged already.

    Args:
        session: An open transaction.
        item: A kind whose room has registered how its body is overwritten.
        actor: Its author or, below RED, a head of the originating agency; None for the end of its retention.
        now: When.

    Raises:
        NotAllowed: By somebody else.
        Refused: It is of a kind that cannot be.
    """
    with for_nobody(session, Purpose.PURGING):  # what another has purged meanwhile, its reader finds no more
        looks.lock(session, item, alone=True)
    if item.state is ItemState.PURGED:
        return False
    if item.kind not in _bodies:
        raise Refused("cannot_purge")
    if actor is not None and not asking.keeps(session, item, actor, now):
        raise NotAllowed("purge")
    with for_nobody(session, Purpose.PURGING):  # of what is purged, nobody sees what is left to be overwritten
        item.state, item.purged_at, item.published_at = ItemState.PURGED, now, None
        session.flush()
        call_back(session, item, RecallCause.PURGED, now=now)
        wipe(session, item, actor=actor, now=now)
    record(session, actor=actor, now=now, action="purge", object_type=item.kind.value, object_uuid=item.uuid)
    return True


def purge_again(session: Session, item: Item, *, now: datetime) -> None:
    """Overwrite what a back-up from before its purge has brought back; for the command, safe to repeat."""
    wipe(session, item, actor=None, now=now)
    record(
        session,
        actor=None,
        now=now,
        action="purge",
        object_type=item.kind.value,
        object_uuid=item.uuid,
        facts={"again": True},
    )


def wipe(session: Session, item: Item, *, actor: User | None, now: datetime) -> None:
    """Overwrite what a purged item says. Disclosures end by `actor`, by nobody where it is the end of a retention."""
    item.state, item.purged_at, item.published_at = ItemState.PURGED, item.purged_at or now, None
    item.purpose = None
    _bodies[item.kind](session, item)
    for version in session.scalars(select(ItemVersion).where(ItemVersion.item_id == item.id)):
        version.before = {}
    session.execute(update(Marking).where(Marking.item_id == item.id).values(reason=None, handling_text=None))
    for row in session.scalars(select(ConsentRequest).where(ConsentRequest.item_id == item.id)):
        row.reason, row.answer = "", None
        if row.state is ConsentState.OPEN:
            row.state = ConsentState.EXPIRED
    for disclosure in item.disclosures:
        if disclosure.revoked_at is None:
            disclosure.revoked_at, disclosure.revoked_by_id = now, None if actor is None else actor.id
    for child in session.scalars(select(Item).where(Item.parent_id == item.id)):
        wipe(session, child, actor=actor, now=now)
    session.flush()


def end_retention(session: Session, *, now: datetime) -> tuple[int, int]:
    """Tell of what will be purged, and purge what was told of long enough ago; gives how many of each.

    The author and the heads of the originating agency are told fourteen days before the day, or when it is set if that
    is later; the purge comes after the day and fourteen days after they were told.
    """
    return _tell_of_ends(session, now), _purge_told(session, now)


def _kept() -> tuple[ColumnElement[bool], ...]:
    return Item.kind.in_(PAGES), Item.state != ItemState.PURGED, Item.parent_id.is_(None)


def _tell_of_ends(session: Session, now: datetime) -> int:
    soon = session.scalars(
        select(Item).where(*_kept(), Item.retain_until <= (now + NOTICE).date(), Item.retention_told_at.is_(None))
    ).all()
    for item in soon:
        item.retention_told_at = now
        tell(
            session,
            item,
            to={item.author_id, *asking.deciders(session, item, now)},
            kind=NoticeKind.RETENTION_ENDS,
            page=f"/{PAGES[item.kind]}/{item.uuid}/keep",
            once=f"retention:{item.uuid}:{item.retain_until}",
            now=now,
        )
    return len(soon)


def _purge_told(session: Session, now: datetime) -> int:
    due = session.scalars(
        select(Item).where(*_kept(), Item.retain_until < now.date(), Item.retention_told_at <= now - NOTICE)
    ).all()
    for item in due:
        purge(session, item, actor=None, now=now)
    return len(due)


def purged(session: Session) -> list[Item]:
    """What was purged, so that it can be purged again after an older back-up was put in."""
    return list(
        session.scalars(
            select(Item)
            .where(or_(Item.state == ItemState.PURGED, Item.purged_at.is_not(None)), Item.parent_id.is_(None))
            .order_by(Item.purged_at, Item.id)
        )
    )
