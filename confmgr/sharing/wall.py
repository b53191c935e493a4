"""The second wall: row-level security of PostgreSQL, made of the same clause that queries are limited by.

The session tells PostgreSQL for whom it acts (`confmgr.orm.acting`); where somebody sits is read from memberships.
Without an account, and without a purpose, no row is seen. A row of `item` is seen by whoever may see its body or its
envelope, what hangs on an item by whoever sees it, what it said before by who could read that then, the words that are
searched by whoever may see the body; a question by those who asked and those who answer, a recall by whom it is for and
those who called back.

`statements()` is what migrations 0010 and 0012 hold as text; a test compares them.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership
from confmgr.orm.base import UtcDateTime
from confmgr.sharing.clause import (
    PLACE,
    Condition,
    Place,
    Reader,
    Told,
    body,
    earlier,
    envelope,
    own_body,
    place_in,
    received,
    there,
)
from confmgr.sharing.models import (
    ConsentRequest,
    Disclosure,
    Item,
    ItemMeeting,
    ItemVersion,
    Marking,
    Recall,
    SearchText,
)
from confmgr.sharing.search_index import HELD, HOLDING

VIEWER: ColumnElement[int] = literal_column(
    "(SELECT nullif(current_setting('confmgr.viewer', true), '')::integer)", Integer
)
NOBODY: ColumnElement[bool] = literal_column(
    "(SELECT coalesce(current_setting('confmgr.nobody', true), '') <> '')", Boolean
)
NOW: ColumnElement[Any] = literal_column(
    "(SELECT coalesce(nullif(current_setting('confmgr.now', true), '')::timestamp, timezone('UTC', now())))",
    UtcDateTime(),
)
SEATS, TOLD, ABOVE = "confmgr_seats", "confmgr_told", "confmgr_sees_above"
TOLD_BEFORE = "confmgr_told_before"
_OWNED = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
"""What asks for every row is done as the owner of the tables, for whom no policy stands in the plan: else it costs ten
times as much, and the index of words cannot be used, since comparing them is no leakproof function."""
OWNED = ("disclosure", "search_text")
"""Tables of which the owner reads every row, in these functions. Serving as the owner opens them."""
HANGING = {
    '"case"': "id",
    "lead": "id",
    "attachment": "id",
    "comment": "id",
    "identifier": "item_id",
    "disclosure": "item_id",
}
"""Tables whose rows are seen with an item, and the column that names it."""


def _seated() -> Select[Any]:
    """The memberships of an active account that are current, as `confmgr.sharing.queries.viewer_of` reads them."""
    seat, of, meeting, person = aliased(Membership), aliased(Delegation), aliased(Meeting), aliased(User)
    green = cast(meeting.green_for, JSONB).has_key(cast(of.status, String))
    leads = and_(seat.role == Role.LEADERSHIP, or_(seat.delegation_id.is_(None), of.party_id == meeting.host_party_id))
    place = Place(
        person=seat.user_id,
        meeting=seat.meeting_id,
        party=of.party_id,
        delegation=of.id,
        agency=seat.agency_id,
        sees_green=and_(of.id.is_not(None), green),
        knows_envelopes=or_(seat.role == Role.ORGANISER, leads),
    )
    return (
        select(*(getattr(place, one.name) for one in PLACE))
        .select_from(seat)
        .join(person, person.id == seat.user_id)
        .join(meeting, meeting.id == seat.meeting_id)
        .outerjoin(of, of.id == seat.delegation_id)
        .where(
            seat.user_id == VIEWER,
            person.active,
            seat.starts_at <= NOW,
            or_(seat.ends_at.is_(None), seat.ends_at > NOW),
        )
    )


def _sitting(condition: Condition) -> ColumnElement[bool]:
    """Whether a condition holds at one of the places where the account sits, wherever that is."""
    rows = getattr(func, SEATS)().table_valued(*PLACE)
    return there(rows, condition(place_in(rows)))


def _sits(item: Any, condition: Condition) -> ColumnElement[bool]:
    """To which meetings the item is linked is looked up first, in one index, and the rest asked of few places."""
    return _sitting(lambda place: _in_turn(_linked(item, place), condition(place)))


def _sits_somewhere(item: Any, condition: Condition) -> ColumnElement[bool]:
    """For a condition that holds of few places whatever the item: it is asked first."""
    return _sitting(lambda place: _in_turn(condition(place), _linked(item, place)))


def _linked(item: Any, place: Place) -> ColumnElement[bool]:
    at = select(ItemMeeting.meeting_id).where(ItemMeeting.item_id == item.id).correlate_except(ItemMeeting)
    return _column(place.meeting).in_(at)


def _in_turn(first: ColumnElement[bool], second: ColumnElement[bool]) -> ColumnElement[bool]:
    return case((first, second), else_=false())


def _column(number: Any) -> ColumnElement[int]:
    return number


def _told(_reader: Reader, place: Place, item: Any, marking: Any) -> ColumnElement[bool]:
    told: ColumnElement[bool] = getattr(func, TOLD)(
        item.id, item.marking_id, marking.tlp, place.person, place.delegation, place.agency, type_=Boolean
    )
    return told


def _told_before(moment: Any) -> Told:
    def told(_reader: Reader, place: Place, item: Any, marking: Any) -> ColumnElement[bool]:
        named = (item.id, item.marking_id, marking.tlp, place.person, place.delegation, place.agency, moment)
        before: ColumnElement[bool] = getattr(func, TOLD_BEFORE)(*named, type_=Boolean)
        return before

    return told


def _reader(*, inside: bool) -> Reader:
    person = aliased(User)
    active = there(person, person.id == VIEWER, person.active)
    return Reader(active, _sits, NOW, received if inside else _told)


def _sql(clause: ColumnElement[bool], *of: Any) -> str:
    """The clause as text, on a row of `of`."""
    whole: Select[int] = select(literal_column("1", Integer)).select_from(*of).where(clause)
    return _text(whole).partition("WHERE ")[2]


def _text(statement: Select[Any]) -> str:
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    return " ".join(str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).split())


def _functions() -> list[str]:
    """What policies ask; each is planned once for a connection."""
    typed = ", ".join(f"{one.name} {'boolean' if isinstance(one.type, Boolean) else 'integer'}" for one in PLACE)
    reader, above, outside = _reader(inside=True), aliased(Item, name="above"), _reader(inside=False)
    item, marking = aliased(Item, name=TOLD), aliased(Marking, name=TOLD)
    told = received(reader, _given(TOLD), item, marking)
    earlier_item, earlier_marking = aliased(Item, name=TOLD_BEFORE), aliased(Marking, name=TOLD_BEFORE)
    sooner = Disclosure.granted_at < literal_column(f"{TOLD_BEFORE}.moment", UtcDateTime())
    told_before = received(reader, _given(TOLD_BEFORE), earlier_item, earlier_marking, sooner)
    seen = and_(above.id == literal_column("above_id"), above.parent_id.is_(None), own_body(outside, above))
    given = "id integer, marking_id integer, tlp text, person integer, delegation integer, agency integer"
    found = f"ARRAY(SELECT item.id FROM item WHERE item.id = ANY (held) AND {_sql(body(reader), Item)})"  # noqa: S608
    return [
        _function(f"{SEATS}()", f"TABLE ({typed}) LANGUAGE plpgsql STABLE ROWS 4", f"QUERY {_text(_seated())}"),
        _function(f"{TOLD}({given})", f"boolean {_OWNED}", _sql(told, item, marking)),
        _function(
            f"{TOLD_BEFORE}({given}, moment timestamp)",
            f"boolean {_OWNED}",
            _sql(told_before, earlier_item, earlier_marking),
        ),
        _function(
            f"{ABOVE}(above_id integer)",
            "boolean LANGUAGE plpgsql STABLE",
            f"EXISTS (SELECT 1 FROM item AS above WHERE {_sql(seen, above)})",  # noqa: S608
            opened="seen boolean",
        ),
        _function(
            f"{HOLDING}(asked tsquery, most integer)",
            f"integer[] {_OWNED} SET plan_cache_mode = force_generic_plan SET enable_seqscan = off",
            f"CASE WHEN cardinality(held) <= most THEN {found} END",
            opened=f"held integer[] := ARRAY({HELD} LIMIT most + 1); seen integer[]",
        ),
    ]


def _function(named: str, returns: str, answer: str, *, opened: str = "") -> str:
    """A function that answers. `opened`: what it declares if the wall is open meanwhile, its answer `seen` among it.

    A policy cannot ask its own table: the same clause stands in such a function instead. `SET` beside the function
    would say so shorter, but an owner of tables who is no superuser may not.
    """
    within = f"BEGIN RETURN {answer}; END"
    if opened:
        before = "before text := coalesce(current_setting('confmgr.nobody', true), '')"
        within = (
            f"DECLARE {opened}; {before}; BEGIN PERFORM set_config('confmgr.nobody', 'wall', true);"
            f" seen := {answer}; PERFORM set_config('confmgr.nobody', before, true); RETURN seen; END"
        )
    return f"CREATE FUNCTION {named} RETURNS {returns} AS $$ {within} $$"


def _given(function: str) -> Place:
    """A place whose columns are the parameters of a function."""
    person, delegation, agency = (
        literal_column(f"{function}.{name}", Integer) for name in ("person", "delegation", "agency")
    )
    return Place(person, None, None, delegation, agency, false(), false())


def _known() -> str:
    reader = _reader(inside=False)
    above = literal_column(f"{ABOVE}(item.parent_id)", Boolean)
    reads = and_(own_body(reader, Item), or_(Item.parent_id.is_(None), above))
    laid_down = and_(Item.marking_id.is_(None), Item.author_id == VIEWER)
    by_envelope = envelope(replace(reader, sits=_sits_somewhere))
    return _sql(or_(NOBODY, laid_down, by_envelope, reads), Item)


def _of_item(table: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM item WHERE item.id = {table}.{key})"  # noqa: S608  # names of our own tables


def _searched() -> str:
    item = aliased(Item)
    sees = body(_reader(inside=False), item)
    return _sql(or_(NOBODY, there(item, item.id == SearchText.item_id, sees)), SearchText)


def _said_before() -> str:
    """Whoever could read it then: the row of the item itself is seen through its own policy."""
    item = aliased(Item)
    could = earlier(_reader(inside=False), ItemVersion, item, _told_before)
    return _sql(or_(NOBODY, there(item, item.id == ItemVersion.item_id, could)), ItemVersion)


def _asked() -> str:
    """Questions are between those who asked and those who answer."""

    def concerns(place: Place) -> ColumnElement[bool]:
        return or_(ConsentRequest.asked_for_id == place.delegation, Item.originator_id == place.party)

    between = there(Item, Item.id == ConsentRequest.item_id, _sitting(concerns))
    return _sql(or_(NOBODY, ConsentRequest.asked_by_id == VIEWER, between), ConsentRequest)


def _recalled() -> str:
    """Who is asked to use no copy any more may not see the item; who called it back is told of each."""
    own = there(Item, Item.id == Recall.item_id, _sitting(lambda place: Item.originator_id == place.party))
    return _sql(or_(NOBODY, Recall.user_id == VIEWER, own), Recall)


def sees() -> dict[str, str]:
    """What shows a row of each guarded table."""
    hanging = {table: _of_item(table, key) for table, key in HANGING.items()}
    between = {"consent_request": _asked(), "recall": _recalled(), "search_text": _searched()}
    return {"item": _known(), **hanging, **between, "item_version": _said_before()}


def statements() -> list[str]:
    """Raise the wall, on tables that have none; the schema's owner runs them."""
    made = _functions()
    for table, shows in sees().items():
        made += [
            f"CREATE POLICY confmgr_reads ON {table} FOR SELECT USING ({shows})",
            f"CREATE POLICY confmgr_changes ON {table} FOR UPDATE USING ({shows}) WITH CHECK (true)",
            f"CREATE POLICY confmgr_removes ON {table} FOR DELETE USING ({shows})",
            f"CREATE POLICY confmgr_adds ON {table} FOR INSERT WITH CHECK (true)",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ]
    return [*made, *(f"CREATE POLICY confmgr_inside ON {one} FOR SELECT TO CURRENT_USER USING (true)" for one in OWNED)]
