"""Reports as pages, PDFs and JSON, each made through the visibility rule for whoever asks."""

from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, in_operation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.outcomes.models import Figure
from confmgr.papers import queries as papers
from confmgr.parties.models import Operation
from confmgr.reports import access, printing, queries, rendering
from confmgr.reports.orders import alone
from confmgr.reports.rendering import Copy
from confmgr.reports.routes.blueprint import beside, bp, delivered, language
from confmgr.sharing.queries import viewer_of
from confmgr.sharing.rule import Viewer
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web.db import session
from confmgr.web.policy import policy

READERS = (Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)


@bp.get("/meetings/<slug>/reports")
@policy(in_meeting(*READERS))
def index(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Every document of a meeting, in each language."""
    own = _own_delegation(_viewer(actor), meeting)
    languages = [(tag, OWN_NAMES[tag]) for tag in LANGUAGES]
    return render_template("reports/index.html", meeting=meeting, languages=languages, own=own)


@bp.get("/meetings/<slug>/reports/outcome")
@policy(in_meeting(*READERS))
def meeting_outcome(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What a meeting led to."""
    return _outcome_page(meeting.operation, meeting, actor)


@bp.get("/meetings/<slug>/reports/outcome.pdf")
@policy(in_meeting(*READERS))
def meeting_outcome_pdf(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The same as a document."""
    now = clock.now()
    found = _outcome(meeting.operation, meeting, actor, now)
    return _pdf(
        rendering.outcomes(found, language(), now, Copy(actor.name)), f"outcomes-{meeting.slug}", actor, now, meeting
    )


@bp.get("/operations/<code>/report")
@policy(in_operation(*READERS))
def operation_outcome(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """What came of an operation."""
    return _outcome_page(operation, None, actor)


@bp.get("/operations/<code>/report.pdf")
@policy(in_operation(*READERS))
def operation_outcome_pdf(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """The same as a document."""
    now = clock.now()
    found = _outcome(operation, None, actor, now)
    return _pdf(rendering.outcomes(found, language(), now, Copy(actor.name)), f"outcomes-{operation.code}", actor, now)


@bp.get("/meetings/<slug>/reports/programme.pdf")
@policy(in_meeting())
def programme_pdf(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The programme that everybody in the meeting may see; `?with=` puts a second language beside."""
    now = clock.now()
    found = queries.programme(session(), meeting)
    made = rendering.programme(found, language(), now, beside(language()))
    return _pdf(made, f"programme-{meeting.slug}", actor, now, meeting)


@bp.get("/meetings/<slug>/agenda.pdf")
@policy(in_meeting())
def agenda_pdf(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The annotated agenda, the same for everybody in the meeting; `?with=` puts a second language beside."""
    now = clock.now()
    found = papers.annotated(session(), meeting)
    made = rendering.agenda(found, language(), now, beside(language()))
    return _pdf(made, f"agenda-{meeting.slug}", actor, now, meeting)


def _viewer(actor: User) -> Viewer:
    return viewer_of(session(), actor, clock.now())


def _own_delegation(viewer: Viewer, meeting: Meeting) -> Delegation | None:
    ids = [seat.delegation_id for seat in viewer.seats if seat.meeting_id == meeting.id and seat.delegation_id]
    return session().get(Delegation, ids[0]) if ids else None


def _outcome(operation: Operation, meeting: Meeting | None, actor: User, now: datetime) -> queries.OutcomeReport:
    return queries.outcome_report(session(), operation, _viewer(actor), now, as_of=now.date(), meeting=meeting)


def _outcome_page(operation: Operation, meeting: Meeting | None, actor: User) -> ResponseReturnValue:
    found = _outcome(operation, meeting, actor, clock.now())
    if meeting is None:
        pdf_url = url_for("reports.operation_outcome_pdf", code=operation.code)
        issue_url = url_for("reports.issue_operation", code=operation.code)
    else:
        pdf_url = url_for("reports.meeting_outcome_pdf", slug=meeting.slug)
        issue_url = url_for("reports.issue_meeting", slug=meeting.slug)
    may = access.may_issue(session(), _viewer(actor), operation, meeting)
    return render_template(
        "reports/outcome.html",
        report=found,
        figure_url=_figure_url,
        pdf_url=pdf_url,
        issue_url=issue_url if may else None,
    )


def _figure_url(figure: Figure) -> str:
    return url_for("outcomes.figure", uuid=figure.uuid)


def _pdf(
    paper: rendering.Paper, name: str, actor: User, now: datetime, meeting: Meeting | None = None
) -> ResponseReturnValue:
    return delivered(alone(f"{name}-{'-'.join(paper.languages)}", printing.of(paper)), actor, now, meeting)
