"""Builders of the files that people upload, right and wrong ones."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter

Cell = str | int | float | datetime | date
Rows = Sequence[Sequence[Cell]]

DELEGATIONS = ("Delegations", ["Code", "Takes part as", "Teams", "Languages"])
DELEGATES = ("Delegates", ["Delegation", "Name", "Capacity", "Mail address", "Arrives", "Phone"])
CASES = ("Cases", ["Nominated by", "Reference", "Title", "Crime types", "Concerns", "Marking"])
REQUESTS = ("Meeting requests", ["From", "To", "Minutes", "Cases", "Interpretation"])


def xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook; texts that start with `=` are formulas, dates are dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return out.getvalue()


def whole() -> bytes:
    """One row of each kind: Japan comes new, Cambodia and Thailand are at the meeting."""
    return xlsx(
        {
            DELEGATIONS[0]: [DELEGATIONS[1], ["JP", "Member", 2, "ja, en"]],
            DELEGATES[0]: [
                DELEGATES[1],
                ["JP", "佐藤 花子", "Head of delegation", "sato@jp.example", datetime(2026, 2, 4, 18, 30)],  # noqa: DTZ001
            ],
            CASES[0]: [CASES[1], ["KH", "C-01", "Voice phishing ring", "Voice phishing", "JP, TH", "TLP:AMBER"]],
            REQUESTS[0]: [REQUESTS[1], ["JP", "KH", 40, "KH/C-01", "ja-en"]],
        }
    )


def with_part(content: bytes, part: str, change: bytes | None) -> bytes:
    """An XLSX file in which one part is replaced, or missing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        if change is not None:
            new.writestr(part, change)
    return out.getvalue()


def read_part(content: bytes, part: str) -> bytes:
    """One part of an XLSX file."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(part)


def sheet_xml(cells: str) -> bytes:
    """A worksheet part with these rows."""
    start = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    return f"{start}{cells}</sheetData></worksheet>".encode()
