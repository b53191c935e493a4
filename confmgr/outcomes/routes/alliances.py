"""Alliances of an operation, kept by organisers of its lead party."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import services
from confmgr.outcomes.access import keeper_of_operation, kept_alliance
from confmgr.outcomes.forms import AllianceForm
from confmgr.outcomes.routes.blueprint import bp, parties, party_choices
from confmgr.outcomes.services import Membership
from confmgr.parties.models import Alliance, Operation
from confmgr.web.db import transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

EMPTY_ROWS = 3


@bp.route("/operations/<code>/alliances/new", methods=["GET", "POST"])
@policy(keeper_of_operation)
def found_alliance(*, operation: Operation, actor: User) -> ResponseReturnValue:
    """A new alliance."""
    form = AllianceForm()
    _offer(form)
    if form.accepted():
        try:
            with transaction() as current:
                services.found_alliance(
                    current,
                    operation,
                    actor=actor,
                    now=clock.now(),
                    name=form.name.data,
                    founded_on=_founded_on(form),
                    members=_members(form),
                )
            return _done(operation)
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/alliance_form.html", form=form, operation=operation, alliance=None), status(form)


@bp.route("/operations/<code>/alliances/<uuid:uuid>", methods=["GET", "POST"])
@policy(kept_alliance)
def edit_alliance(*, operation: Operation, actor: User, alliance: Alliance) -> ResponseReturnValue:
    """Name, members, and from when to when they belong to it."""
    form = AllianceForm(obj=alliance, data={"members": _rows(alliance)})
    _offer(form)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_alliance(
                    current,
                    alliance,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    name=form.name.data,
                    founded_on=_founded_on(form),
                    members=_members(form),
                )
            return _done(operation)
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/alliance_form.html", form=form, operation=operation, alliance=alliance), status(
        form
    )


def _done(operation: Operation) -> ResponseReturnValue:
    flash(_("The alliance is saved."), "ok")
    return redirect(url_for("parties.operation", code=operation.code))


def _offer(form: AllianceForm) -> None:
    """Some empty rows, and every participant in each row."""
    if request.method == "GET":
        for _number in range(EMPTY_ROWS):
            form.members.append_entry()
    choices = [("", "–"), *party_choices(parties())]
    for row in form.members:
        row.form.party.choices = choices


def _founded_on(form: AllianceForm) -> date:
    return form.founded_on.data or clock.now().date()  # the form has asked for it


def _rows(alliance: Alliance) -> list[dict[str, object]]:
    members = sorted(alliance.members, key=lambda row: (row.joined_on, row.party.code))
    return [{"party": row.party.code, "joined_on": row.joined_on, "left_on": row.left_on} for row in members]


def _members(form: AllianceForm) -> list[Membership]:
    """The rows with a party; who joined on no day that was said joined on that of the founding."""
    known = {row.code: row for row in parties()}
    found: dict[str, Membership] = {}
    for row in form.members:
        code = row.form.party.data
        if code in found:
            raise Refused("member_twice", code=code)
        if code:
            found[code] = Membership(known[code], row.form.joined_on.data or _founded_on(form), row.form.left_on.data)
    return list(found.values())
