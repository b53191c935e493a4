"""The outcomes of an operation, its chains, its groups."""

from flask import render_template
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.outcomes import queries
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.domain import FigureKind, FigureStatus
from confmgr.outcomes.drawings import dot_map, time_line
from confmgr.outcomes.models import Figure
from confmgr.outcomes.queries import Facts
from confmgr.outcomes.routes.blueprint import bp, figure_url, meetings_of
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/operations/<code>/outcomes")
@policy(reader)
def home(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every total with its records, what was declared beside it, and where sources disagree."""
    now = clock.now()
    facts = queries.facts(session(), operation, viewer, now)
    meetings = meetings_of(operation, viewer)
    actions = queries.joint_actions(session(), operation, viewer, now)
    return render_template(
        "outcomes/home.html",
        operation=operation,
        facts=facts,
        lines=facts.lines(),
        by_meeting=[(meeting, facts.lines(meeting.id)) for meeting in meetings],
        actions=actions,
        marking=strictest(action.item.marking.tlp for action in actions) if actions else None,
        may_write=bool(own_parties(session(), viewer, operation)),
        figure_url=figure_url,
    )


@bp.get("/operations/<code>/groups")
@policy(reader)
def groups(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Criminal groups with the places where they were, and their moves."""
    now = clock.now()
    found, moves = queries.groups(session(), operation, viewer, now)
    actions = queries.joint_actions(session(), operation, viewer, now)
    bases = [base for group in found for base in group.bases]
    line = time_line(bases, moves, actions, meetings_of(operation, viewer))
    marked = [*(group.item for group in found), *(stroke.action.item for stroke in (line.strokes if line else ()))]
    return render_template(
        "outcomes/groups.html",
        operation=operation,
        groups=found,
        moves=moves,
        bases=bases,
        map=dot_map(bases, moves),
        line=line,
        arrested=_arrested(queries.facts(session(), operation, viewer, now)),
        marking=strictest(item.marking.tlp for item in marked) if marked else None,
    )


def _arrested(facts: Facts) -> dict[int, Figure]:
    """The figure of those arrested in each joint action."""
    return {
        figure.joint_action_id: figure
        for figure in facts.figures
        if figure.joint_action_id is not None
        and figure.measure == "arrested"
        and figure.kind is FigureKind.RECORDED
        and figure.status is not FigureStatus.SUPERSEDED
    }
