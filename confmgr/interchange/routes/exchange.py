"""Cases and leads of a meeting as files, for whoever may see them; and in again, for their own party."""

import json

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.cases.access import nominator
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.interchange import handing, services
from confmgr.interchange.access import own_exchange, own_taking
from confmgr.interchange.exchange import data, incoming, parts, stix, taking
from confmgr.interchange.exchange.arrived import arrivals, last_page
from confmgr.interchange.exchange.gathering import gather
from confmgr.interchange.exchange.workbook import workbook as as_workbook
from confmgr.interchange.forms import ApplyForm, ExchangeForm
from confmgr.interchange.models import EXCHANGE, UploadedWorkbook
from confmgr.interchange.routes.imports import MOST_SHOWN, bp
from confmgr.interchange.sheets.reading import Sheet
from confmgr.jobs.domain import OPEN, JobState
from confmgr.jobs.models import Job
from confmgr.meetings.access import in_meeting, roles_here
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Party
from confmgr.reports.routes.blueprint import XLSX, kept, language
from confmgr.sharing.queries import viewer_of
from confmgr.sharing.rule import Seat, strictest
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
    page = render_template(
        "interchange/take_in.html", form=form, meeting=meeting, last=parts.latest(session(), meeting, actor)
    )
    return page, 413 if form.too_large else status(form)


@bp.route("/meetings/<slug>/files/take-in/<uuid:uuid>", methods=["GET", "POST"])
@policy(own_exchange)
def look_at_exchange(*, meeting: Meeting, actor: User, seat: Seat, workbook: UploadedWorkbook) -> ResponseReturnValue:
    """What the file would bring, and what is wrong with it; then bring it in, or leave that to a job."""
    job = handing.under_way(session(), workbook, actor)
    if job is not None:
        return redirect(url_for("interchange.taking_in", slug=meeting.slug, uuid=job.uuid))
    read, now = incoming.read(json.loads(workbook.sheets[0]["rows"][0][0])), clock.now()
    party, viewer = session().get_one(Party, seat.party_id), viewer_of(session(), actor, now)
    found = None if read.brings is None else taking.plan(session(), meeting, party, viewer, read.brings, now)
    form = ApplyForm()
    if read.brings is not None and found is not None and form.accepted():
        try:
            with transaction() as current:
                if found.new > taking.AT_ONCE:
                    job = handing.hand_over(
                        current,
                        handing.TAKE_IN,
                        workbook,
                        len(found.rows),
                        actor=actor,
                        now=now,
                        more={"party": party.id},
                    )
                    return redirect(url_for("interchange.taking_in", slug=meeting.slug, uuid=job.uuid))
                written = taking.take(
                    current, meeting, party, viewer, read.brings, agency=_agency(seat), actor=actor, now=now
                )
                current.delete(workbook)
            flash(ngettext("%(num)s draft was written.", "%(num)s drafts were written.", written), "ok")
            return redirect(url_for("cases.table", slug=meeting.slug))
        except Refused as refused:
            form.form_errors.append(labels.sentence(refused))
    return render_template(
        "interchange/exchange_preview.html",
        meeting=meeting,
        workbook=workbook,
        faults=[(fault.place, labels.of(fault.wrong)) for fault in read.faults[:MOST_SHOWN]],
        more=max(0, len(read.faults) - MOST_SHOWN),
        found=found,
        marking=strictest(row.brought.tlp for row in found.rows) if found and found.rows else None,
        at_once=taking.AT_ONCE,
        form=form,
    ), 422 if read.faults or form.errors else 200


def _agency(seat: Seat) -> Agency | None:
    return None if seat.agency_id is None else session().get_one(Agency, seat.agency_id)


@bp.get("/meetings/<slug>/files/taking/<uuid:uuid>")
@policy(own_taking)
def taking_in(*, meeting: Meeting, actor: User, job: Job) -> ResponseReturnValue:
    """How far a job is that brings in a file, which the page asks by itself; then what came in, and what did not."""
    told, running, now = parts.Told.by(job), job.state in OPEN, clock.now()
    last = last_page(len(told.written))
    page = max(1, min(request.args.get("page", 1, type=int), last))
    left: dict[taking.Fate, list[str]] = {}
    for place, fate in told.left:
        left.setdefault(fate, []).append(place.replace(" ", "\N{NO-BREAK SPACE}"))
    shown = render_template(
        "interchange/taking.html",
        meeting=meeting,
        job=job,
        running=running,
        told=told,
        stopped=job.state is JobState.CANCELLED,
        broken=job.state is JobState.FAILED or told.end is parts.End.GONE,
        rows=[] if running else arrivals(session(), viewer_of(session(), actor, now), now, told.written, page),
        left=sorted(left.items()),
        page=page,
        last=last,
    )
    return shown, 200, {"Refresh": "2"} if running else {}


@bp.post("/meetings/<slug>/files/taking/<uuid:uuid>/stop")
@policy(own_taking)
def stop_taking(*, meeting: Meeting, actor: User, job: Job) -> ResponseReturnValue:
    """End it after the part that is being written; what is in stays."""
    if job.state in OPEN:
        with transaction() as current:
            parts.stop(current, job, now=clock.now())
    return redirect(url_for("interchange.taking_in", slug=meeting.slug, uuid=job.uuid))
