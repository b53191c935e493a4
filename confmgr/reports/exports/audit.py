"""The audit as a table: a row an entry, never what stands in an item."""

import csv
import io
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from confmgr.config import Settings
from confmgr.reports.exports.book import Book, Cell, Column
from confmgr.reports.exports.table import MARK, text
from confmgr.reports.queries.audit import Line, Log
from confmgr.sharing.domain import Tlp
from confmgr.web import labels
from confmgr.web.reader import speaking

MARKING = Tlp.AMBER
"""Who dealt with what is for the party or the auditors who may see it."""
HEADINGS = ("at", "person", "parties", "action", "allowed", "rule", "page", "items", "number")
"""Of the CSV: names for machines."""
NUMBERS = ("entry", "seal", "refused")
"""For auditors alone: running numbers, and how often somebody was refused, count what others may not know of."""


def table(found: Log, *, numbered: bool) -> str:
    """The entries as CSV; `numbered` with what is for auditors."""
    out = io.StringIO(newline="")
    written = csv.writer(out, lineterminator="\r\n")
    written.writerow((*HEADINGS, *(NUMBERS if numbered else ())))
    for line in found.lines:
        entry = line.entry
        cells: list[Cell] = [
            entry.at.isoformat(),
            "" if line.person is None else line.person.name,
            "" if line.person is None else " ".join(line.person.codes),
            entry.action,
            str(entry.allowed).lower(),
            entry.rule or "",
            str(entry.facts.get("page", "")),
            " ".join(references(line)),
            len(line.items) + line.more,
            *((entry.id, entry.sealed_as, entry.facts.get("number")) if numbered else ()),
        ]
        written.writerow([text(cell) for cell in cells])
    return MARK + out.getvalue()


def workbook(found: Log, title: str, language: str, now: datetime, *, numbered: bool) -> bytes:
    """The entries as a workbook, in one language; `numbered` with the numbers of their seals."""
    settings: Settings = current_app.extensions["confmgr"]
    with speaking(language):
        book = Book(title, language, now, MARKING, _("Sample.") if settings.sample else "")
        columns = [
            Column(_("When (UTC)"), 20),
            Column(_("Name"), 26),
            Column(_("Party"), 10),
            Column(_("What"), 26),
            Column(_("Of"), 40),
            Column(_("Sentence of the rule"), 12),
            *([Column(_("Seal"), 12)] if numbered else []),
        ]
        book.sheet(title, columns, [_row(line, numbered=numbered) for line in found.lines])
        return book.made()


def _row(line: Line, *, numbered: bool) -> list[Cell]:
    entry = line.entry
    return [
        entry.at.strftime("%Y-%m-%d %H:%M:%S"),
        "" if line.person is None else line.person.name,
        "" if line.person is None else ", ".join(line.person.codes),
        said(line),
        ", ".join(references(line)),
        entry.rule or "",
        *([entry.sealed_as] if numbered else []),
    ]


def said(line: Line) -> str:
    """What was done, in words."""
    if not line.entry.allowed:
        return _("Refused")
    return labels.term(line.entry.action, "audit")


def references(line: Line) -> list[str]:
    """The items of a line by their references."""
    more = [f"+{line.more}"] if line.more else []
    return [*(f"{item.originator.code}/{item.reference}" for item in line.items), *more]
