"""The home page of a meeting: it stands under the meetings' name, but looks into rooms above theirs."""

from flask import render_template
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.cases.domain import TAKEN
from confmgr.cases.routes.beside import waits_for
from confmgr.gateways import clock
from confmgr.invitations.queries import latest
from confmgr.meetings.access import in_meeting, is_organiser
from confmgr.meetings.models import Meeting
from confmgr.meetings.routes import bp
from confmgr.reports import queries
from confmgr.reports.labels import CHANGES
from confmgr.sharing.queries import viewer_of
from confmgr.web.db import session
from confmgr.web.policy import policy

MOST_CHANGES = 6


@bp.get("/meetings/<slug>")
@policy(in_meeting())
def home(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What is missing, what changed, what is due; for others than organisers where to go from here."""
    waits = waits_for(actor, meeting)
    if not (is_organiser() or _leads_host(meeting, actor)):
        return render_template(
            "meetings/welcome.html", meeting=meeting, publication=latest(session(), meeting), waits=waits
        )
    found = queries.home(session(), meeting, clock.now())
    changes = [
        (row.last, CHANGES[row.action, row.object_type], row.count)
        for row in found.changes
        if (row.action, row.object_type) in CHANGES
    ]
    return render_template(
        "meetings/home.html",
        meeting=meeting,
        home=found,
        taken=sum(found.cases.get(state, 0) for state in TAKEN),
        changes=changes[:MOST_CHANGES],
        today=clock.now().date(),
        waits=waits,
    )


def _leads_host(meeting: Meeting, actor: User) -> bool:
    seats = viewer_of(session(), actor, clock.now()).seats
    return any(seat.leads_host for seat in seats if seat.meeting_id == meeting.id)
