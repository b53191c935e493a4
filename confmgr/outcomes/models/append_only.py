"""Lines of a situation log are added and read: no session changes or deletes one, in whatever way it tries."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from confmgr.outcomes.models.follow_up import SituationEntry


class AppendOnly(Exception):
    """A line of a log was to be changed or deleted. Only a mistake in the code can try."""


@event.listens_for(SituationEntry, "before_update")
@event.listens_for(SituationEntry, "before_delete")
def _refuse_row(_mapper: Any, _connection: Any, line: SituationEntry) -> None:
    raise AppendOnly(line.uuid)


@event.listens_for(Session, "do_orm_execute")
def _refuse_statement(state: ORMExecuteState) -> None:
    table = getattr(state.statement, "table", None)
    if (state.is_update or state.is_delete) and getattr(table, "name", None) == SituationEntry.__tablename__:
        raise AppendOnly(SituationEntry.__tablename__)
