import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from confmgr.activity.models import AuditEntry
from confmgr.interchange.domain import Piece
from confmgr.interchange.models import UploadedTranslation
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.scheduling.models import SessionCase
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.interchange.make_texts import KHMER, ROOM, agenda, entry, pieces, plenary, po_file, workbook
from tests.interchange.test_workbook_pages import once, text_of
from tests.interchange.test_workbook_pages import upload as send
from tests.make_cases import case
from tests.make_scheduling import World, as_, world

BASE = "/meetings/seoul-2/translations/km"


@pytest.fixture
def here(client: FlaskClient, stored: Session) -> World:
    """The small meeting, and its organiser signed in."""
    found = world(stored)
    stored.commit()
    as_(client, stored, found.organiser)
    return found


def field(piece: Piece, text: str, *, mark: str | None = None, language: str = "km") -> dict[str, str]:
    """What the browser sends of one text."""
    return {f"text:{piece.key}": text, f"seen:{piece.key}": mark if mark is not None else piece.mark(language)}


def post(client: FlaskClient, data: dict[str, str], where: str = BASE) -> TestResponse:
    return client.post(where, data={"once": once(), **data})


def title(stored: Session) -> Words:
    stored.expire_all()
    found = stored.scalars(select(Meeting)).one().title
    stored.commit()
    return found


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


def test_the_wrong_script_is_refused_in_the_same_words_as_in_a_file(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    sentence = "Most letters of this text are not in the script of this language: Khmer."
    assert sentence in text_of(post(client, field(found, "Second meeting")))
    preview = client.get(take(client, po_file(here, [entry(found, "Second meeting")])))
    assert sentence in text_of(preview)


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
    assert "Outdated" not in client.get(where).text
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


def take(client: FlaskClient, content: bytes, name: str = "km.po", base: str = BASE) -> str:
    """Where the preview of an uploaded file is."""
    answer = send(client, content, name, base=f"{base}/upload")
    assert answer.status_code == 302, text_of(answer)
    return answer.location


def seen(client: FlaskClient, where: str) -> dict[str, str]:
    """What the form of a preview sends."""
    value = re.search(r'name="seen"[^>]* value="([0-9a-f]+)"', client.get(where).text)
    assert value is not None
    return {"seen": value[1]}


@pytest.mark.parametrize("write", [po_file, workbook])
def test_a_file_is_looked_at_first_and_then_applied_in_one_go(
    client: FlaskClient, stored: Session, here: World, write: object
) -> None:
    agenda(stored, here)
    stored.commit()
    found = pieces(stored, here)
    stored.commit()
    entries = [
        entry(found["meeting/title"], KHMER),
        entry(found["agenda_item/annotation"], f"{KHMER}\n{ROOM}"),
        entry(found["meeting/venue"], "Somewhere else"),
    ]
    content = write(here, entries)  # type: ignore[operator]
    where = take(client, content, "km.po" if write is po_file else "km.xlsx")
    preview = text_of(client.get(where))
    assert "New text: 2" in preview
    assert "Refused: 1" in preview
    assert "Title of the meeting" in preview
    assert "km" not in title(stored).values

    applied = client.post(where, data={"once": once(), **seen(client, where)}, follow_redirects=True)
    assert "2 translations are saved." in applied.text
    assert title(stored).text("km") == KHMER
    assert pieces(stored, here)["agenda_item/annotation"].text("km") == f"{KHMER}\n{ROOM}"
    assert stored.scalars(select(UploadedTranslation)).all() == []
    stored.commit()
    again = take(client, content)
    assert "Same as here: 2" in text_of(client.get(again))


def test_pressing_apply_twice_writes_once(client: FlaskClient, stored: Session, here: World) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    where = take(client, po_file(here, [entry(found, KHMER)]))
    data = {"once": once(), **seen(client, where)}
    client.post(where, data=data)
    second = client.post(where, data=data, follow_redirects=True)
    assert second.status_code == 200
    assert "Nothing was done twice" in second.text
    assert here.meeting.version == 1
    stored.refresh(here.meeting)
    assert here.meeting.version == 2
    stored.commit()


def test_a_file_looked_at_before_a_change_is_not_applied_and_shows_the_change(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    where = take(client, po_file(here, [entry(found, KHMER)]))
    data = {"once": once(), **seen(client, where)}
    stored.refresh(here.meeting)
    here.meeting.title = here.meeting.title.changed({"en": "Another title"})
    stored.commit()
    answer = client.post(where, data=data)
    assert answer.status_code == 422
    assert "Texts were changed since you looked at the file." in text_of(answer)
    assert "the file has version 1, and now it is version 2" in text_of(answer)
    assert "km" not in title(stored).values


def test_a_file_that_is_left_is_forgotten(client: FlaskClient, stored: Session, here: World) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    where = take(client, po_file(here, [entry(found, KHMER)]))
    assert client.post(f"{where}/leave").status_code == 302
    assert stored.scalars(select(UploadedTranslation)).all() == []
    stored.commit()
    assert client.get(where).status_code == 404


def test_nobody_else_sees_a_file_that_was_taken_in(client: FlaskClient, stored: Session, here: World) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    where = take(client, po_file(here, [entry(found, KHMER)]))
    other = make.user(stored, "Second organiser")
    make.membership(stored, here.meeting, other)
    as_(client, stored, other)
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"meeting": "elsewhere"}, "This file holds texts of another meeting."),
        ({"language": "th"}, "This file is in Thai, not in Khmer. Choose its language first."),
        ({"language": "tlh"}, "“tlh” is no language known here"),
    ],
)
def test_a_file_that_belongs_elsewhere_is_refused_and_nothing_is_kept(
    client: FlaskClient, stored: Session, here: World, changes: dict[str, str], sentence: str
) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    for content in (po_file(here, [entry(found, KHMER)], **changes), workbook(here, [entry(found, KHMER)], **changes)):
        answer = send(client, content, "km.po", base=f"{BASE}/upload")
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert stored.scalars(select(UploadedTranslation)).all() == []
    stored.commit()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"nonsense", "The file cannot be read as a PO file: see line 1."),
        ('msgid "a"\nmsgstr "각"'.encode("cp949"), "The file is not in UTF-8. Save it again in that encoding."),
        (b"", "This is no file with texts for translators"),
        (b"PK\x03\x04", "The file is damaged or protected with a password and cannot be read."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    client: FlaskClient, here: World, content: bytes, sentence: str
) -> None:
    answer = send(client, content, "km.po", base=f"{BASE}/upload")
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_names_of_participants_are_to_be_approved_again_and_the_page_says_so(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)["party/short_name"]
    stored.commit()
    assert "approved again" in client.get(post(client, field(found, "ថៃ")).location).text
    stored.expire_all()
    assert stored.scalars(select(Party).where(Party.code == "TH")).one().names_approved_at is None
    stored.commit()


def test_sending_texts_out_is_in_the_audit(client: FlaskClient, stored: Session, here: World) -> None:
    answer = client.get(f"{BASE}/texts.po")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="seoul-2-km.po"'
    noted = stored.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert (noted.object_type, noted.facts) == ("text", {"language": "km", "kind": "po"})
    stored.commit()


PROGRAM = """#!/usr/bin/env python3
import sys
source, target = sys.argv[sys.argv.index("-i") + 1], sys.argv[sys.argv.index("-o") + 1]
text = open(source, encoding="utf-8").read()
body = text.removeprefix("<xliff>").removesuffix("</xliff>")
open(target, "w", encoding="utf-8").write(f"<xliff>{{body}}</xliff>" if {out} else body.replace('msgctxt "', '# "'))
"""
"""A converter that wraps a catalogue, and loses `msgctxt` on the way back as the real one does."""


@pytest.fixture
def converters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, out in (("po2xliff", True), ("xliff2po", False)):
        program = tmp_path / name
        program.write_text(PROGRAM.format(out=out), encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_xliff_goes_out_and_comes_in_where_the_converter_is_installed(
    app: Flask, client: FlaskClient, stored: Session, here: World, converters: None
) -> None:
    assert "XLIFF file" in client.get(BASE).text
    content = client.get(f"{BASE}/texts.xlf").data
    assert content.startswith(b"<xliff>")
    sent_back = content.replace(b'msgid "Place T1"\nmsgstr ""', f'msgid "Place T1"\nmsgstr "{ROOM}"'.encode())
    assert "New text: 1" in text_of(client.get(take(client, sent_back, "km.xlf")))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xliff>&a;</xliff>'
    refused = send(client, bomb, "km.xlf", base=f"{BASE}/upload")
    assert "The file cannot be read as an XLIFF file." in text_of(refused)


def test_without_the_converter_the_page_says_how_to_get_it(
    client: FlaskClient, here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    page = client.get(BASE).text
    assert "XLIFF file<" not in page
    assert "pip install translate-toolkit" in page
    assert client.get(f"{BASE}/texts.xlf").status_code == 404
    refused = send(client, b"<xliff></xliff>", "km.xlf", base=f"{BASE}/upload")
    assert "XLIFF cannot be read here: the converter is not installed." in text_of(refused)
