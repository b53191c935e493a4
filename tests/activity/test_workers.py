"""Sealing by workers, several at once, and the command that looks over the chain."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from confmgr.activity import cli, guarding, heads, queries, services
from confmgr.activity.domain import Head
from confmgr.app.factory import create_app
from confmgr.app.migrating import upgrade
from confmgr.errors import ConfmgrError
from confmgr.gateways import clock
from confmgr.jobs import moments, running
from confmgr.jobs.registry import often
from confmgr.orm.base import Base
from confmgr.orm.engine import prepare, writing
from confmgr.web.db import db
from tests.conftest import NOW, settings_in
from tests.postgres import Postgres

ENTRIES = 300


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, application: Flask) -> Iterator[Engine]:
    """A database of its own, to which several connections write."""
    if request.param == "sqlite":
        made = prepare(create_engine(f"sqlite:///{tmp_path / 'audit.db'}"))
    else:
        server: Postgres = request.getfixturevalue("postgres")
        made = create_engine(server.new_database())
    writing.set(True)
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def note(session: Session, number: int, kind: str = "lead") -> None:
    for _ in range(number):
        services.record(session, actor=None, now=NOW, action="read", object_type=kind)


def test_workers_that_seal_at_once_while_others_write_make_one_chain(engine: Engine) -> None:
    def write() -> None:
        writing.set(True)
        for _ in range(ENTRIES // 10):
            with Session(engine) as session, session.begin():
                note(session, 5)

    def seal() -> None:
        writing.set(True)
        for _ in range(20):
            with Session(engine) as session, session.begin():
                services.seal(session, most=20)

    threads = [threading.Thread(target=job) for job in (write, seal, seal, write, seal)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session, session.begin():
        while services.seal(session, most=50):
            pass
        report = queries.check(session)
    assert (report.broken, report.checked, report.unsealed) == (None, ENTRIES, 0)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Flask]:
    """An installation of its own with some entries."""
    app = create_app(settings_in(tmp_path))
    with app.app_context():
        writing.set(True)
        Base.metadata.create_all(db.engine)
        note(db.session(), 3)
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def verify(app: Flask, *arguments: str, now: float = 0) -> Result:
    with app.app_context(), clock.frozen(NOW + timedelta(seconds=now)):
        return CliRunner().invoke(cli.audit, ["verify", *arguments])


def test_the_command_makes_no_database_where_there_is_none(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    file = Path(make_url(settings.database_url).database or "")
    file.unlink(missing_ok=True)
    found = verify(create_app(settings))
    assert isinstance(found.exception, ConfmgrError)
    assert "There is no database in" in str(found.exception)
    assert not file.exists()


def test_the_command_tells_what_is_sealed_and_what_waits(own: Flask, tmp_path: Path) -> None:
    found = verify(own)
    assert found.exit_code == 0
    assert found.output.splitlines()[0] == "Nothing is sealed yet."
    assert "Not sealed yet: 3, the oldest of 2026-01-15T03:00:00+00:00." in found.output
    assert verify(own, now=61).exit_code == 3
    running.run_often(own)
    found = verify(own, now=61)
    assert found.exit_code == 0
    assert found.output.splitlines()[0] == "Whole from 1 to 3."
    assert found.output.splitlines()[2] == "Nothing waits for its seal."
    kept = heads.read(tmp_path)
    assert kept is not None
    assert found.output.splitlines()[1] == f"Last seal: 3 {kept.seal}"
    assert verify(own, "--from", "3").output.splitlines()[0] == "Whole from 3 to 3."
    assert verify(own, "--from", "0").exit_code == 2
    assert verify(own, "--from", "x").exit_code == 2


def tampered(app: Flask, statement: str) -> None:
    with app.app_context():
        writing.set(True)
        for off in guarding.SQLITE_OFF:
            db.session.execute(text(off))
        db.session.execute(text(statement))
        db.session.commit()


def test_the_command_names_the_first_broken_entry(own: Flask) -> None:
    running.run_often(own)
    tampered(own, "UPDATE audit_entry SET action = 'export' WHERE sealed_as = 2")
    found = verify(own)
    assert found.exit_code == 1
    assert "Whole from 1 to 1." in found.output
    assert "Broken: entry 2, sealed as 2, was changed after it was sealed." in found.output


def test_a_chain_that_was_cut_is_told_and_goes_on_without_hiding_it(
    own: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    running.run_often(own)
    tampered(own, "DELETE FROM audit_entry WHERE sealed_as > 1")
    assert "entries from 2 on are missing: this machine has kept the seal of a later one" in verify(own).output
    with own.app_context():
        writing.set(True)
        note(db.session(), 5, "case")
        db.session.commit()
    with caplog.at_level(logging.ERROR):
        running.run_often(own)
    assert "run confmgr audit verify" in caplog.text
    assert heads.read(tmp_path) != Head(6)
    found = verify(own)
    assert found.exit_code == 1
    assert "seal 3 is another one than this machine has kept" in found.output


def test_a_seal_that_cannot_be_read_ends_the_command_with_an_error_and_sealing_goes_on(
    own: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / heads.NAME).write_text("?")
    running.run_often(own)
    assert "the seal that was kept cannot be read" in caplog.text
    assert verify(own).exception is not None
    with own.app_context():
        assert queries.head(db.session()).number == 3


def test_the_worker_seals_every_few_seconds(own: Flask, tmp_path: Path) -> None:
    assert often == ["seal_audit"]
    assert moments.PAUSE <= 5
    with moments.beside(own) as child:
        for _ in range(100):
            if heads.read(tmp_path):
                break
            child.join(0.1)
        assert child.is_alive()
    assert not child.is_alive()
    kept = heads.read(tmp_path)
    assert kept is not None
    assert kept.number == 3


def test_the_migrations_guard_the_audit_as_the_models_do(tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path))
    with app.app_context():
        upgrade()
        of = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%' ORDER BY rowid"
        laid = db.session.scalars(text(of)).all()
        db.engine.dispose()
    assert laid == [*guarding.SQLITE, *guarding.OBJECTS_SQLITE]
