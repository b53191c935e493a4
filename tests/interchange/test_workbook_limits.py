"""Workbooks that are too much to be read."""

import resource
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.interchange.make_workbooks import sheet_xml, whole, with_part, xlsx
from tests.interchange.test_workbook_pages import here, rows, upload
from tests.make_scheduling import World

__all__ = ["here"]


def bomb() -> bytes:
    huge = b" " * (65 * 2**20)
    return with_part(whole(), "xl/media/image1.xml", huge)


def far_corner() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_part(whole(), "xl/worksheets/sheet2.xml", sheet_xml(cells))


def endless_rows() -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 700_001))
    return with_part(whole(), "xl/worksheets/sheet2.xml", sheet_xml(cells))


def endless_csv() -> bytes:
    return b"Delegation,Name\n" + b"KH,Sok\n" * 700_000


def too_wide() -> bytes:
    return xlsx({"Delegates": [["Delegation"] * 61]})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (endless_rows, "at most 5000 rows are read"),
        (endless_csv, "at most 5000 rows are read"),
        (far_corner, "at most 5000 rows are read"),
        (bomb, "unpacked it has more than 64 MB"),
        (too_wide, "at most 60 are read"),
    ],
    ids=["rows", "csv", "corner", "bomb", "columns"],
)
def test_too_much_is_refused_without_taking_it_into_memory(
    client: FlaskClient, stored: Session, here: World, content: Callable[[], bytes], sentence: str
) -> None:
    sent = content()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = upload(client, sent)
    assert answer.status_code == 413
    assert sentence in answer.text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 100 * 1024
    assert rows(stored)[2] == 2


def test_a_file_beyond_the_limit_of_uploads_is_413(client: FlaskClient, stored: Session, here: World) -> None:
    assert upload(client, b"x" * (20 * 2**20 + 1)).status_code == 413


def test_a_size_that_lies_about_what_it_unpacks_to_is_damaged(
    client: FlaskClient, stored: Session, here: World
) -> None:
    content = bytearray(bomb())
    real, stated = (65 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    answer = upload(client, bytes(content).replace(real, stated))
    assert answer.status_code == 422
    assert "damaged" in answer.text
