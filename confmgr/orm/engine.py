"""How SQLite is opened: WAL, foreign keys, and transactions that say early whether they will write."""

from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether the next transaction will write; set from the HTTP method before anything is asked of the database."""

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA secure_delete=ON",  # what was purged is not left in free pages of the file
)


def prepare(engine: Engine) -> Engine:
    """Attach to an engine the settings of its database."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _without_compiling)
        event.listen(engine, "handle_error", _without_details)
    return engine


def _without_details(context: ExceptionContext) -> None:
    """Only the first line of what PostgreSQL says goes on: the details are the row that it refused, with its texts."""
    first = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if first is None:
        return
    context.original_exception.args = (first,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (first,)


def _without_compiling(connection: Any, _record: object) -> None:
    """No JIT: it takes seconds for the clause of the visibility rule, whose rows are found in milliseconds."""
    connection.execute("SET jit = off")
    connection.commit()


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to be IMMEDIATE
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
