"""What was published so far: all of it for organisers, each one's own changes for everybody else; and the way back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.invitations import asked, going_back, log, queries, unsound, wording
from confmgr.invitations.access import MEMBER, ORGANISER, organised_publication
from confmgr.invitations.log import Published
from confmgr.invitations.models import Publication
from confmgr.invitations.routes.blueprint import bp
from confmgr.invitations.unsound import Unsound
from confmgr.meetings.models import Meeting
from confmgr.scheduling import services as schedule
from confmgr.scheduling.forms import TakeUpForm
from confmgr.scheduling.wording import take_up_in_words
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/publications")
@policy(ORGANISER)
def publications(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What was published so far."""
    return render_template(
        "invitations/publications.html",
        meeting=meeting,
        rows=queries.publications(session(), meeting),
        unsound=[_named(row) for row in unsound.sessions(session(), meeting)],
    )


def _named(one: Unsound) -> str:
    return f"{one.reference} ({formats.date_short(one.starts)}, {formats.clock(one.starts)}, {one.zone})"


@bp.get("/meetings/<slug>/publications/<uuid:uuid>")
@policy(organised_publication)
def publication(*, meeting: Meeting, actor: User, publication: Publication) -> ResponseReturnValue:
    """What one publication changed."""
    return render_template(
        "invitations/publication.html",
        meeting=meeting,
        publication=publication,
        groups=_groups(log.differences(session(), meeting, publication)),
        wording=wording,
    )


def _groups(rows: list[Published]) -> dict[str, list[tuple[Published, wording.Change]]]:
    found = {
        name: [(one, wording.change_in_words(one.heard)) for one in rows if one.heard.change in kinds]
        for name, kinds in asked.GROUPS.items()
    }
    return {name: group for name, group in found.items() if group}


@bp.route("/meetings/<slug>/publications/<uuid:uuid>/go-back", methods=["GET", "POST"])
@policy(organised_publication)
def go_back(*, meeting: Meeting, actor: User, publication: Publication) -> ResponseReturnValue:
    """What going back to a publication would change in the working schedule; does it in one step of undo."""
    form, earlier = TakeUpForm(), going_back.earlier_of(session(), meeting, publication)
    if form.accepted():
        with transaction() as current:
            seen = form.seen.data or 0
            schedule.take_up(current, meeting, earlier, actor=actor, now=clock.now(), seen_revision=seen)
        flash(_("The working schedule is as it was published then. Nobody is told before you publish."), "ok")
        return redirect(url_for("invitations.publish", slug=meeting.slug))
    found = schedule.look(session(), meeting, earlier)
    if request.method == "GET":
        form.seen.data = found.revision
    return render_template(
        "invitations/go_back.html",
        form=form,
        meeting=meeting,
        publication=publication,
        found=take_up_in_words(found),
    ), status(form)


@bp.get("/meetings/<slug>/my-changes")
@policy(MEMBER)
def my_changes(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What publications changed for the reader, and nothing of anybody else."""
    delegate_ids, interpreter_ids = queries.persons_of(session(), meeting, actor)
    rows = log.own_changes(session(), meeting, delegate_ids=delegate_ids, interpreter_ids=interpreter_ids)
    return render_template(
        "invitations/my_changes.html",
        meeting=meeting,
        rows=[(one.at, [wording.change_in_words(what) for what in one.heard]) for one in rows],
    )
