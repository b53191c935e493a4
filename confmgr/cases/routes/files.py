"""Files under cases and leads: added by the author, read by whoever may read what they stand under."""

from collections.abc import Iterable

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from confmgr.accounts.models import User
from confmgr.cases import attaching
from confmgr.cases.access import authored, seen
from confmgr.cases.files import LARGEST
from confmgr.cases.forms import FileForm
from confmgr.cases.routes.blueprint import bp, of_both, page_of
from confmgr.cases.routes.late import say
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.headers import saved_as
from confmgr.web.policy import policy

NEVER_A_PAGE = "default-src 'none'; sandbox; frame-ancestors 'none'"


@of_both("files", authored, ("add_case_file", "add_lead_file"), asks=True)
def add_file(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Put a file under a case or lead."""
    form, back = FileForm(), page_of(item)
    if form.accepted():
        try:
            with transaction():
                attach_all([form.file.data], item, actor)
            flash(_("The file is added. Whoever may read this may open it."), "ok")
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    page = render_template("cases/file.html", form=form, meeting=meeting, item=item, back=back, most=LARGEST // 2**20)
    return page, status(form)


def attach_all(given: Iterable[FileStorage] | None, item: Item, actor: User) -> None:
    """Put what a form sent under a case or lead."""
    for one in given or ():
        attaching.attach(
            session(), item, actor=actor, now=clock.now(), name=str(one.filename or ""), content=one.read(LARGEST + 1)
        )


@bp.get("/documents/<uuid:uuid>")
@policy(seen(ItemKind.DOCUMENT))
def document(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """The file itself, to be saved and never shown as a page."""
    now = clock.now()
    row, letter = attaching.get_file(session(), item), sharing.letter_of(session(), viewer, item, now)
    if letter is None:
        raise NotFound("item", item.uuid)
    showing.opened(session(), item, letter)
    answer = Response(row.content, mimetype=row.media_type)
    answer.headers["Content-Disposition"] = saved_as(row.name)
    answer.headers["Content-Security-Policy"] = NEVER_A_PAGE
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/documents/<uuid:uuid>/remove")
@policy(authored(ItemKind.DOCUMENT))
def remove_document(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Take a file away from all but its author."""
    with transaction() as current:
        done = attaching.remove(current, item, actor=actor, now=clock.now())
    say(_("The file is removed. Copies that others have taken already cannot be called back."), "warning", done=done)
    return _back(item)


@bp.post("/documents/<uuid:uuid>/restore")
@policy(authored(ItemKind.DOCUMENT))
def restore_document(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Bring a removed file back."""
    with transaction() as current:
        done = attaching.bring_back(current, item, actor=actor, now=clock.now())
    say(_("The file is back."), "ok", done=done)
    return _back(item)


def _back(item: Item) -> ResponseReturnValue:
    return redirect(page_of(session().get_one(Item, item.parent_id)))
