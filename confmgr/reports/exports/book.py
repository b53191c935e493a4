"""A workbook of which every sheet carries its marking, and in which no text is ever a formula."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from flask_babel import gettext
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from confmgr.sharing.domain import Tlp
from confmgr.values.languages import direction

TEXT_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What people wrote is never taken for a formula or an address."""
LONGEST = 32_767
"""Characters that a cell can hold."""
LONGEST_NAME = 31
"""Characters that the name of a sheet can have."""
FIRST_ROW = 2
"""Rows above the first entry: the marking with the title, and the headings."""


@dataclass(frozen=True, slots=True)
class Live:
    """A cell that the spreadsheet computes: its formula, and what it comes to now."""

    formula: str
    value: Decimal | int


Cell = str | int | Decimal | date | Live | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how wide it is, in characters."""

    heading: str
    width: int = 14


class Book:
    """Sheets of one reader's report, made in one language."""

    def __init__(self, title: str, language: str, created: datetime, marking: Tlp, sample: str) -> None:
        """Begin; `sample` is a word for the title of what is no real operation, else empty."""
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, TEXT_ONLY)
        self._book.set_properties({"title": title, "created": created.replace(tzinfo=None), "comments": marking.label})
        self._title = f"{sample} {title}".strip()
        self._marking = marking
        self._mirrored = direction(language) == "rtl"
        self._forms = {
            "head": self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "title": self._book.add_format({"bold": True}),
            "text": self._book.add_format({"text_wrap": True, "valign": "top"}),
            "number": self._book.add_format({"num_format": "#,##0.####", "valign": "top"}),
            "whole": self._book.add_format({"num_format": "#,##0", "valign": "top"}),
            "date": self._book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "sum": self._book.add_format({"num_format": "#,##0", "valign": "top", "bold": True, "top": 1}),
        }

    def sheet(
        self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, sums: bool = False
    ) -> None:
        """A sheet with its headings; `sums` sets the last row apart."""
        sheet = self._book.add_worksheet(name[:LONGEST_NAME])
        self._frame(sheet, name)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(1, at, column.heading, self._forms["head"])
        for number, row in enumerate(rows, FIRST_ROW):
            summed = sums and number == FIRST_ROW + len(rows) - 1
            for at, cell in enumerate(row):
                self._write(sheet, number, at, cell, summed=summed)
        if rows:
            sheet.autofilter(1, 0, FIRST_ROW + len(rows) - 1 - sums, len(columns) - 1)

    def made(self) -> bytes:
        """The file."""
        self._book.close()
        return self._out.getvalue()

    def _frame(self, sheet: Worksheet, name: str) -> None:
        marked = self._marking.label
        sheet.write_string(0, 0, f"{marked} · {self._title}", self._forms["title"])
        sheet.set_header(f"&C&14{marked}&L&9{_plain(self._title)[:120]}")
        sheet.set_footer(f"&C&14{marked}&L&9{_plain(name)}&R&9&P / &N")
        sheet.freeze_panes(FIRST_ROW, 1)
        sheet.repeat_rows(0, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if self._mirrored:
            sheet.right_to_left()

    def _write(self, sheet: Worksheet, row: int, at: int, cell: Cell, *, summed: bool) -> None:
        form = self._form(cell, summed=summed)
        if isinstance(cell, Live):
            sheet.write_formula(row, at, cell.formula, form, _float(cell.value))
        elif isinstance(cell, str):
            sheet.write_string(row, at, cell[:LONGEST], form)
        elif isinstance(cell, date):
            sheet.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), form)  # noqa: DTZ001  # a day
        elif cell is not None:
            sheet.write_number(row, at, _float(cell), form)

    def _form(self, cell: Cell, *, summed: bool) -> Format:
        if summed:
            return self._forms["sum"]
        if isinstance(cell, date):
            return self._forms["date"]
        if isinstance(cell, str) or cell is None:
            return self._forms["text"]
        value = cell.value if isinstance(cell, Live) else cell
        return self._forms["whole" if value == int(value) else "number"]


def least(what: str) -> str:
    """The heading of a lower end."""
    return gettext("%(measure)s, at least", measure=what)


def most(what: str) -> str:
    """The heading of an upper end."""
    return gettext("%(measure)s, at most", measure=what)


def cells(sheet: str, at: int, rows: int) -> str:
    """The entries of a column of another sheet, as a formula names them."""
    letter = xl_col_to_name(at)
    quoted = sheet[:LONGEST_NAME].replace("'", "''")
    return f"'{quoted}'!${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + max(rows, 1)}"


def _float(value: Decimal | int) -> float:
    return float(value)


def _plain(text: str) -> str:
    """Text as headers and footers take it: an ampersand begins a code there."""
    return text.replace("&", "&&")
