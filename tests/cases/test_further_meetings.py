"""Cases that are brought to a further meeting of the operation."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.models import Nomination
from confmgr.meetings.domain import MeetingState, Role
from confmgr.sharing.domain import Tlp
from confmgr.sharing.services import share_item
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, lead, shown
from tests.make_scheduling import NOW, as_, once, world


def test_a_case_is_brought_to_a_further_meeting(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = case(stored, here)
    third = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    make.membership(
        stored, third, here.head_kh, Role.HEAD, of_delegation=make.delegation(stored, third, of_party=here.kh.party)
    )
    as_(client, stored, here.head_kh)
    address = f"/cases/{row.item.uuid}/bring"
    data = {"once": once(), "meeting": "seoul-3", "readiness": "development", "priority": "1"}
    past = make.meeting(stored, here.meeting.operation, slug="seoul-1", number=1)
    past.state = MeetingState.CLOSED
    make.membership(
        stored, past, here.head_kh, Role.HEAD, of_delegation=make.delegation(stored, past, of_party=here.kh.party)
    )
    stored.commit()
    assert "seoul-1" not in shown(client, address).partition("<main")[2]
    wrong = client.post(address, data=data | {"meeting": "seoul-2"})
    assert wrong.status_code == 422
    assert client.post(address, data=data | {"once": once(2)}).status_code == 302
    found = stored.scalars(select(Nomination.meeting_id).order_by(Nomination.id)).all()
    assert found == [here.meeting.id, third.id]
    stored.commit()
    assert "KH/KH-01" in client.get("/meetings/seoul-3/cases").text


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.INTERPRETER])
def test_who_only_reads_for_a_delegation_brings_no_case_to_another_meeting(
    client: FlaskClient, stored: Session, role: Role
) -> None:
    here = world(stored)
    row = case(stored, here)
    third = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    third_kh = make.delegation(stored, third, of_party=here.kh.party)
    reader = make.user(stored, "Chief")
    make.membership(stored, here.meeting, reader, role, of_delegation=here.kh)
    make.membership(stored, third, reader, role, of_delegation=third_kh)
    stored.commit()
    as_(client, stored, reader)
    assert client.get(f"/cases/{row.item.uuid}").status_code == 200
    assert "/bring" not in shown(client, f"/cases/{row.item.uuid}")
    assert client.get(f"/cases/{row.item.uuid}/bring").status_code == 403


def test_what_is_published_is_found_and_read_from_another_meeting_and_answered_from_none(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = case(stored, here, tlp=Tlp.CLEAR)
    found = lead(stored, here, row, tlp=Tlp.CLEAR, title=Words.of("Zanzibar"))
    share_item(stored, found.item, actor=here.head_kh, now=NOW)
    row.item.published_at = found.item.published_at = NOW
    third = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    reader = make.user(stored, "Nguyen Lan")
    make.membership(stored, third, reader, Role.HEAD, of_delegation=make.delegation(stored, third, "VN"))
    stored.commit()
    as_(client, stored, reader)
    for address in (f"/cases/{row.item.uuid}", f"/leads/{found.item.uuid}"):
        page = shown(client, address)
        assert "/meetings/seoul-3" in page
        for offered in ("/comments", "/feedback", "/ask", "/leads/new"):
            assert f"{address}{offered}" not in page
        assert "/meetings/seoul-3/leads/new" not in page.partition("<main")[2]
        said = {"once": once(), "text": "Known here", "audience": "all"}
        assert client.post(f"{address}/comments", data=said).status_code == 403
    assert client.get(f"/cases/{row.item.uuid}/leads/new").status_code == 403
    assert f"/leads/{found.item.uuid}" in client.get("/meetings/seoul-3/search?q=zanzibar").text
