"""Leads of a session: given in it by the reader's party and by the other side, and written from it."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.cases.exchange import exchanged
from confmgr.cases.routes.exchange import pages_asked, ways
from confmgr.cases.routes.quick import Occasion, entry
from confmgr.gateways import clock
from confmgr.invitations import queries
from confmgr.invitations.access import sitting
from confmgr.invitations.models import Participation
from confmgr.invitations.rendering import title_shown
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.rule import Seat, strictest
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/sessions/<uuid:uuid>/leads")
@policy(sitting)
def session_leads(*, meeting: Meeting, actor: User, row: Participation, seat: Seat) -> ResponseReturnValue:
    """What both sides gave each other in one session, as far as the reader may see it."""
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    found = exchanged(
        session(),
        viewer,
        now,
        meeting=meeting,
        party_id=seat.party_id or 0,
        session_id=row.session_id,
        pages=pages_asked(),
    )
    shown = [one.tlp for one in (*found.gave.rows, *found.got.rows)]
    return render_template(
        "invitations/session_leads.html",
        meeting=meeting,
        occasion=_occasion(meeting, row, seat),
        own=session().get_one(Party, seat.party_id),
        found=found,
        ways=ways(found, url_for("invitations.session_leads", slug=meeting.slug, uuid=row.session.uuid)),
        marking=strictest(shown) if shown else None,
        write=url_for("invitations.session_lead", slug=meeting.slug, uuid=row.session.uuid),
    )


@bp.route("/meetings/<slug>/sessions/<uuid:uuid>/leads/new", methods=["GET", "POST"])
@policy(sitting)
def session_lead(*, meeting: Meeting, actor: User, row: Participation, seat: Seat) -> ResponseReturnValue:
    """A lead that is given in a session: the other side is chosen beforehand, and the case if there is but one."""
    return entry(meeting, actor, seat, _occasion(meeting, row, seat))


def _occasion(meeting: Meeting, row: Participation, seat: Seat) -> Occasion:
    """The session as its reader was told of it, never as the working schedule has it."""
    facts: dict[str, Any] = row.told_text or {}
    last = queries.latest(session(), meeting)
    published = {} if last is None else queries.cases_of_sessions(session(), last, [row.session_id])
    own = session().get_one(Party, seat.party_id).code
    return Occasion(
        session_id=row.session_id,
        name=title_shown(facts),
        codes=tuple(code for code in facts.get("parties", ()) if code != own),
        case_ids=frozenset(published.get(row.session_id, ())),
        address=url_for("invitations.session_leads", slug=meeting.slug, uuid=row.session.uuid),
    )
