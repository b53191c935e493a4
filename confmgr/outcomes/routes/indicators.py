"""Indicators: a page with a chart over time and its table; added, changed, removed and brought back."""

import uuid as uuids
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_parties, reader, writer
from confmgr.outcomes.charts import LineChart, Reading, line_chart
from confmgr.outcomes.forms import IndicatorForm, ValueForm
from confmgr.outcomes.measures import Unit
from confmgr.outcomes.models import Indicator, IndicatorValue, Source
from confmgr.outcomes.routes.blueprint import bp, source_choices
from confmgr.outcomes.services.indicators import fingerprint
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/indicators")
@policy(reader)
def indicators(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every indicator of an operation with its newest value."""
    return render_template(
        "outcomes/indicators.html",
        operation=operation,
        indicators=queries.indicators(session(), operation),
        units=dict(labels.choices(Unit)),
        may_write=bool(own_parties(session(), viewer, operation)),
        undo=request.args.get("undo", type=uuids.UUID),
    )


@bp.get("/operations/<code>/indicators/<indicator>")
@policy(reader)
def indicator(*, operation: Operation, actor: User, viewer: Viewer, indicator: str) -> ResponseReturnValue:
    """One indicator over time, with what each source says of each date."""
    found = queries.get_indicator(session(), operation, indicator)
    return render_template(
        "outcomes/indicator.html",
        operation=operation,
        indicator=found,
        chart=chart_of(found),
        titles={value.source.called: value.source.title for value in found.values},
        dates=_dates(found),
        seen=fingerprint(found),
        units=dict(labels.choices(Unit)),
        may_write=bool(own_parties(session(), viewer, operation)),
        undo=request.args.get("undo", type=uuids.UUID),
    )


def _dates(found: Indicator) -> list[tuple[IndicatorValue, list[IndicatorValue]]]:
    """Values by date, the newest first; those of one date stand side by side."""
    rows: dict[object, list[IndicatorValue]] = {}
    for value in sorted(found.values, key=lambda one: (one.at_on, not one.month_only), reverse=True):
        rows.setdefault((value.at_on, value.month_only), []).append(value)
    return [(values[0], sorted(values, key=lambda one: one.source.called)) for values in rows.values()]


def chart_of(found: Indicator) -> LineChart | None:
    """The chart of an indicator; None while it has no value."""
    return line_chart(Reading(one.at_on, one.value, one.source.called, one.month_only) for one in found.values)


@bp.route("/operations/<code>/indicators/new", methods=["GET", "POST"])
@policy(writer)
def add_indicator(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """Add an indicator."""
    form = IndicatorForm()
    if form.accepted():
        try:
            with transaction() as current:
                found = services.add_indicator(current, operation, **_said(form))
            return redirect(url_for("outcomes.indicator", code=operation.code, indicator=found.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/indicator_form.html", form=form, operation=operation, indicator=None), status(form)


@bp.route("/operations/<code>/indicators/<indicator>/edit", methods=["GET", "POST"])
@policy(writer)
def change_indicator(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, indicator: str
) -> ResponseReturnValue:
    """Call it otherwise, or say better what it counts."""
    found = queries.get_indicator(session(), operation, indicator)
    form = IndicatorForm(obj=found, data={"seen": fingerprint(found)})
    if form.accepted():
        try:
            with transaction() as current:
                said: dict[str, Any] = {"actor": actor, "now": clock.now(), "seen": str(form.seen.data)}
                services.change_indicator(current, found, **said, **_said(form))
            return redirect(url_for("outcomes.indicator", code=operation.code, indicator=found.code))
        except Refused as refused:
            form.refuse(refused)
    page = render_template("outcomes/indicator_form.html", form=form, operation=operation, indicator=found)
    return page, status(form)


def _said(form: IndicatorForm) -> dict[str, Any]:
    return {
        "code": str(form.code.data),
        "name": form.name.data,
        "unit": form.unit.data.value,
        "definition": form.definition.data,
    }


@bp.post("/operations/<code>/indicators/<indicator>/remove")
@policy(writer)
def remove_indicator(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, indicator: str
) -> ResponseReturnValue:
    """Take an indicator away; the next page offers to bring it back."""
    found = queries.get_indicator(session(), operation, indicator)
    with transaction() as current:
        undo = services.remove_indicator(
            current, found, actor=actor, now=clock.now(), seen=request.form.get("seen", "")
        )
    return redirect(url_for("outcomes.indicators", code=operation.code, undo=undo))


@bp.route("/operations/<code>/indicators/<indicator>/values/new", methods=["GET", "POST"])
@policy(writer)
def add_value(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, indicator: str
) -> ResponseReturnValue:
    """Add what a source says of a date or month."""
    found = queries.get_indicator(session(), operation, indicator)
    form = ValueForm()
    form.source.choices = source_choices(operation, viewer)
    if form.accepted():
        try:
            with transaction() as current:
                services.add_value(current, found, **_value(form, operation))
            return redirect(url_for("outcomes.indicator", code=operation.code, indicator=found.code))
        except Refused as refused:
            form.refuse(refused)
    return _value_page(form, operation, found, None)


@bp.route("/operations/<code>/indicators/<indicator>/values/<int:value>", methods=["GET", "POST"])
@policy(writer)
def change_value(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, indicator: str, value: int
) -> ResponseReturnValue:
    """Mend a value that was typed wrongly."""
    found = queries.get_indicator(session(), operation, indicator)
    row = queries.get_value(found, value)
    form = ValueForm(data=_shown(found, row))
    form.source.choices = source_choices(operation, viewer)
    if form.accepted():
        try:
            with transaction() as current:
                said: dict[str, Any] = {"actor": actor, "now": clock.now(), "seen": str(form.seen.data)}
                services.change_value(current, found, row, **said, **_value(form, operation))
            return redirect(url_for("outcomes.indicator", code=operation.code, indicator=found.code))
        except Refused as refused:
            form.refuse(refused)
    return _value_page(form, operation, found, row)


def _shown(found: Indicator, row: IndicatorValue) -> dict[str, Any]:
    return {
        "seen": fingerprint(found),
        "at_on": row.at_on,
        "month_only": row.month_only,
        "value": row.value,
        "source": row.source.code,
    }


def _value(form: ValueForm, operation: Operation) -> dict[str, Any]:
    return {
        "at_on": form.at_on.data,
        "month_only": form.month_only.data,
        "value": form.value.data or Decimal(0),
        "source": _source(operation, str(form.source.data)),
    }


def _source(operation: Operation, code: str) -> Source:
    return next(row for row in queries.sources(session(), operation) if row.code == code)


def _value_page(
    form: ValueForm, operation: Operation, found: Indicator, row: IndicatorValue | None
) -> ResponseReturnValue:
    return render_template(
        "outcomes/indicator_value.html",
        form=form,
        operation=operation,
        indicator=found,
        row=row,
        seen=fingerprint(found),
    ), status(form)


@bp.post("/operations/<code>/indicators/<indicator>/values/<int:value>/remove")
@policy(writer)
def remove_value(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, indicator: str, value: int
) -> ResponseReturnValue:
    """Take a value away; the next page offers to bring it back."""
    found = queries.get_indicator(session(), operation, indicator)
    row = queries.get_value(found, value)
    with transaction() as current:
        seen = request.form.get("seen", "")
        undo = services.remove_value(current, found, row, actor=actor, now=clock.now(), seen=seen)
    return redirect(url_for("outcomes.indicator", code=operation.code, indicator=indicator, undo=undo))


@bp.post("/operations/<code>/indicators/undo/<uuid:uuid>")
@policy(writer)
def bring_back(
    *, operation: Operation, actor: User, viewer: Viewer, party: Party, uuid: uuids.UUID
) -> ResponseReturnValue:
    """Undo a removal of one's own."""
    try:
        with transaction() as current:
            found = services.restore_removed(current, operation, uuid, actor=actor, now=clock.now())
    except Refused as refused:
        flash(labels.sentence(refused), "conflict")
        return redirect(url_for("outcomes.indicators", code=operation.code))
    flash(_("It is back."), "ok")
    return redirect(url_for("outcomes.indicator", code=operation.code, indicator=found.code))
