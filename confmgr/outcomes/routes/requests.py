"""Action requests: who owes what to whom by when."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations.queries import delegation_of_party
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import asked_or_asking, own_parties, reader, writer
from confmgr.outcomes.domain import REQUEST_STEPS, RequestStep
from confmgr.outcomes.forms import AdvanceForm, RequestForm
from confmgr.outcomes.models import ActionRequest
from confmgr.outcomes.routes.blueprint import (
    bp,
    meeting_choices,
    meetings_of,
    party_choices,
)
from confmgr.outcomes.routes.blueprint import (
    parties as all_parties,
)
from confmgr.parties.models import Operation, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

CLOSED = frozenset({RequestStep.DONE, RequestStep.DECLINED})


@bp.get("/operations/<code>/follow-up")
@policy(reader)
def follow_up(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Open requests by due date, overdue ones first; then what is done and declined."""
    now = clock.now()
    rows = queries.action_requests(session(), operation, viewer, now)
    readable = sharing.visible_ids(session(), viewer, (row.id for row in rows), now)
    own = own_parties(session(), viewer, operation)
    bare = [row for row in rows if row.id not in readable and row.item.marking.tlp is Tlp.RED]
    read = [row.item.marking.tlp for row in rows if row.id in readable]
    return render_template(
        "outcomes/follow_up.html",
        operation=operation,
        open=[row for row in rows if row.state not in CLOSED and row not in bare],
        closed=[row for row in rows if row.state in CLOSED and row not in bare],
        bare=bare,
        readable=readable,
        now=now,
        own=own,
        may_ask=bool(own),
        marking=strictest(read) if read else None,
    )


@bp.route("/operations/<code>/requests/new", methods=["GET", "POST"])
@policy(writer)
def ask(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """Ask another party for something, seen by both."""
    meetings = meetings_of(operation, viewer)
    form = RequestForm()
    form.meeting.choices = meeting_choices(meetings)
    form.asked.choices = party_choices(all_parties(but=party.id))
    if form.accepted():
        try:
            with transaction():
                _ask(form, operation, actor, viewer, party)
            flash(_("The request is with the party that was asked."), "ok")
            return redirect(url_for("outcomes.follow_up", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/request_form.html", form=form, operation=operation), status(form)


def _ask(form: RequestForm, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ActionRequest:
    now = clock.now()
    meeting = next(row for row in meetings_of(operation, viewer) if row.slug == form.meeting.data)
    asked = next(row for row in all_parties() if row.code == form.asked.data)
    if form.due.data and not form.zone.data:
        raise Refused("unknown_zone", field="zone", zone="")
    item = items.create_item(
        session(),
        kind=ItemKind.ACTION_REQUEST,
        operation=operation,
        originator=party,
        author=actor,
        reference=str(form.reference.data),
        tlp=Tlp.AMBER,
        now=now,
        meetings=[meeting],
        state=ItemState.SHARED,
    )
    row = services.ask_action(
        session(),
        item,
        actor=actor,
        now=now,
        kind=form.kind.data,
        asked=asked,
        text=form.text.data,
        asked_on=now.date(),
        meeting=meeting,
        urgency=form.urgency.data,
        channel=form.channel.data,
        due=(form.due.data, str(form.zone.data)) if form.due.data else None,
    )
    delegation = delegation_of_party(session(), meeting, asked.id)
    if delegation is None:
        raise Refused("other_meeting", field="asked")
    items.disclose(session(), item, actor=actor, now=now, to_delegation=delegation)
    return row


@bp.route("/requests/<uuid:uuid>", methods=["GET", "POST"])
@policy(asked_or_asking)
def advance(*, actor: User, operation: Operation, row: ActionRequest, asked: bool) -> ResponseReturnValue:
    """A request with its history; the party asked says how far it is."""
    form = AdvanceForm()
    form.state.choices = [(step.value, labels.of(step)) for step in REQUEST_STEPS[row.state]]
    may = asked and bool(form.state.choices)
    if request.method == "POST" and not asked:
        raise NotAllowed("advance this request")
    if may and form.accepted():
        try:
            with transaction() as current:
                services.advance_request(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    state=RequestStep(form.state.data),
                    reason=form.reason.data or None,
                )
            return redirect(url_for("outcomes.advance", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/request.html", form=form if may else None, operation=operation, row=row), status(
        form
    )
