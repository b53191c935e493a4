"""RED cases and leads of a party, for the head of the agency that gave them: an envelope to take back, never to read.

The visibility rule lets the head see nothing of them, and no list, count or search holds them. What is here is limited
by its own condition: current heads alone, shared RED of their own agency alone, and of it who gave it and when.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.sharing.clause import there
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item, ItemMeeting, Marking
from confmgr.sharing.queries import bodies
from confmgr.sharing.rule import Seat, Viewer

HEADED = (ItemKind.CASE, ItemKind.LEAD)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a head learns of a RED item of the own agency."""

    uuid: uuid.UUID
    code: str
    reference: str
    shared_at: datetime | None


def red_of_party(session: Session, viewer: Viewer, meeting: Meeting, now: datetime) -> tuple[Envelope, ...]:
    """Shared RED of the agency that the viewer heads at a meeting, newest first; without what the viewer may read."""
    if not _seats(viewer, meeting):
        return ()
    with for_nobody(session, Purpose.HEADING):
        wanted = select(Item).where(_headed(viewer, meeting, now)).options(joinedload(Item.originator))
        rows = session.scalars(wanted.order_by(Item.shared_at.desc(), Item.id)).all()
    return tuple(Envelope(row.uuid, row.originator.code, row.reference, row.shared_at) for row in rows)


def get_red(session: Session, viewer: Viewer, meeting: Meeting, ident: uuid.UUID, now: datetime) -> Item:
    """One of them, to be taken back, or one that was shared and taken back already; the caller shows nothing of it.

    Raises:
        NotFound: There is none, or another's: the same either way.
    """
    with for_nobody(session, Purpose.HEADING):
        item = session.scalar(
            select(Item)
            .where(Item.uuid == ident, _headed(viewer, meeting, now, taken_back=True))
            .options(joinedload(Item.originator), joinedload(Item.marking))
        )
    if item is None:
        raise NotFound("item", ident)
    return item


def _seats(viewer: Viewer, meeting: Meeting) -> list[Seat]:
    return [seat for seat in viewer.seats if viewer.active and seat.heads and seat.meeting_id == meeting.id]


def _headed(viewer: Viewer, meeting: Meeting, now: datetime, *, taken_back: bool = False) -> ColumnElement[bool]:
    was_shared = and_(Item.state == ItemState.WITHDRAWN, Item.shared_at.is_not(None))
    return and_(
        Item.kind.in_(HEADED),
        or_(Item.state == ItemState.SHARED, was_shared) if taken_back else Item.state == ItemState.SHARED,
        there(Marking, Marking.id == Item.marking_id, Marking.tlp == Tlp.RED),
        there(ItemMeeting, ItemMeeting.item_id == Item.id, ItemMeeting.meeting_id == meeting.id),
        or_(false(), *_own(_seats(viewer, meeting))),
        not_(bodies(viewer, now)),
    )


def _own(seats: Iterable[Seat]) -> Iterable[ColumnElement[bool]]:
    for seat in seats:
        gave = Item.originator_id == seat.party_id
        of_agency = or_(Item.agency_id.is_(None), Item.agency_id == seat.agency_id)
        yield gave if seat.agency_id is None else and_(gave, of_agency)
