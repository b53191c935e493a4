"""The groups that a case is about are named by who may change the case, and seen where both may be seen."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.errors import NotAllowed
from confmgr.outcomes import services
from confmgr.outcomes.case_groups import cases_of, groups_of, groups_to_name
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import viewer_of
from tests import make_cases, make_outcomes
from tests.make_scheduling import NOW, as_, once, world


def test_a_group_is_seen_on_a_case_by_those_who_may_read_both(session: Session) -> None:
    here = world(session)
    case = make_cases.case(session, here, disclose_to=[here.th])
    known = make_outcomes.group(session, here, "KH-G1", Tlp.GREEN)
    hidden = make_outcomes.group(session, here, "KH-G2", Tlp.AMBER)
    mine, theirs = viewer_of(session, here.head_kh, NOW), viewer_of(session, here.head_th, NOW)
    offered = groups_to_name(session, mine, case.item, NOW)
    assert {group.id for group in offered} == {known.id, hidden.id}
    services.name_groups(session, case.item, offered, offered=offered, actor=here.head_kh, now=NOW)
    assert [one.uuid for one in groups_of(session, mine, case.item, NOW)] == [known.item.uuid, hidden.item.uuid]
    assert [one.uuid for one in groups_of(session, theirs, case.item, NOW)] == [known.item.uuid]
    assert [row.id for row in cases_of(session, theirs, [known.id], NOW)] == [case.id]
    assert cases_of(session, viewer_of(session, here.organiser, NOW), [known.id], NOW) == []


def test_naming_anew_leaves_what_the_actor_cannot_see(session: Session) -> None:
    here = world(session)
    case = make_cases.case(session, here)
    one, other = make_outcomes.group(session, here, "KH-G1"), make_outcomes.group(session, here, "KH-G2")
    everything = [one, other]
    services.name_groups(session, case.item, everything, offered=everything, actor=here.head_kh, now=NOW)
    services.name_groups(session, case.item, [], offered=[one], actor=here.head_kh, now=NOW)
    mine = viewer_of(session, here.head_kh, NOW)
    assert [row.uuid for row in groups_of(session, mine, case.item, NOW)] == [other.item.uuid]
    with pytest.raises(NotAllowed):
        services.name_groups(session, case.item, [one], offered=[one], actor=here.head_th, now=NOW)


def test_the_pages_of_case_and_group_lead_to_one_another(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    case = make_cases.case(stored, here, disclose_to=[here.th])
    group = make_outcomes.group(stored, here, "KH-G1")
    stored.commit()
    address = f"/cases/{case.item.uuid}/groups"
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 403
    as_(client, stored, here.organiser)
    assert client.get(address).status_code == 404
    as_(client, stored, here.head_kh)
    assert "No group is named." in client.get(f"/cases/{case.item.uuid}").text
    assert client.get(address).status_code == 200
    assert client.post(address, data={"once": once(), "groups": [str(group.item.uuid)]}).status_code == 302
    page = client.get(f"/cases/{case.item.uuid}").text
    assert "The change is saved." in page
    assert f"/groups/{group.item.uuid}" in page
    assert f"/cases/{case.item.uuid}" in client.get(f"/groups/{group.item.uuid}").text
    assert client.post(address, data={"once": once(2), "groups": ["nothing"]}).status_code == 422
    assert client.post(address, data={"once": once(3)}).status_code == 302
    assert "No group is named." in client.get(f"/cases/{case.item.uuid}").text
