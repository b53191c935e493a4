"""Rules of routes that stand at an uploaded file, and of those that show, send out and take in translated texts."""

import uuid as uuids
from typing import TypeVar

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.access import nominator
from confmgr.errors import NotFound
from confmgr.interchange.handing import TAKE_IN
from confmgr.interchange.models import EXCHANGE, UploadedTranslation, UploadedWorkbook
from confmgr.jobs.models import Job
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role
from confmgr.outcomes.rounds_access import writer_of_return
from confmgr.values.languages import LANGUAGES
from confmgr.web.forms import SentTwice
from confmgr.web.policy import Arguments, Rule, staff

Upload = TypeVar("Upload", UploadedTranslation, UploadedWorkbook)
ORGANISER = in_meeting(Role.ORGANISER)


@staff
def translating(session: Session, arguments: Arguments) -> Arguments:
    """An organiser, for routes with `<language>`, one that confmgr speaks; gives `meeting`, `actor`, `language`."""
    given = ORGANISER(session, arguments)
    if given["language"] not in LANGUAGES:
        raise NotFound("language", given["language"])
    return given


def own_upload(kind: type[Upload], gives: str, back: str) -> Rule:
    """An organiser and a file that the same person uploaded: gives `meeting`, `actor` and the file as `gives`.

    `back` is the page to which a button leads that was pressed twice.
    """

    def rule(session: Session, arguments: Arguments) -> Arguments:
        ident: uuids.UUID = arguments.pop("uuid")
        given = ORGANISER(session, arguments)
        meeting = given["meeting"]
        row = _uploaded(session, kind, ident, meeting.id, given["actor"], url_for(back, slug=meeting.slug))
        return {**given, gives: row}

    return staff(rule)


def _uploaded(
    session: Session, kind: type[Upload], ident: uuids.UUID, meeting_id: int | None, by: User, back: str
) -> Upload:
    row: Upload | None = session.scalar(
        select(kind).where(kind.uuid == ident, kind.meeting_id == meeting_id, kind.user_id == by.id)
    )
    if row is not None:
        return row
    if request.method == "POST":  # it was applied or left a moment ago
        raise SentTwice(back)
    raise NotFound("file", ident)


def own_return_workbook(session: Session, arguments: Arguments) -> Arguments:
    """A writer of a return and a workbook that the same person uploaded for it: gives `row`, `actor`, `workbook`, …."""
    ident: uuids.UUID = arguments.pop("file")
    given = writer_of_return(session, arguments)
    of, back = given["row"].round.meeting_id, url_for("outcomes.show_return", uuid=given["row"].uuid)
    workbook = _uploaded(session, UploadedWorkbook, ident, of, given["actor"], back)
    return {**given, "workbook": workbook}


own_translation = own_upload(UploadedTranslation, "uploaded", "interchange.translations")
own_workbook = own_upload(UploadedWorkbook, "workbook", "interchange.upload")


def own_exchange(session: Session, arguments: Arguments) -> Arguments:
    """Somebody who speaks for a delegation and a file of cases and leads that the same person uploaded.

    Gives `meeting`, `actor`, `seat` and `workbook`.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = nominator(session, arguments)
    back = url_for("interchange.take_in", slug=given["meeting"].slug)
    row = _uploaded(session, UploadedWorkbook, ident, given["meeting"].id, given["actor"], back)
    if [one["name"] for one in row.sheets] != [EXCHANGE]:
        raise NotFound("file", ident)
    return {**given, "workbook": row}


def own_taking(session: Session, arguments: Arguments) -> Arguments:
    """A member of the meeting and a job with which the same person brings in a file: gives `meeting`, `actor`, `job`.

    Who speaks for no delegation any more is still told what had come in.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = in_meeting()(session, arguments)
    job = session.scalar(
        select(Job).where(
            Job.uuid == ident,
            Job.kind == TAKE_IN,
            Job.meeting_id == given["meeting"].id,
            Job.owner_id == given["actor"].id,
        )
    )
    if job is None:
        raise NotFound("job", ident)
    return {**given, "job": job}
