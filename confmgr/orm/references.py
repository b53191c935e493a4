"""What rests on a row."""

from collections.abc import Sequence

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from confmgr.orm.acting import UNGUARDED, Purpose, for_nobody
from confmgr.orm.base import Base


def references(session: Session, row: Base, *, except_tables: Sequence[str] = ()) -> list[tuple[str, int]]:
    """Which tables hold rows that point at `row`, and how many: what a deletion would break."""
    table = inspect(row).mapper.local_table
    key = inspect(row).mapper.primary_key_from_instance(row)[0]
    pointing = [
        (other.name, select(func.count()).select_from(other).where(column == key))
        for other in Base.metadata.sorted_tables
        if other.name not in except_tables
        for column in other.columns
        if any(fk.column.table is table for fk in column.foreign_keys)
    ]
    with for_nobody(session, Purpose.REFERENCES):  # what points there hinders the deletion, seen or not
        counts = [(name, session.scalar(of, execution_options=UNGUARDED) or 0) for name, of in pointing]
    return [(name, count) for name, count in counts if count]
