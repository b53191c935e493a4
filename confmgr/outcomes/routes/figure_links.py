"""Figures that count the same people, or may; sources that disagree: said, decided, taken back by the owner."""

import uuid as uuids

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_figure, own_parties, visible_figure
from confmgr.outcomes.domain import LinkKind, OverlapDecision
from confmgr.outcomes.models import Figure
from confmgr.outcomes.routes.blueprint import bp, figure_url
from confmgr.outcomes.routes.figures import figure_page, overlap_form
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy


@bp.post("/figures/<uuid:uuid>/overlaps")
@policy(own_figure)
def add_overlap(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """Say that another figure counts the same people, may do so, or is the same told by another source."""
    now = clock.now()
    facts = queries.facts(session(), operation, viewer, now)
    form = overlap_form(facts, figure)
    if form.accepted():
        own, reason = facts.by_id[figure.id], form.reason.data
        other = next(row for row in facts.figures if str(row.uuid) == form.other.data)
        with transaction() as current:
            if form.how.data == "rival":
                services.disagrees(current, own, other, actor=actor, now=now)
            else:
                services.overlap(current, own, other, kind=LinkKind(form.how.data), reason=reason)
        return redirect(figure_url(figure))
    return figure_page(facts, viewer, operation, figure, own=True, form=form)


@bp.post("/figures/<uuid:uuid>/doubts/<uuid:doubt>")
@policy(own_figure)
def settle(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, doubt: object) -> ResponseReturnValue:
    """Say of two figures that nobody has linked whether they count the same people."""
    now, decision = clock.now(), _decision()
    facts = queries.facts(session(), operation, viewer, now)
    own = facts.by_id[figure.id]
    found = next((row for row in queries.doubts_of(facts, own) if row.uuid == doubt), None)
    if found is None:
        raise NotFound("doubt", doubt)
    with transaction() as current:
        link = services.overlap(current, own, found)
        services.decide_overlap(current, link, actor=actor, now=now, decision=decision)
    flash(_("Every total that rests on these figures has followed."), "ok")
    return redirect(figure_url(figure))


@bp.post("/figures/<uuid:uuid>/overlaps/<uuid:link>")
@policy(own_figure)
def decide(
    *, actor: User, viewer: Viewer, operation: Operation, figure: Figure, link: uuids.UUID
) -> ResponseReturnValue:
    """The owner says whether two figures count the same people; every total follows."""
    decision = _decision()
    row = queries.get_link(queries.facts(session(), operation, viewer, clock.now()), figure, link)
    with transaction() as current:
        services.decide_overlap(current, row, actor=actor, now=clock.now(), decision=decision)
    flash(_("Every total that rests on these figures has followed."), "ok")
    return redirect(figure_url(figure))


@bp.post("/figures/<uuid:uuid>/overlaps/<uuid:link>/remove")
@policy(own_figure)
def remove_overlap(
    *, actor: User, viewer: Viewer, operation: Operation, figure: Figure, link: uuids.UUID
) -> ResponseReturnValue:
    """The two were linked by mistake."""
    row = queries.get_link(queries.facts(session(), operation, viewer, clock.now()), figure, link)
    with transaction() as current:
        services.remove_overlap(current, row, actor=actor, now=clock.now())
    flash(_("Every total that rests on these figures has followed."), "ok")
    return redirect(figure_url(figure))


def _decision() -> OverlapDecision:
    if request.form.get("decision") not in {member.value for member in OverlapDecision}:
        raise BadRequest
    return OverlapDecision(request.form["decision"])


@bp.post("/figures/<uuid:uuid>/choose")
@policy(visible_figure)
def choose(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, own: bool) -> ResponseReturnValue:
    """Of sources that disagree, use this one in totals, as the owner of that in use says; the others stay beside it."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    rivals = queries.rivals(facts, figure)
    if not (rivals or own):
        raise NotAllowed("choose this figure")
    if not rivals:
        raise NotFound("disagreement", figure.code)
    if rivals[0].owner_id not in own_parties(session(), viewer, operation):
        raise NotAllowed("take the place of a figure of others")
    with transaction() as current:
        services.choose_current(current, rivals, facts.by_code[figure.code], actor=actor, now=clock.now())
    return redirect(figure_url(figure))


@bp.post("/figures/<uuid:uuid>/agree")
@policy(own_figure)
def agree(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """The figure is of something else than those beside it: it counts for itself."""
    if figure.alternative_to_id is None:
        raise NotFound("disagreement", figure.code)
    with transaction() as current:
        services.agrees_again(current, figure, actor=actor, now=clock.now())
    return redirect(figure_url(figure))
