"""Follow-up: every request that the reader may know of, filtered, counted by who owes it, and as a sheet."""

from collections import Counter
from enum import StrEnum
from typing import Any, TypeVar

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.gateways import clock
from confmgr.outcomes import queries
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.action_list import workbook
from confmgr.outcomes.domain import Urgency
from confmgr.outcomes.labels.requests import due_in, lasted
from confmgr.outcomes.owing import Filter, Shown, by_party, is_open, is_overdue, shown_as
from confmgr.outcomes.routes.blueprint import bp
from confmgr.parties.models import Operation
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.outgoing import look_again
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENVELOPES = Tlp.AMBER
"""How a page is marked at least that tells who asks whom of what the reader may not read."""
Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("/operations/<code>/follow-up")
@policy(reader)
def follow_up(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Open requests by due date, overdue ones first; then what is done and declined; and what each party owes."""
    now = clock.now()
    found = queries.follow_up(session(), operation, viewer, now)
    own = own_parties(session(), viewer, operation)
    wanted = _wanted()
    rows = [row for row in found.rows if wanted.takes(row, now)]
    shown = [row.item.marking.tlp for row in found.rows if row.id in found.readable]
    shown += [ENVELOPES] if len(shown) < len(found.rows) + len(found.bare) else []
    return render_template(
        "outcomes/follow_up.html",
        operation=operation,
        open=[row for row in rows if is_open(row)],
        closed=[row for row in rows if not is_open(row)],
        any=bool(found.rows),
        bare=found.bare if wanted == Filter() else (),
        owed=by_party(found.rows, now),
        wanted=wanted,
        filters=_filters(operation, found, wanted),
        codes=sorted({code for row in found.rows for code in (row.asking.code, row.asked.code)}),
        address=lambda **changes: _address(operation, wanted, **changes),
        readable=found.readable,
        now=now,
        own=own,
        may_ask=bool(own),
        is_overdue=is_overdue,
        due_in=due_in,
        lasted=lasted,
        marking=strictest(shown) if shown else None,
    )


@bp.get("/operations/<code>/follow-up.xlsx")
@policy(reader)
def action_list(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """The action list: for a delegation its own lines. That somebody took it along is noted with what stands in it."""
    now = clock.now()
    found = queries.follow_up(session(), operation, viewer, now)
    rows = queries.own_lines(found, own_parties(session(), viewer, operation), viewer)
    rows = [row for row in rows if _wanted().takes(row, now)]
    made, ids = workbook(rows, found.readable, now), [str(row.item.uuid) for row in rows]
    with transaction() as current:
        look_again(current, actor, now, showing.taken(current))
        record(current, actor=actor, now=now, action="export", object_type="document", object_ids=["actions", *ids])
    return Response(
        made,
        mimetype=SHEET,
        headers={
            "Content-Disposition": f'attachment; filename="{operation.code}-actions.xlsx"',
            "Cache-Control": "no-store",
        },
    )


def _wanted() -> Filter:
    """The filter of the address; what is no filter is everything."""
    return Filter(
        _member(Shown, request.args.get("state")),
        request.args.get("party") or None,
        _member(Urgency, request.args.get("urgency")),
    )


def _member(kind: type[Choice], text: str | None) -> Choice | None:
    return next((one for one in kind if one.value == text), None)


def _filters(operation: Operation, found: queries.FollowUp, wanted: Filter) -> dict[str, list[tuple[Any, ...]]]:
    """States and urgencies as links with the number of requests behind each."""
    now = clock.now()
    rows = [row for row in found.rows if Filter(party=wanted.party).takes(row, now)]
    states = Counter(one for row in rows for one in shown_as(row, now))
    urgencies = Counter(row.urgency for row in rows)
    return {
        "shown": [
            (labels.of(one), _address(operation, wanted, shown=one), one is wanted.shown, states[one]) for one in Shown
        ],
        "urgency": [
            (labels.of(one), _address(operation, wanted, urgency=one), one is wanted.urgency, urgencies[one])
            for one in Urgency
        ],
    }


def _address(operation: Operation, wanted: Filter, **changes: Any) -> str:
    values = {"shown": wanted.shown, "party": wanted.party, "urgency": wanted.urgency} | changes
    return url_for(
        changes.get("endpoint", "outcomes.follow_up"),
        code=operation.code,
        state=values["shown"],
        party=values["party"],
        urgency=values["urgency"],
    )
