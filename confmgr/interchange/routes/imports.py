"""A workbook: template, preview, application."""

import io
import uuid as uuids

import xlsxwriter
from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotFound, NotReadable, Refused
from confmgr.gateways import clock
from confmgr.interchange import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.interchange import services
from confmgr.interchange.forms import ApplyForm, UploadForm
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.sheets import reading
from confmgr.interchange.sheets.checking import Fault, check
from confmgr.interchange.sheets.columns import COLUMNS, SHEETS
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import Arguments, policy

bp = Blueprint("interchange", __name__)
ORGANISER = in_meeting(Role.ORGANISER)
MOST_SHOWN = 200


def own_workbook(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a workbook that the same person uploaded: gives `meeting`, `actor` and `workbook`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    row = session.scalar(
        select(UploadedWorkbook).where(
            UploadedWorkbook.uuid == ident,
            UploadedWorkbook.meeting_id == given["meeting"].id,
            UploadedWorkbook.user_id == given["actor"].id,
        )
    )
    if row is None:
        raise NotFound("workbook", ident)
    return {**given, "workbook": row}


@bp.route("/meetings/<slug>/import", methods=["GET", "POST"])
@policy(ORGANISER)
def upload(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Choose a workbook; it is read and shown, and nothing is written yet."""
    form = UploadForm()
    if form.accepted():
        file = form.file.data
        name = file.filename or "workbook"
        try:
            sheets = reading.read(file.read(), name)
            with transaction() as current:
                row = services.keep(current, meeting, sheets, actor=actor, now=clock.now(), name=name)
            return redirect(url_for("interchange.preview", slug=meeting.slug, uuid=row.uuid))
        except NotReadable as unreadable:
            form.file.errors = [*form.file.errors, labels.sentence(unreadable)]
    return render_template("interchange/upload.html", form=form, meeting=meeting), 422 if form.errors else 200


@bp.route("/meetings/<slug>/import/<uuid:uuid>", methods=["GET", "POST"])
@policy(own_workbook)
def preview(*, meeting: Meeting, actor: User, workbook: UploadedWorkbook) -> ResponseReturnValue:
    """What the workbook would add, and everything that is wrong with it; then apply all of it."""
    sheets = [
        reading.Sheet(one["name"], one["rows"], [(row, column) for row, column in one["formulas"]])
        for one in workbook.sheets
    ]
    checked = check(sheets, services.known(session(), meeting))
    form = ApplyForm()
    if not checked.faults and form.accepted():
        try:
            with transaction() as current:
                done = services.apply(current, meeting, checked, actor=actor, now=clock.now())
                current.delete(workbook)
            added = sum(done.new.values())
            flash(ngettext("%(num)s row was added.", "%(num)s rows were added.", added), "ok")
            return redirect(url_for("delegations.table", slug=meeting.slug))
        except Refused as refused:
            form.form_errors.append(labels.sentence(refused))
    tally = services.tally(session(), meeting, checked)
    status = 422 if checked.faults or form.errors else 200
    return render_template(
        "interchange/preview.html",
        meeting=meeting,
        workbook=workbook,
        checked=checked,
        tally=tally,
        faults=[_said(fault) for fault in checked.faults[:MOST_SHOWN]],
        more=max(0, len(checked.faults) - MOST_SHOWN),
        form=form,
    ), status


def _said(fault: Fault) -> tuple[str, int, str, str]:
    column = "" if fault.column is None else fault.column.ko if formats.language() == "ko" else fault.column.en
    return fault.sheet, fault.row, column, labels.filled(fault.reason, fault.facts)


@bp.get("/meetings/<slug>/import/template.xlsx")
@policy(ORGANISER)
def template(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """An empty workbook with the headings in the reader's language, an example and notes."""
    korean = formats.language() == "ko"
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    notes = book.add_worksheet(_("Notes"))
    notes.set_column(0, 0, 100)
    for at, text in enumerate(
        (
            _("Fill the sheets that you need and delete the others; each row is one entry."),
            _("Bold headings must be filled. Several codes or languages are separated by commas."),
            _("Times are written like 2026-02-04 18:00, by the clock of the venue."),
            _("Nothing is written before you have seen what the workbook would add."),
        )
    ):
        notes.write_string(at, 0, text)
    for kind, columns in COLUMNS.items():
        sheet = book.add_worksheet(SHEETS[kind][1 if korean else 0])
        for at, column in enumerate(columns):
            heading = column.ko if korean else column.en
            sheet.write_string(0, at, heading, bold if column.needed else None)
            sheet.write_comment(0, at, column.example)
            sheet.set_column(at, at, max(14, len(heading) + 4))
        sheet.freeze_panes(1, 0)
    book.close()
    return Response(
        out.getvalue(),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{meeting.slug}-template.xlsx"'},
    )
