"""Sources of an operation with what rests on each: added, withdrawn with a reason, taken up again."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_parties, reader, writer
from confmgr.outcomes.forms import ReasonForm, SourceForm
from confmgr.outcomes.models import Source
from confmgr.outcomes.queries import Facts
from confmgr.outcomes.routes.blueprint import RECORDS, bp, figure_url
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/sources")
@policy(reader)
def sources(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every source that the reader may know of, with what rests on it."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    rows = queries.resting_on(facts, queries.known_sources(session(), operation, facts))
    own = own_parties(session(), viewer, operation)
    indicated = queries.indicated(session(), operation)
    return render_template(
        "outcomes/sources.html",
        operation=operation,
        rows=rows,
        mine={source.id for source, _figures in rows if _may_withdraw(facts, source, own, operation, indicated)},
        may_write=bool(own),
        figure_url=figure_url,
    )


def _may_withdraw(
    facts: Facts, source: Source, own: frozenset[int], operation: Operation, indicated: frozenset[int]
) -> bool:
    """A party whose figures alone rest on it, the lead party, and anybody who writes while nothing rests on it.

    On a source of an indicator figures may rest that the reader may not see. What is recorded here is everybody's.
    """
    owners = {figure.owner_id for figure in facts.figures if figure.source_id == source.id}
    unused = not owners and source.id not in indicated
    rests = bool(own) and (unused or (bool(owners) and owners <= own) or operation.lead_party_id in own)
    return rests and source.code != RECORDS


@bp.route("/operations/<code>/sources/new", methods=["GET", "POST"])
@policy(writer)
def add_source(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """A report, statement or return that figures come from."""
    form = SourceForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.add_source(
                    current,
                    operation,
                    code=services.source_code(current, operation, str(form.code.data), actor=actor, now=clock.now()),
                    title=form.title.data,
                    published_on=form.published_on.data,
                )
            return redirect(url_for("outcomes.state_figure", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/source_form.html", form=form, operation=operation), status(form)


@bp.route("/operations/<code>/sources/<source>/withdraw", methods=["GET", "POST"])
@policy(writer)
def withdraw_source(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, source: str
) -> ResponseReturnValue:
    """A source does not hold: its figures stay to be read and count no more."""
    row, facts = _source(operation, viewer, source)
    form = ReasonForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.withdraw_source(current, row, actor=actor, now=clock.now(), reason=form.reason.data or "")
            flash(_("The source is withdrawn. Its figures count in no total any more."), "ok")
            return redirect(url_for("outcomes.sources", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    resting = [figure for figure in facts.figures if figure.source_id == row.id]
    return render_template(
        "outcomes/source_withdraw.html",
        form=form,
        operation=operation,
        source=row,
        figures=resting,
        figure_url=figure_url,
    ), status(form)


@bp.post("/operations/<code>/sources/<source>/reinstate")
@policy(writer)
def reinstate_source(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, source: str
) -> ResponseReturnValue:
    """It holds after all."""
    row, _facts = _source(operation, viewer, source)
    with transaction() as current:
        services.reinstate_source(current, row, actor=actor, now=clock.now())
    flash(_("The source holds again. Its figures count."), "ok")
    return redirect(url_for("outcomes.sources", code=operation.code))


def _source(operation: Operation, viewer: Viewer, name: str) -> tuple[Source, Facts]:
    facts = queries.facts(session(), operation, viewer, clock.now())
    source = queries.get_source(session(), operation, facts, name)
    own, indicated = own_parties(session(), viewer, operation), queries.indicated(session(), operation)
    if not _may_withdraw(facts, source, own, operation, indicated):
        raise NotAllowed("withdraw this source")
    return source, facts
