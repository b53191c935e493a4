"""Leads: given by one party to others, under its control."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import queries, services
from confmgr.cases.access import authored, own_seat, seen, speaks_here
from confmgr.cases.forms import FeedbackForm, LeadForm, LeadTextForm
from confmgr.cases.models import Lead
from confmgr.cases.routes.beside import beside
from confmgr.cases.routes.blueprint import (
    bp,
    chosen,
    led,
    offer_second,
    offered,
    others,
    second_person,
    tell_of_prefixes,
    text_form,
    text_saved,
    write_lead,
)
from confmgr.cases.routes.files import attach_all
from confmgr.cases.routes.keeping import withdraw_item
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Letter, Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/cases/<uuid:uuid>/leads/new", methods=["GET", "POST"])
@policy(seen(ItemKind.CASE))
def new_lead(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Write a lead on a case and share it, or keep it as a draft."""
    if not speaks_here(item):
        raise NotAllowed("speak for a delegation")
    seat = own_seat(viewer, meeting)
    case = queries.get_case(session(), item)
    rows = others(meeting, seat.party_id or 0)
    form = LeadForm()
    form.to.choices = offered(rows)
    colleagues = offer_second(form, meeting, seat.party_id or 0, actor)
    if form.accepted():
        try:
            with transaction():
                lead = write_lead(form, case, actor, seat, meeting, second_person(form, colleagues))
                attach_all(form.file.data, lead.item, actor)
                if form.to.data:
                    to = chosen(form.to.data, rows)
                    services.share_lead(session(), lead, actor=actor, now=clock.now(), to=to)
            if form.to.data:
                flash(_("The lead is shared."), "ok")
            else:
                flash(_("The lead is kept as a draft. Now name who may read it."), "info")
            tell_of_prefixes(form.identifiers.data)
            return led(url_for("cases.lead", uuid=lead.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    files_lost = bool(form.file.data) and not request.headers.get("X-Keep")
    page = render_template("cases/lead_form.html", form=form, meeting=meeting, case=case, files_lost=files_lost)
    return page, status(form)


@bp.get("/leads/<uuid:uuid>")
@policy(seen(ItemKind.LEAD, body=False))
def lead(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """A lead, who has it, and what they said of it; organisers who may not read it see the envelope."""
    letter = sharing.letter_of(session(), viewer, item, clock.now())
    if letter is not None:
        showing.opened(session(), item, letter)
    mine = {seat.party_id for seat in viewer.seats}
    row = queries.get_lead(session(), item)
    own = [] if letter is None else [one for one in row.feedback if one.party_id in mine]
    last = max(own, key=lambda one: one.given_at, default=None)
    return _page(actor, viewer, row, meeting, letter, FeedbackForm(obj=last))


def _page(
    actor: User, viewer: Viewer, row: Lead, meeting: Meeting, letter: Letter | None, form: FeedbackForm
) -> ResponseReturnValue:
    now, item, readable = clock.now(), row.item, letter is not None
    bare = queries.is_bare(item, sees_body=readable)
    return render_template(
        "cases/lead.html",
        meeting=meeting,
        lead=row,
        bare=bare,
        case_seen=not bare and sharing.knows(session(), viewer, row.case_id, now),
        receivers=() if bare else queries.receivers_of(session(), [item.id], now).get(item.id, ()),
        said=queries.feedback_for(viewer, row) if readable else [],
        form=form if readable and speaks_here(item) and not sharing.gave(viewer, item) else None,
        **beside(actor, viewer, item, letter, now),
    ), status(form)


@bp.route("/leads/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(authored(ItemKind.LEAD))
def edit_lead(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Kind, title and text; by the author."""
    row = queries.get_lead(session(), item)
    form = text_form(LeadTextForm, row)

    def change(current: Session, **given: Any) -> None:
        services.change_lead(current, row, kind=form.kind.data, title=form.title.data, body=form.body.data, **given)

    saved = text_saved(form, item, actor, change)
    if saved is not None:
        return saved
    return render_template("cases/lead_text.html", form=form, meeting=meeting, lead=row, item=item), status(form)


@bp.post("/leads/<uuid:uuid>/withdraw")
@policy(authored(ItemKind.LEAD))
def withdraw(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Take a lead back: from now on only its originator sees it."""
    said = _("The lead is withdrawn. Copies that others have taken already cannot be called back.")
    return withdraw_item(actor, item, url_for("cases.lead", uuid=item.uuid), said)


@bp.post("/leads/<uuid:uuid>/feedback")
@policy(seen(ItemKind.LEAD))
def feedback(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Say for the own delegation what a lead was worth."""
    seat = own_seat(viewer, meeting)
    form = FeedbackForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.give_feedback(
                    current,
                    queries.get_lead(current, item),
                    actor=actor,
                    now=clock.now(),
                    party=current.get_one(Party, seat.party_id),
                    kind=form.kind.data,
                    note=form.note.data or None,
                )
            flash(_("Your feedback is with the party that gave the lead."), "ok")
            return redirect(url_for("cases.lead", uuid=item.uuid))
        except Refused as refused:
            form.refuse(refused)
    letter = sharing.letter_of(session(), viewer, item, clock.now())
    return _page(actor, viewer, queries.get_lead(session(), item), meeting, letter, form)
