"""Cases and leads of a meeting as files, for whoever may see them; and in again, for their own party."""

import json

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.cases.access import nominator
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.interchange import services
from confmgr.interchange.access import EXCHANGE, own_exchange
from confmgr.interchange.exchange import data, incoming, stix, taking
from confmgr.interchange.exchange.gathering import gather
from confmgr.interchange.exchange.workbook import workbook as as_workbook
from confmgr.interchange.forms import ApplyForm, ExchangeForm
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.routes.imports import MOST_SHOWN, bp
from confmgr.interchange.sheets.reading import Sheet
from confmgr.meetings.access import in_meeting, roles_here
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Party
from confmgr.reports.routes.blueprint import XLSX, kept, language
from confmgr.sharing.queries import viewer_of
from confmgr.sharing.rule import Seat
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

READERS = in_meeting(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)
STIX = "application/stix+json;version=2.1"


@bp.get("/meetings/<slug>/files")
@policy(READERS)
def exchange(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """In which forms cases and leads can be taken along, and where they come in."""
    return render_template("interchange/exchange.html", meeting=meeting, may_import=bool(roles_here() & SPEAKERS))


@bp.get("/meetings/<slug>/files/cases-and-leads.<any(json, stix, xlsx):form>")
@policy(READERS)
def exchange_file(*, meeting: Meeting, actor: User, form: str) -> ResponseReturnValue:
    """What the reader may see, as a file; that it was taken is noted with the ids inside."""
    now = clock.now()
    found = gather(session(), meeting, viewer_of(session(), actor, now), now)
    ids, name = [item.uuid for item in found.items], f"cases-and-leads-{meeting.slug}"
    if form == "xlsx":
        return kept(as_workbook(found, language()), f"{name}.xlsx", XLSX, actor, now, ids, meeting)
    if form == "stix":
        return kept(_text(stix.bundle(found)), f"{name}.stix.json", STIX, actor, now, ids, meeting)
    return kept(_text(data.whole(found)), f"{name}.json", "application/json", actor, now, ids, meeting)


def _text(said: dict[str, object]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=1)


@bp.route("/meetings/<slug>/files/take-in", methods=["GET", "POST"])
@policy(nominator)
def take_in(*, meeting: Meeting, actor: User, seat: Seat) -> ResponseReturnValue:
    """Choose a file of cases and leads; it is read and shown, and nothing is written yet."""
    form = ExchangeForm()
    if form.accepted():
        with transaction() as current:
            row = services.keep(
                current, meeting, [Sheet(EXCHANGE, [[form.text]], [])], actor=actor, now=clock.now(), name=form.name
            )
        return redirect(url_for("interchange.look_at_exchange", slug=meeting.slug, uuid=row.uuid))
    return render_template("interchange/take_in.html", form=form, meeting=meeting), 413 if form.too_large else status(
        form
    )


@bp.route("/meetings/<slug>/files/take-in/<uuid:uuid>", methods=["GET", "POST"])
@policy(own_exchange)
def look_at_exchange(*, meeting: Meeting, actor: User, seat: Seat, workbook: UploadedWorkbook) -> ResponseReturnValue:
    """What the file would bring, and what is wrong with it; then bring it in."""
    read, now = incoming.read(json.loads(workbook.sheets[0]["rows"][0][0])), clock.now()
    party, viewer = session().get_one(Party, seat.party_id), viewer_of(session(), actor, now)
    form = ApplyForm()
    if read.brings is not None and form.accepted():
        try:
            with transaction() as current:
                done = taking.take(
                    current, meeting, party, viewer, read.brings, agency=_agency(seat), actor=actor, now=now
                )
                if not done.left:
                    current.delete(workbook)
            flash(ngettext("%(num)s draft was written.", "%(num)s drafts were written.", done.written), "ok")
            if done.left:
                return redirect(url_for("interchange.look_at_exchange", slug=meeting.slug, uuid=workbook.uuid))
            return redirect(url_for("cases.table", slug=meeting.slug))
        except Refused as refused:
            form.form_errors.append(labels.sentence(refused))
    found = None if read.brings is None else taking.plan(session(), meeting, party, viewer, read.brings, now)
    return render_template(
        "interchange/exchange_preview.html",
        meeting=meeting,
        workbook=workbook,
        faults=[(fault.place, labels.of(fault.wrong)) for fault in read.faults[:MOST_SHOWN]],
        more=max(0, len(read.faults) - MOST_SHOWN),
        found=found,
        at_once=taking.AT_ONCE,
        form=form,
    ), 422 if read.faults or form.errors else 200


def _agency(seat: Seat) -> Agency | None:
    return None if seat.agency_id is None else session().get_one(Agency, seat.agency_id)
