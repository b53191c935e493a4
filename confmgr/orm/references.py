"""What rests on a row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, inspect, literal_column, select
from sqlalchemy.orm import Session

from confmgr.orm.acting import UNGUARDED, Purpose, for_nobody
from confmgr.orm.base import Base


def references(session: Session, row: Base, *, except_tables: Sequence[str] = ()) -> list[str]:
    """Which tables hold rows that point at `row`: what a deletion would break, whoever may see it. Never how many."""
    table = inspect(row).mapper.local_table
    key = inspect(row).mapper.primary_key_from_instance(row)[0]
    pointing: list[tuple[str, Select[Any]]] = [
        (other.name, select(literal_column("1")).select_from(other).where(column == key).limit(1))
        for other in Base.metadata.sorted_tables
        if other.name not in except_tables
        for column in other.columns
        if any(fk.column.table is table for fk in column.foreign_keys)
    ]
    with for_nobody(session, Purpose.REFERENCES):  # what points there hinders the deletion, seen or not
        found = [name for name, of in pointing if session.scalar(of, execution_options=UNGUARDED) is not None]
    return list(dict.fromkeys(found))
