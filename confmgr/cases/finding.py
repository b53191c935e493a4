"""Cases and leads that a viewer may know of, a page at a time, newest first: as a list, or by words of their bodies.

The rule stands in the SQL, in each of the ways in which an item may reach somebody: own ones, those disclosed, those
of the whole meeting, envelopes. Each way goes down its own index and ends once the page is full; what is hidden is
neither loaded nor counted, so there is no total. A page begins beside an item that the viewer must know of as well.
"""

import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    asc,
    desc,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import normal
from confmgr.cases.models import Case, Lead
from confmgr.cases.queries import LeadRow, known, lead_rows
from confmgr.orm.base import Base
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.clause import there
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking
from confmgr.sharing.rule import Viewer
from confmgr.sharing.search_index import few, holding
from confmgr.values.searching import asked
from confmgr.values.words import Words

PAGE = 50
SOME = select(literal(10**9)).scalar_subquery()
"""More than there can be. A limit whose number PostgreSQL does not see makes it go down the index, and not sort all."""
FOUND = (ItemKind.CASE, ItemKind.LEAD)
_NUMBER = re.compile(r"[\s+()./-]*(\d[\s+()./-]*){7,}")
"""Digits that may be one number, however they are parted."""

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; whatever is empty narrows nothing. With `envelopes` not only what may be read is found.

    `number`: the words as one number in the spelling in which it is compared, where they may be one.
    """

    kinds: tuple[ItemKind, ...] = FOUND
    words: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    originator: str = ""
    tlp: Tlp | None = None
    state: ItemState | None = None
    meeting_id: int | None = None
    operation_id: int | None = None
    envelopes: bool = False

    @classmethod
    def saying(cls, text: str, **others: Any) -> "Wanted":
        """What somebody typed, taken apart into words."""
        number = normal(IdentifierKind.PHONE, text) if _NUMBER.fullmatch(text) else ""
        return replace(cls(**others), words=asked(text), number=asked(number))

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """Words of which all have to be there: what was typed, or the number that it may be."""
        return tuple(words for words in dict.fromkeys((self.words, self.number)) if words)


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
    """One page of ids; one statement, one more for words and one for the edge."""
    if not viewer.active:
        return Found()
    place = _place(session, viewer, now, edge)
    upwards = edge.last or (edge.before is not None and place is not None)
    held = _held(session, viewer, wanted)
    ways = _ways(viewer, wanted) if held is None else [_listed(held)]
    narrowed = [Item.kind.in_(wanted.kinds), *_narrowed(session, wanted, found=held is not None)]
    rules = {Rule.BODY: sharing.bodies_alone(viewer, now), Rule.ENVELOPE: _by_envelope(viewer, wanted)}

    def allowed(ident: Any, *by: Rule) -> ColumnElement[bool]:
        return there(Item, Item.id == ident, or_(*(rules[one] for one in by)), *narrowed)

    def down(ident: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        """In the order of the page, from its edge on."""
        if place is not None:
            conditions = (ident > place if upwards else ident < place, *conditions)
        return select(ident.label("id")).where(*conditions).order_by(ident.asc() if upwards else ident.desc())

    page: Select[int] | CompoundSelect[int]
    if session.get_bind().dialect.name == "sqlite":
        parts = [down(way.ident, *way.first, allowed(way.ident, way.by)).distinct().limit(size + 1) for way in ways]
        page = union(*_apart(parts)).order_by(asc("id") if upwards else desc("id"))
    else:
        together = union_all(*_apart([down(way.ident, *way.first).limit(SOME) for way in ways])).subquery().c.id
        page = down(together, allowed(together, *sorted({way.by for way in ways}))).distinct()
    ids = list(session.scalars(page.limit(size + 1)))
    more, ids = len(ids) > size, ids[:size]
    if upwards:
        return Found(tuple(reversed(ids)), newer=more, older=edge.before is not None)
    return Found(tuple(ids), newer=place is not None, older=more)


def _by_envelope(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    """What is found by its envelope; that of RED does not say how the item stands, so no state finds it."""
    told = sharing.envelopes(viewer)
    if wanted.state is None:
        return told
    return and_(told, there(Marking, Marking.id == Item.marking_id, Marking.tlp != Tlp.RED))


def _apart(parts: list[Select[Any]]) -> list[Select[Any]]:
    """Each with its own order and limit."""
    return [select(part.subquery().c.id) for part in parts]


def _place(session: Session, viewer: Viewer, now: datetime, edge: Edge) -> int | None:
    """Where an item stands; nowhere for one that the viewer does not know of, as for one that does not exist."""
    ident = edge.after or edge.before
    if ident is None:
        return None
    return session.scalar(select(Item.id).where(Item.uuid == ident, known(viewer, now)))


class Rule(IntEnum):
    """By what an item is known; what is asked first is what costs less."""

    ENVELOPE = 1
    BODY = 2


@dataclass(frozen=True, slots=True)
class Way:
    """Items that one index leads to: it begins with some conditions and holds ids in order. The rule comes after it.

    SQLite is told the rule for each way. PostgreSQL plans it anew wherever it stands, which costs more than a page:
    there all ways are merged first, row by row, and the rule is applied to what comes.
    """

    ident: Any
    first: tuple[ColumnElement[bool], ...] = ()
    by: Rule = Rule.BODY


def _ways(viewer: Viewer, wanted: Wanted) -> list[Way]:
    """Every way in which an item may reach the viewer: together they lead to all that the rule allows, and to more."""
    seats, item = viewer.seats, aliased(Item)
    own = {seat.party_id for seat in seats if seat.delegation_id is not None and seat.party_id is not None}
    named = (
        (Disclosure.to_delegation_id, {seat.delegation_id for seat in seats if seat.delegation_id is not None}),
        (Disclosure.to_agency_id, {seat.agency_id for seat in seats if seat.agency_id is not None}),
        (Disclosure.to_user_id, {viewer.user_id}),
    )
    ways = [
        Way(item.id, (item.originator_id == party, item.kind == kind)) for party in sorted(own) for kind in wanted.kinds
    ]
    ways += [Way(Disclosure.item_id, (column == ident,)) for column, idents in named for ident in sorted(idents)]
    ways += [
        Way(Marking.item_id, (Marking.tlp == tlp,))
        for tlp in ((Tlp.GREEN, Tlp.CLEAR) if any(seat.sees_green for seat in seats) else (Tlp.CLEAR,))
    ]
    if wanted.words or not wanted.envelopes:
        return ways
    meetings = sorted({seat.meeting_id for seat in seats if seat.organises or seat.leads_host})
    return ways + [Way(ItemMeeting.item_id, (ItemMeeting.meeting_id == ident,), Rule.ENVELOPE) for ident in meetings]


def _held(session: Session, viewer: Viewer, wanted: Wanted) -> list[int] | None:
    """Items that hold the words in one of their spellings, where the database can list them."""
    ids: set[int] = set()
    for words in wanted.spellings:
        found = few(session, viewer.user_id, words)
        if found is None:
            return None
        ids.update(found)
    return sorted(ids) if wanted.spellings else None


def _listed(ids: list[int]) -> Way:
    """Items that are known already."""
    return Way(func.unnest(literal(ids, ARRAY(Integer))).column_valued("id"))


def _narrowed(session: Session, wanted: Wanted, *, found: bool) -> list[ColumnElement[bool]]:
    """What is asked for beside the rule; `found`: the words were looked up already."""
    clauses: list[ColumnElement[bool]] = []
    if wanted.words and not found:
        clauses.append(or_(*(holding(session, words, Item.id) for words in wanted.spellings)))
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
    rows = {row.lead.id: row for row in lead_rows(session, viewer, now, Lead.id.in_(found.ids), whole=False)}
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


def readable(session: Session, of: type[Row], ids: Collection[int], bodies: ColumnElement[bool]) -> Sequence[Row]:
    """Rows of a kind of item by their ids, with what a hit shows of the item, where a clause allows the body."""
    held: Any = of
    return session.scalars(
        select(of)
        .join(Item, Item.id == held.id)
        .where(held.id.in_(ids), bodies)
        .options(joinedload(held.item).options(joinedload(Item.originator), joinedload(Item.marking)))
    ).all()


def _cases(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    rows = readable(session, Case, ids, sharing.bodies_alone(viewer, now))
    return {row.id: Hit(row.item, row.title, row.summary, "cases.show", row.item.uuid) for row in rows}


def _leads(session: Session, viewer: Viewer, now: datetime, ids: Collection[int]) -> Mapping[int, Hit]:
    rows = readable(session, Lead, ids, sharing.bodies_alone(viewer, now))
    return {row.id: Hit(row.item, row.title, row.body, "cases.lead", row.item.uuid) for row in rows}


finds(ItemKind.CASE, _cases)
finds(ItemKind.LEAD, _leads)
