"""Where the views of this room are registered, and what several of them offer."""

from collections.abc import Iterable

from flask import Blueprint, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries, services
from confmgr.outcomes.models import Figure, Source
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words
from confmgr.web import formats
from confmgr.web.db import session

bp = Blueprint("outcomes", __name__)
RECORDS = "REC"
"""Code of the source for what is recorded here."""


def meetings_of(operation: Operation, viewer: Viewer) -> list[Meeting]:
    """Meetings of the operation in which the viewer sits, the newest first."""
    ids = {seat.meeting_id for seat in viewer.seats}
    return list(
        session().scalars(
            select(Meeting)
            .where(Meeting.operation_id == operation.id, Meeting.id.in_(ids))
            .order_by(Meeting.number.desc())
        )
    )


def meeting_choices(rows: Iterable[Meeting], *, none: bool = False) -> list[tuple[str, str]]:
    """Meetings as choices, by slug."""
    found = [(row.slug, formats.plain_words(row.title)) for row in rows]
    return [("", _("None")), *found] if none else found


def parties(*, but: int | None = None) -> list[Party]:
    """Every party but one, by code."""
    rows = session().scalars(select(Party).order_by(Party.code))
    return [row for row in rows if row.id != but]


def party_choices(rows: Iterable[Party], *, none: bool = False) -> list[tuple[str, str]]:
    """Parties as choices, by code."""
    found = [(row.code, formats.code_and_name(row.code, row.short_name)) for row in rows]
    return [("", _("None")), *found] if none else found


def nothing_chosen(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices of which none stands there before somebody makes it."""
    return [("", "–"), *choices]


def source_choices(operation: Operation, viewer: Viewer) -> list[tuple[str, str]]:
    """Sources of an operation that the viewer may know of as choices, by code."""
    return choices_among(operation, queries.facts(session(), operation, viewer, clock.now()))


def choices_among(operation: Operation, facts: queries.Facts) -> list[tuple[str, str]]:
    """The same where the facts that the viewer sees are at hand."""
    rows = queries.known_sources(session(), operation, facts)
    return [(row.code, formats.code_and_name(row.called, row.title)) for row in rows]


def figure_url(figure: Figure) -> str:
    """Where a figure opens to its sources and overlaps."""
    return url_for("outcomes.figure", uuid=figure.uuid)


def records(operation: Operation) -> Source:
    """The source for what is recorded here; written at its first use."""
    source = next((row for row in queries.sources(session(), operation) if row.code == RECORDS), None)
    if source is None:
        title = Words.of(_("Records of the operation"), source=formats.language())
        source = services.add_source(session(), operation, code=RECORDS, title=title)
    return source
