"""Participants, their agencies, and operations."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings import access, queries
from confmgr.parties import labels as _labels  # noqa: F401  # registers that room's words
from confmgr.parties import queries as parties
from confmgr.parties import removing, services
from confmgr.parties.forms import AgencyForm, OperationForm, PartyForm
from confmgr.parties.models import Operation, Party
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

bp = Blueprint("parties", __name__)


@bp.get("/parties")
@policy(access.keeper)
def table(*, actor: User) -> ResponseReturnValue:
    """All participants with their names and whether these are approved."""
    return render_template("parties/table.html", parties=parties.parties(session()))


@bp.route("/parties/new", methods=["GET", "POST"])
@policy(access.keeper)
def add(*, actor: User) -> ResponseReturnValue:
    """A new participant."""
    form = PartyForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.add_party(
                    current,
                    actor=actor,
                    now=clock.now(),
                    code=str(form.code.data).upper(),
                    kind=form.kind.data,
                    short_name=form.short_name.data,
                    long_name=form.long_name.data,
                )
            flash(_("The participant is saved. Its names are printed once they are approved."), "ok")
            return redirect(url_for("parties.table"))
        except Refused as refused:
            form.refuse(refused)
    return render_template("parties/form.html", form=form, party=None), status(form)


@bp.route("/parties/<code>", methods=["GET", "POST"])
@policy(access.keeper_of_party)
def edit(*, actor: User, party: Party) -> ResponseReturnValue:
    """Names of a participant."""
    form = PartyForm(obj=party)
    form.code.render_kw = {"readonly": True}
    if form.accepted():
        with transaction() as current:
            services.change_party(
                current,
                party,
                actor=actor,
                now=clock.now(),
                seen_version=form.version.data,
                kind=form.kind.data,
                short_name=form.short_name.data,
                long_name=form.long_name.data,
            )
        flash(_("The names are saved."), "ok")
        return redirect(url_for("parties.edit", code=party.code))
    return render_template("parties/form.html", form=form, party=party), status(form)


@bp.post("/parties/<code>/approve")
@policy(access.keeper_of_party)
def approve(*, actor: User, party: Party) -> ResponseReturnValue:
    """The host lets the names be printed."""
    with transaction() as current:
        services.approve_names(current, party, actor=actor, now=clock.now())
    flash(_("The names of %(code)s may be printed.", code=party.code), "ok")
    return redirect(url_for("parties.table"))


@bp.route("/parties/<code>/agencies/new", methods=["GET", "POST"])
@policy(access.keeper_of_party)
def add_agency(*, actor: User, party: Party) -> ResponseReturnValue:
    """A body of a participant."""
    form = AgencyForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.add_agency(current, party=party, code=str(form.code.data), name=form.name.data)
            flash(_("The agency is saved."), "ok")
            return redirect(url_for("parties.edit", code=party.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("parties/agency.html", form=form, party=party, agency=None), status(form)


@bp.route("/parties/<code>/agencies/<agency_code>", methods=["GET", "POST"])
@policy(access.keeper_of_party)
def edit_agency(*, actor: User, party: Party, agency_code: str) -> ResponseReturnValue:
    """The name of a body of a participant."""
    agency = parties.get_agency(session(), party, agency_code)
    form = AgencyForm(obj=agency)
    form.code.render_kw = {"readonly": True}
    if form.accepted():
        with transaction() as current:
            services.change_agency(current, agency, actor=actor, now=clock.now(), name=form.name.data)
        flash(_("The agency is saved."), "ok")
        return redirect(url_for("parties.edit", code=party.code))
    return render_template("parties/agency.html", form=form, party=party, agency=agency), status(form)


@bp.post("/parties/<code>/agencies/<agency_code>/delete")
@policy(access.keeper_of_party)
def remove_agency(*, actor: User, party: Party, agency_code: str) -> ResponseReturnValue:
    """Delete an agency that nothing rests on."""
    with transaction() as current:
        agency = parties.get_agency(current, party, agency_code)
        removing.remove_agency(current, agency, actor=actor, now=clock.now())
    flash(_("The agency is deleted."), "ok")
    return redirect(url_for("parties.edit", code=party.code))


@bp.post("/parties/<code>/delete")
@policy(access.keeper_of_party)
def remove(*, actor: User, party: Party) -> ResponseReturnValue:
    """Delete a participant that nothing rests on."""
    with transaction() as current:
        removing.remove_party(current, party, actor=actor, now=clock.now())
    flash(_("The participant is deleted."), "ok")
    return redirect(url_for("parties.table"))


@bp.post("/parties/approve")
@policy(access.keeper)
def approve_all(*, actor: User) -> ResponseReturnValue:
    """The host lets every name be printed that is not approved yet."""
    with transaction() as current:
        for party in parties.parties(current):
            if party.names_approved_at is None:
                services.approve_names(current, party, actor=actor, now=clock.now())
    flash(_("All names may be printed."), "ok")
    return redirect(url_for("parties.table"))


@bp.post("/operations/<code>/delete")
@policy(access.keeper_of_operation)
def remove_operation(*, actor: User, operation: Operation) -> ResponseReturnValue:
    """Delete an operation that nothing rests on."""
    with transaction() as current:
        removing.remove_operation(current, operation, actor=actor, now=clock.now())
    flash(_("The operation is deleted."), "ok")
    return redirect(url_for("home"))


@bp.route("/operations/new", methods=["GET", "POST"])
@policy(access.keeper)
def found(*, actor: User) -> ResponseReturnValue:
    """A new operation."""
    form = OperationForm()
    all_parties = {party.code: party for party in parties.parties(session())}
    form.lead_party.choices = [(code, formats.code_and_name(code, p.short_name)) for code, p in all_parties.items()]
    if form.accepted():
        try:
            with transaction() as current:
                operation = services.found_operation(
                    current,
                    actor=actor,
                    now=clock.now(),
                    code=str(form.code.data),
                    name=form.name.data,
                    purpose=form.purpose.data,
                    lead_party=all_parties[str(form.lead_party.data)],
                    starts_on=form.starts_on.data or date.min,
                    phase=form.phase.data,
                )
            return redirect(url_for("meetings.plan", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "parties/operation_form.html", form=form, operation=None, any_party=bool(all_parties)
    ), status(form)


@bp.get("/operations/<code>")
@policy(access.reader_of_operation)
def operation(*, actor: User, operation: Operation) -> ResponseReturnValue:
    """The home of an operation: its meetings, alliances, where it stands."""
    current = session()
    mine = [m for m in queries.meetings_of(current, actor, clock.now()) if m.operation_id == operation.id]
    return render_template(
        "parties/operation.html",
        operation=operation,
        meetings=mine,
        alliances=parties.alliances(current, operation),
        may_plan=access.organises_any(current, actor)
        and queries.keeps_operation(current, operation, actor, clock.now()),
    )


@bp.route("/operations/<code>/edit", methods=["GET", "POST"])
@policy(access.keeper_of_operation)
def edit_operation(*, actor: User, operation: Operation) -> ResponseReturnValue:
    """Name, purpose and phase of an operation."""
    form = OperationForm(obj=operation)
    form.lead_party.choices = [(operation.lead_party.code, formats.plain_words(operation.lead_party.short_name))]
    form.code.render_kw = form.starts_on.render_kw = {"readonly": True}
    if form.accepted():
        with transaction() as current:
            services.change_operation(
                current,
                operation,
                actor=actor,
                now=clock.now(),
                seen_version=form.version.data,
                name=form.name.data,
                purpose=form.purpose.data,
                phase=form.phase.data,
            )
        return redirect(url_for("parties.operation", code=operation.code))
    return render_template("parties/operation_form.html", form=form, operation=operation, any_party=True), status(form)
