"""The action list as a sheet: who owes what to whom by when, one line a request, every line with its marking.

Whoever exports calls `lines` with the requests that a reader may have (`queries.own_lines`).
"""

import io
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import xlsxwriter
from flask_babel import gettext as _
from flask_babel import pgettext

from confmgr.outcomes.models import ActionRequest
from confmgr.outcomes.owing import is_overdue
from confmgr.parties.models import Contact
from confmgr.sharing.rule import strictest
from confmgr.values.languages import direction
from confmgr.web import formats, labels

TEXT_ONLY = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""What people wrote is never taken for a formula or an address."""
WIDTHS = (16, 22, 50, 8, 30, 8, 30, 12, 20, 12, 18, 18, 14, 12, 40, 18)


def headings() -> list[str]:
    """What stands above each column."""
    return [
        _("Reference"),
        _("What is asked"),
        _("In words"),
        pgettext("giver", "From"),
        _("Contact of who asks"),
        _("To"),
        _("Contact of who is asked"),
        _("Urgency"),
        _("Channel"),
        _("Asked on"),
        _("Due"),
        _("Time zone"),
        _("State"),
        _("Overdue"),
        _("Reason"),
        _("Marking"),
    ]


def lines(rows: Iterable[ActionRequest], readable: Collection[int], now: datetime) -> list[list[str]]:
    """One line a request; what only an envelope is known of has no words and no reason."""
    return [_line(row, now, readable=row.id in readable) for row in rows]


def _line(row: ActionRequest, now: datetime, *, readable: bool) -> list[str]:
    reasons = [step.reason for step in row.steps if step.reason] if readable else []
    return [
        f"{row.asking.code}/{row.item.reference}",
        labels.of(row.kind),
        formats.plain_words(row.text) if readable else "",
        row.asking.code,
        _contact(row.asking_contact) if readable else "",
        row.asked.code,
        _contact(row.asked_contact) if readable else "",
        labels.of(row.urgency),
        labels.of(row.channel),
        row.asked_on.isoformat(),
        row.due_local.isoformat(" ", "minutes") if row.due_local else "",
        row.due_zone or "",
        labels.of(row.state),
        _("yes") if is_overdue(row, now) else "",
        reasons[-1] if reasons else "",
        row.item.marking.tlp.label,
    ]


def workbook(rows: Sequence[ActionRequest], readable: Collection[int], now: datetime) -> bytes:
    """One sheet in the reader's language, marked as the strictest of its lines."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, TEXT_ONLY)
    book.set_properties({"created": now.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(_("Action list")[:31])
    if direction(formats.language()) == "rtl":
        sheet.right_to_left()
    marking = strictest(row.item.marking.tlp for row in rows).label if rows else ""
    sheet.write_string(0, 0, marking, bold)
    sheet.set_header(f"&C{marking}")
    for at, (heading, width) in enumerate(zip(headings(), WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, heading, bold)
    for number, line in enumerate(lines(rows, readable, now), 2):
        for at, text in enumerate(line):
            sheet.write_string(number, at, text, plain)
    sheet.freeze_panes(2, 1)
    book.close()
    return out.getvalue()


def _contact(contact: Contact | None) -> str:
    if contact is None:
        return ""
    post = f"{formats.plain_words(contact.subject)} ({formats.plain_words(contact.agency.name)})"
    ways = [f"{labels.term(kind, 'contact_channel')}: {text}" for kind, text in sorted(contact.channels.items())]
    return "; ".join([post, *([contact.holder] if contact.holder else []), *ways])
