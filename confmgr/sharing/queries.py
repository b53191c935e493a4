"""The visibility rule as SQL, and reads of items through it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Party
from confmgr.sharing.clause import (
    body,
    body_alone,
    each_reader,
    earlier,
    envelope,
    left_over,
    reader_of,
    received_before,
    said,
    standing,
    there,
)
from confmgr.sharing.consent import is_lower
from confmgr.sharing.domain import Handling, ItemKind, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, ItemVersion, Marking
from confmgr.sharing.rule import DisclosureFacts, ItemFacts, Letter, Seat, Viewer, verdict

__all__ = ["standing"]
ANY_TIME = datetime(1, 1, 1, tzinfo=UTC)
"""Of an envelope no instant decides."""


def viewer_of(session: Session, user: User, now: datetime) -> Viewer:
    """Where somebody sits today, in one statement."""
    (found,) = viewers_of(session, [user], now)
    return found


def viewers_of(session: Session, users: Sequence[User], now: datetime) -> list[Viewer]:
    """Where each of some people sits today, in one statement."""
    rows: Iterable[tuple[Membership, Delegation | None, list[str], int]] = session.execute(
        select(Membership, Delegation, Meeting.green_for, Meeting.host_party_id)
        .join(Meeting, Meeting.id == Membership.meeting_id)
        .outerjoin(Delegation, Delegation.id == Membership.delegation_id)
        .where(Membership.user_id.in_([user.id for user in users]), current(now))
    )
    seats: dict[int, list[Seat]] = {}
    for membership, delegation, green_for, host in rows:
        seat = Seat(
            meeting_id=membership.meeting_id,
            party_id=None if delegation is None else delegation.party_id,
            delegation_id=None if delegation is None else delegation.id,
            agency_id=membership.agency_id,
            sees_green=delegation is not None and delegation.status.value in green_for,
            organises=membership.role is Role.ORGANISER,
            leads_host=membership.role is Role.LEADERSHIP and (delegation is None or delegation.party_id == host),
            speaks=delegation is not None and membership.role in SPEAKERS,
            heads=delegation is not None and membership.role is Role.HEAD,
        )
        seats.setdefault(membership.user_id, []).append(seat)
    return [Viewer(user.id, active=user.active, seats=tuple(seats.get(user.id, ()))) for user in users]


def gave(viewer: Viewer, item: Item) -> bool:
    """Whether a viewer who reads an item sits for its originator at a meeting of the item; a seat elsewhere is none.

    Who sits for one party alone reads from its seats: of others the meetings of the item are looked up.
    """
    own = {seat.meeting_id for seat in viewer.seats if _sits_for(seat, item.originator_id)}
    return bool(own) and (not sits_for_several(viewer) or bool(own & {link.meeting_id for link in item.meetings}))


def sits_for_several(viewer: Viewer) -> bool:
    """Whether somebody sits for more than one party, or for one and at another place for none."""
    return len({seat.party_id for seat in viewer.seats}) > 1


def given_at(seat: Seat) -> ColumnElement[bool]:
    """Items of the party of a seat, at the meeting of the seat."""
    linked = there(ItemMeeting, ItemMeeting.item_id == Item.id, ItemMeeting.meeting_id == seat.meeting_id)
    return and_(Item.originator_id == seat.party_id, linked)


def _sits_for(seat: Seat, party_id: int) -> bool:
    return seat.delegation_id is not None and seat.party_id == party_id


def bodies(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """The rule as a clause on `Item`: items whose body the viewer may see, children with what they stand under."""
    return said(body, viewer, now) if viewer.active else false()


def earlier_bodies(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """The rule on `ItemVersion` and `Item`: what an item said before a change, for those who could read it then."""
    return earlier(reader_of(viewer, now), ItemVersion, Item, received_before) if viewer.active else false()


def bodies_alone(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """The same of items that stand under no other, as cases and leads do: shorter, and of others nothing is seen."""
    return said(body_alone, viewer, now) if viewer.active else false()


def tombstones(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Purged items of which the viewer may know what is left: reference, dates, who read them; never a body."""
    return left_over(reader_of(viewer, now)) if viewer.active else false()


def envelopes(viewer: Viewer) -> ColumnElement[bool]:
    """Items whose envelope an organiser or the host's leadership may see; a draft is its originator's alone."""
    if not knows_envelopes(viewer):
        return false()
    return said(envelope, viewer, ANY_TIME)


def knows_envelopes(viewer: Viewer) -> bool:
    """Whether a viewer may see anything of what it may not read."""
    return viewer.active and any(seat.organises or seat.leads_host for seat in viewer.seats)


def knows(session: Session, viewer: Viewer, item_id: int, now: datetime) -> bool:
    """Whether the viewer sees the body or at least the envelope of an item: reference and party stand in both."""
    allowed = or_(bodies(viewer, now), envelopes(viewer))
    return session.scalar(select(Item.id).where(Item.id == item_id, allowed)) is not None


def visible_ids(session: Session, viewer: Viewer, ids: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of some items whose body the viewer may see, in one statement."""
    wanted = set(ids)
    if not wanted:
        return frozenset()
    return frozenset(session.scalars(select(Item.id).where(Item.id.in_(wanted), bodies(viewer, now))))


def readers_among(session: Session, item: Item, users: Sequence[User], now: datetime) -> frozenset[int]:
    """Those of some people who may see the body of an item: two statements, however many they are."""
    active = [viewer for viewer in viewers_of(session, users, now) if viewer.active] if users else []
    if not active:
        return frozenset()
    sees = there(Item, Item.id == item.id, body(each_reader(active, now)))
    return frozenset(session.scalars(select(User.id).where(User.id.in_([one.user_id for one in active]), sees)))


def known_ids(session: Session, viewer: Viewer, ids: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of some items whose body or at least whose envelope the viewer may see, in one statement."""
    wanted = set(ids)
    if not wanted:
        return frozenset()
    known = or_(bodies(viewer, now), envelopes(viewer))
    return frozenset(session.scalars(select(Item.id).where(Item.id.in_(wanted), known)))


def letter_of(session: Session, viewer: Viewer, item: Item, now: datetime) -> Letter | None:
    """The sentence of the rule by which the viewer may see a body; None for those who may not. Five statements."""
    return verdict(viewer, facts_of(session, [item.id])[item.id], now).letter


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lower marking, until a second person confirms it: with those whom it would reach at once."""

    marking: Marking
    to: tuple[Party, ...]

    @property
    def seen(self) -> str:
        """What a confirmation names, so that nobody confirms another one than was looked at."""
        return said_of(self.marking)


def said_of(marking: Marking) -> str:
    """A marking by what its readers know of it."""
    return f"{marking.tlp.value} {marking.made_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Ended:
    """A lower marking that was proposed and came to nothing, and the row by which somebody ended it: it says why."""

    proposal: Marking
    end: Marking
    by: User

    @property
    def taken_back(self) -> bool:
        """Whether it was ended by who proposed it; else by somebody who was asked."""
        return self.end.made_by_id == self.proposal.made_by_id


def waiting(session: Session, item: Item, reader: User, now: datetime) -> Waiting | None:
    """A lower marking that waits for a second person of the originator; shown to its persons alone.

    Of RED these are its author and the persons whom the author named.
    """
    found = proposed(session, item, reader, now)
    return found if isinstance(found, Waiting) else None


def ended(session: Session, item: Item, reader: User, now: datetime) -> Ended | None:
    """The lower marking that was proposed last, if it was taken back or not agreed to; for those who saw it wait.

    It is told until the marking changes, or another one is proposed.
    """
    found = proposed(session, item, reader, now)
    return found if isinstance(found, Ended) else None


def proposed(session: Session, item: Item, reader: User, now: datetime) -> Waiting | Ended | None:
    """The lower marking that was proposed last: whether it waits, or came to nothing; for those who saw it wait."""
    newest, *before = _made_since(session, item, reader, now) or (None,)
    if newest is None:
        return None
    if not is_lower(newest.tlp, item.marking.tlp):
        return Ended(before[0], newest, session.get_one(User, newest.made_by_id)) if before else None
    reached = (
        select(Delegation.party_id)
        .join(Disclosure, Disclosure.to_delegation_id == Delegation.id)
        .where(Disclosure.marking_id == newest.id, Disclosure.revoked_at.is_(None))
    )
    return Waiting(newest, tuple(session.scalars(select(Party).where(Party.id.in_(reached)).order_by(Party.code))))


def _made_since(session: Session, item: Item, reader: User, now: datetime) -> Sequence[Marking]:
    """The last two rows that came after the marking which holds, the newest first, for the persons of the originator.

    A lower one is a proposal; one that repeats what holds has ended the proposal before it.
    """
    red = item.marking.tlp is Tlp.RED
    if item.state is ItemState.DRAFT or (red and not knows_red(item, reader)):
        return ()
    since = select(Marking).where(Marking.item_id == item.id, Marking.id > item.marking.id)
    rows = session.scalars(since.order_by(Marking.id.desc()).limit(2)).all()
    return rows if rows and (red or _acts_for(session, item, reader, now)) else ()


def to_second(session: Session, viewer: Viewer, meeting: Meeting, now: datetime) -> list[Item]:
    """Cases and leads of a meeting whose lower marking, proposed by somebody else, waits for the viewer's word."""
    own = {seat.party_id for seat in viewer.seats if seat.speaks and seat.meeting_id == meeting.id}
    holds, later = aliased(Marking), aliased(Marking)
    newest = select(later.id).where(later.item_id == Item.id, later.id > Item.marking_id)
    return list(
        session.scalars(
            select(Item)
            .join(ItemMeeting, ItemMeeting.item_id == Item.id)
            .join(holds, holds.id == Item.marking_id)
            .join(Marking, Marking.id == newest.order_by(later.id.desc()).limit(1).scalar_subquery())
            .where(
                ItemMeeting.meeting_id == meeting.id,
                Item.kind.in_((ItemKind.CASE, ItemKind.LEAD)),
                Item.state == ItemState.SHARED,
                Item.originator_id.in_(own),
                Marking.tlp != holds.tlp,
                Marking.made_by_id != viewer.user_id,
                bodies(viewer, now),
            )
            .options(joinedload(Item.originator))
            .order_by(Item.reference, Item.id)
        )
    )


def _acts_for(session: Session, item: Item, reader: User, now: datetime) -> bool:
    """Whether a reader of an item sits for its originator at one of its meetings today."""
    seat = (
        select(Membership.id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .join(ItemMeeting, ItemMeeting.meeting_id == Membership.meeting_id)
        .where(
            ItemMeeting.item_id == item.id,
            Membership.user_id == reader.id,
            current(now),
            Membership.role.in_(SPEAKERS),
            Delegation.party_id == item.originator_id,
        )
    )
    return session.scalar(seat.limit(1)) is not None


def knows_red(item: Item, person: User) -> bool:
    """Whether somebody is the author of an item, or one of those whom the author named."""
    return person.id in {item.author_id, *(named.user_id for named in item.named_readers)}


def get_visible(session: Session, viewer: Viewer, kind: ItemKind, ident: uuid.UUID, now: datetime) -> Item:
    """The item if its body may be seen.

    Raises:
        NotFound: There is none, or not for this viewer: the same either way.
    """
    item = _one(session, ident, Item.kind == kind, bodies(viewer, now))
    if item is None:
        raise NotFound("item", ident)
    return item


def find_visible(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Item | None:
    """An item of whatever kind, if its body may be seen."""
    return _one(session, ident, bodies(viewer, now))


def find_purged(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Item | None:
    """What is left of an item, for those of its originator who could read it."""
    with for_nobody(session, Purpose.AUDITING):  # of what is purged the wall shows nothing
        return _one(session, ident, tombstones(viewer, now))


def get_envelope(session: Session, viewer: Viewer, kind: ItemKind, ident: uuid.UUID, now: datetime) -> Item:
    """The item if its body or at least its envelope may be seen.

    Raises:
        NotFound: Neither.
    """
    item = _one(session, ident, Item.kind == kind, or_(bodies(viewer, now), envelopes(viewer)))
    if item is None:
        raise NotFound("item", ident)
    return item


def _one(session: Session, ident: uuid.UUID, *allowed: ColumnElement[bool]) -> Item | None:
    found: Item | None = session.scalar(
        select(Item)
        .where(Item.uuid == ident, *allowed)
        .options(
            joinedload(Item.originator),
            joinedload(Item.marking),
            joinedload(Item.operation),
            joinedload(Item.parent).joinedload(Item.originator),
        )
    )
    return found


def facts_of(session: Session, ids: Iterable[int]) -> dict[int, ItemFacts]:
    """What the pure rule needs to know of some items, parents included one level up."""
    rows = {
        item.id: item
        for item in session.scalars(
            select(Item)
            .where(Item.id.in_(set(ids)))
            .options(
                joinedload(Item.marking),
                selectinload(Item.meetings),
                selectinload(Item.named_readers),
                selectinload(Item.disclosures),
            )
        )
    }
    parents = {row.parent_id for row in rows.values() if row.parent_id is not None} - rows.keys()
    above = facts_of(session, parents) if parents else {}
    return {ident: _facts(row, rows, above) for ident, row in rows.items()}


def _facts(item: Item, rows: dict[int, Item], above: dict[int, ItemFacts]) -> ItemFacts:
    parent = None
    if item.parent_id is not None:
        parent = above[item.parent_id] if item.parent_id in above else _facts(rows[item.parent_id], rows, above)
    return ItemFacts(
        tlp=item.marking.tlp,
        state=item.state,
        originator_id=item.originator_id,
        author_id=item.author_id,
        marking_id=item.marking.id,
        meeting_ids=frozenset(link.meeting_id for link in item.meetings),
        agency_id=item.agency_id,
        published=item.published_at is not None,
        named_readers=frozenset(named.user_id for named in item.named_readers),
        handling=frozenset(Handling(code) for code in item.marking.handling),
        disclosures=tuple(
            DisclosureFacts(
                d.marking_id,
                d.to_user_id,
                d.to_agency_id,
                d.to_delegation_id,
                d.until,
                revoked=d.revoked_at is not None,
            )
            for d in item.disclosures
        ),
        parent=parent,
    )
