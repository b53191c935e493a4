"""Publishing: what would change, who hears of it and in which words; a choice of it is published."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from confmgr.accounts.models import User
from confmgr.errors import Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.invitations import asked as asking
from confmgr.invitations import letters, queries, rendering, services, wording
from confmgr.invitations.access import ORGANISER
from confmgr.invitations.asked import Asked
from confmgr.invitations.domain import Difference
from confmgr.invitations.forms import PublishForm
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.routes.blueprint import bp, mail_domain, settings
from confmgr.invitations.services import Preview
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries as schedule
from confmgr.scheduling.services import LaterStep
from confmgr.scheduling.services.commands import later
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

NOT_YET = "***"
"""Stands for the secret of an answer link, which is made when the mail leaves."""


@bp.route("/meetings/<slug>/publish", methods=["GET", "POST"])
@policy(ORGANISER)
def publish(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What changes when you publish; the confirmation publishes exactly what is ticked, once its numbers were seen."""
    form = PublishForm()
    asked = asking.read(request.values, posted=request.method == "POST")
    if asked.publish and asked.settled and form.accepted():
        try:
            return _published(form, meeting, actor, asked)
        except Refused as refused:
            form.refuse(refused)
        except StaleVersion:
            return _page(form, meeting, asked, stale=True), 409
    return _page(form, meeting, asked), status(form)


def _published(form: PublishForm, meeting: Meeting, actor: User, asked: Asked) -> ResponseReturnValue:
    with transaction() as current:
        services.publish(
            current,
            meeting,
            actor=actor,
            now=clock.now(),
            domain=mail_domain(),
            note=form.note.data or None,
            seen=form.seen.data,
            chosen=asked.chosen,
        )
    held = len(asked.shown_held)
    if held:
        said = ngettext(
            "Published. %(num)s change stays held back until somebody ticks it.",
            "Published. %(num)s changes stay held back until somebody ticks them.",
            held,
        )
    else:
        said = _("Published. The mails leave now.")
    flash(said, "ok")
    return redirect(url_for("invitations.outbox", slug=meeting.slug))


def _page(form: PublishForm, meeting: Meeting, asked: Asked, *, stale: bool = False) -> str:
    preview = services.preview(session(), meeting, asked.chosen, now=clock.now())
    form.seen.data = preview.mark
    groups = asking.grouped(preview.changes)
    nights = wording.nights(preview.zones, clock.now())
    return render_template(
        "invitations/publish.html",
        form=form,
        meeting=meeting,
        asked=asked,
        preview=preview,
        last=queries.latest(session(), meeting),
        revision=schedule.schedule_revision(session(), meeting),
        groups={name: [(one, wording.change_in_words(one)) for one in rows] for name, rows in groups.items()},
        asking_groups=asking.GROUPS,
        wording=wording,
        nights=nights,
        silent=[wording.person(one) for one in preview.silent],
        shown=_sample(meeting, preview, asked),
        stale=_stale(meeting, preview, asked) if stale else None,
    )


@dataclass(frozen=True, slots=True)
class Stale:
    """What has changed behind a page: sessions whose difference is another one, and who did what meanwhile."""

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    steps: tuple[tuple[LaterStep, str], ...]


def _stale(meeting: Meeting, preview: Preview, asked: Asked) -> Stale:
    rows = schedule.sessions(session(), meeting)
    references = {row.id: row.reference for row in rows}
    steps = later(session(), meeting, asked.revision, {str(row.id): None for row in rows})
    return Stale(
        changed=tuple(one.reference for one in asked.changed(preview.changes)),
        gone=tuple(asked.gone(preview.changes)),
        steps=tuple((step, formats.series([references[ident] for ident in step.session_ids])) for step in steps),
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail that would leave, as its reader gets it or in the language of the page; `spoken` is its reader's."""

    choices: tuple[tuple[str, str, bool], ...]
    position: int
    message: OutboxMessage
    letter: letters.Letter
    body: Markup
    spoken: str


def _sample(meeting: Meeting, preview: Preview, asked: Asked) -> Sample | None:
    shown = {one.session_id: one for one in preview.changes}
    titles = {one.session_id: rendering.title_of(one.after, formats.language()) for one in preview.changes}
    order = {one.session_id: at for at, one in enumerate(_in_order(preview))}
    mailed = sorted(preview.mailed, key=lambda one: order[one.session_id])
    if not mailed:
        return None
    keys = [f"{shown[one.session_id].reference}.{services.person_key(one.person)}" for one in mailed]
    at = keys.index(asked.to) if asked.to in keys else 0
    message = services.sample(meeting, mailed[at], clock.now(), mail_domain())
    spoken = message.language
    if asked.translated:
        message.language = formats.language()
    done = rendering.render(message, sender=rendering.sender(settings()), base_url=settings().base_url, token=NOT_YET)
    letter = letters.read(done.raw)
    html = letter.first("text/html")
    return Sample(
        choices=tuple(
            (key, f"{wording.person(one.person)}: {titles[one.session_id]}", key == keys[at])
            for key, one in zip(keys, mailed, strict=True)
        ),
        position=at + 1,
        message=message,
        letter=letter,
        body=Markup(letters.body(html.text) if html else ""),  # noqa: S704  # our own template wrote and escaped it
        spoken=spoken,
    )


def _in_order(preview: Preview) -> Sequence[Difference]:
    return [one for rows in asking.grouped(preview.changes).values() for one in rows]
