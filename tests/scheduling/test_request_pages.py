import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import Capacity
from confmgr.errors import Refused
from confmgr.meetings.domain import Role
from confmgr.scheduling.domain import Answer, RequestState
from confmgr.scheduling.models import MeetingRequest, MeetingSession
from confmgr.scheduling.services import answer_request
from confmgr.sharing.domain import ItemState
from tests import make
from tests.conftest import Counter
from tests.make_cases import case
from tests.make_scheduling import NOW, World, as_, once, request, world

BASE = "/meetings/seoul-2/requests"


def ask(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "asking": "KH",
        "asked": ["TH"],
        "kind": "case",
        "level": "working",
        "minutes": "40",
        "first": "",
        "second": "",
        "interpreters": "1",
        "priority": "2",
        "note": "",
    }
    return values | changes


def count(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(MeetingRequest)) or 0
    session.commit()
    return number


def test_a_head_asks_for_a_meeting_of_the_own_delegation(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{BASE}/new", data=ask(first="th", second="km", note="Before lunch, please"))
    assert answer.status_code == 302
    row = stored.scalars(select(MeetingRequest)).one()
    assert (row.from_id, [side.delegation_id for side in row.asked]) == (here.kh.id, [here.th.id])
    assert (row.minutes, row.interpretation, row.note) == (40, "km-th", "Before lunch, please")
    assert row.state is RequestState.ASKED


def test_no_request_names_a_draft_of_which_organisers_are_not_to_learn(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    draft, shared = case(stored, here, state=ItemState.DRAFT), case(stored, here, "KH-02")
    with pytest.raises(Refused, match="not_shared"):
        request(stored, here, cases=[draft])
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/new").text
    assert str(shared.item.uuid) in page
    assert str(draft.item.uuid) not in page
    assert client.post(f"{BASE}/new", data=ask(cases=[str(draft.item.uuid)])).status_code == 422
    assert count(stored) == 0
    assert client.post(f"{BASE}/new", data=ask(once=once(2), cases=[str(shared.item.uuid)])).status_code == 302


def test_an_organiser_asks_for_any_delegation(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/new", data=ask(asking="TH", asked=["KH"])).status_code == 302
    assert stored.scalars(select(MeetingRequest)).one().from_id == here.th.id


def test_a_head_cannot_ask_for_another_delegation(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{BASE}/new", data=ask(asking="TH", asked=["KH"]))
    assert answer.status_code == 422
    assert count(stored) == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"asked": []}, "Choose at least one delegation to meet."),
        ({"asked": ["KH"]}, "KH cannot ask to meet itself."),
        ({"minutes": "41"}, "The length is a multiple of five minutes, at most 480 minutes."),
        ({"minutes": "99999999999999999999"}, "Number must be between 5 and 480."),
        ({"minutes": "soon"}, "Not a valid integer value."),
        ({"first": "km"}, "Choose both languages, or none."),
        ({"first": "km", "second": "km"}, "Choose two different languages."),
        ({"priority": "7"}, "Not a valid choice."),
        ({"kind": "gossip"}, "Invalid Choice: could not coerce."),
        ({"note": "a\x07b"}, "Remove the invisible control characters."),
    ],
)
def test_a_wrong_request_says_why_at_its_field_and_writes_nothing(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    answer = client.post(f"{BASE}/new", data=ask(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(stored) == 0


def test_a_request_sent_twice_is_asked_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    first = client.post(f"{BASE}/new", data=ask())
    second = client.post(f"{BASE}/new", data=ask())
    assert second.headers["Location"] == first.headers["Location"]
    assert count(stored) == 1


def test_the_other_side_sees_the_request_and_not_its_note(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here, note="They owe us an answer", persons=[here.delegate_kh])
    as_(client, stored, here.head_th)
    page = client.get(f"{BASE}/{row.uuid}")
    assert page.status_code == 200
    assert "They owe us an answer" not in page.text
    assert "Sok Dara" not in page.text
    as_(client, stored, here.head_kh)
    assert "They owe us an answer" in client.get(f"{BASE}/{row.uuid}").text


def test_a_third_delegation_and_a_delegation_without_requests_see_nothing_of_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = request(stored, here)
    jp = make.delegation(stored, here.meeting, "JP")
    third = make.user(stored)
    make.membership(stored, here.meeting, third, Role.DELEGATE, of_delegation=jp)
    as_(client, stored, third)
    assert "Request 1" not in client.get(BASE).text
    assert client.get(f"{BASE}/{row.uuid}").status_code == 404


def test_the_asked_side_declines_with_a_reason(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_th)
    data = {"once": once(), "delegation": "TH", "answer": "declined", "reason": "No case in common"}
    assert client.post(f"{BASE}/{row.uuid}", data=data).status_code == 302
    stored.refresh(row)
    assert row.state is RequestState.DECLINED
    as_(client, stored, here.head_kh)
    assert "No case in common" in client.get(f"{BASE}/{row.uuid}").text


def test_the_asking_side_cannot_answer_its_own_request(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_kh)
    data = {"once": once(), "delegation": "TH", "answer": "accepted"}
    assert client.post(f"{BASE}/{row.uuid}", data=data).status_code == 422
    stored.refresh(row)
    assert row.state is RequestState.ASKED


def test_only_the_asking_side_withdraws(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_th)
    assert client.post(f"{BASE}/{row.uuid}/withdraw").status_code == 403
    as_(client, stored, here.head_kh)
    assert client.post(f"{BASE}/{row.uuid}/withdraw").status_code == 302
    stored.refresh(row)
    assert row.state is RequestState.WITHDRAWN


def test_an_organiser_makes_a_session_of_an_accepted_request_and_only_once(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/{row.uuid}/session").status_code == 422
    answer_request(stored, row, actor=here.organiser, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    stored.commit()
    assert client.post(f"{BASE}/{row.uuid}/session").status_code == 302
    assert client.post(f"{BASE}/{row.uuid}/session").status_code == 302
    made = stored.scalars(select(MeetingSession)).one()
    assert (made.reference, made.starts_at, made.minutes) == ("R1", None, 40)
    assert {link.delegation_id for link in made.delegations} == {here.kh.id, here.th.id}


def test_a_head_cannot_make_a_session(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.head_kh)
    assert client.post(f"{BASE}/{row.uuid}/session").status_code == 403
    assert client.post(f"{BASE}/accepted").status_code == 403


def test_all_accepted_requests_become_sessions_at_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    for n in range(3):
        row = request(stored, here)
        if n:
            answer_request(stored, row, actor=here.organiser, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    as_(client, stored, here.organiser)
    assert client.post(f"{BASE}/accepted").status_code == 302
    references = set(stored.scalars(select(MeetingSession.reference)))
    assert references == {"R2", "R3"}


def test_state_and_delegation_narrow_the_table(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    jp = make.delegation(stored, here.meeting, "JP")
    request(stored, here)
    declined = request(stored, here, asking=here.th, asked=[jp])
    answer_request(stored, declined, actor=here.organiser, now=NOW, delegation=jp, answer=Answer.DECLINED)
    as_(client, stored, here.organiser)
    by_state = client.get(f"{BASE}?state=declined").text
    assert "Request 2" in by_state
    assert "Request 1" not in by_state
    by_delegation = client.get(f"{BASE}?delegation=KH").text
    assert "Request 1" in by_delegation
    assert "Request 2" not in by_delegation
    assert client.get(f"{BASE}?state=nonsense").status_code == 404


@pytest.mark.parametrize("role", [Role.LEADERSHIP, Role.PRESS, Role.AUDITOR, Role.INTERPRETER])
def test_requests_are_for_sides_and_organisers(client: FlaskClient, stored: Session, role: Role) -> None:
    here = world(stored)
    other = make.user(stored)
    make.membership(stored, here.meeting, other, role)
    as_(client, stored, other)
    assert client.get(BASE).status_code == 403


def test_an_outsider_finds_no_requests_and_a_stranger_must_sign_in(client: FlaskClient, stored: Session) -> None:
    world(stored)
    outsider = make.user(stored)
    stored.commit()
    assert client.get(BASE).status_code == 302
    as_(client, stored, outsider)
    assert client.get(BASE).status_code == 404


def test_a_request_of_another_meeting_does_not_exist_here(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = make.meeting(stored, here.meeting.operation, slug="seoul-1", number=1)
    make.membership(stored, other, here.organiser)
    row = request(stored, here)
    as_(client, stored, here.organiser)
    assert client.get(f"/meetings/seoul-1/requests/{row.uuid}").status_code == 404
    assert client.get(f"{BASE}/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_table_asks_the_same_number_of_statements_for_any_number_of_rows(
    client: FlaskClient, stored: Session, statements: Counter, rows: int
) -> None:
    here = world(stored)
    for _ in range(rows):
        request(stored, here)
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.get(BASE).text.count("Request ") >= rows
    assert statements.count == 9


def test_named_persons_of_the_own_delegation_come_with_the_request(client: FlaskClient, stored: Session) -> None:
    here: World = world(stored)
    second = make.delegate(stored, here.kh, "Chan Vuthy", capacity=Capacity.ADVISER)
    as_(client, stored, here.head_kh)
    client.post(f"{BASE}/new", data=ask(persons=[str(second.uuid), str(here.delegate_th.uuid)]))
    assert count(stored) == 0
    client.post(f"{BASE}/new", data=ask(persons=[str(second.uuid)]))
    assert [link.delegate_id for link in stored.scalars(select(MeetingRequest)).one().persons] == [second.id]


@pytest.mark.parametrize("kind", ["junk", "", "COOPERATION", "cooperation"])
def test_an_address_may_say_what_a_request_is_about_and_anything_else_is_left_alone(
    client: FlaskClient, stored: Session, kind: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get(f"{BASE}/new?kind={kind}")
    assert page.status_code == 200
    assert ('<option selected value="cooperation">' in page.text) is (kind == "cooperation")
