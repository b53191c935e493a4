"""The export of outcomes: a workbook, JSON or CSV of what its reader may see."""

import json
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from confmgr.accounts.models import User
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_operation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Operation
from confmgr.reports import queries
from confmgr.reports.exports import data, outcomes, table
from confmgr.reports.queries import Export
from confmgr.reports.routes.blueprint import bp, kept, language, workbook
from confmgr.sharing.queries import viewer_of
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web.db import session
from confmgr.web.policy import policy

READERS = (Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)


@bp.get("/operations/<code>/export")
@policy(in_operation(*READERS))
def export(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """What can be taken along, of the operation or of one meeting, and in which form."""
    return render_template(
        "reports/export.html",
        operation=operation,
        meetings=_meetings(operation, actor),
        languages=[(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
    )


@bp.get("/operations/<code>/export.xlsx")
@policy(in_operation(*READERS))
def export_xlsx(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """Totals, figures, overlaps, indicators, requests and actions as a workbook; `?meeting=` narrows it."""
    now = clock.now()
    found = _export(operation, actor, now)
    made = outcomes.workbook(found, language(), now)
    return workbook(made, f"{_name(found)}-{language()}", actor, now, found.ids, found.report.meeting)


@bp.get("/operations/<code>/export.csv")
@policy(in_operation(*READERS))
def export_csv(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """The figures, a row each."""
    now = clock.now()
    found = _export(operation, actor, now)
    made = table.figures(found, language())
    return kept(made, f"{_name(found)}.csv", "text/csv; charset=utf-8", actor, now, found.ids, found.report.meeting)


@bp.get("/operations/<code>/report.json")
@policy(in_operation(*READERS))
def operation_figures(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """Every total as data, with its records and all that makes them hold."""
    now = clock.now()
    found = _export(operation, actor, now)
    made = json.dumps(data.whole(found), ensure_ascii=False, indent=1)
    return kept(made, f"{_name(found)}.json", "application/json", actor, now, found.ids, found.report.meeting)


def _export(operation: Operation, actor: User, now: datetime) -> Export:
    slug = request.args.get("meeting")
    meeting = next((row for row in _meetings(operation, actor) if row.slug == slug), None)
    if slug and meeting is None:
        raise NotFound("meeting", slug)
    return queries.export(session(), operation, viewer_of(session(), actor, now), now, meeting=meeting)


def _meetings(operation: Operation, actor: User) -> list[Meeting]:
    seats = {seat.meeting_id for seat in viewer_of(session(), actor, clock.now()).seats}
    return list(
        session().scalars(
            select(Meeting)
            .where(Meeting.operation_id == operation.id, Meeting.id.in_(seats))
            .order_by(Meeting.number.desc())
        )
    )


def _name(found: Export) -> str:
    meeting = found.report.meeting
    return f"outcomes-{found.report.operation.code if meeting is None else meeting.slug}"
