"""What is taken along: live totals that are the report's own, every row with source and marking, nothing hidden."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import Dimension, FigureKind
from confmgr.outcomes.models import FigureConversion
from confmgr.reports.exports import table
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import action, carried_out, figure, indicator, request, source
from tests.make_scheduling import World, as_, world

HERE = "/operations/breaking-chains"
BOOK, CSV, JSON = f"{HERE}/export.xlsx?language=en", f"{HERE}/export.csv?language=en", f"{HERE}/report.json"
CANARY = "Canary"


def counted(session: Session) -> World:
    """15 + 51 arrested, of which 15 may be among 31 others; 2 rescued; a loss in won with its rate."""
    here = world(session)
    raids = [action(session, here, f"KH-B{number}", tlp=Tlp.GREEN) for number in range(3)]
    male = (Dimension.SEX, "male", Decimal(12), True)
    poipet = figure(session, here, breakdown=[male], joint_action=raids[0])
    figure(session, here, "december", 51, joint_action=raids[1])
    words = {"title": Words.of("=HYPERLINK(1)"), "note": Words.of("-2+3")}
    five = figure(session, here, "five", 31, joint_action=raids[2], **words)
    services.overlap(session, poipet, five, reason=Words.of("In total, said the director."))
    figure(session, here, "one", 1, measure="rescued", joint_action=raids[0])
    figure(session, here, "other", 1, measure="rescued", meeting=here.meeting, joint_action=raids[1])
    figure(session, here, "announced", 92, kind=FigureKind.DECLARED, source=source(session, here, "R3"))
    loss = figure(session, here, "loss", 2_500_000_000, measure="reported_loss", currency="KRW")
    session.add(
        FigureConversion(
            figure_id=loss.id,
            currency="USD",
            rate=Decimal("0.0007"),
            rate_on=date(2026, 1, 9),
            source_id=source(session, here, "R4").id,
        )
    )
    indicator(session, here)
    request(session, here)
    session.commit()
    return here


def sheet(made: bytes, name: str) -> list[Any]:
    return load_workbook(io.BytesIO(made)).get_sheet_by_name(name).to_python()


def computed(figures: list[Any], measure: str, currency: str, part: str, meeting: str = "") -> float:
    """What the formulas of the totals come to, reckoned from the sheet that they add up."""
    head = figures[1]
    column = {name: head.index(name) for name in ("Code", "Currency", "Added up (1) or not (0)", "Meeting")}
    return sum(
        float(str(row[head.index(part)]))
        for row in figures[2:]
        if row[column["Code"]] == measure
        and row[column["Currency"]] == currency
        and row[column["Added up (1) or not (0)"]] == 1
        and meeting in {"", row[column["Meeting"]]}
    )


def test_totals_are_live_sums_and_say_why_where_they_are_not(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    made = client.get(BOOK).data
    totals = {(row[0], row[1]): row for row in sheet(made, "Totals")[2:]}
    arrested = totals["breaking-chains", "arrested"]
    assert arrested[4:9] == [
        97,
        97,
        82,
        97,
        "1 pair of records may count the same; the lower end counts none of them twice.",
    ]
    assert totals["breaking-chains", "rescued"][4:9] == [2, 2, 2, 2, ""]
    assert totals["seoul-2", "rescued"][4:8] == [1, 1, 1, 1]
    figures = sheet(made, "Figures")
    for (scope, measure), row in totals.items():
        meeting = "" if scope == "breaking-chains" else str(scope)
        for at, part in ((4, "At least"), (5, "At most")):
            assert row[at] == computed(figures, str(measure), str(row[3]), part, meeting)
    raw = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    formulas = dict(re.findall(r'<c r="([A-Z]+3)"[^>]*><f>([^<]*)</f>', raw))
    assert formulas["E3"] == (
        "SUMIFS('Figures'!$G$3:$G$11,'Figures'!$C$3:$C$11,$B3,'Figures'!$F$3:$F$11,$D3,'Figures'!$N$3:$N$11,1)"
    )
    assert "G3" not in formulas  # a total with overlaps is not the sum


def test_a_declared_total_stands_beside_its_records_and_the_gap_is_live(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    made = client.get(BOOK).data
    row = sheet(made, "Declared")[2]
    assert row[0] == "announced"
    assert row[3:9] == [92, 92, 82, 97, -5, 10]
    assert "<f>D3-G3</f>" in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet3.xml").decode()


def test_overlaps_breakdowns_conversions_indicators_and_requests_have_sheets_of_their_own(
    client: FlaskClient, stored: Session
) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    made = client.get(BOOK).data
    assert sheet(made, "Overlaps")[2][:2] == ["poipet", "five"]
    assert sheet(made, "Breakdown")[2][:4] == ["poipet", "Sex", "Men", 12]
    assert sheet(made, "Conversions")[2][:9] == [
        "loss",
        "KRW",
        2_500_000_000,
        2_500_000_000,
        0.0007,
        date(2026, 1, 9),
        "USD",
        1_750_000,
        1_750_000,
    ]
    assert sheet(made, "Indicators")[2][:7] == [
        "missing",
        "Missing persons",
        "persons",
        date(2025, 10, 1),
        "yes",
        93,
        "R1",
    ]
    assert sheet(made, "Action requests")[2][:5] == ["KH/KH-R1", "KH", "TH", "Identification", "Who rents the villa?"]


def test_every_row_of_every_sheet_has_its_source_and_its_marking(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    carried_out(stored, here)
    as_(client, stored, here.head_kh)
    made = client.get(BOOK).data
    book = load_workbook(io.BytesIO(made))
    for name in book.sheet_names:
        top, head, *rows = book.get_sheet_by_name(name).to_python()
        assert str(top[0]).startswith("TLP:AMBER")
        said = next(at for at, heading in enumerate(head) if str(heading).startswith("Source"))
        for row in rows:
            assert str(row[head.index("Marking")]).startswith("TLP:"), (name, row)
            assert row[said], (name, row)
    raw = zipfile.ZipFile(io.BytesIO(made))
    for number in range(1, len(book.sheet_names) + 1):
        text = raw.read(f"xl/worksheets/sheet{number}.xml").decode()
        assert "TLP:AMBER" in re.findall(r"<oddHeader>(.*)</oddHeader>", text)[0]


def test_an_export_of_one_meeting_holds_its_figures_alone(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{CSV}&meeting=seoul-2").data.decode("utf-8-sig"))))
    assert {row["code"] for row in rows if row["source"] == "R1"} == {"other"}
    assert client.get(f"{CSV}&meeting=oslo").status_code == 404


def test_csv_has_a_mark_of_its_encoding_ends_lines_as_the_standard_says_and_computes_nothing(
    client: FlaskClient, stored: Session
) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    answer = client.get(CSV)
    assert answer.data.startswith(b"\xef\xbb\xbfcode,name,measure,")
    assert answer.data.count(b"\r\n") == answer.data.count(b"\n")
    assert answer.mimetype == "text/csv"
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))}
    assert rows["five"]["name"] == "'=HYPERLINK(1)"
    assert rows["five"]["note"] == "'-2+3"
    assert (rows["loss"]["low"], rows["loss"]["currency"]) == ("2500000000", "KRW")
    assert (rows["poipet"]["source"], rows["poipet"]["as_of"], rows["poipet"]["marking"]) == (
        "R1",
        "2026-01-10",
        "TLP:GREEN",
    )


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", " =1", "\u3000＝1"]
)
def test_a_text_that_a_spreadsheet_would_compute_is_guarded(text: str) -> None:
    assert table.text(text).startswith("'")
    assert table.text(text).replace("'", "") == text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["a;", "a; ", 'a;"', "a\t", "a\n", 'a, "b";', "a;\u3000"])
def test_35_nor_is_it_computed_where_semicolons_part_the_cells(before: str, sign: str) -> None:
    out = io.StringIO(newline="")
    text = f'{before}{sign}HYPERLINK("http://evil.example");'
    csv.writer(out, lineterminator="\r\n").writerow(["x", table.text(text), 1])
    for parted in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=parted):
            assert not [cell for cell in row if cell.lstrip(' \u3000"').startswith(table.SIGNS)]


@pytest.mark.parametrize("text", ["a; b = c", "2-3; 4", "first\nsecond"])
def test_a_text_without_a_sign_where_a_cell_could_begin_is_left_as_it_is(text: str) -> None:
    assert table.text(text) == text


def test_json_holds_every_record_with_what_makes_it_hold(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    data = json.loads(client.get(JSON).data)
    by_code = {row["record"]: row for row in data["figures"]}
    assert by_code["poipet"]["breakdown"] == [{"along": "sex", "part": "male", "value": 12, "verified": True}]
    assert by_code["poipet"]["not_stated"] == {"sex": 3}
    assert by_code["poipet"]["attribution"] == "same_period"
    assert by_code["loss"]["conversions"] == [
        {"currency": "USD", "rate": "0.0007", "rate_on": "2026-01-09", "source": "R4"}
    ]
    assert data["overlaps"][0]["records"] == ["poipet", "five"]
    assert data["indicators"][0]["values"] == [{"at": "2025-10", "value": 93, "source": "R1"}]
    assert data["action_requests"][0]["reference"] == "KH/KH-R1"
    assert data["marking"] == "TLP:AMBER"
    assert {row["marking"] for row in data["figures"]} == {"TLP:GREEN"}


def test_what_a_second_reader_may_not_see_is_in_none_of_the_files(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    raid = carried_out(stored, here, title=Words.of(CANARY))
    secret = source(stored, here, CANARY)
    figure(stored, here, f"{CANARY}-F", 40, joint_action=raid, source=secret, note=Words.of(CANARY))
    stored.commit()
    for who, sees in ((here.head_kh, True), (here.head_th, False), (here.organiser, False)):
        as_(client, stored, who)
        book = load_workbook(io.BytesIO(client.get(BOOK).data))
        cells = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
        for text in (cells, client.get(CSV).text, client.get(JSON).text):
            assert (CANARY in text) is sees


def test_an_export_is_noted_with_the_ids_of_what_stands_in_it(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    poipet = figure(stored, here, "again", 3)
    as_(client, stored, here.head_kh)
    for address in (BOOK, CSV, JSON):
        client.get(address)
    entries = stored.scalars(select(AuditEntry).where(AuditEntry.action == "export").order_by(AuditEntry.id)).all()
    assert [entry.object_ids[0] for entry in entries] == [
        "outcomes-breaking-chains-en.xlsx",
        "outcomes-breaking-chains.csv",
        "outcomes-breaking-chains.json",
    ]
    assert all(str(poipet.uuid) in entry.object_ids for entry in entries)


@pytest.mark.parametrize("address", [f"{HERE}/export", BOOK, CSV, JSON])
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.LEADERSHIP, 200), (Role.HEAD, 200), (Role.INTERPRETER, 403), (Role.PRESS, 403), (None, 404)],
)
def test_exports_are_for_those_who_read_reports(
    client: FlaskClient, stored: Session, address: str, role: Role | None, status: int
) -> None:
    here = counted(stored)
    person = make.user(stored, "Somebody")
    if role is not None:
        make.membership(stored, here.meeting, person, role)
    as_(client, stored, person)
    assert client.get(address).status_code == status


def test_the_page_offers_the_operation_and_each_meeting_of_the_reader(client: FlaskClient, stored: Session) -> None:
    here = counted(stored)
    as_(client, stored, here.head_kh)
    page = client.get(f"{HERE}/export").text
    for link in ("export.xlsx?language=ko", "export.xlsx?meeting=seoul-2", "report.json", "export.csv", "leads.xlsx"):
        assert link in page.replace("&amp;", "&"), link
