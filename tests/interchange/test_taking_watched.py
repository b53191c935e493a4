"""The page of a job that brings in a file: how far it is, stopped, and what came in at the end."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from confmgr.interchange.handing import TAKE_IN
from confmgr.interchange.models import UploadedWorkbook
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.sharing.models import Item
from tests import make
from tests.conftest import Counter
from tests.interchange.make_exchange import (
    IN,
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
    text_of,
)
from tests.make_scheduling import World, as_, once

pytestmark = pytest.mark.usefixtures("small_parts")
SLEEP = "confmgr.interchange.tasks.time.sleep"
"""Between two parts: what a test does then happens there."""


def test_the_page_tells_how_far_it_is_asks_by_itself_and_can_be_opened_again(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pressed(client, stored, many(8))
    waits = client.get(page_of(job))
    assert waits.headers["Refresh"] == "2"
    assert "Waiting to start" in waits.text
    reads = app.test_client()
    make.sign_in(reads, stored, giver.head_kh)
    stored.commit()
    told: list[str] = []
    monkeypatch.setattr(SLEEP, lambda _seconds: told.append(text_of(reads.get(page_of(job)).text)))
    ran(app, stored, job)
    for said, page in zip(("3 drafts were written.", "6 drafts were written."), told, strict=False):
        assert said in page
        assert "You can leave this page" in page
    assert "6 of 8" in told[1]
    assert IN in client.get(page_of(job)).text
    assert page_of(job) in client.get(IN).text


def test_the_page_at_the_end_leads_to_what_came_in_and_says_of_the_rest_where_it_stands_and_why(
    app: Flask, client: FlaskClient, stored: Session, giver: World
) -> None:
    before = ran(app, stored, pressed(client, stored, many(4)))
    assert before.state is JobState.DONE
    mine = [brought_case(), brought_case(2, concerns=["VN"]), brought_case(3, party="TH")]
    leads = [brought_lead(number) for number in range(3, 8)]
    file = exchange_file(mine, [*leads, brought_lead(8, case=9)])
    job = ran(app, stored, pressed(client, stored, file, 3))
    page = client.get(page_of(job))
    assert "Refresh" not in page.headers
    text = text_of(page.text)
    for said in (
        "4 drafts were written.",
        "Already there, and left as it is 2 cases 1, leads 1",
        "Concerns a party that has no delegation here 1 cases 2",
        "Given by another party, which alone can bring it in 1 cases 3",
        "Its case is neither here nor new in this file 1 leads 6",
    ):
        assert said in text, said
    stored.rollback()
    for item in stored.scalars(select(Item).where(Item.reference.in_(["L-4", "L-7"]))):
        assert f'href="/leads/{item.uuid}"' in page.text
    assert "Recruiter 7" in text


def test_it_stops_when_asked_and_the_same_file_brings_in_the_rest(
    app: Flask, client: FlaskClient, stored: Session, giver: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pressed(client, stored, many(9))

    def press() -> None:
        with app.test_client() as other:
            make.sign_in(other, stored, giver.head_kh)
            stored.commit()
            assert other.post(f"{page_of(job)}/stop").location == page_of(job)
            assert "It stops after the part that is being written." in other.get(page_of(job)).text

    monkeypatch.setattr(SLEEP, lambda _seconds: press() if len(drafts(stored)) == 6 else None)
    ran(app, stored, job)
    assert job.state is JobState.CANCELLED
    assert len(drafts(stored)) == 6
    assert files(stored) == 0
    text = text_of(client.get(page_of(job)).text)
    assert "It was stopped before the end. 6 drafts were written. 3 of the file were not looked at any more." in text
    looked = sent(client, many(9), 5).location
    assert client.post(looked, data={"once": once(6)}).location == "/meetings/seoul-2/cases"
    assert len(drafts(stored)) == 9


def test_one_that_is_stopped_before_it_began_ends_at_once_and_its_file_goes(
    app: Flask, client: FlaskClient, stored: Session, giver: World
) -> None:
    job = pressed(client, stored, many(5))
    client.post(f"{page_of(job)}/stop")
    assert files(stored) == 0
    assert ran(app, stored, job).state is JobState.CANCELLED
    assert drafts(stored) == []
    assert "0 drafts were written. 5 of the file were not looked at" in text_of(client.get(page_of(job)).text)
    assert client.post(f"{page_of(job)}/stop").location == page_of(job)


def test_a_file_that_a_job_brings_in_is_given_to_nobody_else_and_not_replaced_by_the_next(
    app: Flask, client: FlaskClient, stored: Session, giver: World
) -> None:
    looked = sent(client, many(6)).location
    pressed_once = client.post(looked, data={"once": once(2)}).location
    assert client.post(looked, data={"once": once(3)}).location == pressed_once
    assert client.get(looked).location == pressed_once
    other = sent(client, many(2), 4).location
    assert files(stored) == 2
    (job,) = stored.scalars(select(Job).where(Job.kind == TAKE_IN)).all()
    stored.commit()
    assert ran(app, stored, job).done == 6
    assert client.post(other, data={"once": once(5)}).status_code == 422  # all of it is here by now
    as_(client, stored, giver.head_th)
    assert client.get(pressed_once).status_code == 404
    assert client.post(f"{pressed_once}/stop").status_code == 404
    as_(client, stored, giver.organiser)
    assert client.get(pressed_once).status_code == 404


def test_a_job_whose_file_is_gone_says_that_it_ended_early(
    app: Flask, client: FlaskClient, stored: Session, giver: World
) -> None:
    job = pressed(client, stored, many(6))
    stored.execute(delete(UploadedWorkbook))
    stored.commit()
    assert ran(app, stored, job).state is JobState.DONE
    assert "It stopped before the end" in client.get(page_of(job)).text


def test_the_page_of_what_came_in_asks_as_much_of_few_as_of_many(
    app: Flask, client: FlaskClient, stored: Session, giver: World, statements: Counter
) -> None:
    asked = []
    for rows in (4, 40):
        job = ran(app, stored, pressed(client, stored, many(rows), rows))
        statements.statements.clear()
        assert client.get(page_of(job)).status_code == 200
        asked.append(statements.count)
    assert asked[0] == asked[1]
