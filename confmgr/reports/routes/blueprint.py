"""The blueprint that all pages of this room stand under, and how a document leaves the house."""

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


def audit(actor: User, now: datetime, name: str, meeting: Meeting | None) -> None:
    """Note who took which document."""
    with transaction() as current:
        record(
            current,
            actor=actor,
            now=now,
            action="export",
            object_type="document",
            object_ids=[name],
            meeting_id=None if meeting is None else meeting.id,
        )
