"""The log of a joint action under way, which draws itself anew; each line by three clocks."""

import uuid as uuids

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import part_action, takes_part, visible_action
from confmgr.outcomes.domain import JointActionState
from confmgr.outcomes.forms import LineForm
from confmgr.outcomes.models import JointAction, SituationEntry
from confmgr.outcomes.routes.blueprint import bp
from confmgr.outcomes.services.action_log import LOGGED
from confmgr.outcomes.situation import TALLIED, corrected, latest
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer
from confmgr.values.times import wall_time
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

EVERY = 30
"""Seconds after which the page draws itself anew while the action is under way."""


@bp.get("/actions/<uuid:uuid>/log")
@policy(visible_action)
def show_log(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, own: frozenset[int]
) -> ResponseReturnValue:
    """The latest tallies, and every line, the newest first; what was corrected stays to be read."""
    entries = queries.log_of(session(), action)
    under_way = action.state is JointActionState.UNDER_WAY
    return render_template(
        "outcomes/action_log.html",
        operation=operation,
        action=action,
        entries=entries,
        by_id={row.id: row for row in entries},
        struck=corrected(queries.lines(entries)),
        tallies=latest(queries.lines(entries)),
        may_log=takes_part(action, own) and action.state in LOGGED,
        every=EVERY if under_way and "still" not in request.args else None,
        under_way=under_way,
        now=clock.now(),
        own_zone=actor.zone,
    )


@bp.route("/actions/<uuid:uuid>/log/new", methods=["GET", "POST"])
@policy(part_action)
def add_line(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """A new line; with `corrects` in the address, one that takes the place of another."""
    wrong = _corrected(action)
    zone = wrong.zone if wrong else action.zone
    local = wrong.local if wrong else wall_time(clock.now(), zone).replace(second=0, microsecond=0) if zone else None
    form = LineForm(local=local, zone=zone, **(wrong.tallies if wrong else {}))
    if form.accepted():
        try:
            with transaction() as current:
                services.add_line(
                    current,
                    action,
                    actor=actor,
                    now=clock.now(),
                    local=form.moment,
                    text=str(form.text.data),
                    tallies=form.tallies,
                    corrects=wrong,
                )
            return redirect(url_for("outcomes.show_log", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    page = {"form": form, "operation": operation, "action": action, "wrong": wrong, "measures": TALLIED}
    return render_template("outcomes/action_line.html", **page), status(form)


def _corrected(action: JointAction) -> SituationEntry | None:
    ident = request.args.get("corrects", type=uuids.UUID)
    return None if ident is None else queries.get_line(session(), action, ident)
