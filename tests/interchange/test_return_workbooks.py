"""The form of a reporting round as a workbook: out, filled in elsewhere, in again; looked at before it is applied."""

import io
import re
import zipfile
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from confmgr.interchange import services as interchange
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.returns.workbook import FIELDS, FIRST
from confmgr.interchange.sheets import reading
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import AnswerKind, Publishing, ReturnState
from confmgr.outcomes.models import RoundAnswer, RoundReturn
from tests import make
from tests.interchange.make_workbooks import Cell, sheet_xml, with_part, xlsx
from tests.make_rounds import nil, of, round_, saved, value
from tests.make_scheduling import NOW, World, as_, once, world

ROWS = {"arrested.0": 1, "held.0": 2, "seized.0": 3, "seized.1": 4}
TEXTS = {"story": 1, "compiled_by": 4, "released_by": 5, "publishing": 6}


def own_return(client: FlaskClient, session: Session) -> tuple[World, RoundReturn]:
    """Cambodia's return with 15 arrests and a nil; its head is signed in."""
    here = world(session)
    row = of(round_(session, here), here.kh)
    saved(session, row, here.head_kh, value("arrested", 15, shares={"sex": {"male": "12"}}), nil("held"))
    as_(client, session, here.head_kh)
    return here, row


def downloaded(client: FlaskClient, row: RoundReturn) -> bytes:
    answer = client.get(f"/returns/{row.uuid}/form.xlsx")
    assert answer.status_code == 200
    return answer.data


def filled(content: bytes, cells: Mapping[str, Cell], texts: Mapping[str, Cell] | None = None) -> bytes:
    """The workbook after somebody wrote into it: `arrested.0:low`, and texts by their name."""
    sheets = reading.read(content, "form.xlsx")
    rows: dict[str, list[list[Cell]]] = {sheet.name: [list(row) for row in sheet.rows] for sheet in sheets}
    form, words = list(rows.values())[:2]
    for name, text in cells.items():
        slot, _, field = name.partition(":")
        form[ROWS[slot]][FIRST + FIELDS.index(field)] = text
    for name, text in (texts or {}).items():
        words[TEXTS[name]][2] = text
    return xlsx(rows)


def upload(client: FlaskClient, row: RoundReturn, content: bytes, name: str = "form.xlsx", number: int = 1) -> str:
    """Where the upload leads, or the page that refuses it."""
    answer = sent(client, row, content, name, number)
    return answer.headers.get("Location", answer.text)


def sent(
    client: FlaskClient, row: RoundReturn, content: bytes, name: str = "form.xlsx", number: int = 1
) -> TestResponse:
    boundary, body = encode_multipart({"once": once(number), "file": FileStorage(io.BytesIO(content), name)})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/returns/{row.uuid}/workbook", data=body, content_type=kind)


def answers(session: Session) -> list[tuple[str, AnswerKind, int | None, str | None]]:
    session.expire_all()
    found = [
        (row.measure, row.kind, None if row.low is None else int(row.low), row.currency)
        for row in session.scalars(select(RoundAnswer).order_by(RoundAnswer.measure, RoundAnswer.currency))
    ]
    session.commit()
    return found


def kept(session: Session) -> list[str]:
    names = sorted(session.scalars(select(UploadedWorkbook.name)))
    session.commit()
    return names


def test_the_form_is_protected_but_for_its_cells_and_offers_its_choices(client: FlaskClient, stored: Session) -> None:
    _here, row = own_return(client, stored)
    with zipfile.ZipFile(io.BytesIO(downloaded(client, row))) as book:
        form, words = (book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
        strings = book.read("xl/sharedStrings.xml").decode()
    for sheet in (form, words):
        assert "<sheetProtection" in sheet
    assert 'type="list"' in form
    assert "Number,Nil,Not available,Not relevant" in form
    assert "confmgr!$C$1" in form
    assert "May be published,In totals only,Not to be published" in words
    assert "First deprivation of liberty on suspicion of an offence" in strings
    assert re.search(r'hidden="1"', form)


def test_the_same_workbook_changes_nothing(client: FlaskClient, stored: Session) -> None:
    _here, row = own_return(client, stored)
    page = client.get(upload(client, row, downloaded(client, row)))
    assert "The workbook says the same as the draft." in page.text


def test_what_would_change_is_shown_first_and_then_taken_into_the_draft(client: FlaskClient, stored: Session) -> None:
    _here, row = own_return(client, stored)
    content = filled(
        downloaded(client, row),
        {
            "arrested.0:low": 17,
            "held.0:kind": "자료 없음",
            "seized.0:low": "1,200.50",
            "seized.0:currency": "USD",
            "seized.1:low": 10**16,
            "seized.1:currency": "KRW",
        },
        {"story": "Dawn raid", "publishing": "In totals only"},
    )
    place = upload(client, row, content)
    page = client.get(place).text
    for text in (
        "What it would change",
        "15, Men 12",
        "17, Men 12",
        "Nil",
        "Not available",
        "1,200.50 USD",
        "Texts that change",
    ):
        assert text in page, text
    assert answers(stored)[0][2] == 15
    version = {"once": once(2), "version": stored.get_one(RoundReturn, row.id).version}
    stored.commit()
    assert client.post(place, data=version).status_code == 302
    assert answers(stored) == [
        ("arrested", AnswerKind.VALUE, 17, None),
        ("held", AnswerKind.NOT_AVAILABLE, None, None),
        ("seized", AnswerKind.VALUE, 10**16, "KRW"),
        ("seized", AnswerKind.VALUE, 1200, "USD"),
    ]
    own = stored.get_one(RoundReturn, row.id)
    assert (own.story, own.publishing, own.state) == ("Dawn raid", Publishing.IN_TOTALS, ReturnState.DRAFT)
    assert stored.scalars(select(UploadedWorkbook)).all() == []
    stored.commit()
    assert client.post(place, data=version).status_code == 302


def test_a_return_and_an_import_by_the_same_person_wait_side_by_side(client: FlaskClient, stored: Session) -> None:
    here, row = own_return(client, stored)
    make.membership(stored, here.meeting, here.head_kh, Role.ORGANISER)
    other = of(round_(stored, here), here.kh)
    stored.commit()
    sheets = reading.read(xlsx({"Delegations": [["Delegation", "Status"], ["KH", "member"]]}), "meeting.xlsx")
    for name in ("first.xlsx", "meeting.xlsx"):
        interchange.keep(stored, here.meeting, sheets, actor=here.head_kh, now=NOW, name=name)
    stored.commit()
    for number, name in enumerate(("old.xlsx", "form.xlsx"), 1):
        upload(client, row, downloaded(client, row), name, number)
    upload(client, other, downloaded(client, other), "other.xlsx", 3)
    assert kept(stored) == ["form.xlsx", "meeting.xlsx", "other.xlsx"]
    interchange.keep(stored, here.meeting, sheets, actor=here.head_kh, now=NOW, name="newest.xlsx")
    stored.commit()
    assert kept(stored) == ["form.xlsx", "newest.xlsx", "other.xlsx"]


def test_an_emptied_cell_empties_the_answer(client: FlaskClient, stored: Session) -> None:
    _here, row = own_return(client, stored)
    content = filled(downloaded(client, row), {"held.0:kind": ""})
    place = upload(client, row, content)
    version = stored.get_one(RoundReturn, row.id).version
    stored.commit()
    client.post(place, data={"once": once(2), "version": version})
    assert [found[0] for found in answers(stored)] == ["arrested"]


@pytest.mark.parametrize(
    ("cells", "texts", "cell", "sentence"),
    [
        ({"arrested.0:low": -3}, {}, "F2", "A figure cannot be below zero."),
        ({"arrested.0:low": "many"}, {}, "F2", "“many” is no number"),
        ({"arrested.0:low": 1.5}, {}, "F2", "Only whole numbers are counted."),
        ({"arrested.0:low": 10**19}, {}, "F2", "This number is too large to be right."),
        ({"arrested.0:high": 3}, {}, "G2", "The upper end is below the lower end."),
        ({"held.0:kind": "perhaps"}, {}, "E3", "“perhaps” is no answer"),
        ({"held.0:low": 3}, {}, "F3", "not both"),
        ({"seized.0:low": 3, "seized.0:currency": "XYZ"}, {}, "H4", "Money needs its currency"),
        ({"arrested.0:nationality": "Koreans"}, {}, "N2", "write nationalities like KR 5"),
        ({"arrested.0:low": "=1+1"}, {}, "F2", "holds a formula"),
        ({}, {"publishing": "Ask us"}, "C7", "is none of the declarations"),
        ({}, {"compiled_by": "x" * 301}, "C5", "Too long: at most 300 characters."),
        ({}, {"story": "x" * 5000}, "C2", "Too long: at most 4000 characters."),
    ],
)
def test_a_wrong_cell_is_named_in_words_and_nothing_is_applied(
    client: FlaskClient,
    stored: Session,
    cells: dict[str, Cell],
    texts: dict[str, Cell],
    cell: str,
    sentence: str,
) -> None:
    _here, row = own_return(client, stored)
    place = upload(client, row, filled(downloaded(client, row), cells, texts))
    answer = client.get(place)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f">{cell}<" in answer.text
    assert client.post(place, data={"once": once(2), "version": row.version}).status_code == 422
    assert answers(stored)[0][2] == 15


def test_a_row_twice_and_a_row_that_nobody_asked_for_are_named(client: FlaskClient, stored: Session) -> None:
    _here, row = own_return(client, stored)
    sheets = reading.read(downloaded(client, row), "form.xlsx")
    rows: dict[str, list[list[Cell]]] = {sheet.name: [list(line) for line in sheet.rows] for sheet in sheets}
    form = next(iter(rows.values()))
    form += [list(form[1]), ["convicted.0", *form[1][1:]]]
    page = client.get(upload(client, row, xlsx(rows))).text
    assert "This row is there twice." in page
    assert "This row is not asked for in this round." in page


def test_a_workbook_of_another_party_or_round_is_refused(client: FlaskClient, stored: Session) -> None:
    here, row = own_return(client, stored)
    colleague = make.user(stored, "Both")
    make.membership(stored, here.meeting, colleague, Role.DELEGATE, of_delegation=here.th)
    other = of(round_(stored, here), here.kh)
    stored.commit()
    content = downloaded(client, row)
    theirs = next(one for one in row.round.returns if one.party_id == here.th.party_id)
    as_(client, stored, colleague)
    assert "This is the form of another round or another party." in upload(client, theirs, content)
    as_(client, stored, here.head_kh)
    assert "This is the form of another round or another party." in upload(client, other, content, number=2)
    assert stored.scalars(select(UploadedWorkbook)).all() == []


@pytest.mark.parametrize(
    ("content", "sentence", "status"),
    [
        (b"hello", "This is not the form of a reporting round.", 422),
        (b"\0\1\2\xff\xfe\xfd", "is neither an XLSX workbook nor a CSV file.", 422),
        (b"PK\3\4 broken", "damaged", 422),
        (xlsx({"Delegates": [["Delegation"]]}), "This is not the form of a reporting round.", 422),
        (xlsx({"Return": [["key"]] * 100_000}), "at most 5000 rows are read", 413),
        (b"key,low\n" * 100_000, "at most 5000 rows are read", 413),
    ],
    ids=["text", "bytes", "broken", "other", "100000-rows", "100000-lines"],
)
def test_what_is_no_form_is_refused_in_words(
    client: FlaskClient, stored: Session, content: bytes, sentence: str, status: int
) -> None:
    _here, row = own_return(client, stored)
    answer = sent(client, row, content)
    assert answer.status_code == status
    assert sentence in answer.text


def test_a_form_that_unpacks_to_gigabytes_is_refused(client: FlaskClient, stored: Session) -> None:
    _here, row = own_return(client, stored)
    huge = with_part(downloaded(client, row), "xl/media/image1.xml", b" " * (65 * 2**20))
    assert "unpacked it has more than 64 MB" in upload(client, row, huge)
    far = with_part(
        downloaded(client, row),
        "xl/worksheets/sheet2.xml",
        sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    )
    assert "at most 5000 rows are read" in upload(client, row, far, number=2)


def test_a_draft_that_changed_since_the_look_is_not_overwritten(client: FlaskClient, stored: Session) -> None:
    here, row = own_return(client, stored)
    place = upload(client, row, filled(downloaded(client, row), {"arrested.0:low": 17}))
    stored.expire_all()
    own = stored.get_one(RoundReturn, row.id)
    seen = own.version
    saved(stored, own, here.head_kh, value("arrested", 99))
    stored.commit()
    assert client.post(place, data={"once": once(2), "version": seen}).status_code == 409
    assert answers(stored)[0][2] == 99


def test_a_file_is_seen_by_who_uploaded_it_and_applied_while_the_round_is_open(
    client: FlaskClient, stored: Session
) -> None:
    here, row = own_return(client, stored)
    place = upload(client, row, filled(downloaded(client, row), {"arrested.0:low": 17}))
    colleague = make.user(stored, "Chan Thida")
    make.membership(stored, here.meeting, colleague, Role.DELEGATE, of_delegation=here.kh)
    as_(client, stored, colleague)
    assert client.get(place).status_code == 404
    services.close_round(stored, row.round, actor=here.organiser, now=NOW)
    as_(client, stored, here.head_kh)
    assert client.get(place).status_code == 302
    assert client.post(place, data={"once": once(2), "version": row.version}).status_code == 302
    assert answers(stored)[0][2] == 15
