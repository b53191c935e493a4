"""Plans: asked for, watched, looked at, taken or put aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings import queries as meetings
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import plan_words, plans, queries, wording
from confmgr.scheduling.access import ORGANISER, organised_plan
from confmgr.scheduling.conflicts import Clash
from confmgr.scheduling.domain import AppliedState, Keep, key_name
from confmgr.scheduling.forms import PlanForm, TakeForm
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.labels import session_names
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.scheduling.plan_checks import Doubt, doubts
from confmgr.scheduling.routes.blueprint import bp
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@dataclass(frozen=True, slots=True)
class Proposal:
    """One placement of a plan as its page shows it; in `doubt` if the session has changed since, or clashes by now."""

    reference: str
    row: MeetingSession | None
    starts: datetime
    place: Place | None
    interpreters: tuple[str, ...]
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A session that a plan leaves out, and why; `was_counted` where no second solve has found the same."""

    reference: str
    row: MeetingSession | None
    why: list[str]
    was_counted: bool


@bp.route("/meetings/<slug>/plan", methods=["GET", "POST"])
@policy(ORGANISER)
def plan(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Ask the planner, and the runs so far."""
    form = PlanForm()
    if form.accepted():
        try:
            with transaction() as current:
                keep = Keep.LOCKED if form.again.data else Keep.PLACED
                run = plans.start_plan(current, meeting, actor=actor, now=clock.now(), keep=keep)
            return redirect(url_for("scheduling.show_plan", slug=meeting.slug, uuid=run.uuid))
        except Refused as refused:
            form.refuse(refused)
    rows = queries.sessions(session(), meeting)
    runs = queries.plan_runs(session(), meeting)
    return render_template(
        "scheduling/plan.html",
        form=form,
        meeting=meeting,
        history=plan_words.history(runs, queries.steps_of_runs(session(), runs)),
        waiting=sum(row.starts_local is None and queries.is_open(row) for row in rows),
    ), status(form)


@bp.route("/meetings/<slug>/plan/<uuid:uuid>", methods=["GET", "POST"])
@policy(organised_plan)
def show_plan(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """What a plan proposes, what it leaves out and why; takes what is ticked."""
    if run.state is AppliedState.RUNNING and request.method == "GET":
        return _at_work(meeting, run)
    rows = {row.reference: row for row in queries.sessions(session(), meeting)}
    proposals = _proposals(meeting, run, rows)
    form = TakeForm()
    form.take.choices = [(p.reference, p.reference) for p in proposals]
    if request.method == "GET":
        form.take.data = [p.reference for p in proposals if not p.doubt]
    if form.accepted():
        with transaction() as current:
            left = plans.apply_plan(
                current, run, meeting=meeting, actor=actor, now=clock.now(), only=set(form.take.data or ())
            )
        _tell(len(set(form.take.data or ()) - left.keys()), left)
        if run.state is AppliedState.OFFERED:
            return redirect(url_for("scheduling.show_plan", slug=meeting.slug, uuid=run.uuid))
        return redirect(url_for("scheduling.schedule", slug=meeting.slug))
    return render_template(
        "scheduling/plan_run.html",
        form=form,
        meeting=meeting,
        run=run,
        proposals=proposals,
        left_out=_left_out(meeting, run, rows),
        levels=plan_words.levels_of(run),
        ended=plan_words.end_sentence(run.options.get("end")),
        broken_off=plan_words.broken_off(run),
        notes=plan_words.note_sentences(run.options.get("notes", ()), session_names(rows.values())),
        is_offered=run.state is AppliedState.OFFERED,
    ), status(form)


def _at_work(meeting: Meeting, run: PlanRun) -> ResponseReturnValue:
    """How far the planner is; the page asks again by itself, and is the plan once there is one."""
    working = plans.is_working(run)
    stopping = run.job is not None and run.job.cancel_asked
    page = render_template(
        "scheduling/plan_work.html",
        meeting=meeting,
        run=run,
        working=working,
        stopping=stopping,
        progress=plan_words.progress(run.job.result) if run.job is not None and working else None,
        ended=plan_words.end_sentence(None),
        notes=plan_words.note_sentences(run.options.get("notes", ())),
    )
    return page, 200, {"Refresh": "1"} if working else {}


def _tell(taken: int, left: Mapping[str, Sequence[Clash]]) -> None:
    if taken or not left:
        flash(_("Sessions placed as planned: %(count)s.", count=taken), "ok")
    if left:
        flash(wording.left_as_they_were(left), "warning")


def _proposals(meeting: Meeting, run: PlanRun, rows: Mapping[str, MeetingSession]) -> list[Proposal]:
    if run.plan is None:
        return []
    grid = Grid(meeting)
    found_doubts = doubts(session(), meeting, run, list(rows.values())) if run.state is AppliedState.OFFERED else {}
    places = {place.code: place for place in meetings.places(session(), meeting)}
    found = [
        _proposal(
            reference, placement, found_doubts.get(reference), rows.get(reference), places.get(placement["place"]), grid
        )
        for reference, placement in run.plan["placements"].items()
    ]
    return sorted(found, key=lambda p: (p.starts, p.reference))


def _proposal(
    reference: str,
    placement: Mapping[str, Any],
    doubt: Doubt | None,
    row: MeetingSession | None,
    place: Place | None,
    grid: Grid,
) -> Proposal:
    return Proposal(
        reference,
        row,
        grid.start(placement["start"]),
        place,
        tuple(key_name(name) for name in placement["interpreters"]),
        doubt,
    )


def _left_out(meeting: Meeting, run: PlanRun, rows: Mapping[str, MeetingSession]) -> list[LeftOut]:
    if run.plan is None:
        return []
    names, grid, wished = session_names(rows.values()), Grid(meeting), run.options.get("wished")
    reasons = {one["meeting"]: one for one in run.plan["because"]}
    why = {key: plan_words.because_sentences(one, names, grid, wished) for key, one in reasons.items()}
    return [
        LeftOut(one, rows.get(one), why.get(one, []), was_counted=plan_words.was_counted(reasons.get(one)))
        for one in run.plan["unplaced"]
    ]


@bp.post("/meetings/<slug>/plan/<uuid:uuid>/stop")
@policy(organised_plan)
def stop_plan(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """End the search; the best plan so far is offered."""
    with transaction() as current:
        plans.stop(current, run, now=clock.now())
    return redirect(url_for("scheduling.show_plan", slug=meeting.slug, uuid=run.uuid))


@bp.post("/meetings/<slug>/plan/<uuid:uuid>/discard")
@policy(organised_plan)
def discard_plan(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """Put an offered plan aside."""
    with transaction() as current:
        plans.discard(current, run)
    flash(_("The plan is put aside. The schedule stays as it was."), "ok")
    return redirect(url_for("scheduling.plan", slug=meeting.slug))
