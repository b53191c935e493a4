"""Fixtures that every room's tests share."""

import gc
import os
import sqlite3
from collections.abc import Generator, Iterator
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
from confmgr.web.db import OPTIONS, WebSession, db
from tests.once import compiled
from tests.postgres import postgres, postgresql_url
from tests.quick_passwords import dear_passwords, hash_quickly

__all__ = ["dear_passwords", "postgres", "postgresql_url"]

hash_quickly()

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
"""Noon in Seoul, three weeks before the second meeting."""


STATEMENTS = 5000
"""So many compiled statements are kept: more than a page asks, and than all tests of a room do."""
OPTIONS["query_cache_size"] = STATEMENTS


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """While modules are imported nothing of note becomes garbage, and what is looked through grows."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


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
    arguments = {"check_same_thread": False, "cached_statements": STATEMENTS}
    options = {"poolclass": StaticPool, "connect_args": arguments, "query_cache_size": STATEMENTS}
    engine = prepare(create_engine("sqlite://", **options))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql(postgresql_url: str) -> Iterator[Engine]:
    for room in ROOMS:
        part(room, "models")
        part(room, "texts")
    engine = create_engine(postgresql_url, query_cache_size=STATEMENTS)
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
            event.listen(db.engine, "do_connect", keeping_statements)
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
        if not WALLED:
            sweepers(str(db.engine.url.database)).close()
        db.engine.dispose()


def keeping_statements(_dialect: object, _record: object, _arguments: object, named: dict[str, Any]) -> None:
    """What SQLite has compiled for one test, it does not compile again for the next."""
    named["cached_statements"] = STATEMENTS


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
        empty(db.engine)


KEPT = tuple(statement.split()[-1] for statement in guarding.SQLITE_OFF)
"""Triggers that let nobody remove an entry of the audit."""


@cache
def which_hold_rows() -> str:
    """One question for the names of the tables that hold rows, those that others point at last."""
    tables = reversed(Base.metadata.sorted_tables)
    return " UNION ALL ".join(f"SELECT '{one.name}' WHERE EXISTS (SELECT 1 FROM \"{one.name}\")" for one in tables)  # noqa: S608


def empty(engine: Engine) -> None:
    """Remove every row of a database in which nobody is at work."""
    if engine.dialect.name == "sqlite":
        sweep(sweepers(str(engine.url.database)))
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # neither keys nor guards are asked
        for (name,) in connection.exec_driver_sql(which_hold_rows(), execution_options=UNGUARDED).all():
            connection.exec_driver_sql(f'DELETE FROM "{name}"', execution_options=UNGUARDED)  # noqa: S608
            if "id" in Base.metadata.tables[name].columns:
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), 1, false)")


@cache
def sweepers(file: str) -> sqlite3.Connection:
    """A connection of the driver's own that asks neither keys nor the guards of the audit.

    Guards that are taken off and laid anew change the schema: every connection would read all tables and compile all
    statements anew, after every test.
    """
    connection = sqlite3.connect(file, isolation_level=None, timeout=10, cached_statements=500)
    connection.execute("PRAGMA synchronous=OFF")
    connection.set_authorizer(_unguarded)
    return connection


def _unguarded(code: int, _one: object, _other: object, _database: object, trigger: str | None) -> int:
    """What a guard would raise is left out of the statement."""
    return sqlite3.SQLITE_IGNORE if trigger in KEPT and code == sqlite3.SQLITE_SELECT else sqlite3.SQLITE_OK


def sweep(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in connection.execute(which_hold_rows()).fetchall():
        connection.execute(f'DELETE FROM "{name}"')  # noqa: S608  # a table of ours
    connection.execute("COMMIT")


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
