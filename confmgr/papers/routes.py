"""The agenda of a meeting."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.invitations.queries import programme
from confmgr.meetings.access import in_meeting
from confmgr.meetings.models import Meeting
from confmgr.papers import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.papers import queries
from confmgr.sharing.queries import viewer_of
from confmgr.web.db import session
from confmgr.web.policy import policy

bp = Blueprint("papers", __name__)


@bp.get("/meetings/<slug>/agenda")
@policy(in_meeting())
def agenda(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Its items with what each asks of delegations, and the days of those of its sessions that the reader may see."""
    now = clock.now()
    _publication, shown = programme(session(), meeting, viewer_of(session(), actor, now), now)
    days = {entry.row.session_id: entry.row.starts_local.date() for entry in shown}
    items = [
        (item, sorted({days[link.session_id] for link in item.sessions if link.session_id in days}))
        for item in queries.agenda(session(), meeting)
    ]
    return render_template("papers/agenda.html", meeting=meeting, items=items)
