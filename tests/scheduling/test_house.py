"""What the rules are told of a meeting, from its rows; every test on both databases."""

from sqlalchemy.orm import Session

from confmgr.meetings.domain import PlaceKind
from confmgr.scheduling import judged, queries
from confmgr.scheduling.conflicts import ClashKind, Severity
from confmgr.scheduling.models import ScheduleState
from tests import make
from tests.make_scheduling import bilateral, interpreter, world


def test_a_meeting_that_has_said_nothing_judges_as_usual_and_walks_nowhere(session: Session) -> None:
    here = world(session)
    house = judged.house(session, here.meeting)
    assert (house.severities, house.walk_minutes, house.buildings, house.tables) == ({}, 0, {}, {})


def test_a_meeting_judges_as_it_has_said(session: Session) -> None:
    here = world(session)
    session.add(
        ScheduleState(meeting_id=here.meeting.id, severities={"place_small": "block", "walk_too_short": "ignore"})
    )
    session.flush()
    house = judged.house(session, here.meeting)
    assert house.severity(ClashKind.PLACE_SMALL) is Severity.BLOCK
    assert house.severity(ClashKind.WALK_TOO_SHORT) is Severity.IGNORE
    assert house.severity(ClashKind.PLACE_TAKEN) is Severity.BLOCK


def test_a_table_stands_in_the_building_of_its_room_and_capitals_make_no_other_building(session: Session) -> None:
    here = world(session)
    hall = make.place(session, here.meeting, "HALL", kind=PlaceKind.ROOM)
    hall.building, here.t1.room_id, here.t2.building = "Main  Building", hall.id, "main building "
    session.flush()
    house = judged.house(session, here.meeting)
    assert house.buildings == {"HALL": "main building", "T1": "main building", "T2": "main building"}
    assert house.tables == {"HALL": frozenset({"T1"})}


def test_an_interpreters_longest_day_is_known(session: Session) -> None:
    here = world(session)
    vanna = interpreter(session, here)
    vanna.longest_day_minutes = 300
    session.flush()
    assert judged.house(session, here.meeting).longest_day == {queries.person_name(vanna): 300}


def test_a_delegation_that_did_not_come_is_free_and_so_are_its_people(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, delegates=[here.delegate_kh, here.delegate_th])
    row.delegations[0].absent = True
    (sitting,) = judged.sittings([row])
    assert sitting.delegations == {"TH"}
    assert sitting.people == {queries.person_name(here.delegate_th)}
