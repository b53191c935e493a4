"""Interpreters and their working times."""

import uuid as uuids
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.accounts.telling import say_how_to_sign_in
from confmgr.delegations import belonging, queries, services
from confmgr.delegations.forms import InterpreterForm
from confmgr.delegations.models import Interpreter
from confmgr.delegations.routes.blueprint import ORGANISER, bp
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.meetings.routes.hours import add_hours
from confmgr.values.languages import pair, two
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/interpreters")
@policy(ORGANISER)
def interpreters(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The interpreters of the meeting."""
    rows = queries.interpreters(session(), meeting)
    return render_template("delegations/interpreters.html", meeting=meeting, rows=rows)


@bp.route("/meetings/<slug>/interpreters/new", methods=["GET", "POST"])
@policy(ORGANISER)
def engage(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A new interpreter."""
    form = InterpreterForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.engage_interpreter(
                    current,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    name_language=str(form.language.data),
                    **_interpreter(form),
                )
            return redirect(url_for("delegations.interpreters", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/interpreter.html", form=form, meeting=meeting, row=None), status(form)


@bp.route("/meetings/<slug>/interpreters/<uuid:uuid>", methods=["GET", "POST"])
@policy(ORGANISER)
def edit_interpreter(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """One interpreter."""
    row = queries.get_interpreter(session(), meeting, uuid)
    form = _interpreter_form(row)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_interpreter(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    **_interpreter(form),
                )
            return redirect(url_for("delegations.interpreters", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/interpreter.html", form=form, meeting=meeting, row=row), status(form)


@bp.route("/meetings/<slug>/interpreters/<uuid:uuid>/hours", methods=["GET", "POST"])
@policy(ORGANISER)
def working_times(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Add a stretch of time in which an interpreter works."""
    row = queries.get_interpreter(session(), meeting, uuid)
    return add_hours(
        meeting,
        row.hours,
        lambda current, spans: services.set_working_times(current, row, spans, zone=meeting.zone),
        title=_("When does the interpreter work?"),
        whose=row.latin_name,
        back=url_for("delegations.edit_interpreter", slug=meeting.slug, uuid=row.uuid),
    )


@bp.post("/meetings/<slug>/interpreters/<uuid:uuid>/hours/clear")
@policy(ORGANISER)
def clear_working_times(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Back to "works whenever the meeting is"."""
    with transaction() as current:
        services.set_working_times(current, queries.get_interpreter(current, meeting, uuid), (), zone=meeting.zone)
    return redirect(url_for("delegations.edit_interpreter", slug=meeting.slug, uuid=uuid))


@bp.post("/meetings/<slug>/interpreters/<uuid:uuid>/delete")
@policy(ORGANISER)
def remove_interpreter(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Delete an interpreter whom no session needs."""
    with transaction() as current:
        row = queries.get_interpreter(current, meeting, uuid)
        services.remove_interpreter(current, row, actor=actor, now=clock.now())
    flash(_("The interpreter is deleted."), "ok")
    return redirect(url_for("delegations.interpreters", slug=meeting.slug))


@bp.post("/meetings/<slug>/interpreters/<uuid:uuid>/let-in")
@policy(ORGANISER)
def let_interpreter_in(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Let an interpreter sign in and see the own assignments."""
    with transaction() as current:
        person = queries.get_interpreter(current, meeting, uuid)
        user = belonging.let_in(current, person, meeting, actor=actor, now=clock.now())
    say_how_to_sign_in(user)
    return redirect(url_for("delegations.interpreters", slug=meeting.slug))


def _interpreter_form(row: Interpreter) -> InterpreterForm:
    form = InterpreterForm(obj=row)
    if request.method == "GET":
        form.first.data, form.second.data = two(row.pairs[0])
        form.more_pairs.data = ", ".join(row.pairs[1:])
    return form


def _interpreter(form: InterpreterForm) -> dict[str, Any]:
    more = [text.strip() for text in str(form.more_pairs.data or "").replace(";", ",").split(",") if text.strip()]
    return {
        "name": form.name.data,
        "latin_name": form.latin_name.data or None,
        "pairs": [pair(str(form.first.data), str(form.second.data)), *more],
        "modes": form.modes.data,
        "language": str(form.language.data),
        "zone": str(form.zone.data),
        "email": form.email.data or None,
        "phone": form.phone.data or None,
        "longest_run_minutes": form.longest_run_minutes.data,
        "longest_day_minutes": form.longest_day_minutes.data,
    }
