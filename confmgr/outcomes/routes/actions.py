"""Joint actions: planned in secret, shown to whoever may see them, changed while they have not ended."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from confmgr.accounts.models import User
from confmgr.cases import meaning
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_action, takes_part, visible_action, writer
from confmgr.outcomes.domain import AHEAD, JOINT_ACTION_STEPS, JointActionState
from confmgr.outcomes.forms import ActionChangeForm, ActionForm, SeenForm, TookPartForm
from confmgr.outcomes.models import JointAction
from confmgr.outcomes.queries import ActionView
from confmgr.outcomes.routes.blueprint import (
    bp,
    meeting_choices,
    meetings_of,
    nothing_chosen,
    party_choices,
)
from confmgr.outcomes.routes.blueprint import (
    parties as all_parties,
)
from confmgr.outcomes.situation import latest
from confmgr.parties.models import Operation, Party
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.queries import ended, waiting
from confmgr.sharing.rule import Viewer
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


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
    form.second.choices = nothing_chosen((str(user.uuid), user.name) for user in colleagues)
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
@policy(visible_action)
def show_action(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, own: frozenset[int]
) -> ResponseReturnValue:
    """A joint action with its history, and what the reader can do with it."""
    view = queries.action_view(session(), action, viewer, clock.now())
    entries = queries.log_of(session(), action)
    mine = action.item.originator_id in own
    return render_template(
        "outcomes/action.html",
        operation=operation,
        action=action,
        view=view,
        mine=mine,
        named=[user.name for user in queries.named_persons(session(), action.item)]
        if queries.is_red(action.item)
        else [],
        is_author=action.item.author_id == actor.id,
        me=actor.id,
        waits=waiting(session(), action.item, actor, clock.now()),
        ended=ended(session(), action.item, actor, clock.now()),
        of_end=meaning.of_end,
        ways=JOINT_ACTION_STEPS[action.state] if mine else (),
        ahead=action.state in AHEAD,
        lines=len(entries),
        tallies=latest(queries.lines(entries)),
        may_log=takes_part(action, own),
        may_confirm=_may_confirm(action, own),
        reservations=[step for step in action.steps if step.state is JointActionState.ENDED and step.reason],
        standing={persons.id: queries.standing_of(persons) for persons in action.person_sets},
        party_form=_party_form(action) if mine and JOINT_ACTION_STEPS[action.state] else None,
    )


def _may_confirm(action: JointAction, own: frozenset[int]) -> bool:
    ended = action.state is JointActionState.ENDED and action.confirmed_at is None
    return ended and action.territory_id is not None and action.territory_id in own


def _party_form(action: JointAction) -> TookPartForm:
    form = TookPartForm(version=action.version)
    form.party.choices = party_choices(all_parties())
    return form


@bp.route("/actions/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(own_action)
def change_action(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """Title, place, plan, and what it rests on, while it has not ended."""
    now = clock.now()
    view = queries.action_view(session(), action, viewer, now)
    form = ActionChangeForm(
        version=action.version,
        title=action.title,
        place=action.place,
        plan=action.plan,
        latitude=action.latitude,
        longitude=action.longitude,
        territory=action.territory.code if action.territory else "",
        task_force=str(view.task_force.item.uuid) if view.task_force else "",
        cases=[str(case.item.uuid) for case in view.cases],
        requests=[str(row.item.uuid) for row in view.requests],
    )
    offered = _Offered(operation, viewer, view)
    offered.to(form)
    if form.accepted():
        try:
            with transaction():
                offered.keep(form, action, actor)
            return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/action_change.html", form=form, operation=operation, action=action), status(form)


class _Offered:
    """What a form on a joint action offers: only what its reader may see. What is hidden from the reader stays."""

    def __init__(self, operation: Operation, viewer: Viewer, view: ActionView) -> None:
        now = clock.now()
        self.view = view
        self.parties = all_parties()
        self.cases = queries.cases_seen(session(), operation, viewer, now)
        self.requests = queries.requests_seen(session(), operation, viewer, now)
        self.task_forces = queries.task_forces(session(), operation, viewer, now)

    def to(self, form: ActionChangeForm) -> None:
        """Fill the choices."""
        form.territory.choices = party_choices(self.parties, none=True)
        form.task_force.choices = [
            ("", _("None")),
            *((str(row.item.uuid), formats.plain_words(row.name)) for row in self.task_forces),
        ]
        form.cases.choices = [
            (str(row.item.uuid), f"{row.item.originator.code}/{row.item.reference} · {formats.plain_words(row.title)}")
            for row in self.cases
        ]
        form.requests.choices = [
            (str(row.item.uuid), f"{row.asking.code}–{row.asked.code} · {formats.plain_words(row.text)}")
            for row in self.requests
        ]

    def keep(self, form: ActionChangeForm, action: JointAction, actor: User) -> None:
        """Change the action as the form says."""
        cases, requests = set(form.cases.data or ()), set(form.requests.data or ())
        force = next((row for row in self.task_forces if str(row.item.uuid) == form.task_force.data), None)
        if force is None and self.view.task_force is None:
            force = action.task_force
        services.change_action(
            session(),
            action,
            actor=actor,
            now=clock.now(),
            seen_version=form.version.data,
            title=form.title.data,
            place=form.place.data,
            territory=next((row for row in self.parties if row.code == form.territory.data), None),
            coordinates=form.coordinates,
            plan=form.plan.data,
            task_force=force,
            cases=[*self.view.hidden_cases, *(row for row in self.cases if str(row.item.uuid) in cases)],
            requests=[*self.view.hidden_requests, *(row for row in self.requests if str(row.item.uuid) in requests)],
        )


@bp.route("/actions/<uuid:uuid>/parties", methods=["GET", "POST"])
@policy(own_action)
def set_party(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """A party takes part, with so many officers."""
    form = _party_form(action)
    if form.accepted():
        try:
            with transaction() as current:
                services.set_party(
                    current,
                    action,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    party=next(row for row in all_parties() if row.code == form.party.data),
                    officers=form.officers.data,
                    about=form.about.data,
                )
            return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/action_party.html", form=form, operation=operation, action=action), status(form)


@bp.post("/actions/<uuid:uuid>/parties/<party>/remove")
@policy(own_action)
def remove_party(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, party: str
) -> ResponseReturnValue:
    """A party does not take part after all."""
    link = next((link for link in action.parties if link.party.code == party), None)
    if link is None:
        raise NotFound("party", party)
    seen = SeenForm().version.data
    try:
        with transaction() as current:
            services.remove_party(current, action, actor=actor, now=clock.now(), seen_version=seen, party=link.party)
    except Refused:
        flash(_("This action has ended."), "conflict")
    return redirect(url_for("outcomes.show_action", uuid=action.item.uuid))
