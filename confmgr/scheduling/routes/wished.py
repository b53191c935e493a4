"""When a meeting that is asked for should be: shown to its asker and to organisers, changed by them."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries, services, wish_words
from confmgr.scheduling.access import party_to_request
from confmgr.scheduling.domain import CLOSED_REQUESTS
from confmgr.scheduling.forms import WishesForm
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.routes.blueprint import bp
from confmgr.scheduling.wishes import Wishes
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@dataclass(frozen=True, slots=True)
class Shown:
    """Wishes as the page of a request shows them, and whether the reader may change them there."""

    half_days: list[str]
    apart: list[str]
    same_day: list[str]
    may_change: bool


def shown(current: Session, row: MeetingRequest, own: Delegation | None) -> Shown:
    """What a reader may see of the wishes of a request: nothing unless it asks, or is an organiser (`own` None)."""
    if not _may_see(row, own):
        return Shown([], [], [], may_change=False)
    wishes = Wishes.from_json(row.wishes)
    named = queries.named_in_wishes(current, row)
    return Shown(
        [wish_words.half_day(one) for one in wishes.half_days],
        [wish_words.request(one) for one in named if one.id in wishes.apart],
        [wish_words.request(one) for one in named if one.id in wishes.same_day],
        may_change=row.state not in CLOSED_REQUESTS,
    )


def _may_see(row: MeetingRequest, own: Delegation | None) -> bool:
    """Those of several delegations, whose requests were joined, only organisers see."""
    return own is None or (own.id == row.from_id and not Wishes.from_json(row.wishes).shared)


@bp.route("/meetings/<slug>/requests/<uuid:uuid>/wishes", methods=["GET", "POST"])
@policy(party_to_request)
def change_wishes(*, meeting: Meeting, actor: User, own: Delegation | None, row: MeetingRequest) -> ResponseReturnValue:
    """Half-days that suit, and other requests of the asking side that it should not be at the same time as."""
    if not _may_see(row, own):
        raise NotAllowed("wish for a request of others")
    form = WishesForm(obj=row)
    form.offer_wishes(meeting, queries.own_requests(session(), row, row.asking))
    if request.method == "GET":
        form.show_wishes(Wishes.from_json(row.wishes))
    if form.accepted():
        try:
            with transaction() as current:
                services.change_wishes(
                    current, row, form.wishes(), actor=actor, now=clock.now(), seen_version=form.version.data
                )
            flash(_("The request is changed."), "ok")
            return redirect(url_for("scheduling.show_request", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("scheduling/wishes.html", form=form, meeting=meeting, own=own, row=row), status(form)
