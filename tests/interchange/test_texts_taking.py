"""Files of translators in the browser: sent out, looked at first, then applied whole or left; wrong ones are refused."""

import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.interchange.models import UploadedTranslation
from tests import make
from tests.interchange.make_texts import BASE, KHMER, ROOM, agenda, entry, pieces, po_file, title, workbook
from tests.interchange.test_texts_pages import field, post
from tests.interchange.test_workbook_pages import once, text_of
from tests.interchange.test_workbook_pages import upload as send
from tests.make_scheduling import World, as_


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


def test_the_wrong_script_is_refused_in_the_same_words_as_in_a_file(
    client: FlaskClient, stored: Session, here: World
) -> None:
    found = pieces(stored, here)["meeting/title"]
    stored.commit()
    sentence = "Most letters of this text are not in the script of this language: Khmer."
    assert sentence in text_of(post(client, field(found, "Second meeting")))
    preview = client.get(take(client, po_file(here, [entry(found, "Second meeting")])))
    assert sentence in text_of(preview)


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
