"""What nobody foresaw is logged with its place and without what people wrote, at all three edges."""

import logging
import os
import secrets
import subprocess
import sys

import pytest
from flask import Flask
from psycopg.errors import ForeignKeyViolation, NotNullViolation, UniqueViolation
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.errors import NotReadable, Refused
from confmgr.failures import keep_content_out_of_logs, named, told
from confmgr.gateways import clock
from confmgr.jobs import running, services
from confmgr.jobs.registry import tasks
from confmgr.web.db import transaction

CANARY = secrets.token_hex()


def broken(*_given: object, **_more: object) -> None:
    text = CANARY
    try:
        int(text)
    except ValueError as problem:
        raise KeyError(text) from problem


def check(said: str) -> None:
    assert CANARY not in said
    assert "builtins.ValueError" in said
    assert "builtins.KeyError" in said
    assert "test_failures.py" in said
    assert "in broken" in said


def test_a_request(
    app: Flask, stored: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored.commit()
    monkeypatch.setitem(app.view_functions, "security.login", broken)
    assert app.test_client().get("/sign-in").status_code == 500
    check(caplog.text)


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [
        (UniqueViolation, 409, "Somebody else changed this while you had it open."),
        (ForeignKeyViolation, 409, "Nothing was saved; open it again to see the change."),
        (NotNullViolation, 500, "The error has been logged."),
    ],
)
def test_who_was_quicker_is_said_and_what_the_program_did_wrong_stays_an_error(
    app: Flask,
    stored: Session,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Exception],
    status: int,
    says: str,
) -> None:
    def writes() -> None:
        said = kind(CANARY)
        raise IntegrityError("INSERT", {"name": CANARY}, said) from said

    stored.commit()
    monkeypatch.setitem(app.view_functions, "security.login", writes)
    answer = app.test_client().get("/sign-in")
    assert answer.status_code == status
    assert says in answer.text
    assert kind.__name__ in caplog.text
    assert CANARY not in caplog.text


def test_a_job(app: Flask, stored: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tasks, "of_this_test", broken)
    with app.app_context(), transaction() as session:
        job_id = services.enqueue(session, "of_this_test", {}, owner=None, now=clock.now()).id
    running.run(app, job_id)
    check(caplog.text)


COMMAND = """
import click, sys
sys.path.insert(0, sys.argv.pop(1))
from confmgr.app import cli
from tests.app import test_failures
test_failures.CANARY = sys.argv.pop(1)
cli._add_rooms = lambda: cli.cli.add_command(click.Command("ingest", callback=test_failures.broken))
cli.main()
"""


def test_a_command() -> None:
    command = [sys.executable, "-c", COMMAND, os.getcwd(), CANARY, "ingest"]  # noqa: PTH109
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == os.EX_TEMPFAIL
    assert "confmgr stopped" in done.stderr
    check(done.stdout + done.stderr)


def test_whoever_logs_it_and_however_often_the_application_is_made(caplog: pytest.LogCaptureFixture) -> None:
    keep_content_out_of_logs()
    made = logging.getLogRecordFactory()
    keep_content_out_of_logs()
    assert logging.getLogRecordFactory() is made
    try:
        broken()
    except KeyError:
        logging.getLogger("huey").exception("in a library")
    check(caplog.text)


THREAD = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from confmgr.failures import keep_content_out_of_logs
from tests.app import test_failures
test_failures.CANARY = sys.argv[2]
keep_content_out_of_logs()

class Closing:
    def __del__(self):
        test_failures.broken()

if sys.argv[3] == "thread":
    ending = threading.Thread(target=test_failures.broken)
    ending.start()
    ending.join()
    quiet = threading.Thread(target=sys.exit)
    quiet.start()
    quiet.join()
else:
    Closing()
"""


@pytest.mark.parametrize("where", ["thread", "finaliser"])
def test_what_python_itself_prints(where: str) -> None:
    command = [sys.executable, "-c", THREAD, os.getcwd(), CANARY, where]  # noqa: PTH109
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    check(done.stdout + done.stderr)
    assert "SystemExit" not in done.stderr


def test_an_own_error_keeps_the_words_of_the_code_and_not_those_of_people() -> None:
    refused = named(Refused("not_of_its_kind", field="identifiers", value=CANARY))
    assert refused == "confmgr.errors.Refused (identifiers, not_of_its_kind)"
    assert named(NotReadable("no_table", sheet=CANARY)) == "confmgr.errors.NotReadable (no_table)"
    assert named(OSError(2, CANARY)) == "builtins.FileNotFoundError (2)"


def test_errors_of_a_group_and_of_a_circle_are_told_once() -> None:
    first, second = ValueError(CANARY), TypeError(CANARY)
    first.__cause__, second.__cause__ = second, first
    said = told(ExceptionGroup(CANARY, [first]))
    assert said.splitlines() == ["builtins.TypeError", "builtins.ValueError", "builtins.ExceptionGroup"]
