"""Cases and leads that a viewer may know of, a page at a time, newest first: as a list, or by words of their bodies.

The rule stands in the SQL, in each of the ways in which an item may reach somebody: own ones, those disclosed, those
of the whole meeting, envelopes. Each way goes down its own index and ends once the page is full; what is hidden is
neither loaded nor counted, so there is no total. A page begins beside an item that the viewer must know of as well.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, union_all
from sqlalchemy.orm import Session, joinedload

from confmgr.cases.models import Case, Lead
from confmgr.cases.queries import LeadRow, lead_rows
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.clause import there
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking
from confmgr.sharing.rule import Viewer
from confmgr.sharing.search_index import holding
from confmgr.values.searching import asked
from confmgr.values.words import Words

PAGE = 50
FOUND = (ItemKind.CASE, ItemKind.LEAD)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; whatever is empty narrows nothing. With `envelopes` not only what may be read is found."""

    kinds: tuple[ItemKind, ...] = FOUND
    words: tuple[str, ...] = ()
    originator: str = ""
    tlp: Tlp | None = None
    state: ItemState | None = None
    meeting_id: int | None = None
    operation_id: int | None = None
    envelopes: bool = False

    @classmethod
    def saying(cls, text: str, **others: Any) -> "Wanted":
        """What somebody typed, taken apart into words."""
        return replace(cls(**others), words=asked(text))


@dataclass(frozen=True, slots=True)
class Edge:
    """Which page: the first, the last, or the one after or before an item."""

    after: uuid.UUID | None = None
    before: uuid.UUID | None = None
    last: bool = False

    @property
    def upwards(self) -> bool:
        """Whether the page is filled from older to newer."""
        return self.last or self.before is not None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of ids, newest first, and whether there is more on either side."""

    ids: tuple[int, ...] = ()
    newer: bool = False
    older: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Something by its body: the viewer may read it. `page` is where it stands, of the item `of`; of none if hidden."""

    item: Item
    title: Words
    text: Words | None
    page: str
    of: uuid.UUID | None


Reads = Callable[[Session, Viewer, datetime, Collection[int]], Mapping[int, Hit]]
_readers: dict[ItemKind, Reads] = {}


def finds(kind: ItemKind, read: Reads) -> None:
    """Let the search show items of a kind; a room above this one tells so in its `texts`."""
    _readers[kind] = read


def searched() -> tuple[ItemKind, ...]:
    """Kinds of items that the search shows."""
    return tuple(_readers)


def find(session: Session, viewer: Viewer, now: datetime, wanted: Wanted, edge: Edge, size: int = PAGE) -> Found:
    """One page of ids; one statement, and one more for the edge."""
    place = _place(session, viewer, now, edge)
    upwards = edge.last or (edge.before is not None and place is not None)
    ways = []
    for way, ident in _ways(session, viewer, now, wanted):
        beyond = true() if place is None else ident > place if upwards else ident < place
        part = way.where(beyond).distinct().order_by(ident.asc() if upwards else ident.desc()).limit(size + 1)
        ways.append(select(part.subquery().c.id))
    if not ways:
        return Found()
    together = union_all(*ways).subquery()
    order = together.c.id.asc() if upwards else together.c.id.desc()
    ids = list(session.scalars(select(together.c.id).distinct().order_by(order).limit(size + 1)))
    more, ids = len(ids) > size, ids[:size]
    if upwards:
        return Found(tuple(reversed(ids)), newer=more, older=edge.before is not None)
    return Found(tuple(ids), newer=place is not None, older=more)


def _place(session: Session, viewer: Viewer, now: datetime, edge: Edge) -> int | None:
    """Where an item stands; nowhere for one that the viewer does not know of, as for one that does not exist."""
    ident = edge.after or edge.before
    if ident is None:
        return None
    known = or_(sharing.bodies(viewer, now), sharing.envelopes(viewer))
    return session.scalar(select(Item.id).where(Item.uuid == ident, known))


Way = tuple[Select[Any], Any]
"""Items that one index leads to, and the column in whose order it holds them."""


def _ways(session: Session, viewer: Viewer, now: datetime, wanted: Wanted) -> list[Way]:
    """Every way in which an item may reach the viewer: together they hold all that the rule allows."""
    if not viewer.active:
        return []
    seats, kinds = viewer.seats, Item.kind.in_(wanted.kinds)
    allowed = and_(sharing.bodies(viewer, now), *_narrowed(session, wanted))
    own = {seat.party_id for seat in seats if seat.delegation_id is not None and seat.party_id is not None}
    named = (
        (Disclosure.to_delegation_id, {seat.delegation_id for seat in seats if seat.delegation_id is not None}),
        (Disclosure.to_agency_id, {seat.agency_id for seat in seats if seat.agency_id is not None}),
        (Disclosure.to_user_id, {viewer.user_id}),
    )
    ways: list[Way] = [
        (select(Item.id.label("id")).where(Item.originator_id == party, Item.kind == kind, allowed), Item.id)
        for party in sorted(own)
        for kind in wanted.kinds
    ]
    ways += [
        _led_by(Disclosure.item_id, column == ident, allowed, kinds)
        for column, idents in named
        for ident in sorted(idents)
    ]
    ways += [
        _led_by(Marking.item_id, Marking.tlp == tlp, allowed, kinds, Item.marking_id == Marking.id)
        for tlp in ((Tlp.GREEN, Tlp.CLEAR) if any(seat.sees_green for seat in seats) else (Tlp.CLEAR,))
    ]
    if wanted.words or not wanted.envelopes:
        return ways
    told = and_(sharing.envelopes(viewer), *_narrowed(session, wanted))
    meetings = sorted({seat.meeting_id for seat in seats if seat.organises or seat.leads_host})
    return ways + [_led_by(ItemMeeting.item_id, ItemMeeting.meeting_id == ident, told, kinds) for ident in meetings]


def _led_by(leading: Any, first: ColumnElement[bool], *then: ColumnElement[bool]) -> Way:
    """Down an index that begins with `first` and holds `leading` in order; the item is looked up beside it, one by one.

    With the item in a subquery a database cannot begin with it, which costs all items instead of a page.
    """
    return select(leading.label("id")).where(first, there(Item, Item.id == leading, *then)), leading


def _narrowed(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.words:
        clauses.append(holding(session, wanted.words, Item.id))
    if wanted.originator:
        clauses.append(Item.originator_id == select(Party.id).where(Party.code == wanted.originator).scalar_subquery())
    if wanted.tlp is not None:
        clauses.append(there(Marking, Marking.id == Item.marking_id, Marking.tlp == wanted.tlp))
    if wanted.state is not None:
        clauses.append(Item.state == wanted.state)
    if wanted.meeting_id is not None:
        clauses.append(there(ItemMeeting, ItemMeeting.item_id == Item.id, ItemMeeting.meeting_id == wanted.meeting_id))
    if wanted.operation_id is not None:
        clauses.append(Item.operation_id == wanted.operation_id)
    return clauses


def leads_of(session: Session, viewer: Viewer, now: datetime, found: Found) -> list[LeadRow]:
    """The rows of a page of leads, in its order."""
    if not found.ids:
        return []
    rows = {row.lead.id: row for row in lead_rows(session, viewer, now, Lead.id.in_(found.ids))}
    return [rows[ident] for ident in found.ids if ident in rows]


def hits_of(session: Session, viewer: Viewer, now: datetime, found: Found) -> list[Hit]:
    """The rows of a page of a search, in its order: of bodies that the viewer may still read."""
    hits: dict[int, Hit] = {}
    for read in _readers.values():
        left = [ident for ident in found.ids if ident not in hits]
        if left:
            hits |= read(session, viewer, now, left)
    shown = [hits[ident] for ident in found.ids if ident in hits]
    showing.listed(session, (hit.item for hit in shown))
    return shown


def _cases(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    rows = session.scalars(
        select(Case)
        .join(Item, Item.id == Case.id)
        .where(Case.id.in_(ids), sharing.bodies(viewer, now))
        .options(joinedload(Case.item).options(joinedload(Item.originator), joinedload(Item.marking)))
    )
    return {row.id: Hit(row.item, row.title, row.summary, "cases.show", row.item.uuid) for row in rows}


def _leads(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    rows = session.scalars(
        select(Lead)
        .join(Item, Item.id == Lead.id)
        .where(Lead.id.in_(ids), sharing.bodies(viewer, now))
        .options(joinedload(Lead.item).options(joinedload(Item.originator), joinedload(Item.marking)))
    )
    return {row.id: Hit(row.item, row.title, row.body, "cases.lead", row.item.uuid) for row in rows}


finds(ItemKind.CASE, _cases)
finds(ItemKind.LEAD, _leads)
