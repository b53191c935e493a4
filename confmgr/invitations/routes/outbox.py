"""The outbox: every mail with its state, and one mail as its reader gets it but for its secret."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.invitations import letters, outgoing, rendering, services, wording
from confmgr.invitations.access import ORGANISER, organised_message
from confmgr.invitations.domain import MailKind, OutboxState
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.outgoing import Wanted
from confmgr.invitations.routes.blueprint import bp, settings
from confmgr.meetings.models import Meeting
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

Kind = TypeVar("Kind", bound=StrEnum)
AGAIN = frozenset({OutboxState.REFUSED, OutboxState.HELD})
ALL: Mapping[str, tuple[OutboxState, Callable[..., int]]] = {
    "hold": (OutboxState.WAITING, services.hold_all),
    "release": (OutboxState.HELD, services.release_all),
    "again": (OutboxState.REFUSED, services.try_all_again),
}
"""What is done to all mails of a state at once."""


@bp.get("/meetings/<slug>/outbox")
@policy(ORGANISER)
def outbox(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The mails, a page at a time; `?state=`, `?kind=` and `?to=` narrow them."""
    asked = request.args
    wanted = Wanted(_one_of(OutboxState, asked.get("state")), _one_of(MailKind, asked.get("kind")), asked.get("to", ""))
    found = outgoing.outbox(session(), meeting, wanted, max(1, min(asked.get("page", 1, type=int), 10**6)))
    return render_template(
        "invitations/outbox.html",
        meeting=meeting,
        wanted=wanted,
        found=found,
        states=[one for one in OutboxState if found.states.get(one) or one is wanted.state],
        kinds=[one for one in MailKind if found.kinds.get(one) or one is wanted.kind],
        narrowed={name: asked[name] for name in ("state", "kind", "to") if asked.get(name)},
        wording=wording,
        again=AGAIN,
    )


def _one_of(kind: type[Kind], text: str | None) -> Kind | None:
    if not text:
        return None
    if text not in set(kind):
        raise NotFound(kind.__name__, text)
    return kind(text)


@bp.route("/meetings/<slug>/outbox/all", methods=["GET", "POST"])
@policy(ORGANISER)
def outbox_all(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Hold all that wait, release all that are held, try all refused again: asked once more, then done."""
    deed = request.values.get("do", "hold")
    if deed not in ALL:
        raise NotFound("deed", deed)
    state, do = ALL[deed]
    if request.method == "POST":
        with transaction() as current:
            number = do(current, meeting, actor=actor, now=clock.now())
        flash(_done(deed, number), "ok")
        return redirect(url_for("invitations.outbox", slug=meeting.slug))
    number = outgoing.outbox(session(), meeting, Wanted(state)).number
    return render_template("invitations/outbox_all.html", meeting=meeting, deed=deed, number=number)


def _done(deed: str, number: int) -> str:
    if deed == "hold":
        return ngettext("%(num)s mail is held back.", "%(num)s mails are held back.", number)
    return ngettext("%(num)s mail is in the queue again.", "%(num)s mails are in the queue again.", number)


@bp.get("/meetings/<slug>/outbox/<uuid:uuid>")
@policy(organised_message)
def message(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """One mail: its headers, its text, its calendar and its parts."""
    raw = _bytes(row)
    letter = None if raw is None else letters.read(raw)
    return render_template(
        "invitations/message.html",
        meeting=meeting,
        row=row,
        title=wording.mail_title(row),
        hindrance=wording.hindrance(row),
        letter=letter,
        text=letter and letter.first("text/plain"),
        calendar=letter and letter.first("text/calendar"),
        may_try_again=row.state in AGAIN,
        may_hold=row.state is OutboxState.WAITING,
    )


def _bytes(row: OutboxMessage) -> bytes | None:
    """A mail as organisers may see it; None of one that cannot be written."""
    if row.raw is not None:
        return letters.masked(row.raw)
    if row.kind not in rendering.RENDERERS or row.state is OutboxState.REFUSED:
        return None
    return rendering.render(row, sender=rendering.sender(settings()), base_url=settings().base_url).raw


def _written(row: OutboxMessage) -> bytes:
    raw = _bytes(row)
    if raw is None:
        raise NotFound("mail", row.uuid)
    return raw


@bp.get("/meetings/<slug>/outbox/<uuid:uuid>.eml")
@policy(organised_message)
def raw_message(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """A mail to be opened in a mail program, as its reader got it but for the secret."""
    answer = Response(_written(row), mimetype="message/rfc822")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.uid or row.uuid}-{row.sequence or 0}.eml"'
    return answer


@bp.get("/meetings/<slug>/outbox/<uuid:uuid>/html")
@policy(organised_message)
def html_of_message(*, meeting: Meeting, actor: User, row: OutboxMessage) -> ResponseReturnValue:
    """The HTML part alone, shut in: no script, no form, nothing loaded."""
    part = letters.read(_written(row)).first("text/html")
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
