"""The one database session of a request or command, and the commit boundary."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import Session

from confmgr.orm.acting import ActingSession, guard
from confmgr.orm.base import Base
from confmgr.orm.engine import prepare, writing

OPTIONS: dict[str, object] = {"hide_parameters": True}
"""An error of the database goes to the log, and what people wrote does not: texts, mails and secrets are parameters."""


class WebSession(ActingSession, FlaskSession):
    """The application's session: it finds nothing of what is guarded until it acts for somebody."""


db = SQLAlchemy(
    metadata=Base.metadata,
    session_options={"class_": WebSession, "expire_on_commit": False},
    engine_options=OPTIONS,
)


def attach(app: Flask) -> None:
    """Bind the database to an application and set up its engine."""
    db.init_app(app)
    with app.app_context():
        guard(prepare(db.engine))


def session() -> Session:
    """The session of the current application context."""
    return db.session()


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit on the way out, roll back on any exception. Routes, commands and jobs only.

    A GET that must write (the audit of an opened body) ends its read first: SQLite takes the write lock at BEGIN.
    """
    current = session()
    if not writing.get():
        current.commit()
        writing.set(True)
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise
