"""A workbook: template, preview, application."""

from enum import Enum

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.interchange import handing, services
from confmgr.interchange.access import ORGANISER, own_workbook
from confmgr.interchange.forms import ApplyForm, UploadForm
from confmgr.interchange.labels import known_words, name_of
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.sheets import reading
from confmgr.interchange.sheets.checking import check
from confmgr.interchange.sheets.entries import Fault
from confmgr.meetings.models import Meeting
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

bp = Blueprint("interchange", __name__)
MOST_SHOWN = 200
AT_ONCE = 80
"""Rows of a workbook that are brought in while its organiser waits; more are left to a job."""


@bp.route("/meetings/<slug>/import", methods=["GET", "POST"])
@policy(ORGANISER)
def upload(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Choose a workbook; it is read and shown, and nothing is written yet."""
    if request.method == "POST":
        session().commit()  # others may write while the file is read
    form = UploadForm()
    if form.accepted():
        with transaction() as current:
            row = services.keep(current, meeting, form.sheets, actor=actor, now=clock.now(), name=form.name)
        return redirect(url_for("interchange.preview", slug=meeting.slug, uuid=row.uuid))
    answer = 413 if form.too_large else status(form)
    return render_template("interchange/upload.html", form=form, meeting=meeting), answer


@bp.route("/meetings/<slug>/import/<uuid:uuid>", methods=["GET", "POST"])
@policy(own_workbook)
def preview(*, meeting: Meeting, actor: User, workbook: UploadedWorkbook) -> ResponseReturnValue:
    """What the workbook would add, and everything that is wrong with it; then apply all of it."""
    sheets = [reading.Sheet.from_json(one) for one in workbook.sheets]
    have = services.known(session(), meeting)
    checked = check(sheets, have, known_words())
    form = ApplyForm()
    if not checked.faults and form.accepted():
        if checked.size > AT_ONCE:  # SQLite has one writer at a time: others would wait for all of it
            with transaction() as current:
                job = handing.hand_over(current, handing.WORKBOOK, workbook, checked.size, actor=actor, now=clock.now())
            return redirect(url_for("jobs.show", uuid=job.uuid))
        try:
            with transaction() as current:
                done = services.apply(current, meeting, checked, actor=actor, now=clock.now())
                current.delete(workbook)
            added = sum(done.new.values())
            flash(ngettext("%(num)s row was added.", "%(num)s rows were added.", added), "ok")
            return redirect(url_for("delegations.table", slug=meeting.slug))
        except Refused as refused:
            form.form_errors.append(labels.sentence(refused))
    tally = services.tally(session(), meeting, checked, have)
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


def _said(fault: Fault) -> tuple[str, str, str]:
    """The sheet, the cell, and what is wrong with it."""
    facts = {name: _listed(fact) if isinstance(fact, tuple) else fact for name, fact in fault.facts.items()}
    sentence = labels.sentence(Refused(fault.reason, field=None, **facts))
    if fault.column is None:
        return fault.sheet, _("row %(row)s", row=fault.row), sentence
    column = fault.column.ko if formats.language() == "ko" else fault.column.en
    return fault.sheet, _("row %(row)s, %(column)s", row=fault.row, column=column), sentence


def _listed(members: tuple[Enum, ...]) -> str:
    return ", ".join(name_of(member) for member in members)
