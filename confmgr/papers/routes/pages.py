"""The agenda as everybody in the meeting reads it, and the next edition made from this one."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, written_languages
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.papers import copying, queries
from confmgr.papers.copying import Wanted
from confmgr.papers.forms import CopyForm
from confmgr.papers.routes.blueprint import bp
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/agenda")
@policy(in_meeting())
def agenda(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The annotated agenda: its items, what each asks of delegations, when it is dealt with, and its documents."""
    languages = [(tag, OWN_NAMES[tag]) for tag in LANGUAGES]
    found = queries.annotated(session(), meeting)
    return render_template("papers/agenda.html", meeting=meeting, agenda=found, languages=languages)


@bp.route("/meetings/<slug>/copy", methods=["GET", "POST"])
@policy(in_meeting(Role.ORGANISER))
def copy_meeting(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Plan the next edition from this one."""
    form = CopyForm(number=meeting.number + 1) if request.method == "GET" else CopyForm()
    form.title.languages = written_languages(meeting)
    if form.accepted():
        try:
            with transaction():
                made = _copy(form, meeting, actor)
            flash(_("The meeting is planned. Look through its places, participants and agenda."), "ok")
            return redirect(url_for("meetings.home", slug=made.slug))
        except Refused as refused:
            form.refuse(refused)
    return render_template("papers/copy.html", form=form, meeting=meeting), status(form)


def _copy(form: CopyForm, meeting: Meeting, actor: User) -> Meeting:
    return copying.copy_meeting(
        session(),
        meeting,
        actor=actor,
        now=clock.now(),
        slug=str(form.slug.data),
        number=form.number.data or 1,
        title=form.title.data,
        starts_on=form.starts_on.data or date.min,
        wanted=Wanted(
            places=bool(form.places.data),
            parties=bool(form.parties.data),
            agenda=bool(form.agenda.data),
            skeleton=bool(form.skeleton.data),
            organisers=bool(form.organisers.data),
        ),
    )
