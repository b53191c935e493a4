"""Fixtures that every room's tests share."""

import gc
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from confmgr.activity import guarding
from confmgr.app.factory import ROOMS, create_app, part
from confmgr.app.migrating import upgrade
from confmgr.config import Settings
from confmgr.jobs import services as jobs
from confmgr.orm.acting import UNGUARDED
from confmgr.orm.base import Base
from confmgr.orm.engine import prepare, writing
from confmgr.web.db import WebSession, db
from tests.once import compiled
from tests.postgres import postgres, postgresql_url

__all__ = ["postgres", "postgresql_url"]

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
"""Noon in Seoul, three weeks before the second meeting."""


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Engine]:
    for room in ROOMS:
        part(room, "models")
        part(room, "texts")
    engine = prepare(create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql(postgresql_url: str) -> Iterator[Engine]:
    for room in ROOMS:
        part(room, "models")
        part(room, "texts")
    engine = create_engine(postgresql_url)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session whose whole work is rolled back after the test; every test that asks for it runs on both databases.

    Jobs wait in their table: the engine is that of another database, where tests before this one had an application.
    """
    monkeypatch.setattr(jobs, "_hand_over", [])
    yield from rolled_back(request.getfixturevalue(request.param))


def rolled_back(engine: Engine) -> Iterator[Session]:
    """A session inside an outer transaction that never commits; services may flush and open savepoints."""
    token = writing.set(True)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()
    writing.reset(token)


WALLED = os.environ.get("CONFMGR_WALLED") == "1"
"""Whether pages are tested on PostgreSQL, as an account before which the wall stands."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Behind the wall only what has an application is another test than before it."""
    items[:] = [item for item in items if not WALLED or "application" in getattr(item, "fixturenames", ())]


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("instance")
    settings = settings_in(folder)
    if WALLED:
        settings = replace(settings, database_url=request.getfixturevalue("postgres").new_database())
    app = compiled(create_app(settings), tmp_path_factory)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        if not WALLED:
            event.listen(db.engine, "connect", without_waiting)
            Base.metadata.create_all(db.engine)
        else:
            upgrade()
            with db.engine.begin() as connection:
                for statement in ROLE:
                    connection.exec_driver_sql(statement)
            event.listen(WebSession, "after_begin", as_application, propagate=True)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def without_waiting(connection: Any, _record: object) -> None:
    """What tests write need not survive a power cut: nobody waits for the disk, as with PostgreSQL in tests."""
    connection.execute("PRAGMA synchronous=OFF")


ROLE = (
    "CREATE ROLE confmgr_reads NOLOGIN",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO confmgr_reads",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO confmgr_reads",
)


OWNS = (
    "CREATE ROLE confmgr_owns NOLOGIN",
    "GRANT CREATE ON SCHEMA public TO confmgr_owns",
    "SET ROLE confmgr_owns",
)
"""The account that owns the tables: no superuser, before whom there is no wall."""


def as_application(_session: Session, _transaction: object, connection: Connection) -> None:
    connection.exec_driver_sql("SET LOCAL ROLE confmgr_reads")


def settings_in(folder: Path) -> Settings:
    return Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'confmgr.db'}",
        base_url="http://localhost",
        secret_key="a secret for tests only, long enough to sign",
    )


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application with empty tables; what a test commits is removed after it."""
    yield application
    with application.app_context():
        token = writing.set(True)
        with db.engine.begin() as connection:
            empty(connection)
        writing.reset(token)


AUDIT = frozenset({"audit_entry", "audit_object"})


@cache
def which_hold_rows() -> str:
    """One question for the names of the tables that hold rows, those that others point at last."""
    tables = reversed(Base.metadata.sorted_tables)
    return " UNION ALL ".join(f"SELECT '{one.name}' WHERE EXISTS (SELECT 1 FROM \"{one.name}\")" for one in tables)  # noqa: S608


def empty(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # neither keys nor guards are asked
        for (name,) in connection.exec_driver_sql(which_hold_rows(), execution_options=UNGUARDED).all():
            connection.exec_driver_sql(f'DELETE FROM "{name}"', execution_options=UNGUARDED)  # noqa: S608
            if "id" in Base.metadata.tables[name].columns:
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), 1, false)")
        return
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    raw = connection.connection.cursor()  # the driver's own: no test pays for the compilation of a hundred statements
    filled = [name for (name,) in raw.execute(which_hold_rows())]
    kept = AUDIT.intersection(filled)  # triggers that are laid anew have every connection read all tables anew
    for statement in guarding.SQLITE_OFF if kept else ():
        raw.execute(statement)
    for name in filled:
        raw.execute(f'DELETE FROM "{name}"')  # noqa: S608  # a table of ours
    for statement in (*guarding.SQLITE, *guarding.OBJECTS_SQLITE) if kept else ():
        raw.execute(statement)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def stored(app: Flask) -> Iterator[Session]:
    """A session of the application's own database: what it commits, the client sees."""
    with app.app_context():
        engine = db.engine
    token = writing.set(True)
    with Session(engine, expire_on_commit=False) as session:  # no context stays open: a request must end its own
        yield session
    writing.reset(token)


BESIDE = ("SAVEPOINT", "RELEASE", "ROLLBACK TO", "PRAGMA", "SET LOCAL", "SELECT set_config")
"""Statements that ask nothing: of transactions, and what tells PostgreSQL for whom the session acts."""


class Counter:
    """Counts the statements that an engine is asked."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, _c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(BESIDE):
            self.statements.append(statement)

    @property
    def count(self) -> int:
        return len(self.statements)


@pytest.fixture
def statements(app: Flask) -> Iterator[Counter]:
    """Every statement of the application's engine while the test runs; `statements.statements.clear()` starts anew."""
    counter = Counter()
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", counter)
    yield counter
    event.remove(engine, "before_cursor_execute", counter)
