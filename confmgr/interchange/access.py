"""Rules of routes that show, send out and take in texts that are translated."""

import uuid as uuids

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import NotFound
from confmgr.interchange.models import UploadedTranslation
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role
from confmgr.values.languages import LANGUAGES
from confmgr.web.forms import SentTwice
from confmgr.web.policy import Arguments, staff

ORGANISER = in_meeting(Role.ORGANISER)


@staff
def translating(session: Session, arguments: Arguments) -> Arguments:
    """An organiser, for routes with `<language>`, one that confmgr speaks; gives `meeting`, `actor`, `language`."""
    given = ORGANISER(session, arguments)
    if given["language"] not in LANGUAGES:
        raise NotFound("language", given["language"])
    return given


@staff
def own_translation(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a file that the same person uploaded: gives `meeting`, `actor` and `uploaded`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    row = session.scalar(
        select(UploadedTranslation).where(
            UploadedTranslation.uuid == ident,
            UploadedTranslation.meeting_id == given["meeting"].id,
            UploadedTranslation.user_id == given["actor"].id,
        )
    )
    if row is None and request.method == "POST":  # applied or left a moment ago: the button was pressed twice
        raise SentTwice(url_for("interchange.translations", slug=given["meeting"].slug))
    if row is None:
        raise NotFound("translation", ident)
    return {**given, "uploaded": row}
