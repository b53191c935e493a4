"""Reports of a period and of a party, and the page of an operation on which all its reports stand."""

from datetime import date, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes.models import Figure
from confmgr.parties import queries as parties
from confmgr.parties.models import Operation, Party
from confmgr.reports import access, printing, queries, rendering
from confmgr.reports.domain import ANSWER_DAYS, Period
from confmgr.reports.orders import alone
from confmgr.reports.rendering import Copy
from confmgr.reports.routes.blueprint import bp, delivered, language
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/operations/<code>/reports")
@policy(access.reader_of_operation)
def operation_index(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every report of an operation that the reader may have, and those that were issued."""
    now = clock.now()
    seats = access.seats_in(session(), viewer, operation)
    own = {seat.party_id for seat in seats}
    all_of = any(seat.leads_host for seat in seats)
    return render_template(
        "reports/operation.html",
        operation=operation,
        parties=[row for row in parties.parties(session()) if all_of or row.id in own],
        issued=queries.issued(session(), operation, viewer, now),
        since=operation.starts_on,
        today=now.date(),
    )


@bp.get("/operations/<code>/report/period")
@policy(access.reader_of_operation)
def period(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """What came of some days: `?from=2026-01-01&to=2026-01-31`."""
    now, days = clock.now(), period_asked()
    found = queries.outcome_report(session(), operation, viewer, now, as_of=now.date(), period=days)
    query = f"?from={days.first}&to={days.last}"
    may = access.may_issue(session(), viewer, operation)
    return render_template(
        "reports/outcome.html",
        report=found,
        figure_url=figure_url,
        pdf_url=url_for("reports.period_pdf", code=operation.code) + query,
        issue_url=url_for("reports.issue_period", code=operation.code) + query if may else None,
    )


@bp.get("/operations/<code>/report/period.pdf")
@policy(access.reader_of_operation)
def period_pdf(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """The same as a document."""
    now, days = clock.now(), period_asked()
    found = queries.outcome_report(session(), operation, viewer, now, as_of=now.date(), period=days)
    paper = rendering.outcomes(found, language(), now, Copy(actor.name))
    name = f"outcomes-{operation.code}-{days.first}-{days.last}-{paper.language}"
    return delivered(alone(name, printing.of(paper)), actor, now)


@bp.get("/operations/<code>/party/<other>/report")
@policy(access.reader_of_party)
def party(*, operation: Operation, party: Party, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """What one party gave and got; for its members and the host's leadership."""
    may = access.may_issue_of(session(), viewer, operation, party)
    return render_template(
        "reports/party.html",
        report=_of_party(operation, party, viewer, clock.now()),
        figure_url=figure_url,
        answer_days=ANSWER_DAYS,
        pdf_url=url_for("reports.party_pdf", code=operation.code, other=party.code),
        issue_url=url_for("reports.issue_party", code=operation.code, other=party.code) if may else None,
    )


@bp.get("/operations/<code>/party/<other>/report.pdf")
@policy(access.reader_of_party)
def party_pdf(*, operation: Operation, party: Party, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """The same as a document."""
    now = clock.now()
    paper = rendering.party(_of_party(operation, party, viewer, now), language(), now, Copy(actor.name))
    return delivered(alone(f"party-{operation.code}-{party.code}-{paper.language}", printing.of(paper)), actor, now)


def period_asked() -> Period:
    """The days that `?from=` and `?to=` ask for.

    Raises:
        Refused: One of them is no day, or they stand the wrong way round.
    """
    try:
        first, last = (date.fromisoformat(request.args.get(name, "")) for name in ("from", "to"))
    except ValueError:
        raise Refused("no_day", field="from") from None
    if last < first:
        raise Refused("ends_before", field="to")
    return Period(first, last)


def figure_url(figure: Figure) -> str:
    """Where a figure opens to its records."""
    return url_for("outcomes.figure", uuid=figure.uuid)


def _of_party(operation: Operation, party: Party, viewer: Viewer, now: datetime) -> queries.PartyReport:
    return queries.party_report(session(), operation, party, viewer, now, as_of=now.date())
