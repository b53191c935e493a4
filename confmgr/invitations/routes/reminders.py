"""Reminders: by which rules a meeting sends them, what goes out next, and what went out."""

from collections import Counter
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.invitations import reminder_rows, services
from confmgr.invitations.access import ORGANISER
from confmgr.invitations.forms import SWITCHES, RemindersForm
from confmgr.invitations.models import ReminderPlan
from confmgr.invitations.reminder_rows import Coming
from confmgr.invitations.reminding import Rules
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

SHOWN = 100
"""Mails that the page lists of each sort."""
SOON = timedelta(hours=24)


@bp.route("/meetings/<slug>/reminders", methods=["GET", "POST"])
@policy(ORGANISER)
def reminders(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The rules, what goes out in the next 24 hours, and the last that went out."""
    form, now = RemindersForm(), clock.now()
    if form.accepted():
        with transaction() as current:
            seen = form.version.data
            services.change_plan(current, meeting, form.rules(), actor=actor, now=now, seen_version=seen)
        flash(_("The rules are saved. What goes out from now on follows them."), "ok")
        return redirect(url_for("invitations.reminders", slug=meeting.slug))
    plan = session().get(ReminderPlan, meeting.id)
    rules = reminder_rows.rules_of(plan)
    if request.method == "GET":
        form.show(rules)
        form.version.data = 0 if plan is None else plan.version
    return render_template(
        "invitations/reminders.html", form=form, meeting=meeting, **_mails(meeting, rules, now)
    ), status(form)


def _mails(meeting: Meeting, rules: Rules, now: datetime) -> dict[str, object]:
    ahead = _ahead(meeting, rules, now)
    return {
        "switches": SWITCHES,
        "coming": ahead[:SHOWN],
        "counts": sorted(Counter((one.reminder.at, one.reminder.kind) for one in ahead).items()),
        "total": len(ahead),
        "sent": reminder_rows.went_out(session(), meeting, SHOWN),
    }


def _ahead(meeting: Meeting, rules: Rules, now: datetime) -> list[Coming]:
    """What goes out in the next 24 hours and is not written yet."""
    publication_id = reminder_rows.publication_of(session(), meeting)
    if publication_id is None:
        return []
    found = reminder_rows.coming(session(), meeting, rules, publication_id, now, now + SOON)
    known = reminder_rows.written(session(), [one.reminder.once for one in found])
    return [one for one in found if one.reminder.once not in known]
