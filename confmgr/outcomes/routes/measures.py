"""Measures of an operation: those of the standard table that it uses, and its own."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import keeper_of_operation, keeps_operation, reader
from confmgr.outcomes.forms import MeasuresForm, OwnMeasureForm, RewordForm
from confmgr.outcomes.measures import MEASURES, MeasureGroup
from confmgr.outcomes.models import OwnMeasure
from confmgr.outcomes.routes.blueprint import bp
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/measures")
@policy(reader)
def measures(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """What is counted, with unit and definition; organisers of the lead party choose."""
    rows = queries.measures_of(session(), operation)
    return render_template(
        "outcomes/measures.html",
        operation=operation,
        groups=[(group, found) for group in MeasureGroup if (found := [row for row in rows if row.group is group])],
        may_choose=keeps_operation(session(), viewer, operation),
    )


@bp.route("/operations/<code>/measures/choose", methods=["GET", "POST"])
@policy(keeper_of_operation)
def choose_measures(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """Switch measures of the standard table on and off."""
    form = MeasuresForm(measures=sorted(queries.switched_on(session(), operation)))
    form.measures.choices = [(row.code, labels.term(row.code, "measure")) for row in MEASURES.values()]
    if form.accepted():
        try:
            with transaction() as current:
                services.use_measures(current, operation, form.measures.data or [], actor=actor, now=clock.now())
            flash(_("Forms now offer these measures."), "ok")
            return redirect(url_for("outcomes.measures", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    groups = [
        (group, [option for option in form.measures if MEASURES[option.data].group is group])
        for group in MeasureGroup
        if group is not MeasureGroup.OWN
    ]
    return render_template("outcomes/measures_choose.html", form=form, operation=operation, groups=groups), status(form)


@bp.route("/operations/<code>/measures/new", methods=["GET", "POST"])
@policy(keeper_of_operation)
def add_measure(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """A measure that the standard table does not have."""
    form = OwnMeasureForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.add_own_measure(
                    current,
                    operation,
                    code=str(form.code.data),
                    name=form.name.data,
                    definition=form.definition.data,
                    unit=form.unit.data,
                    nature=form.nature.data,
                    actor=actor,
                    now=clock.now(),
                )
            return redirect(url_for("outcomes.measures", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/measures_form.html", form=form, operation=operation, row=None), status(form)


@bp.route("/operations/<code>/measures/<measure>", methods=["GET", "POST"])
@policy(keeper_of_operation)
def reword_measure(*, operation: Operation, actor: User, measure: str) -> ResponseReturnValue:
    """Name and definition of an own measure."""
    row = _own(operation, measure)
    form = RewordForm(obj=row)
    if form.accepted():
        with transaction() as current:
            services.reword_measure(
                current, row, name=form.name.data, definition=form.definition.data, actor=actor, now=clock.now()
            )
        return redirect(url_for("outcomes.measures", code=operation.code))
    return render_template("outcomes/measures_form.html", form=form, operation=operation, row=row), status(form)


@bp.post("/operations/<code>/measures/<measure>/remove")
@policy(keeper_of_operation)
def remove_measure(*, operation: Operation, actor: User, measure: str) -> ResponseReturnValue:
    """Take an own measure away, while no figure rests on it."""
    try:
        with transaction() as current:
            services.remove_measure(current, operation, _own(operation, measure), actor=actor, now=clock.now())
        flash(_("The measure is removed."), "ok")
    except Refused as refused:
        flash(labels.sentence(refused), "conflict")
    return redirect(url_for("outcomes.measures", code=operation.code))


def _own(operation: Operation, name: str) -> OwnMeasure:
    found = next((row for row in queries.own_measures(session(), operation) if row.code == name), None)
    if found is None:
        raise NotFound("measure", name)
    return found
