"""A file of many cases and leads comes in by parts: gone on with, ended by whatever ends it, and never twice."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.interchange.exchange import parts, taking
from confmgr.interchange.models import UploadedWorkbook
from confmgr.jobs import running, services
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import Item
from tests.interchange.make_exchange import (
    brought_case,
    brought_lead,
    drafts,
    exchange_file,
    files,
    many,
    page_of,
    pressed,
    ran,
    sent,
    silent,
    text_of,
)
from tests.make_scheduling import World, once

pytestmark = pytest.mark.usefixtures("small_parts")
SLEEP = "confmgr.interchange.tasks.time.sleep"
"""Between two parts: what a test does then happens there."""
AT_ONCE = taking.AT_ONCE


@pytest.mark.parametrize(("rows", "by_job"), [(1, False), (3, False), (4, True), (10, True)])
def test_a_small_file_comes_in_at_once_and_a_larger_one_by_a_job(
    app: Flask, client: FlaskClient, stored: Session, giver: World, rows: int, by_job: bool
) -> None:
    file = many(rows)
    if by_job:
        job = ran(app, stored, pressed(client, stored, file))
        assert (job.state, job.done, job.total, job.problem) == (JobState.DONE, rows, rows, None)
    else:
        looked = sent(client, file).location
        assert client.post(looked, data={"once": once(2)}).location == "/meetings/seoul-2/cases"
    assert drafts(stored) == ["C-1", *(f"L-{number}" for number in range(1, rows))]
    assert files(stored) == 0
    states = set(stored.execute(select(Item.state, Item.author_id, Item.originator_id)).all())
    assert states == {(ItemState.DRAFT, giver.head_kh.id, giver.kh.party_id)}
    ids = [
        one
        for entry in stored.scalars(select(AuditEntry.object_ids).where(AuditEntry.action == "import"))
        for one in entry
    ]
    assert ids == [str(one) for one in stored.scalars(select(Item.uuid).order_by(Item.id))]


def test_eighty_come_in_at_once_and_eighty_one_in_two_parts(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", AT_ONCE)
    monkeypatch.setattr(parts, "AT_ONCE", AT_ONCE)
    looked = sent(client, many(80)).location
    assert client.post(looked, data={"once": once(2)}).location == "/meetings/seoul-2/cases"
    assert len(drafts(stored)) == 80
    others = exchange_file([brought_case(2)], [brought_lead(number, case=2) for number in range(100, 180)])
    assert ran(app, stored, pressed(client, stored, others, 3)).done == 81
    assert len(drafts(stored)) == 161
    stored.rollback()
    lists = stored.scalars(select(AuditEntry.object_ids).where(AuditEntry.action == "import")).all()
    assert sorted(len(one) for one in lists) == [1, 80, 80]


@pytest.mark.parametrize("within", [False, True])
def test_after_the_death_of_a_worker_another_goes_on_and_nothing_comes_in_twice(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch, within: bool
) -> None:
    job = pressed(client, stored, many(10))
    original, written = taking.Pen.write, [0]

    def write(self: taking.Pen, one: Any) -> None:
        original(self, one)
        written[0] += 1
        if written[0] == 5 and within:  # in the middle of a part
            raise SystemExit

    monkeypatch.setattr(taking.Pen, "write", write)
    if not within:
        monkeypatch.setattr(SLEEP, dies_after(2))
    with pytest.raises(SystemExit):
        running.run(app, job.id)
    assert len(drafts(stored)) == (3 if within else 6)
    assert files(stored) == 1
    assert "drafts were written." in client.get(page_of(job)).text
    running.run(app, job.id)  # it is not taken from a worker that was heard of a moment ago
    assert len(drafts(stored)) == (3 if within else 6)
    silent(stored, job)
    monkeypatch.setattr(SLEEP, lambda _seconds: None)
    ran(app, stored, job)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert drafts(stored) == ["C-1", *(f"L-{number}" for number in range(1, 10))]
    assert parts.Told.by(job).left == ()
    assert len(set(parts.Told.by(job).written)) == 10
    assert files(stored) == 0


def dies_after(number: int, error: type[BaseException] = SystemExit) -> Callable[[float], None]:
    calls: list[float] = []

    def sleep(seconds: float) -> None:
        calls.append(seconds)
        if len(calls) == number:
            raise error

    return sleep


def test_a_worker_that_was_taken_for_dead_and_the_one_after_it_bring_nothing_in_twice(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pressed(client, stored, many(10))
    second: list[bool] = []

    def sleeps_long(_seconds: float) -> None:
        if not second:
            second.append(True)
            silent(stored, job)
            running.run(app, job.id)

    monkeypatch.setattr(SLEEP, sleeps_long)
    ran(app, stored, job)
    assert drafts(stored) == ["C-1", *(f"L-{number}" for number in range(1, 10))]
    assert (job.state, job.attempts, len(parts.Told.by(job).written), parts.Told.by(job).left) == (
        JobState.DONE, 2, 10, (),
    )  # fmt: skip


@pytest.mark.parametrize("loses", ["membership", "role", "account", "delegation"])
def test_who_lost_the_right_meanwhile_brings_nothing_more_in(
    app: Flask,
    client: FlaskClient,
    stored: Session,
    giver: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    loses: str,
) -> None:
    job = pressed(client, stored, many(10))

    def lose(_seconds: float) -> None:
        if len(drafts(stored)) != 6:
            return
        mine = update(Membership).where(Membership.user_id == giver.head_kh.id)
        if loses == "membership":
            stored.execute(mine.values(ends_at=clock.now() - timedelta(seconds=1)))
        elif loses == "role":
            stored.execute(mine.values(role=Role.INTERPRETER))
        elif loses == "delegation":
            stored.execute(mine.values(delegation_id=giver.th.id))
        else:
            giver.head_kh.active = False
            stored.add(giver.head_kh)
        stored.commit()

    monkeypatch.setattr(SLEEP, lose)
    ran(app, stored, job)
    assert len(drafts(stored)) == 6
    assert files(stored) == 0
    assert parts.Told.by(job).end is parts.End.NOT_ALLOWED
    assert f"job {job.id} ended early: not_allowed" in caplog.text
    page = client.get(page_of(job))
    if loses in {"membership", "account"}:
        assert page.status_code in {302, 401, 404}
    else:
        text = text_of(page.text)
        assert "because you do not speak for this party any more. 6 drafts were written." in text
        assert ("Recruiter" in text) is (loses == "role")  # who interprets for a party reads what it gave


def test_what_the_file_says_is_neither_in_the_row_of_the_job_nor_in_the_log(
    app: Flask, client: FlaskClient, stored: Session, giver: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = many(6, title={"en": "Canary"}, body={"en": "Canary"}, identifiers=[{"kind": "alias", "value": "Canary"}])
    file["leads"].append(brought_lead(77, case=9, title={"en": "Canary"}))
    job = ran(app, stored, pressed(client, stored, file))
    row = json.dumps([job.args, job.result, job.step, job.problem])
    for secret in ("Canary", "L-77", "L-1", "C-1"):
        assert secret not in row
        assert secret not in caplog.text
    assert set(job.args) == {"file", "party"}


def test_an_error_ends_it_with_what_is_in_and_without_the_file(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pressed(client, stored, many(7))
    monkeypatch.setattr(SLEEP, dies_after(1, RuntimeError))
    ran(app, stored, job)
    assert (job.state, job.problem) == (JobState.FAILED, "RuntimeError")
    forgets(app, stored)
    assert files(stored) == 0
    text = text_of(client.get(page_of(job)).text)
    assert "with an error that has been logged. 3 drafts were written. 4 of the file were not looked at" in text


@pytest.mark.parametrize("seen", ["by_the_service", "by_the_database"])
def test_what_somebody_else_of_the_party_writes_in_this_moment_is_left_out_alone(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch, seen: str
) -> None:
    original = taking.Pen.write

    def write(self: taking.Pen, one: Any) -> None:
        if one.reference == "KH/L-2":
            raise Refused("reference_taken") if seen == "by_the_service" else IntegrityError("", {}, Exception())
        if one.reference == "KH/L-4":
            original(self, one)
            raise Refused("not_of_its_kind")  # nothing of it stays
        original(self, one)

    monkeypatch.setattr(taking.Pen, "write", write)
    job = ran(app, stored, pressed(client, stored, many(6)))
    assert drafts(stored) == ["C-1", "L-1", "L-3", "L-5"]
    assert parts.Told.by(job).left == (("leads 2", taking.Fate.HERE), ("leads 4", taking.Fate.REFUSED))


def test_leads_on_a_case_that_could_not_be_written_are_left_out_too(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = taking.Pen.write

    def write(self: taking.Pen, one: Any) -> None:
        if one.reference == "KH/C-1":
            raise Refused("not_of_its_kind")
        original(self, one)

    monkeypatch.setattr(taking.Pen, "write", write)
    job = ran(app, stored, pressed(client, stored, many(6)))
    assert drafts(stored) == []
    assert [fate for _place, fate in parts.Told.by(job).left] == [taking.Fate.REFUSED, *[taking.Fate.NO_CASE] * 5]


def test_a_file_that_nobody_brings_in_is_dropped_after_a_day_unless_a_job_has_it(
    app: Flask, client: FlaskClient, stored: Session, giver: World
) -> None:
    job = pressed(client, stored, many(6))
    sent(client, many(2), 4)
    stored.execute(update(UploadedWorkbook).values(at=clock.now() - timedelta(days=2)))
    stored.commit()
    forgets(app, stored)
    assert files(stored) == 1
    assert ran(app, stored, job).done == 6


def test_a_file_that_has_the_number_of_one_with_which_a_job_failed_stays(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pressed(client, stored, many(7))
    monkeypatch.setattr(SLEEP, dies_after(1, RuntimeError))
    ran(app, stored, job)
    forgets(app, stored)
    sent(client, many(2), 4)
    number = stored.scalar(select(UploadedWorkbook.id))
    stored.execute(update(Job).where(Job.id == job.id).values(args={**job.args, "file": number}))
    stored.commit()
    forgets(app, stored)
    assert files(stored) == 1


def forgets(app: Flask, session: Session) -> None:
    """A minute passes."""
    job = services.enqueue(session, "forget_cases_and_leads", {}, owner=None, now=clock.now())
    session.commit()
    running.run(app, job.id)
