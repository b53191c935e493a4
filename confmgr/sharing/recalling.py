"""Who has read or taken an item, and who was asked to use no copy of it any more."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.activity.domain import READING, TAKING
from confmgr.activity.models import AuditEntry, AuditObject
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Party
from confmgr.sharing import queries
from confmgr.sharing.models import Item, ItemMeeting, Recall
from confmgr.sharing.rule import Viewer


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody has read an item: when last, and whether a copy was taken along."""

    user_id: int
    at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class CalledBack:
    """A recall as its originator sees it: whose, with the parties that the person sits for."""

    recall: Recall
    parties: tuple[str, ...]


def readings(session: Session, item: Item) -> list[Reading]:
    """Who has opened the body of an item, or taken a list or document in which it stood; from the audit.

    A comment is opened with the page on which its whole text stands.
    """
    opened = or_(AuditEntry.object_uuid == item.uuid, AuditEntry.facts["whole"].as_string().contains(str(item.uuid)))
    rows = session.execute(
        select(AuditEntry.actor_id, AuditEntry.action, AuditEntry.at)
        .join(AuditObject, AuditObject.entry_id == AuditEntry.id)
        .where(
            AuditObject.object_uuid == item.uuid,
            AuditEntry.allowed,
            or_(AuditEntry.action.in_(TAKING), and_(AuditEntry.action.in_(READING), opened)),
        )
        .order_by(AuditEntry.at)
    )
    found: dict[int, Reading] = {}
    for user_id, action, at in rows:
        if user_id is None:
            continue
        before = found.get(user_id)
        found[user_id] = Reading(user_id, at, action in TAKING or (before is not None and before.taken))
    return sorted(found.values(), key=lambda one: one.user_id)


def opened_by(session: Session, user_id: int, ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those of some items, by their public ids, whose page somebody has opened; from the audit, in one statement."""
    if not ids:
        return frozenset()
    opened = select(AuditEntry.object_uuid).where(
        AuditEntry.object_uuid.in_(ids),
        AuditEntry.actor_id == user_id,
        AuditEntry.action.in_(READING),
        AuditEntry.allowed,
    )
    return frozenset(ident for ident in session.scalars(opened.distinct()) if ident is not None)


def outsiders(session: Session, item: Item, people: Iterable[int], now: datetime) -> list[User]:
    """Those of some accounts who do not sit, or sit no more, for the originator at a meeting of the item."""
    own = (
        select(Membership.user_id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .join(ItemMeeting, ItemMeeting.meeting_id == Membership.meeting_id)
        .where(ItemMeeting.item_id == item.id, Delegation.party_id == item.originator_id, current(now))
    )
    wanted = set(people)
    return list(session.scalars(select(User).where(User.id.in_(wanted), User.id.not_in(own)).order_by(User.id)))


def recalled_from(session: Session, viewer: Viewer, meeting: Meeting, now: datetime) -> list[Recall]:
    """What somebody is asked to use no copy of, of the items of a meeting; not what may be read again meanwhile."""
    linked = select(ItemMeeting.item_id).where(ItemMeeting.meeting_id == meeting.id)
    own = (
        select(Recall)
        .join(Item, Item.id == Recall.item_id)
        .where(Recall.user_id == viewer.user_id, Recall.item_id.in_(linked), ~queries.bodies(viewer, now))
        .options(joinedload(Recall.item).options(joinedload(Item.originator), joinedload(Item.marking)))
        .order_by(Recall.acknowledged_at.is_not(None), Recall.at.desc(), Recall.id)
    )
    with for_nobody(session, Purpose.CONSENTS):  # a recall is of what its person may not see any more
        return list(session.scalars(own))


def stood_under(session: Session, viewer: Viewer, rows: Iterable[Recall], now: datetime) -> dict[int, Item]:
    """What the items of one's own recalls stood under, by the id of each: what may be read, or was called back too."""
    above = {row.item_id: row.item.parent_id for row in rows if row.item.parent_id is not None}
    if not above:
        return {}
    ids = set(above.values())
    known = queries.visible_ids(session, viewer, ids, now) | set(
        session.scalars(select(Recall.item_id).where(Recall.user_id == viewer.user_id, Recall.item_id.in_(ids)))
    )
    with for_nobody(session, Purpose.CONSENTS):
        found = session.scalars(select(Item).where(Item.id.in_(known)).options(joinedload(Item.originator)))
        items = {item.id: item for item in found}
    return {ident: items[parent] for ident, parent in above.items() if parent in items}


def get_recall(session: Session, viewer: Viewer, ident: object) -> Recall:
    """One's own recall.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    own = (
        select(Recall)
        .where(Recall.uuid == ident, Recall.user_id == viewer.user_id)
        .options(joinedload(Recall.item).options(joinedload(Item.originator), joinedload(Item.marking)))
    )
    with for_nobody(session, Purpose.CONSENTS):
        row = session.scalar(own)
    if row is None:
        raise NotFound("recall", ident)
    return row


def called_back(session: Session, item: Item) -> list[CalledBack]:
    """Whom an item was called back from, for its originator: two statements."""
    rows = session.scalars(
        select(Recall)
        .where(Recall.item_id == item.id)
        .options(joinedload(Recall.user))
        .order_by(Recall.acknowledged_at.is_not(None), Recall.at.desc(), Recall.id)
    ).all()
    if not rows:
        return []
    seats = session.execute(
        select(Membership.user_id, Party.code)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .join(Party, Party.id == Delegation.party_id)
        .join(ItemMeeting, ItemMeeting.meeting_id == Membership.meeting_id)
        .where(ItemMeeting.item_id == item.id, Membership.user_id.in_({row.user_id for row in rows}))
        .distinct()
        .order_by(Party.code)
    ).all()
    return [CalledBack(row, tuple(code for user_id, code in seats if user_id == row.user_id)) for row in rows]
