"""What rests on a row."""

from collections.abc import Sequence

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from confmgr.orm.base import Base


def references(session: Session, row: Base, *, except_tables: Sequence[str] = ()) -> list[tuple[str, int]]:
    """Which tables hold rows that point at `row`, and how many: what a deletion would break."""
    table = inspect(row).mapper.local_table
    key = inspect(row).mapper.primary_key_from_instance(row)[0]
    used = []
    for other in Base.metadata.sorted_tables:
        if other.name in except_tables:
            continue
        for column in other.columns:
            if any(fk.column.table is table for fk in column.foreign_keys):
                count = session.scalar(select(func.count()).select_from(other).where(column == key)) or 0
                if count:
                    used.append((other.name, count))
    return used
