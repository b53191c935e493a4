"""Leads exchanged as a workbook: the matrix, the cases, every lead; sums are live."""

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from flask_babel import pgettext
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from confmgr.cases.queries import LeadRow
from confmgr.config import Settings
from confmgr.outcomes.chains import Node
from confmgr.reports.domain import CameOf
from confmgr.reports.exports.book import FIRST_ROW, Book, Cell, Column, Live, cells, least, most
from confmgr.reports.queries import LeadsReport
from confmgr.reports.queries.leads import CaseLeads, name_of
from confmgr.sharing.rule import strictest
from confmgr.web import formats, labels
from confmgr.web.reader import speaking

GIVER, CASE = 1, 3
"""Columns of the sheet of leads that the other sheets count over."""


def workbook(found: LeadsReport, language: str, now: datetime) -> bytes:
    """The file, in one language."""
    settings: Settings = current_app.extensions["confmgr"]
    with speaking(language):
        subject = found.operation.name if found.meeting is None else found.meeting.title
        title = _("%(report)s: %(subject)s", report=_("Leads exchanged"), subject=formats.plain_words(subject))
        book = Book(title, language, now, found.marking, _("Sample.") if settings.sample else "")
        _matrix(book, found)
        rows = [_case(one, at, len(found.rows)) for at, one in enumerate(found.cases, FIRST_ROW)]
        book.sheet(_("By case"), _case_columns(), rows)
        book.sheet(_("Leads"), _lead_columns(), [_lead(row, found.came[row.lead.id]) for row in found.rows])
        return book.made()


def _matrix(book: Book, found: LeadsReport) -> None:
    """Cells as they are counted; a giver's leads are counted on the sheet of leads, since a lead has many receivers."""
    exchange = found.exchange
    columns = [
        Column(_("from ↓ to →"), 16),
        *(Column(code, 8) for code in exchange.receivers),
        Column(_("Handed over"), 12),
        Column(_("Leads given"), 12),
        *_came_columns(),
        Column(_("Source"), 24),
        Column(_("Marking"), 18),
    ]
    width, height = len(exchange.receivers), len(exchange.givers)
    rows: list[list[Cell]] = []
    for at, giver in enumerate(exchange.givers, FIRST_ROW):
        own = [row for row in found.rows if row.originator.code == giver]
        handed = [exchange.cells.get((giver, code)) for code in exchange.receivers]
        sums = f"=SUM({xl_rowcol_to_cell(at, 1)}:{xl_rowcol_to_cell(at, width)})" if width else "=0"
        given = f"=COUNTIF({cells(_('Leads'), GIVER, len(found.rows))},{xl_rowcol_to_cell(at, 0, col_abs=True)})"
        rows.append(
            [
                giver,
                *handed,
                Live(sums, sum(count or 0 for count in handed)),
                Live(given, exchange.given[giver]),
                *_came(found.givers[giver]),
                formats.plain_words(own[0].originator.short_name),
                strictest(row.tlp for row in own).label,
            ]
        )
    if rows:
        values = [*(exchange.received[code] for code in exchange.receivers), sum(exchange.received.values())]
        together = [_down(column, height, value) for column, value in enumerate([*values, exchange.leads], 1)]
        rows.append([_("Received"), *together, *_came(found.together), "", found.marking.label])
    book.sheet(_("Matrix"), columns, rows, sums=bool(rows))


def _down(column: int, height: int, value: int) -> Live:
    letter = xl_col_to_name(column)
    return Live(f"=SUM({letter}{FIRST_ROW + 1}:{letter}{FIRST_ROW + height})", value)


def _came_columns() -> list[Column]:
    arrested, rescued = labels.term("arrested", "measure"), labels.term("rescued", "measure")
    return [
        Column(_("Action requests"), 10),
        Column(_("Joint actions"), 10),
        Column(least(arrested), 12),
        Column(most(arrested), 12),
        Column(least(rescued), 12),
        Column(most(rescued), 12),
    ]


def _came(came: CameOf) -> list[Cell]:
    if not came.anything:
        return [None] * 6
    return [
        len(came.requests),
        len(came.actions),
        *((came.arrested.low, came.arrested.high) if came.arrested.parts else (None, None)),
        *((came.rescued.low, came.rescued.high) if came.rescued.parts else (None, None)),
    ]


def _case_columns() -> list[Column]:
    return [
        Column(_("Case"), 14),
        Column(_("Title"), 44),
        Column(_("Leads"), 8),
        *_came_columns(),
        Column(_("Source"), 24),
        Column(_("Marking"), 18),
    ]


def _case(one: CaseLeads, at: int, leads: int) -> list[Cell]:
    counted = f"=COUNTIF({cells(_('Leads'), CASE, leads)},{xl_rowcol_to_cell(at, 0, col_abs=True)})"
    return [
        one.name,
        formats.plain_words(one.title),
        Live(counted, len(one.rows)),
        *_came(one.came),
        formats.plain_words(one.rows[0].lead.case.item.originator.short_name),
        strictest(row.tlp for row in one.rows).label,
    ]


def _lead_columns() -> list[Column]:
    return [
        Column(_("Reference"), 16),
        Column(pgettext("giver", "From"), 8),
        Column(_("To"), 18),
        Column(_("Case"), 14),
        Column(_("Kind"), 16),
        Column(_("Title"), 36),
        Column(_("Text"), 60),
        Column(_("Date"), 12),
        Column(_("Feedback"), 28),
        Column(_("Led to"), 50),
        *_came_columns(),
        Column(_("Grade"), 18),
        Column(_("Handling"), 12),
        Column(_("Source"), 24),
        Column(_("Marking"), 18),
        Column(_("illustrative"), 10),
    ]


def _lead(row: LeadRow, came: CameOf) -> list[Cell]:
    reference = f"{row.originator.code}/{row.item.reference}"
    shared = None if row.item.shared_at is None else row.item.shared_at.date()
    source = formats.plain_words(row.originator.short_name)
    if row.bare:  # of RED an envelope tells number, giver and date
        return [reference, row.originator.code, *[None] * 5, shared, *[None] * 10, source, row.tlp.label, None]
    return [
        reference,
        row.originator.code,
        ", ".join(party.code for party in row.receivers),
        name_of(row),
        labels.of(row.lead.kind),
        formats.plain_words(row.title),
        formats.plain_words(row.body),
        shared,
        formats.listed(f"{one.party.code} {labels.of(one.kind)}" for one in row.feedback) if row.feedback else "",
        " · ".join(_nodes([*came.requests, *came.actions])),
        *_came(came),
        _grade(row),
        ", ".join(row.handling),
        source,
        row.tlp.label,
        _("illustrative") if row.item.illustrative else "",
    ]


def _nodes(nodes: Iterable[Node]) -> Iterable[str]:
    for node in nodes:
        name = f"{labels.term(node.kind.value, 'step')}: {formats.plain_words(node.words)}"
        yield name if node.on is None else f"{name} ({node.on.isoformat()})"


def _grade(row: LeadRow) -> str:
    marking = row.item.marking
    if row.title is None or marking.grade_scheme is None:
        return ""
    return f"{labels.of(marking.grade_scheme)} {marking.grade_source}{marking.grade_information}"
