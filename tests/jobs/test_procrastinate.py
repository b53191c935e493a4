"""On PostgreSQL a job exists exactly when its transaction commits, and any worker on any machine does it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from confmgr.activity import guarding
from confmgr.app.factory import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import Settings
from confmgr.jobs import on_procrastinate, registry, services
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.jobs.services import enqueue
from confmgr.orm.engine import writing
from confmgr.web.db import db, transaction
from tests.conftest import NOW
from tests.postgres import Postgres


class Stopped(Exception):
    """Rolls a transaction back."""


@pytest.fixture
def on_postgresql(postgres: Postgres, tmp_path: Path) -> Iterator[Flask]:
    """An installation on a PostgreSQL database that was brought up by the migrations."""
    url, before = postgres.new_database(), list(services._hand_over)
    app = create_app(
        Settings(instance=tmp_path, database_url=url, base_url="http://localhost", secret_key="of a test, long enough")
    )
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    services._hand_over[:] = before


def waiting(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0)


@pytest.mark.slow
def test_a_committed_job_is_done_and_keeps_its_result(on_postgresql: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.tasks, "add", lambda _context, one, other: {"sum": one + other})
    with on_postgresql.app_context():
        writing.set(True)
        with transaction() as session:
            ident = enqueue(session, "add", {"one": 2, "other": 3}, owner=None, now=NOW).id
    assert waiting(on_postgresql) == 1
    on_procrastinate.work(on_postgresql, on_postgresql.extensions["confmgr"].database_url, wait=False)
    with on_postgresql.app_context():
        job = db.session.get(Job, ident)
        assert job is not None
        assert (job.state, job.result) == (JobState.DONE, {"sum": 5})


def stopped() -> None:
    with transaction() as session:
        enqueue(session, "add", {"one": 2, "other": 3}, owner=None, now=NOW)
        raise Stopped


@pytest.mark.slow
def test_a_job_of_a_transaction_that_is_rolled_back_never_existed(on_postgresql: Flask) -> None:
    with on_postgresql.app_context():
        writing.set(True)
        with pytest.raises(Stopped):
            stopped()
    assert waiting(on_postgresql) == 0


@pytest.mark.slow
def test_the_migrations_lead_to_the_tables_of_the_models_on_postgresql(on_postgresql: Flask) -> None:
    with on_postgresql.app_context():
        made = set(db.session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    assert set(db.metadata.tables) <= made


@pytest.mark.slow
def test_the_migrations_guard_the_audit_as_the_models_do(on_postgresql: Flask) -> None:
    with on_postgresql.app_context():
        laid = db.session.scalars(
            text("SELECT prosrc FROM pg_proc WHERE proname LIKE 'audit_%_guard' ORDER BY proname")
        ).all()
        triggers = db.session.scalars(
            text("SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal")
        ).all()
    written = (guarding.POSTGRESQL[0], guarding.OBJECTS_POSTGRESQL[0])
    assert [source.strip() for source in laid] == [source.split("$$")[1].strip() for source in written]
    assert sorted(triggers) == ["audit_entry_guard", "audit_entry_is_kept"]
