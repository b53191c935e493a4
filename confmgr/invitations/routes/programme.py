"""The programme: what is published, as far as its reader may see it."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.invitations import queries
from confmgr.invitations.access import MEMBER
from confmgr.invitations.queries import Entry
from confmgr.invitations.rendering import neutral_title
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import SessionKind
from confmgr.sharing import queries as sharing
from confmgr.web.db import session
from confmgr.web.policy import policy

LOOKS = {SessionKind.BILATERAL: "bilateral", SessionKind.MULTILATERAL: "multilateral", SessionKind.PLENARY: "plenary"}


@bp.get("/meetings/<slug>/programme")
@policy(MEMBER)
def programme(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Published sessions by day; `?day=` and `?delegation=` narrow them."""
    now = clock.now()
    interprets = Role.INTERPRETER in roles_here()
    crew = queries.persons_of(session(), meeting, actor)[1] if interprets else []
    viewer = sharing.viewer_of(session(), actor, now)
    publication, entries = queries.programme(session(), meeting, viewer, now, interpreter_ids=crew)
    code = request.args.get("delegation") or None
    wanted = request.args.get("day")
    codes = sorted({d.party.code for entry in entries for d in entry.delegations})
    shown = [entry for entry in entries if code is None or any(d.party.code == code for d in entry.delegations)]
    return render_template(
        "invitations/programme.html",
        meeting=meeting,
        publication=publication,
        days=_by_day(shown),
        all_days=sorted({entry.row.starts_local.date() for entry in entries}),
        day=next((d for d in {e.row.starts_local.date() for e in entries} if d.isoformat() == wanted), None),
        code=code,
        codes=codes,
        looks=LOOKS,
        neutral=_neutral,
        mine=bool({seat.delegation_id for seat in viewer.seats if seat.meeting_id == meeting.id} - {None})
        or bool(crew),
    )


def _by_day(entries: list[Entry]) -> dict[date, list[Entry]]:
    days: dict[date, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.row.starts_local.date(), []).append(entry)
    return days


def _neutral(entry: Entry) -> str:
    return neutral_title(entry.row.kind, [d.party.code for d in entry.delegations])
