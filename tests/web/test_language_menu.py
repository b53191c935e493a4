"""Who has chosen a language is told where a page does not speak it, and a page loads its own script only."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import make
from tests.make_scheduling import as_, world

CHOSEN = re.compile(r'<a href="\?lang=([\w-]+)"[^>]*aria-current')
FONT = re.compile(r"vendor/fonts/([\w-]+)/wght\.css")
NOTE = (
    'You have chosen <bdi lang="km">ខ្មែរ</bdi>. This part of the application is not translated into it yet, '
    "so this one is in English."
)


def test_a_page_of_organisers_says_that_it_does_not_speak_the_chosen_language(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2/schedule?lang=km").text
    assert '<html lang="en" dir="ltr"' in page
    assert NOTE in page
    assert CHOSEN.findall(page) == ["km"]


def test_a_page_of_everybody_speaks_the_chosen_language_and_says_nothing_of_it(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2/programme?lang=km").text
    assert '<html lang="km" dir="ltr"' in page
    assert "You have chosen" not in page
    assert CHOSEN.findall(page) == ["km"]


def test_korean_pages_of_organisers_are_whole(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2/schedule?lang=ko").text
    assert '<html lang="ko" dir="ltr"' in page
    assert CHOSEN.findall(page) == ["ko"]


def test_a_page_links_the_font_of_its_own_language_only(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    found = {
        tag: FONT.findall(client.get(f"/meetings/seoul-2/programme?lang={tag}").text) for tag in ("en", "ja", "ar")
    }
    assert found == {"en": ["inter"], "ja": ["inter", "noto-sans-jp"], "ar": ["inter", "noto-sans-arabic"]}


def test_a_page_with_names_links_their_fonts(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    make.delegate(stored, here.kh, "សុខ ដារ៉ា", language="km")
    as_(client, stored, here.organiser)
    page = client.get(f"/meetings/seoul-2/delegations/{here.kh.uuid}?lang=en").text
    assert FONT.findall(page) == ["inter", "noto-sans-khmer"]
