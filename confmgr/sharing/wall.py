"""The second wall: row-level security of PostgreSQL, made of the same clause that queries are limited by.

The session tells PostgreSQL for whom it acts (`confmgr.orm.acting`); where somebody sits is read from memberships.
Without an account, and without a purpose, no row is seen. A row of `item` is seen by whoever may see its body or its
envelope, one of `case` and `lead` by whoever sees its item, the words that are searched by whoever may see the body.

`statements()` is what migration 0010 holds as text; a test compares the two.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Select, String, and_, cast, literal_column, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership
from confmgr.orm.base import UtcDateTime
from confmgr.sharing.clause import Place, Reader, body, envelope, own_body, there
from confmgr.sharing.models import Item, SearchText

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
ABOVE = "confmgr_sees_above"
"""A function: whether the body of the item above one may be seen. A policy cannot ask its own table."""
_FUNCTION = (
    f"CREATE FUNCTION {ABOVE}(above_id integer) RETURNS boolean"  # noqa: S608  # our own clause
    " LANGUAGE plpgsql STABLE SET confmgr.nobody = 'wall'"
    " AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM item AS above WHERE CLAUSE); END $$"
)


def _sits(condition: Callable[[Place], ColumnElement[bool]]) -> ColumnElement[bool]:
    """The memberships of the account that are current, as `confmgr.sharing.queries.viewer_of` reads them."""
    seat, of, meeting = aliased(Membership), aliased(Delegation), aliased(Meeting)
    green = cast(meeting.green_for, JSONB).has_key(cast(of.status, String))
    leads = and_(seat.role == Role.LEADERSHIP, or_(seat.delegation_id.is_(None), of.party_id == meeting.host_party_id))
    place = Place(
        meeting=seat.meeting_id,
        party=of.party_id,
        delegation=of.id,
        agency=seat.agency_id,
        sees_green=and_(of.id.is_not(None), green),
        knows_envelopes=or_(seat.role == Role.ORGANISER, leads),
    )
    return (
        select(literal_column("1"))
        .select_from(seat)
        .join(meeting, meeting.id == seat.meeting_id)
        .outerjoin(of, of.id == seat.delegation_id)
        .where(
            seat.user_id == VIEWER,
            seat.starts_at <= NOW,
            or_(seat.ends_at.is_(None), seat.ends_at > NOW),
            condition(place),
        )
        .correlate_except(seat, meeting, of)
        .exists()
    )


def _reader() -> Reader:
    person = aliased(User)
    return Reader(VIEWER, there(person, person.id == VIEWER, person.active), _sits, NOW)


def _sql(clause: ColumnElement[bool], of: Any) -> str:
    """The clause as text, on a row of `of`."""
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    whole: Select[int] = select(literal_column("1", Integer)).select_from(of).where(clause)
    text = str(whole.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    return " ".join(text.partition("WHERE ")[2].split())


def _above() -> str:
    item = aliased(Item, name="above")
    clause = _sql(
        and_(item.id == literal_column("above_id"), item.parent_id.is_(None), own_body(_reader(), item)), item
    )
    return _FUNCTION.replace("CLAUSE", clause)


def _known() -> str:
    reader = _reader()
    above = literal_column(f"{ABOVE}(item.parent_id)", Boolean)
    reads = and_(reader.active, own_body(reader, Item), or_(Item.parent_id.is_(None), above))
    laid_down = and_(Item.marking_id.is_(None), Item.author_id == VIEWER)
    return _sql(or_(NOBODY, laid_down, reads, envelope(reader)), Item)


def _of_item(table: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM item WHERE item.id = {table}.{key})"  # noqa: S608  # names of our own tables


def _searched() -> str:
    above = aliased(Item)
    return _sql(or_(NOBODY, there(above, above.id == SearchText.item_id, body(_reader(), above))), SearchText)


def statements() -> list[str]:
    """Raise the wall, on tables that have none; the schema's owner runs them."""
    guarded = {
        "item": _known(),
        '"case"': _of_item('"case"', "id"),
        "lead": _of_item("lead", "id"),
        "search_text": _searched(),
    }
    made = [_above()]
    for table, sees in guarded.items():
        made += [
            f"CREATE POLICY confmgr_reads ON {table} FOR SELECT USING ({sees})",
            f"CREATE POLICY confmgr_changes ON {table} FOR UPDATE USING ({sees}) WITH CHECK (true)",
            f"CREATE POLICY confmgr_removes ON {table} FOR DELETE USING ({sees})",
            f"CREATE POLICY confmgr_adds ON {table} FOR INSERT WITH CHECK (true)",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ]
    return made
