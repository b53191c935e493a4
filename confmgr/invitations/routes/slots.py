"""A delegate asks for a free slot of the day, from a phone; the other side confirms, and both are told at once."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegation
from confmgr.errors import Conflict, NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.invitations import desk as desks
from confmgr.invitations.forms import LENGTHS, SlotForm
from confmgr.invitations.routes.blueprint import bp, mail_domain
from confmgr.invitations.routes.desk import SLOTS, tell_conflict
from confmgr.invitations.services import desk as services
from confmgr.meetings import queries as meetings
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries as schedule
from confmgr.scheduling import services as scheduling
from confmgr.scheduling import wording
from confmgr.scheduling.access import asker, party_to_request
from confmgr.scheduling.advice import outlook
from confmgr.scheduling.domain import Answer, RequestState
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.routes import offers
from confmgr.scheduling.wording import Offer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/meetings/<slug>/slots", methods=["GET", "POST"])
@policy(asker)
def slots(*, meeting: Meeting, actor: User, own: Delegation | None) -> ResponseReturnValue:
    """Whom to meet; then the free slots of both sides, each with what it costs the own delegation alone."""
    if own is None:
        return redirect(url_for("invitations.meet_now", slug=meeting.slug))
    rows = delegations.delegations(session(), meeting)
    others = [row for row in rows if row.id != own.id and row.state is not DelegationState.DECLINED]
    form = SlotForm(request.values)
    form.asked.choices = offers.delegations(others)
    asked = next((row for row in others if row.party.code == form.asked.data), None)
    if request.method == "POST" and asked is not None and form.accepted():
        try:
            with transaction():
                _ask(form, meeting, actor, own, asked)
            flash(_("%(code)s is asked for that slot. It is yours once they confirm.", code=asked.party.code), "ok")
            return redirect(url_for("invitations.slots", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    own_requests = schedule.requests(session(), meeting, of=own)
    waiting = [row for row in own_requests if row.slot_local is not None and row.state is RequestState.ASKED]
    places = meetings.places(session(), meeting)
    return render_template(
        "invitations/slots.html",
        form=form,
        meeting=meeting,
        own=own,
        over=meetings.is_over(meeting, clock.now()),
        asked=asked,
        slots=_free(meeting, own, asked, form.minutes.data or 0) if asked else [],
        to_us=[row for row in waiting if row.from_id != own.id],
        from_us=[row for row in waiting if row.from_id == own.id],
        places={place.id: place.name for place in places},
        names={place.code: place.name for place in places},
    ), status(form) if request.method == "POST" else 200


def _free(meeting: Meeting, own: Delegation, asked: Delegation, minutes: int) -> Sequence[Offer]:
    if minutes not in LENGTHS or meetings.is_over(meeting, clock.now()):
        return []
    view = outlook(session(), meeting, schedule.sessions(session(), meeting))
    wall, _rehearsal = desks.wall_now(meeting, clock.now())
    sitting = desks.newcomer([own.party.code, asked.party.code], wall, minutes)
    found = view.search_for(sitting, of=[own.party.code]).best(SLOTS, not_before=wall)
    return wording.offers(sorted(found, key=lambda one: one.starts), view)


def _ask(form: SlotForm, meeting: Meeting, actor: User, own: Delegation, asked: Delegation) -> None:
    starts, _crew, place = form.parts()
    services.ask_slot(
        session(),
        actor=actor,
        now=clock.now(),
        asking=own,
        asked=asked,
        starts=starts,
        minutes=form.minutes.data or 0,
        place=schedule.place_by_code(session(), meeting, place),
    )


@bp.post("/meetings/<slug>/slots/<uuid:uuid>/<any(confirm, decline):answer>")
@policy(party_to_request)
def answer_slot(
    *, meeting: Meeting, actor: User, own: Delegation | None, row: MeetingRequest, answer: str
) -> ResponseReturnValue:
    """The side that was asked confirms or declines."""
    if own is None or own.id == row.from_id:
        raise NotAllowed("answer for the other side")
    try:
        with transaction() as current:
            if answer == "confirm":
                services.confirm_slot(current, row, actor=actor, now=clock.now(), delegation=own, domain=mail_domain())
                flash(_("Agreed. It stands in both agendas, and everybody concerned is told."), "ok")
            else:
                scheduling.answer_request(
                    current, row, actor=actor, now=clock.now(), delegation=own, answer=Answer.DECLINED
                )
                flash(_("Declined. The other side sees it."), "ok")
    except Conflict as conflict:
        flash(_("That slot has been taken meanwhile. Ask for another one."), "conflict")
        if conflict.clashes and all(getattr(clash, "who", "") == own.party.code for clash in conflict.clashes):
            tell_conflict(conflict)
    return redirect(url_for("invitations.slots", slug=meeting.slug))
