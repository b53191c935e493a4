"""Task forces: formed, changed, staffed, and shown with what they did."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.routes.blueprint import offer_second, second_person
from confmgr.cases.routes.readers import mark_item
from confmgr.delegations.models import Delegation
from confmgr.delegations.queries import delegations
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_task_force, visible_task_force, writer
from confmgr.outcomes.forms import SeenForm, StaffForm, TaskForceForm, TaskForceTextForm
from confmgr.outcomes.models import TaskForce
from confmgr.outcomes.routes.blueprint import bp, figure_url, meeting_choices, meetings_of, parties, party_choices
from confmgr.parties.models import Agency, Operation, Party
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.rule import Viewer
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/operations/<code>/task-forces/new", methods=["GET", "POST"])
@policy(writer)
def form_task_force(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """Parties that work together from a date."""
    meetings = meetings_of(operation, viewer)
    form = TaskForceForm()
    agencies = _offer(form)
    form.meeting.choices = meeting_choices(meetings)
    form.parties.choices = party_choices(parties())
    colleagues = offer_second(form, meetings[0], party.id, actor)
    if form.accepted():
        try:
            with transaction():
                force = _form(form, operation, actor, party, meetings, agencies, second_person(form, colleagues))
            return redirect(url_for("outcomes.show_task_force", uuid=force.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/task_force_form.html", form=form, operation=operation, force=None), status(form)


def _form(
    form: TaskForceForm,
    operation: Operation,
    actor: User,
    party: Party,
    meetings: list[Meeting],
    agencies: dict[str, Agency],
    second: list[User],
) -> TaskForce:
    now = clock.now()
    at = [row for row in meetings if row.slug == form.meeting.data]
    item = items.create_item(
        session(),
        kind=ItemKind.TASK_FORCE,
        operation=operation,
        originator=party,
        author=actor,
        reference=str(form.reference.data),
        tlp=form.tlp.marking,
        handling=form.codes,
        handling_text=form.handling_text.data or None,
        now=now,
        meetings=at,
        state=ItemState.SHARED,
        named_readers=second,
    )
    known = {row.code: row for row in parties()}
    force = services.form_task_force(
        session(),
        item,
        name=form.name.data,
        starts_on=form.starts_on.data or clock.now().date(),
        ends_on=form.ends_on.data,
        agreement=form.agreement.data,
        agreed_on=form.agreed_on.data,
        host_agency=agencies.get(str(form.host_agency.data)),
        duty_hours=form.duty_hours.data,
        parties=[known[code] for code in form.parties.data or ()],
    )
    if form.tlp.marking is Tlp.AMBER:
        for delegation in _of_others(at, force):
            items.disclose(session(), item, actor=actor, now=now, to_delegation=delegation)
    return force


def _of_others(meetings: list[Meeting], force: TaskForce) -> list[Delegation]:
    codes = {link.party_id for link in force.parties} - {force.item.originator_id}
    return [row for meeting in meetings for row in delegations(session(), meeting) if row.party_id in codes]


def _offer(form: TaskForceTextForm) -> dict[str, Agency]:
    """Let the form name a host agency; gives those offered, by what stands for each in the form."""
    rows = {f"{row.party.code} {row.code}": row for row in queries.host_agencies(session())}
    named = [(key, f"{row.party.code} · {formats.plain_words(row.name)}") for key, row in rows.items()]
    form.host_agency.choices = [("", _("None")), *named]
    return rows


@bp.get("/task-forces/<uuid:uuid>")
@policy(visible_task_force)
def show_task_force(
    *, actor: User, viewer: Viewer, operation: Operation, force: TaskForce, own: frozenset[int]
) -> ResponseReturnValue:
    """A task force with its joint actions and figures, as far as the reader may see them."""
    now = clock.now()
    actions = queries.actions_of(session(), force, viewer, now)
    mine = force.item.originator_id in own
    return render_template(
        "outcomes/task_force.html",
        operation=operation,
        force=force,
        actions=actions,
        figures=queries.figures_of(session(), force, actions, viewer, now),
        figure_url=figure_url,
        mine=mine,
        is_author=force.item.author_id == actor.id,
        staff_form=_staff_form(force) if mine else None,
    )


def _staff_form(force: TaskForce) -> StaffForm:
    form = StaffForm(version=force.version)
    form.party.choices = party_choices(parties())
    return form


@bp.route("/task-forces/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(own_task_force)
def change_task_force(*, actor: User, viewer: Viewer, operation: Operation, force: TaskForce) -> ResponseReturnValue:
    """What it is called, from when to when, and on what it rests."""
    host = force.host_agency
    written = ("version", "name", "starts_on", "ends_on", "agreement", "agreed_on", "duty_hours")
    form = TaskForceTextForm(
        **{name: getattr(force, name) for name in written}, host_agency=f"{host.party.code} {host.code}" if host else ""
    )
    agencies = _offer(form)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_task_force(
                    current,
                    force,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    name=form.name.data,
                    starts_on=form.starts_on.data or clock.now().date(),
                    ends_on=form.ends_on.data,
                    agreement=form.agreement.data,
                    agreed_on=form.agreed_on.data,
                    host_agency=agencies.get(str(form.host_agency.data)),
                    duty_hours=form.duty_hours.data,
                )
            return redirect(url_for("outcomes.show_task_force", uuid=force.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/task_force_form.html", form=form, operation=operation, force=force), status(form)


@bp.route("/task-forces/<uuid:uuid>/staff", methods=["GET", "POST"])
@policy(own_task_force)
def set_staff(*, actor: User, viewer: Viewer, operation: Operation, force: TaskForce) -> ResponseReturnValue:
    """A party staffs it, with so many officers."""
    form = _staff_form(force)
    if form.accepted():
        with transaction() as current:
            services.set_staff(
                current,
                force,
                actor=actor,
                now=clock.now(),
                seen_version=form.version.data,
                party=next(row for row in parties() if row.code == form.party.data),
                officers=form.officers.data,
            )
        return redirect(url_for("outcomes.show_task_force", uuid=force.item.uuid))
    return render_template("outcomes/task_force_staff.html", form=form, operation=operation, force=force), status(form)


@bp.post("/task-forces/<uuid:uuid>/staff/<party>/remove")
@policy(own_task_force)
def remove_staff(
    *, actor: User, viewer: Viewer, operation: Operation, force: TaskForce, party: str
) -> ResponseReturnValue:
    """A party does not staff it."""
    link = next((link for link in force.parties if link.party.code == party), None)
    if link is None:
        raise NotFound("party", party)
    seen = SeenForm().version.data
    with transaction() as current:
        services.remove_staff(current, force, actor=actor, now=clock.now(), seen_version=seen, party=link.party)
    flash(_("%(party)s does not take part any more.", party=party), "ok")
    return redirect(url_for("outcomes.show_task_force", uuid=force.item.uuid))


@bp.route("/task-forces/<uuid:uuid>/marking", methods=["GET", "POST"])
@policy(own_task_force)
def mark_task_force(*, actor: User, viewer: Viewer, operation: Operation, force: TaskForce) -> ResponseReturnValue:
    """Another marking of a task force."""
    meeting = meetings_of(operation, viewer)[0]
    return mark_item(actor, force.item, meeting, url_for("outcomes.show_task_force", uuid=force.item.uuid))
