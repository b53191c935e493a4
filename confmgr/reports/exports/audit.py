"""The audit as a table: a row an entry, never what stands in an item."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from confmgr.config import Settings
from confmgr.reports.exports.book import Book, Cell, Column
from confmgr.reports.exports.table import MARK, text
from confmgr.reports.queries.audit import Line, Log
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.web import labels
from confmgr.web.reader import speaking

MARKING = Tlp.AMBER
"""Who dealt with what is for the party or the auditors who may see it."""
HEADINGS = ("at", "person", "parties", "action", "allowed", "rule", "page", "items", "number", "purged")
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
            " ".join([*_references(line.items), *_more(line)]),
            len(line.items) + line.more,
            " ".join(_references(item for item in line.items if item.state is ItemState.PURGED)),
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
        _in_words(line),
        entry.rule or "",
        *([entry.sealed_as] if numbered else []),
    ]


def said(line: Line) -> str:
    """What was done, in words."""
    if not line.entry.allowed:
        return _("Refused")
    return labels.term(line.entry.action, "audit")


@dataclass(frozen=True, slots=True)
class Named:
    """Items of a line that are called the same: several comments on one lead are."""

    name: str
    items: tuple[Item, ...]

    @property
    def purged(self) -> bool:
        """Whether only the name is left."""
        return self.items[0].state is ItemState.PURGED


def name_of(item: Item) -> str:
    """What an item is called: its reference, or what it stands under, since its own is nobody's."""
    if item.parent is None:
        return reference_of(item)
    if item.kind is ItemKind.COMMENT:
        return _("Comment on %(item)s", item=reference_of(item))
    return _("File under %(item)s", item=reference_of(item))


def reference_of(item: Item) -> str:
    """The reference of an item, or of what it stands under."""
    above = item.parent or item
    return f"{above.originator.code}/{above.reference}"


def named(line: Line) -> list[Named]:
    """The items of a line by what they are called; what stands under others comes after them."""
    found: dict[str, list[Item]] = {}
    for item in sorted(line.items, key=lambda one: one.parent_id is not None):
        found.setdefault(name_of(item), []).append(item)
    return [Named(name, tuple(items)) for name, items in found.items()]


def _in_words(line: Line) -> str:
    said = [f"{one.name} ({labels.of(ItemState.PURGED)})" if one.purged else one.name for one in named(line)]
    return ", ".join([*said, *_more(line)])


def _references(items: Iterable[Item]) -> list[str]:
    return list(dict.fromkeys(reference_of(item) for item in items))


def _more(line: Line) -> list[str]:
    return [f"+{line.more}"] if line.more else []
