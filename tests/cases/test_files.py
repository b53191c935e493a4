"""Files under cases and leads: what is taken, who may open them, and how they are given out."""

import hashlib
import io
import struct
import uuid
import zipfile

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.http import parse_options_header

from confmgr.activity.models import AuditEntry
from confmgr.cases import attaching, services
from confmgr.cases.files import ENDINGS, judge, safe_name
from confmgr.cases.models import Attachment, Lead
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Recall
from tests.make_cases import case, lead, shared_lead, shown, without_tokens
from tests.make_scheduling import NOW, World, as_, once, world

PDF = b"%PDF-1.7\n1 0 obj\n<</S /JavaScript>>\nCanary of the file\n%%EOF"
PLACE = "attachment; filename"


def png(width: int, height: int, extra: bytes = b"") -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + b"\0\0\0\0" + extra


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + bytes(14) + frame + b"\xff\xd9"


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return buffer.getvalue()


def saying(media_type: str) -> bytes:
    """An archive that says of itself what it is, as documents of OpenDocument do."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", media_type)
        archive.writestr("x.exe", b"MZ")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PDF, "application/pdf"),
        (png(800, 600), "image/png"),
        (jpeg(800, 600), "image/jpeg"),
        ("เบอร์,012\nក,2\n".encode(), "text/plain"),
        (b"\xef\xbb\xbfa,b\n", "text/plain"),
        (packed(word__document_xml=b"x"), next(k for k, v in ENDINGS.items() if v == ("docx",))),
        (packed(xl__workbook_xml=b"x"), next(k for k, v in ENDINGS.items() if v == ("xlsx",))),
        (b"", "file_empty"),
        (b"MZ\x90\0" + bytes(60), "file_type"),
        (b"\x7fELF" + bytes(60), "file_type"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "file_type"),
        (b"hello <ScRiPt>alert(1)</script>", "file_type"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "file_type"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file_type"),
        ("한국어".encode("euc-kr"), "file_type"),
        (packed(note_xml=b"x"), "file_type"),
        (saying("application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        (saying("image/png"), "file_type"),
        (saying("text/plain"), "file_type"),
        (packed(word__document_xml=b"x", word__vbaProject_bin=b"x"), "file_has_macros"),
        (packed(word__document_xml=bytes(2**29 + 1)), "file_unpacks_too_large"),
        (b"PK\x03\x04 and nothing", "file_damaged"),
        (png(50_000, 50_000), "picture_too_large"),
        (png(80, 60, b"\0\0\0\x08acTL" + bytes(12)), "picture_moves"),
        (b"\x89PNG\r\n\x1a\n", "file_damaged"),
        (jpeg(60_000, 60_000), "picture_too_large"),
        (b"\xff\xd8\xff", "file_damaged"),
    ],
)
def test_28_and_42_a_file_is_told_by_its_content(content: bytes, told: str) -> None:
    found = judge(content)
    assert (found.media_type or found.reason) == told


@given(st.binary(max_size=2000), st.sampled_from([b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"]))
def test_no_content_breaks_the_judge(content: bytes, start: bytes) -> None:
    found = judge(start + content)
    assert (found.media_type is None) != (found.reason is None)


@pytest.mark.parametrize(
    ("given_name", "media_type", "name"),
    [
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\Users\\x\\photo.JPG", "image/jpeg", "photo.JPG"),
        ("invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"),
        ("CON", "image/png", "_CON.png"),
        ("a\u202egnp.exe", "image/png", "agnp.exe.png"),
        ("x\0y\r\nSet-Cookie: a=b.pdf", "application/pdf", "xySet-Cookie_ a=b.pdf"),
        ("", "text/plain", "file.txt"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("서울 명단.csv", "text/plain", "서울 명단.csv"),
        ("x" * 300 + ".png", "image/png", "x" * 120 + ".png"),
    ],
)
def test_40_a_file_is_named_safely_and_by_what_it_is(given_name: str, media_type: str, name: str) -> None:
    assert safe_name(given_name, media_type) == name


def attached(session: Session, here: World, row: Lead, content: bytes = PDF, name: str = "list.pdf") -> Attachment:
    found = attaching.attach(session, row.item, actor=here.head_kh, now=NOW, name=name, content=content)
    session.commit()
    return found


def test_30_a_file_is_saved_by_its_readers_and_never_opened_as_a_page(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    data = {"once": once(), "file": (io.BytesIO(PDF), '../서울 "list".pdf')}
    assert client.post(f"/leads/{row.item.uuid}/files", data=data).status_code == 302
    file = stored.scalars(select(Attachment)).one()
    assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert file.stored_name not in {file.name, file.sha256}
    address = f"/documents/{file.item.uuid}"
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(f"/leads/{row.item.uuid}").text
    assert file.sha256 in page
    assert address in page
    answer = client.get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith(PLACE)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    stored.expire_all()
    read = stored.scalars(
        select(AuditEntry).where(AuditEntry.object_uuid == file.item.uuid, AuditEntry.action == "read")
    )
    assert [(one.actor_id, one.rule) for one in read] == [(here.head_th.id, "G")]


@pytest.mark.parametrize(
    "name", ["서울 명단.pdf", "បញ្ជី.pdf", "naïve.pdf", 'a "b"; filename=c.pdf', "🙂.pdf", "%E4%BD%A0.pdf"]
)
def test_23_a_file_leaves_under_its_name_in_any_script_and_by_a_header_that_servers_take(
    client: FlaskClient, stored: Session, name: str
) -> None:
    here = world(stored)
    file = attached(stored, here, shared_lead(stored, here, case(stored, here)), name=name)
    as_(client, stored, here.head_th)
    header = client.get(f"/documents/{file.item.uuid}").headers["Content-Disposition"]
    assert header.isascii()  # a web server ends the connection at anything else
    assert parse_options_header(header) == ("attachment", {"filename": file.name})


def test_6_a_file_is_there_for_nobody_who_may_not_read_its_lead(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = lead(stored, here, case(stored, here, disclose_to=[here.th]))
    address = f"/documents/{attached(stored, here, row).item.uuid}"
    for person in (here.head_th, here.organiser):
        as_(client, stored, person).get("/")
        hidden, missing = client.get(address), client.get(f"/documents/{uuid.uuid4()}")
        assert (hidden.status_code, without_tokens(hidden.data)) == (404, without_tokens(missing.data))
        assert dict(hidden.headers).keys() == dict(missing.headers).keys()
        for verb in ("remove", "restore"):
            assert client.post(f"{address}/{verb}").status_code == 404
    services.share_lead(stored, row, actor=here.head_kh, now=NOW, to=[here.th])
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/remove").status_code == 403
    assert client.post(f"/leads/{row.item.uuid}/files", data={"once": once()}).status_code == 403
    markings.revoke(stored, row.item.disclosures[0], actor=here.head_kh, now=NOW)
    as_(client, stored, here.head_th)
    assert client.get(address).status_code == 404


def test_a_removed_file_is_gone_for_others_and_can_be_brought_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    file = attached(stored, here, row)
    address, page = f"/documents/{file.item.uuid}", f"/leads/{row.item.uuid}"
    as_(client, stored, here.head_kh)
    assert client.post(f"{address}/remove").status_code == 302
    assert "Bring it back" in client.get(page).text
    as_(client, stored, here.head_th)
    assert "list.pdf" not in shown(client, page)
    assert client.get(address).status_code == 404
    as_(client, stored, here.head_kh)
    assert client.post(f"{address}/restore").status_code == 302
    assert "This had been done already." in client.post(f"{address}/restore", follow_redirects=True).text
    told = select(AuditEntry.action).where(AuditEntry.object_uuid == file.item.uuid, AuditEntry.action != "read")
    assert stored.scalars(told.order_by(AuditEntry.id)).all()[-2:] == ["withdraw", "take_up"]
    as_(client, stored, here.head_th)
    assert client.get(address).data == PDF


def test_who_had_opened_a_file_is_asked_to_use_no_copy_once_it_is_removed(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    file = attached(stored, here, row)
    as_(client, stored, here.head_th)
    assert client.get(f"/documents/{file.item.uuid}").status_code == 200
    attaching.remove(stored, file.item, actor=here.head_kh, now=NOW)
    recall = stored.scalars(select(Recall)).one()
    page = f"/recalls/{recall.uuid}"
    assert (recall.user_id, recall.item_id) == (here.head_th.id, file.id)
    stored.commit()
    answer = client.get(page)
    assert answer.status_code == 200
    assert "list.pdf" not in answer.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "Files of this type are not taken"),
        (b"", "The file is empty."),
    ],
)
def test_a_file_that_is_not_taken_is_refused_in_words(
    client: FlaskClient, stored: Session, content: bytes, sentence: str
) -> None:
    here = world(stored)
    row = lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    answer = client.post(f"/leads/{row.item.uuid}/files", data={"once": once(), "file": (io.BytesIO(content), "a.pdf")})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert client.post(f"/leads/{row.item.uuid}/files", data={"once": once(2)}).status_code == 422
    assert stored.scalar(select(func.count()).select_from(Attachment)) == 0


def test_41_a_file_larger_than_any_is_refused_before_it_is_read(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = lead(stored, here, case(stored, here))
    as_(client, stored, here.head_kh)
    address = f"/leads/{row.item.uuid}/files"
    for size, status in ((21, 413), (11, 422)):
        start = f'--x\r\nContent-Disposition: form-data; name="once"\r\n\r\n{once(size)}\r\n--x\r\n'
        head = f'{start}Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-'.encode()
        body = head + bytes(size * 2**20) + b"\r\n--x--\r\n"
        answer = client.post(address, data=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == status
    assert "The file is too large: at most 10 MB." in answer.text


def test_a_file_follows_the_rule_of_what_it_stands_under(session: Session) -> None:
    here = world(session)
    row = lead(session, here, case(session, here), tlp=Tlp.AMBER)
    file = attaching.attach(session, row.item, actor=here.head_kh, now=NOW, name="a.txt", content=b"a")
    thai = sharing.viewer_of(session, here.head_th, NOW)
    assert attaching.files_under(session, row.item, thai, NOW) == []
    services.share_lead(session, row, actor=here.head_kh, now=NOW, to=[here.th])
    assert [one.attachment.id for one in attaching.files_under(session, row.item, thai, NOW)] == [file.id]
