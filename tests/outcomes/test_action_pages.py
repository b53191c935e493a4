"""Joint actions in the browser: planned by two people in secret, carried out, called off, marked for others."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.meetings.domain import Role
from confmgr.outcomes.domain import JointActionState
from confmgr.outcomes.models import Figure, JointAction, Source
from confmgr.sharing.domain import Tlp
from tests import make
from tests.make_cases import confirmed_marking, send
from tests.make_outcomes import action, carried_out
from tests.make_scheduling import World, as_, once, world

NEW = "/operations/breaking-chains/actions/new"
HOME = "/operations/breaking-chains/outcomes"
SECRET = "Raid of the blue villa"


def colleague(session: Session, here: World, name: str = "Chan Thida") -> User:
    person = make.user(session, name)
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def planned(colleague: User, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "reference": "KH-A1",
        "meeting": "seoul-2",
        "kind": "raid",
        "title-en": SECRET,
        "place-en": "Poipet",
        "territory": "KH",
        "planned_for": "2026-02-20",
        "parties": ["TH"],
        "second": str(colleague.uuid),
    }
    return values | changes


def actions(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(JointAction)) or 0
    session.commit()
    return number


def test_a_planned_action_is_known_to_the_two_persons_alone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    second, third = colleague(stored, here), colleague(stored, here, "Vann Sokha")
    as_(client, stored, here.head_kh)
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, data=planned(second))
    assert answer.status_code == 302
    row = stored.scalars(select(JointAction)).one()
    assert (row.item.marking.tlp, row.state) == (Tlp.RED, JointActionState.PLANNED)
    stored.commit()
    assert "Chan Thida" in client.get(answer.location).text
    seen = {}
    for person in (here.head_kh, second, third, here.head_th, here.organiser):
        as_(client, stored, person)
        seen[person.name] = (client.get(answer.location).status_code, SECRET in client.get(HOME).text)
    assert seen == {
        "Sok Dara": (200, True),
        "Chan Thida": (200, True),
        "Vann Sokha": (404, False),
        "Somchai Wong": (404, False),
        "Secretariat": (404, False),
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"second": ""}, "This field is required."),
        ({"title-en": ""}, "Write this in at least one language."),
        ({"kind": "party"}, "Invalid Choice"),
        ({"territory": "XX"}, "Not a valid choice."),
        ({"planned_for": "soon"}, "Not a valid date value."),
        ({"reference": "x" * 40}, "Field cannot be longer than 39 characters."),
    ],
)
def test_a_wrong_plan_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    second = colleague(stored, here)
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=planned(second, **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert actions(stored) == 0


def test_organisers_plan_nothing(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    second = colleague(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(NEW, data=planned(second)).status_code == 403


def test_what_was_found_becomes_figures_and_tells_nobody_the_title(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = action(stored, here)
    as_(client, stored, here.head_kh)
    address = f"/actions/{row.item.uuid}/carry-out"
    early = client.post(address, data={"once": once(), "version": "1", "on": "2025-09-30"})
    assert early.status_code == 422
    assert "The operation began on" in early.text
    data = {
        "once": once(2),
        "version": "1",
        "on": "2026-02-20",
        "starts": "2026-02-20T05:30",
        "zone": "Asia/Phnom_Penh",
        "arrested": "15",
    }
    assert client.post(address, data=data).status_code == 302
    stored.expire_all()
    assert (row.state, row.on) == (JointActionState.ENDED, date(2026, 2, 20))
    found = stored.scalars(select(Figure)).one()
    assert (found.measure, int(found.low), found.joint_action_id) == ("arrested", 15, row.id)
    assert SECRET not in str(stored.scalars(select(Source)).one().title)
    stored.commit()
    again = client.post(address, data={"once": once(3), "version": row.version, "on": "2026-02-21"})
    assert again.status_code == 422
    assert "This action has ended." in again.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"on": ""}, "This field is required."),
        ({"arrested": "-1"}, "Number must be between 0 and 1000000."),
        ({"arrested": "99999999999999999999"}, "Number must be between 0 and 1000000."),
        ({"starts": "2026-02-20T05:30", "zone": ""}, "There is no time zone"),
    ],
)
def test_a_wrong_outcome_is_refused_and_the_action_stays_planned(
    client: FlaskClient, stored: Session, changes: dict[str, str], sentence: str
) -> None:
    here = world(stored)
    row = action(stored, here)
    as_(client, stored, here.head_kh)
    data = {"once": once(), "version": "1", "on": "2026-02-20", **changes}
    answer = client.post(f"/actions/{row.item.uuid}/carry-out", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    stored.expire_all()
    assert row.state is JointActionState.PLANNED
    assert stored.scalars(select(Figure)).all() == []


def test_an_action_that_was_called_off_does_not_take_place(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = action(stored, here)
    address = f"/actions/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    silent = client.post(f"{address}/call-off", data={"once": once(), "version": "1", "reason": " "})
    assert (silent.status_code, "it stays in the history" in silent.text) == (422, True)
    data = {"once": once(2), "version": "1", "reason": "The border is closed"}
    assert client.post(f"{address}/call-off", data=data).status_code == 302
    stored.refresh(row)
    stored.commit()
    late = client.post(f"{address}/carry-out", data={"once": once(3), "version": row.version, "on": "2026-02-20"})
    assert late.status_code == 422
    stored.refresh(row)
    assert row.state is JointActionState.CALLED_OFF


def test_an_action_that_has_ended_is_not_called_off(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = carried_out(stored, here)
    as_(client, stored, here.head_kh)
    data = {"once": once(), "version": str(row.version), "reason": "Too late"}
    answer = client.post(f"/actions/{row.item.uuid}/call-off", data=data)
    assert "This action has ended." in answer.text
    stored.refresh(row)
    assert row.state is JointActionState.ENDED


PATHS = ("edit", "parties", "reschedule", "call-off", "begin", "carry-out", "marking", "reservation", "persons/new")


def test_others_neither_open_what_is_hidden_nor_change_what_is_shown(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    hidden, shown = action(stored, here), action(stored, here, "KH-A2", tlp=Tlp.GREEN)
    as_(client, stored, here.head_th)
    for path in ("", "/log"):
        assert client.get(f"/actions/{hidden.item.uuid}{path}").status_code == 404
        assert client.get(f"/actions/{shown.item.uuid}{path}").status_code == 200
    for path in (*PATHS, "log/new"):
        assert client.get(f"/actions/{hidden.item.uuid}/{path}").status_code == 404
        assert client.get(f"/actions/{shown.item.uuid}/{path}").status_code == 403
    for path in ("confirm", "parties/KH/remove"):
        assert client.post(f"/actions/{hidden.item.uuid}/{path}").status_code == 404
        assert client.post(f"/actions/{shown.item.uuid}/{path}").status_code == 403


def test_author_and_second_person_mark_a_red_action_so_that_others_may_read_of_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = colleague(stored, here)
    row = action(stored, here, tlp=Tlp.RED, named_readers=[second])
    as_(client, stored, here.head_kh)
    answer = send(client, f"/actions/{row.item.uuid}/marking", tlp="GREEN", second="", reason="It is over")
    assert answer.status_code == 302
    as_(client, stored, here.head_th)
    assert SECRET not in client.get(HOME).text
    confirmed_marking(client, stored, second, f"/actions/{row.item.uuid}")
    as_(client, stored, here.head_th)
    assert SECRET in client.get(HOME).text
