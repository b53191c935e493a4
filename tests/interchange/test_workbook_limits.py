"""Workbooks that are too much to be read."""

import resource
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.interchange.make_workbooks import read_part, sheet_xml, whole, with_part, xlsx
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


FAR = sheet_xml('<row r="6000"><c r="B6000"><v>2</v></c></row>')


def placed_at(cells: str) -> bytes:
    return with_part(whole(), "xl/worksheets/sheet2.xml", sheet_xml(cells))


def unlike(part: str, before: bytes, after: bytes, *more: tuple[str, bytes]) -> bytes:
    """A workbook in which a part says something else, with further parts."""
    content = with_part(whole(), part, read_part(whole(), part).replace(before, after))
    for name, extra in more:
        content = with_part(content, name, extra)
    return content


BOOK, PATHS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
OTHER = (
    b'<Relationship Id="other" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
)
OTHER += b'Target="worksheets/far.xml"/></Relationships>'
HIDDEN = ("xl/worksheets/far.xml", FAR)


def told_of(sheets: bytes) -> bytes:
    """A workbook whose first sheet is called otherwise, and leads to a part that is named under `other`."""
    content = unlike(PATHS, b"</Relationships>", OTHER, HIDDEN)
    return with_part(content, BOOK, read_part(content, BOOK).replace(b"<sheets>", sheets))


@pytest.mark.parametrize(
    "content",
    [
        lambda: placed_at('<row r="1"><c r="xfd2000"><v>1</v></c></row>'),
        lambda: placed_at('<row r="1"><c r="A0002000000"><v>1</v></c></row>'),
        lambda: placed_at('<row r="1"><c r="AAAAA1"><v>1</v></c></row>'),
        lambda: placed_at('<row r="00002000000"><c><v>1</v></c></row>'),
        lambda: with_part(whole(), "xl/worksheets/SHEET2.xml", FAR),
        lambda: with_part(whole(), "xl\\worksheets\\sheet2.xml", FAR),
        lambda: told_of(b'<sheets><sheet name="Cases" sheetId="9" r:id="other"/>'),
        lambda: told_of(b'<sheets><sheet name="More" sheetId="9" r:id="rId1" id="other"/>'),
        lambda: unlike(PATHS, b"</Relationships>", OTHER.replace(b'"other"', b'"rId1"'), HIDDEN),
    ],
    ids=["small letters", "noughts", "far letters", "row", "case", "backslash", "sheet twice", "two ids", "id twice"],
)
def test_41_what_two_readers_would_read_differently_is_damaged(
    client: FlaskClient, stored: Session, here: World, content: Callable[[], bytes]
) -> None:
    sent = content()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = upload(client, sent)
    assert answer.status_code == 422
    assert "damaged" in answer.text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 100 * 1024


def one_text_everywhere() -> bytes:
    """Cells that all show the same long text: 4 kB that would be 600 MB."""
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    cell = '<c t="s"><v>0</v></c>'
    cells = "".join(f"<row>{cell * 60}</row>" for _ in range(500))
    return with_part(placed_at(cells), "xl/sharedStrings.xml", shared % (b"x" * 20_000))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (one_text_everywhere, "unpacked it has more than 64 MB"),
        (endless_rows, "at most 5000 rows are read"),
        (endless_csv, "at most 5000 rows are read"),
        (far_corner, "at most 5000 rows are read"),
        (bomb, "unpacked it has more than 64 MB"),
        (too_wide, "at most 60 are read"),
    ],
    ids=["one text", "rows", "csv", "corner", "bomb", "columns"],
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
