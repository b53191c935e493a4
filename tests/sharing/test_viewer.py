"""Whose envelopes a leader sees: the host's leadership those of the meeting, that of another party no others."""

import pytest
from sqlalchemy.orm import Session

from confmgr.meetings.domain import Role
from confmgr.sharing.queries import viewer_of
from tests import make
from tests.make_scheduling import NOW, world


@pytest.mark.parametrize(("code", "leads"), [("", True), ("KR", True), ("KH", False)])
def test_only_the_leadership_of_the_host_leads_the_meeting(session: Session, code: str, leads: bool) -> None:
    here = world(session)
    host = make.delegation(session, here.meeting, of_party=here.meeting.host_party)
    chief = make.user(session, "Chief")
    of = {"": None, "KR": host, "KH": here.kh}[code]
    make.membership(session, here.meeting, chief, Role.LEADERSHIP, of_delegation=of)
    (seat,) = viewer_of(session, chief, NOW).seats
    assert seat.leads_host is leads
    assert not seat.organises
