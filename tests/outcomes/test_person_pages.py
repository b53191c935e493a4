"""Task forces and sets of persons in the browser."""

from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.outcomes import services
from confmgr.outcomes.domain import PersonStatus
from confmgr.outcomes.models import Figure, PersonSet, TaskForce
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import carried_out, figure, task_force
from tests.make_scheduling import World, as_, once, world

HOME = "/operations/breaking-chains/outcomes"
NEW = "/operations/breaking-chains/task-forces/new"


def formed(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "reference": "KH-T1",
        "meeting": "seoul-2",
        "name-en": "Villa",
        "starts_on": "2025-11-10",
        "parties": ["KH", "TH"],
        "tlp": "AMBER",
        "second": "",
    }
    return values | changes


def test_a_task_force_is_formed_staffed_and_seen_by_its_parties(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get(NEW).status_code == 200
    wrong = client.post(NEW, data=formed(ends_on="2025-11-09"))
    assert (wrong.status_code, stored.scalars(select(TaskForce)).all()) == (422, [])
    stored.commit()
    answer = client.post(NEW, data=formed(once=once(2)))
    assert answer.status_code == 302
    row = stored.scalars(select(TaskForce)).one()
    address = f"/task-forces/{row.item.uuid}"
    stored.commit()
    staff = {"once": once(3), "version": row.version, "party": "TH", "officers": "4"}
    assert client.post(f"{address}/staff", data=staff).status_code == 302
    assert client.post(f"{address}/staff", data=staff | {"once": once(4)}).status_code == 409
    as_(client, stored, here.head_th)
    assert "4 officers" in client.get(address).text
    assert "Villa" in client.get(HOME).text
    assert client.get(f"{address}/edit").status_code == 403
    as_(client, stored, here.organiser)
    assert client.get(address).status_code == 404


def test_a_task_force_is_edited_and_a_party_leaves_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = task_force(stored, here, tlp=Tlp.GREEN)
    address = f"/task-forces/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    assert client.get(f"{address}/edit").status_code == 200
    assert client.get(f"{address}/marking").status_code == 200
    values = {
        "version": row.version,
        "name-en": "Green villa",
        "starts_on": "2025-11-10",
        "duty_hours-en": "Day, night",
    }
    wrong = client.post(f"{address}/edit", data=values | {"once": once(), "ends_on": "2025-11-01"})
    assert wrong.status_code == 422
    assert client.post(f"{address}/edit", data=values | {"once": once(2)}).status_code == 302
    stored.expire_all()
    stored.refresh(row)
    stored.commit()
    assert client.get(f"{address}/staff").status_code == 200
    for number, (party, code) in enumerate((("XX", 404), ("KH", 302)), 3):
        data = {"once": once(number), "version": row.version}
        assert client.post(f"{address}/staff/{party}/remove", data=data).status_code == code
    page = client.get(address).text
    assert "Green villa" in page
    assert "Day, night" in page
    stored.expire_all()
    assert row.parties == []


def test_the_host_agency_stays_chosen_while_other_things_are_edited(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = task_force(stored, here, host_agency=make.agency(stored, here.th.party))
    as_(client, stored, here.head_kh)
    page = client.get(f"/task-forces/{row.item.uuid}/edit").text
    assert '<option selected value="TH POL">' in page


def test_a_task_force_shows_the_actions_and_figures_that_its_reader_may_see(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    force = task_force(stored, here, tlp=Tlp.GREEN)
    shown = carried_out(stored, here, tlp=Tlp.GREEN, task_force=force)
    hidden = carried_out(stored, here, "KH-A2", task_force=force, title=Words.of("Raid of the red villa"))
    figure(stored, here, "shown", 15, joint_action=shown)
    figure(stored, here, "hidden", 4711, joint_action=hidden)
    seen = []
    for person in (here.head_kh, here.head_th):
        as_(client, stored, person)
        page = client.get(f"/task-forces/{force.item.uuid}").text
        seen.append(("Raid of the blue villa" in page, "Raid of the red villa" in page, "4,711" in page))
    assert seen == [(True, True, True), (True, False, False)]


def found(session: Session, here: World, **changes: Any) -> PersonSet:
    row = carried_out(session, here, **changes)
    return services.find_persons(session, row, name=Words.of("In the villa"), count=12)


def test_a_set_of_persons_is_entered_under_an_action(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = carried_out(stored, here)
    as_(client, stored, here.head_kh)
    address = f"/actions/{row.item.uuid}/persons/new"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"once": once(), "name-en": "In the villa", "count": "-1"}).status_code == 422
    answer = client.post(address, data={"once": once(2), "name-en": "In the villa", "count": "12"})
    assert answer.status_code == 302
    edit = f"{answer.location}/edit"
    assert client.get(edit).status_code == 200
    assert client.post(edit, data={"once": once(3), "name-en": "In the villa", "count": "13"}).status_code == 302
    assert "In the villa" in client.get(f"/actions/{row.item.uuid}").text
    assert stored.scalars(select(PersonSet.count)).one() == 13


def test_the_status_of_a_set_has_a_history_and_no_more_than_its_persons(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    persons = found(stored, here)
    address = f"/persons/{persons.uuid}"
    as_(client, stored, here.head_kh)
    data = {
        "status": "suspect",
        "count": "12",
        "decided_on": "2025-12-04",
        "decided_by": "District court",
        "source": "",
    }
    wrong = client.post(f"{address}/status", data=data | {"once": once(), "count": "13"})
    assert (wrong.status_code, "The set has 12 persons." in wrong.text) == (422, True)
    for number, changes in ((2, {}), (3, {"status": "victim", "count": "2", "decided_on": "2026-01-10"})):
        assert client.post(f"{address}/status", data=data | changes | {"once": once(number)}).status_code == 302
    page = client.get(address).text
    for words in ("Suspect 10, Victim 2", "District court", "4 Dec 2025"):
        assert words in page
    assert "Reclassified since the operation began" in client.get(HOME).text
    less = client.post(f"{address}/edit", data={"once": once(4), "name-en": "In the villa", "count": "11"})
    assert (less.status_code, "12 of the set are held to be something already." in less.text) == (422, True)


def test_shares_show_what_is_not_stated_and_what_is_too_much(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    persons = found(stored, here)
    address = f"/persons/{persons.uuid}"
    as_(client, stored, here.head_kh)
    for number, (part, count) in enumerate((("sex:male", 9), ("nationality:KR", 20)), 1):
        data = {"once": once(number), "part": part, "count": str(count), "verified": "y"}
        assert client.post(f"{address}/shares", data=data).status_code == 302
    wrong = client.post(f"{address}/shares", data={"once": once(3), "part": "sex:many", "count": "1"})
    assert wrong.status_code == 422
    page = client.get(address).text
    for words in ("Sex, not stated: 3", "South Korea", "Nationality: the parts exceed the whole by 8."):
        assert words in page
    assert client.post(f"{address}/shares/nationality/KR/remove").status_code == 302
    assert client.post(f"{address}/shares/nationality/KR/remove").status_code == 404
    assert "South Korea</th>" not in client.get(address).text


def test_more_returned_than_arrested_is_kept_once_it_is_said_to_be_right(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    persons = found(stored, here)
    address = f"/persons/{persons.uuid}"
    as_(client, stored, here.head_kh)
    data = {"measure": "arrested", "number": "9", "on": "2025-12-04", "source": ""}
    assert client.post(f"{address}/figures", data=data | {"once": once()}).status_code == 302
    returned = data | {"measure": "returned", "number": "10"}
    asked = client.post(f"{address}/figures", data=returned | {"once": once(2)})
    assert (asked.status_code, "9 of the set were arrested" in asked.text) == (422, True)
    assert client.post(f"{address}/figures", data=returned | {"once": once(3), "sure": "y"}).status_code == 302
    rows = stored.scalars(select(Figure).order_by(Figure.id)).all()
    assert [(row.measure, int(row.low), row.person_set_id) for row in rows] == [
        ("arrested", 9, persons.id),
        ("returned", 10, persons.id),
    ]


def test_persons_are_seen_with_their_action_and_changed_by_its_party(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    hidden = found(stored, here)
    shown = found(stored, here, reference="KH-A2", tlp=Tlp.GREEN)
    services.set_status(stored, shown, status=PersonStatus.SUSPECT, count=12, decided_on=date(2025, 12, 4))
    as_(client, stored, here.head_th)
    assert client.get(f"/persons/{hidden.uuid}").status_code == 404
    assert client.get(f"/persons/{here.kh.uuid}").status_code == 404
    page = client.get(f"/persons/{shown.uuid}")
    assert (page.status_code, "They are held to be something else" in page.text) == (200, False)
    for path in ("edit", "status", "shares", "figures"):
        assert client.post(f"/persons/{hidden.uuid}/{path}").status_code == 404
        assert client.post(f"/persons/{shown.uuid}/{path}").status_code == 403
