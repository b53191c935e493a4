"""The outcomes of an operation, its chains, its groups."""

from flask import render_template
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.charts import Bar, bars
from confmgr.outcomes.queries import TotalLine
from confmgr.outcomes.routes.blueprint import bp, figure_url, meetings_of
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web.db import session
from confmgr.web.policy import policy

COMPARED = ("countries", "countries_with_cases", "cases", "cases_ready", "leads", "arrested", "returned")
"""What one meeting is held against another by."""


@bp.get("/operations/<code>/outcomes")
@policy(reader)
def home(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every total with its records, what was declared beside it, and where sources disagree."""
    now = clock.now()
    facts = queries.facts(session(), operation, viewer, now)
    meetings = meetings_of(operation, viewer)
    actions = queries.joint_actions(session(), operation, viewer, now)
    by_meeting = [(meeting, facts.lines(meeting.id)) for meeting in meetings]
    forces = queries.task_forces(session(), operation, viewer, now)
    shown = [item.marking.tlp for item in (*(row.item for row in actions), *(row.item for row in forces))]
    shown += queries.markings_of(session(), facts.figures).values()
    return render_template(
        "outcomes/home.html",
        operation=operation,
        facts=facts,
        lines=facts.lines(),
        by_meeting=by_meeting,
        compared=_compared(by_meeting),
        indicators=queries.indicators(session(), operation),
        actions=actions,
        task_forces=forces,
        reclassified=queries.reclassified(session(), operation, viewer, operation.starts_on, now),
        marking=strictest(shown) if shown else None,
        may_write=bool(own_parties(session(), viewer, operation)),
        figure_url=figure_url,
    )


def _compared(by_meeting: list[tuple[Meeting, list[TotalLine]]]) -> list[tuple[str, tuple[Bar, ...]]]:
    """The same measures of each meeting, the earliest first; nothing to compare with one meeting alone."""
    if len(by_meeting) == 1:
        return []
    found = []
    for measure in COMPARED:
        known = [(meeting, line) for meeting, lines in by_meeting for line in lines if line.measure == measure]
        rows = [(meeting, line.total.low, line.total.high) for meeting, line in reversed(known)]
        if rows:
            found.append((measure, bars(rows)))
    return found
