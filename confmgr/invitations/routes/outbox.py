"""The outbox: every mail with its state, and one mail as its reader gets it."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.invitations import letters, queries, rendering, services
from confmgr.invitations.access import ORGANISER, organised_message
from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering import title_of
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

AGAIN = frozenset({OutboxState.REFUSED, OutboxState.HELD})


@bp.get("/meetings/<slug>/outbox")
@policy(ORGANISER)
def outbox(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The last 500 messages; `?state=` narrows them."""
    state = _state(request.args.get("state"))
    rows = queries.outbox(session(), meeting, [state] if state else [])
    counts = queries.outbox_counts(session(), meeting)
    return render_template(
        "invitations/outbox.html",
        meeting=meeting,
        rows=[(row, row.subject or _about(row)) for row in rows],
        counts={one: counts[one] for one in OutboxState if counts.get(one) or one is state},
        total=sum(counts.values()),
        state=state,
        again=AGAIN,
    )


def _about(row: OutboxMessage) -> str:
    """What a mail that is not rendered yet will be about."""
    session = row.facts.get("session")
    return labels.of(row.kind) if session is None else title_of(session, formats.language())


def _state(text: str | None) -> OutboxState | None:
    if not text:
        return None
    if text not in set(OutboxState):
        raise NotFound("state", text)
    return OutboxState(text)


@bp.get("/meetings/<slug>/outbox/<uuid:uuid>")
@policy(organised_message)
def message(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """One mail: its headers, its text, its calendar and its parts."""
    letter = letters.read(_bytes(row))
    return render_template(
        "invitations/message.html",
        meeting=meeting,
        row=row,
        letter=letter,
        text=letter.first("text/plain"),
        calendar=letter.first("text/calendar"),
        may_try_again=row.state in AGAIN,
        may_hold=row.state is OutboxState.WAITING,
    )


def _bytes(row: OutboxMessage) -> bytes:
    if row.raw is not None:
        return row.raw
    settings: Settings = current_app.extensions["confmgr"]
    return rendering.render(row, sender=rendering.sender(settings), base_url=settings.base_url).raw


@bp.get("/meetings/<slug>/outbox/<uuid:uuid>.eml")
@policy(organised_message)
def raw_message(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """The bytes of a mail, to be opened in a mail program."""
    answer = Response(_bytes(row), mimetype="message/rfc822")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.uid or row.uuid}-{row.sequence or 0}.eml"'
    return answer


@bp.get("/meetings/<slug>/outbox/<uuid:uuid>/html")
@policy(organised_message)
def html_of_message(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """The HTML part alone, shut in: no script, no form, nothing loaded."""
    part = letters.read(_bytes(row)).first("text/html")
    if part is None:
        raise NotFound("part", "text/html")
    answer = Response(part.text, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.post("/meetings/<slug>/outbox/<uuid:uuid>/try-again")
@policy(organised_message)
def try_again(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """Send a refused or held mail, with the same bytes."""
    with transaction() as current:
        services.try_again(current, row, actor=actor, now=clock.now())
    flash(_("The mail is in the queue again."), "ok")
    return redirect(url_for("invitations.outbox", slug=meeting.slug))


@bp.post("/meetings/<slug>/outbox/<uuid:uuid>/hold")
@policy(organised_message)
def hold(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """Keep a waiting mail back."""
    with transaction() as current:
        services.hold(current, row, actor=actor, now=clock.now())
    flash(_("The mail is held back until you send it."), "ok")
    return redirect(url_for("invitations.outbox", slug=meeting.slug))
