"""In which language a page speaks: what somebody chose first, then what is known of the place, then the browser."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Counter
from tests.make_scheduling import as_, world

PROGRAMME = "/meetings/seoul-2/programme"


def spoken(client: FlaskClient, address: str = PROGRAMME, browser: str = "en") -> str:
    page = client.get(address, headers={"Accept-Language": browser}).text
    return page.split('<html lang="')[1].split('"')[0]


def test_the_account_comes_before_delegation_browser_and_meeting(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    here.kh.languages, here.meeting.languages = ["km"], ["ko"]
    here.head_kh.language = "fr"
    as_(client, stored, here.head_kh)
    assert spoken(client, browser="ja") == "fr"


def test_without_an_own_language_the_delegations_holds_then_the_browsers_then_the_meetings(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.kh.languages, here.meeting.languages = ["km"], ["ko"]
    here.head_kh.language = None
    as_(client, stored, here.head_kh)
    assert spoken(client, browser="ja") == "km"
    here.kh.languages = []
    stored.commit()
    assert spoken(client, browser="ja") == "ja"
    assert spoken(client, browser="sw") == "ko"


def test_a_link_in_a_language_holds_for_the_visit_and_an_unknown_one_changes_nothing(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    here.head_kh.language = "th"
    as_(client, stored, here.head_kh)
    assert spoken(client, f"{PROGRAMME}?lang=tlh") == "th"
    assert spoken(client, f"{PROGRAMME}?lang=ar") == "ar"
    assert spoken(client) == "ar"


@pytest.mark.parametrize(("chosen", "page"), [("th", "en"), ("ko", "ko"), ("en", "en")])
def test_an_organisers_page_that_is_not_translated_is_english_as_a_whole(
    client: FlaskClient, stored: Session, chosen: str, page: str
) -> None:
    here = world(stored)
    here.organiser.language = chosen
    as_(client, stored, here.organiser)
    assert spoken(client, "/meetings/seoul-2/publish") == page
    assert spoken(client) == chosen


@pytest.mark.parametrize(
    ("browser", "page"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("km-KH,en-US;q=0.9,en;q=0.8", "km"),
        ("id-ID,id;q=0.9", "id"),
        ("zh-TW,en;q=0.8", "en"),
        ("km;q=0,fr;q=0.5", "fr"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for_first_whatever_its_country(
    client: FlaskClient, browser: str, page: str
) -> None:
    assert spoken(client, "/sign-in", browser=browser) == page


def test_who_has_chosen_a_language_costs_no_statement_more(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    here.kh.languages = ["km"]
    as_(client, stored, here.head_kh)
    client.get(PROGRAMME)
    statements.statements.clear()
    client.get(PROGRAMME)
    chosen = statements.count
    here.head_kh.language = None
    stored.commit()
    statements.statements.clear()
    client.get(PROGRAMME)
    assert statements.count == chosen + 1
