"""The working schedule and its sessions: organisers only; others see what is published."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations.models import Delegation, Interpreter
from confmgr.errors import Conflict, Refused
from confmgr.gateways import clock
from confmgr.meetings import queries as meetings
from confmgr.meetings.access import written_languages
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import judged, queries, services
from confmgr.scheduling.access import ORGANISER, organised_session
from confmgr.scheduling.conflicts import Clash, Severity, all_clashes
from confmgr.scheduling.forms import CancelForm, PlaceSessionForm, SessionForm
from confmgr.scheduling.labels import clash_sentence, session_names
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.routes import offers
from confmgr.scheduling.routes.blueprint import bp
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/sessions/<uuid:uuid>")
@policy(organised_session)
def show_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """One session of the working schedule, with what stands in its way."""
    return render_template(
        "scheduling/session.html",
        meeting=meeting,
        row=row,
        clashes=_clashes(meeting, row),
        is_open=queries.is_open(row),
    )


def _clashes(meeting: Meeting, row: MeetingSession) -> list[tuple[str, Severity]]:
    rows = queries.sessions(session(), meeting)
    found = all_clashes(judged.sittings(rows), judged.house(session(), meeting)).get(row.reference, [])
    names = session_names(rows)
    return [(clash_sentence(clash, names), clash.severity) for clash in found]


class Offered:
    """What a meeting has for the forms of a session."""

    def __init__(self, meeting: Meeting) -> None:
        self.places: list[Place] = meetings.places(session(), meeting)
        self.interpreters: list[Interpreter] = delegations.interpreters(session(), meeting)
        self.delegations: list[Delegation] = delegations.delegations(session(), meeting)

    def fill(self, form: PlaceSessionForm) -> None:
        """Put the choices into a form."""
        form.place.choices = offers.places(self.places)
        form.interpreters.choices = offers.interpreters(self.interpreters)

    def place(self, form: PlaceSessionForm) -> Place | None:
        """The chosen place."""
        return next((row for row in self.places if row.code == form.place.data), None)

    def crew(self, form: PlaceSessionForm) -> list[Interpreter]:
        """The chosen interpreters."""
        return offers.chosen(form.interpreters.data, self.interpreters, offers.ident)


@bp.route("/meetings/<slug>/sessions/new", methods=["GET", "POST"])
@policy(ORGANISER)
def add_session(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A new session: plenary, break, briefing, or a meeting that nobody asked for."""
    offered = Offered(meeting)
    form = _session_form(SessionForm(), meeting, offered)
    if form.accepted():
        try:
            with transaction() as current:
                row = services.create_session(
                    current,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    anyway=bool(form.anyway.data),
                    **_values(form, offered),
                )
                row.held_back = bool(form.held_back.data)
            flash(_("The session is in the working schedule. Nobody is told before you publish."), "ok")
            return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
        except Conflict as conflict:
            _show_conflict(form, meeting, conflict)
    return render_template("scheduling/session_form.html", form=form, meeting=meeting, row=None), status(form)


def _session_form(form: SessionForm, meeting: Meeting, offered: Offered) -> SessionForm:
    offered.fill(form)
    form.delegations.choices = offers.delegations(offered.delegations)
    form.title.languages = form.description.languages = written_languages(meeting)
    return form


def _values(form: SessionForm, offered: Offered) -> dict[str, Any]:
    return {
        "kind": form.kind.data,
        "starts": form.starts.data,
        "minutes": form.minutes.data or 0,
        "place": offered.place(form),
        "title": form.title.data,
        "description": form.description.data,
        "delegations": offers.chosen(form.delegations.data, offered.delegations, offers.code),
        "interpreters": offered.crew(form),
        "interpretation": form.pair_of(),
        "interpreters_wanted": form.interpreters_wanted.data or 0,
        "everybody": bool(form.everybody.data),
    }


def _show_conflict(form: PlaceSessionForm, meeting: Meeting, conflict: Conflict) -> None:
    names = session_names(queries.sessions(session(), meeting))
    sentences = [clash_sentence(clash, names) for clash in conflict.clashes if isinstance(clash, Clash)]
    form.starts.errors = [*form.starts.errors, *sentences]
    form.blocked = True


@bp.route("/meetings/<slug>/sessions/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(organised_session)
def edit_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Kind, words, delegations, time, place and interpreters of a session."""
    offered = Offered(meeting)
    form = _session_form(SessionForm(obj=_Stored(row)), meeting, offered)
    if request.method == "GET":
        form.show_pair(row.interpretation)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_session(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    seen_version=form.version.data,
                    held_back=bool(form.held_back.data),
                    anyway=bool(form.anyway.data),
                    **_values(form, offered),
                )
            flash(_("The session is changed. Nobody is told before you publish."), "ok")
            return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
        except Conflict as conflict:
            _show_conflict(form, meeting, conflict)
    return render_template("scheduling/session_form.html", form=form, meeting=meeting, row=row), status(form)


class _Stored:
    """A session as its forms show it: plain values, rows by what stands for them in a choice."""

    def __init__(self, row: MeetingSession) -> None:
        self.version = row.version
        self.starts = row.starts_local
        self.minutes = row.minutes
        self.place = "" if row.place is None else row.place.code
        self.interpreters = [offers.ident(link.interpreter) for link in row.interpreters]
        self.delegations = [offers.code(link.delegation) for link in row.delegations]
        self.kind = row.kind
        self.title, self.description = row.title, row.description
        self.everybody, self.held_back = row.everybody, row.held_back
        self.interpreters_wanted = row.interpreters_wanted


@bp.route("/meetings/<slug>/sessions/<uuid:uuid>/place", methods=["GET", "POST"])
@policy(organised_session)
def place_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Move a session to a time and a place, or back among the unplaced."""
    offered = Offered(meeting)
    form = PlaceSessionForm(obj=_Stored(row))
    offered.fill(form)
    if form.accepted():
        try:
            with transaction() as current:
                services.place_session(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    meeting=meeting,
                    seen_version=form.version.data,
                    starts=form.starts.data,
                    place=offered.place(form),
                    interpreters=offered.crew(form),
                    anyway=bool(form.anyway.data),
                )
            flash(_("The session is moved. Nobody is told before you publish."), "ok")
            page = "scheduling.board" if request.args.get("board") else "scheduling.schedule"
            return redirect(url_for(page, slug=meeting.slug, day=form.starts.data.date() if form.starts.data else None))
        except Refused as refused:
            form.refuse(refused)
        except Conflict as conflict:
            _show_conflict(form, meeting, conflict)
    return render_template("scheduling/place.html", form=form, meeting=meeting, row=row), status(form)


@bp.post("/meetings/<slug>/sessions/<uuid:uuid>/lock")
@policy(organised_session)
def lock_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Let the planner leave it where it is, or free it again (`locked` empty)."""
    with transaction() as current:
        services.lock_session(current, row, actor=actor, now=clock.now(), locked=bool(request.form.get("locked")))
    return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))


@bp.route("/meetings/<slug>/sessions/<uuid:uuid>/cancel", methods=["GET", "POST"])
@policy(organised_session)
def cancel_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Cancel a session, with the reason."""
    form = CancelForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.cancel_session(current, row, actor=actor, now=clock.now(), reason=form.reason.data)
            flash(_("The session is cancelled. Its people are told when you publish."), "ok")
            return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("scheduling/cancel.html", form=form, meeting=meeting, row=row), status(form)


@bp.post("/meetings/<slug>/sessions/<uuid:uuid>/restore")
@policy(organised_session)
def restore_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Undo a cancellation; if its time or place has been taken meanwhile, it comes back with the conflict shown."""
    with transaction() as current:
        services.restore_session(current, row, actor=actor, now=clock.now(), meeting=meeting, anyway=True)
    flash(_("The session takes place again. Its people are told when you publish."), "ok")
    return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))


@bp.post("/meetings/<slug>/sessions/<uuid:uuid>/held")
@policy(organised_session)
def hold_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Say that it took place, or with `absent` that a side did not come."""
    with transaction() as current:
        services.set_held(current, row, actor=actor, now=clock.now(), absent=bool(request.form.get("absent")))
    return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))


@bp.post("/meetings/<slug>/sessions/<uuid:uuid>/delete")
@policy(organised_session)
def delete_session(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Delete a session that was never published."""
    with transaction() as current:
        services.delete_session(current, row, actor=actor, now=clock.now())
    flash(_("The session is deleted."), "ok")
    return redirect(url_for("scheduling.schedule", slug=meeting.slug))
