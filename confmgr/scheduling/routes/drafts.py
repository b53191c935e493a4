"""Named drafts of the working schedule: kept, compared with the present one, taken up again, deleted."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries, services, wording
from confmgr.scheduling.access import ORGANISER, organised_draft
from confmgr.scheduling.forms import DraftForm, TakeUpForm
from confmgr.scheduling.models import ScheduleDraft
from confmgr.scheduling.routes.blueprint import bp
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/meetings/<slug>/drafts", methods=["GET", "POST"])
@policy(ORGANISER)
def drafts(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The drafts kept so far, and a form to keep another one."""
    form = DraftForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.keep_draft(
                    current,
                    meeting,
                    actor=actor,
                    now=clock.now(),
                    name=str(form.name.data),
                    note=form.note.data or None,
                )
            flash(_("The working schedule is kept under that name."), "ok")
            return redirect(url_for("scheduling.drafts", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    rows = queries.drafts(session(), meeting)
    return render_template("scheduling/drafts.html", form=form, meeting=meeting, rows=rows), status(form)


@bp.route("/meetings/<slug>/drafts/<uuid:uuid>", methods=["GET", "POST"])
@policy(organised_draft)
def draft(*, meeting: Meeting, actor: User, draft: ScheduleDraft) -> ResponseReturnValue:
    """How a draft differs from the working schedule; taking it up is one step of undo."""
    form, earlier = TakeUpForm(), services.earlier_of(draft)
    if form.accepted():
        with transaction() as current:
            seen = form.seen.data or 0
            services.take_up(current, meeting, earlier, actor=actor, now=clock.now(), seen_revision=seen)
        flash(
            _("The working schedule is that draft again. Nobody is told before you publish; undo takes it back."), "ok"
        )
        return redirect(url_for("scheduling.schedule", slug=meeting.slug))
    found = services.look(session(), meeting, earlier)
    if request.method == "GET":
        form.seen.data = found.revision
    return render_template(
        "scheduling/draft.html", form=form, meeting=meeting, draft=draft, found=wording.take_up_in_words(found)
    ), status(form)


@bp.post("/meetings/<slug>/drafts/<uuid:uuid>/delete")
@policy(organised_draft)
def delete_draft(*, meeting: Meeting, actor: User, draft: ScheduleDraft) -> ResponseReturnValue:
    """Forget a draft."""
    with transaction() as current:
        services.delete_draft(current, draft, actor=actor, now=clock.now(), meeting=meeting)
    flash(_("The draft is deleted. The working schedule stays as it is."), "ok")
    return redirect(url_for("scheduling.drafts", slug=meeting.slug))
