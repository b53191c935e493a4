"""Unique keys that are looked for before they are written: one answer, whether or not somebody was quicker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


@contextmanager
def once(session: Session, look: Callable[[], None]) -> Iterator[None]:
    """Look whether a key is taken, then let it be written; `look` raises what its writer is told of a taken one.

    On PostgreSQL a second writer in the same moment sees nothing at the first look, waits at the key, and is told at a
    second look what a later one would have been told. What was written in the block is undone then, and nothing else.
    What the block writes is added in it. SQLite has one writer at a time by itself.
    """
    look()
    if session.get_bind().dialect.name == "sqlite":
        yield
        session.flush()
        return
    try:
        with session.begin_nested():
            yield
    except IntegrityError:
        look()
        raise
