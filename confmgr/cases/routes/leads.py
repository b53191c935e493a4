"""Leads: given by one party to others, under its control."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases import queries, services
from confmgr.cases.access import authored, own_seat, seen
from confmgr.cases.forms import FeedbackForm, LeadForm, ShareForm
from confmgr.cases.models import Case, Lead
from confmgr.cases.routes.blueprint import bp, chosen, note_reading, offered, others, status
from confmgr.cases.routes.cases import mark_item
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.domain import GradeScheme, Handling, ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Seat, Viewer
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy


@bp.route("/cases/<uuid:uuid>/leads/new", methods=["GET", "POST"])
@policy(seen(ItemKind.CASE))
def new_lead(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Write a lead on a case and share it, or keep it as a draft."""
    seat = own_seat(session(), actor, meeting)
    case = queries.get_case(session(), item)
    rows = others(meeting, seat.party_id or 0)
    form = LeadForm()
    form.to.choices = offered(rows)
    if form.accepted():
        try:
            with transaction():
                lead = _create(form, case, actor, seat, meeting, rows)
            flash(_("The lead is shared.") if form.to.data else _("The lead is kept as a draft."), "ok")
            return redirect(url_for("cases.lead", uuid=lead.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/lead_form.html", form=form, meeting=meeting, case=case), status(form)


def _create(form: LeadForm, case: Case, actor: User, seat: Seat, meeting: Meeting, rows: list[Delegation]) -> Lead:
    grade = None
    if form.grade_scheme.data:
        grade = markings.Grade(
            GradeScheme(form.grade_scheme.data), str(form.grade_source.data), str(form.grade_information.data)
        )
    now = clock.now()
    lead = services.create_lead(
        session(),
        actor=actor,
        now=now,
        case=case,
        originator=session().get_one(Party, seat.party_id),
        operation=meeting.operation,
        reference=str(form.reference.data),
        kind=form.kind.data,
        title=form.title.data,
        body=form.body.data,
        tlp=form.tlp.marking,
        meeting=meeting,
        handling=[Handling(code) for code in form.handling.data or ()],
        grade=grade,
    )
    if form.to.data:
        services.share_lead(session(), lead, actor=actor, now=now, to=chosen(form.to.data, rows))
    return lead


@bp.get("/leads/<uuid:uuid>")
@policy(seen(ItemKind.LEAD, body=False))
def lead(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """A lead, who has it, and what they said of it; organisers who may not read it see the envelope."""
    now = clock.now()
    readable = bool(sharing.visible_ids(session(), viewer, [item.id], now))
    if readable:
        note_reading(actor, item, meeting)
    row = queries.get_lead(session(), item)
    own = any(seat.party_id == item.originator_id for seat in viewer.seats)
    case_seen = bool(sharing.visible_ids(session(), viewer, [row.case_id], now))
    return render_template(
        "cases/lead.html",
        meeting=meeting,
        lead=row,
        item=item,
        readable=readable,
        case_seen=case_seen,
        receivers=queries.receivers_of(session(), [item.id]).get(item.id, ()),
        own=own,
        is_author=item.author_id == actor.id,
        form=FeedbackForm() if readable and not own and any(s.party_id for s in viewer.seats) else None,
    )


@bp.route("/leads/<uuid:uuid>/share", methods=["GET", "POST"])
@policy(authored(ItemKind.LEAD))
def share(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Name further delegations that may read a lead."""
    row = queries.get_lead(session(), item)
    have = {party.id for party in queries.receivers_of(session(), [item.id]).get(item.id, ())}
    rows = [one for one in others(meeting, item.originator_id) if one.party_id not in have]
    form = ShareForm()
    form.to.choices = offered(rows)
    if form.accepted():
        try:
            with transaction() as current:
                services.share_lead(current, row, actor=actor, now=clock.now(), to=chosen(form.to.data, rows))
            return redirect(url_for("cases.lead", uuid=item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/share.html", form=form, meeting=meeting, lead=row), status(form)


@bp.route("/leads/<uuid:uuid>/marking", methods=["GET", "POST"])
@policy(authored(ItemKind.LEAD))
def mark_lead(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Another marking of a lead."""
    return mark_item(actor, item, meeting, url_for("cases.lead", uuid=item.uuid))


@bp.post("/leads/<uuid:uuid>/withdraw")
@policy(authored(ItemKind.LEAD))
def withdraw(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Take a lead back: from now on only its originator sees it."""
    with transaction() as current:
        markings.withdraw(current, item, actor=actor, now=clock.now())
    flash(_("The lead is withdrawn. Copies that others have taken already cannot be called back."), "warning")
    return redirect(url_for("cases.lead", uuid=item.uuid))


@bp.post("/leads/<uuid:uuid>/feedback")
@policy(seen(ItemKind.LEAD))
def feedback(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Say for the own delegation what a lead was worth."""
    seat = own_seat(session(), actor, meeting)
    form = FeedbackForm()
    row = queries.get_lead(session(), item)
    if form.accepted():
        with transaction() as current:
            services.give_feedback(
                current,
                row,
                actor=actor,
                now=clock.now(),
                party=current.get_one(Party, seat.party_id),
                kind=form.kind.data,
                note=form.note.data or None,
            )
        flash(_("Your feedback is with the party that gave the lead."), "ok")
        return redirect(url_for("cases.lead", uuid=item.uuid))
    return render_template(
        "cases/lead.html",
        meeting=meeting,
        lead=row,
        item=item,
        readable=True,
        case_seen=False,
        receivers=(),
        own=False,
        is_author=False,
        form=form,
    ), status(form)
