"""Issuing reports, and reading those that were issued; they stay byte for byte."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import ReportKind
from confmgr.outcomes.models import IssuedReport
from confmgr.parties.models import Operation, Party
from confmgr.reports import access, issuing, queries
from confmgr.reports.forms import IssueForm
from confmgr.reports.issuing import Subject
from confmgr.reports.routes.blueprint import bp, language, served
from confmgr.reports.routes.reports_scopes import period_asked
from confmgr.sharing.rule import Viewer
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

BOTH = ["GET", "POST"]


@bp.route("/meetings/<slug>/reports/outcome/issue", methods=BOTH)
@policy(access.issuer_of_meeting)
def issue_meeting(*, meeting: Meeting, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Issue the outcome report of a meeting."""
    return _issue(Subject(ReportKind.MEETING, operation, meeting=meeting), actor, viewer)


@bp.route("/operations/<code>/report/issue", methods=BOTH)
@policy(access.issuer_of_operation)
def issue_operation(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Issue the outcome report of an operation."""
    return _issue(Subject(ReportKind.OPERATION, operation), actor, viewer)


@bp.route("/operations/<code>/report/period/issue", methods=BOTH)
@policy(access.issuer_of_operation)
def issue_period(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Issue the report of some days."""
    return _issue(Subject(ReportKind.PERIOD, operation, period=period_asked()), actor, viewer)


@bp.route("/operations/<code>/party/<other>/report/issue", methods=BOTH)
@policy(access.issuer_of_party)
def issue_party(*, operation: Operation, party: Party, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Issue the report of a party."""
    return _issue(Subject(ReportKind.PARTY, operation, party=party), actor, viewer)


@bp.get("/issued/<uuid:uuid>")
@policy(access.reader_of_issued)
def issued(*, report: IssuedReport, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """An issued report: its number, what it rests on, what changed since the one before."""
    now = clock.now()
    later = queries.replaced_by(session(), report)
    return render_template(
        "reports/issued.html",
        operation=operation,
        report=report,
        changes=issuing.changes_of(report),
        later=later,
        later_opens=later is not None and bool(queries.readable(session(), [later], viewer, now)),
    )


@bp.get("/issued/<uuid:uuid>.pdf")
@policy(access.reader_of_issued)
def issued_pdf(*, report: IssuedReport, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """The file, byte for byte as it was issued."""
    now, file = clock.now(), report.file
    with transaction() as current:
        record(
            current,
            actor=actor,
            now=now,
            action="export",
            object_type="report",
            object_uuid=report.uuid,
            object_ids=[str(one) for one in queries.ids_within(current, report)],
            meeting_id=report.meeting_id,
        )
    return served(file, f"report-{report.number}", actor, now, report.meeting)


def _issue(subject: Subject, actor: User, viewer: Viewer) -> ResponseReturnValue:
    now, form, wanted = clock.now(), IssueForm(), language()
    audience = access.audience_of(session(), viewer, subject.operation)
    try:
        ready = issuing.prepare(session(), subject, viewer, actor, now, language=wanted, audience=audience)
    except Refused as nothing:
        flash(labels.sentence(nothing), "warning")
        return redirect(url_for("reports.operation_index", code=subject.operation.code))
    if not form.accepted():
        languages = [(tag, OWN_NAMES[tag]) for tag in LANGUAGES]
        return render_template("reports/issue.html", form=form, ready=ready, languages=languages)
    if ready.already is not None:
        flash(_("This very report was issued before. It stays as it is, with the same number."), "info")
        return redirect(url_for("reports.issued", uuid=ready.already.uuid))
    session().commit()  # the form is used up; nobody waits for the database while the document is made
    title, file = issuing.file_of(ready, actor)
    with transaction() as current:
        row = issuing.issue(current, ready, title, file, actor=actor, now=now)
    flash(_("The report is issued."), "ok")
    return redirect(url_for("reports.issued", uuid=row.uuid))
