"""The day desk: now and next, arrivals, absences, swaps, leaving delegations, meetings on the spot, door screens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations.arrivals import set_arrived
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegation
from confmgr.errors import Conflict, NotFound, Refused
from confmgr.gateways import clock
from confmgr.invitations import desk as desks
from confmgr.invitations.access import ORGANISER
from confmgr.invitations.forms import LENGTHS, LeaveForm, MeetForm, SwapForm
from confmgr.invitations.routes.blueprint import bp, mail_domain
from confmgr.invitations.services import desk as services
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries as schedule
from confmgr.scheduling import wording
from confmgr.scheduling.access import organised_session
from confmgr.scheduling.advice import outlook
from confmgr.scheduling.conflicts import Clash
from confmgr.scheduling.forms import MoveToForm
from confmgr.scheduling.labels import clash_sentence
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.routes import offers
from confmgr.scheduling.wording import Offer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

SLOTS = 6
"""Free slots that a page offers."""


def back(meeting: Meeting) -> str:
    """The desk again, at the time at which it was looked at."""
    return url_for("invitations.desk", slug=meeting.slug, at=request.args.get("at") or None)


def _asked() -> datetime | None:
    try:
        return datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        return None


@bp.get("/meetings/<slug>/desk")
@policy(ORGANISER)
def desk(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Now and next. `?at=` tries out another moment of the meeting."""
    asked = _asked()
    wall, rehearsal = desks.wall_now(meeting, clock.now(), None if asked is None or asked.tzinfo else asked)
    found = desks.look(session(), meeting, wall, rehearsal=rehearsal)
    return render_template(
        "invitations/desk.html",
        meeting=meeting,
        desk=found,
        at=wall.isoformat(timespec="minutes") if rehearsal else None,
        slots=_waiting_slots(meeting, found),
    )


def _waiting_slots(meeting: Meeting, found: desks.Desk) -> dict[int, Offer]:
    """For each session that waits, the best slot from now on, if there is one."""
    if not found.waiting:
        return {}
    view = outlook(session(), meeting, schedule.sessions(session(), meeting))
    best = {row.id: view.search(row).best(1, not_before=found.wall) for row in found.waiting[:SLOTS]}
    return {ident: offer for ident, some in best.items() for offer in wording.offers(some, view)}


@bp.post("/meetings/<slug>/desk/sessions/<uuid:uuid>/absent/<code>")
@policy(organised_session)
def mark_absent(*, meeting: Meeting, actor: User, row: MeetingSession, code: str) -> ResponseReturnValue:
    """One side did not come; with `came` it came after all."""
    side = next((link.delegation for link in row.delegations if link.delegation.party.code == code), None)
    if side is None:
        raise NotFound("delegation", code)
    came = bool(request.form.get("came"))
    with transaction() as current:
        services.mark_absent(current, row, side, actor=actor, now=clock.now(), absent=not came)
    flash(_("%(code)s is there.", code=code) if came else _("%(code)s is marked as absent.", code=code), "ok")
    return redirect(back(meeting))


@bp.post("/meetings/<slug>/desk/sessions/<uuid:uuid>/place")
@policy(organised_session)
def place_now(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Give a waiting session the free slot that was offered, and tell its people."""
    form = MoveToForm()
    starts, crew, place = form.parts()
    try:
        with transaction() as current:
            services.place_now(
                current,
                row,
                actor=actor,
                now=clock.now(),
                seen_version=form.version.data,
                starts=starts,
                place=schedule.place_by_code(current, meeting, place),
                interpreters=[one for one in delegations.interpreters(current, meeting) if one.id in crew],
                domain=mail_domain(),
            )
        flash(_("The meeting has its time and place, and its people are told."), "ok")
    except Conflict as conflict:
        tell_conflict(conflict)
    return redirect(back(meeting))


def tell_conflict(conflict: Conflict) -> None:
    """Say what stands in the way."""
    for sentence in dict.fromkeys(clash_sentence(c) for c in conflict.clashes if isinstance(c, Clash)):
        flash(sentence, "conflict")


@bp.post("/meetings/<slug>/desk/delegations/<uuid:uuid>/arrived")
@policy(ORGANISER)
def arrived(*, meeting: Meeting, actor: User, uuid: UUID) -> ResponseReturnValue:
    """Everybody of a delegation is there, or the persons ticked; with `back` the note is taken back."""
    row = delegations.get_delegation(session(), meeting, uuid)
    wanted = set(request.form.getlist("person"))
    people = [p for p in row.delegates if p.left_at is None and (not wanted or str(p.uuid) in wanted)]
    with transaction() as current:
        set_arrived(current, row, people, actor=actor, now=clock.now(), arrived=not request.form.get("back"))
    return redirect(back(meeting))


@bp.route("/meetings/<slug>/desk/delegations/<uuid:uuid>/leave", methods=["GET", "POST"])
@policy(ORGANISER)
def cancel_delegation(*, meeting: Meeting, actor: User, uuid: UUID) -> ResponseReturnValue:
    """A delegation does not come, or leaves early: what that cancels, and the confirmation."""
    row: Delegation = delegations.get_delegation(session(), meeting, uuid)
    form = LeaveForm()
    if form.accepted():
        with transaction() as current:
            left = services.cancel_delegation(
                current, row, actor=actor, now=clock.now(), reason=str(form.reason.data), domain=mail_domain()
            )
        sentence = _(
            "%(code)s is taken out. Cancelled: %(cancelled)s. Going on without it: %(without)s. All are told.",
            code=row.party.code,
            cancelled=len(left.cancelled),
            without=len(left.without),
        )
        flash(sentence, "ok")
        return redirect(back(meeting))
    own = [
        one
        for one in schedule.sessions(session(), meeting)
        if one.state in desks.OPEN and row.id in {link.delegation_id for link in one.delegations}
    ]
    return render_template("invitations/desk_leave.html", form=form, meeting=meeting, row=row, sessions=own), status(
        form
    )


@bp.route("/meetings/<slug>/desk/sessions/<uuid:uuid>/swap/<code>", methods=["GET", "POST"])
@policy(organised_session)
def swap_delegates(*, meeting: Meeting, actor: User, row: MeetingSession, code: str) -> ResponseReturnValue:
    """Who sits for one side."""
    known = {link.delegation.party.code: link.delegation for link in row.delegations}
    if code not in known:
        raise NotFound("delegation", code)
    side = delegations.get_delegation(session(), meeting, known[code].uuid)
    form = SwapForm(obj=row)
    form.people.choices = offers.people(side.delegates)
    if request.method == "GET":
        named = {link.delegate_id for link in row.delegates}
        form.people.data = [offers.ident(person) for person in side.delegates if person.id in named]
    if form.accepted():
        try:
            with transaction() as current:
                chosen = offers.chosen(form.people.data, side.delegates, offers.ident)
                services.swap_delegates(
                    current,
                    row,
                    side,
                    chosen,
                    actor=actor,
                    now=clock.now(),
                    domain=mail_domain(),
                    seen_version=form.version.data,
                )
            flash(_("Who sits for %(code)s is changed, and those concerned are told.", code=code), "ok")
            return redirect(back(meeting))
        except Refused as refused:
            form.refuse(refused)
        except Conflict as conflict:
            tell_conflict(conflict)
    return render_template("invitations/desk_swap.html", form=form, meeting=meeting, row=row, code=code), status(form)


@bp.route("/meetings/<slug>/desk/meet", methods=["GET", "POST"])
@policy(ORGANISER)
def meet_now(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A meeting on the spot: who, how long; then one of the free slots from now on."""
    rows = [row for row in delegations.delegations(session(), meeting) if row.state is not DelegationState.DECLINED]
    form = MeetForm(request.values)
    form.delegations.choices = offers.delegations(rows)
    chosen = offers.chosen(form.delegations.data, rows, offers.code)
    if request.method == "POST" and form.accepted():
        try:
            with transaction():
                _meet(form, meeting, actor, chosen)
            flash(_("The meeting has its time and place, and its people are told."), "ok")
            return redirect(back(meeting))
        except Conflict as conflict:
            tell_conflict(conflict)
        except Refused as refused:
            form.refuse(refused)
    slots = _slots(meeting, [one.party.code for one in chosen], form.minutes.data or 0)
    return render_template(
        "invitations/desk_meet.html", form=form, meeting=meeting, slots=slots, chosen=chosen
    ), status(form)


def _meet(form: MeetForm, meeting: Meeting, actor: User, chosen: list[Delegation]) -> None:
    starts, _crew, place = form.parts()
    services.meet_now(
        session(),
        meeting,
        actor=actor,
        now=clock.now(),
        delegations=chosen,
        starts=starts,
        minutes=form.minutes.data or 0,
        place=schedule.place_by_code(session(), meeting, place),
        domain=mail_domain(),
    )


def _slots(meeting: Meeting, codes: list[str], minutes: int) -> Sequence[Offer]:
    if len(codes) < services.TWO or minutes not in LENGTHS:
        return []
    view = outlook(session(), meeting, schedule.sessions(session(), meeting))
    wall, _rehearsal = desks.wall_now(meeting, clock.now(), _asked())
    search = view.search_for(desks.newcomer(codes, wall, minutes))
    found = sorted(search.best(SLOTS, not_before=wall), key=lambda one: (one.starts, one.points))
    return wording.offers(found, view)


@bp.get("/meetings/<slug>/desk/screen/<place>")
@policy(ORGANISER)
def door_screen(*, meeting: Meeting, actor: User, place: str) -> ResponseReturnValue:
    """The screen of a room or table: what runs, how long it still lasts, what comes next. It renews itself."""
    here = schedule.place_by_code(session(), meeting, place)
    wall, rehearsal = desks.wall_now(meeting, clock.now(), _asked())
    board = desks.at_door(schedule.sessions(session(), meeting), place, wall)
    left = None if board.running is None or board.running.ends_local is None else board.running.ends_local - wall
    answer = render_template(
        "invitations/desk_screen.html",
        meeting=meeting,
        place=here,
        board=board,
        wall=wall,
        rehearsal=rehearsal,
        seconds=None if left is None else int(left.total_seconds()) - (0 if rehearsal else clock.now().second),
    )
    return answer, 200, {"Refresh": "30"}
