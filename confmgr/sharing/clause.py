"""The visibility rule as SQL, in one place: for queries of a known viewer, and for the wall inside PostgreSQL.

What `confmgr.sharing.rule` says as a function. Where a reader sits are the constants of a `Viewer`, or the columns of a
subquery over memberships (`confmgr.sharing.wall`); either way the same lines below are what decides.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    SQLColumnExpression,
    UnaryExpression,
    and_,
    column,
    exists,
    false,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import FunctionElement

from confmgr.accounts.models import User
from confmgr.orm.base import UtcDateTime
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking, NamedReader
from confmgr.sharing.rule import Viewer

Number = SQLColumnExpression[Any] | int | None
"""An id as a constant, as a column that may be NULL, or none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader sits, and who that is, as SQL."""

    person: Number
    meeting: Number
    party: Number
    delegation: Number
    agency: Number
    sees_green: ColumnElement[bool]
    knows_envelopes: ColumnElement[bool]


Condition = Callable[[Place], ColumnElement[bool]]
Sits = Callable[[Any, Condition], ColumnElement[bool]]
"""Says that a condition holds at one of the places where the reader sits, of those to which an item is linked."""
Told = Callable[["Reader", Place, Any, Any], ColumnElement[bool]]
"""Says that a marking of an item was disclosed to whoever sits at a place."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, as SQL: whether the account is active, where it sits if it is, and at what instant."""

    active: ColumnElement[bool]
    sits: Sits
    now: ColumnElement[Any] | datetime
    told: Told


def reader_of(viewer: Viewer, now: datetime) -> Reader:
    """A known viewer: places are rows of constants, however many there are the same SQL."""
    places = _places(viewer)
    active = true() if viewer.active else false()
    return Reader(active, _at(_given(places)) if viewer.active and places else _nowhere, now, received)


def each_reader(viewers: Iterable[Viewer], now: datetime) -> Reader:
    """Of some viewers the one that a row of `User` outside is, so that it is asked at once which of them may see."""
    places = [place for viewer in viewers if viewer.active for place in _places(viewer)]

    sits = _at(_given(places), lambda place: _is(place.person, User.id)) if places else _nowhere
    return Reader(User.active.is_(True), sits, now, received)


def _at(given: Sequence[Any], *also: Condition) -> Sits:
    """At one of some places, of those for which the other conditions hold too."""

    def sits(item: Any, condition: Condition) -> ColumnElement[bool]:
        rows = _Rows(*given).table_valued(*PLACE)
        place = place_in(rows)
        return there(rows, *(one(place) for one in also), linked(item, place), condition(place))

    return sits


def _places(viewer: Viewer) -> list[tuple[Any, ...]]:
    return [
        (
            viewer.user_id,
            seat.meeting_id,
            None if seat.delegation_id is None else seat.party_id,
            seat.delegation_id,
            seat.agency_id,
            seat.sees_green,
            seat.organises or seat.leads_host,
        )
        for seat in viewer.seats
    ]


def _given(places: Sequence[tuple[Any, ...]]) -> list[ColumnElement[Any]]:
    """Places as parameters: as JSON, and once more as an array of each column."""
    columns = (literal(list(of), ARRAY(one.type)) for one, of in zip(PLACE, zip(*places, strict=True), strict=False))
    return [literal(json.dumps(places)), *columns]


PLACE: tuple[Any, ...] = (
    *(column(name, Integer) for name in ("person", "meeting", "party", "delegation", "agency")),
    *(column(name, Boolean) for name in ("sees_green", "knows_envelopes")),
)


def place_in(rows: Any) -> Place:
    """A place whose columns stand in a row."""
    return Place(**{one.name: rows.c[one.name] for one in PLACE})


class _Rows(FunctionElement[Any]):
    """Places, given as parameters, as rows."""

    name = "places"
    inherit_cache = True


@compiles(_Rows, "sqlite")
def _rows_on_sqlite(element: _Rows, compiler: Any, **options: Any) -> str:
    rows, *_columns = element.clauses
    columns = ", ".join(f"json_extract(value, '$[{at}]') AS {one.name}" for at, one in enumerate(PLACE))
    return f"(SELECT {columns} FROM json_each({compiler.process(rows, **options)}))"  # noqa: S608  # names of ours


@compiles(_Rows, "postgresql")
def _rows_on_postgresql(element: _Rows, compiler: Any, **options: Any) -> str:
    """Arrays and no JSON: of these PostgreSQL knows before it plans how many there are."""
    _rows, *columns = element.clauses
    given = ", ".join(compiler.process(one, **options) for one in columns)
    names = ", ".join(one.name for one in PLACE)
    return f"(SELECT {names} FROM unnest({given}) AS place({names}))"  # noqa: S608  # names of ours


class _Then(FunctionElement[bool]):
    """Both of two conditions, asked in this order.

    PostgreSQL else makes a join of the second, for which it would read a whole table.
    """

    name = "then"
    type = Boolean()
    inherit_cache = True


@compiles(_Then)
def _then(element: _Then, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(one, **options) for one in element.clauses)
    return f"({first} AND {second})"


@compiles(_Then, "postgresql")
def _then_on_postgresql(element: _Then, compiler: Any, **options: Any) -> str:
    first, second = (compiler.process(one, **options) for one in element.clauses)
    return f"CASE WHEN {first} THEN {second} ELSE false END"


def _nowhere(_item: Any, _condition: Condition) -> ColumnElement[bool]:
    return false()


def body(reader: Reader, item: Any = Item) -> ColumnElement[bool]:
    """Whether the body of an item may be seen: its own marking lets it, and that of what it stands under."""
    above = aliased(Item)
    parent = there(above, above.id == item.parent_id, above.parent_id.is_(None), own_body(reader, above))
    return and_(own_body(reader, item), or_(item.parent_id.is_(None), parent))


def body_alone(reader: Reader, item: Any = Item) -> ColumnElement[bool]:
    """Whether the body of an item may be seen that stands under no other."""
    return and_(item.parent_id.is_(None), own_body(reader, item))


def earlier(reader: Reader, version: Any, item: Any, told_before: Callable[[Any], Told]) -> ColumnElement[bool]:
    """Whether what an item said before a change may be seen: the body may, and could be read then.

    Whoever reads it by being named was named before the change. What stood under another marking is for the author and
    the persons whom the author named, what stood in a draft for their party too.
    """
    as_now, was_shared = version.marking_id == item.marking_id, item.shared_at <= version.at

    def own(place: Place) -> ColumnElement[bool]:
        return or_(_knows(place, item), and_(as_now, _is(item.originator_id, place.party)))

    reads = body(replace(reader, told=told_before(version.at)), item)
    return and_(reads, or_(and_(as_now, was_shared), reader.sits(item, own)))


def left_over(reader: Reader, item: Any = Item) -> ColumnElement[bool]:
    """Whether what is left of a purged item may be known: to its originator's people who could read it, by (O) alone.

    Of what stood under another item: to those who may know what is left of both. A receiver is never among them.
    """
    above = aliased(Item)
    parent = there(above, above.id == item.parent_id, _left_over(reader, above))
    return and_(_left_over(reader, item), or_(item.parent_id.is_(None), parent))


def _left_over(reader: Reader, item: Any) -> ColumnElement[bool]:
    marking = aliased(Marking)
    own = reader.sits(item, lambda place: _originated(place, item, marking))
    return and_(item.state == ItemState.PURGED, there(marking, marking.id == item.marking_id, own))


def envelope(reader: Reader, item: Any = Item) -> ColumnElement[bool]:
    """Whether the envelope of an item may be seen; a draft is its originator's alone."""
    return and_(item.state != ItemState.DRAFT, reader.sits(item, lambda place: place.knows_envelopes))


def own_body(reader: Reader, item: Any) -> ColumnElement[bool]:
    """One look at the current marking; all else is asked of it."""
    marking = aliased(Marking)
    shared = item.state == ItemState.SHARED
    clear = and_(reader.active, marking.tlp == Tlp.CLEAR, shared, item.published_at.is_not(None))

    def here(place: Place) -> ColumnElement[bool]:
        green = and_(place.sees_green, marking.tlp.in_((Tlp.GREEN, Tlp.CLEAR)))
        reached = or_(green, reader.told(reader, place, item, marking))
        return or_(_originated(place, item, marking), and_(shared, reached))

    seen = there(marking, marking.id == item.marking_id, or_(clear, reader.sits(item, here)))
    return _Then(item.state != ItemState.PURGED, seen)


def _originated(place: Place, item: Any, marking: Any) -> ColumnElement[bool]:
    """The sentence (O)."""
    return and_(
        _is(item.originator_id, place.party),
        or_(
            marking.tlp.in_((Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR)),
            and_(marking.tlp == Tlp.AMBER_STRICT, _is(item.agency_id, place.agency)),
            and_(marking.tlp.in_((Tlp.AMBER_STRICT, Tlp.RED)), _knows(place, item)),
        ),
    )


def _knows(place: Place, item: Any) -> ColumnElement[bool]:
    """The author, and the persons whom the author named."""
    named = there(NamedReader, NamedReader.item_id == item.id, NamedReader.user_id == place.person)
    return or_(item.author_id == place.person, named)


def received(reader: Reader, place: Place, item: Any, marking: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The sentence (R); with `more`, of disclosures of which that holds too."""
    return there(
        Disclosure,
        standing(reader.now, item),
        *more,
        or_(
            Disclosure.to_user_id == place.person,
            and_(_is(Disclosure.to_agency_id, place.agency), marking.tlp != Tlp.RED),
            and_(
                _is(Disclosure.to_delegation_id, place.delegation),
                marking.tlp.not_in((Tlp.RED, Tlp.AMBER_STRICT)),
            ),
        ),
    )


def received_before(then: Any) -> Told:
    """The sentence (R) for those whom the originator had named before an instant, and not since."""

    def told(reader: Reader, place: Place, item: Any, marking: Any) -> ColumnElement[bool]:
        return received(reader, place, item, marking, Disclosure.granted_at < then)

    return told


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


def linked(item: Any, place: Place) -> ColumnElement[bool]:
    """Whether an item is linked to the meeting of a place."""
    return there(ItemMeeting, ItemMeeting.item_id == item.id, ItemMeeting.meeting_id == place.meeting)


def _is(column: Any, number: Number) -> ColumnElement[bool]:
    """Equality, which nothing that is absent ever has."""
    return false() if number is None else column == number


Sentence = Callable[[Reader, Any], ColumnElement[bool]]
"""One of the sentences above: of whom asks, and an item."""


class _Said(FunctionElement[bool]):
    """A sentence on an item and a known viewer, of whom it holds the parameters alone.

    It is written out where SQL is made of it, which is once for all viewers and instants.
    """

    type = Boolean()
    inherit_cache = True

    def __init__(self, viewer: Viewer, now: datetime, item: Any = Item) -> None:
        columns = (getattr(item, name) for name in ASKED)
        super().__init__(*columns, literal(now, UtcDateTime()), *_given(_places(viewer)))

    @staticmethod
    def sentence(reader: Reader, item: Any) -> ColumnElement[bool]:
        """What it stands for."""
        raise NotImplementedError

    def self_group(self, against: Any = None) -> Any:
        """Stands in parentheses already; compared with 1, as SQLAlchemy else does, SQLite would use no index for it."""
        return self

    def _negate(self) -> ColumnElement[bool]:
        return UnaryExpression(self, operator=operators.inv, type_=Boolean())


ASKED = ("id", "parent_id", "state", "marking_id", "published_at", "originator_id", "agency_id", "author_id")
"""What the rule asks of an item itself."""


class _Body(_Said):
    name = "body"
    inherit_cache = True
    sentence = staticmethod(body)


class _BodyAlone(_Said):
    name = "body_alone"
    inherit_cache = True
    sentence = staticmethod(body_alone)


class _Envelope(_Said):
    name = "envelope"
    inherit_cache = True
    sentence = staticmethod(envelope)


@compiles(_Said)
def _written_out(element: _Said, compiler: Any, **options: Any) -> str:
    given = list(element.clauses)
    item = SimpleNamespace(**dict(zip(ASKED, given, strict=False)))
    now, *places = given[len(ASKED) :]
    said = element.sentence(Reader(true(), _at(places), now, received), item)
    return f"({compiler.process(said, **options)})"


def said(sentence: Sentence, viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """What a sentence says of `Item` and an active viewer."""
    if not viewer.seats:
        return sentence(reader_of(viewer, now), Item)
    return next(one for one in (_Body, _BodyAlone, _Envelope) if one.sentence is sentence)(viewer, now)
