"""Delegations, their people and times."""

import uuid as uuids
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts import queries as accounts
from confmgr.accounts.models import User
from confmgr.accounts.telling import say_how_to_sign_in
from confmgr.delegations import belonging, queries, services
from confmgr.delegations.domain import DelegationState, PrintedAs, initials
from confmgr.delegations.forms import DelegateForm, DelegationForm
from confmgr.delegations.models import Delegate, Delegation
from confmgr.delegations.routes.blueprint import MEMBERS, ORGANISER, bp
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.access import is_organiser, roles_here
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.meetings.routes.hours import add_hours
from confmgr.parties import queries as parties
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


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
    form.party.choices = [(code, formats.code_and_name(code, p.short_name)) for code, p in offered.items()]
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
    return render_template("delegations/form.html", form=form, meeting=meeting, row=None, any=bool(offered)), status(
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
        knows_times=people and (is_organiser() or (own and Role.HEAD in roles_here())),
        waiting=accounts.without_password(session(), [p.user_id for p in row.delegates if p.user_id]),
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
    return render_template("delegations/form.html", form=form, meeting=meeting, row=row, any=True), status(form)


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/delete")
@policy(ORGANISER)
def remove(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Delete a delegation that nothing rests on."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        services.remove_delegation(current, row, actor=actor, now=clock.now())
    flash(_("The delegation is deleted."), "ok")
    return redirect(url_for("delegations.table", slug=meeting.slug))


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/confirm")
@policy(ORGANISER)
def confirm(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """The delegation comes: the step that every delegation takes, in one press."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        belonging.confirm(current, row, actor=actor, now=clock.now())
    flash(_("The delegation is confirmed."), "ok")
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))


@bp.route("/meetings/<slug>/delegations/<uuid:uuid>/hours", methods=["GET", "POST"])
@policy(ORGANISER)
def hours(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """Add a stretch of time in which the delegation can meet."""
    row = queries.get_delegation(session(), meeting, uuid)
    return add_hours(
        meeting,
        row.availability,
        lambda current, spans: services.set_availability(current, row, spans, zone=meeting.zone),
        title=_("When is the delegation available?"),
        whose=formats.plain_words(row.party.short_name),
        back=url_for("delegations.show", slug=meeting.slug, uuid=row.uuid),
    )


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
            flash(_("The person is saved."), "ok")
            return redirect(url_for("delegations.show", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/delegate.html", form=form, meeting=meeting, row=row, person=None), status(form)


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
            flash(_("The person is saved."), "ok")
            return redirect(url_for("delegations.show", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("delegations/delegate.html", form=form, meeting=meeting, row=row, person=person), status(
        form
    )


def _delegate_form(row: Delegation, person: Delegate | None) -> DelegateForm:
    form = DelegateForm(obj=person)
    agencies = [(a.id, f"{a.code} · {formats.plain_words(a.name)}") for a in row.party.agencies]
    form.agency.choices = [(0, _("None")), *agencies]
    if request.method == "GET":
        if person is None:
            form.language.data, form.zone.data = row.languages[0], row.meeting.zone
        else:
            form.arrives.data, form.departs.data = person.arrives_local, person.departs_local
            form.agency.data = person.agency_id or 0
    return form


def _person(form: DelegateForm, row: Delegation) -> dict[str, Any]:
    names = ("name", "language", "zone", "capacity", "printed_as", "nominated_on", "arrives", "departs")
    values: dict[str, Any] = {name: form[name].data for name in names}
    values |= {name: form[name].data or None for name in ("latin_name", "grade", "email", "phone", "nominated_by")}
    return values | {"agency": next((a for a in row.party.agencies if a.id == form.agency.data), None)}


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/people/<uuid:person_uuid>/delete")
@policy(ORGANISER)
def remove_delegate(*, meeting: Meeting, actor: User, uuid: uuids.UUID, person_uuid: uuids.UUID) -> ResponseReturnValue:
    """Take a person out of a delegation."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        services.remove_delegate(current, queries.get_delegate(current, row, person_uuid), actor=actor, now=clock.now())
    flash(
        _("The person has left the delegation. What the person was invited to is cancelled by mail within a minute."),
        "ok",
    )
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/people/<uuid:person_uuid>/back")
@policy(ORGANISER)
def bring_back(*, meeting: Meeting, actor: User, uuid: uuids.UUID, person_uuid: uuids.UUID) -> ResponseReturnValue:
    """Take up again somebody who had left."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        belonging.bring_back(current, queries.get_delegate(current, row, person_uuid), actor=actor, now=clock.now())
    flash(_("The person is back in the delegation. A new publication tells whom it concerns."), "ok")
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/people/<uuid:person_uuid>/let-in")
@policy(ORGANISER)
def let_in(*, meeting: Meeting, actor: User, uuid: uuids.UUID, person_uuid: uuids.UUID) -> ResponseReturnValue:
    """Let a person of a delegation sign in."""
    with transaction() as current:
        person = queries.get_delegate(current, queries.get_delegation(current, meeting, uuid), person_uuid)
        user = belonging.let_in(current, person, meeting, actor=actor, now=clock.now())
    say_how_to_sign_in(user)
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))


@bp.post("/meetings/<slug>/delegations/<uuid:uuid>/hours/<int:number>/delete")
@policy(ORGANISER)
def remove_hours(*, meeting: Meeting, actor: User, uuid: uuids.UUID, number: int) -> ResponseReturnValue:
    """Take one stretch of time away."""
    with transaction() as current:
        row = queries.get_delegation(current, meeting, uuid)
        spans = [(h.starts_local, h.ends_local) for h in row.availability if h.id != number]
        services.set_availability(current, row, spans, zone=meeting.zone)
    return redirect(url_for("delegations.show", slug=meeting.slug, uuid=uuid))
