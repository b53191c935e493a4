"""The records behind an export as rows: what a workbook and a CSV file say of each, in the reader's language."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from confmgr.reports.exports.book import Cell
from confmgr.reports.queries import Export, Record
from confmgr.web import formats, labels

NO_CURRENCY = "–"
"""Stands where a measure has no currency: a formula can look for it, for an empty cell it cannot."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing said of every record: its name for machines, its heading for readers, how wide it is."""

    key: str
    heading: LazyString
    width: int
    of: Callable[[Export, Record], Cell]


def name_of(found: Export, row: Record) -> str:
    """What a record is called: a figure by what it is of, a counted record by its title or reference."""
    figure = row.figure
    if figure is None:
        named = found.facts.counted.names.get(row.count.id)
        return formats.plain_words(named) if named else row.count.id.split(" ")[1]
    if figure.title:
        return formats.plain_words(figure.title)
    if figure.joint_action is not None:
        return formats.plain_words(figure.joint_action.title)
    return _(
        "%(measure)s, source %(source)s", measure=labels.term(figure.measure, "measure"), source=figure.source.called
    )


def _action(_found: Export, row: Record) -> Cell:
    action = None if row.figure is None else row.figure.joint_action
    return formats.plain_words(None if action is None else action.title)


def _cases(_found: Export, row: Record) -> Cell:
    cases = [] if row.figure is None else row.figure.cases
    return ", ".join(sorted(link.case.item.reference for link in cases))


def _corrects(found: Export, row: Record) -> Cell:
    if row.figure is None or row.figure.supersedes_id is None:
        return ""
    corrected = found.facts.by_id.get(row.figure.supersedes_id)
    return "" if corrected is None else corrected.code


PARTS = (
    Part("code", _l("Short name"), 26, lambda _f, row: row.count.id),
    Part("name", _l("Name"), 34, name_of),
    Part("measure", _l("Code"), 18, lambda _f, row: row.count.measure),
    Part("measure_name", _l("Measure"), 26, lambda _f, row: labels.term(row.count.measure, "measure")),
    Part("kind", _l("Is"), 12, lambda _f, row: labels.of(row.count.kind)),
    Part("currency", _l("Currency"), 10, lambda _f, row: row.count.currency or NO_CURRENCY),
    Part("low", _l("At least"), 16, lambda _f, row: row.count.low),
    Part("high", _l("At most"), 16, lambda _f, row: row.count.high),
    Part("qualifier", _l("The source says"), 12, lambda _f, row: labels.of(row.count.qualifier)),
    Part("first_day", _l("First day"), 12, lambda _f, row: row.count.from_on),
    Part("last_day", _l("Last day"), 12, lambda _f, row: row.count.to_on),
    Part("at", _l("At a date"), 12, lambda _f, row: row.count.at_on),
    Part("status", _l("Status"), 12, lambda _f, row: labels.of(row.count.status) if row.figure else ""),
    Part("added", _l("Added up (1) or not (0)"), 10, lambda _f, row: int(row.added)),
    Part("attribution", _l("Attribution"), 24, lambda _f, row: labels.of(row.figure.attribution) if row.figure else ""),
    Part("meeting", _l("Meeting"), 14, lambda _f, row: row.meeting.slug if row.meeting else ""),
    Part("action", _l("Joint action"), 30, _action),
    Part("cases", _l("Cases"), 14, _cases),
    Part("source", _l("Source"), 10, lambda _f, row: row.figure.source.called if row.figure else _("counted here")),
    Part(
        "source_title",
        _l("Title"),
        30,
        lambda _f, row: formats.plain_words(row.figure.source.title) if row.figure else "",
    ),
    Part("as_of", _l("As of"), 12, lambda _f, row: row.as_of),
    Part("marking", _l("Marking"), 18, lambda _f, row: row.tlp.label),
    Part("owner", _l("Owner"), 10, lambda _f, row: row.figure.owner.code if row.figure else ""),
    Part("corrects", _l("Corrections"), 24, _corrects),
    Part("note", _l("Note"), 40, lambda _f, row: formats.plain_words(row.figure.note) if row.figure else ""),
    Part(
        "invented",
        _l("illustrative"),
        10,
        lambda _f, row: _("illustrative") if row.figure and row.figure.illustrative else "",
    ),
)
AT = {part.key: at for at, part in enumerate(PARTS)}
"""Where a part stands in a row."""


def cells_of(found: Export, row: Record) -> list[Cell]:
    """One record, part by part."""
    return [part.of(found, row) for part in PARTS]
