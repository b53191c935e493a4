"""Days, agencies, participants and operations are changed and deleted where nothing rests on them."""

from datetime import date, time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused, StillUsed
from confmgr.meetings import services
from confmgr.meetings.days import change_days
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.parties import removing
from confmgr.parties.models import Agency, Operation, Party
from tests import make
from tests.make_scheduling import NOW, as_, bilateral, world

THURSDAY, FRIDAY, SATURDAY = date(2026, 2, 5), date(2026, 2, 6), date(2026, 2, 7)


def moved(session: Session, meeting: Meeting, who: User, first: date, last: date) -> None:
    change_days(
        session,
        meeting,
        actor=who,
        now=NOW,
        seen_version=meeting.version,
        starts_on=first,
        ends_on=last,
        hours={THURSDAY: (time(8), time(17))},
    )


def test_a_day_more_has_the_hours_of_the_first(session: Session) -> None:
    here = world(session)
    moved(session, here.meeting, here.organiser, THURSDAY, SATURDAY)
    assert [(row.day, row.opens, row.closes) for row in here.meeting.days] == [
        (THURSDAY, time(8), time(17)),
        (FRIDAY, time(9), time(18)),
        (SATURDAY, time(8), time(17)),
    ]


def test_a_day_on_which_a_session_stands_does_not_go(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    with pytest.raises(Refused, match="sessions_outside_days"):
        moved(session, here.meeting, here.organiser, FRIDAY, FRIDAY)


def test_a_day_on_which_nothing_stands_goes(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    moved(session, here.meeting, here.organiser, THURSDAY, THURSDAY)
    session.refresh(here.meeting)
    assert [row.day for row in here.meeting.days] == [THURSDAY]


def test_days_and_hours_are_changed_on_a_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    form = {"version": "1", "starts_on": "2026-02-05", "ends_on": "2026-02-06", "once": "d1"}
    form |= {"days-0-opens": "08:30", "days-0-closes": "17:00", "days-1-opens": "12:00", "days-1-closes": "11:00"}
    wrong = client.post("/meetings/seoul-2/days", data=form)
    assert wrong.status_code == 422
    assert "On 2026-02-06 the end is not after the start." in wrong.text
    client.post("/meetings/seoul-2/days", data=form | {"days-1-closes": "15:00", "once": "d2"})
    assert "08:30" in client.get("/meetings/seoul-2/days").text


def test_what_others_rest_on_is_not_deleted_and_the_rest_is(session: Session) -> None:
    here = world(session)
    spare = make.party(session, "LA")
    agency = make.agency(session, spare)
    with pytest.raises(StillUsed):
        removing.remove_party(session, here.kh.party, actor=here.organiser, now=NOW)
    with pytest.raises(StillUsed):
        removing.remove_party(session, spare, actor=here.organiser, now=NOW)
    with pytest.raises(StillUsed):
        removing.remove_operation(session, here.meeting.operation, actor=here.organiser, now=NOW)
    removing.remove_agency(session, agency, actor=here.organiser, now=NOW)
    session.expire_all()
    removing.remove_party(session, spare, actor=here.organiser, now=NOW)
    mistaken = make.operation(session, here.meeting.operation.lead_party, code="mistaken")
    removing.remove_operation(session, mistaken, actor=here.organiser, now=NOW)
    assert session.scalar(select(Agency.id).where(Agency.id == agency.id)) is None
    assert session.scalar(select(Party.id).where(Party.code == "LA")) is None
    assert session.scalar(select(Operation.id).where(Operation.code == "mistaken")) is None


def test_a_refused_deletion_says_what_rests_on_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.post("/parties/KH/delete")
    assert page.status_code == 409
    assert "<li>Delegations</li>" in page.text


def test_an_agency_is_renamed_and_all_names_are_approved_at_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.agency(stored, here.kh.party, "CNP")
    stored.execute(update(Party).values(names_approved_at=None))
    as_(client, stored, here.organiser)
    client.post("/parties/KH/agencies/CNP", data={"code": "CNP", "name-en": "National Police", "once": "g1"})
    assert "National Police" in client.get("/parties/KH").text
    client.post("/parties/approve")
    assert "Approve names" not in client.get("/parties").text


def test_an_operation_without_a_meeting_is_still_found_on_the_first_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.operation(stored, here.meeting.operation.lead_party, code="bare")
    as_(client, stored, here.organiser)
    assert "/operations/bare" in client.get("/").text


def test_an_organiser_of_another_operation_finds_none_of_this_one(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    theirs = make.meeting(stored, make.operation(stored, here.kh.party, "other"), slug="elsewhere")
    stranger = make.user(stored, "Stranger")
    make.membership(stored, theirs, stranger)
    as_(client, stored, stranger)
    for address in ("", "/edit", "/meetings/new"):
        assert client.get(f"/operations/breaking-chains{address}").status_code == 404
        assert client.get(f"/operations/other{address}").status_code == 200


def test_a_head_of_no_delegation_is_refused(session: Session) -> None:
    here = world(session)
    with pytest.raises(Refused, match="delegation_needed"):
        services.give_role(
            session, actor=here.organiser, now=NOW, meeting=here.meeting, user=make.user(session), role=Role.HEAD
        )


def test_errors_above_a_form_name_their_field(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.post("/operations/new", data={"once": "o1"})
    assert "Address: This field is required." in page.text
