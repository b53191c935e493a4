"""Publishing: what would change, who hears of it, and what was published so far."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.invitations import queries, services
from confmgr.invitations.access import ORGANISER
from confmgr.invitations.domain import ChangeKind, Difference, Facts
from confmgr.invitations.forms import PublishForm
from confmgr.invitations.rendering import place_of, title_of
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

ORDER = (ChangeKind.CANCELLED, ChangeKind.MOVED, ChangeKind.NEW, ChangeKind.AGAIN, ChangeKind.CHANGED)


@dataclass(frozen=True, slots=True)
class Change:
    """One session in the preview, in the reader's language; `before` is empty for a new one."""

    title: str
    before: str
    after: str
    people: int


@bp.route("/meetings/<slug>/publish", methods=["GET", "POST"])
@policy(ORGANISER)
def publish(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What changes when you publish; the confirmation publishes exactly that."""
    form = PublishForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.publish(
                    current,
                    meeting,
                    actor=actor,
                    now=clock.now(),
                    domain=_settings().mail_from.rpartition("@")[2],
                    note=form.note.data or None,
                    seen=form.seen.data,
                )
            flash(_("Published. The mails leave now."), "ok")
            return redirect(url_for("invitations.outbox", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    preview = services.preview(session(), meeting)
    if request.method == "GET":
        form.seen.data = preview.mark
    return render_template(
        "invitations/publish.html",
        form=form,
        meeting=meeting,
        preview=preview,
        last=queries.latest(session(), meeting),
        groups=_groups(preview.changes),
    ), 422 if form.errors else 200


def _settings() -> Settings:
    settings: Settings = current_app.extensions["confmgr"]
    return settings


def _groups(changes: tuple[Difference, ...]) -> list[tuple[ChangeKind, list[Change]]]:
    found: dict[ChangeKind, list[Change]] = {kind: [] for kind in ORDER}
    for one in changes:
        found[one.change].append(_change(one))
    return [(kind, rows) for kind, rows in found.items() if rows]


def _change(one: Difference) -> Change:
    before = "" if one.before is None else when_and_where(one.before)
    return Change(title_of(one.after, formats.language()), before, when_and_where(one.after), one.people)


def when_and_where(facts: Facts) -> str:
    """`Thu 5 Feb 10:20–11:00, Table 3` of a session's facts, in the reader's language."""
    starts, ends = (datetime.fromisoformat(facts[name]) for name in ("starts_local", "ends_local"))
    text = f"{formats.day(starts.date())} {formats.clock(starts)}–{formats.clock(ends)}"
    place = place_of(facts, formats.language())
    return f"{text}, {place}" if place else text


@bp.get("/meetings/<slug>/publications")
@policy(ORGANISER)
def publications(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What was published so far."""
    return render_template(
        "invitations/publications.html", meeting=meeting, rows=queries.publications(session(), meeting)
    )
