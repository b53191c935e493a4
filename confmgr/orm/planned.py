"""Deriving planned instants again, once the rules of a time zone have changed: every table that keeps a wall time."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from confmgr.orm.base import Base, WallDateTime
from confmgr.values.times import NoSuchTime, TwoSuchTimes, UnknownZone, instant

BATCH = 1000
"""Rows of one table that are read and written at a time."""
LOCAL, AT = "_local", "_at"


@dataclass(frozen=True, slots=True)
class Pair:
    """A wall time with its instant: `starts` of `starts_local` and `starts_at`, in the zone of the column `zone`."""

    name: str
    zone: str


@dataclass(slots=True)
class Derived:
    """What deriving again did, by table: the ids of what moved, and of times that a zone skips or has twice."""

    moved: dict[str, list[int]] = field(default_factory=dict)
    unsound: dict[str, list[int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Rows that moved, of all tables."""
        return sum(map(len, self.moved.values()))


def planned_tables() -> dict[Table, tuple[Pair, ...]]:
    """Every mapped table that keeps wall times beside their instants; a zone that is not in the table is empty."""
    found = {}
    for table in Base.metadata.sorted_tables:
        names = [column.name.removesuffix(LOCAL) for column in table.columns if isinstance(column.type, WallDateTime)]
        pairs = tuple(Pair(name, _zone_column(table, name)) for name in names if f"{name}{AT}" in table.columns)
        if pairs:
            found[table] = pairs
    return found


def _zone_column(table: Table, name: str) -> str:
    return next((one for one in (f"{name}_zone", "zone") if one in table.columns), "")


def derive_again(
    session: Session,
    *,
    now: datetime,
    zones: Mapping[str, ColumnElement[str]] | None = None,
    leave: Collection[str] = (),
) -> Derived:
    """Derive the instants of every row that has one ahead of `now`, in the session's transaction.

    A time that the new rules skip or show twice keeps its instant, and is named in the result.

    Args:
        session: An open transaction. What it has loaded of these tables is stale afterwards.
        now: The present instant.
        zones: By table, where to find the zone of wall times that are not in the row's own.
        leave: Tables that keep what was; frozen records.
    """
    done = Derived()
    for table, pairs in planned_tables().items():
        if table.name in leave:
            continue
        zone = (zones or {}).get(table.name)
        for rows in _batches(session, table, pairs, now, zone):
            changes = []
            for row in rows:
                change, sound = _again(row, pairs)
                if not sound:
                    done.unsound.setdefault(table.name, []).append(row["id"])
                if change:
                    changes.append({"row_id": row["id"], **change})
            _write(session, table, changes)
            if changes:
                done.moved.setdefault(table.name, []).extend(change["row_id"] for change in changes)
    session.expire_all()
    return done


def _batches(
    session: Session, table: Table, pairs: tuple[Pair, ...], now: datetime, zone: ColumnElement[str] | None
) -> Iterator[list[dict[str, Any]]]:
    """Rows with an instant ahead, by id, as dictionaries with the zone of each pair."""
    ident = next(iter(table.primary_key))
    columns: list[ColumnElement[Any]] = [ident.label("id")]
    for pair in pairs:
        where = table.c[pair.zone] if zone is None else zone
        columns += [
            table.c[f"{pair.name}{LOCAL}"],
            table.c[f"{pair.name}{AT}"],
            where.label(f"{pair.name}_in"),
        ]
    ahead = or_(*(table.c[f"{pair.name}{AT}"] > now for pair in pairs))
    last = 0
    while True:
        statement = select(*columns).where(ahead, ident > last).order_by(ident).limit(BATCH)
        rows = [dict(row._mapping) for row in session.execute(statement)]  # noqa: SLF001  # SQLAlchemy's public name
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _again(row: Mapping[str, Any], pairs: tuple[Pair, ...]) -> tuple[dict[str, datetime], bool]:
    """All instants of a row if one has changed, else none; and whether each of its times exists once."""
    fresh: dict[str, datetime] = {}
    for pair in pairs:
        wall, zone = row[f"{pair.name}{LOCAL}"], row[f"{pair.name}_in"]
        if wall is None or zone is None:
            continue
        try:
            fresh[f"{pair.name}{AT}"] = instant(wall, zone)
        except (NoSuchTime, TwoSuchTimes, UnknownZone):
            return {}, False
    if all(row[name] == value for name, value in fresh.items()):
        return {}, True
    return fresh, True


def _write(session: Session, table: Table, changes: list[dict[str, Any]]) -> None:
    """One statement for those rows that changed the same columns: an absent arrival stays absent."""
    ident = next(iter(table.primary_key))
    shapes: dict[frozenset[str], list[dict[str, Any]]] = {}
    for change in changes:
        shapes.setdefault(frozenset(change), []).append(change)
    for shape, rows in shapes.items():
        names = [name for name in shape if name != "row_id"]
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        statement = update(table).where(ident == bindparam("row_id")).values(values)
        session.connection().execute(
            statement, [{"row_id": row["row_id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
        )
