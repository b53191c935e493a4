"""Delegations, their people, and interpreters."""

import uuid as uuids
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.delegations import queries, services
from confmgr.delegations.domain import DelegationState, PrintedAs, initials
from confmgr.delegations.forms import DelegateForm, DelegationForm, InterpreterForm
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, is_organiser
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.parties import queries as parties
from confmgr.values.languages import pair, two
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import HoursForm
from confmgr.web.policy import policy

bp = Blueprint("delegations", __name__)
ORGANISER = in_meeting(Role.ORGANISER)
MEMBERS = in_meeting(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE, Role.INTERPRETER, Role.AUDITOR)


def _status(form: DelegationForm | DelegateForm | HoursForm | InterpreterForm) -> int:
    return 422 if form.errors else 200


@bp.get("/meetings/<slug>/delegations")
@policy(MEMBERS)
def table(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """All delegations in the meeting's order."""
    rows = queries.delegations(session(), meeting, with_people=True)
    confirmed = sum(row.state is DelegationState.CONFIRMED for row in rows)
    return render_template(
        "delegations/table.html",
        meeting=meeting,
        rows=rows,
        confirmed=confirmed,
        initials=initials,
        may_edit=is_organiser(),
    )


@bp.route("/meetings/<slug>/delegations/new", methods=["GET", "POST"])
@policy(ORGANISER)
def invite(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Invite a participant."""
    here = {row.party_id for row in queries.delegations(session(), meeting)}
    offered = {p.code: p for p in parties.parties(session()) if p.id not in here}
    form = DelegationForm()
    form.party.choices = [(code, f"{code} · {formats.plain_words(p.short_name)}") for code, p in offered.items()]
    if form.accepted():
        try:
            with transaction() as current:
                row = services.invite_party(
                    current,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    party=offered[str(form.party.data)],
                    status=form.status.data,
                    state=form.state.data,
                    teams=form.teams.data or 0,
                    languages=form.languages.data or [],
                )
            return redirect(url_for("delegations.show", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/form.html", form=form, meeting=meeting, row=None, any=bool(offered)), _status(
        form
    )


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>")
@policy(MEMBERS)
def show(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """One delegation: its people as they want to be listed, teams and times.

    Addresses and all names are for organisers and the delegation itself.
    """
    row = queries.get_delegation(session(), meeting, uuid)
    own = any(person.user_id == actor.id and person.left_at is None for person in row.delegates)
    known = is_organiser() or own
    people = [person for person in row.delegates if known or person.printed_as is not PrintedAs.NOT_LISTED]
    return render_template(
        "delegations/show.html",
        meeting=meeting,
        row=row,
        people=people,
        initials=initials,
        may_edit=is_organiser(),
        sees_addresses=known,
    )


@bp.route("/meetings/<slug>/delegations/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(ORGANISER)
def edit(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Status, state, teams and languages."""
    row = queries.get_delegation(session(), meeting, uuid)
    form = DelegationForm(obj=row)
    form.party.choices = [(row.party.code, formats.plain_words(row.party.short_name))]
    form.party.data = row.party.code
    if form.accepted():
        try:
            with transaction() as current:
                services.change_delegation(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    status=form.status.data,
                    state=form.state.data,
                    teams=form.teams.data or 0,
                    languages=form.languages.data or [],
                )
            return redirect(url_for("delegations.show", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/form.html", form=form, meeting=meeting, row=row, any=True), _status(form)


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/delete")
@policy(ORGANISER)
def remove(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Delete a delegation that nothing rests on."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        services.remove_delegation(current, row, actor=actor, now=clock.now())
    flash(_("The delegation is deleted."), "ok")
    return redirect(url_for("delegations.table", slug=meeting.slug))


@bp.route("/meetings/<slug>/delegations/<uuid:uuid>/hours", methods=["GET", "POST"])
@policy(ORGANISER)
def hours(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Add a stretch of time in which the delegation can meet."""
    row = queries.get_delegation(session(), meeting, uuid)
    form = HoursForm()
    back = url_for("delegations.show", slug=meeting.slug, uuid=row.uuid)
    if form.accepted():
        try:
            with transaction() as current:
                services.set_availability(current, row, form.added_to(row.availability), zone=meeting.zone)
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    title, whose = _("When is the delegation available?"), formats.plain_words(row.party.short_name)
    return render_template(
        "meetings/hours.html", form=form, meeting=meeting, title=title, whose=whose, back=back
    ), _status(form)


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/hours/clear")
@policy(ORGANISER)
def clear_hours(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Back to "available whenever the meeting is"."""
    with transaction() as current:
        services.set_availability(current, queries.get_delegation(current, meeting, uuid), (), zone=meeting.zone)
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))


@bp.route("/meetings/<slug>/delegations/<uuid:uuid>/people/new", methods=["GET", "POST"])
@policy(ORGANISER)
def name_delegate(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """A new person of a delegation."""
    row = queries.get_delegation(session(), meeting, uuid)
    form = _delegate_form(row, None)
    if form.accepted():
        try:
            with transaction() as current:
                services.name_delegate(current, actor=actor, now=clock.now(), delegation=row, **_person(form, row))
            return redirect(url_for("delegations.show", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/delegate.html", form=form, meeting=meeting, row=row, person=None), _status(form)


@bp.route("/meetings/<slug>/delegations/<uuid:uuid>/people/<uuid:person_uuid>", methods=["GET", "POST"])
@policy(ORGANISER)
def edit_delegate(*, meeting: Meeting, actor: User, uuid: uuids.UUID, person_uuid: uuids.UUID) -> ResponseReturnValue:
    """One person of a delegation."""
    row = queries.get_delegation(session(), meeting, uuid)
    person = queries.get_delegate(session(), row, person_uuid)
    form = _delegate_form(row, person)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_delegate(
                    current,
                    person,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    **_person(form, row),
                )
            return redirect(url_for("delegations.show", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/delegate.html", form=form, meeting=meeting, row=row, person=person), _status(
        form
    )


def _delegate_form(row: Delegation, person: Delegate | None) -> DelegateForm:
    form = DelegateForm(obj=person)
    agencies = [(a.id, f"{a.code} · {formats.plain_words(a.name)}") for a in row.party.agencies]
    form.agency.choices = [(0, _("None")), *agencies]
    if person is not None and request.method == "GET":
        form.arrives.data, form.departs.data = person.arrives_local, person.departs_local
        form.agency.data = person.agency_id or 0
    return form


def _person(form: DelegateForm, row: Delegation) -> dict[str, Any]:
    names = ("name", "language", "zone", "capacity", "printed_as", "nominated_on", "arrives", "departs")
    values: dict[str, Any] = {name: form[name].data for name in names}
    values |= {name: form[name].data or None for name in ("latin_name", "grade", "email", "nominated_by")}
    return values | {"agency": next((a for a in row.party.agencies if a.id == form.agency.data), None)}


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/people/<uuid:person_uuid>/delete")
@policy(ORGANISER)
def remove_delegate(*, meeting: Meeting, actor: User, uuid: uuids.UUID, person_uuid: uuids.UUID) -> ResponseReturnValue:
    """Take a person out of a delegation."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        services.remove_delegate(current, queries.get_delegate(current, row, person_uuid), actor=actor, now=clock.now())
    flash(_("The person has left the delegation. A new publication tells whom it concerns."), "ok")
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))


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
    return render_template("delegations/interpreter.html", form=form, meeting=meeting, row=None), _status(form)


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
    return render_template("delegations/interpreter.html", form=form, meeting=meeting, row=row), _status(form)


@bp.route("/meetings/<slug>/interpreters/<uuid:uuid>/hours", methods=["GET", "POST"])
@policy(ORGANISER)
def working_times(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Add a stretch of time in which an interpreter works."""
    row = queries.get_interpreter(session(), meeting, uuid)
    form = HoursForm()
    back = url_for("delegations.edit_interpreter", slug=meeting.slug, uuid=row.uuid)
    if form.accepted():
        try:
            with transaction() as current:
                services.set_working_times(current, row, form.added_to(row.hours), zone=meeting.zone)
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    title = _("When does the interpreter work?")
    return render_template(
        "meetings/hours.html", form=form, meeting=meeting, title=title, whose=row.latin_name, back=back
    ), _status(form)


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
        "longest_run_minutes": form.longest_run_minutes.data,
        "longest_day_minutes": form.longest_day_minutes.data,
    }
