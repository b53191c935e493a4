"""A meeting: planning it, its settings, places and people."""

from datetime import date, time

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts import queries as accounts
from confmgr.accounts import services as account_services
from confmgr.accounts.models import User
from confmgr.accounts.telling import say_how_to_sign_in
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings import access, queries, services
from confmgr.meetings import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.meetings.days import change_days
from confmgr.meetings.domain import STATE_STEPS, STATUS_GROUPS, MeetingState, PlaceKind, Role
from confmgr.meetings.forms import ChangeMeetingForm, DaysForm, MeetingForm, PlaceForm, RoleForm
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.meetings.routes.hours import add_hours
from confmgr.parties import queries as parties
from confmgr.parties.models import Operation
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

bp = Blueprint("meetings", __name__)


@bp.route("/operations/<code>/meetings/new", methods=["GET", "POST"])
@policy(access.keeper_of_operation)
def plan(*, actor: User, operation: Operation) -> ResponseReturnValue:
    """A new meeting of an operation."""
    form = _meeting_form(operation, actor)
    if form.accepted():
        try:
            with transaction() as current:
                meeting = _plan(form, operation, actor)
                current.flush()
            flash(_("The meeting is planned. Next: its places and the delegations."), "ok")
            return redirect(url_for("meetings.home", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("meetings/plan.html", form=form, operation=operation), status(form)


def _meeting_form(operation: Operation, actor: User) -> MeetingForm:
    form = MeetingForm(opens=time(9), closes=time(18)) if request.method == "GET" else MeetingForm()
    form.host.choices = [(p.code, formats.code_and_name(p.code, p.short_name)) for p in parties.parties(session())]
    earlier = [m for m in queries.meetings_of(session(), actor, clock.now()) if m.operation_id == operation.id]
    form.follows.choices = [("", _("None")), *((m.slug, formats.plain_words(m.title)) for m in earlier)]
    if request.method == "GET":
        form.host.data = operation.lead_party.code
        form.number.data = max((m.number for m in earlier), default=0) + 1
    g.earlier = {m.slug: m for m in earlier}
    return form


def _plan(form: MeetingForm, operation: Operation, actor: User) -> Meeting:
    return services.plan_meeting(
        session(),
        actor=actor,
        now=clock.now(),
        operation=operation,
        slug=str(form.slug.data),
        number=form.number.data or 1,
        title=form.title.data,
        venue=form.venue.data,
        description=form.description.data,
        zone=str(form.zone.data),
        starts_on=form.starts_on.data or date.min,
        ends_on=form.ends_on.data or date.min,
        languages=form.languages.data or [],
        host=parties.get_party(session(), str(form.host.data)),
        host_counts=bool(form.host_counts.data),
        slot_minutes=form.slot_minutes.data or 20,
        follows=g.earlier.get(form.follows.data),
        hours=(form.opens.data or time(9), form.closes.data or time(18)),
    )


@bp.route("/meetings/<slug>/settings", methods=["GET", "POST"])
@policy(access.in_meeting(Role.ORGANISER))
def settings(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Title, venue, languages, order of names."""
    form = ChangeMeetingForm(obj=meeting, grouped=bool(meeting.order_groups))
    if form.accepted():
        try:
            with transaction() as current:
                services.change_meeting(
                    current,
                    meeting,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    title=form.title.data,
                    venue=form.venue.data,
                    description=form.description.data,
                    languages=form.languages.data or [],
                    host_counts=bool(form.host_counts.data),
                    order_rule=form.order_rule.data,
                    order_language=str(form.order_language.data),
                    order_first=form.order_first.data or None,
                    order_groups=STATUS_GROUPS if form.grouped.data else (),
                )
            flash(_("The meeting is saved."), "ok")
            return redirect(url_for("meetings.settings", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    steps = STATE_STEPS[meeting.state]
    return render_template("meetings/settings.html", form=form, meeting=meeting, steps=steps), status(form)


@bp.route("/meetings/<slug>/days", methods=["GET", "POST"])
@policy(access.in_meeting(Role.ORGANISER))
def days(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """First and last day, and the hours of each day."""
    form = DaysForm(obj=meeting)
    if form.accepted():
        try:
            with transaction() as current:
                change_days(
                    current,
                    meeting,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    starts_on=form.starts_on.data or date.min,
                    ends_on=form.ends_on.data or date.min,
                    hours={
                        row.day: (each["opens"], each["closes"])
                        for row, each in zip(meeting.days, form.days.data, strict=False)
                    },
                )
            flash(_("The days are saved."), "ok")
            return redirect(url_for("meetings.days", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("meetings/days.html", form=form, meeting=meeting), status(form)


@bp.post("/meetings/<slug>/state/<any(planning, open, closed, archived):state>")
@policy(access.in_meeting(Role.ORGANISER))
def change_state(*, meeting: Meeting, actor: User, state: str) -> ResponseReturnValue:
    """Open, close or archive the meeting."""
    with transaction() as current:
        services.set_state(current, meeting, actor=actor, now=clock.now(), state=MeetingState(state))
    return redirect(url_for("meetings.settings", slug=meeting.slug))


@bp.get("/meetings/<slug>/places")
@policy(access.in_meeting(Role.ORGANISER))
def places(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Rooms and tables."""
    rows = queries.places(session(), meeting)
    return render_template("meetings/places.html", meeting=meeting, places=rows, by_id={p.id: p for p in rows})


@bp.route("/meetings/<slug>/places/new", methods=["GET", "POST"])
@policy(access.in_meeting(Role.ORGANISER))
def add_place(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A new room or table."""
    form, rooms = _place_form(meeting, None)
    if form.accepted():
        try:
            with transaction() as current:
                services.add_place(
                    current,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    code=str(form.code.data),
                    name=form.name.data,
                    kind=form.kind.data,
                    seats=form.seats.data or 0,
                    booths=form.booths.data or 0,
                    room=rooms.get(form.room.data),
                    building=form.building.data or None,
                )
            flash(_("The place is saved."), "ok")
            return redirect(url_for("meetings.places", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("meetings/place_form.html", form=form, meeting=meeting, place=None), status(form)


@bp.route("/meetings/<slug>/places/<int:place_id>", methods=["GET", "POST"])
@policy(access.in_meeting(Role.ORGANISER))
def edit_place(*, meeting: Meeting, actor: User, place_id: int) -> ResponseReturnValue:
    """One room or table."""
    place = queries.place(session(), meeting, place_id)
    form, rooms = _place_form(meeting, place)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_place(
                    current,
                    place,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    seen_version=form.version.data,
                    name=form.name.data,
                    kind=form.kind.data,
                    seats=form.seats.data or 0,
                    booths=form.booths.data or 0,
                    room=rooms.get(form.room.data),
                    building=form.building.data or None,
                )
            return redirect(url_for("meetings.places", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("meetings/place_form.html", form=form, meeting=meeting, place=place), status(form)


@bp.route("/meetings/<slug>/places/<int:place_id>/hours", methods=["GET", "POST"])
@policy(access.in_meeting(Role.ORGANISER))
def opening_hours(*, meeting: Meeting, actor: User, place_id: int) -> ResponseReturnValue:
    """Add a stretch of time in which a place is open."""
    place = queries.place(session(), meeting, place_id)
    return add_hours(
        meeting,
        place.hours,
        lambda current, spans: services.set_opening_hours(current, place, spans, zone=meeting.zone),
        title=_("When is the place open?"),
        whose=formats.plain_words(place.name),
        back=url_for("meetings.edit_place", slug=meeting.slug, place_id=place.id),
    )


@bp.post("/meetings/<slug>/places/<int:place_id>/hours/clear")
@policy(access.in_meeting(Role.ORGANISER))
def clear_opening_hours(*, meeting: Meeting, actor: User, place_id: int) -> ResponseReturnValue:
    """Back to "open whenever the meeting is"."""
    with transaction() as current:
        services.set_opening_hours(current, queries.place(current, meeting, place_id), (), zone=meeting.zone)
    return redirect(url_for("meetings.edit_place", slug=meeting.slug, place_id=place_id))


@bp.post("/meetings/<slug>/places/<int:place_id>/delete")
@policy(access.in_meeting(Role.ORGANISER))
def remove_place(*, meeting: Meeting, actor: User, place_id: int) -> ResponseReturnValue:
    """Delete a place that nothing rests on."""
    with transaction() as current:
        services.remove_place(current, queries.place(current, meeting, place_id), actor=actor, now=clock.now())
    flash(_("The place is deleted."), "ok")
    return redirect(url_for("meetings.places", slug=meeting.slug))


def _place_form(meeting: Meeting, place: Place | None) -> tuple[PlaceForm, dict[int | None, Place]]:
    rooms: dict[int | None, Place] = {
        p.id: p for p in queries.places(session(), meeting) if p.kind is PlaceKind.ROOM and p is not place
    }
    form = PlaceForm(obj=place)
    form.room.choices = [(0, _("Stands alone")), *((p.id, formats.plain_words(p.name)) for p in rooms.values())]
    if place is not None:
        form.code.render_kw = {"readonly": True}
        if request.method == "GET":
            form.room.data = place.room_id or 0
    return form, rooms


@bp.route("/meetings/<slug>/people", methods=["GET", "POST"])
@policy(access.in_meeting(Role.ORGANISER))
def people(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Who holds which role; give one."""
    form = RoleForm()
    names = queries.delegation_names(session(), meeting)
    form.delegation.choices = [
        (0, _("None")),
        *((ident, formats.code_and_name(code, n)) for ident, code, n in names),
    ]
    if form.accepted():
        try:
            with transaction() as current:
                user = accounts.by_email(current, str(form.email.data))
                if user is None:
                    if not form.name.data:
                        raise Refused("no_such_account", field="name", email=form.email.data)
                    user = account_services.create_account(
                        current, email=str(form.email.data), name=str(form.name.data), now=clock.now()
                    )
                services.give_role(
                    current,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    user=user,
                    role=form.role.data,
                    delegation_id=form.delegation.data or None,
                )
                if user.password is None:
                    account_services.mail_password_address(current, user, actor=actor, now=clock.now())
            say_how_to_sign_in(user)
            return redirect(url_for("meetings.people", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    rows = queries.memberships(session(), meeting)
    codes = {ident: code for ident, code, _name in names}
    return render_template(
        "meetings/people.html", form=form, meeting=meeting, rows=rows, codes=codes, now=clock.now()
    ), status(form)


@bp.post("/meetings/<slug>/people/<int:membership_id>/address")
@policy(access.in_meeting(Role.ORGANISER))
def send_address(*, meeting: Meeting, actor: User, membership_id: int) -> ResponseReturnValue:
    """Send somebody who has no password yet the address at which it is chosen."""
    with transaction() as current:
        row = current.get(Membership, membership_id)
        if row is None or row.meeting_id != meeting.id or row.user.password is not None:
            raise NotFound("membership", membership_id)
        account_services.mail_password_address(current, row.user, actor=actor, now=clock.now())
    say_how_to_sign_in(row.user)
    return redirect(url_for("meetings.people", slug=meeting.slug))


@bp.post("/meetings/<slug>/people/<int:membership_id>/end")
@policy(access.in_meeting(Role.ORGANISER))
def end_role(*, meeting: Meeting, actor: User, membership_id: int) -> ResponseReturnValue:
    """End a role at once."""
    with transaction() as current:
        row = current.get(Membership, membership_id)
        if row is None or row.meeting_id != meeting.id:
            raise NotFound("membership", membership_id)
        services.end_role(current, row, actor=actor, now=clock.now())
    flash(_("The role has ended."), "ok")
    return redirect(url_for("meetings.people", slug=meeting.slug))
