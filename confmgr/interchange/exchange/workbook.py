"""Cases and leads as a workbook: two sheets, each row under its own marking."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import pgettext

from confmgr.cases.queries import CaseRow, LeadRow
from confmgr.config import Settings
from confmgr.interchange.exchange.gathering import Exchanged, Identified
from confmgr.reports.exports.book import Book, Cell, Column
from confmgr.sharing.models import Item
from confmgr.web import formats, labels
from confmgr.web.reader import speaking


def workbook(found: Exchanged, language: str) -> bytes:
    """The file, in one language."""
    settings: Settings = current_app.extensions["confmgr"]
    with speaking(language):
        title = _("Cases and leads")
        book = Book(title, language, found.made_at, found.marking, _("Sample.") if settings.sample else "")
        marked = [Column(_("Marking"), 18), Column(_("Handling"), 22), Column(_("Grade"), 22)]
        book.sheet(
            _("Cases"),
            [
                Column(_("Reference"), 16),
                Column(_("Title"), 40),
                Column(_("Summary"), 60),
                Column(_("Crime types"), 30),
                Column(_("Concerns"), 16),
                Column(_("State"), 16),
                Column(_("What identifies"), 40),
                *marked,
            ],
            [_case(row, found.identifiers.get(row.item.id, ())) for row in found.cases],
        )
        book.sheet(
            _("Leads"),
            [
                Column(_("Reference"), 16),
                Column(_("Case"), 16),
                Column(_("Kind"), 16),
                Column(_("Title"), 40),
                Column(_("Text"), 60),
                Column(pgettext("giver", "From"), 8),
                Column(_("To"), 16),
                Column(_("Feedback"), 20),
                Column(_("What identifies"), 40),
                *marked,
            ],
            [_lead(row, found.identifiers.get(row.item.id, ())) for row in found.leads],
        )
        return book.made()


def _case(row: CaseRow, identified: Sequence[Identified]) -> list[Cell]:
    return [
        f"{row.item.originator.code}/{row.item.reference}",
        formats.plain_words(row.case.title),
        formats.plain_words(row.case.summary),
        ", ".join(labels.term(code, "crime") for code in row.case.crime_types),
        ", ".join(link.party.code for link in row.case.parties),
        labels.of(row.nomination.state),
        _named(identified),
        *_marked(row.item),
    ]


def _lead(row: LeadRow, identified: Sequence[Identified]) -> list[Cell]:
    return [
        f"{row.originator.code}/{row.item.reference}",
        f"{row.lead.case.item.originator.code}/{row.case_reference}",
        labels.of(row.lead.kind),
        formats.plain_words(row.title),
        formats.plain_words(row.body),
        row.originator.code,
        ", ".join(party.code for party in row.receivers),
        "" if row.latest_feedback is None else labels.of(row.latest_feedback),
        _named(identified),
        *_marked(row.item),
    ]


def _named(identified: Sequence[Identified]) -> str:
    return "\n".join(f"{labels.term(one.kind, 'identifier_kind')}: {one.value}" for one in identified)


def _marked(item: Item) -> list[Cell]:
    marking = item.marking
    handling = ", ".join(marking.handling)
    if marking.handling_text:
        handling = f"{handling}: {marking.handling_text}"
    grade = _("Not graded")
    if marking.grade_scheme is not None:
        grade = f"{labels.of(marking.grade_scheme)}: {marking.grade_source}{marking.grade_information}"
    return [marking.tlp.label, handling, grade]
