"""The list by time and the delegations by time show the working schedule to organisers."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.scheduling import services
from confmgr.scheduling.domain import SessionKind
from tests import make
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, as_, bilateral, break_, world

LIST = "/meetings/seoul-2/schedule"
LANES = "/meetings/seoul-2/schedule/delegations"
TEN_PAST = datetime.fromisoformat("2026-02-05T01:10:00+00:00")
"""Ten past ten in Seoul, on the first day of the meeting."""


@pytest.mark.parametrize("page", [LIST, LANES])
@pytest.mark.parametrize("query", ["day=2026-03-01", "day=x", "delegation=XX"])
def test_a_day_or_delegation_that_the_meeting_does_not_have_is_not_found(
    client: FlaskClient, stored: Session, page: str, query: str
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.get(f"{page}?{query}").status_code == 404


def test_a_place_narrows_the_list_and_an_unknown_one_is_not_found(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first, second = bilateral(stored, here), bilateral(stored, here, starts=ELEVEN, place=here.t2)
    as_(client, stored, here.organiser)
    text = client.get(f"{LIST}?place=T2").text
    assert str(second.uuid) in text
    assert str(first.uuid) not in text
    assert client.get(f"{LIST}?place=T9").status_code == 404


def test_the_list_says_what_is_now_and_what_is_next(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    bilateral(stored, here, starts=ELEVEN)
    bilateral(stored, here, starts=datetime(2026, 2, 6, 10, 0))  # noqa: DTZ001
    as_(client, stored, here.organiser)
    with clock.frozen(TEN_PAST):
        text = client.get(LIST).text
        assert text.count('class="slot') >= 2
        assert 'class="slot is-now" id="now"' in text
        assert 'class="slot is-next" id="next"' in text
        assert "Go to now" in text


def test_while_the_meeting_is_on_the_list_opens_today_and_all_days_on_request(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    today, tomorrow = bilateral(stored, here), bilateral(stored, here, starts=datetime(2026, 2, 6, 10, 0))  # noqa: DTZ001
    as_(client, stored, here.organiser)
    with clock.frozen(TEN_PAST):
        assert str(today.uuid) in client.get(LIST).text
        assert str(tomorrow.uuid) not in client.get(LIST).text
        assert str(tomorrow.uuid) in client.get(f"{LIST}?day=all").text


def test_a_cell_leads_to_moving_the_session_and_names_the_counterpart_and_the_place(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    break_(stored, here, ELEVEN)
    as_(client, stored, here.organiser)
    text = client.get(LANES).text
    assert text.count(f"/sessions/{row.uuid}/place") == 2
    assert '<bdi dir="ltr" class="upright">TH</bdi></b> <span><bdi dir="ltr" class="upright">T1</bdi>' in text
    assert "Break" in text


def test_a_conflict_in_a_cell_is_a_sign_and_words_not_only_a_colour(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    bilateral(stored, here, place=here.t2, anyway=True)
    as_(client, stored, here.organiser)
    text = client.get(LANES).text
    assert text.count("has a conflict") == 4
    assert text.count('<span class="clash-mark" aria-hidden="true">!</span><b>') == 4
    assert "KH has no team left: it is in KH–TH then." in text


def test_a_cancelled_session_leaves_the_cell_free(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    services.cancel_session(stored, row, actor=here.organiser, now=NOW, reason="x")
    as_(client, stored, here.organiser)
    assert str(row.uuid) not in client.get(LANES).text


def test_highlighting_a_delegation_lights_its_row_and_its_meetings(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    vn = make.delegation(stored, here.meeting, "VN")
    bilateral(stored, here)
    bilateral(stored, here, delegations=[here.kh, vn], kind=SessionKind.BILATERAL, starts=ELEVEN)
    as_(client, stored, here.organiser)
    text = client.get(f"{LANES}?delegation=VN").text
    assert text.count("lit-row") == 1
    assert text.count("bilateral draft lit") == 2


def test_without_delegations_the_view_says_what_it_will_show(client: FlaskClient, stored: Session) -> None:
    meeting = make.meeting(stored, slug="seoul-2")
    organiser = make.user(stored)
    make.membership(stored, meeting, organiser)
    as_(client, stored, organiser)
    assert "No delegations yet." in client.get(LANES).text


@pytest.mark.parametrize("number", [1, 30])
def test_delegations_by_time_ask_the_same_number_of_statements_for_any_number_of_rows(
    client: FlaskClient, stored: Session, statements: Counter, number: int
) -> None:
    here = world(stored, days=2)
    for n in range(number):
        make.delegation(stored, here.meeting, f"X{chr(65 + n // 26)}{chr(65 + n % 26)}")
        bilateral(stored, here, anyway=True)
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.get(LANES).status_code == 200
    assert statements.count == 19


def test_delegations_by_time_are_for_organisers_alone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get(LANES).status_code == 403
