"""Joint actions in the browser from the plan to the confirmation: moved, begun, logged, opened to others, confirmed."""

from datetime import date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import JointActionState
from confmgr.outcomes.models import Figure, JointAction, SituationEntry
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Tlp
from tests import make
from tests.make_cases import case, confirmed_marking
from tests.make_outcomes import action, carried_out, request, task_force
from tests.make_scheduling import NOW, World, as_, once, world

SECRET = "Raid of the blue villa"
FIVE = {"starts": "2026-01-14T05:00", "zone": "Asia/Phnom_Penh"}


def colleague(session: Session, here: World, name: str = "Chan Thida") -> User:
    person = make.user(session, name)
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def send(
    client: FlaskClient, session: Session, row: JointAction, path: str, number: int, **values: object
) -> tuple[int, str]:
    """The status and text of a form on an action, sent by somebody who has just opened it."""
    address = f"/actions/{_loaded(session, row).item.uuid}/{path}"
    answer = client.post(address, data={"once": once(number), "version": row.version, **values})
    _loaded(session, row)
    return answer.status_code, answer.text


def _loaded(session: Session, row: JointAction) -> JointAction:
    """The action as it is now, with what tests look at, and no transaction left open."""
    session.expire_all()
    _looked_at = (
        row.version,
        row.item.uuid,
        row.item.marking.tlp,
        [link.party.code for link in row.parties],
        row.cases,
    )
    session.commit()
    return row


def begun(session: Session, here: World, **changes: Any) -> JointAction:
    row = action(session, here, **changes)
    starts = (datetime(2026, 1, 14, 5, 0), "Asia/Phnom_Penh")  # noqa: DTZ001  # a wall time of the place
    services.begin(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, starts=starts)
    return row


def test_each_step_stands_in_the_history_with_its_reason(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = action(stored, here, planned_for=date(2026, 2, 20))
    as_(client, stored, here.head_kh)
    for path in ("reschedule", "call-off", "begin", "edit", "parties", "carry-out"):
        assert client.get(f"/actions/{row.item.uuid}/{path}").status_code == 200
    values = {"state": "postponed", "planned_for": "2026-02-19", "reason": "The villa is empty"}
    code, text = send(client, stored, row, "reschedule", 1, **values)
    assert (code, "choose a later day" in text) == (422, True)
    assert send(client, stored, row, "reschedule", 2, **values | {"planned_for": "2026-02-25"})[0] == 302
    assert send(client, stored, row, "call-off", 3, reason="The group has moved")[0] == 302
    page = client.get(f"/actions/{row.item.uuid}").text
    for words in ("The villa is empty", "planned for 25 Feb 2026", "The group has moved", "Called off"):
        assert words in page
    assert "Bring forward or postpone" not in page


def test_a_form_that_somebody_overtook_changes_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = action(stored, here)
    as_(client, stored, here.head_kh)
    for path, values in (
        ("call-off", {"reason": "Rain"}),
        ("begin", FIVE),
        ("carry-out", {"on": "2026-01-14"}),
        ("parties", {"party": "TH"}),
        ("edit", {"title-en": "Other"}),
    ):
        data = {"once": once(len(path)), "version": "7", **values}
        assert client.post(f"/actions/{row.item.uuid}/{path}", data=data).status_code == 409
    stored.refresh(row)
    assert (row.state, row.parties) == (JointActionState.PLANNED, [])


def test_a_plan_is_edited_with_what_it_rests_on(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, asked, theirs, force = (
        action(stored, here),
        request(stored, here),
        case(stored, here),
        task_force(stored, here),
    )
    as_(client, stored, here.head_kh)
    values: dict[str, object] = {
        "title-en": "Raid of the green villa",
        "territory": "KH",
        "latitude": "13.66",
        "plan-en": "Two cars at the gate",
        "task_force": str(force.item.uuid),
        "cases": [str(theirs.item.uuid)],
        "requests": [str(asked.item.uuid)],
    }
    code, text = send(client, stored, row, "edit", 1, **values)
    assert (code, "needs both degrees" in text) == (422, True)
    code, text = send(client, stored, row, "edit", 2, **values | {"latitude": "0", "longitude": "0"})
    assert (code, "0° north, 0° east" in text) == (422, True)
    assert send(client, stored, row, "edit", 3, **values | {"longitude": "102.56"})[0] == 302
    assert send(client, stored, row, "parties", 4, party="TH", officers="40", about="y")[0] == 302
    page = client.get(f"/actions/{row.item.uuid}").text
    for words in ("Raid of the green villa", "Two cars at the gate", "Who rents the villa?", "Villa", "13.6600"):
        assert words in page
    assert "about 40 officers" in page
    assert send(client, stored, row, "parties/TH/remove", 5)[0] == 302
    assert row.parties == []


def test_what_an_editor_may_not_see_is_neither_shown_nor_undone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    second = colleague(stored, here)
    force = task_force(stored, here, tlp=Tlp.RED, named_readers=[second])
    asked = request(stored, here, tlp=Tlp.RED, named_readers=[second])
    hidden = case(stored, here, tlp=Tlp.RED, named_readers=[second])
    third = colleague(stored, here, "Vann Sokha")
    row = action(stored, here, cases=[hidden], task_force=force)
    services.link_chain(stored, here.meeting.operation, asked.item, row.item)
    as_(client, stored, third)
    page = client.get(f"/actions/{row.item.uuid}").text + client.get(f"/actions/{row.item.uuid}/edit").text
    for item in (force.item, asked.item, hidden.item):
        assert str(item.uuid) not in page
    assert send(client, stored, row, "edit", 1, **{"title-en": "Raid of the green villa"})[0] == 302
    assert (row.task_force_id, [link.case_id for link in row.cases]) == (force.id, [hidden.id])
    as_(client, stored, second)
    page = client.get(f"/actions/{row.item.uuid}").text
    for item in (force.item, asked.item, hidden.item):
        assert str(item.uuid) in page


def test_the_author_is_told_who_will_see_a_red_action_and_nothing_is_chosen(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = colleague(stored, here)
    row = action(stored, here, tlp=Tlp.RED, named_readers=[second], parties=[(here.th.party, 40, True)])
    as_(client, stored, second)
    assert "Marking from now on" not in client.get(f"/actions/{row.item.uuid}/begin").text
    as_(client, stored, here.head_kh)
    page = client.get(f"/actions/{row.item.uuid}/begin").text
    assert "It is TLP:RED: only" in page
    assert "Chan Thida" in page
    assert "checked" not in page
    code, text = send(client, stored, row, "begin", 1, to=[str(here.th.uuid)], **FIVE)
    assert (code, row.state) == (422, JointActionState.PLANNED)
    assert "TLP:RED" in text
    assert send(client, stored, row, "begin", 2, **FIVE)[0] == 302
    as_(client, stored, here.head_th)
    assert client.get(f"/actions/{row.item.uuid}/log").status_code == 404


def test_those_taking_part_read_and_write_the_log_once_they_are_let_in(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    second = colleague(stored, here)
    row = action(stored, here, tlp=Tlp.RED, named_readers=[second], parties=[(here.th.party, 40, True)])
    as_(client, stored, here.head_kh)
    assert send(client, stored, row, "begin", 1, tlp="AMBER", to=[str(here.th.uuid)], **FIVE)[0] == 302
    as_(client, stored, here.head_th)
    assert client.get(f"/actions/{row.item.uuid}/log").status_code == 404
    confirmed_marking(client, stored, second, f"/actions/{row.item.uuid}")
    as_(client, stored, here.head_th)
    line = {"local": "2026-01-14T05:30", "zone": "Asia/Phnom_Penh", "text": "Doors open", "arrested": "12"}
    assert client.get(f"/actions/{row.item.uuid}/log/new").status_code == 200
    assert send(client, stored, row, "log/new", 2, **line)[0] == 302
    page = client.get(f"/actions/{row.item.uuid}/log").text
    for words in ("14 Jan 2026 05:30", "Phnom Penh", "13 Jan 2026, 22:30", "UTC", "Doors open", "12", "provisional"):
        assert words in page
    assert 'http-equiv="refresh"' in page
    assert 'http-equiv="refresh"' not in client.get(f"/actions/{row.item.uuid}/log?still=1").text


def test_a_reader_sees_the_log_by_the_own_clock_too(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = begun(stored, here)
    here.head_kh.zone = "Asia/Seoul"
    as_(client, stored, here.head_kh)
    line = {"local": "2026-01-14T05:30", "zone": "Asia/Phnom_Penh", "text": "Doors open"}
    assert send(client, stored, row, "log/new", 1, **line)[0] == 302
    assert "14 Jan 2026, 07:30" in client.get(f"/actions/{row.item.uuid}/log").text


def test_a_correction_names_its_line_which_stays_struck_through(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = begun(stored, here)
    as_(client, stored, here.head_kh)
    line = {"local": "2026-01-14T05:30", "zone": "Asia/Phnom_Penh", "text": "Fifty-one held", "arrested": "51"}
    assert send(client, stored, row, "log/new", 1, **line)[0] == 302
    wrong = stored.scalars(select(SituationEntry)).one()
    stored.commit()
    path = f"log/new?corrects={wrong.uuid}"
    assert "Fifty-one held" in client.get(f"/actions/{row.item.uuid}/{path}").text
    right = line | {"text": "Fifteen held", "arrested": "15"}
    assert send(client, stored, row, path, 2, **right)[0] == 302
    page = client.get(f"/actions/{row.item.uuid}/log").text
    assert "<del>Fifty-one held" in page
    assert "Corrects the line of" in page
    assert "<b>15</b>" in page
    code, text = send(client, stored, row, path, 3, **right)
    assert (code, "has been corrected already" in text) == (422, True)
    other = begun(stored, here, reference="KH-A2")
    stored.commit()
    assert client.get(f"/actions/{other.item.uuid}/{path}").status_code == 404


def test_nobody_who_takes_no_part_writes_in_a_log(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = begun(stored, here, tlp=Tlp.GREEN)
    as_(client, stored, here.head_th)
    assert client.get(f"/actions/{row.item.uuid}/log").status_code == 200
    assert client.get(f"/actions/{row.item.uuid}/log/new").status_code == 403


def test_the_last_tallies_are_offered_where_an_action_ends(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = begun(stored, here)
    as_(client, stored, here.head_kh)
    line = {"local": "2026-01-14T05:30", "zone": "Asia/Phnom_Penh", "text": "Done", "arrested": "15"}
    send(client, stored, row, "log/new", 1, **line)
    assert 'name="arrested" type="number" value="15"' in client.get(f"/actions/{row.item.uuid}/carry-out").text
    values = {"on": "2026-01-14", "territory": "TH", "arrested": "14", "tlp": "GREEN"}
    assert send(client, stored, row, "carry-out", 2, **values)[0] == 302
    found = stored.scalars(select(Figure)).one()
    assert (int(found.low), row.territory_id, row.item.marking.tlp) == (14, here.th.party_id, Tlp.GREEN)


def test_the_territory_answers_with_a_reservation_and_confirms(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = carried_out(stored, here, territory=here.th.party)
    sharing.disclose(stored, row.item, actor=here.head_kh, now=NOW, to_delegation=here.th)
    as_(client, stored, here.head_kh)
    assert "is provisional until" in client.get(f"/actions/{row.item.uuid}").text
    assert send(client, stored, row, "confirm", 1)[0] == 403
    as_(client, stored, here.head_th)
    assert "Confirm that it happened so" in client.get(f"/actions/{row.item.uuid}").text
    assert client.get(f"/actions/{row.item.uuid}/reservation").status_code == 200
    assert send(client, stored, row, "reservation", 2, reason="We count fourteen")[0] == 302
    page = client.get(f"/actions/{row.item.uuid}").text
    assert "We count fourteen" in page
    assert "is provisional until" in page
    assert client.post(f"/actions/{row.item.uuid}/confirm").status_code == 409
    assert send(client, stored, row, "confirm", 3)[0] == 302
    page = client.get(f"/actions/{row.item.uuid}").text
    assert "Confirmed on" in page
    assert "is provisional until" not in page


def test_whoever_ended_an_action_at_home_needs_a_second_person_to_confirm(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = carried_out(stored, here, territory=here.kh.party)
    as_(client, stored, here.head_kh)
    code, text = send(client, stored, row, "confirm", 1)
    assert (code, "A second person must confirm" in text) == (422, True)


def test_without_a_territory_nobody_can_confirm_and_the_page_says_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = carried_out(stored, here)
    as_(client, stored, here.head_kh)
    assert "Nobody has said on whose territory it was" in client.get(f"/actions/{row.item.uuid}").text


@pytest.mark.parametrize(("path", "code"), [("parties/TH/remove", 302), ("parties/XX/remove", 404)])
def test_a_party_is_not_taken_out_of_an_action_that_has_ended(
    client: FlaskClient, stored: Session, path: str, code: int
) -> None:
    here = world(stored)
    row = carried_out(stored, here, parties=[(here.th.party, 40, True)])
    as_(client, stored, here.head_kh)
    assert send(client, stored, row, path, 1)[0] == code
    assert [link.party.code for link in row.parties] == ["TH"]
    code, text = send(client, stored, row, "parties", 2, party="TH", officers="3")
    assert (code, "This action has ended." in text) == (422, True)
