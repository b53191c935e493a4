"""Whom an item reaches by name, and what stands under it. Writes; the caller commits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound, Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Agency, Party
from confmgr.sharing import asking
from confmgr.sharing import seen as looks
from confmgr.sharing.domain import ItemKind, ItemState, RecallCause, Tlp
from confmgr.sharing.models import ConsentRequest, Disclosure, Item, ItemMeeting, Marking
from confmgr.sharing.queries import standing
from confmgr.sharing.rule import can_reach
from confmgr.sharing.services.items import TAKEN_BACK, create_item, repeat
from confmgr.sharing.services.recalls import call_back
from confmgr.values import chance

FOR_ALL_READERS = frozenset({Tlp.GREEN, Tlp.CLEAR})
"""Markings of a child by which its parent alone decides who reads it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom something reaches, or would reach, by name: one of the three, or with none of them nobody."""

    delegation: Delegation | None = None
    agency: Agency | None = None
    user: User | None = None

    @property
    def number(self) -> int:
        """How many of the three are named."""
        return sum(one is not None for one in (self.delegation, self.agency, self.user))

    @property
    def ids(self) -> dict[str, int | None]:
        """The columns of a disclosure or question that name them."""
        return {
            "to_delegation_id": None if self.delegation is None else self.delegation.id,
            "to_agency_id": None if self.agency is None else self.agency.id,
            "to_user_id": None if self.user is None else self.user.id,
        }

    def reached_by(self, tlp: Tlp) -> bool:
        """Whether a marking lets it read."""
        return can_reach(tlp, person=self.user is not None, delegation=self.delegation is not None)


def disclose(
    session: Session,
    item: Item,
    *,
    actor: User,
    now: datetime,
    to_delegation: Delegation | None = None,
    to_agency: Agency | None = None,
    to_user: User | None = None,
    until: datetime | None = None,
    under: Marking | None = None,
) -> Disclosure:
    """Let the current marking row of an item, or one that waits, reach one person, agency or delegation.

    What stands under it for all of its readers reaches them too.

    Raises:
        NotFound: The actor may not see the item.
        NotAllowed: Only the author names readers, or a head of the originator (`asking.writes`).
        Refused: Not exactly one target, or one that this TLP cannot reach; the item was taken back.
    """
    asking.check_writes(session, item, actor, now, "name readers")
    to = Target(to_delegation, to_agency, to_user)
    return let_reach(session, item, to, actor=actor, now=now, until=until, under=under)


def let_reach(
    session: Session,
    item: Item,
    to: Target,
    *,
    actor: User,
    now: datetime,
    until: datetime | None = None,
    under: Marking | None = None,
    consent: ConsentRequest | None = None,
) -> Disclosure:
    """The same of what `actor` was found to decide: to be called where that was looked at.

    Raises:
        Refused: As `disclose`.
    """
    if item.state in TAKEN_BACK:
        raise Refused("taken_back")
    if to.number != 1:
        raise Refused("one_target", field="to")
    marking = under or item.marking
    if not to.reached_by(marking.tlp):
        raise Refused("tlp_cannot_reach", field="to", tlp=marking.tlp.label)
    row = Disclosure(
        item_id=item.id,
        marking_id=marking.id,
        **to.ids,
        granted_by_id=actor.id,
        granted_at=now,
        until=until,
        consent_id=None if consent is None else consent.id,
    )
    row.item = item
    session.add(row)
    session.flush()
    if under is None:
        for child in _for_all_readers(session, item):
            repeat(session, row, child, child.marking)  # which has to let a reader pass too: an observer has no GREEN
        session.flush()
    record(session, actor=actor, now=now, action="disclose", object_type=item.kind.value, object_uuid=item.uuid)
    return row


def _for_all_readers(session: Session, item: Item) -> list[Item]:
    """What stands under an item without being kept from any of its readers."""
    open_ones = select(Item).join(Marking, Marking.id == Item.marking_id).where(Item.parent_id == item.id)
    wanted = open_ones.where(Marking.tlp.in_(FOR_ALL_READERS)).options(joinedload(Item.marking))
    return list(session.scalars(wanted.order_by(Item.id)))


def add_child(
    session: Session,
    parent: Item,
    *,
    kind: ItemKind,
    originator: Party,
    author: User,
    now: datetime,
    tlp: Tlp | None = None,
    agency: Agency | None = None,
) -> Item:
    """A comment or file under an item, at the meetings of the item, shared at once.

    The author reads the parent, and speaks for the originator of what is put under it.
    Without `tlp` whoever may read the parent may read it, now and later: it is marked so that its own marking keeps
    nobody out (docs/decisions/0023-what-stands-under-an-item.md).
    With `tlp` its originator names readers as of any item.

    Raises:
        NotFound: The author may not see the parent.
        NotAllowed: The author does not speak for that originator at a meeting of the parent.
        Refused: Under something that stands under another item itself; the parent was purged or withdrawn.
    """
    asking.check_speaks(session, parent, originator.id, author, now)
    if parent.parent_id is not None:
        raise Refused("one_level")
    if parent.state in TAKEN_BACK:
        raise Refused("taken_back")
    ids = {link.meeting_id for link in parent.meetings}
    child = create_item(
        session,
        kind=kind,
        operation=parent.operation,
        originator=originator,
        author=author,
        reference=chance.public_id().hex,
        tlp=tlp or Tlp.GREEN,
        now=now,
        meetings=session.scalars(select(Meeting).where(Meeting.id.in_(ids))).all(),
        agency=agency,
        parent=parent,
        state=ItemState.SHARED,
        illustrative=parent.illustrative,
    )
    if tlp is None:
        reach_as_parent(session, parent, child, now=now)
    return child


def reach_as_parent(session: Session, parent: Item, child: Item, *, now: datetime) -> None:
    """Let a child that is for all readers of its parent reach everybody by name whom the parent reaches today."""
    for row in session.scalars(
        select(Disclosure).join(Item, Item.id == Disclosure.item_id).where(Item.id == parent.id, standing(now))
    ):
        repeat(session, row, child, child.marking)
    session.flush()


def revoke(session: Session, disclosure: Disclosure, *, actor: User, now: datetime) -> None:
    """End a disclosure at once. Who had read it is asked to use no copy; files already taken cannot be called back.

    Raises:
        NotFound: The actor may not see the item.
        NotAllowed: Only the author strikes readers off, or a head of the originator (`asking.writes`).
    """
    asking.check_writes(session, disclosure.item, actor, now, "strike readers off")
    _end(session, disclosure, actor, now)


def _end(session: Session, disclosure: Disclosure, actor: User, now: datetime) -> None:
    if disclosure.revoked_at is None:
        disclosure.revoked_at, disclosure.revoked_by_id = now, actor.id
        session.flush()
        item = disclosure.item
        call_back(session, item, RecallCause.REVOKED, now=now)
        record(session, actor=actor, now=now, action="revoke", object_type=item.kind.value, object_uuid=item.uuid)


def strike_off(session: Session, item: Item, ident: int, *, actor: User, now: datetime) -> bool:
    """End the disclosure of that number, as a page showed it; False if nobody is reached by it any more already.

    Raises:
        NotFound: The item never had one of that number, or may not be seen any more.
        NotAllowed: As `revoke`.
        StaleVersion: Whom it named has been named anew meanwhile, or the marking has changed.
    """
    looks.lock(session, item)
    asking.check_writes(session, item, actor, now, "strike readers off")
    row = session.scalar(
        select(Disclosure)
        .where(Disclosure.id == ident, Disclosure.item_id == item.id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("disclosure", ident)
    held = session.scalars(
        select(Disclosure).join(Item, Item.id == Disclosure.item_id).where(Item.id == item.id, standing(now))
    ).all()
    if row in held:
        _end(session, row, actor, now)
        return True
    anew = _target(row) in {_target(one) for one in held}
    if anew or (row.revoked_at is None and row.marking_id != item.marking.id):
        raise StaleVersion(item.kind.value, item.uuid)
    return False


def _target(row: Disclosure) -> tuple[int | None, int | None, int | None]:
    return row.to_user_id, row.to_agency_id, row.to_delegation_id


def link_meeting(session: Session, item: Item, meeting: Meeting, *, actor: User, now: datetime) -> None:
    """Let members of a further meeting be readers, also of what stands under it.

    Raises:
        NotFound: The actor may not see the item.
        NotAllowed: The actor does not speak for its originator.
    """
    asking.check_speaks(session, item, item.originator_id, actor, now)
    wanted = select(Item).where(Item.parent_id == item.id).options(selectinload(Item.meetings))
    with for_nobody(session, Purpose.LINKING):  # of what others keep to themselves under it, too
        children = session.scalars(wanted).all()
    for one in (item, *children):
        if meeting.id not in {link.meeting_id for link in one.meetings}:
            one.meetings.append(ItemMeeting(meeting_id=meeting.id))
    session.flush()
