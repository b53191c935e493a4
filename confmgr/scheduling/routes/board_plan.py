"""The automatic schedule on the board: started, watched, drawn as a difference, taken in whole or in part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import board as boards
from confmgr.scheduling import plan_words, plans, queries, services, wording
from confmgr.scheduling.access import ORGANISER, organised_plan
from confmgr.scheduling.board import Card
from confmgr.scheduling.domain import AppliedState, Keep, Prefer
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import PlanRun
from confmgr.scheduling.plan_checks import Doubt, doubts
from confmgr.scheduling.routes import cards, steps
from confmgr.scheduling.routes.blueprint import bp
from confmgr.scheduling.routes.cards import Drawn, Frame
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

SECONDS = (3, 20, 60)
"""What the planner may be given from the board."""


@bp.route("/meetings/<slug>/board/plan", methods=["GET", "POST"])
@policy(ORGANISER)
def board_plan(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What to keep and how long to think; posted, it starts a run."""
    if request.method == "GET":
        return render_template(
            "scheduling/_board_plan.html",
            meeting=meeting,
            seconds=SECONDS,
            keeps=tuple(Keep),
            keep=Keep.PLACED if queries.waits(session(), meeting) else Keep.CLOSE,  # else there is nothing to look for
            prefers=tuple(Prefer),
        )
    data = steps.sent()
    given: Mapping[str, Any] = data if isinstance(data, dict) else {}
    seconds = next((n for n in SECONDS if str(n) == str(given.get("seconds"))), SECONDS[0])
    try:
        with transaction() as current:
            run = plans.start_plan(
                current,
                meeting,
                actor=actor,
                now=clock.now(),
                keep=next((one for one in Keep if one.value == given.get("keep")), Keep.PLACED),
                prefer=next((one for one in Prefer if one.value == given.get("prefer")), Prefer.IDLE),
                seconds=seconds,
            )
    except Refused as refused:
        return {"problem": labels.sentence(refused)}, 422
    return {"run": str(run.uuid)}


@bp.get("/meetings/<slug>/board/plan/<uuid:uuid>")
@policy(organised_plan)
def board_plan_run(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """How far a run is; once it is offered, its difference from the schedule as it stands."""
    job = run.job
    working = plans.is_working(run)
    offered = [] if run.plan is None or run.state is not AppliedState.OFFERED else _proposals(meeting, run)
    notes = run.options.get("notes", ()) if offered else ()
    html = render_template(
        "scheduling/_board_plan_run.html", meeting=meeting, run=run, job=job, working=working, offered=offered,
        counts=_counts(offered), left_out=_left_out(meeting, run),
        progress=plan_words.progress(job.result) if job is not None and working else None,
        stopping=job is not None and job.cancel_asked,
        ended=plan_words.end_sentence(run.options.get("end")),
        broken_off=plan_words.broken_off(run),
        notes=plan_words.note_sentences(notes, _names(meeting) if notes else None),
        levels=plan_words.levels_of(run),
    )  # fmt: skip
    return {
        "working": working,
        "html": html,
        "cards": [cards.numbers(one.drawn) for one in offered if one.kind != "same"],
    }


@bp.post("/meetings/<slug>/board/plan/<uuid:uuid>/cancel")
@policy(organised_plan)
def board_plan_cancel(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """Ask the planner to stop; an offered plan is put aside."""
    with transaction() as current:
        if run.state is AppliedState.OFFERED:
            plans.discard(current, run)
        elif plans.is_working(run):
            plans.stop(current, run, now=clock.now())
    return {"cancelled": True}


@bp.post("/meetings/<slug>/board/plan/<uuid:uuid>/take")
@policy(organised_plan)
def board_plan_take(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """Apply what was ticked, as one step of undo."""
    data = steps.sent()
    chosen = data.get("take") if isinstance(data, dict) else None
    wanted = {str(one) for one in chosen} if isinstance(chosen, list) else set()
    after = steps.after_of_request()
    try:
        with transaction() as current:
            left = plans.apply_plan(current, run, meeting=meeting, actor=actor, now=clock.now(), only=wanted)
    except Refused as refused:
        return {"problem": labels.sentence(refused)}, 422
    answer = steps.told(session(), meeting, actor, after, services.revision_of(session(), meeting))
    taken = len(wanted) - len(left)
    said = ngettext("%(num)s change applied.", "%(num)s changes applied.", taken)
    if left:
        said = f"{said} {wording.left_as_they_were(left)}"
    return answer | {"said": said, "taken_back": not taken}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One placement of a plan beside what is now; in `doubt` if it cannot be taken.

    `kind`: `placed`, `moved`, `replaced` (only another place), `same`.
    """

    kind: str
    drawn: Drawn
    name: str
    was: str
    doubt: Doubt | None


def _proposals(meeting: Meeting, run: PlanRun) -> list[Proposal]:
    board = boards.load(session(), meeting)
    frame, grid = Frame(board, meeting.slot_minutes), Grid(meeting)
    by_reference = {card.reference: card for card in board.shown()}
    places = {code: ident for ident, code in board.codes.items()}
    doubtful = doubts(session(), meeting, run, queries.sessions(session(), meeting))
    found = []
    for reference, placement in (run.plan or {}).get("placements", {}).items():
        card = by_reference.get(reference)
        place = places.get(placement["place"])
        if card is None or place is None:
            continue
        planned = replace(card, starts=grid.start(placement["start"]), place=place)
        was = "" if card.starts is None else f"{cards.when(card)}, {cards.where(board, card)}"
        found.append(
            Proposal(
                kind=_kind(planned, card),
                drawn=cards.drawn(frame, planned, {}),
                name=cards.short_name(board, card),
                was=was,
                doubt=doubtful.get(reference),
            )
        )
    return sorted(found, key=lambda one: (one.drawn.day or 0, one.drawn.start, one.name))


def _kind(planned: Card, card: Card) -> str:
    if card.starts is None:
        return "placed"
    if planned.starts != card.starts:
        return "moved"
    return "same" if planned.place == card.place else "replaced"


def _counts(offered: list[Proposal]) -> dict[str, int]:
    return {kind: sum(one.kind == kind for one in offered) for kind in ("placed", "moved", "replaced", "same")}


def _names(meeting: Meeting) -> dict[str, str]:
    """What the board calls its sessions, by reference."""
    board = boards.load(session(), meeting)
    return {card.reference: cards.short_name(board, card) for card in board.shown()}


def _left_out(meeting: Meeting, run: PlanRun) -> list[tuple[str, str, str, bool]]:
    if run.plan is None or run.state is not AppliedState.OFFERED:
        return []
    board = boards.load(session(), meeting)
    known = {card.reference: card for card in board.shown()}
    names = {reference: cards.short_name(board, card) for reference, card in known.items()}
    grid, wished = Grid(meeting), run.options.get("wished")
    reasons = {one["meeting"]: one for one in run.plan["because"]}
    why = {key: plan_words.because_sentence(one, names, grid, wished) for key, one in reasons.items()}
    return [
        (
            str(known[one].uuid),
            cards.short_name(board, known[one]),
            why.get(one, ""),
            plan_words.was_counted(reasons.get(one)),
        )
        for one in run.plan["unplaced"]
        if one in known
    ]
