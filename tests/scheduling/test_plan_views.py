"""Pages that plans are read on: how good the schedule is, two plans beside each other, a taken plan taken back."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.scheduling.domain import AppliedState, Keep
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.scheduling.plans import apply_plan, offer, prepare
from confmgr.scheduling.routes import plan_views
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, TEN, World, as_, bilateral, break_, move, world

BASE = "/meetings/seoul-2/plan"
NINE = datetime(2026, 2, 5, 9, 0)  # noqa: DTZ001  # a wall time of the venue


def planned(session: Session, here: World, idle: int = 0, **starts: int) -> PlanRun:
    """A run of everything that is not locked, at T1."""
    run = prepare(session, here.meeting, actor=here.organiser, now=NOW, keep=Keep.LOCKED)
    placements = {name: {"start": start, "place": "T1", "interpreters": []} for name, start in starts.items()}
    levels = [{"name": "unplaced", "value": 0, "bound": 0}, {"name": "idle", "value": idle, "bound": 0}]
    offer(session, run, {"placements": placements, "levels": levels, "unplaced": [], "because": []})
    return run


def test_the_schedule_made_by_hand_is_judged_level_by_level_and_meeting_by_meeting(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    bilateral(stored, here, starts=NINE, reference="R1")
    bilateral(stored, here, starts=ELEVEN, reference="R2", place=here.t2)
    bilateral(stored, here, starts=ELEVEN, reference="R3", delegations=[here.kh], anyway=True)
    bilateral(stored, here, starts=None, place=None, reference="R4")
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/score").text
    assert '<b class="nums">8</b> <span>Slots in which delegations wait between two meetings</span>' in page
    assert '<b class="nums">4</b> <span>Slots in which the delegation waits that waits most</span>' in page
    assert "KH has no team left: it is in KH–TH then." in page
    assert "Left out; the most urgent count three times" in page
    assert "proven" not in page


def test_a_session_by_hand_on_a_break_is_judged_too(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    break_(stored, here, TEN)
    bilateral(stored, here, starts=TEN, reference="R1", anyway=True)
    as_(client, stored, here.organiser)
    assert "which is for everybody" in client.get(f"{BASE}/score").text


def test_a_plan_stands_beside_the_schedule_with_what_differs(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, starts=NINE, reference="R1")
    bilateral(stored, here, starts=ELEVEN, reference="R2")
    run = planned(stored, here, R1=0, R2=2)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/{run.uuid}/compare").text
    assert "The schedule as it stands" in page
    assert '<td class="num" data-label="The schedule as it stands"><span>8</span></td>' in page
    assert "1 session is the same in both." in page
    assert "Place T1" in page
    assert "9:40" in page
    assert "11:00" in page


def test_sessions_that_differ_are_told_page_by_page_and_asked_for_together(
    client: FlaskClient, stored: Session, statements: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_views, "DIFFERENT", 2)
    here = world(stored)
    as_(client, stored, here.organiser)
    asked = []
    for n in range(5):
        bilateral(stored, here, starts=NINE + timedelta(hours=n), reference=f"R{n}", anyway=True)
        if n in {0, 4}:
            run = planned(stored, here, **{f"R{one}": 20 + one for one in range(n + 1)})
            url = f"{BASE}/{run.uuid}/compare"
            stored.commit()
            client.get(url)
            statements.statements.clear()
            first = client.get(url).text
            asked.append(statements.count)
    assert asked[0] == asked[1]
    pages = [first, *(client.get(f"{url}?page={page}").text for page in (2, 3, 9))]
    assert [page.count('<th scope="row"><a') for page in pages] == [2, 2, 1, 1]
    assert "page=2" in first


def test_two_plans_stand_beside_each_other(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, starts=NINE, reference="R1")
    one = planned(stored, here, R1=0)
    bilateral(stored, here, starts=ELEVEN, reference="R2")
    other = planned(stored, here, idle=4, R1=0, R2=4)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/{one.uuid}/compare?with={other.uuid}").text
    assert "The two plans were not about the same sessions, so their numbers count different things." in page
    assert "not placed" in page
    assert client.get(f"{BASE}/{one.uuid}/compare?with=nonsense").status_code == 404


def test_a_taken_plan_is_taken_back_from_the_history(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, starts=ELEVEN, reference="R1")
    run = planned(stored, here, R1=0)
    apply_plan(stored, run, meeting=here.meeting, actor=here.organiser, now=NOW)
    as_(client, stored, here.organiser)
    assert f"{BASE}/{run.uuid}/back" in client.get(BASE).text
    assert client.post(f"{BASE}/{run.uuid}/back").status_code == 302
    stored.refresh(row)
    assert row.starts_local == ELEVEN
    stored.commit()
    page = client.get(BASE).text
    assert "Taken back" in page
    assert f"{BASE}/{run.uuid}/back" not in page
    assert client.post(f"{BASE}/{run.uuid}/back").status_code == 422


def test_a_taken_plan_whose_session_was_moved_since_is_not_taken_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here, starts=ELEVEN, reference="R1")
    run = planned(stored, here, R1=0)
    apply_plan(stored, run, meeting=here.meeting, actor=here.organiser, now=NOW)
    move(stored, here, row, ELEVEN + timedelta(hours=1))
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/{run.uuid}/back", headers={"Referer": f"http://localhost{BASE}"})
    assert answer.status_code == 422
    assert f'href="{BASE}">Back</a>' in answer.text  # not to the start page, which is far from it
    away = client.post(f"{BASE}/{run.uuid}/back", headers={"Referer": f"https://elsewhere.example{BASE}"})
    assert "To the start page" in away.text
    assert "The plan cannot be taken back, because somebody has changed R1 since." in answer.text
    assert stored.scalar(select(MeetingSession.starts_local)) == ELEVEN + timedelta(hours=1)


def test_the_history_says_what_was_asked_and_what_became_of_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here, starts=ELEVEN, reference="R1")
    run = planned(stored, here, idle=3, R1=0)
    assert run.state is AppliedState.OFFERED
    as_(client, stored, here.organiser)
    page = client.get(BASE).text
    assert (
        "What stays where it is: Only what is locked · Short waits: few gaps between the meetings of a delegation"
        in page
    )
    assert "waiting 3" in page
    assert "Waits to be taken" in page


def test_thirty_sessions_are_judged_in_as_many_statements_as_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    counts = set()
    for number in (1, 30):
        for n in range(number):
            bilateral(stored, here, starts=TEN, anyway=True, reference=f"R{number}-{n}")
        stored.commit()
        statements.statements.clear()
        assert client.get(f"{BASE}/score").status_code == 200
        counts.add(statements.count)
    assert len(counts) == 1
