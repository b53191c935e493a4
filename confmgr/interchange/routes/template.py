"""The workbook to fill in: headings and words in the reader's language, lists to choose from, notes."""

import io
from collections.abc import Sequence
from enum import Enum

import xlsxwriter
from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from confmgr.accounts.models import User
from confmgr.interchange.access import ORGANISER
from confmgr.interchange.labels import CHOICES, name_of
from confmgr.interchange.routes.imports import bp
from confmgr.interchange.sheets.archive import MOST_ROWS
from confmgr.interchange.sheets.columns import COLUMNS, NOTES, PARTICIPANTS, SHEETS, Column, SheetKind
from confmgr.meetings.models import Meeting
from confmgr.parties import queries as parties
from confmgr.values.languages import OWN_NAMES
from confmgr.web import formats
from confmgr.web.db import session
from confmgr.web.policy import policy

TEXT_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What people wrote is never taken for a formula or an address."""
LONGEST_LIST = 255
"""Characters of a list that a spreadsheet offers in a cell."""
SEVERAL = frozenset({"crime_types"})


@bp.get("/meetings/<slug>/import/template.xlsx")
@policy(ORGANISER)
def template(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """An empty workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, TEXT_ONLY)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    korean = formats.language() == "ko"
    for kind, columns in COLUMNS.items():
        sheet = book.add_worksheet(SHEETS[kind][korean])
        for at, column in enumerate(columns):
            _column(sheet, at, column, korean=korean, bold=bold)
        sheet.freeze_panes(1, 0)
    _table(book.add_worksheet(NOTES[korean]), [[text] for text in _notes()], (100,), wrapped)
    known = [[party.code, formats.plain_words(party.short_name)] for party in parties.parties(session())]
    _table(book.add_worksheet(PARTICIPANTS[korean]), known, (12, 60), wrapped)
    book.close()
    return Response(
        out.getvalue(),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{meeting.slug}-template.xlsx"'},
    )


def _column(sheet: Worksheet, at: int, column: Column, *, korean: bool, bold: Format) -> None:
    heading = column.ko if korean else column.en
    sheet.write_string(0, at, heading, bold if column.needed else None)
    sheet.write_comment(0, at, column.example)
    sheet.set_column(at, at, max(14, len(heading) + 4))
    offered = _offered(column.name)
    if offered and column.name not in SEVERAL and len(",".join(offered)) <= LONGEST_LIST:
        sheet.data_validation(1, at, MOST_ROWS, at, {"validate": "list", "source": offered})


def _offered(name: str) -> list[str]:
    kind: type[Enum] | None = CHOICES.get(name)
    return [name_of(member) for member in kind] if kind else []


def _notes() -> list[str]:
    crimes = COLUMNS[SheetKind.CASES]
    listed = next(column for column in crimes if column.name == "crime_types")
    heading = listed.ko if formats.language() == "ko" else listed.en
    return [
        _("Fill the sheets that you need and delete the others; each row is one entry."),
        _("Bold headings must be filled. Several codes or languages are separated by commas."),
        _("Times are written like 2026-02-04 18:00, by the clock of the venue."),
        _("Codes of participants stand on the last sheet. A case of another party is written like KR/C-01."),
        _("%(heading)s are one or several of: %(words)s", heading=heading, words=", ".join(_offered("crime_types"))),
        _("Languages are any of: %(words)s", words=", ".join(f"{tag} ({own})" for tag, own in OWN_NAMES.items())),
        _("Nothing is written before you have seen what the workbook would add."),
    ]


def _table(sheet: Worksheet, rows: Sequence[Sequence[str]], widths: Sequence[int], form: Format) -> None:
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    for number, row in enumerate(rows):
        for at, text in enumerate(row):
            sheet.write_string(number, at, text, form)
