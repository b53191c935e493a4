"""Texts and their translations side by side in the browser: written, marked, refused, and read by organisers alone."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from confmgr.interchange.domain import Piece
from confmgr.parties.models import Party
from confmgr.scheduling.models import SessionCase
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.interchange.make_texts import BASE, KHMER, ROOM, pieces, plenary, title
from tests.interchange.test_workbook_pages import once, text_of
from tests.make_cases import case, shown
from tests.make_scheduling import World, as_


def field(piece: Piece, text: str, *, mark: str | None = None, language: str = "km") -> dict[str, str]:
    """What the browser sends of one text."""
    return {f"text:{piece.key}": text, f"seen:{piece.key}": mark if mark is not None else piece.mark(language)}


def post(client: FlaskClient, data: dict[str, str], where: str = BASE) -> TestResponse:
    return client.post(where, data={"once": once(), **data})


def test_originals_and_translations_stand_side_by_side_in_their_languages(
    client: FlaskClient, stored: Session, here: World
) -> None:
    here.meeting.title = Words.of({"en": "Second meeting", "km": KHMER})
    stored.commit()
    page = client.get(BASE)
    assert page.status_code == 200
    assert '<p class="said" lang="en" dir="auto"><bdi>Second meeting</bdi></p>' in page.text
    assert re.search(rf'<textarea name="text:meeting/[^"]+" id="text-1"[^>]* lang="km" dir="auto">{KHMER}<', page.text)
    assert "It is not known who translated this." in page.text
    assert "people outside must not see them" in page.text
    assert "1 of 8" in text_of(page)


def test_the_page_opens_with_a_language_of_the_meeting(client: FlaskClient, here: World) -> None:
    assert client.get("/meetings/seoul-2/translations").location == "/meetings/seoul-2/translations/ko"
    assert "/meetings/seoul-2/translations" in client.get("/meetings/seoul-2/settings").text


def test_a_language_that_does_not_exist_has_no_page(client: FlaskClient, here: World) -> None:
    for path in ("tlh", "en_GB", "km/texts.exe", "tlh/texts.po", "tlh/upload"):
        assert client.get(f"/meetings/seoul-2/translations/{path}").status_code == 404


def test_a_saved_translation_says_who_made_it_and_when(client: FlaskClient, stored: Session, here: World) -> None:
    found = pieces(stored, here)
    stored.commit()
    saved = post(client, field(found["meeting/title"], KHMER) | field(found["meeting/venue"], ""))
    assert saved.status_code == 302
    assert title(stored).text("km") == KHMER
    page = client.get(BASE).text
    assert "1 translation is saved." in page
    assert re.search("Translated by Secretariat, [0-9]", page)


def test_nothing_that_was_typed_is_lost_when_one_text_is_refused(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)
    stored.commit()
    wrong = field(found["meeting/title"], "<b>ក</b>") | field(found["meeting/venue"], ROOM)
    refused = post(client, wrong)
    assert refused.status_code == 422
    assert "&lt;b&gt;ក&lt;/b&gt;</textarea>" in refused.text
    assert f"{ROOM}</textarea>" in refused.text
    assert "Remove “&lt;b&gt;”" in refused.text
    assert "Nothing is saved yet: 1 text must be mended" in refused.text
    assert "km" not in title(stored).values
    mended = wrong | field(found["meeting/title"], KHMER)
    assert post(client, mended).status_code == 302
    assert title(stored).text("km") == KHMER


def test_a_text_that_somebody_changed_meanwhile_is_refused_once_and_shown(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)["meeting/title"]
    here.meeting.title = here.meeting.title.changed({"km": ROOM})
    stored.commit()
    mine = field(found, KHMER)
    refused = post(client, mine)
    assert refused.status_code == 422
    assert f"Somebody changed this since you opened the page. Look at what stands here now: “{ROOM}”." in text_of(
        refused
    )
    assert f"{KHMER}</textarea>" in refused.text
    mark = re.search(r'name="seen:meeting/[^"]+" value="([^"]+)"', refused.text)
    assert mark is not None
    assert post(client, field(found, KHMER, mark=mark[1])).status_code == 302
    assert title(stored).text("km") == KHMER


def test_a_text_that_was_not_touched_is_never_written_over(client: FlaskClient, stored: Session, here: World) -> None:
    found = pieces(stored, here)
    here.meeting.title = here.meeting.title.changed({"km": ROOM})
    stored.commit()
    assert post(client, field(found["meeting/title"], "") | field(found["meeting/venue"], KHMER)).status_code == 302
    assert title(stored).text("km") == ROOM


def test_an_untouched_translation_with_spaces_that_a_line_would_lose_is_not_written_anew(
    client: FlaskClient, stored: Session, here: World
) -> None:
    here.meeting.title = Words.of({"en": "Second", "km": f"{KHMER}  {ROOM}"}).changed({"en": "Third"})
    stored.commit()
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    assert post(client, field(found, f"{KHMER}  {ROOM}")).status_code == 302
    assert "Nothing was changed." in client.get(BASE).text
    assert title(stored).outdated("km")


def test_words_for_a_text_that_is_gone_are_given_back(client: FlaskClient, stored: Session, here: World) -> None:
    answer = post(client, {"text:place/999999/name": ROOM, "seen:place/999999/name": "1-x"})
    assert answer.status_code == 422
    assert f"your words for it were: “{ROOM}”" in text_of(answer)


def test_an_outdated_translation_is_marked_and_can_be_said_to_be_still_right(
    client: FlaskClient, stored: Session, here: World
) -> None:
    here.meeting.title = Words.of({"en": "First", "km": KHMER}).changed({"en": "Second"}).changed({"en": "Third"})
    stored.commit()
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    page = client.get(f"{BASE}?show=outdated")
    assert "Outdated: made from version 1 of the original, which now is version 3." in text_of(page)
    assert page.text.count("<textarea") == 1
    post(client, field(found, KHMER) | {"right": found.key})
    assert not title(stored).outdated("km")
    assert title(stored).text("km") == KHMER
    settings = client.get("/meetings/seoul-2/settings").text
    assert "Outdated" not in settings


def test_forms_mark_a_language_whose_text_is_outdated_and_record_who_writes(
    client: FlaskClient, stored: Session, here: World
) -> None:
    here.t1.name = Words.of({"en": "Table", "ko": "탁자"}).changed({"en": "Table 1"})
    stored.commit()
    where = f"/meetings/seoul-2/places/{here.t1.id}"
    assert "Outdated" in client.get(where).text
    form = {"code": "T1", "kind": "table", "seats": "8", "booths": "0", "room": "0", "version": str(here.t1.version)}
    assert post(client, form | {"name-en": "Table 1", "name-ko": "1번 탁자"}, where).status_code == 302
    stored.refresh(here.t1)
    value = here.t1.name.values["ko"]
    assert (value.text, value.of_version, value.by) == ("1번 탁자", 2, here.organiser.id)
    assert "Outdated" not in shown(client, where)
    stored.commit()


def test_the_missing_can_be_shown_alone_page_by_page(client: FlaskClient, stored: Session, here: World) -> None:
    for number in range(30):
        make.place(stored, here.meeting, f"X{number}")
    here.meeting.title = Words.of({"en": "Second meeting", "km": KHMER})
    stored.commit()
    first = client.get(f"{BASE}?show=missing")
    assert first.text.count("<textarea") == 20
    assert "Second meeting" not in first.text.split("<main", 1)[1].split("<form", 1)[1]
    assert client.get(f"{BASE}?show=missing&page=2").text.count("<textarea") == 17
    assert client.get(f"{BASE}?show=nonsense&page=99").status_code == 200


def test_the_page_asks_the_database_no_more_for_many_texts(
    client: FlaskClient, stored: Session, here: World, statements: Counter
) -> None:
    counts = []
    for more in (1, 30):
        for number in range(more):
            make.place(stored, here.meeting, f"{more}-{number}")
        stored.commit()
        statements.statements.clear()
        assert client.get(BASE).status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("path", ["", "/texts.po", "/texts.xlsx", "/upload"])
def test_only_organisers_see_or_send_out_translations(
    client: FlaskClient, stored: Session, here: World, path: str
) -> None:
    as_(client, stored, here.head_kh)
    assert client.get(BASE + path).status_code == 403
    as_(client, stored, make.user(stored, "Stranger"))
    assert client.get(BASE + path).status_code == 404


def test_no_case_and_no_session_about_one_is_on_the_page_or_in_a_file(
    client: FlaskClient, stored: Session, here: World
) -> None:
    secret = plenary(stored, here, "The ring of Poipet")
    found = case(stored, here)
    make.saved(stored, SessionCase(session_id=secret.id, case_id=found.id))
    stored.commit()
    for path in ("", "/texts.po", "/texts.xlsx"):
        answer = client.get(BASE + path)
        assert answer.status_code == 200
        assert b"Poipet" not in answer.data


def test_names_of_participants_are_to_be_approved_again_and_the_page_says_so(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)["party/short_name"]
    stored.commit()
    assert "approved again" in client.get(post(client, field(found, "ថៃ")).location).text
    stored.expire_all()
    assert stored.scalars(select(Party).where(Party.code == "TH")).one().names_approved_at is None
    stored.commit()
