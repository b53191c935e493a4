"""Texts for translators as a workbook: one row a text, and a sheet that says of which meeting and language it is."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import xlsxwriter

from confmgr.errors import NotReadable
from confmgr.interchange.domain import Entry, Piece
from confmgr.interchange.sheets import reading
from confmgr.interchange.sheets.columns import Column, plain
from confmgr.interchange.texts.files import ReadFile, earlier, finished
from confmgr.values.languages import OWN_NAMES, direction

TEXT_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What people wrote is never taken for a formula or an address."""
ABOUT = "confmgr"
MEETING, LANGUAGE = "meeting", "language"
COLUMNS = (
    Column("what", "What it is", "무엇"),
    Column("source", "Written in", "원문 언어"),
    Column("original", "Original", "원문", needed=True),
    Column("translation", "Translation", "번역", needed=True),
    Column("earlier", "Translation of the earlier original", "이전 원문의 번역"),
    Column("version", "Version of the original", "원문 판"),
    Column("key", "Key (leave as it is)", "키(바꾸지 마십시오)", needed=True),
)
WIDTHS = (28, 14, 60, 60, 40, 10, 30)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the columns of a sheet stand."""

    sheet: reading.Sheet
    at: Mapping[str, int]

    def cell(self, row: Sequence[str], name: str) -> str:
        place = self.at.get(name, len(row))
        return row[place] if place < len(row) else ""


def write(
    pieces: Sequence[Piece], called: Sequence[str], language: str, *, meeting: UUID, notes: Sequence[str], korean: bool
) -> bytes:
    """The texts of a meeting to be translated into a language; `called` is what organisers call each of them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, TEXT_ONLY)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain_cell = book.add_format({"text_wrap": True, "valign": "top"})
    reading_order = 2 if direction(language) == "rtl" else 1
    own = book.add_format({"text_wrap": True, "valign": "top", "reading_order": reading_order})
    sheet = book.add_worksheet(OWN_NAMES[language])
    for at, column in enumerate(COLUMNS):
        sheet.write_string(0, at, column.ko if korean else column.en, bold)
        sheet.set_column(at, at, WIDTHS[at])
    sheet.freeze_panes(1, 0)
    for number, (piece, name) in enumerate(zip(pieces, called, strict=True), 1):
        for at, (field, text) in enumerate(_row(piece, name, language).items()):
            sheet.write_string(number, at, text, own if field in {"translation", "earlier"} else plain_cell)
    about = book.add_worksheet(ABOUT)
    about.set_column(0, 1, 50)
    for number, row in enumerate([(MEETING, str(meeting)), (LANGUAGE, language), *((note, "") for note in notes)]):
        for at, text in enumerate(row):
            about.write_string(number, at, text, plain_cell)
    book.close()
    return out.getvalue()


def _row(piece: Piece, name: str, language: str) -> dict[str, str]:
    return {
        "what": name,
        "source": OWN_NAMES.get(piece.words.source, piece.words.source),
        "original": piece.original,
        "translation": finished(piece, language),
        "earlier": earlier(piece, language),
        "version": str(piece.words.version),
        "key": piece.key,
    }


def read(content: bytes, name: str) -> ReadFile:
    """The entries of an uploaded workbook.

    Raises:
        TooMuch: More rows, columns or bytes than any meeting needs.
        NotReadable: It is no workbook, damaged, or not one with texts for translators.
    """
    sheets = reading.read(content, name)
    about = next((sheet for sheet in sheets if sheet.name == ABOUT), None)
    found = next((one for one in map(_columns, sheets) if one is not None), None)
    if about is None or found is None:
        raise NotReadable("not_translations")
    facts = {row[0]: row[1] for row in about.rows if len(row) > 1}
    return ReadFile(facts.get(MEETING, ""), facts.get(LANGUAGE, ""), _entries(found))


def _columns(sheet: reading.Sheet) -> _Found | None:
    headings = [plain(cell) for cell in sheet.rows[0]] if sheet.rows else []
    at = {
        column.name: headings.index(heading)
        for column in COLUMNS
        for heading in (plain(column.en), plain(column.ko))
        if heading in headings
    }
    return _Found(sheet, at) if all(column.name in at for column in COLUMNS if column.needed) else None


def _entries(found: _Found) -> list[Entry]:
    computed = {row for row, column in found.sheet.formulas if column == found.at["translation"] + 1}
    entries = []
    for number, row in enumerate(found.sheet.rows[1:], 2):
        if not any(row):
            continue
        version = found.cell(row, "version")
        entries.append(
            Entry(
                number=number,
                key=found.cell(row, "key"),
                original=found.cell(row, "original"),
                text=found.cell(row, "translation"),
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,  # noqa: PLR2004
                formula=number in computed,
            )
        )
    return entries
