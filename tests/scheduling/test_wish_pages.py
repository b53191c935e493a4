"""Wishes for the time of a meeting on the pages of requests: for who asks and organisers, for nobody else."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.scheduling import services
from confmgr.scheduling.domain import RequestState
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.wishes import Half, HalfDay, Wishes
from tests import make
from tests.conftest import Counter
from tests.make_scheduling import NOW, World, as_, once, request, world
from tests.scheduling.test_request_pages import BASE, ask, count

THU_AM, FRI_PM = HalfDay(date(2026, 2, 5), Half.MORNING), HalfDay(date(2026, 2, 6), Half.AFTERNOON)
MORNING = "Thu, 5 Feb, morning"


def kept(stored: Session, row: MeetingRequest) -> dict[str, object]:
    stored.refresh(row)
    wishes = dict(row.wishes)
    stored.commit()
    return wishes


def wished(stored: Session, here: World) -> MeetingRequest:
    other = request(stored, here, minutes=25)
    row = request(stored, here, wishes=Wishes((THU_AM,), (other.id,)))
    stored.commit()
    return row


def change(client: FlaskClient, row: MeetingRequest, version: int, form: int = 1, **data: object) -> tuple[int, str]:
    answer = client.post(f"{BASE}/{row.uuid}/wishes", data={"once": once(form), "version": version, **data})
    return answer.status_code, answer.text


def test_a_delegation_asks_with_wishes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = request(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/new").text
    assert [text in page for text in (MORNING, "Fri, 6 Feb, afternoon", str(other.uuid))] == [True] * 3
    wishes = {"half_days": ["2026-02-05 am", "2026-02-06 pm"], "apart": [str(other.uuid)]}
    assert client.post(f"{BASE}/new", data=ask(**wishes)).status_code == 302
    row = stored.scalars(select(MeetingRequest).where(MeetingRequest.id != other.id)).one()
    assert row.wishes == {"half_days": ["2026-02-05 am", "2026-02-06 pm"], "apart": [other.id]}


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"half_days": ["2026-02-07 am"]}, "2026-02-07 am"),
        ({"half_days": ["soon"]}, "soon"),
        ({"apart": ["0b2f4a56-8f43-4a3c-9b0e-2a90f4e4f5f7"]}, "0b2f4a56-8f43-4a3c-9b0e-2a90f4e4f5f7"),
    ],
)
def test_what_was_not_offered_is_refused_at_its_field_and_nothing_is_asked(
    client: FlaskClient, stored: Session, changes: dict[str, object], sent: str
) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    answer = client.post(f"{BASE}/new", data=ask(**changes))
    assert answer.status_code == 422
    assert f"{sent}&#39; is not a valid choice for this field." in answer.text
    assert count(stored) == 0


def test_a_request_of_another_side_cannot_be_named(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    theirs = request(stored, here, asking=here.th, asked=[here.kh])
    row = request(stored, here)
    as_(client, stored, here.head_kh)
    for named in (theirs, row):
        status, _text = change(client, row, row.version, apart=[str(named.uuid)])
        assert status == 422
    assert kept(stored, row) == {}


def test_who_asks_sees_and_changes_its_wishes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = wished(stored, here)
    as_(client, stored, here.head_kh)
    page = client.get(f"{BASE}/{row.uuid}").text
    assert MORNING in page
    assert "Thailand · On cases · 25 min" in page
    form = client.get(f"{BASE}/{row.uuid}/wishes").text
    assert form.count("<input checked ") == 2
    assert change(client, row, row.version, half_days=["2026-02-06 pm"])[0] == 302
    assert kept(stored, row) == {"half_days": ["2026-02-06 pm"]}


def test_who_asks_wishes_the_day_of_another_request(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row, other = request(stored, here), request(stored, here)
    as_(client, stored, here.head_kh)
    assert change(client, row, row.version, same_day=[str(other.uuid)])[0] == 302
    assert kept(stored, row) == {"same_day": [other.id]}
    page = client.get(f"{BASE}/{row.uuid}").text
    assert "On the same day as" in page
    assert "Not at the same time as" not in page


def test_two_who_change_the_same_wishes_do_not_overwrite_each_other(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = wished(stored, here)
    seen = row.version
    as_(client, stored, here.head_kh)
    assert change(client, row, seen, half_days=["2026-02-06 pm"])[0] == 302
    status, _text = change(client, row, seen, 2, half_days=["2026-02-06 am"])
    assert status == 409
    assert kept(stored, row) == {"half_days": ["2026-02-06 pm"]}


def test_organisers_see_them_and_change_them_with_the_rest_of_the_request(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = wished(stored, here)
    as_(client, stored, here.organiser)
    assert MORNING in client.get(f"{BASE}/{row.uuid}").text
    assert MORNING in client.get(f"{BASE}/{row.uuid}/shape").text
    data = ask(half_days=["2026-02-06 am"], version=row.version)
    assert client.post(f"{BASE}/{row.uuid}/shape", data=data).status_code == 302
    assert kept(stored, row) == {"half_days": ["2026-02-06 am"]}


def test_the_other_side_sees_nothing_of_them_and_cannot_open_them(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = wished(stored, here)
    as_(client, stored, here.head_th)
    page = client.get(f"{BASE}/{row.uuid}").text
    assert [text in page for text in ("morning", "25 min", "wishes", "Wishes")] == [False] * 4
    assert "morning" not in client.get(BASE).text
    assert client.get(f"{BASE}/{row.uuid}/wishes").status_code == 403
    assert change(client, row, row.version, half_days=["2026-02-06 am"])[0] == 403
    assert kept(stored, row) == Wishes((THU_AM,), (row.id - 1,)).to_json()


def test_of_a_request_that_several_were_joined_into_only_organisers_see_the_wishes(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    jp = make.delegation(stored, here.meeting, "JP")
    rows = [request(stored, here), request(stored, here, asking=jp, asked=[here.th], wishes=Wishes((THU_AM,)))]
    row = services.join_requests(stored, here.meeting, rows, actor=here.organiser, now=NOW)
    as_(client, stored, here.head_kh)
    assert "morning" not in client.get(f"{BASE}/{row.uuid}").text
    assert client.get(f"{BASE}/{row.uuid}/wishes").status_code == 403
    as_(client, stored, here.organiser)
    assert MORNING in client.get(f"{BASE}/{row.uuid}").text


def test_what_is_over_offers_no_change_of_its_wishes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = wished(stored, here)
    row.state = RequestState.WITHDRAWN
    stored.commit()
    as_(client, stored, here.head_kh)
    assert f"{row.uuid}/wishes" not in client.get(f"{BASE}/{row.uuid}").text
    status, text = change(client, row, row.version, half_days=["2026-02-06 pm"])
    assert status == 422
    assert "cannot be changed any more" in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_asks_the_same_number_of_statements_however_many_requests_there_are(
    client: FlaskClient, stored: Session, statements: Counter, rows: int
) -> None:
    here = world(stored)
    others = [request(stored, here) for _ in range(rows)]
    row = request(stored, here, wishes=Wishes((), tuple(one.id for one in others)))

    def asked(who: User, path: str) -> int:
        as_(client, stored, who)
        client.get(path)
        statements.statements.clear()
        assert client.get(path).status_code == 200
        return statements.count

    counts = [asked(here.head_kh, f"{BASE}/{row.uuid}{page}") for page in ("", "/wishes")]
    assert [*counts, asked(here.organiser, f"{BASE}/{row.uuid}/shape")] == [16, 13, 11]
