"""The agenda of a meeting."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.meetings.access import in_meeting
from confmgr.meetings.models import Meeting
from confmgr.papers import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.papers import queries
from confmgr.web.db import session
from confmgr.web.policy import policy

bp = Blueprint("papers", __name__)


@bp.get("/meetings/<slug>/agenda")
@policy(in_meeting())
def agenda(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Its items with what each asks of delegations, and the sessions that deal with it."""
    return render_template("papers/agenda.html", meeting=meeting, items=queries.agenda(session(), meeting))
