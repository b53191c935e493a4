"""The blueprint that all pages of this room stand under, and how a document leaves the house."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.gateways.pdf import PdfFailed
from confmgr.jobs.services import enqueue, open_jobs
from confmgr.meetings.models import Meeting
from confmgr.reports import cache
from confmgr.reports import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.reports.orders import Order, sealed
from confmgr.reports.printing import Print
from confmgr.sharing import showing
from confmgr.sharing.outgoing import look_again
from confmgr.values.languages import LANGUAGES
from confmgr.web import formats
from confmgr.web.db import session, transaction

bp = Blueprint("reports", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PATIENCE = 10.0
"""Seconds that a request stands in line for the press of its process; then the document becomes a job."""


def language(*others: str, default: str | None = None) -> str:
    """The language that `?language=` asks for, else the default or the page's; `others` are words that it may be too.

    Raises:
        Refused: Documents do not speak it.
    """
    wanted = request.args.get("language") or default or formats.language()
    if wanted not in {*LANGUAGES, *others}:
        raise Refused("unknown_language", field="language", language=wanted)
    return wanted


def beside(first: str) -> str | None:
    """The second language that `?with=` asks for beside the first; None without one.

    Raises:
        Refused: Documents do not speak it, or it is the first.
    """
    wanted = request.args.get("with")
    if not wanted:
        return None
    if wanted not in LANGUAGES:
        raise Refused("unknown_language", field="with", language=wanted)
    if wanted == first:
        raise Refused("one_language_twice", field="with")
    return wanted


def delivered(order: Order, actor: User, now: datetime, meeting: Meeting | None = None) -> ResponseReturnValue:
    """The file: kept from before, made at once, or once a job has made it.

    A job only makes; the file is given here, by the same address, when the same page is written for the reader again.
    What somebody lost the right to see in between is then not in the page, and the file that has it is not found.
    """
    name, ready = order.files[0]
    key = order.key
    made = cache.kept(session(), [key]).get(key)
    if made is None and not order.heavy:
        made = _at_once(ready)
    if made is None:
        return _handed_over(order, key, actor, now, meeting)
    with transaction() as current:
        cache.keep(current, {key: made}, now)
        _note(current, actor, now, order.name or name, meeting)
    return Response(
        made,
        mimetype=f"application/{order.ending}",
        headers={
            "Content-Disposition": f'inline; filename="{order.name or name}.{order.ending}"',
            "Cache-Control": "no-store",
        },
    )


def served(made: bytes, name: str, actor: User, now: datetime, meeting: Meeting | None = None) -> ResponseReturnValue:
    """A PDF that is kept as it is, once its export is noted."""
    audit(actor, now, name, meeting)
    return Response(
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"},
    )


def workbook(
    made: bytes, name: str, actor: User, now: datetime, ids: Iterable[object], meeting: Meeting | None = None
) -> ResponseReturnValue:
    """An XLSX file to keep, once its export is noted with the ids of what stands in it."""
    return kept(made, f"{name}.xlsx", XLSX, actor, now, ids, meeting)


def kept(
    made: bytes | str,
    name: str,
    mimetype: str,
    actor: User,
    now: datetime,
    ids: Iterable[object],
    meeting: Meeting | None = None,
) -> ResponseReturnValue:
    """A file to keep, once its export is noted with the ids of what stands in it."""
    audit(actor, now, name, meeting, ids)
    return Response(
        made,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def audit(actor: User, now: datetime, name: str, meeting: Meeting | None, ids: Iterable[object] = ()) -> None:
    """Note who took which document, and the ids of what stands in it where they are given."""
    with transaction() as current:
        _note(current, actor, now, name, meeting, ids)


def _at_once(ready: Print) -> bytes | None:
    try:
        return ready.pdf(wait=PATIENCE)
    except PdfFailed as failed:
        if failed.reason != "busy":
            raise
        return None


def _handed_over(order: Order, key: str, actor: User, now: datetime, meeting: Meeting | None) -> ResponseReturnValue:
    sealed_key = f"{key[:48]}{actor.id:016d}"
    with transaction() as current:
        job = next((job for job in open_jobs(current, "print_document", actor) if job.args["key"] == key), None)
        if job is None:
            cache.drop(current, sealed_key)
            cache.keep(current, {sealed_key: sealed(order)}, now)
            arguments = {"key": key, "order": sealed_key, "page": _here()}
            meeting_id = None if meeting is None else meeting.id
            job = enqueue(current, "print_document", arguments, owner=actor, now=now, meeting_id=meeting_id)
    return redirect(url_for("jobs.show", uuid=job.uuid))


def _here() -> list[Any]:
    """This address, as `url_for` takes it, without what would tell `url_for` itself to make another one of it."""
    given = {name: str(value) for name, value in (request.view_args or {}).items()}
    asked = {name: value for name, value in request.args.items() if not name.startswith("_")}
    return [request.endpoint, {**asked, **given}]


def _note(
    current: Session, actor: User, now: datetime, name: str, meeting: Meeting | None, ids: Iterable[object] = ()
) -> None:
    shown = showing.taken(current)
    look_again(current, actor, now, shown)
    record(
        current,
        actor=actor,
        now=now,
        action="export",
        object_type="document",
        object_ids=list(dict.fromkeys((name, *map(str, ids), *(shown.all if shown else ())))),
        meeting_id=None if meeting is None else meeting.id,
    )
