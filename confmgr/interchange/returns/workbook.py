"""A return as a workbook: one row a cell of the form, texts on a second sheet, and a third that says whose it is."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import xlsxwriter
from babel.core import get_global
from babel.numbers import get_territory_currencies
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from confmgr.errors import NotReadable
from confmgr.interchange.sheets import reading
from confmgr.outcomes.returns import Written

TEXT_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What people wrote is never taken for a formula or an address."""
ABOUT, KEY, TEXT = "confmgr", "key", "text"
SHARES = ("sex.male", "sex.female", "age.adult", "age.minor", "nationality")
FIELDS = ("kind", "low", "high", "currency", "note", *SHARES)
"""What stands in the columns from the fifth on."""
FIRST = 4
WIDTHS = (10, 34, 60, 12, 18, 14, 14, 10, 40, 10, 10, 10, 10, 30)
TEXTS = ("story", "new_methods", "obstacles", "compiled_by", "released_by", "publishing")
EXACT = Decimal(10) ** 15
"""Larger numbers lose digits in a spreadsheet, so they are written as text."""
LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form: the slot and what is printed beside its cells."""

    slot: str
    name: str
    definition: str
    unit: str
    is_first: bool
    is_money: bool
    has_parts: bool
    cells: Written


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of a workbook in one language. `answers` and `publishing`: what a value is called."""

    title: str
    in_words: str
    headings: Sequence[str]
    answers: Mapping[str, str]
    publishing: Mapping[str, str]
    texts: Mapping[str, str]
    notes: Sequence[str]
    not_negative: str


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of an uploaded workbook, as spreadsheets name it."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{chr(ord('A') + self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Found:
    """What an uploaded workbook says: cells by slot, texts by name, where each stands, what is wrong as a sheet."""

    slots: Mapping[str, Written]
    texts: Mapping[str, str]
    rows: Mapping[str, Place]
    twice: Sequence[tuple[Place, str]] = ()
    formulas: Sequence[Place] = field(default=())


def write(lines: Sequence[Line], texts: Mapping[str, str], printed: Printed, *, of: UUID) -> bytes:
    """The form with what is saved of it; only the cells to be filled in can be written."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, TEXT_ONLY)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    fixed = book.add_format({"text_wrap": True, "valign": "top"})
    free = book.add_format({"text_wrap": True, "valign": "top", "locked": False, "bg_color": "#FFF9E5", "border": 1})
    sheet = book.add_worksheet(_sheet_name(printed.title))
    _head(sheet, (KEY, *printed.headings), WIDTHS, bold)
    for number, line in enumerate(lines, 1):
        _line(sheet, number, line, printed, fixed, free)
    words = book.add_worksheet(_sheet_name(printed.in_words))
    _head(words, (TEXT, printed.in_words, ""), (10, 40, 90), bold)
    for number, name in enumerate(TEXTS, 1):
        words.write_string(number, 0, name, fixed)
        words.write_string(number, 1, printed.texts[name], fixed)
        value = texts.get(name, "")
        words.write_string(number, 2, printed.publishing[value] if name == "publishing" else value, free)
        if name == "publishing":
            words.data_validation(number, 2, number, 2, {"validate": "list", "source": [*printed.publishing.values()]})
    for number, note in enumerate(printed.notes, len(TEXTS) + 2):
        words.write_string(number, 1, note, fixed)
    _about(book, of, fixed)
    for one in (sheet, words):
        one.protect("", {"format_columns": True, "format_rows": True})
    book.close()
    return out.getvalue()


def _sheet_name(text: str) -> str:
    return "".join(char for char in text if char not in "[]:*?/\\'")[:LONGEST_SHEET_NAME]


def _head(sheet: Worksheet, texts: Sequence[str], widths: Sequence[int], bold: Format) -> None:
    for at, (text, width) in enumerate(zip(texts, widths, strict=True)):
        sheet.set_column(at, at, width, None, {"hidden": at == 0})
        sheet.write_string(0, at, text, bold)
    sheet.freeze_panes(1, 2)


def _line(sheet: Worksheet, number: int, line: Line, printed: Printed, fixed: Format, free: Format) -> None:
    for at, text in enumerate((line.slot, line.name, line.definition, line.unit)):
        sheet.write_string(number, at, text, fixed)
    for at, name in enumerate(FIELDS, FIRST):
        if not _asked(line, name):
            sheet.write_blank(number, at, None, fixed)
            continue
        text = line.cells.shares.get(name, "") if name in SHARES else str(getattr(line.cells, name))
        _value(sheet, number, at, printed.answers.get(text, text) if name == "kind" else text, free)
        if name == "kind":
            sheet.data_validation(number, at, number, at, {"validate": "list", "source": [*printed.answers.values()]})
        elif name == "currency":
            source = f"={ABOUT}!$C$1:$C${len(currencies())}"
            sheet.data_validation(number, at, number, at, {"validate": "list", "source": source})
        elif name not in {"note", "nationality"}:
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": printed.not_negative[:255]}
            sheet.data_validation(number, at, number, at, rule)


def _asked(line: Line, name: str) -> bool:
    if name == "kind":
        return line.is_first
    if name == "currency":
        return line.is_money
    return line.has_parts if name in SHARES else True


def _value(sheet: Worksheet, number: int, at: int, text: str, free: Format) -> None:
    if FIELDS[at - FIRST] in {"kind", "currency", "note", "nationality"} or not text or Decimal(text) >= EXACT:
        sheet.write_string(number, at, text, free)
    else:
        sheet.write_number(number, at, float(text), free)


def _about(book: Workbook, of: UUID, fixed: Format) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.write_string(0, 0, "return", fixed)
    sheet.write_string(0, 1, str(of), fixed)
    for number, code in enumerate(currencies()):
        sheet.write_string(number, 2, code, fixed)
    sheet.protect("")
    sheet.hide()


def currencies() -> list[str]:
    """Codes of the currencies that are tender somewhere today."""
    if not _currencies:
        territories = get_global("territory_currencies")
        _currencies.extend(sorted({code for place in territories for code in get_territory_currencies(place)}))
    return _currencies


_currencies: list[str] = []


def read(sheets: Sequence[reading.Sheet], of: UUID, answers: Mapping[str, str], publishing: Mapping[str, str]) -> Found:
    """What an uploaded workbook says of one return. `answers`, `publishing`: values by what they are called.

    Raises:
        NotReadable: It is no form of a reporting round, or that of another round or party.
    """
    whose = meant_for(sheets)
    form = next((sheet for sheet in sheets if _first(sheet) == KEY), None)
    words = next((sheet for sheet in sheets if _first(sheet) == TEXT), None)
    if whose is None or form is None or words is None:
        raise NotReadable("not_a_return")
    if whose != str(of):
        raise NotReadable("workbook_of_other_return")
    slots: dict[str, Written] = {}
    rows: dict[str, Place] = {}
    twice: list[tuple[Place, str]] = []
    for number, row in enumerate(form.rows[1:], 2):
        slot = _cell(row, 0)
        if not slot:
            continue
        if slot in slots:
            twice.append((Place(form.name, number, 0), slot))
        cells = {name: _cell(row, at) for at, name in enumerate(FIELDS, FIRST)}
        kind = cells["kind"]
        slots[slot] = Written(
            kind=answers.get(kind.casefold(), kind),
            **{name: cells[name] for name in ("low", "high", "currency", "note")},
            shares={name: cells[name] for name in SHARES if cells[name]},
        )
        rows[slot] = Place(form.name, number, 0)
    texts: dict[str, str] = {}
    for number, row in enumerate(words.rows[1:], 2):
        name = _cell(row, 0)
        if name in TEXTS:
            texts[name], rows[name] = _cell(row, 2), Place(words.name, number, 2)
    if "publishing" in texts:
        texts["publishing"] = publishing.get(texts["publishing"].casefold(), texts["publishing"])
    formulas = [
        Place(sheet.name, row, column - 1)
        for sheet, first in ((form, FIRST), (words, 2))
        for row, column in sheet.formulas
        if column > first
    ]
    return Found(slots, texts, rows, twice, formulas)


def meant_for(sheets: Iterable[reading.Sheet]) -> str | None:
    """The return whose form a workbook says it is; None for any other workbook."""
    about = next((sheet for sheet in sheets if sheet.name == ABOUT and sheet.rows), None)
    return None if about is None or _first(about) != "return" else _cell(about.rows[0], 1)


def _first(sheet: reading.Sheet) -> str:
    return sheet.rows[0][0] if sheet.rows and sheet.rows[0] else ""


def _cell(row: Sequence[str], at: int) -> str:
    return row[at] if at < len(row) else ""
