"""Figures on their way to the public, and those that are there: for everybody in the operation, the press too."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound, Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.meetings.access import in_operation, roles_here
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_figure, own_parties, visible_figure, writer
from confmgr.outcomes.forms import ProposeForm, ReleaseForm
from confmgr.outcomes.models import Figure, PublicFigure
from confmgr.outcomes.publicity import Step
from confmgr.outcomes.routes.blueprint import bp, figure_url, parties, party_choices
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.values.times import planned_instant
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/public-figures")
@policy(in_operation())
def public_figures(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """What may be told to anybody, and nothing else."""
    facts, public = queries.public_facts(session(), operation, clock.now())
    return render_template(
        "outcomes/public.html",
        operation=operation,
        facts=facts,
        public=public,
        lines=facts.lines(),
        may_write=bool(roles_here() & {Role.HEAD, Role.DELEGATE}),
    )


@bp.get("/operations/<code>/public-figures/waiting")
@policy(writer)
def publications(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """What the reader's parties own or are asked to clear, and for whom each waits."""
    now = clock.now()
    own = own_parties(session(), viewer, operation)
    known = {figure.id for figure in queries.facts(session(), operation, viewer, now).figures}
    rows = [
        (row, way, way.step(now), _waits_for(row, way.step(now), own, actor))
        for row, way in queries.on_the_way(session(), operation, own, now)
        if row.figure_id in known
    ]
    return render_template(
        "outcomes/public_waiting.html", operation=operation, rows=rows, own=own, actor=actor, figure_url=figure_url
    )


def _waits_for(row: PublicFigure, step: Step, own: frozenset[int], actor: User) -> bool:
    """Whether it is the reader's turn."""
    if step is Step.RELEASE:
        return row.figure.owner_id in own and actor.id != row.proposed_by_id
    return step is Step.CLEARANCE and row.clearing_party_id in own


@bp.route("/figures/<uuid:uuid>/publish", methods=["GET", "POST"])
@policy(visible_figure)
def publication(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, own: bool) -> ResponseReturnValue:
    """How far a figure is on its way to the public; its owner proposes it."""
    row = queries.publication(session(), figure)
    mine = own_parties(session(), viewer, operation)
    if not own and (row is None or row.clearing_party_id not in mine):
        raise NotAllowed("publish this figure")
    form = _propose_form(figure)
    if own and form.accepted():
        try:
            with transaction():
                _propose(form, figure, actor)
            flash(
                _("Proposed. A second person of your party releases it; the party of the territory clears it."),
                "ok",
            )
            return redirect(url_for("outcomes.publication", uuid=figure.uuid))
        except Refused as refused:
            form.refuse(refused)
    return _page(operation, figure, row, actor, mine, form if own else None)


def _propose_form(figure: Figure) -> ProposeForm:
    form = ProposeForm()
    territory = figure.joint_action.territory if figure.joint_action else None
    form.clearing_party.choices = party_choices([territory] if territory else parties())
    return form


def _propose(form: ProposeForm, figure: Figure, actor: User) -> None:
    embargo = None
    if form.embargo.data is not None:
        embargo = planned_instant(form.embargo.data, form.zone.data or "UTC", field="embargo")
    services.propose_figure(
        session(),
        figure,
        actor=actor,
        now=clock.now(),
        clearing_party=next(row for row in parties() if row.code == form.clearing_party.data),
        wording=form.wording.data,
        embargo_until=embargo,
    )


def _page(
    operation: Operation,
    figure: Figure,
    row: PublicFigure | None,
    actor: User,
    mine: frozenset[int],
    form: ProposeForm | None,
) -> ResponseReturnValue:
    asked = {} if row is None or row.withdrawn_at is not None else {figure.id: row.clearing_party_id}
    obstacles = queries.obstacles(session(), [figure], asked)[figure.id]
    way = None if row is None else queries.way(row, obstacles)
    step = None if way is None else way.step(clock.now())
    fresh = step in {None, Step.TAKEN_BACK}
    return render_template(
        "outcomes/public_figure.html",
        operation=operation,
        figure=figure,
        row=row,
        step=step,
        obstacles=obstacles,
        form=form if fresh and not obstacles else None,
        may_release=row is not None and step is Step.RELEASE and _waits_for(row, step, mine, actor),
        may_clear=row is not None
        and step in {Step.RELEASE, Step.CLEARANCE}
        and row.cleared_at is None
        and row.clearing_party_id in mine,
        may_take_back=step not in {None, Step.TAKEN_BACK},
        small=services.is_small(figure),
        release=ReleaseForm(version=None if row is None else row.version),
    ), (200 if form is None else status(form))


@bp.post("/figures/<uuid:uuid>/publish/release")
@policy(own_figure)
def release(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """A second person of the owner lets it out."""
    row, form = _current(figure), ReleaseForm()
    if form.accepted():
        _same(row, form.version.data)
        try:
            with transaction() as current:
                services.release_figure(
                    current, row, actor=actor, now=clock.now(), small_numbers=bool(form.small_numbers.data)
                )
            flash(_("Released."), "ok")
        except Refused as refused:
            flash(labels.sentence(refused), "conflict")
    return redirect(url_for("outcomes.publication", uuid=figure.uuid))


@bp.post("/figures/<uuid:uuid>/publish/clear")
@policy(visible_figure)
def clear(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, own: bool) -> ResponseReturnValue:
    """The party of the territory lets it out."""
    row, form = _current(figure), ReleaseForm()
    if row.clearing_party_id not in own_parties(session(), viewer, operation):
        raise NotAllowed("clear this figure")
    if form.accepted():
        _same(row, form.version.data)
        try:
            with transaction() as current:
                services.clear_figure(current, row, actor=actor, now=clock.now())
            flash(_("Cleared."), "ok")
        except Refused as refused:
            flash(labels.sentence(refused), "conflict")
    return redirect(url_for("outcomes.publication", uuid=figure.uuid))


@bp.post("/figures/<uuid:uuid>/publish/take-back")
@policy(visible_figure)
def take_back(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, own: bool) -> ResponseReturnValue:
    """The owner or the party of the territory takes it back, at any time."""
    row = _current(figure)
    if not own and row.clearing_party_id not in own_parties(session(), viewer, operation):
        raise NotAllowed("take this figure back")
    with transaction() as current:
        services.take_back_publication(current, row, actor=actor, now=clock.now())
    flash(_("The figure is not public."), "ok")
    return redirect(url_for("outcomes.publication", uuid=figure.uuid))


def _current(figure: Figure) -> PublicFigure:
    row = queries.publication(session(), figure)
    if row is None:
        raise NotFound("publication", figure.code)
    return row


def _same(row: PublicFigure, seen: int) -> None:
    if seen != row.version:
        raise StaleVersion("publication", row.figure.code)
