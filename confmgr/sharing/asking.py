"""Reads of questions to originators: who answers which, what waits for whom."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from confmgr.accounts.models import User
from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import NotAllowed, NotFound
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Party
from confmgr.sharing import queries
from confmgr.sharing import seen as looks
from confmgr.sharing.consent import Asked, Post, decides, needs_two, stands
from confmgr.sharing.domain import ConsentState, ItemKind, ItemState, Tlp
from confmgr.sharing.models import ConsentRequest, Item, ItemMeeting
from confmgr.sharing.rule import Seat, Viewer, verdict

IN_CHARGE = frozenset({Capacity.HEAD_OF_DELEGATION, Capacity.HEAD_OF_AGENCY, Capacity.DEPUTY})
WRITTEN_BY_HEADS = frozenset({ItemKind.CASE, ItemKind.LEAD})
MOST_ANSWERED = 50
"""Answered questions that a page lists, the newest first."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what a reader may do about it."""

    request: ConsentRequest
    item: Item
    may_decide: bool
    may_second: bool
    may_withdraw: bool

    @property
    def waits(self) -> bool:
        """Whether it waits for this very reader."""
        return self.may_decide or self.may_second


def posts(now: datetime) -> Select[int, int, int, int | None]:
    """Heads and deputies of delegations who may act today: account, meeting, party, agency."""
    return (
        select(Membership.user_id, Membership.meeting_id, Delegation.party_id, Membership.agency_id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .join(User, User.id == Membership.user_id)
        .outerjoin(
            Delegate,
            and_(
                Delegate.delegation_id == Delegation.id,
                Delegate.user_id == Membership.user_id,
                Delegate.left_at.is_(None),
            ),
        )
        .where(
            User.active,
            current(now),
            Membership.role.in_(SPEAKERS),
            or_(Membership.role == Role.HEAD, Delegate.capacity.in_(IN_CHARGE)),
        )
    )


def asked(item: Item) -> Asked:
    """What the rule of decisions needs to know of an item."""
    return Asked(
        tlp=item.marking.tlp,
        originator_id=item.originator_id,
        agency_id=item.agency_id,
        meeting_ids=frozenset(link.meeting_id for link in item.meetings),
        knows_red=frozenset({item.author_id, *(named.user_id for named in item.named_readers)}),
    )


def deciders(session: Session, item: Item, now: datetime) -> frozenset[int]:
    """Accounts of those who may answer a question about an item; all of them may read it."""
    facts = asked(item)
    if facts.tlp is Tlp.RED:
        people = facts.knows_red
    else:
        rows = session.execute(
            posts(now).where(Delegation.party_id == item.originator_id, Membership.meeting_id.in_(facts.meeting_ids))
        )
        found = [Post(*row) for row in rows]
        people = frozenset(post.user_id for post in found if decides(facts, post))
    return readers_of(session, item, people, now)


def seconds(session: Session, item: Item, but: int, now: datetime) -> frozenset[int]:
    """Whom to tell that a second person is needed: of RED who knows it, else heads and the author, else all others.

    Any reader who speaks for the originator may agree (`speaks_for`); not everybody is written to.
    """
    facts = asked(item)
    known = facts.knows_red if facts.tlp is Tlp.RED else facts.knows_red | deciders(session, item, now)
    found = readers_of(session, item, known - {but}, now)
    if found or facts.tlp is Tlp.RED:
        return found
    rows = session.scalars(
        select(Membership.user_id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .where(
            Delegation.party_id == item.originator_id,
            Membership.meeting_id.in_(facts.meeting_ids),
            Membership.role.in_(SPEAKERS),
            Membership.user_id != but,
            current(now),
        )
    )
    return readers_of(session, item, rows.all(), now)


def has_second(session: Session, item: Item, now: datetime) -> bool:
    """Whether somebody whom the author named, and who sits for the originator today, knows an item that is RED."""
    people = session.scalars(select(User).where(User.id.in_(asked(item).knows_red - {item.author_id}))).all()
    viewers = queries.viewers_of(session, people, now) if people else []
    return any(viewer.active and _seats_for(item, viewer, item.originator_id) for viewer in viewers)


def writes(session: Session, item: Item, actor: User, now: datetime) -> bool:
    """Whether somebody may change body, marking and readers: the author; of a case or lead below RED, a head too.

    An author who does not sit for the originator any more may not, who wrote it or not.
    """
    if actor.id == item.author_id:
        return _still_writes(session, item, actor, now)
    below = item.kind in WRITTEN_BY_HEADS and item.marking.tlp is not Tlp.RED
    return below and actor.id in deciders(session, item, now)


def check_writes(session: Session, item: Item, actor: User, now: datetime, action: str) -> None:
    """Make sure that somebody may change body, marking and readers of an item (`writes`).

    Raises:
        NotFound: The actor may not read it: the same as for none at all.
        NotAllowed: The actor reads it, and others write it.
    """
    if writes(session, item, actor, now):
        return
    if not readers_of(session, item, [actor.id], now):
        raise NotFound("item", item.uuid)
    raise NotAllowed(action)


def check_speaks(session: Session, item: Item, party_id: int, actor: User, now: datetime) -> None:
    """Make sure that somebody reads an item, and acts for a party at one of its meetings; nobody purges it meanwhile.

    Raises:
        NotFound: The actor may not read it: the same as for none at all.
        NotAllowed: The actor does not speak for that party there.
    """
    looks.hold(session, item)
    viewer = queries.viewer_of(session, actor, now)
    if not queries.visible_ids(session, viewer, [item.id], now):
        raise NotFound("item", item.uuid)
    if not any(seat.speaks for seat in _seats_for(item, viewer, party_id)):
        raise NotAllowed("speak for this party")


def keeps(session: Session, item: Item, actor: User, now: datetime) -> bool:
    """Whether somebody says how long an item is kept, and purges it: its author, or who decides about it."""
    own = actor.id == item.author_id and _still_writes(session, item, actor, now)
    return own or actor.id in deciders(session, item, now)


def purged_by_now(session: Session, kind: ItemKind, ident: uuid.UUID, actor: User, now: datetime) -> Item | None:
    """An item that was purged, for somebody who could purge it (`keeps`): to everybody else there is none.

    The caller shows nothing of it.
    """
    viewer = queries.viewer_of(session, actor, now)
    with for_nobody(session, Purpose.PURGING):
        item = session.scalar(select(Item).where(Item.uuid == ident, Item.kind == kind, Item.state == ItemState.PURGED))
        if item is None:
            return None
        before = replace(queries.facts_of(session, [item.id])[item.id], state=ItemState.WITHDRAWN)
        facts = asked(item)
    if not verdict(viewer, before, now).body:
        return None
    by_office = facts.tlp is Tlp.RED or any(decides(facts, post) for post in _mine(session, viewer, now))
    return item if by_office or item.author_id == actor.id else None


def _still_writes(session: Session, item: Item, author: User, now: datetime) -> bool:
    viewer = queries.viewer_of(session, author, now)
    return bool(_seats_for(item, viewer, item.originator_id)) and bool(
        queries.visible_ids(session, viewer, [item.id], now)
    )


def readers_of(session: Session, item: Item, people: Iterable[int], now: datetime) -> frozenset[int]:
    """Those of some accounts who may read the body of an item."""
    wanted = set(people)
    users = session.scalars(select(User).where(User.id.in_(wanted))).all() if wanted else ()
    return queries.readers_among(session, item, users, now)


def _seats_for(item: Item, viewer: Viewer, party_id: int) -> list[Seat]:
    """Where somebody belongs to the delegation of a party, of the meetings of the item."""
    meetings = {link.meeting_id for link in item.meetings}
    return [seat for seat in viewer.seats if seat.party_id == party_id and seat.meeting_id in meetings]


def speaks_for(item: Item, viewer: Viewer) -> bool:
    """Whether somebody acts for the originator at a meeting of the item; of RED, also knows it."""
    speaks = viewer.active and any(seat.speaks for seat in _seats_for(item, viewer, item.originator_id))
    return speaks and (item.marking.tlp is not Tlp.RED or viewer.user_id in asked(item).knows_red)


def speaks_for_asker(request: ConsentRequest, viewer: Viewer) -> bool:
    """Whether somebody acts for the delegation for which a question was asked."""
    return viewer.active and request.asked_for_id in {seat.delegation_id for seat in viewer.seats if seat.speaks}


def _mine(session: Session, viewer: Viewer, now: datetime) -> tuple[Post, ...]:
    if not any(seat.speaks for seat in viewer.seats):
        return ()
    return tuple(Post(*row) for row in session.execute(posts(now).where(Membership.user_id == viewer.user_id)))


def _question(request: ConsentRequest, viewer: Viewer, own: tuple[Post, ...], now: datetime) -> Question:
    item, me = request.item, viewer.user_id
    facts = asked(item)
    open_still = stands(request.state, request.until, now) and request.marking_id == item.marking.id
    knows = me in facts.knows_red if facts.tlp is Tlp.RED else any(decides(facts, post) for post in own)
    return Question(
        request,
        item,
        may_decide=open_still and request.decision is None and knows and speaks_for(item, viewer),
        may_second=open_still
        and request.decision is not None
        and request.decided_by_id != me
        and speaks_for(item, viewer),
        may_withdraw=request.state is ConsentState.OPEN and speaks_for_asker(request, viewer),
    )


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(ConsentRequest.item).options(
            joinedload(Item.originator),
            joinedload(Item.marking),
            selectinload(Item.meetings),
            selectinload(Item.named_readers),
        ),
        joinedload(ConsentRequest.asked_for).joinedload(Delegation.party),
        joinedload(ConsentRequest.to_delegation).joinedload(Delegation.party),
        joinedload(ConsentRequest.to_agency),
        joinedload(ConsentRequest.to_user),
        joinedload(ConsentRequest.marking),
        joinedload(ConsentRequest.asked_by),
        joinedload(ConsentRequest.decided_by),
        joinedload(ConsentRequest.second),
    )


def _concerning(viewer: Viewer, now: datetime) -> Select[ConsentRequest]:
    """Questions that concern a viewer: asked by it, or by its delegation or of its party and still readable.

    Who sits for another delegation since has left the own questions with the one for which they were asked.
    """
    speaking = [seat for seat in viewer.seats if seat.speaks]
    delegations = {seat.delegation_id for seat in speaking}
    sits_for = {seat.delegation_id for seat in viewer.seats}
    asked_by_me = and_(ConsentRequest.asked_by_id == viewer.user_id, ConsentRequest.asked_for_id.in_(sits_for))
    concerned = or_(ConsentRequest.asked_for_id.in_(delegations), *(queries.given_at(seat) for seat in speaking))
    return (
        select(ConsentRequest)
        .join(Item, Item.id == ConsentRequest.item_id)
        .where(or_(asked_by_me, and_(concerned, queries.bodies(viewer, now))))
    )


def _concerned(viewer: Viewer, now: datetime) -> Select[ConsentRequest]:
    """The same with everything that a page shows of them."""
    return _concerning(viewer, now).options(*_whole())


def get_question(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Question:
    """One question, for the originator and for those who asked.

    Raises:
        NotFound: There is none, or it is between others: the same either way.
    """
    with for_nobody(session, Purpose.CONSENTS):  # one's own question stays, of whatever may not be seen any more
        row = session.scalar(_concerned(viewer, now).where(ConsentRequest.uuid == ident))
    if row is None:
        raise NotFound("question", ident)
    return _question(row, viewer, _mine(session, viewer, now), now)


def questions(session: Session, viewer: Viewer, meeting: Meeting, now: datetime) -> list[Question]:
    """Questions about items of a meeting that concern a viewer: all that are open, then the newest of the answered."""
    here = ConsentRequest.item_id.in_(select(ItemMeeting.item_id).where(ItemMeeting.meeting_id == meeting.id))
    newest = (ConsentRequest.asked_at.desc(), ConsentRequest.id)
    is_open = ConsentRequest.state == ConsentState.OPEN
    answered = _concerning(viewer, now).where(here, ~is_open).order_by(*newest).limit(MOST_ANSWERED)
    listed = or_(is_open, ConsentRequest.id.in_(answered.with_only_columns(ConsentRequest.id).correlate(None)))
    wanted = _concerned(viewer, now).where(here, listed).order_by(is_open.desc(), *newest)
    with for_nobody(session, Purpose.CONSENTS):
        rows = session.scalars(wanted).all()
    own = _mine(session, viewer, now)
    return [_question(row, viewer, own, now) for row in rows]


def questions_about(session: Session, item: Item, viewer: Viewer, now: datetime) -> list[Question]:
    """Questions about one item that concern a viewer, for the page of the item."""
    rows = session.scalars(
        _concerned(viewer, now).where(ConsentRequest.item_id == item.id).order_by(ConsentRequest.asked_at.desc())
    ).all()
    own = _mine(session, viewer, now) if rows else ()
    return [_question(row, viewer, own, now) for row in rows]


def two_needed(request: ConsentRequest) -> bool:
    """Whether a second person of the originator must agree to what was asked."""
    return needs_two(request.kind, request.marking.tlp)


def parties_reached(session: Session, item: Item) -> list[Party]:
    """Parties whose delegations would read an item as GREEN at one of its meetings."""
    ids = {link.meeting_id for link in item.meetings}
    rows = session.execute(
        select(Party, Delegation.status, Meeting.green_for)
        .join(Delegation, Delegation.party_id == Party.id)
        .join(Meeting, Meeting.id == Delegation.meeting_id)
        .where(Meeting.id.in_(ids))
        .order_by(Party.code)
    )
    return list({party.id: party for party, status, green_for in rows if status.value in green_for}.values())
