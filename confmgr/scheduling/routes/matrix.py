"""The requests matrix: who wants whom, what two delegations want of each other, and what organisers make of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.cases import queries as cases
from confmgr.cases.domain import TAKEN
from confmgr.delegations import queries as delegations
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries, services
from confmgr.scheduling.access import ORGANISER, organised_request
from confmgr.scheduling.domain import OPEN_REQUESTS
from confmgr.scheduling.forms import SelectedRequestsForm, ShapeForm
from confmgr.scheduling.matrix import Wish, matrix
from confmgr.scheduling.models import MeetingRequest, MeetingSession
from confmgr.scheduling.routes import offers
from confmgr.scheduling.routes.blueprint import bp
from confmgr.scheduling.wishes import Wishes
from confmgr.sharing import queries as sharing
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/requests/matrix")
@policy(ORGANISER)
def requests_matrix(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Every delegation's wishes in one square: waiting, accepted, placed, mutual; and pairs with a case but no wish."""
    rows = delegations.delegations(session(), meeting)
    wishes = [_wish(row) for row in queries.requests(session(), meeting)]
    found = matrix([row.party.code for row in rows], wishes, _selected_cases(meeting, actor))
    return render_template(
        "scheduling/matrix.html",
        meeting=meeting,
        delegations=rows,
        matrix=found,
        names={row.party.code: row.party.short_name for row in rows},
    )


def _wish(row: MeetingRequest) -> Wish:
    return Wish(row.asking.party.code, frozenset(side.delegation.party.code for side in row.asked), row.state)


def _selected_cases(meeting: Meeting, actor: User) -> list[list[str]]:
    """Who brought each selected case and whom it concerns, as far as its envelope says."""
    now = clock.now()
    table = cases.case_table(session(), meeting, sharing.viewer_of(session(), actor, now), now)
    return [
        [row.item.originator.code, *(link.party.code for link in row.case.parties)]
        for row in table
        if not row.bare and row.nomination.state in TAKEN
    ]


@bp.route("/meetings/<slug>/requests/matrix/<code>/<other>", methods=["GET", "POST"])
@policy(ORGANISER)
def requests_of_pair(*, meeting: Meeting, actor: User, code: str, other: str) -> ResponseReturnValue:
    """What two delegations want of each other, with the sessions made of it; acts on the requests that are ticked."""
    known = {row.party.code: row for row in delegations.delegations(session(), meeting)}
    if code == other or not {code, other} <= known.keys():
        raise NotFound("pair", f"{code}-{other}")
    rows = [row for row in queries.requests(session(), meeting) if {code, other} <= set(queries.codes_of(row))]
    form = SelectedRequestsForm()
    form.requests.choices = [(str(row.uuid), str(row.number)) for row in rows]
    if form.accepted():
        chosen = offers.chosen(form.requests.data, rows, lambda row: str(row.uuid))
        try:
            return redirect(_act(meeting, actor, chosen, str(form.act.data)))
        except Refused as refused:
            form.refuse(refused)
    made = _sessions_of(meeting, rows)
    return render_template(
        "scheduling/matrix_pair.html",
        form=form,
        meeting=meeting,
        one=known[code],
        other=known[other],
        rows=rows,
        made=made,
        open=OPEN_REQUESTS,
    ), status(form)


def _sessions_of(meeting: Meeting, rows: list[MeetingRequest]) -> dict[int | None, MeetingSession]:
    wanted = {row.id for row in rows}
    return {made.request_id: made for made in queries.sessions(session(), meeting) if made.request_id in wanted}


@bp.post("/meetings/<slug>/requests/selected")
@policy(ORGANISER)
def selected_requests(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Accept for every side, or join into one multilateral, the requests ticked in the list."""
    rows = queries.requests(session(), meeting)
    form = SelectedRequestsForm()
    form.requests.choices = [(str(row.uuid), str(row.number)) for row in rows]
    back = url_for("scheduling.requests", slug=meeting.slug)
    if not form.accepted():
        flash(_("Tick at least one request first."), "warning")
        return redirect(back)
    chosen = offers.chosen(form.requests.data, rows, lambda row: str(row.uuid))
    return redirect(_act(meeting, actor, chosen, str(form.act.data)))


def _act(meeting: Meeting, actor: User, chosen: list[MeetingRequest], act: str) -> str:
    """Carry out what was pressed; gives the address to go on to."""
    now = clock.now()
    with transaction() as current:
        if act == "join":
            joined = services.join_requests(current, meeting, chosen, actor=actor, now=now)
            flash(_("The requests are one multilateral request now: number %(number)s.", number=joined.number), "ok")
            return url_for("scheduling.show_request", slug=meeting.slug, uuid=joined.uuid)
        for row in chosen:
            services.accept_for_all(current, row, actor=actor, now=now)
            if act == "schedule":
                services.schedule_request(current, row, actor=actor, now=now)
    if act == "schedule":
        flash(ngettext("%(num)s session waits to be placed.", "%(num)s sessions wait to be placed.", len(chosen)), "ok")
        return url_for("scheduling.board", slug=meeting.slug)
    flash(ngettext("%(num)s request is accepted.", "%(num)s requests are accepted.", len(chosen)), "ok")
    return request.path if request.path.count("/matrix/") else url_for("scheduling.requests", slug=meeting.slug)


@bp.route("/meetings/<slug>/requests/<uuid:uuid>/shape", methods=["GET", "POST"])
@policy(organised_request)
def shape_request(*, meeting: Meeting, actor: User, row: MeetingRequest) -> ResponseReturnValue:
    """Kind, level, length, priority and interpretation of a request; its session follows."""
    form = ShapeForm(obj=row)
    form.offer_wishes(meeting, queries.own_requests(session(), row, row.asking))
    if request.method == "GET":
        form.show_pair(row.interpretation)
        form.show_wishes(Wishes.from_json(row.wishes))
    if form.accepted():
        try:
            with transaction() as current:
                services.shape_request(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    kind=form.kind.data,
                    level=form.level.data,
                    minutes=form.minutes.data or 0,
                    priority=form.priority.data,
                    interpretation=form.pair_of(),
                    interpreters=form.interpreters.data or 1,
                    wishes=form.wishes(),
                )
            flash(_("The request is changed."), "ok")
            return redirect(url_for("scheduling.show_request", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("scheduling/shape.html", form=form, meeting=meeting, row=row), status(form)
