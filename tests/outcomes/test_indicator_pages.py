"""Indicators in the browser: a list, a page with chart and table, forms, undo."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import FigureKind
from confmgr.outcomes.models import Indicator, IndicatorValue
from confmgr.outcomes.services.indicators import fingerprint
from tests import make
from tests.make_outcomes import figure, indicator, source
from tests.make_scheduling import World, as_, world

LIST = "/operations/breaking-chains/indicators"
PAGE = f"{LIST}/missing"
FIRST, LAST = (10, 93, "R3"), (12, 6, "P")


def followed(session: Session) -> World:
    here = world(session)
    indicator(session, here, "missing", FIRST, (11, 17, "R3"), LAST)
    session.commit()
    return here


def seen(session: Session, here: World) -> str:
    """What a page of now knows; the transaction ends, so that the request can write."""
    session.expire_all()
    found = fingerprint(queries.get_indicator(session, here.meeting.operation, "missing"))
    session.commit()
    return found


def test_the_page_shows_values_over_time_with_their_sources(client: FlaskClient, stored: Session) -> None:
    here = followed(stored)
    as_(client, stored, here.organiser)
    page = client.get(PAGE).text
    assert '<svg class="chart"' in page
    for told in ("October 2025", "93", "17", "6", "Report R3", "Report P"):
        assert told in page, told
    assert "style=" not in page
    assert "/edit" not in page
    assert "missing" in client.get(LIST).text


def test_time_runs_as_the_page_is_read(client: FlaskClient, stored: Session) -> None:
    here = followed(stored)
    as_(client, stored, here.head_kh)
    assert 'd="M96.0 45.' not in client.get(f"{PAGE}?lang=ar").text
    assert 'd="M624.0 ' in client.get(f"{PAGE}?lang=ar").text
    assert 'd="M96.0 ' in client.get(f"{PAGE}?lang=en").text


def test_sources_that_disagree_stand_side_by_side_and_the_gap_is_hatched(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    indicator(stored, here, "missing", FIRST, (11, 17, "R3"), (11, 40, "P"))
    as_(client, stored, here.head_kh)
    page = client.get(PAGE).text
    assert 'class="apart"' in page
    assert "Hatched: the sources disagree; nothing is averaged." in page


def test_an_empty_list_says_what_to_do(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    page = client.get(LIST).text
    assert "No indicator is followed yet." in page
    assert f"{LIST}/new" in page
    as_(client, stored, here.organiser)
    assert f"{LIST}/new" not in client.get(LIST).text


def test_an_indicator_is_added_with_a_value_and_changed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    source(stored, here)
    as_(client, stored, here.head_kh)
    data = {"name-en": "Missing persons", "code": "missing", "unit": "persons", "once": "a"}
    assert client.post(f"{LIST}/new", data=data).headers["Location"] == PAGE
    assert "No value is entered yet." in client.get(PAGE).text
    value = {"at_on": "2025-10-17", "month_only": "y", "value": "93", "source": "R1", "once": "b"}
    assert client.post(f"{PAGE}/values/new", data=value).headers["Location"] == PAGE
    row = stored.scalars(select(IndicatorValue)).one()
    assert (row.at_on, int(row.value), row.month_only) == (date(2025, 10, 1), 93, True)
    stored.commit()
    changed = {**data, "name-en": "Missing", "definition-en": "As reported.", "seen": seen(stored, here), "once": "c"}
    assert client.post(f"{PAGE}/edit", data=changed).status_code == 302
    assert "As reported." in client.get(PAGE).text


def test_a_value_is_mended_removed_and_brought_back(client: FlaskClient, stored: Session) -> None:
    here = followed(stored)
    as_(client, stored, here.head_kh)
    row = stored.scalars(select(IndicatorValue).where(IndicatorValue.value == 17)).one()
    stored.commit()
    form = client.get(f"{PAGE}/values/{row.id}").text
    assert 'value="2025-11-01"' in form
    data = {"at_on": "2025-11-01", "month_only": "y", "value": "18", "source": "R3", "once": "a"}
    answer = client.post(f"{PAGE}/values/{row.id}", data={**data, "seen": seen(stored, here)})
    assert answer.status_code == 302
    gone = client.post(f"{PAGE}/values/{row.id}/remove", data={"seen": seen(stored, here)})
    page = client.get(gone.headers["Location"]).text
    assert "The value is removed." in page
    undo = gone.headers["Location"].split("undo=")[1]
    client.post(f"{LIST}/undo/{undo}")
    stored.expire_all()
    assert sorted(int(one.value) for one in stored.scalars(select(IndicatorValue))) == [6, 18, 93]


def test_an_indicator_is_removed_and_brought_back(client: FlaskClient, stored: Session) -> None:
    here = followed(stored)
    as_(client, stored, here.head_kh)
    gone = client.post(f"{PAGE}/remove", data={"seen": seen(stored, here)})
    assert client.get(PAGE).status_code == 404
    assert "The indicator is removed." in client.get(gone.headers["Location"]).text
    undo = gone.headers["Location"].split("undo=")[1]
    assert client.post(f"{LIST}/undo/{undo}").headers["Location"] == PAGE
    assert "93" in client.get(PAGE).text
    again = client.post(f"{LIST}/undo/{undo}", follow_redirects=True)
    assert "There is an indicator missing already." in again.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"value": "-1"}, "Number must be"),
        ({"value": "many"}, "Not a valid decimal value."),
        ({"value": "Infinity"}, "Not a valid decimal value."),
        ({"at_on": "2025-13-01"}, "Not a valid date value."),
        ({"at_on": "1066-01-01"}, "Choose a day between 1900 and 2100."),
        ({"source": "nowhere"}, "Not a valid choice."),
        ({"at_on": "2025-10-09"}, "The source R3 has a value for this date already."),
    ],
)
def test_a_wrong_value_is_answered_in_words(
    client: FlaskClient, stored: Session, changes: dict[str, str], told: str
) -> None:
    here = followed(stored)
    as_(client, stored, here.head_kh)
    data = {"at_on": "2025-09-01", "month_only": "y", "value": "1", "source": "R3", "once": "a"} | changes
    answer = client.post(f"{PAGE}/values/new", data=data)
    assert answer.status_code == 422
    assert told in answer.text
    assert len(stored.scalars(select(IndicatorValue)).all()) == 3


def test_a_form_from_before_anothers_change_is_refused(client: FlaskClient, stored: Session) -> None:
    here = followed(stored)
    as_(client, stored, here.head_kh)
    assert client.post(f"{PAGE}/remove", data={"seen": "0123456789abcdef"}).status_code == 409
    assert stored.scalars(select(Indicator)).one().code == "missing"


@pytest.mark.parametrize("address", [LIST, PAGE])
@pytest.mark.parametrize(
    ("role", "status"), [(Role.ORGANISER, 200), (Role.LEADERSHIP, 200), (Role.INTERPRETER, 403), (None, 404)]
)
def test_indicators_are_for_those_who_read_outcomes(
    client: FlaskClient, stored: Session, address: str, role: Role | None, status: int
) -> None:
    here = followed(stored)
    person = make.user(stored, "Somebody")
    if role is not None:
        make.membership(stored, here.meeting, person, role)
    as_(client, stored, person)
    assert client.get(address).status_code == status
    if role is not Role.HEAD:
        assert client.post(f"{PAGE}/remove").status_code in {403, 404}


def test_meetings_are_compared_by_bars_once_there_are_two(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    figure(stored, here, meeting=here.meeting)
    as_(client, stored, here.organiser)
    assert "Meeting by meeting" not in client.get("/operations/breaking-chains/outcomes").text
    other = make.meeting(stored, here.meeting.operation, slug="seoul-3", number=3)
    make.membership(stored, other, here.organiser)
    five = figure(stored, here, "five", 31, meeting=other)
    services.overlap(stored, five, figure(stored, here, "six", 31, meeting=other, kind=FigureKind.RECORDED))
    stored.commit()
    page = client.get("/operations/breaking-chains/outcomes").text
    assert "Meeting by meeting" in page
    assert '<ul class="compared">' in page
    assert 'width="50.0%"' in page
