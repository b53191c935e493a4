"""Files for translators: out, and in again with a look before anything is written."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock, converters
from confmgr.interchange import queries, services, wording
from confmgr.interchange.access import own_translation, translating
from confmgr.interchange.domain import WRITTEN, Judged, Outcome, mark_of
from confmgr.interchange.models import UploadedTranslation
from confmgr.interchange.routes.imports import bp
from confmgr.interchange.routes.texts import say_what_is_saved
from confmgr.interchange.texts import po, workbook
from confmgr.interchange.texts.files import wanted
from confmgr.interchange.texts.forms import ApplyTranslationsForm, TranslationsForm
from confmgr.meetings.models import Meeting
from confmgr.values.languages import OWN_NAMES
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

MOST_SHOWN = 300
TYPES = {
    "po": "text/x-gettext-translation; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlf": "application/xliff+xml",
}


@bp.get("/meetings/<slug>/translations/<language>/texts.<any(po, xlsx, xlf):kind>")
@policy(translating)
def texts_file(*, meeting: Meeting, actor: User, language: str, kind: str) -> ResponseReturnValue:
    """Every text of the meeting that can be translated into a language, with what is translated already."""
    if kind == "xlf" and not converters.installed():
        raise NotFound
    content = _workbook(meeting, language) if kind == "xlsx" else _po(meeting, language)
    if kind == "xlf":
        content = converters.to_xliff(content)
    with transaction() as current:
        record(
            current,
            actor=actor,
            now=clock.now(),
            action="export",
            object_type="text",
            meeting_id=meeting.id,
            facts={"language": language, "kind": kind},
        )
    name = f"{meeting.slug}-{language}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=TYPES[kind], headers=headers)


def _po(meeting: Meeting, language: str) -> bytes:
    return po.write(
        queries.texts(session(), meeting),
        language,
        meeting=meeting.uuid,
        title=formats.plain_words(meeting.title),
        notes=wording.notes(language),
        now=clock.now(),
    )


def _workbook(meeting: Meeting, language: str) -> bytes:
    pieces = wanted(queries.texts(session(), meeting), language)
    return workbook.write(
        pieces,
        [wording.what(piece) for piece in pieces],
        language,
        meeting=meeting.uuid,
        notes=wording.notes(language),
        korean=formats.language() == "ko",
    )


@bp.route("/meetings/<slug>/translations/<language>/upload", methods=["GET", "POST"])
@policy(translating)
def upload_translations(*, meeting: Meeting, actor: User, language: str) -> ResponseReturnValue:
    """Choose a file that translators sent back; it is read and shown, and nothing is written yet."""
    if request.method == "POST":
        session().commit()  # others may write while the file is read
    form = TranslationsForm(meeting, language)
    if form.accepted():
        with transaction() as current:
            row = services.keep_translations(
                current, meeting, language, form.found.entries, actor=actor, now=clock.now(), name=form.name
            )
        return redirect(url_for("interchange.look_at_translations", slug=meeting.slug, uuid=row.uuid))
    answer = 413 if form.too_large else status(form)
    return render_template(
        "interchange/texts_upload.html",
        form=form,
        meeting=meeting,
        language=language,
        own_names=OWN_NAMES,
        xliff=converters.installed(),
    ), answer


@bp.route("/meetings/<slug>/translations/file/<uuid:uuid>", methods=["GET", "POST"])
@policy(own_translation)
def look_at_translations(*, meeting: Meeting, actor: User, uploaded: UploadedTranslation) -> ResponseReturnValue:
    """What a file would change, row by row, and what is refused of it; then apply the rest in one go."""
    language, form = uploaded.language, ApplyTranslationsForm()
    judged = services.judged(session(), meeting, uploaded)
    if form.accepted():
        try:
            with transaction() as current:
                number = services.apply_translations(
                    current, meeting, uploaded, seen=str(form.seen.data), actor=actor, now=clock.now()
                )
            say_what_is_saved(number, [one.piece for one in judged if one.piece and one.outcome in WRITTEN])
            return redirect(url_for("interchange.texts", slug=meeting.slug, language=language))
        except Refused as refused:
            form.form_errors.append(wording.sentence(refused))
    form.seen.data = mark_of(judged, language)
    return _preview(meeting, uploaded, judged, form)


def _preview(
    meeting: Meeting, uploaded: UploadedTranslation, judged: list[Judged], form: ApplyTranslationsForm
) -> ResponseReturnValue:
    counts = {outcome: sum(one.outcome is outcome for one in judged) for outcome in Outcome}
    telling = [one for outcome in (Outcome.REFUSED, *WRITTEN) for one in judged if one.outcome is outcome]
    return render_template(
        "interchange/texts_preview.html",
        meeting=meeting,
        uploaded=uploaded,
        language=uploaded.language,
        own_names=OWN_NAMES,
        counts=counts,
        number=sum(counts[outcome] for outcome in WRITTEN),
        rows=telling[:MOST_SHOWN],
        more=max(0, len(telling) - MOST_SHOWN),
        what=wording.kind_of,
        why=wording.sentence,
        form=form,
    ), status(form)


@bp.post("/meetings/<slug>/translations/file/<uuid:uuid>/leave")
@policy(own_translation)
def leave_translations(*, meeting: Meeting, actor: User, uploaded: UploadedTranslation) -> ResponseReturnValue:
    """Forget a file without applying it."""
    with transaction() as current:
        current.delete(uploaded)
    flash(_("The file is forgotten; nothing was changed."), "info")
    return redirect(url_for("interchange.texts", slug=meeting.slug, language=uploaded.language))
