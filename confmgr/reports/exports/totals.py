"""Totals and declared totals of a workbook: live sums, and why not where figures overlap."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext
from xlsxwriter.utility import xl_rowcol_to_cell

from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import OverlapDecision
from confmgr.outcomes.queries import TotalLine
from confmgr.outcomes.totals import Comparison
from confmgr.reports.exports.book import FIRST_ROW, Cell, Column, Live, cells, least, most
from confmgr.reports.exports.rows import AT, NO_CURRENCY
from confmgr.reports.queries import Export, Record
from confmgr.sharing.rule import strictest
from confmgr.web import formats, labels

MEASURE, CURRENCY, SCOPE = 1, 3, 0
"""Columns of the sheet of totals that its formulas look at."""


def total_columns() -> list[Column]:
    """Headings of the totals."""
    return [
        Column(_("Meeting"), 16),
        Column(_("Code"), 18),
        Column(_("Measure"), 30),
        Column(_("Currency"), 10),
        Column(least(_("Sum of the records")), 16),
        Column(most(_("Sum of the records")), 16),
        Column(least(_("Total")), 16),
        Column(most(_("Total")), 16),
        Column(_("Why the total is not the sum"), 60),
        Column(_("Records"), 9),
        Column(_("Status"), 12),
        Column(_("Source"), 20),
        Column(_("As of"), 12),
        Column(_("Marking"), 18),
    ]


def totals(found: Export) -> Iterator[list[Cell]]:
    """Every total of the operation and of each meeting."""
    by_id = {row.count.id: row for row in found.records}
    at = FIRST_ROW
    for meeting, lines in found.scopes:
        for line in lines:
            rows = [by_id[code] for code in line.total.parts if code in by_id]
            yield _total(found, meeting, line, rows, at)
            at += 1


def _total(found: Export, meeting: Meeting | None, line: TotalLine, rows: Sequence[Record], at: int) -> list[Cell]:
    low, high = sum((row.count.low for row in rows), Decimal(0)), sum((row.count.high for row in rows), Decimal(0))
    ends: list[Cell] = [line.total.low, line.total.high]
    why = ""
    if (low, high) == (line.total.low, line.total.high):
        lower, upper = xl_rowcol_to_cell(at, MEASURE + 3), xl_rowcol_to_cell(at, MEASURE + 4)
        ends = [Live(f"={lower}", low), Live(f"={upper}", high)]
    else:
        why = _why(line)
    sources = sorted({row.figure.source.called if row.figure else _("counted here") for row in rows})
    return [
        found.report.operation.code if meeting is None else meeting.slug,
        line.measure,
        labels.term(line.measure, "measure"),
        line.currency or NO_CURRENCY,
        Live(_sum("low", found, at, meeting), low),
        Live(_sum("high", found, at, meeting), high),
        *ends,
        why,
        Live(_count(found, at, meeting), len(rows)),
        labels.of(line.status),
        formats.listed(sources),
        max(row.as_of for row in rows),
        strictest(row.tlp for row in rows).label,
    ]


def _why(line: TotalLine) -> str:
    open_ones = sum(link.decision is OverlapDecision.OPEN for link in line.total.overlaps)
    same = len(line.total.overlaps) - open_ones
    said = []
    if open_ones:
        said.append(
            ngettext(
                "%(num)s pair of records may count the same; the lower end counts none of them twice.",
                "%(num)s pairs of records may count the same; the lower end counts none of them twice.",
                open_ones,
            )
        )
    if same:
        said.append(
            ngettext(
                "%(num)s pair of records is the same and counts once.",
                "%(num)s pairs of records are the same and count once.",
                same,
            )
        )
    return " ".join(said)


def _sum(part: str, found: Export, at: int, meeting: Meeting | None) -> str:
    return f"=SUMIFS({_column(found, part)},{_criteria(found, at, meeting)})"


def _count(found: Export, at: int, meeting: Meeting | None) -> str:
    return f"=COUNTIFS({_criteria(found, at, meeting)})"


def _criteria(found: Export, at: int, meeting: Meeting | None) -> str:
    """Records of the row's measure and currency that are added up, of its meeting if it is one's."""
    wanted = [
        f"{_column(found, 'measure')},{xl_rowcol_to_cell(at, MEASURE, col_abs=True)}",
        f"{_column(found, 'currency')},{xl_rowcol_to_cell(at, CURRENCY, col_abs=True)}",
        f"{_column(found, 'added')},1",
    ]
    if meeting is not None:
        wanted.append(f"{_column(found, 'meeting')},{xl_rowcol_to_cell(at, SCOPE, col_abs=True)}")
    return ",".join(wanted)


def _column(found: Export, part: str) -> str:
    return cells(_("Figures"), AT[part], len(found.records))


def declared_columns() -> list[Column]:
    """Headings of what was declared."""
    return [
        Column(_("Short name"), 26),
        Column(_("Measure"), 26),
        Column(_("Currency"), 10),
        Column(least(_("Declared")), 14),
        Column(most(_("Declared")), 14),
        Column(least(_("In these records")), 14),
        Column(most(_("In these records")), 14),
        Column(least(_("Difference")), 14),
        Column(most(_("Difference")), 14),
        Column(_("Made of"), 40),
        Column(_("Source"), 10),
        Column(_("As of"), 12),
        Column(_("Marking"), 18),
    ]


def declared(found: Export) -> Iterator[list[Cell]]:
    """Every declared total beside what the records of its scope come to; the gap is live."""
    by_id = {row.count.id: row for row in found.records}
    shown = [one for one in found.report.comparisons if one.declared.id in by_id]
    for at, one in enumerate(shown, FIRST_ROW):
        yield _comparison(one, by_id[one.declared.id], at)


def _comparison(one: Comparison, row: Record, at: int) -> list[Cell]:
    cell = {name: xl_rowcol_to_cell(at, 3 + place) for place, name in enumerate("abcd")}
    lower, upper = one.missing
    return [
        row.count.id,
        labels.term(row.count.measure, "measure"),
        row.count.currency or NO_CURRENCY,
        row.count.low,
        row.count.high,
        one.recorded.low,
        one.recorded.high,
        Live(f"={cell['a']}-{cell['d']}", lower),
        Live(f"={cell['b']}-{cell['c']}", upper),
        ", ".join(one.recorded.parts),
        row.figure.source.called if row.figure else "",
        row.as_of,
        row.tlp.label,
    ]
