"""Meeting requests: who wants to meet whom."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases import queries as cases
from confmgr.cases.queries import CaseRow
from confmgr.delegations import queries as delegations
from confmgr.delegations.models import Delegation
from confmgr.errors import NotAllowed, NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries, services
from confmgr.scheduling.access import ORGANISER, asker, party_to_request
from confmgr.scheduling.domain import OPEN_REQUESTS, Answer, RequestState
from confmgr.scheduling.forms import AnswerForm, RequestForm, SelectedRequestsForm
from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.routes import offers, wished
from confmgr.scheduling.routes.blueprint import bp
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemState
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

OPEN = frozenset({RequestState.ASKED, RequestState.ACCEPTED, RequestState.DECLINED})


@bp.get("/meetings/<slug>/requests")
@policy(asker)
def requests(*, meeting: Meeting, actor: User, own: Delegation | None) -> ResponseReturnValue:
    """Requests that the reader is a party to; organisers see all. `?state=` and `?delegation=` narrow them."""
    rows = queries.requests(session(), meeting, of=own)
    state = _state(request.args.get("state"))
    code = request.args.get("delegation") or None
    of_delegation = [row for row in rows if code is None or code in queries.codes_of(row)]
    counts = {s: sum(row.state is s for row in of_delegation) for s in RequestState}
    return render_template(
        "scheduling/requests.html",
        meeting=meeting,
        own=own,
        rows=[row for row in of_delegation if state is None or row.state is state],
        any=bool(rows),
        counts={s: n for s, n in counts.items() if n or s is state},
        total=len(of_delegation),
        state=state,
        code=code,
        codes=sorted({code for row in rows for code in queries.codes_of(row)}),
        form=SelectedRequestsForm(),
        open=OPEN_REQUESTS,
    )


def _state(text: str | None) -> RequestState | None:
    if not text:
        return None
    if text not in set(RequestState):
        raise NotFound("state", text)
    return RequestState(text)


@bp.route("/meetings/<slug>/requests/new", methods=["GET", "POST"])
@policy(asker)
def ask(*, meeting: Meeting, actor: User, own: Delegation | None) -> ResponseReturnValue:
    """Ask for a meeting: organisers for any delegation, others for their own."""
    rows = delegations.delegations(session(), meeting)
    visible = [one for one in _cases(meeting, actor) if one.item.state is not ItemState.DRAFT]
    given = {name: request.args.getlist(name) for name in ("asked", "cases")}
    first = {name: request.args[name] for name in ("asking", "kind") if name in request.args}
    form = RequestForm(data={**first, **given})
    form.asking.choices = offers.delegations([own] if own else rows)
    form.asked.choices = offers.delegations(row for row in rows if own is None or row.id != own.id)
    form.persons.choices = offers.people(own.delegates) if own else []
    form.cases.choices = offers.cases(visible)
    form.offer_wishes(meeting, queries.own_requests(session(), None, own) if own else ())
    showing.listed(session(), (one.item for one in visible if one.sees_body))
    if form.accepted():
        try:
            with transaction():
                row = _ask(form, actor, rows, visible)
            flash(_("The request is with the delegations that were asked."), "ok")
            return redirect(url_for("scheduling.show_request", slug=meeting.slug, uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("scheduling/ask.html", form=form, meeting=meeting, own=own), status(form)


def _cases(meeting: Meeting, actor: User) -> list[CaseRow]:
    now = clock.now()
    return cases.case_table(session(), meeting, sharing.viewer_of(session(), actor, now), now)


def _ask(form: RequestForm, actor: User, rows: list[Delegation], visible: list[CaseRow]) -> MeetingRequest:
    asking = next(row for row in rows if row.party.code == form.asking.data)
    own_people = asking.delegates if form.persons.choices else []
    return services.ask_meeting(
        session(),
        actor=actor,
        now=clock.now(),
        asking=asking,
        asked=offers.chosen(form.asked.data, rows, offers.code),
        kind=form.kind.data,
        level=form.level.data,
        minutes=form.minutes.data or 0,
        cases=[row.case for row in offers.chosen(form.cases.data, visible, offers.case_ident)],
        persons=offers.chosen(form.persons.data, own_people, offers.ident),
        interpretation=form.pair_of(),
        interpreters=form.interpreters.data or 1,
        priority=form.priority.data,
        note=form.note.data or None,
        wishes=form.wishes(),
    )


@bp.route("/meetings/<slug>/requests/<uuid:uuid>", methods=["GET", "POST"])
@policy(party_to_request)
def show_request(*, meeting: Meeting, actor: User, own: Delegation | None, row: MeetingRequest) -> ResponseReturnValue:
    """One request, and the answer of those who were asked. Note and persons are for the asking side and organisers."""
    form = AnswerForm()
    answering = [side.delegation for side in row.asked if own is None or side.delegation_id == own.id]
    form.delegation.choices = offers.delegations(answering)
    if form.accepted():
        try:
            with transaction() as current:
                services.answer_request(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    delegation=next(d for d in answering if d.party.code == form.delegation.data),
                    answer=Answer(form.answer.data),
                    reason=form.reason.data or None,
                )
            flash(_("The answer is kept."), "ok")
            return redirect(url_for("scheduling.requests", slug=meeting.slug))
        except Refused as refused:
            form.refuse(refused)
    about = [one for one in _cases(meeting, actor) if one.case.id in {link.case_id for link in row.cases}]
    showing.listed(session(), (one.item for one in about if one.sees_body))
    return render_template(
        "scheduling/request.html",
        form=form,
        meeting=meeting,
        own=own,
        row=row,
        placed=queries.session_of(session(), row) if own is None else None,
        joined=session().get(MeetingRequest, row.joined_into_id) if row.joined_into_id else None,
        cases=about,
        asking_side=own is None or own.id == row.from_id,
        wishes=wished.shown(session(), row, own),
        may_answer=bool(answering) and row.state in OPEN,
        may_withdraw=row.state in OPEN and (own is None or own.id == row.from_id),
    ), status(form)


@bp.post("/meetings/<slug>/requests/<uuid:uuid>/withdraw")
@policy(party_to_request)
def withdraw(*, meeting: Meeting, actor: User, own: Delegation | None, row: MeetingRequest) -> ResponseReturnValue:
    """Take a request back: the asking side, or an organiser."""
    if own is not None and own.id != row.from_id:
        raise NotAllowed("withdraw a request of others")
    with transaction() as current:
        services.withdraw_request(current, row, actor=actor, now=clock.now())
    flash(_("The request is withdrawn."), "ok")
    return redirect(url_for("scheduling.requests", slug=meeting.slug))


@bp.post("/meetings/<slug>/requests/<uuid:uuid>/session")
@policy(party_to_request)
def schedule_request(
    *, meeting: Meeting, actor: User, own: Delegation | None, row: MeetingRequest
) -> ResponseReturnValue:
    """Turn an accepted request into a session that waits to be placed; organisers only."""
    if own is not None:
        raise NotAllowed("schedule a request")
    with transaction() as current:
        made = services.schedule_request(current, row, actor=actor, now=clock.now())
    flash(_("The request is a session now. Give it a time and a place, or let the planner do it."), "ok")
    return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=made.uuid))


@bp.post("/meetings/<slug>/requests/accepted")
@policy(ORGANISER)
def schedule_accepted(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Turn every accepted request into a session."""
    with transaction() as current:
        waiting = [row for row in queries.requests(current, meeting) if row.state is RequestState.ACCEPTED]
        for row in waiting:
            services.schedule_request(current, row, actor=actor, now=clock.now())
    flash(_("Accepted requests that are sessions now: %(count)s.", count=len(waiting)), "ok")
    return redirect(url_for("scheduling.schedule", slug=meeting.slug))
