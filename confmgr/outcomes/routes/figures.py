"""Figures: stated, corrected, confirmed by a second person, overlaps decided by their owner."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from confmgr.accounts.models import User
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_figure, visible_figure, writer
from confmgr.outcomes.domain import FigureKind, OverlapDecision
from confmgr.outcomes.forms import CorrectionForm, FigureForm, OverlapForm, SourceForm
from confmgr.outcomes.models import Figure, JointAction
from confmgr.outcomes.queries import Facts
from confmgr.outcomes.routes.blueprint import bp, figure_url, meeting_choices, meetings_of, source_choices
from confmgr.outcomes.totals import in_scope, remainders
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/figures/<uuid:uuid>")
@policy(visible_figure)
def figure(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, own: bool) -> ResponseReturnValue:
    """A figure with source, corrections, rivals and overlaps; a declared one beside the records it is held against."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    return _page(facts, actor, operation, figure, own=own, form=_overlap_form(facts, figure))


def _overlap_form(facts: Facts, figure: Figure) -> OverlapForm:
    form = OverlapForm()
    form.other.choices = [
        (str(row.uuid), f"{formats.plain_words(row.title) or row.code}: {formats.number(row.high)}")
        for row in _near(facts, figure)
    ]
    return form


def _near(facts: Facts, figure: Figure) -> list[Figure]:
    return queries.may_overlap(facts, facts.by_id[figure.id])


def _page(
    facts: Facts, actor: User, operation: Operation, figure: Figure, *, own: bool, form: OverlapForm
) -> ResponseReturnValue:
    declared = next((one for one in facts.comparisons if one.declared.id == figure.code), None)
    shown = facts.by_id[figure.id]
    return render_template(
        "outcomes/figure.html",
        operation=operation,
        figure=shown,
        marking=shown.joint_action.item.marking.tlp if shown.joint_action else None,
        links=queries.links_of(facts, figure),
        rivals=queries.rivals(facts, figure),
        versions=queries.corrections(facts, shown),
        remainders=remainders(shown.high, ((part.dimension, part.value) for part in shown.breakdown)),
        declared=declared,
        records=in_scope(declared.declared, facts.counts) if declared else [],
        facts=facts,
        figure_url=figure_url,
        own=own,
        may_confirm=own and actor.id != figure.declared_by_id and figure.kind is FigureKind.RECORDED,
        decisions=list(OverlapDecision),
        form=form if own and form.other.choices else None,
    ), status(form)


@bp.post("/figures/<uuid:uuid>/overlaps")
@policy(own_figure)
def add_overlap(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """Say that another figure may count the same people: the total becomes a range until somebody decides."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    form = _overlap_form(facts, figure)
    if form.accepted():
        other = next(row for row in _near(facts, figure) if str(row.uuid) == form.other.data)
        with transaction() as current:
            services.overlap(current, facts.by_id[figure.id], other, reason=form.reason.data)
        return redirect(url_for("outcomes.figure", uuid=figure.uuid))
    return _page(facts, actor, operation, figure, own=True, form=form)


@bp.post("/figures/<uuid:uuid>/confirm")
@policy(own_figure)
def confirm(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """The second person of the owner confirms."""
    try:
        with transaction() as current:
            services.confirm_figure(current, figure, actor=actor, now=clock.now())
        flash(_("The figure is confirmed."), "ok")
    except Refused:
        flash(_("A second person must confirm: you stated this figure yourself, or it has been corrected."), "conflict")
    return redirect(url_for("outcomes.figure", uuid=figure.uuid))


@bp.post("/figures/<uuid:uuid>/overlaps/<int:link>")
@policy(own_figure)
def decide(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, link: int) -> ResponseReturnValue:
    """The owner says whether two figures count the same people; every total follows."""
    if request.form.get("decision") not in {member.value for member in OverlapDecision}:
        raise BadRequest
    row = queries.get_link(queries.facts(session(), operation, viewer, clock.now()), figure, link)
    with transaction() as current:
        services.decide_overlap(
            current, row, actor=actor, now=clock.now(), decision=OverlapDecision(request.form["decision"])
        )
    flash(_("Every total that rests on these figures has followed."), "ok")
    return redirect(url_for("outcomes.figure", uuid=figure.uuid))


@bp.post("/figures/<uuid:uuid>/choose")
@policy(own_figure)
def choose(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """Of sources that disagree, use this one in totals; the others stay beside it."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    rivals = queries.rivals(facts, figure)
    if not rivals:
        raise NotFound("disagreement", figure.code)
    with transaction() as current:
        services.choose_current(current, rivals, facts.by_code[figure.code], actor=actor, now=clock.now())
    return redirect(url_for("outcomes.figure", uuid=figure.uuid))


@bp.route("/operations/<code>/figures/new", methods=["GET", "POST"])
@policy(writer)
def state_figure(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """State a figure for the own party."""
    now = clock.now()
    meetings = meetings_of(operation, viewer)
    actions = queries.joint_actions(session(), operation, viewer, now)
    form = FigureForm()
    form.source.choices = source_choices(operation, viewer)
    form.meeting.choices = meeting_choices(meetings, none=True)
    form.action.choices = [("", _("None")), *((str(a.item.uuid), formats.plain_words(a.title)) for a in actions)]
    if form.accepted():
        try:
            with transaction():
                figure = _state(form, operation, actor, party, meetings, actions)
            flash(_("The figure is stated. A second person of your party confirms it."), "ok")
            return redirect(url_for("outcomes.figure", uuid=figure.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/figure_form.html", form=form, operation=operation), status(form)


def _state(
    form: FigureForm,
    operation: Operation,
    actor: User,
    party: Party,
    meetings: list[Meeting],
    actions: list[JointAction],
) -> Figure:
    first, last = form.from_on.data, form.to_on.data
    if (first is None) != (last is None):
        raise Refused("flow_needs_period", field="from_on")
    return services.state_figure(
        session(),
        actor=actor,
        now=clock.now(),
        operation=operation,
        owner=party,
        code=str(form.code.data),
        title=form.title.data,
        kind=form.kind.data,
        measure=str(form.measure.data),
        qualifier=form.qualifier.data,
        low=form.low.data or Decimal(0),
        high=form.high.data,
        currency=str(form.currency.data).upper() if form.currency.data else None,
        period=None if first is None or last is None else (first, last),
        at_on=form.at_on.data,
        source=next(row for row in queries.sources(session(), operation) if row.code == form.source.data),
        as_of=form.as_of.data or clock.now().date(),
        attribution=form.attribution.data,
        meeting=next((row for row in meetings if row.slug == form.meeting.data), None),
        joint_action=next((row for row in actions if str(row.item.uuid) == form.action.data), None),
        counting_rule=form.counting_rule.data,
        note=form.note.data,
    )


@bp.route("/figures/<uuid:uuid>/correct", methods=["GET", "POST"])
@policy(own_figure)
def correct(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """A correction supersedes; the old figure stays to be read."""
    form = CorrectionForm(qualifier=figure.qualifier)
    form.source.choices = source_choices(operation, viewer)
    if form.accepted():
        try:
            with transaction() as current:
                fresh = services.correct_figure(
                    current,
                    figure,
                    actor=actor,
                    now=clock.now(),
                    code=str(form.code.data),
                    low=form.low.data or Decimal(0),
                    high=form.high.data,
                    source=next(row for row in queries.sources(current, operation) if row.code == form.source.data),
                    as_of=form.as_of.data or clock.now().date(),
                    qualifier=form.qualifier.data,
                    note=form.note.data,
                )
            return redirect(url_for("outcomes.figure", uuid=fresh.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/correct.html", form=form, operation=operation, figure=figure), status(form)


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
                    code=str(form.code.data),
                    title=form.title.data,
                    published_on=form.published_on.data,
                )
            return redirect(url_for("outcomes.state_figure", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/source_form.html", form=form, operation=operation), status(form)
