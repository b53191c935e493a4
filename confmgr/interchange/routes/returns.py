"""The form of a reporting round as a workbook: downloaded, uploaded, looked at, then taken into the draft."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotAllowed, NotReadable, Refused
from confmgr.gateways import clock
from confmgr.interchange import services
from confmgr.interchange.access import own_return_workbook
from confmgr.interchange.forms import ApplyForm, UploadForm
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.returns import wording, workbook
from confmgr.interchange.returns.judging import Judged, judge
from confmgr.interchange.routes.imports import bp
from confmgr.interchange.sheets import reading
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.domain import AnswerKind, Publishing
from confmgr.outcomes.forms.rounds import name_of, saved_cells
from confmgr.outcomes.models import RoundReturn
from confmgr.outcomes.queries import RoundReader
from confmgr.outcomes.rounds_access import writer_of_return
from confmgr.outcomes.services import Texts
from confmgr.sharing.rule import Viewer
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import VersionField, status
from confmgr.web.policy import policy

MOST_SHOWN = 200


class ApplyReturnForm(ApplyForm):
    """Take a workbook into the draft that was looked at."""

    version = VersionField(default=0)


@bp.get("/returns/<uuid:uuid>/form.xlsx")
@policy(writer_of_return)
def return_form(*, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn) -> ResponseReturnValue:
    """The form of the own return, with what is saved of it, to be filled in away from the web."""
    asked = queries.asked_of(session(), row.round)
    content = workbook.write(
        wording.lines(asked, saved_cells(row.answers, asked)),
        {name: getattr(row, name) or "" for name in workbook.TEXTS if name != "publishing"}
        | {"publishing": row.publishing.value},
        wording.printed(formats.plain_words(row.party.short_name)),
        of=row.uuid,
    )
    with transaction() as current:
        record(
            current,
            actor=actor,
            now=clock.now(),
            action="export",
            object_type="round_return",
            object_uuid=row.uuid,
            meeting_id=row.round.meeting_id,
        )
    return Response(
        content,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="return-{row.party.code}.xlsx"'},
    )


@bp.route("/returns/<uuid:uuid>/workbook", methods=["GET", "POST"])
@policy(writer_of_return)
def upload_return(*, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn) -> ResponseReturnValue:
    """Choose the workbook; it is read and shown, and nothing is written yet."""
    meeting, of = _meeting(row), row.uuid
    if not queries.is_writable(row):
        return _closed(row)
    if request.method == "POST":
        session().commit()  # others may write while the file is read
    form, uploaded = UploadForm(), None
    if form.accepted():
        try:
            workbook.read(form.sheets, of, {}, {})
            with transaction() as current:
                uploaded = services.keep(
                    current, meeting, form.sheets, actor=actor, now=clock.now(), name=form.name, of=of
                )
            return redirect(url_for("interchange.preview_return", uuid=of, file=uploaded.uuid))
        except NotReadable as unreadable:
            form.file.errors = [*form.file.errors, labels.sentence(unreadable)]
    answer = 413 if form.too_large else status(form)
    return render_template(
        "outcomes/round_upload.html", form=form, row=row, round=row.round, operation=row.round.operation
    ), answer


@bp.route("/returns/<uuid:uuid>/workbook/<uuid:file>", methods=["GET", "POST"])
@policy(own_return_workbook)
def preview_return(
    *, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn, workbook: UploadedWorkbook
) -> ResponseReturnValue:
    """What the workbook would change in the draft and what is wrong with it, cell by cell; then apply it."""
    if not queries.is_writable(row):
        return _closed(row)
    judged = _judged(row, workbook)
    form = ApplyReturnForm(version=row.version)
    if not judged.faults and form.accepted():
        try:
            _apply(row, workbook, judged, form, actor)
            flash(_("The draft is saved. It is not handed in yet."), "ok")
            return redirect(url_for("outcomes.write_return", uuid=row.uuid))
        except Refused as refused:
            form.form_errors.append(labels.sentence(refused))
    return render_template(
        "outcomes/round_preview.html",
        operation=row.round.operation,
        round=row.round,
        row=row,
        workbook=workbook,
        judged=judged,
        faults=[(one.place, labels.sentence(one.problem)) for one in judged.faults[:MOST_SHOWN]],
        more=max(0, len(judged.faults) - MOST_SHOWN),
        changes=[(name_of(one.asked), wording.said(one.before), wording.said(one.after)) for one in judged.changes],
        texts=[str(wording.TEXTS[name]) for name in judged.changed_texts],
        form=form,
    ), 422 if judged.faults or form.errors else 200


def _apply(row: RoundReturn, kept: UploadedWorkbook, judged: Judged, form: ApplyReturnForm, actor: User) -> None:
    with transaction() as current:
        outcomes.save_return(
            current,
            row,
            actor=actor,
            now=clock.now(),
            seen_version=form.version.data,
            answers=judged.answers,
            texts=judged.texts,
        )
        current.delete(kept)


def _judged(row: RoundReturn, kept: UploadedWorkbook) -> Judged:
    asked = queries.asked_of(session(), row.round)
    sheets = [reading.Sheet.from_json(one) for one in kept.sheets]
    found = workbook.read(sheets, row.uuid, wording.meanings(AnswerKind), wording.meanings(Publishing))
    present = Texts(
        compiled_by=row.compiled_by,
        released_by=row.released_by,
        story=row.story,
        new_methods=row.new_methods,
        obstacles=row.obstacles,
        publishing=row.publishing,
    )
    return judge(found, asked, saved_cells(row.answers, asked), present)


def _meeting(row: RoundReturn) -> Meeting:
    if row.round.meeting is None:
        raise NotAllowed("upload a workbook")
    return row.round.meeting


def _closed(row: RoundReturn) -> ResponseReturnValue:
    flash(_("This return cannot be changed now: it was handed in, or the round is closed."), "info")
    return redirect(url_for("outcomes.show_return", uuid=row.uuid))
