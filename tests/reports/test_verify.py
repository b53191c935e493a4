"""Anybody may ask whether a report is what was issued, and learns nothing of what it says."""

import zlib

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from confmgr.reports import issuing
from tests import make_issued
from tests.make_issued import NUMBER
from tests.make_scheduling import as_, once, world

FILE = b"%PDF-1.7 of a test"


def asked(client: FlaskClient, number: str = "", file: bytes | None = None, at: int = 1) -> TestResponse:
    parts = [b'name="once"\r\n\r\n' + once(at).encode(), b'name="number"\r\n\r\n' + number.encode()]
    if file is not None:
        parts.append(b'name="file"; filename="report.pdf"\r\nContent-Type: application/pdf\r\n\r\n' + file)
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return client.post("/verify", data=body + b"--edge--\r\n", content_type="multipart/form-data; boundary=edge")


def test_a_known_number_tells_its_day_and_nothing_of_what_the_report_says(client: FlaskClient, stored: Session) -> None:
    make_issued.bare(stored, world(stored))
    stored.commit()
    text = asked(client, NUMBER).text
    assert f"Report {NUMBER} was issued on" in text.replace('<bdi dir="ltr" class="upright">', "").replace("</bdi>", "")
    assert "15 Jan 2026" in text
    assert "What came of it" not in text
    assert "/issued/" not in text


def test_a_number_is_known_however_it_is_typed(client: FlaskClient, stored: Session) -> None:
    make_issued.bare(stored, world(stored))
    stored.commit()
    assert "was issued on" in asked(client, " o123 4567-89ab cdef ghjk").text


def test_the_file_as_it_was_issued_is_said_to_be_unchanged(client: FlaskClient, stored: Session) -> None:
    make_issued.bare(stored, world(stored))
    stored.commit()
    assert ", unchanged." in asked(client, file=FILE).text


def test_an_altered_file_is_said_to_be_altered(client: FlaskClient, stored: Session) -> None:
    make_issued.bare(stored, world(stored))
    stored.commit()
    assert "This is no file that was issued here" in asked(client, file=FILE + b"!").text
    assert "The file is not the one that was issued" in asked(client, NUMBER, FILE + b"!", 2).text
    bearing = FILE + b"confmgr-report-" + NUMBER.encode()
    assert "The file is not the one that was issued" in asked(client, file=bearing, at=3).text


def test_the_number_of_an_unknown_report_is_only_not_known(client: FlaskClient, stored: Session) -> None:
    text = asked(client, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ").text
    assert "This number is not known here." in text


def test_what_is_no_number_no_file_or_too_large_is_refused_in_words(client: FlaskClient, stored: Session) -> None:
    for at, (number, file, sentence) in enumerate(
        [
            ("", None, "Type the number of the report, or choose its file."),
            ("12", None, "A number has twenty letters and digits"),
            ("", b"0" * (10 * 2**20 + 1), "The file is too large: reports have at most 10 MB."),
        ]
    ):
        answer = asked(client, number, file, at + 1)
        assert answer.status_code == 422
        assert sentence in answer.text


def test_a_later_report_is_told_to_have_taken_its_place(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    first = make_issued.bare(stored, here)
    make_issued.bare(stored, here, number="1" * 20, file=b"later", replaces=first)
    stored.commit()
    assert "A later report of" in asked(client, NUMBER).text


def test_who_may_open_the_report_is_led_to_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = make_issued.bare(stored, here)
    stored.commit()
    as_(client, stored, here.head_kh)
    assert f"/issued/{row.uuid}" in asked(client, NUMBER).text


def test_a_wrong_number_is_not_tried_without_end(client: FlaskClient, stored: Session) -> None:
    make_issued.bare(stored, world(stored))
    stored.commit()
    for at in range(50):
        asked(client, f"ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ{at:02}", at=at)
    refused = asked(client, NUMBER, at=51)
    assert refused.status_code == 422
    assert "Too many checks in a short time." in refused.text


def test_a_file_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = b"stream\n" + zlib.compress(b"0" * 10**8) + b"endstream"
    assert issuing.number_inside(bomb + b"stream\n" * 10) is None
    assert issuing.number_typed("not a number") is None
