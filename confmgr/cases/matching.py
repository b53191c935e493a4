"""Values that two originators have, both of whom put them to matching: found by the worker, told to these two alone.

What each sentence of the rule was taken to mean: docs/decisions/0025-what-a-hit-tells.md. Writes; the caller commits.
"""

import uuid as uuids
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, joinedload

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.domain import MatchState
from confmgr.cases.models import Identifier, Match
from confmgr.cases.naming import identifiers_of
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound, StaleVersion
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Party
from confmgr.sharing import asking
from confmgr.sharing import queries as rule
from confmgr.sharing import seen as looks
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemState, NoticeKind
from confmgr.sharing.models import Item, ItemMeeting
from confmgr.sharing.rule import Viewer

COMPARED = (ItemState.DRAFT, ItemState.SHARED)
"""States of items whose values are compared: what was taken back is compared no more."""
MOST_AT_ONCE = 200
"""Hits that one run of the worker makes of what it finds."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A match as one of its two originators sees it: the own value and item, and of the other side its party alone."""

    match: Match
    own: Identifier
    item: Item
    party: Party

    @property
    def first(self) -> bool:
        """Whether the own value is the first of the two."""
        return self.match.first_id == self.own.id

    @property
    def we_count(self) -> bool:
        """Whether the own side lets organisers count it."""
        return (self.match.first_counts_at if self.first else self.match.second_counts_at) is not None

    @property
    def they_count(self) -> bool:
        """Whether the other side does."""
        return (self.match.second_counts_at if self.first else self.match.first_counts_at) is not None


def choice_seen(session: Session, item: Item) -> str:
    """On what the choice of values rests: which the item has, and which of them are compared."""
    wanted = select(Identifier.kind, Identifier.value, Identifier.matching).where(Identifier.item_id == item.id)
    rows = [[kind.value, value, compared] for kind, value, compared in session.execute(wanted.order_by(Identifier.id))]
    return looks.digest(rows)


def put_to_matching(
    session: Session,
    item: Item,
    identifiers: Collection[Identifier],
    *,
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Compare these values of an item with those of others, and none of its others. Says nothing of what it finds.

    Raises:
        NotFound: The actor may not see the item.
        NotAllowed: Only the author chooses, or a head of the originator (`asking.writes`).
        StaleVersion: Somebody chose others, or changed the values, since `seen` (`choice_seen`).
    """
    asking.check_writes(session, item, actor, now, "put to matching")
    looks.check(session, item, seen, choice_seen)
    wanted = {row.id for row in identifiers}
    changed = False
    for row in identifiers_of(session, item):
        if row.matching != (row.id in wanted):
            row.matching, changed = row.id in wanted, True
            row.matching_since = now if row.matching else None
    session.flush()
    if changed:
        record(
            session,
            actor=actor,
            now=now,
            action="match",
            object_type=item.kind.value,
            object_uuid=item.uuid,
            facts={"values": len(wanted)},
        )


def find_matches(session: Session, *, now: datetime) -> int:
    """Make hits of what two originators have put to matching, and tell both at once; gives how many. For the worker."""
    with for_nobody(session, Purpose.MATCHING):
        pairs = _new_pairs(session)
        return sum(make_hit(session, first, second, now) for first, second in pairs)


def _new_pairs(session: Session) -> list[tuple[int, int]]:
    one, other = aliased(Identifier), aliased(Identifier)
    item, its = aliased(Item), aliased(Item)
    rows = session.execute(
        select(one.id, other.id)
        .join(other, and_(other.kind == one.kind, other.normal == one.normal, other.id > one.id))
        .join(item, item.id == one.item_id)
        .join(its, its.id == other.item_id)
        .where(
            one.matching,
            other.matching,
            item.originator_id != its.originator_id,
            item.operation_id == its.operation_id,
            item.state.in_(COMPARED),
            its.state.in_(COMPARED),
            ~exists().where(Match.first_id == one.id, Match.second_id == other.id),
        )
        .order_by(one.id, other.id)
        .limit(MOST_AT_ONCE)
    )
    return [(first, second) for first, second in rows]


def make_hit(session: Session, first_id: int, second_id: int, now: datetime) -> bool:
    """Make a hit of two values and tell both originators; False if it was made meanwhile. Smaller id first."""
    row = Match(first_id=first_id, second_id=second_id, found_at=now, first_told_at=now, second_told_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another worker was faster
        return False
    for ident in (first_id, second_id):
        item = session.get_one(Item, session.get_one(Identifier, ident).item_id)
        for user_id, meeting in whom_to_tell(session, item, now):
            page = f"/meetings/{meeting.slug}/consents"  # an address that does not say of what it tells
            kind, once = NoticeKind.MATCHED, f"match:{row.uuid}"
            sharing.tell(session, item, to=[user_id], kind=kind, page=page, once=once, now=now)
    return True


def whom_to_tell(session: Session, item: Item, now: datetime) -> list[tuple[int, Meeting]]:
    """Who of the originator hears of a hit, and at which meeting: the author, and who decides about the item.

    Only those of them who may read the item today.
    """
    people = asking.deciders(session, item, now) | asking.readers_of(session, item, [item.author_id], now)
    rows = session.execute(
        select(Membership.user_id, Meeting)
        .join(Meeting, Meeting.id == Membership.meeting_id)
        .join(ItemMeeting, and_(ItemMeeting.meeting_id == Meeting.id, ItemMeeting.item_id == item.id))
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .where(Membership.user_id.in_(people), Delegation.party_id == item.originator_id, current(now))
        .order_by(Meeting.starts_on)
    )
    newest = dict(rows.all())
    return sorted(newest.items())


def hits(
    session: Session, viewer: Viewer, now: datetime, *, meeting: Meeting, ident: uuids.UUID | None = None
) -> list[Hit]:
    """Matches of values on items of the viewer's own party that the viewer may read, the newest first; or one of them.

    A constant number of statements.
    """
    mine = set(session.scalars(_mine(viewer, now, meeting)))
    wanted = (
        select(Match)
        .where(_on_mine(viewer, now, meeting), *(() if ident is None else (Match.uuid == ident,)))
        .options(joinedload(Match.first), joinedload(Match.second))
        .order_by(Match.found_at.desc(), Match.id.desc())
    )
    with for_nobody(session, Purpose.MATCHING):  # the other value is the same; of its item only the party is told
        rows = session.scalars(wanted).all()
    pairs = [
        (row, *((row.first, row.second) if row.first.item_id in mine else (row.second, row.first))) for row in rows
    ]
    parties = _parties_behind(session, (other.item_id for _row, _own, other in pairs))
    items = {
        item.id: item
        for item in session.scalars(
            select(Item)
            .where(Item.id.in_({own.item_id for _row, own, _other in pairs}))
            .options(joinedload(Item.originator), joinedload(Item.marking))
        )
    }
    return [Hit(row, own, items[own.item_id], parties[other.item_id]) for row, own, other in pairs]


def put_by(session: Session, viewer: Viewer, now: datetime, *, meeting: Meeting) -> list[tuple[Identifier, Item]]:
    """Values of the viewer's own party that are compared with others, with what they stand on; the newest first.

    Of items that the viewer may read; no hit is asked for, so that the list is the same whether or not there is one.
    """
    wanted = (
        select(Identifier, Item)
        .join(Item, Item.id == Identifier.item_id)
        .where(Identifier.matching, Item.state.in_(COMPARED), Item.id.in_(_mine(viewer, now, meeting)))
        .options(joinedload(Item.originator), joinedload(Item.marking))
        .order_by(Identifier.matching_since.desc(), Identifier.id)
    )
    return [(value, item) for value, item in session.execute(wanted)]


def unanswered(session: Session, viewer: Viewer, now: datetime, *, meeting: Meeting) -> int:
    """How many of these hits neither side has said anything of."""
    wanted = select(func.count(Match.id)).where(_on_mine(viewer, now, meeting), Match.state == MatchState.FOUND)
    with for_nobody(session, Purpose.MATCHING):
        return session.scalar(wanted) or 0


def get_hit(session: Session, viewer: Viewer, now: datetime, *, meeting: Meeting, ident: uuids.UUID) -> Hit:
    """One of them.

    Raises:
        NotFound: There is none, or none of the viewer's party.
    """
    found = hits(session, viewer, now, meeting=meeting, ident=ident)
    if not found:
        raise NotFound("match", ident)
    return found[0]


def set_state(session: Session, hit: Hit, *, actor: User, now: datetime, state: MatchState, seen_version: int) -> None:
    """How far the two have come; either says it, and both see it. The audit has it of the hit, which no page shows.

    Raises:
        NotFound: The actor may not see the own item: the same as for no hit at all.
        NotAllowed: The actor does not speak for its originator.
        StaleVersion: The other side said something meanwhile.
    """
    _check(session, hit, actor, now, seen_version)
    closes = state is MatchState.CLOSED
    hit.match.state = state
    hit.match.closed_at, hit.match.closed_by_id = (now, actor.id) if closes else (None, None)
    session.flush()
    _note(session, hit.match, actor, now, {"state": state.value})


def let_count(session: Session, hit: Hit, *, actor: User, now: datetime, agreed: bool, seen_version: int) -> None:
    """Let organisers count a hit, or no more: they see the number alone, and only of what both sides let them count.

    Raises:
        NotFound: As `set_state`.
        NotAllowed: As `set_state`.
        StaleVersion: The other side said something meanwhile.
    """
    _check(session, hit, actor, now, seen_version)
    when = now if agreed else None
    if hit.first:
        hit.match.first_counts_at = when
    else:
        hit.match.second_counts_at = when
    session.flush()
    _note(session, hit.match, actor, now, {"counts": agreed})


def _check(session: Session, hit: Hit, actor: User, now: datetime, seen_version: int) -> None:
    asking.check_speaks(session, hit.item, hit.item.originator_id, actor, now)
    if hit.match.version != seen_version:
        raise StaleVersion("match", hit.match.uuid)


def _note(session: Session, match: Match, actor: User, now: datetime, facts: Mapping[str, object]) -> None:
    """Neither an item nor a meeting is named: an auditor's page would tell that there is a hit (decision 25)."""
    record(session, actor=actor, now=now, action="change", object_type="match", object_uuid=match.uuid, facts=facts)


def counted(session: Session, meeting: Meeting) -> int:
    """Hits that both sides let the organisers count, between items of this meeting."""
    one, other, here, there = aliased(Identifier), aliased(Identifier), aliased(ItemMeeting), aliased(ItemMeeting)
    wanted = (
        select(func.count(Match.id))
        .join(one, one.id == Match.first_id)
        .join(other, other.id == Match.second_id)
        .join(here, and_(here.item_id == one.item_id, here.meeting_id == meeting.id))
        .join(there, and_(there.item_id == other.item_id, there.meeting_id == meeting.id))
        .where(Match.first_counts_at.is_not(None), Match.second_counts_at.is_not(None))
    )
    with for_nobody(session, Purpose.MATCHING):
        return session.scalar(wanted) or 0


def _mine(viewer: Viewer, now: datetime, meeting: Meeting) -> Select[int]:
    """Ids of the own items at a meeting that the viewer may read."""
    parties = {seat.party_id for seat in viewer.seats if seat.meeting_id == meeting.id and seat.party_id is not None}
    here = select(ItemMeeting.item_id).where(ItemMeeting.meeting_id == meeting.id)
    return select(Item.id).where(Item.id.in_(here), Item.originator_id.in_(parties), rule.bodies(viewer, now))


def _on_mine(viewer: Viewer, now: datetime, meeting: Meeting) -> ColumnElement[bool]:
    """The same as a clause on `Match`: one of its two values stands on such an item."""
    values = select(Identifier.id).where(Identifier.item_id.in_(_mine(viewer, now, meeting)))
    return or_(Match.first_id.in_(values), Match.second_id.in_(values))


def _parties_behind(session: Session, item_ids: Iterable[int]) -> dict[int, Party]:
    """Whose the other items are, and nothing else of them: the one thing that a hit tells of the other side."""
    wanted = select(Item.id, Party).join(Party, Party.id == Item.originator_id).where(Item.id.in_(set(item_ids)))
    with for_nobody(session, Purpose.MATCHING):
        return dict(session.execute(wanted).all())
