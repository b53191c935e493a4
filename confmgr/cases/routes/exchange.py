"""What the own party gave and what it got."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.cases.access import of_a_delegation
from confmgr.cases.exchange import Exchanged, Half, exchanged
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

FARTHEST = 10**6


@bp.get("/meetings/<slug>/exchange")
@policy(of_a_delegation)
def exchange(*, meeting: Meeting, actor: User, seat: Seat) -> ResponseReturnValue:
    """Leads of the meeting that the own party gave to others, and those that it got."""
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    found = exchanged(session(), viewer, now, meeting=meeting, party_id=seat.party_id or 0, pages=pages_asked())
    shown = [row.tlp for row in (*found.gave.rows, *found.got.rows)]
    return render_template(
        "cases/exchange.html",
        meeting=meeting,
        own=session().get_one(Party, seat.party_id),
        found=found,
        ways=ways(found, url_for("cases.exchange", slug=meeting.slug)),
        marking=strictest(shown) if shown else None,
        may_give=bool(roles_here() & SPEAKERS),
    )


def pages_asked() -> tuple[int, int]:
    """Which page of what was given, and which of what was got, stand in the address."""
    return _asked("gave"), _asked("got")


def _asked(name: str) -> int:
    return max(1, min(request.args.get(name, 1, type=int), FARTHEST))


def ways(found: Exchanged, address: str) -> dict[str, dict[str, str]]:
    """Addresses of the pages around each half; the other half stays where it is."""
    halves = {"gave": found.gave, "got": found.got}
    here = {name: half.page for name, half in halves.items()}

    def to(name: str, page: int) -> str:
        return f"{address}?{urlencode({**here, name: page})}#{name}"

    return {name: _around(half, partial(to, name)) for name, half in halves.items()}


def _around(half: Half, to: Callable[[int], str]) -> dict[str, str]:
    pages: dict[str, str] = {}
    if half.page > 1:
        pages |= {"first": to(1), "newer": to(half.page - 1)}
    if half.page < half.last:
        pages |= {"older": to(half.page + 1), "last": to(half.last)}
    return pages
