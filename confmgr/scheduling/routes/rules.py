"""The rules of a meeting's schedule: what each does when it is broken."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import judged, services
from confmgr.scheduling.access import ORGANISER
from confmgr.scheduling.conflicts import USUAL, ClashKind, Severity
from confmgr.scheduling.forms import RulesForm
from confmgr.scheduling.models import ScheduleState
from confmgr.scheduling.routes.blueprint import bp
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/meetings/<slug>/schedule/rules", methods=["GET", "POST"])
@policy(ORGANISER)
def rules(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What each rule does, and the walk between buildings."""
    state = judged.schedule_state(session(), meeting)
    form = RulesForm()
    if request.method == "GET":
        _show(form, state)
    if form.accepted():
        try:
            _save(form, meeting, actor)
            flash(_("The rules are saved. The conflicts on every page follow them from now on."), "ok")
            return redirect(url_for("scheduling.rules", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "scheduling/rules.html",
        form=form,
        meeting=meeting,
        groups=_groups(),
        usual=not _differs(state),
        Severity=Severity,
    ), status(form)


def _show(form: RulesForm, state: ScheduleState | None) -> None:
    own = judged.severities({} if state is None else state.severities)
    for kind in ClashKind:
        form[kind.value].data = own.get(kind, USUAL[kind]).value
    form.walk_minutes.data = 0 if state is None else state.walk_minutes
    form.seen.data = services.rules_seen(state)


def _save(form: RulesForm, meeting: Meeting, actor: User) -> None:
    with transaction() as current:
        services.set_rules(
            current,
            meeting,
            actor=actor,
            now=clock.now(),
            seen=str(form.seen.data or ""),
            severities=form.severities(),
            walk_minutes=form.walk_minutes.data or 0,
        )


def _differs(state: ScheduleState | None) -> bool:
    return state is not None and bool(state.severities)


def _groups() -> list[tuple[str, list[ClashKind]]]:
    """The rules under the headings of the page; every one stands under one of them."""
    people = [kind for kind in ClashKind if kind.name.startswith(("DELEGATION", "PERSON"))]
    places = [kind for kind in ClashKind if kind.name.startswith(("PLACE", "WALK"))]
    crew = [kind for kind in ClashKind if kind.name.startswith("INTERPRETER")]
    rest = [kind for kind in ClashKind if kind not in {*people, *places, *crew}]
    return [
        (_("Delegations and people"), people),
        (_("Places"), places),
        (_("Interpreters"), crew),
        (_("Order of the programme"), rest),
    ]


@bp.post("/meetings/<slug>/schedule/rules/usual")
@policy(ORGANISER)
def usual_rules(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Judge as meetings do that have said nothing; the walk between buildings stays."""
    with transaction() as current:
        state = judged.schedule_state(current, meeting)
        services.set_rules(
            current,
            meeting,
            actor=actor,
            now=clock.now(),
            seen=str(request.form.get("seen") or services.rules_seen(state)),
            severities={},
            walk_minutes=0 if state is None else state.walk_minutes,
        )
    flash(_("Every rule is judged as usual again."), "ok")
    return redirect(url_for("scheduling.rules", slug=meeting.slug))
