"""Locks of PostgreSQL that belong to no row, until the transaction ends. SQLite has one writer at a time by itself."""

from enum import IntEnum
from typing import Any

from sqlalchemy import Function, func, select
from sqlalchemy.orm import Session


class Lock(IntEnum):
    """What is done by one transaction at a time; each has a number of its own in the database."""

    SEALING = 0x0C0DE5EA1
    CLAIMING = 7303002
    NOTING = 7303003


def alone(session: Session, lock: Lock) -> None:
    """Wait until no other transaction has a lock, and keep it from all others."""
    _take(session, func.pg_advisory_xact_lock(lock.value))


def together(session: Session, lock: Lock) -> None:
    """Wait until no other transaction has a lock alone, and share it."""
    _take(session, func.pg_advisory_xact_lock_shared(lock.value))


def _take(session: Session, taking: Function[Any]) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(taking))
