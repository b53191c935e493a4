"""Joint actions: planned in secret, carried out, called off."""

from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from confmgr.accounts.models import User
from confmgr.cases.routes.readers import mark_item
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_action, writer
from confmgr.outcomes.domain import Attribution, JointActionState
from confmgr.outcomes.forms import ActionForm, CarryOutForm
from confmgr.outcomes.models import JointAction
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
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

RECORDS = "REC"
"""Code of the source for what is recorded here."""


@bp.route("/operations/<code>/actions/new", methods=["GET", "POST"])
@policy(writer)
def plan_action(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """Plan a joint action: RED, known to its author and one named person."""
    meetings = meetings_of(operation, viewer)
    colleagues = _colleagues(meetings, viewer, actor)
    form = ActionForm()
    form.meeting.choices = meeting_choices(meetings)
    form.territory.choices = party_choices(all_parties(), none=True)
    form.parties.choices = party_choices(all_parties())
    form.second.choices = [(str(user.uuid), user.name) for user in colleagues]
    if form.accepted():
        try:
            with transaction():
                action = _plan(form, operation, actor, party, meetings, colleagues)
            flash(_("The action is planned. Nobody but the two of you sees it."), "ok")
            return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/action_form.html", form=form, operation=operation), status(form)


def _colleagues(meetings: list[Meeting], viewer: Viewer, actor: User) -> list[User]:
    """Other people of the own delegations who can be the second person."""
    delegations = {seat.delegation_id for seat in viewer.seats if seat.delegation_id is not None}
    seated = select(Membership.user_id).where(
        Membership.meeting_id.in_(row.id for row in meetings),
        Membership.delegation_id.in_(delegations),
        current(clock.now()),
    )
    rows = session().scalars(
        select(User).where(User.id.in_(seated), User.id != actor.id, User.active).order_by(User.name, User.id)
    )
    return list(rows)


def _plan(
    form: ActionForm,
    operation: Operation,
    actor: User,
    party: Party,
    meetings: list[Meeting],
    colleagues: list[User],
) -> JointAction:
    known = {row.code: row for row in all_parties()}
    item = items.create_item(
        session(),
        kind=ItemKind.JOINT_ACTION,
        operation=operation,
        originator=party,
        author=actor,
        reference=str(form.reference.data),
        tlp=Tlp.RED,
        now=clock.now(),
        meetings=[row for row in meetings if row.slug == form.meeting.data],
        state=ItemState.SHARED,
        named_readers=[user for user in colleagues if str(user.uuid) == form.second.data],
    )
    return services.plan_action(
        session(),
        item,
        kind=form.kind.data,
        title=form.title.data,
        place=form.place.data,
        planned_for=form.planned_for.data,
        territory=known.get(str(form.territory.data)),
        parties=[(known[code], None, False) for code in form.parties.data or ()],
    )


@bp.get("/actions/<uuid:uuid>")
@policy(own_action)
def show_action(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """An own joint action, and what can be done with it."""
    return render_template(
        "outcomes/action.html",
        operation=operation,
        action=action,
        is_author=action.item.author_id == actor.id,
        ended=action.state in {JointActionState.ENDED, JointActionState.CALLED_OFF},
    )


@bp.route("/actions/<uuid:uuid>/carry-out", methods=["GET", "POST"])
@policy(own_action)
def carry_out(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The action took place; what was found becomes figures."""
    form = CarryOutForm()
    if form.accepted():
        try:
            with transaction():
                _carry_out(form, operation, action, actor)
            return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/carry_out.html", form=form, operation=operation, action=action), status(form)


def _carry_out(form: CarryOutForm, operation: Operation, action: JointAction, actor: User) -> None:
    now = clock.now()
    on = form.on.data or now.date()
    if action.state in {JointActionState.ENDED, JointActionState.CALLED_OFF}:
        raise Refused("action_ended")
    if form.starts.data and not form.zone.data:
        raise Refused("unknown_zone", field="zone", zone="")
    services.carry_out(
        session(),
        action,
        actor=actor,
        now=now,
        on=on,
        starts=(form.starts.data, str(form.zone.data)) if form.starts.data else None,
    )
    source = next((row for row in queries.sources(session(), operation) if row.code == RECORDS), None)
    if source is None:
        title = Words.of(_("Records of the operation"), source=formats.language())
        source = services.add_source(session(), operation, code=RECORDS, title=title)
    for measure, value in (("arrested", form.arrested.data), ("rescued", form.rescued.data)):
        if value:
            services.state_figure(
                session(),
                actor=actor,
                now=now,
                operation=operation,
                owner=action.item.originator,
                code=f"{action.item.originator.code}-{action.item.reference}-{measure}"[:60],
                measure=measure,
                low=Decimal(value),
                period=(on, on),
                source=source,
                as_of=now.date(),
                attribution=Attribution.SUPPORTED,
                joint_action=action,
            )


@bp.post("/actions/<uuid:uuid>/call-off")
@policy(own_action)
def call_off(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The action will not take place."""
    try:
        with transaction() as current:
            services.call_off(current, action, actor=actor, now=clock.now())
    except Refused:
        flash(_("This action has ended."), "conflict")
    return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))


@bp.route("/actions/<uuid:uuid>/marking", methods=["GET", "POST"])
@policy(own_action)
def mark_action(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """Another marking, so that others may read of it."""
    meeting = meetings_of(operation, viewer)[0]
    return mark_item(actor, action.item, meeting, url_for("outcomes.show_action", uuid=action.item.uuid))
