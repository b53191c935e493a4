"""Who acts for a party: its head and delegates, whatever else they are at other seats."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.meetings.domain import Role
from confmgr.outcomes.access import headed_parties, own_parties
from confmgr.outcomes.domain import RequestStep
from confmgr.reports import access as reports
from confmgr.scheduling.queries import own_delegation
from confmgr.sharing.queries import viewer_of
from tests import make
from tests.make_outcomes import request
from tests.make_scheduling import NOW, as_, once, world


@pytest.mark.parametrize("role", [Role.INTERPRETER, Role.LEADERSHIP, Role.PRESS, Role.AUDITOR])
def test_who_speaks_for_one_party_does_not_speak_for_another_where_they_only_sit(session: Session, role: Role) -> None:
    here = world(session)
    make.membership(session, here.meeting, here.head_kh, role, of_delegation=here.th)
    viewer = viewer_of(session, here.head_kh, NOW)
    assert own_parties(session, viewer, here.meeting.operation) == {here.kh.party_id}


def test_delegates_of_two_parties_at_two_meetings_speak_for_both(session: Session) -> None:
    here = world(session)
    earlier = make.meeting(session, here.meeting.operation, slug="seoul-1", number=1)
    then = make.delegation(session, earlier, of_party=here.th.party)
    make.membership(session, earlier, here.head_kh, Role.DELEGATE, of_delegation=then)
    viewer = viewer_of(session, here.head_kh, NOW)
    assert own_parties(session, viewer, here.meeting.operation) == {here.kh.party_id, here.th.party_id}


def test_a_head_is_head_of_the_own_delegation_alone(session: Session) -> None:
    here = world(session)
    earlier = make.meeting(session, here.meeting.operation, slug="seoul-1", number=1)
    then = make.delegation(session, earlier, of_party=here.th.party)
    make.membership(session, earlier, here.head_kh, Role.DELEGATE, of_delegation=then)
    make.membership(session, here.meeting, here.head_kh, Role.LEADERSHIP, of_delegation=here.th)
    viewer = viewer_of(session, here.head_kh, NOW)
    operation = here.meeting.operation
    assert headed_parties(session, viewer, operation) == {here.kh.party_id}
    assert reports.may_issue_of(session, viewer, operation, here.kh.party)
    assert not reports.may_issue_of(session, viewer, operation, here.th.party)


def test_requests_are_asked_for_the_delegation_that_one_speaks_for(session: Session) -> None:
    here = world(session)
    make.membership(session, here.meeting, here.head_th, Role.LEADERSHIP, of_delegation=here.kh)
    assert own_delegation(session, here.meeting, here.head_th, NOW) is here.th
    chief = make.user(session, "Chief")
    make.membership(session, here.meeting, chief, Role.LEADERSHIP, of_delegation=here.kh)
    assert own_delegation(session, here.meeting, chief, NOW) is here.kh


def test_an_interpreter_of_the_party_asked_does_not_answer_for_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    vietnam = make.delegation(stored, here.meeting, "VN")
    person = make.user(stored, "Nguyen An")
    make.membership(stored, here.meeting, person, Role.DELEGATE, of_delegation=vietnam)
    make.membership(stored, here.meeting, person, Role.INTERPRETER, of_delegation=here.th)
    row = request(stored, here)
    as_(client, stored, person)
    address = f"/requests/{row.item.uuid}"
    assert client.get(address).status_code == 403
    assert client.post(address, data={"once": once(), "state": "accepted"}).status_code == 403
    stored.expire_all()
    assert row.state is RequestStep.ASKED
