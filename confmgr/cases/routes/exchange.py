"""What the own party gave and what it got."""

from flask import render_template
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.cases.access import of_a_delegation
from confmgr.cases.exchange import exchanged
from confmgr.cases.routes.blueprint import bp
from confmgr.gateways import clock
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.rule import Seat, strictest
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/exchange")
@policy(of_a_delegation)
def exchange(*, meeting: Meeting, actor: User, seat: Seat) -> ResponseReturnValue:
    """Leads of the meeting that the own party gave to others, and those that it got."""
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    found = exchanged(session(), viewer, now, meeting=meeting, party_id=seat.party_id or 0)
    shown = [row.tlp for row in (*found.gave, *found.got)]
    return render_template(
        "cases/exchange.html",
        meeting=meeting,
        own=session().get_one(Party, seat.party_id),
        found=found,
        marking=strictest(shown) if shown else None,
        may_give=bool(roles_here() & SPEAKERS),
    )
