"""How a job ends: done, or cancelled because somebody asked it to stop or nobody does it any more."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.jobs import registry, running, services
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.jobs.registry import Context
from confmgr.orm.acting import ActingSession
from tests import make
from tests.conftest import NOW

Register = Callable[[str, registry.Task], None]


@pytest.fixture
def register() -> Iterator[Register]:
    """Kinds of jobs that are known during one test."""
    before = dict(registry.tasks)

    def known(kind: str, function: registry.Task) -> None:
        registry.task(kind)(function)

    yield known
    registry.tasks.clear()
    registry.tasks.update(before)


def ended(app: Flask, session: Session, kind: str, *, owner: User | None = None, asked_to_stop: bool = False) -> Job:
    """A job of somebody, after it ran."""
    job = services.enqueue(session, kind, {}, owner=owner or make.user(session), now=NOW)
    job.cancel_asked = asked_to_stop
    session.commit()
    running.run(app, job.id)
    session.refresh(job)
    session.commit()
    return job


def looks(context: Context) -> dict[str, Any]:
    return {"sheets": 1 if context.cancelled() else 9}


def finishes(_context: Context) -> dict[str, Any]:
    return {"sheets": 9}


def breaks(context: Context) -> dict[str, Any]:
    context.progress(3, 9, facts={"sheets": 3})
    raise RuntimeError


def test_a_job_that_fails_keeps_what_it_told_until_then(app: Flask, stored: Session, register: Register) -> None:
    register("of_this_test", breaks)
    job = ended(app, stored, "of_this_test")
    assert (job.state, job.result, job.problem) == (JobState.FAILED, {"sheets": 3}, "RuntimeError")


@pytest.mark.parametrize("whole", [True, False])
def test_the_page_of_a_failed_job_says_that_nothing_was_changed_only_where_that_is_so(
    app: Flask,
    client: FlaskClient,
    stored: Session,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    *,
    whole: bool,
) -> None:
    register("of_this_test", breaks)
    monkeypatch.setattr(registry, "whole", {"of_this_test"} if whole else set())
    owner = make.user(stored)
    job = ended(app, stored, "of_this_test", owner=owner)
    make.sign_in(client, stored, owner)
    page = client.get(f"/jobs/{job.uuid}").text
    assert ("nothing was changed" in page, "what was done before then stays" in page) == (whole, not whole)


def test_work_that_is_done_part_by_part_or_sends_mail_does_not_claim_to_change_all_or_nothing() -> None:
    assert registry.whole == {"plan_meeting", "print_document"}


def test_a_job_reads_with_the_eyes_of_the_person_for_whom_it_acts(
    app: Flask, stored: Session, register: Register
) -> None:
    eyes: list[int | None] = []

    def sees(context: Context) -> None:
        with context.session() as session:
            assert isinstance(session, ActingSession)
            eyes.append(session.viewer if session.purpose is None else None)

    register("of_this_test", sees)
    owner = make.user(stored)
    job = services.enqueue(stored, "of_this_test", {}, owner=owner, acting_for=owner, now=NOW)
    stored.commit()
    running.run(app, job.id)
    ended(app, stored, "of_this_test", owner=owner)
    assert eyes == [owner.id, None]


@pytest.mark.parametrize(
    ("task", "asked_to_stop", "state", "sheets"),
    [
        pytest.param(looks, True, JobState.CANCELLED, 1, id="stopped"),
        pytest.param(looks, False, JobState.DONE, 9, id="left_alone"),
        pytest.param(finishes, True, JobState.DONE, 9, id="asked_too_late"),
    ],
)
def test_a_job_that_stopped_when_asked_is_cancelled_and_keeps_what_it_has(
    app: Flask,
    stored: Session,
    register: Register,
    task: registry.Task,
    asked_to_stop: bool,
    state: JobState,
    sheets: int,
) -> None:
    register("of_this_test", task)
    job = ended(app, stored, "of_this_test", asked_to_stop=asked_to_stop)
    assert (job.state, job.result, job.problem) == (state, {"sheets": sheets}, None)


def test_a_job_that_no_version_does_any_more_is_cancelled_once_and_said_so(
    app: Flask, client: FlaskClient, stored: Session, caplog: pytest.LogCaptureFixture
) -> None:
    owner = make.user(stored)
    job = ended(app, stored, "print_schedule", owner=owner)
    assert (job.state, job.problem, job.attempts) == (JobState.CANCELLED, None, 1)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"job {job.id}: this version does no print_schedule" in caplog.text
    assert running.left_over(app) == []
    make.sign_in(client, stored, owner)
    page = client.get(f"/jobs/{job.uuid}").text
    assert "Cancelled" in page
    assert "stopped with an error" not in page
