"""The next edition made from a meeting: what comes along and what stays behind."""

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.cases.models import Nomination
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation
from confmgr.delegations.queries import delegations
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import places
from confmgr.papers.copying import Wanted, copy_meeting
from confmgr.papers.domain import ExpectedAction
from confmgr.papers.queries import agenda
from confmgr.papers.services import add_agenda_item
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.queries import sessions
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case
from tests.make_scheduling import NOW, World, as_, bilateral, break_, once, request, world

LUNCH = datetime(2026, 2, 6, 12, 0)  # noqa: DTZ001
AUTUMN = date(2026, 10, 1)


def copied(session: Session, here: World, **changes: bool) -> Meeting:
    return copy_meeting(
        session,
        here.meeting,
        actor=here.organiser,
        now=NOW,
        slug="seoul-3",
        number=3,
        title=Words.of("3rd Meeting"),
        starts_on=AUTUMN,
        wanted=Wanted(**changes),
    )


def test_days_places_parties_texts_and_breaks_come_along(session: Session) -> None:
    here = world(session)
    here.meeting.days[1].opens = here.meeting.days[1].opens.replace(hour=8)
    hall = make.place(session, here.meeting, "HALL")
    here.t1.room_id = hall.id
    pause = break_(session, here, LUNCH)
    add_agenda_item(
        session,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        number="1",
        title=Words.of("Opening"),
        expected=ExpectedAction.DECISION,
        sessions=[pause],
    )
    made = copied(session, here)
    session.expire_all()
    assert (made.starts_on, made.ends_on, made.follows_id) == (AUTUMN, date(2026, 10, 2), here.meeting.id)
    assert [(day.day.day, day.opens.hour) for day in made.days] == [(1, 9), (2, 8)]
    new = {row.code: row for row in places(session, made)}
    assert (sorted(new), new["T1"].room_id) == (["HALL", "T1", "T2"], new["HALL"].id)
    assert [(d.party.code, d.state) for d in delegations(session, made)] == [
        ("KH", DelegationState.INVITED),
        ("TH", DelegationState.INVITED),
    ]
    assert [row.starts_local for row in sessions(session, made)] == [datetime(2026, 10, 2, 12, 0)]  # noqa: DTZ001
    (item,) = agenda(session, made)
    assert (item.title.text("en"), len(item.sessions)) == ("Opening", 1)


def test_cases_requests_bilaterals_and_people_stay_behind(session: Session) -> None:
    here = world(session)
    case(session, here)
    request(session, here)
    bilateral(session, here)
    made = copied(session, here)
    assert sessions(session, made) == []
    for table in (MeetingRequest, Nomination):
        assert session.scalar(select(func.count()).select_from(table).where(table.meeting_id == made.id)) == 0
    people = select(func.count()).select_from(Delegate).join(Delegation).where(Delegation.meeting_id == made.id)
    assert session.scalar(people) == 0
    roles = session.scalars(select(Membership.user_id).where(Membership.meeting_id == made.id))
    assert list(roles) == [here.organiser.id]


def test_only_what_is_ticked_comes_along(session: Session) -> None:
    here = world(session)
    break_(session, here, LUNCH)
    made = copied(session, here, places=False, parties=False, agenda=False, skeleton=False)
    assert (places(session, made), delegations(session, made), sessions(session, made)) == ([], [], [])


def test_an_address_or_a_number_that_is_taken_is_refused_and_nothing_is_written(session: Session) -> None:
    here = world(session)
    with pytest.raises(Refused) as refused:
        copy_meeting(
            session,
            here.meeting,
            actor=here.organiser,
            now=NOW,
            slug=here.meeting.slug,
            number=9,
            title=Words.of("Again"),
            starts_on=AUTUMN,
            wanted=Wanted(),
        )
    assert refused.value.reason == "slug_taken"


def test_an_organiser_plans_the_next_edition_on_one_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert "Plan the next edition" in client.get("/meetings/seoul-2/settings").text
    page = client.get("/meetings/seoul-2/copy")
    assert 'value="3"' in page.text
    day = (AUTUMN + timedelta(days=7)).isoformat()
    sent = {"title-en": "3rd", "slug": "seoul-3", "number": "3", "starts_on": day, "places": "y", "parties": "y"}
    answer = client.post("/meetings/seoul-2/copy", data={"once": once(), **sent})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/meetings/seoul-3")
    assert "KH" in client.get("/meetings/seoul-3/delegations").text
    again = client.post("/meetings/seoul-2/copy", data={"once": once(2), **sent})
    assert (again.status_code, "seoul-3" in again.text) == (422, True)


def test_only_organisers_copy_a_meeting(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get("/meetings/seoul-2/copy").status_code == 403
