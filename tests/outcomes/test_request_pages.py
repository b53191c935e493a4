"""Action requests in the browser: who owes what to whom by when, asked and advanced by the two parties alone."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.outcomes.domain import RequestStep
from confmgr.outcomes.models import ActionRequest
from confmgr.outcomes.services import advance_request
from confmgr.sharing.domain import Tlp
from tests import make
from tests.conftest import Counter
from tests.make_cases import without_tokens
from tests.make_consents import colleague
from tests.make_outcomes import request
from tests.make_scheduling import NOW, as_, once, world

LIST = "/operations/breaking-chains/follow-up"
NEW = "/operations/breaking-chains/requests/new"
SECRET = "Who rents the villa?"


def asked(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "reference": "KH-R1",
        "meeting": "seoul-2",
        "asked": "TH",
        "kind": "identification",
        "text-en": SECRET,
        "urgency": "urgent",
        "channel": "interpol",
        "due": "2026-02-20T12:00",
        "zone": "Asia/Bangkok",
    }
    return values | changes


def requests(session: Session) -> int:
    number = session.scalar(select(func.count()).select_from(ActionRequest)) or 0
    session.commit()
    return number


def test_a_delegate_asks_a_party_and_both_see_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get(NEW).status_code == 200
    assert client.post(NEW, data=asked()).status_code == 302
    row = stored.scalars(select(ActionRequest)).one()
    assert (row.from_id, row.to_id, row.state) == (here.kh.party_id, here.th.party_id, RequestStep.ASKED)
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2026-02-20T05:00:00+00:00"
    stored.commit()
    for person in (here.head_kh, here.head_th):
        as_(client, stored, person)
        assert SECRET in client.get(LIST).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text-en": ""}, "Write this in at least one language."),
        ({"asked": "KH"}, "Not a valid choice."),
        ({"asked": "JP"}, "That belongs to another meeting."),
        ({"meeting": "tokyo"}, "Not a valid choice."),
        ({"kind": "gossip"}, "Invalid Choice"),
        ({"due": "2026-02-30T12:00"}, "Not a valid datetime value."),
        ({"zone": "Asia/Nowhere"}, "There is no time zone of that name."),
        ({"asked": ""}, "This field is required."),
        ({"due": "2026-03-29T01:30", "zone": "Europe/London"}, "The clocks in Europe/London skip"),
    ],
)
def test_a_wrong_request_is_refused_with_a_sentence_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    make.party(stored, "JP")
    as_(client, stored, here.head_kh)
    answer = client.post(NEW, data=asked(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert requests(stored) == 0


def test_nobody_is_asked_before_somebody_is_chosen(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.get(NEW).text
    asked_of = page[page.index('name="asked"') : page.index("</select>", page.index('name="asked"'))]
    assert 'value=""' in asked_of.split("</option>")[0]
    assert "selected" not in asked_of.replace('<option selected value="">', "")


def test_a_due_time_without_a_zone_is_by_the_clock_of_the_head_of_the_delegation_asked(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.delegate_th.zone = "Asia/Bangkok"
    as_(client, stored, here.head_kh)
    assert client.post(NEW, data=asked(zone="")).status_code == 302
    row = stored.scalars(select(ActionRequest)).one()
    assert row.due_zone == "Asia/Bangkok"
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2026-02-20T05:00:00+00:00"


def test_organisers_see_the_envelope_and_ask_nobody(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    as_(client, stored, here.organiser)
    page = client.get(LIST).text
    assert "Identification" in page
    assert SECRET not in page
    assert client.get(f"/requests/{row.item.uuid}").status_code == 404
    assert client.post(NEW, data=asked()).status_code == 403


def test_a_third_delegation_finds_no_trace(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    laos = make.delegation(stored, here.meeting, "LA")
    other = make.user(stored, "Kham Souk")
    make.membership(stored, here.meeting, other, Role.HEAD, of_delegation=laos)
    as_(client, stored, other)
    before = without_tokens(client.get(LIST).data)
    row = request(stored, here)
    stored.commit()
    assert without_tokens(client.get(LIST).data) == before
    assert client.get(f"/requests/{row.item.uuid}").status_code == 404


def test_of_a_red_request_the_secretariat_reads_reference_party_and_date_alone(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    second = colleague(stored, here, here.kh, "Chan Thida")
    request(stored, here, tlp=Tlp.RED, named_readers=[second])
    as_(client, stored, here.organiser)
    page = client.get(LIST).text
    assert "KH/KH-R1" in page
    assert "Identification" not in page
    assert ">TH<" not in page


def test_only_the_party_asked_advances_a_request(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = request(stored, here)
    address = f"/requests/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    assert SECRET in client.get(address).text
    assert client.post(address, data={"once": once(), "state": "accepted"}).status_code == 403
    as_(client, stored, here.head_th)
    refused = client.post(address, data={"once": once(2), "version": 1, "state": "declined", "reason": ""})
    assert refused.status_code == 422
    assert "Give a reason: the other side will read it." in refused.text
    assert client.post(address, data={"once": once(3), "version": 1, "state": "done"}).status_code == 422
    assert client.post(address, data={"once": once(4), "version": 1, "state": "accepted"}).status_code == 302
    for number, unseen in enumerate(({}, {"version": "0"}, {"version": "1"}), 5):
        answer = client.post(address, data={"once": once(number), "state": "done", **unseen})
        assert answer.status_code == 409, unseen
    assert client.post(address, data={"once": once(8), "version": 2, "state": "done"}).status_code == 302
    stored.expire_all()
    assert [step.state for step in row.steps] == [RequestStep.ASKED, RequestStep.ACCEPTED, RequestStep.DONE]


def test_what_is_overdue_says_so_until_it_is_done(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    due = (clock.now() - timedelta(days=2)).replace(tzinfo=None, second=0, microsecond=0)
    row = request(stored, here, due=(due, "Asia/Bangkok"))
    request(stored, here, "KH-R2", due=(datetime(2999, 1, 1, 9, 0), "Asia/Bangkok"))  # noqa: DTZ001  # a wall time
    as_(client, stored, here.head_th)
    assert client.get(LIST).text.count("hours overdue") == 1
    for state in (RequestStep.ACCEPTED, RequestStep.DONE):
        advance_request(stored, row, actor=here.head_th, now=NOW, state=state)
    stored.commit()
    page = client.get(LIST).text
    assert "hours overdue" not in page
    assert "Done and declined" in page


def test_a_list_of_thirty_requests_asks_as_often_as_one_of_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    request(stored, here)
    as_(client, stored, here.head_th)
    client.get(LIST)
    statements.statements.clear()
    client.get(LIST)
    one = statements.count
    for number in range(2, 31):
        request(stored, here, f"KH-R{number}")
    stored.commit()
    statements.statements.clear()
    page = client.get(LIST)
    assert page.text.count(SECRET) == 30
    assert statements.count == one
    assert one <= 15


def test_who_asks_is_no_point_in_time_in_korean(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    request(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"{LIST}?lang=ko", follow_redirects=True).text
    assert "보낸 쪽" in page
    assert '<th scope="col">시작</th>' not in page


@pytest.mark.parametrize("tlp", [Tlp.AMBER, Tlp.RED])
def test_a_page_of_envelopes_is_marked_as_what_is_not_for_everybody(
    client: FlaskClient, stored: Session, tlp: Tlp
) -> None:
    here = world(stored)
    named = [colleague(stored, here, here.kh, "Chan Thida")] if tlp is Tlp.RED else []
    request(stored, here, tlp=tlp, named_readers=named)
    as_(client, stored, here.organiser)
    page = client.get(LIST).text
    assert SECRET not in page
    assert page.count("TLP:AMBER") >= 2
