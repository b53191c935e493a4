"""What plans are read for: how good the schedule is, two plans beside each other, a taken plan taken back."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings import queries as meetings
from confmgr.meetings.models import Meeting
from confmgr.scheduling import comparing, plan_words, plans, queries, scoring
from confmgr.scheduling.access import ORGANISER, organised_plan
from confmgr.scheduling.labels import clash_sentence, session_names
from confmgr.scheduling.models import PlanRun
from confmgr.scheduling.routes.blueprint import bp
from confmgr.web import paging
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

DIFFERENT = 50
"""Sessions of a page that two plans place otherwise."""


@bp.get("/meetings/<slug>/plan/score")
@policy(ORGANISER)
def score(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The schedule as it stands, judged as plans are."""
    found = scoring.score(session(), meeting)
    names = session_names([*(row for row, _clashes in found.broken), *found.unplaced])
    return render_template(
        "scheduling/score.html",
        meeting=meeting,
        found=found,
        levels=plan_words.level_lines(found.levels),
        broken=[(row, [clash_sentence(one, names) for one in clashes]) for row, clashes in found.broken],
        notes=plan_words.note_sentences(found.notes, names),
    )


@bp.get("/meetings/<slug>/plan/<uuid:uuid>/compare")
@policy(organised_plan)
def compare_plan(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """A plan beside the schedule as it stands, or beside the one of `?with=`."""
    other = _other(meeting, request.args.get("with"))
    found = comparing.compare(meeting, queries.sessions(session(), meeting), run, other)
    page, last, different = paging.part(found.different, DIFFERENT)
    return render_template(
        "scheduling/plan_compare.html",
        meeting=meeting,
        run=run,
        other=other,
        runs=[one for one in queries.plan_runs(session(), meeting) if one.plan and one.id != run.id],
        found=found,
        page=page,
        last=last,
        different=different,
        level_title=plan_words.level_title,
        places={place.code: place.name for place in meetings.places(session(), meeting)},
    )


def _other(meeting: Meeting, chosen: str | None) -> PlanRun | None:
    if not chosen:
        return None
    try:
        return queries.get_plan_run(session(), meeting, UUID(chosen))
    except ValueError:
        raise NotFound("plan", chosen) from None


@bp.post("/meetings/<slug>/plan/<uuid:uuid>/back")
@policy(organised_plan)
def roll_back_plan(*, meeting: Meeting, actor: User, run: PlanRun) -> ResponseReturnValue:
    """Take a taken plan back."""
    with transaction() as current:
        plans.roll_back(current, run, meeting=meeting, actor=actor, now=clock.now())
    flash(_("The plan is taken back. Every session is where it was before; nobody is told before you publish."), "ok")
    return redirect(url_for("scheduling.plan", slug=meeting.slug))
