"""For whom a session acts, and what is refused where nobody has said so (docs/decisions/0028-two-walls.md).

Guarded tables hold what one party gave to some others. The application's session must act for an account before it
touches one, or say for which purpose it acts for nobody. They are read by queries of mapped classes alone and written
by flushing them: rows of tables, SQL as text and UPDATE or DELETE of many rows go around the visibility rule and are
refused. PostgreSQL is told of the account as well, and shows no more than the rule lets it (`confmgr.sharing.wall`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

GUARDED = (
    *("item", "case", "lead", "comment", "attachment", "identifier", "item_version"),
    *("disclosure", "consent_request", "recall", "search_text", "search_index"),
)
"""Tables that nobody reads without being named."""
UNGUARDED = {"confmgr_unguarded": True}
"""Execution options of a statement or connection that is no reader's: migrations, and the checks of tests."""
_TOLD = text(
    "SELECT set_config('confmgr.viewer', :viewer, true), set_config('confmgr.nobody', :nobody, true),"
    " set_config('confmgr.now', :now, true)"
)
_TOUCHES = re.compile(
    r"(?:\b(?:FROM|JOIN|INTO|UPDATE(?:\s+OR\s+\w+)?)\s+(?:ONLY\s+)?"
    r"|\bFROM\s+(?:(?!\b(?:WHERE|GROUP|ORDER|SELECT|VALUES)\b).)*?,\s*)"  # a column of that name is no table
    rf'\(*(?:"?(?:public|main)"?\.)?"?(?:{"|".join(GUARDED)})"?(?=[\s,;()]|$)',
    re.IGNORECASE | re.DOTALL,
)
_TABLES_THEMSELVES = ("CREATE ", "ALTER ", "DROP ")
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Purpose(StrEnum):
    """What is done for nobody in particular."""

    AUDITING = "auditing"
    COMMAND = "command"
    CONSENTS = "consents"
    HEADING = "heading"
    INDEXING = "indexing"
    JOB = "job"
    LINKING = "linking"
    LOADING = "loading"
    MATCHING = "matching"
    NUMBERING = "numbering"
    PUBLIC = "public"
    PURGING = "purging"
    REFERENCES = "references"


class NobodyAsks(RuntimeError):
    """A guarded table was touched by a session that acts for nobody."""


class AroundTheRule(RuntimeError):
    """A guarded table was touched in a way that the visibility rule cannot limit."""


started_for: ContextVar[Purpose | None] = ContextVar("started_for", default=None)
"""The purpose of sessions that begin from here on: a command's. Each request and job starts with none."""


class ActingSession(Session):
    """A session that says for whom it acts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """It acts for nobody until it is told."""
        super().__init__(*args, **kwargs)
        self.viewer: int | None = None
        self.purpose: Purpose | None = started_for.get()
        self.instant: datetime | None = None
        self.flushing = False


def act_for(session: Session, user_id: int | None, now: datetime | None = None) -> None:
    """From here on the session acts for an account, or with None for nobody at all.

    Args:
        session: The application's; others have no reader and are left alone.
        user_id: Whose.
        now: The instant at which memberships and disclosures must hold, where it is not the database's own.
    """
    if isinstance(session, ActingSession):
        session.viewer, session.purpose, session.instant = user_id, None, now
        _tell_again(session)


@contextmanager
def for_nobody(session: Session, purpose: Purpose) -> Iterator[None]:
    """For a while the session acts for no reader: what it finds is shown to none, or limited by its own means."""
    if not isinstance(session, ActingSession):
        yield
        return
    before = session.purpose
    session.purpose = purpose
    _tell_again(session)
    try:
        yield
    finally:
        session.purpose = before
        if session.is_active:
            _tell_again(session)


def act_for_nobody(session: Session, purpose: Purpose) -> None:
    """The same until the session ends: commands, and jobs that nobody asked for."""
    if isinstance(session, ActingSession):
        session.purpose = purpose
        _tell_again(session)


def guard(engine: Engine) -> Engine:
    """Refuse on this engine what goes around the rule."""
    event.listen(engine, "before_cursor_execute", _look)
    event.listen(engine, "checkin", _forget)
    return engine


def _tell_again(session: ActingSession) -> None:
    if session.in_transaction() and session.is_active:
        _tell(session, session.connection())


def _tell(session: ActingSession, connection: Connection) -> None:
    """PostgreSQL learns who asks; for the length of the transaction, so that no other ever asks under that name."""
    if connection.dialect.name == "postgresql":
        told = {
            "viewer": "" if session.viewer is None else str(session.viewer),
            "nobody": session.purpose or "",
            "now": "" if session.instant is None else session.instant.astimezone(UTC).replace(tzinfo=None).isoformat(),
        }
        connection.execute(_TOLD, told)


@event.listens_for(Session, "after_begin", propagate=True)
def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.info["confmgr_session"] = session
    if isinstance(session, ActingSession):
        _tell(session, connection)


@event.listens_for(ActingSession, "do_orm_execute", propagate=True)
def _asked(state: ORMExecuteState) -> None:
    if state.is_orm_statement and state.is_select:
        state.update_execution_options(confmgr_mapped=True)


@event.listens_for(ActingSession, "before_flush", propagate=True)
def _flushing(session: ActingSession, _context: UOWTransaction, _instances: object) -> None:
    session.flushing = True


@event.listens_for(ActingSession, "after_flush", propagate=True)
def _flushed(session: ActingSession, _context: UOWTransaction) -> None:
    session.flushing = False


@event.listens_for(ActingSession, "after_soft_rollback", propagate=True)
def _rolled_back(session: ActingSession, _previous: SessionTransaction) -> None:
    session.flushing = False


def _forget(_connection: object, record: Any) -> None:
    record.info.pop("confmgr_session", None)


@lru_cache(maxsize=4096)
def touches(statement: str) -> bool:
    """Whether SQL names a guarded table as a source or target."""
    return _TOUCHES.search(statement) is not None and not statement.lstrip().startswith(_TABLES_THEMSELVES)


def _look(
    connection: Connection, _cursor: object, statement: str, _parameters: object, context: Any, _many: object
) -> None:
    if not touches(statement) or context.execution_options.get("confmgr_unguarded"):
        return
    session = connection.info.get("confmgr_session")
    if session is not None and not isinstance(session, ActingSession):
        return  # a session that the application did not make: of a test, which looks at what is there
    if session is None or (session.viewer is None and session.purpose is None):
        raise NobodyAsks(statement.split("\n", 1)[0][:200])
    if context.execution_options.get("confmgr_mapped"):
        return
    if session.flushing and statement.lstrip().startswith(_WRITES):
        return
    raise AroundTheRule(statement.split("\n", 1)[0][:200])
