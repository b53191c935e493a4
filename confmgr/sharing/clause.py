"""The visibility rule as SQL, in one place: for queries of a known viewer, and for the wall inside PostgreSQL.

What `confmgr.sharing.rule` says as a function. Where a reader sits are the constants of a `Viewer`, or the columns of a
subquery over memberships (`confmgr.sharing.wall`); either way the same lines below are what decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, false, literal_column, or_, select, true
from sqlalchemy.orm import aliased

from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking, NamedReader
from confmgr.sharing.rule import Viewer

Number = SQLColumnExpression[Any] | int | None
"""An id as a constant, as a column that may be NULL, or none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader sits, as SQL."""

    meeting: Number
    party: Number
    delegation: Number
    agency: Number
    sees_green: ColumnElement[bool]
    knows_envelopes: ColumnElement[bool]


Sits = Callable[[Callable[[Place], ColumnElement[bool]]], ColumnElement[bool]]
"""Says that a condition holds at one of the places where the reader sits."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as SQL: an account, whether it is active, where it sits, and at what instant."""

    user: Number
    active: ColumnElement[bool]
    sits: Sits
    now: ColumnElement[Any] | datetime


def reader_of(viewer: Viewer, now: datetime) -> Reader:
    """A known viewer: places are constants, and those that there are none of vanish from the SQL."""
    places = [
        Place(
            seat.meeting_id,
            None if seat.delegation_id is None else seat.party_id,
            seat.delegation_id,
            seat.agency_id,
            true() if seat.sees_green else false(),
            true() if seat.organises or seat.leads_host else false(),
        )
        for seat in viewer.seats
    ]

    def sits(condition: Callable[[Place], ColumnElement[bool]]) -> ColumnElement[bool]:
        return or_(false(), *(condition(place) for place in places))

    return Reader(viewer.user_id, true() if viewer.active else false(), sits, now)


def body(reader: Reader, item: Any = Item) -> ColumnElement[bool]:
    """Whether the body of an item may be seen: its own marking lets it, and that of what it stands under."""
    above = aliased(Item)
    parent = there(above, above.id == item.parent_id, above.parent_id.is_(None), own_body(reader, above))
    return and_(reader.active, own_body(reader, item), or_(item.parent_id.is_(None), parent))


def envelope(reader: Reader, item: Any = Item) -> ColumnElement[bool]:
    """Whether the envelope of an item may be seen; a draft is its originator's alone."""
    there = reader.sits(lambda place: and_(place.knows_envelopes, _linked(item, place)))
    return and_(reader.active, item.state != ItemState.DRAFT, there)


def own_body(reader: Reader, item: Any) -> ColumnElement[bool]:
    """One look at the current marking; all else is asked of it."""
    marking = aliased(Marking)
    shared = item.state == ItemState.SHARED
    clear = and_(marking.tlp == Tlp.CLEAR, shared, item.published_at.is_not(None))

    def here(place: Place) -> ColumnElement[bool]:
        green = and_(place.sees_green, marking.tlp.in_((Tlp.GREEN, Tlp.CLEAR)))
        reached = or_(green, _received(reader, place, item, marking))
        return and_(_linked(item, place), or_(_originated(reader, place, item, marking), and_(shared, reached)))

    return and_(
        item.state != ItemState.PURGED,
        there(marking, marking.id == item.marking_id, or_(clear, reader.sits(here))),
    )


def _originated(reader: Reader, place: Place, item: Any, marking: Any) -> ColumnElement[bool]:
    """The sentence (O)."""
    named = or_(
        item.author_id == reader.user,
        there(NamedReader, NamedReader.item_id == item.id, NamedReader.user_id == reader.user),
    )
    strict = or_(named, _is(item.agency_id, place.agency))
    return and_(
        _is(item.originator_id, place.party),
        or_(
            marking.tlp.in_((Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR)),
            and_(marking.tlp == Tlp.AMBER_STRICT, strict),
            and_(marking.tlp == Tlp.RED, named),
        ),
    )


def _received(reader: Reader, place: Place, item: Any, marking: Any) -> ColumnElement[bool]:
    """The sentence (R)."""
    return there(
        Disclosure,
        standing(reader.now, item),
        or_(
            Disclosure.to_user_id == reader.user,
            and_(_is(Disclosure.to_agency_id, place.agency), marking.tlp != Tlp.RED),
            and_(
                _is(Disclosure.to_delegation_id, place.delegation),
                marking.tlp.not_in((Tlp.RED, Tlp.AMBER_STRICT)),
            ),
        ),
    )


def standing(now: Any, item: Any = Item) -> ColumnElement[bool]:
    """Disclosures of an item's current marking that nobody has revoked and that have not run out."""
    return and_(
        Disclosure.item_id == item.id,
        Disclosure.marking_id == item.marking_id,
        Disclosure.revoked_at.is_(None),
        or_(Disclosure.until.is_(None), Disclosure.until > now),
    )


def there(table: Any, *conditions: SQLColumnExpression[bool]) -> ColumnElement[bool]:
    """Whether a row of `table` exists; all others that the conditions name stand outside, however far."""
    return exists(select(literal_column("1")).select_from(table).where(*conditions).correlate_except(table))


def _linked(item: Any, place: Place) -> ColumnElement[bool]:
    return there(ItemMeeting, ItemMeeting.item_id == item.id, ItemMeeting.meeting_id == place.meeting)


def _is(column: Any, number: Number) -> ColumnElement[bool]:
    """Equality, which nothing that is absent ever has."""
    return false() if number is None else column == number
