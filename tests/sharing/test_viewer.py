"""Where a viewer sits: whose envelopes a leader sees, and for which party somebody speaks."""

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


@pytest.mark.parametrize(
    ("role", "speaks"),
    [
        (Role.HEAD, True),
        (Role.DELEGATE, True),
        (Role.LEADERSHIP, False),
        (Role.INTERPRETER, False),
        (Role.PRESS, False),
        (Role.AUDITOR, False),
        (Role.ORGANISER, False),
    ],
)
def test_head_and_delegates_alone_speak_for_their_delegation(session: Session, role: Role, speaks: bool) -> None:
    here = world(session)
    person = make.user(session, "Chan Vuthy")
    make.membership(session, here.meeting, person, role, of_delegation=here.kh)
    (seat,) = viewer_of(session, person, NOW).seats
    assert seat.speaks is speaks
