import os
import re
import signal
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.jobs import running
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.jobs.registry import tasks
from confmgr.jobs.running import RunningJob
from confmgr.scheduling.conflicts import Clash, ClashKind
from confmgr.scheduling.domain import AppliedState, Keep
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.scheduling.plans import fail, offer, prepare, start_plan
from confmgr.scheduling.wording import left_as_they_were
from tests import make
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, interpreter, move, once, world
from tests.planner.make_instances import long_task
from tests.planner.processes import planning

BASE = "/meetings/seoul-2/plan"


def offered(session: Session, here: World) -> PlanRun:
    """A plan that puts R1 to 09:00 at T1, R2 to 09:40 at T1, and leaves R3 out."""
    for reference in ("R1", "R2", "R3"):
        bilateral(session, here, starts=None, place=None, reference=reference)
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW)
    offer(
        session,
        run,
        {
            "status": "feasible",
            "placements": {
                "R1": {"start": 0, "place": "T1", "interpreters": []},
                "R2": {"start": 2, "place": "T1", "interpreters": []},
            },
            "levels": [],
            "unplaced": ["R3"],
            "because": [{"meeting": "R3", "kind": "no_common_time", "parties": ["KH", "TH"], "slots": 2}],
            "moved": [],
            "seconds": 1.0,
            "seed": 1,
        },
    )
    return run


@pytest.mark.parametrize("verified", [True, False])
def test_a_reason_that_no_second_solve_has_found_says_so_on_the_page_and_on_the_board(
    client: FlaskClient, stored: Session, *, verified: bool
) -> None:
    here = world(stored)
    run = offered(stored, here)
    assert run.plan is not None
    run.plan = run.plan | {"because": [run.plan["because"][0] | {"verified": verified}]}
    run.options = run.options | {"notes": [{"kind": "off_grid", "names": ["R1"]}]}
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/{run.uuid}").text
    panel = client.get(f"/meetings/seoul-2/board/plan/{run.uuid}").json
    assert panel is not None
    assert ["counted, not proven" in text for text in (page, panel["html"])] == [not verified] * 2
    assert ["counts as taken: KH–TH." in text for text in (page, panel["html"])] == [True] * 2


def test_the_board_offers_to_move_what_has_a_time_where_nothing_waits_for_one(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    as_(client, stored, here.organiser)
    assert 'value="close" checked' in client.get("/meetings/seoul-2/board/plan").text
    move(stored, here, row, None)
    stored.commit()
    assert 'value="placed" checked' in client.get("/meetings/seoul-2/board/plan").text


def starts(session: Session) -> dict[str, str | None]:
    rows = session.scalars(select(MeetingSession).execution_options(populate_existing=True))
    found = {row.reference: row.starts_local.isoformat() if row.starts_local else None for row in rows}
    session.commit()
    return found


@pytest.mark.slow
def test_a_plan_is_asked_for_computed_by_a_job_looked_at_and_taken(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    interpreter(stored, here)
    for reference in ("R1", "R2"):
        bilateral(
            stored, here, starts=None, place=None, reference=reference, interpretation="km-th", interpreters_wanted=1
        )
    as_(client, stored, here.organiser)
    asked = client.post(BASE, data={"once": once()})
    job = stored.scalars(select(Job).where(Job.kind == "plan_meeting")).one()
    run = stored.scalars(select(PlanRun)).one()
    assert asked.headers["Location"] == f"{BASE}/{run.uuid}"
    watched = client.get(f"{BASE}/{run.uuid}")
    assert watched.headers["Refresh"] == "1"
    assert "Looking for a schedule" in watched.text
    job.args = job.args | {"seconds": 1.0}
    stored.commit()
    running.run(app, job.id)
    stored.commit()
    assert f'href="{BASE}/{run.uuid}"' in client.get(f"/jobs/{job.uuid}").text
    page = client.get(f"{BASE}/{run.uuid}").text
    assert "2 placed, 0 left out" in page
    assert "Chea Vanna" in page
    client.post(f"{BASE}/{run.uuid}", data={"once": once(2), "take": ["R1", "R2"]})
    placed = starts(stored)
    assert None not in placed.values()
    assert placed["R1"] != placed["R2"]


def at_work(session: Session, here: World, **facts: object) -> PlanRun:
    """A run of one session whose planner has told how far it is."""
    bilateral(session, here, starts=None, place=None)
    run = start_plan(session, here.meeting, actor=here.organiser, now=NOW)
    assert run.job is not None
    run.job.state = JobState.RUNNING
    run.job.result = {
        "levels": [
            {"name": "unplaced", "value": 0, "bound": 0},
            {"name": "idle", "value": 12, "bound": 9},
            {"name": "lateness", "value": 70, "bound": 0},
        ],
        "placed": 3,
        "wanted": 4,
        "seconds": 2.4,
        "allowed": 8.0,
    } | facts
    return run


def test_how_far_the_planner_is_survives_a_reload_in_words(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = at_work(stored, here)
    as_(client, stored, here.organiser)
    for _ in range(2):
        page = client.get(f"{BASE}/{run.uuid}").text
        assert "3 of 4 placed, 2 of 8 seconds" in page
        assert (
            "At work on: Slots in which delegations wait between two meetings. So far 12, and it cannot be less than 9."
            in page
        )
        assert page.count("proven best") == 1
    assert f'data-run="{run.uuid}"' in client.get("/meetings/seoul-2/board").text
    panel = client.get(f"/meetings/seoul-2/board/plan/{run.uuid}").get_json()
    assert panel["working"]
    assert "at work, not below 9" in panel["html"]
    assert run.job is not None
    assert "So far 12" in client.get(f"/jobs/{run.job.uuid}").text


def test_stopping_is_asked_of_the_job_and_said(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = at_work(stored, here)
    as_(client, stored, here.organiser)
    page = client.post(f"{BASE}/{run.uuid}/stop", follow_redirects=True).text
    assert "Stopping; the best plan so far is kept." in page
    assert run.job is not None
    stored.refresh(run.job)
    assert run.job.cancel_asked
    run.job.state = JobState.DONE
    run.state = AppliedState.DISCARDED
    stored.commit()
    assert client.post(f"{BASE}/{run.uuid}/stop").status_code == 422


def test_a_planner_that_is_stopped_before_it_begins_has_no_plan(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = at_work(stored, here)
    assert run.job is not None
    run.job.state = JobState.WAITING
    as_(client, stored, here.organiser)
    client.post(f"{BASE}/{run.uuid}/stop")
    stored.refresh(run)
    assert run.state is AppliedState.FAILED
    assert "The planner ended without a plan. Nothing was changed." in client.get(f"{BASE}/{run.uuid}").text


def test_how_the_planner_ended_without_a_plan_is_said(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = at_work(stored, here)
    fail(stored, run, "memory")
    as_(client, stored, here.organiser)
    assert "The planner needed more memory than it may use." in client.get(f"{BASE}/{run.uuid}").text
    panel = client.get(f"/meetings/seoul-2/board/plan/{run.uuid}").get_json()
    assert "more memory than it may use" in panel["html"]


class Fatal(RunningJob):
    """The context of a job whose planner is killed once it has told of a plan for a while."""

    def progress(
        self, done: int, total: int | None = None, step: str | None = None, facts: dict[str, Any] | None = None
    ) -> None:
        super().progress(done, total, step, facts)
        if facts and facts["levels"] and facts["seconds"] > 3:
            for child in planning():
                os.kill(child, signal.SIGKILL)


@pytest.mark.slow
def test_of_a_planner_that_dies_the_best_plan_is_offered_and_said_to_be_that(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    run = at_work(stored, here)
    run.instance = long_task()
    stored.commit()
    assert run.job is not None
    with app.app_context():
        tasks["plan_meeting"](Fatal(run.job.id), run_id=run.id, seconds=60.0)
    stored.expire_all()
    assert (run.state, run.options["end"]) == (AppliedState.OFFERED, "died")
    assert run.plan is not None
    assert run.plan["placements"]
    as_(client, stored, here.organiser)
    said = "The planner broke off before it was done. This is the best plan that it had found by then."
    assert said in client.get(f"{BASE}/{run.uuid}").text
    assert said in client.get(f"/meetings/seoul-2/board/plan/{run.uuid}").get_json()["html"]


def test_a_plan_that_the_planner_answered_is_not_said_to_be_what_was_left(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    as_(client, stored, here.organiser)
    assert "broke off" not in client.get(f"{BASE}/{run.uuid}").text


def test_nothing_to_plan_is_said_on_the_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    answer = client.post(BASE, data={"once": once()})
    assert answer.status_code == 422
    assert "Nothing waits to be placed. Accepted requests become sessions first." in answer.text
    assert stored.scalar(select(PlanRun.id)) is None


def test_a_plan_says_what_it_leaves_out_and_why(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/{run.uuid}").text
    assert "KH, TH have no time in common that is long enough." in page
    assert page.count("checked") == 2


def test_only_what_is_ticked_is_taken(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/{run.uuid}", data={"once": once(), "take": ["R2"]}).status_code == 302
    assert starts(stored) == {"R1": None, "R2": "2026-02-05T09:40:00", "R3": None}
    again = client.post(f"{BASE}/{run.uuid}", data={"once": once(2), "take": ["R1"]})
    assert again.status_code == 422
    assert "This plan has been taken or put aside already." in again.text


def test_what_changed_since_the_plan_was_made_stays(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    changed = stored.scalars(select(MeetingSession).where(MeetingSession.reference == "R1")).one()
    changed.priority = 3
    as_(client, stored, here.organiser)
    page = client.post(f"{BASE}/{run.uuid}", data={"once": once(), "take": ["R1", "R2"]}, follow_redirects=True).text
    assert "Left as they were, because they have changed since or clash by now: R1." in page
    assert starts(stored) == {"R1": None, "R2": "2026-02-05T09:40:00", "R3": None}


@pytest.mark.slow
def test_what_somebody_moves_while_the_planner_works_is_marked_and_stays(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    other = bilateral(stored, here, starts=ELEVEN, reference="R0")
    bilateral(stored, here, starts=None, place=None, reference="R1")
    run = start_plan(stored, here.meeting, actor=here.organiser, now=NOW, seconds=1.0)
    assert run.job is not None
    move(stored, here, other, ELEVEN - timedelta(minutes=40))
    as_(client, stored, here.organiser)
    running.run(app, run.job.id)
    stored.refresh(run)
    assert run.plan is not None
    assert run.plan["placements"]["R1"]["start"] == 4  # just before the other one as it was
    stored.commit()
    assert "clashes by now" in client.get(f"{BASE}/{run.uuid}").text
    assert "clashes by now" in client.get(f"/meetings/seoul-2/board/plan/{run.uuid}").get_json()["html"]
    client.post(f"/meetings/seoul-2/board/plan/{run.uuid}/take", json={"after": 0, "take": ["R1"]})
    assert starts(stored) == {"R0": "2026-02-05T10:20:00", "R1": None}


def test_a_proposal_that_clashes_with_what_came_meanwhile_is_not_ticked(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    bilateral(stored, here, starts=datetime(2026, 2, 5, 9, 0), place=here.t2, reference="N1")  # noqa: DTZ001
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/{run.uuid}").text
    assert page.count("clashes by now") == 1
    assert page.count("checked") == 1
    assert 'value="R2"' in page


def test_of_very_many_that_stay_a_message_says_for_some_why_and_for_all_that_they_do(app: Flask) -> None:
    left = {f"R{number}": [Clash(ClashKind.PLACE_TAKEN, f"R{number}", "T1", "R99")] for number in range(90)}
    with app.test_request_context():
        said = left_as_they_were(left)
    assert said.count("Place T1 is taken by R99.") == 5
    assert "R88, R89." in said
    assert len(said.encode()) < 1000


def test_a_session_whose_planned_place_is_still_taken_stays_where_it_was(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, starts=TEN, reference="R1")
    bilateral(stored, here, starts=TEN + timedelta(minutes=40), reference="R2")
    run = prepare(stored, here.meeting, actor=here.organiser, now=NOW, keep=Keep.LOCKED)
    swapped = {
        "R1": {"start": 5, "place": "T1", "interpreters": []},
        "R2": {"start": 3, "place": "T1", "interpreters": []},
    }
    offer(stored, run, {"status": "feasible", "placements": swapped, "levels": [], "unplaced": [], "because": []})
    as_(client, stored, here.organiser)
    page = client.post(f"{BASE}/{run.uuid}", data={"once": once(), "take": ["R1"]}, follow_redirects=True).text
    assert "Left as they were, because they have changed since or clash by now: R1. R1: " in page
    assert re.search(r"R1: (TH|KH) has no team left: it is in R2 then\.", page), "what stands in its way is said"
    assert starts(stored) == {"R1": "2026-02-05T10:00:00", "R2": "2026-02-05T10:40:00"}
    assert "Take what is ticked" in page  # a plan of which nothing was taken still waits
    both = client.post(f"{BASE}/{run.uuid}", data={"once": once(2), "take": ["R1", "R2"]})
    assert both.location == "/meetings/seoul-2/schedule"
    assert starts(stored) == {"R1": "2026-02-05T10:40:00", "R2": "2026-02-05T10:00:00"}


def test_a_plan_that_is_put_aside_cannot_be_taken(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/{run.uuid}/discard").status_code == 302
    assert client.post(f"{BASE}/{run.uuid}", data={"once": once(), "take": ["R1"]}).status_code == 422
    assert client.post(f"{BASE}/{run.uuid}/discard").status_code == 422
    stored.refresh(run)
    assert run.state is AppliedState.DISCARDED
    assert starts(stored)["R1"] is None


def test_a_plan_of_another_meeting_does_not_exist_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    run = offered(stored, here)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-1", number=1)
    make.membership(stored, other, here.organiser)
    as_(client, stored, here.organiser)
    assert client.get(f"/meetings/seoul-1/plan/{run.uuid}").status_code == 404
    assert client.post(f"/meetings/seoul-1/plan/{run.uuid}/discard").status_code == 404
    assert client.get(f"{BASE}/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_history_asks_the_same_number_of_statements_for_any_number_of_runs(
    client: FlaskClient, stored: Session, statements: Counter, number: int
) -> None:
    here = world(stored)
    bilateral(stored, here, starts=None, place=None)
    for _ in range(number):
        prepare(stored, here.meeting, actor=here.organiser, now=NOW)
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.get(BASE).text.count('<th scope="row">') == number
    assert statements.count == 11
