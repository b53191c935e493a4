"""Steps of a joint action: another day, called off, under way, ended, confirmed, marked for others."""

from collections.abc import Callable
from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.routes.lowering import confirm_lower, refuse_lower, take_back_lower
from confmgr.cases.routes.readers import mark_item
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_action, territory_action, visible_action
from confmgr.outcomes.domain import Attribution
from confmgr.outcomes.forms import BeginForm, CallOffForm, CarryOutForm, RescheduleForm, ReservationForm, SeenForm
from confmgr.outcomes.forms.actions import OpenUpForm
from confmgr.outcomes.models import JointAction
from confmgr.outcomes.routes.blueprint import bp, meetings_of, parties, party_choices, records
from confmgr.outcomes.situation import latest
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import Form, status
from confmgr.web.policy import policy

COUNTED = ("arrested", "rescued")
"""Measures that the form on which an action ends makes figures of."""


@bp.route("/actions/<uuid:uuid>/reschedule", methods=["GET", "POST"])
@policy(own_action)
def reschedule(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The action is brought forward or postponed."""
    form = RescheduleForm(version=action.version)

    def step() -> None:
        services.reschedule(
            session(),
            action,
            actor=actor,
            now=clock.now(),
            seen_version=form.version.data,
            state=form.state.data,
            planned_for=form.planned_for.data or clock.now().date(),
            reason=str(form.reason.data),
        )

    return _stepped(form, action, operation, _("Bring forward or postpone"), step)


@bp.route("/actions/<uuid:uuid>/call-off", methods=["GET", "POST"])
@policy(own_action)
def call_off(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The action will not take place."""
    form = CallOffForm(version=action.version)

    def step() -> None:
        services.call_off(
            session(),
            action,
            actor=actor,
            now=clock.now(),
            seen_version=form.version.data,
            reason=str(form.reason.data),
        )

    return _stepped(form, action, operation, _("Call it off"), step)


@bp.route("/actions/<uuid:uuid>/begin", methods=["GET", "POST"])
@policy(own_action)
def begin(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The action is under way; in the same step the author may let those taking part read of it."""
    form = BeginForm(version=action.version, zone=action.zone or _likely_zone(action, operation, viewer))
    partners = _offer(form, action, actor)

    def step() -> None:
        services.begin(
            session(),
            action,
            actor=actor,
            now=clock.now(),
            seen_version=form.version.data,
            starts=form.began,
        )
        _open_up(form, action, actor, partners)

    return _stepped(form, action, operation, _("It is under way"), step)


@bp.route("/actions/<uuid:uuid>/carry-out", methods=["GET", "POST"])
@policy(own_action)
def carry_out(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The action took place; what was found becomes figures. The last tallies of the log are offered."""
    tallies = latest(queries.lines(queries.log_of(session(), action)))
    form = CarryOutForm(
        version=action.version,
        on=action.starts_local.date() if action.starts_local else None,
        starts=action.starts_local,
        zone=action.zone,
        territory=action.territory.code if action.territory else "",
        **{tally.measure: tally.number for tally in tallies if tally.measure in COUNTED},
    )
    form.territory.choices = party_choices([action.territory] if action.territory else parties(), none=True)
    partners = _offer(form, action, actor)
    if form.accepted():
        try:
            with transaction():
                _carry_out(form, operation, action, actor)
                _open_up(form, action, actor, partners)
            return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "outcomes/carry_out.html", form=form, operation=operation, action=action, tallies=tallies, red=_red(action)
    )
    return page, status(form)


@bp.post("/actions/<uuid:uuid>/confirm")
@policy(territory_action)
def confirm_action(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The party of the territory confirms; nothing that came of it is provisional for that any more."""
    with transaction() as current:
        services.confirm_action(current, action, actor=actor, now=clock.now(), seen_version=SeenForm().version.data)
    flash(_("The action is confirmed."), "ok")
    return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))


@bp.route("/actions/<uuid:uuid>/reservation", methods=["GET", "POST"])
@policy(territory_action)
def make_reservation(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """The party of the territory answers in words; everything stays provisional."""
    form = ReservationForm(version=action.version)

    def step() -> None:
        services.make_reservation(
            session(),
            action,
            actor=actor,
            now=clock.now(),
            seen_version=form.version.data,
            text=str(form.reason.data),
        )

    return _stepped(form, action, operation, _("Answer with a reservation"), step)


@bp.route("/actions/<uuid:uuid>/marking", methods=["GET", "POST"])
@policy(own_action)
def mark_action(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """Another marking, so that others may read of it."""
    meeting = meetings_of(operation, viewer)[0]
    return mark_item(actor, action.item, meeting, url_for("outcomes.show_action", uuid=action.item.uuid))


@bp.post("/actions/<uuid:uuid>/marking/confirm")
@policy(visible_action)
def confirm_action_marking(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, own: frozenset[int]
) -> ResponseReturnValue:
    """The second person lowers a RED action."""
    return confirm_lower(actor, action.item, url_for("outcomes.show_action", uuid=action.item.uuid))


@bp.post("/actions/<uuid:uuid>/marking/take-back")
@policy(visible_action)
def take_back_action_marking(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, own: frozenset[int]
) -> ResponseReturnValue:
    """Who proposed to lower a RED action takes the proposal back."""
    return take_back_lower(actor, action.item, url_for("outcomes.show_action", uuid=action.item.uuid))


@bp.route("/actions/<uuid:uuid>/marking/disagree", methods=["GET", "POST"])
@policy(visible_action)
def refuse_action_marking(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, own: frozenset[int]
) -> ResponseReturnValue:
    """The second person does not agree to lower a RED action."""
    meeting = meetings_of(operation, viewer)[0]
    return refuse_lower(actor, action.item, meeting, url_for("outcomes.show_action", uuid=action.item.uuid))


def _stepped(
    form: Form, action: JointAction, operation: Operation, title: str, step: Callable[[], None]
) -> ResponseReturnValue:
    """The page of one step, and the step once its form is right."""
    if form.accepted():
        try:
            with transaction():
                step()
            return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "outcomes/action_step.html", form=form, operation=operation, action=action, step_title=title, red=_red(action)
    )
    return page, status(form)


def _red(action: JointAction) -> list[User]:
    """Who sees a RED action: what a step that opens it up says beforehand."""
    return queries.named_persons(session(), action.item) if queries.is_red(action.item) else []


def _offer(form: OpenUpForm, action: JointAction, actor: User) -> list[Delegation]:
    """Let the author, and nobody else, open the action to delegations that take part."""
    if action.item.author_id != actor.id:
        form.withhold()
        return []
    partners = queries.partners(session(), action)
    many = len({row.meeting_id for row in partners}) > 1
    form.offer(action.item.marking.tlp, [(str(row.uuid), _delegation(row, many=many)) for row in partners])
    return partners


def _delegation(row: Delegation, *, many: bool) -> str:
    name = f"{row.party.code} · {formats.plain_words(row.party.short_name)}"
    return f"{name} · {formats.plain_words(row.meeting.title)}" if many else name


def _open_up(form: OpenUpForm, action: JointAction, actor: User, partners: list[Delegation]) -> None:
    wanted = set(form.readers)
    services.open_up(
        session(),
        action,
        actor=actor,
        now=clock.now(),
        tlp=form.marking,
        to=[row for row in partners if str(row.uuid) in wanted],
    )


def _likely_zone(action: JointAction, operation: Operation, viewer: Viewer) -> str:
    """The zone of a meeting of the territory's party, if there is one."""
    hosts = (row.zone for row in meetings_of(operation, viewer) if row.host_party_id == action.territory_id)
    return next(hosts, "")


def _carry_out(form: CarryOutForm, operation: Operation, action: JointAction, actor: User) -> None:
    now = clock.now()
    on = form.on.data or now.date()
    if form.starts.data and not form.zone.data:
        raise Refused("unknown_zone", field="zone", zone="")
    services.carry_out(
        session(),
        action,
        actor=actor,
        now=now,
        on=on,
        starts=(form.starts.data, str(form.zone.data)) if form.starts.data else None,
        seen_version=form.version.data,
        territory=next((row for row in parties() if row.code == form.territory.data), None),
    )
    source = records(operation)
    stem = f"{action.item.originator.code}-{action.item.reference}"
    for measure in COUNTED:
        value = form[measure].data
        if value:
            services.state_figure(
                session(),
                actor=actor,
                now=now,
                operation=operation,
                owner=action.item.originator,
                code=services.free_figure_code(session(), operation, f"{stem}-{measure}", actor=actor, now=now),
                measure=measure,
                low=Decimal(value),
                period=(on, on),
                source=source,
                as_of=now.date(),
                attribution=Attribution.SUPPORTED,
                joint_action=action,
            )
