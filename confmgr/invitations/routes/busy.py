"""When a delegate has something else: read from a calendar file, shown, and only then kept."""

from contextlib import closing

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import busy as services
from confmgr.delegations.busy_file import LARGEST, Found, read
from confmgr.delegations.models import Delegate
from confmgr.errors import NotReadable, Refused
from confmgr.gateways import clock
from confmgr.invitations import busy_times
from confmgr.invitations.access import MEMBER, busy_person
from confmgr.invitations.forms import BusyFileForm, BusyTimesForm
from confmgr.invitations.freebusy import window
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.values.times import Span
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/my-agenda/busy")
@policy(MEMBER)
def my_busy_times(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """To the own busy times."""
    ident = busy_times.own_person(session(), meeting, actor.id)
    return redirect(url_for("invitations.busy", slug=meeting.slug, uuid=ident))


@bp.route("/meetings/<slug>/delegates/<uuid:uuid>/busy", methods=["GET", "POST"])
@policy(busy_person)
def busy(*, meeting: Meeting, actor: User, person: Delegate) -> ResponseReturnValue:
    """What is kept of a delegate, and the form for a file; then what the file says, before it is kept."""
    form = BusyFileForm()
    found = None
    if form.validate_on_submit():  # reading writes nothing, so that the form may come again
        try:
            found = _read(form, meeting, person)
        except NotReadable as wrong:
            form.file.errors = [labels.sentence(wrong)]
    kept = [Span(row.starts_at, row.ends_at) for row in person.busy]
    spans = kept if found is None else found.spans
    return render_template(
        "invitations/busy.html",
        meeting=meeting,
        person=person,
        form=form,
        found=found,
        keep=None if found is None else _keep_form(found, meeting),
        days=busy_times.by_day(spans, meeting.zone),
        is_own=person.user_id == actor.id,
    ), status(form)


def _read(form: BusyFileForm, meeting: Meeting, person: Delegate) -> Found:
    with closing(form.file.data) as file:
        content = file.read(LARGEST + 1)
    found = read(
        content,
        whole=window(meeting),
        venue=meeting.zone,
        own=person.zone,
        is_ours=busy_times.is_ours(session(), meeting, person),
    )
    if len(found.spans) > services.MOST:
        raise NotReadable("too_many_busy_times", most=services.MOST)
    return found


def _keep_form(found: Found, meeting: Meeting) -> BusyTimesForm:
    return BusyTimesForm(formdata=None, times=busy_times.packed(found.spans, window(meeting)))


@bp.post("/meetings/<slug>/delegates/<uuid:uuid>/busy/keep")
@policy(busy_person)
def keep_busy(*, meeting: Meeting, actor: User, person: Delegate) -> ResponseReturnValue:
    """Keep the times that the page showed, in the place of those before."""
    form = BusyTimesForm()
    with transaction() as current:
        if not form.accepted():
            raise Refused("not_a_calendar")
        spans = busy_times.unpacked(form.times.data or "", window(meeting))
        services.keep_busy(current, person, spans, actor=actor, now=clock.now(), meeting=meeting)
    flash(_("The busy times are kept. Nobody was told of them, and nobody sees what they are."), "ok")
    return redirect(url_for("invitations.busy", slug=meeting.slug, uuid=person.uuid))


@bp.post("/meetings/<slug>/delegates/<uuid:uuid>/busy/forget")
@policy(busy_person)
def forget_busy(*, meeting: Meeting, actor: User, person: Delegate) -> ResponseReturnValue:
    """Forget them."""
    with transaction() as current:
        services.forget_busy(current, person, actor=actor, now=clock.now(), meeting=meeting)
    flash(_("The busy times are forgotten."), "ok")
    return redirect(url_for("invitations.busy", slug=meeting.slug, uuid=person.uuid))
