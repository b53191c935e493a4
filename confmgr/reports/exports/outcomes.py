"""Outcomes as a workbook: a sheet for each kind of record, every row with its source and marking."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from flask_babel import pgettext
from xlsxwriter.utility import xl_rowcol_to_cell

from confmgr.config import Settings
from confmgr.outcomes.models import ActionRequest, JointAction
from confmgr.reports.exports.book import FIRST_ROW, Book, Cell, Column, Live, least, most
from confmgr.reports.exports.rows import NO_CURRENCY, PARTS, cells_of
from confmgr.reports.exports.totals import declared, declared_columns, total_columns, totals
from confmgr.reports.queries import Export, Record
from confmgr.reports.queries.markings import UNMARKED
from confmgr.sharing.rule import strictest
from confmgr.values.words import Words
from confmgr.web import formats, labels
from confmgr.web.reader import speaking


def workbook(found: Export, language: str, now: datetime) -> bytes:
    """The file, in one language."""
    settings: Settings = current_app.extensions["confmgr"]
    report = found.report
    with speaking(language):
        subject = report.operation.name if report.meeting is None else report.meeting.title
        title = _("%(report)s: %(subject)s", report=_("Outcomes"), subject=formats.plain_words(subject))
        book = Book(title, language, now, found.marking, _("Sample.") if settings.sample else "")
        book.sheet(_("Totals"), total_columns(), list(totals(found)))
        book.sheet(
            _("Figures"),
            [Column(str(part.heading), part.width) for part in PARTS],
            [cells_of(found, row) for row in found.records],
        )
        book.sheet(_("Declared"), declared_columns(), list(declared(found)))
        book.sheet(_("Overlaps"), _overlap_columns(), list(_overlaps(found)))
        book.sheet(_("Breakdown"), _breakdown_columns(), list(_breakdowns(found)))
        book.sheet(_("Conversions"), _conversion_columns(), list(_conversions(found)))
        book.sheet(_("Indicators"), _indicator_columns(), list(_indicators(found)))
        book.sheet(_("Action requests"), _request_columns(), [_request(row, found) for row in report.requests])
        book.sheet(_("Joint actions"), _action_columns(), [_action(row) for row in report.actions])
        book.sheet(_("Sources"), _source_columns(), list(_sources(found)))
        return book.made()


def _overlap_columns() -> list[Column]:
    return [
        Column(_("Short name"), 26),
        Column(_("May count the same people as"), 26),
        Column(_("Kind"), 24),
        Column(_("State"), 24),
        Column(_("Reason"), 60),
        Column(_("Source"), 14),
        Column(_("Marking"), 18),
    ]


def _overlaps(found: Export) -> Iterator[list[Cell]]:
    by_id = {row.figure.id: row for row in found.records if row.figure is not None}
    for link in found.facts.links:
        if link.first_id in by_id and link.second_id in by_id:
            first, second = by_id[link.first_id], by_id[link.second_id]
            yield [
                first.count.id,
                second.count.id,
                labels.of(link.kind),
                labels.of(link.decision),
                formats.plain_words(link.reason),
                _codes(first, second),
                strictest([first.tlp, second.tlp]).label,
            ]


def _codes(*rows: Record) -> str:
    return formats.listed(sorted({row.figure.source.called for row in rows if row.figure is not None}))


def _breakdown_columns() -> list[Column]:
    return [
        Column(_("Short name"), 26),
        Column(_("Along"), 18),
        Column(_("Part"), 18),
        Column(_("Number"), 12),
        Column(_("being verified"), 14),
        Column(_("Source"), 10),
        Column(_("As of"), 12),
        Column(_("Marking"), 18),
    ]


def _breakdowns(found: Export) -> Iterator[list[Cell]]:
    for row in found.records:
        for part in row.figure.breakdown if row.figure else ():
            yield [
                row.count.id,
                labels.of(part.dimension),
                labels.term(part.key, "share"),
                part.value,
                "" if part.verified else _("yes"),
                _codes(row),
                row.as_of,
                row.tlp.label,
            ]


def _conversion_columns() -> list[Column]:
    return [
        Column(_("Short name"), 26),
        Column(_("Currency"), 10),
        Column(_("At least"), 18),
        Column(_("At most"), 18),
        Column(_("Rate"), 16),
        Column(_("As of"), 12),
        Column(_("Currency"), 10),
        Column(least(_("Converted")), 18),
        Column(most(_("Converted")), 18),
        Column(_("Source"), 14),
        Column(_("Marking"), 18),
    ]


def _conversions(found: Export) -> Iterator[list[Cell]]:
    at = FIRST_ROW
    for row in found.records:
        for one in found.conversions.get(row.figure.id, ()) if row.figure else ():
            low, high, rate = (xl_rowcol_to_cell(at, place) for place in (2, 3, 4))
            yield [
                row.count.id,
                row.count.currency or NO_CURRENCY,
                row.count.low,
                row.count.high,
                one.rate,
                one.rate_on,
                one.currency,
                Live(f"={low}*{rate}", row.count.low * one.rate),
                Live(f"={high}*{rate}", row.count.high * one.rate),
                one.source.called,
                row.tlp.label,
            ]
            at += 1


def _indicator_columns() -> list[Column]:
    return [
        Column(_("Indicator"), 24),
        Column(_("Name"), 44),
        Column(_("Unit"), 12),
        Column(_("When"), 12),
        Column(_("Of the whole month"), 12),
        Column(_("Value"), 12),
        Column(_("Source"), 10),
        Column(_("Marking"), 18),
    ]


def _indicators(found: Export) -> Iterator[list[Cell]]:
    for indicator in found.report.indicators:
        for value in indicator.values:
            yield [
                indicator.code,
                formats.plain_words(indicator.name),
                indicator.unit,
                value.at_on,
                _("yes") if value.month_only else "",
                value.value,
                value.source.called,
                UNMARKED.label,
            ]


def _request_columns() -> list[Column]:
    return [
        Column(_("Reference"), 16),
        Column(pgettext("giver", "From"), 8),
        Column(_("To"), 8),
        Column(_("Kind"), 20),
        Column(_("Text"), 60),
        Column(_("Urgency"), 12),
        Column(_("State"), 12),
        Column(_("Asked on"), 12),
        Column(_("Due"), 12),
        Column(_("Source"), 10),
        Column(_("Marking"), 18),
    ]


def _request(row: ActionRequest, found: Export) -> list[Cell]:
    return [
        f"{row.asking.code}/{row.item.reference}",
        row.asking.code,
        row.asked.code,
        labels.of(row.kind),
        formats.plain_words(row.text) if row.id in found.report.readable else "",
        labels.of(row.urgency),
        labels.of(row.state),
        row.asked_on,
        None if row.due_local is None else row.due_local.date(),
        row.asking.code,
        row.item.marking.tlp.label,
    ]


def _action_columns() -> list[Column]:
    return [
        Column(_("Joint action"), 40),
        Column(_("Kind"), 14),
        Column(_("State"), 14),
        Column(_("Planned for"), 12),
        Column(_("On"), 12),
        Column(_("Place"), 24),
        Column(_("Territory"), 10),
        Column(_("Who took part"), 24),
        Column(_("Source"), 10),
        Column(_("Marking"), 18),
    ]


def _action(row: JointAction) -> list[Cell]:
    return [
        formats.plain_words(row.title),
        labels.of(row.kind),
        labels.of(row.state),
        row.planned_for,
        row.on,
        _text(row.place),
        row.territory.code if row.territory else "",
        ", ".join(link.party.code for link in row.parties),
        row.item.originator.code,
        row.item.marking.tlp.label,
    ]


def _text(words: Words | None) -> str:
    return formats.plain_words(words)


def _source_columns() -> list[Column]:
    return [
        Column(_("Source"), 10),
        Column(_("Title"), 60),
        Column(_("Published on"), 14),
        Column(_("Marking"), 18),
    ]


def _sources(found: Export) -> Iterable[list[Cell]]:
    for source in found.report.sources:
        yield [source.called, formats.plain_words(source.title), source.published_on, _marking(found, source.id)]


def _marking(found: Export, source_id: int) -> str:
    marks = [row.tlp for row in found.records if row.figure is not None and row.figure.source_id == source_id]
    return (strictest(marks) if marks else UNMARKED).label
