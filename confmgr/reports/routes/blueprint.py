"""The blueprint that all pages of this room stand under, and how a document leaves the house."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.reports import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.values.languages import LANGUAGES
from confmgr.web import formats
from confmgr.web.db import transaction

bp = Blueprint("reports", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def language(*others: str) -> str:
    """The language that `?language=` asks for, else the page's; `others` are words that it may be besides.

    Raises:
        Refused: Documents do not speak it.
    """
    wanted = request.args.get("language") or formats.language()
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


def served(made: bytes, name: str, actor: User, now: datetime, meeting: Meeting | None = None) -> ResponseReturnValue:
    """A PDF, once its export is noted."""
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
        record(
            current,
            actor=actor,
            now=now,
            action="export",
            object_type="document",
            object_ids=[name, *map(str, ids)],
            meeting_id=None if meeting is None else meeting.id,
        )
