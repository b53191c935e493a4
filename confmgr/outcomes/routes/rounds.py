"""Reporting rounds: listed, opened, changed, closed; what they come to."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.meetings.access import written_languages
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import meetings_of as meetings_of_user
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import ReturnState
from confmgr.outcomes.forms import RoundForm
from confmgr.outcomes.forms.rounds import name_of
from confmgr.outcomes.models import ReportingRound
from confmgr.outcomes.queries import RoundReader
from confmgr.outcomes.returns import may_be_taken_back
from confmgr.outcomes.rounds_access import opener, organiser_of_round, reader_of_round, reader_of_rounds
from confmgr.outcomes.routes.blueprint import bp
from confmgr.outcomes.services import Wanted
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/rounds")
@policy(reader_of_rounds)
def rounds(*, operation: Operation, actor: User, viewer: Viewer, rights: RoundReader) -> ResponseReturnValue:
    """Every round of an operation, with how many have answered and the own returns."""
    return render_template(
        "outcomes/round_list.html",
        operation=operation,
        rounds=queries.rounds(session(), operation),
        own=queries.own_returns(session(), operation, rights),
        may_open=bool(rights.organises),
        now=clock.now(),
    )


@bp.route("/operations/<code>/rounds/new", methods=["GET", "POST"])
@policy(opener)
def open_round(*, operation: Operation, actor: User, rights: RoundReader) -> ResponseReturnValue:
    """Ask the parties of a meeting; members, partners and the host unless somebody chooses otherwise."""
    organised = [row for row in meetings_of_user(session(), actor, clock.now()) if row.id in rights.organises]
    meeting = next((row for row in organised if row.slug == request.args.get("meeting")), organised[0])
    offered = queries.parties_by_default(session(), meeting)
    form = _form(meeting)
    measures = _offer(form, operation, [party for party, _asked in offered])
    if request.method == "GET":
        form.zone.data = meeting.zone
        form.measures.data = measures if len(measures) <= READY else []
        form.parties.data = [party.code for party, asked in offered if asked]
    if form.accepted():
        try:
            with transaction() as current:
                wanted = _wanted(form, [party for party, _asked in offered])
                round_ = services.open_round(current, meeting, wanted, actor=actor, now=clock.now())
            flash(_("The round is open. Heads of delegations find their form on its page."), "ok")
            return redirect(url_for("outcomes.show_round", uuid=round_.uuid))
        except Refused as refused:
            form.refuse(refused)
    return _page(form, operation, meeting, organised=organised)


@bp.get("/rounds/<uuid:uuid>")
@policy(reader_of_round)
def show_round(*, actor: User, viewer: Viewer, rights: RoundReader, round_: ReportingRound) -> ResponseReturnValue:
    """What a round comes to; to organisers each return with its state, to a delegation its own."""
    judges = rights.judges(round_)
    listed = [row for row in round_.returns if judges or rights.writes(row)]
    return render_template(
        "outcomes/round_show.html",
        operation=round_.operation,
        round=round_,
        totals=queries.round_totals(session(), round_, viewer, clock.now()),
        judges=judges,
        reopens=judges and may_be_taken_back(round_.state, round_.closed_at, clock.now()),
        mine=[row for row in listed if rights.writes(row) and queries.is_writable(row)],
        rights=rights,
        groups=[
            (state, rows)
            for state in _BY_STATE
            if (rows := sorted((row for row in listed if row.state is state), key=lambda row: row.party.code))
        ],
        coverage_of=lambda row: queries.coverage_of(row, round_.measures),
        name_of=name_of,
        now=clock.now(),
    )


READY = 20
"""An operation that uses no more measures than these is asked for all of them, unless an organiser says otherwise."""
_BY_STATE = (
    ReturnState.SUBMITTED,
    ReturnState.RETURNED,
    ReturnState.DRAFT,
    ReturnState.NOT_ANSWERED,
    ReturnState.ACCEPTED,
)
"""What waits for an organiser first, what is settled last."""


@bp.route("/rounds/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(organiser_of_round)
def edit_round(*, actor: User, viewer: Viewer, rights: RoundReader, round_: ReportingRound) -> ResponseReturnValue:
    """Change an open round."""
    meeting = round_.meeting
    if meeting is None:
        raise NotAllowed("change this round")
    asked = {row.party for row in round_.returns}
    offered = sorted({*(p for p, _a in queries.parties_by_default(session(), meeting)), *asked}, key=lambda p: p.code)
    form = _form(meeting, round_)
    _offer(form, round_.operation, offered, round_)
    if request.method == "GET":
        form.due.data, form.zone.data = round_.due_local, round_.due_zone or meeting.zone
        form.parties.data = [party.code for party in asked]
    if form.accepted():
        try:
            with transaction() as current:
                services.change_round(
                    current,
                    round_,
                    _wanted(form, offered),
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                )
            flash(_("The round is changed."), "ok")
            return redirect(url_for("outcomes.show_round", uuid=round_.uuid))
        except Refused as refused:
            form.refuse(refused)
    return _page(form, round_.operation, meeting, round_=round_)


@bp.post("/rounds/<uuid:uuid>/close")
@policy(organiser_of_round)
def close_round(*, actor: User, viewer: Viewer, rights: RoundReader, round_: ReportingRound) -> ResponseReturnValue:
    """Close a round: what is not handed in stays unanswered."""
    try:
        with transaction() as current:
            services.close_round(current, round_, actor=actor, now=clock.now())
        flash(_("The round is closed."), "ok")
    except Refused:
        flash(_("This round is closed."), "info")
    return redirect(url_for("outcomes.show_round", uuid=round_.uuid))


@bp.post("/rounds/<uuid:uuid>/open")
@policy(organiser_of_round)
def take_back_closing(
    *, actor: User, viewer: Viewer, rights: RoundReader, round_: ReportingRound
) -> ResponseReturnValue:
    """Open a round again that was closed by mistake."""
    try:
        with transaction() as current:
            services.take_back_closing(current, round_, actor=actor, now=clock.now())
        flash(_("The round is open. Heads of delegations find their form on its page."), "ok")
    except Refused as refused:
        flash(labels.sentence(refused), "conflict")
    return redirect(url_for("outcomes.show_round", uuid=round_.uuid))


def _form(meeting: Meeting, round_: ReportingRound | None = None) -> RoundForm:
    form = RoundForm(obj=round_)
    form.title.languages = form.note.languages = written_languages(meeting)
    return form


def _offer(
    form: RoundForm, operation: Operation, parties: list[Party], round_: ReportingRound | None = None
) -> list[str]:
    """Set what can be chosen; gives the measures."""
    offered = queries.measures_offered(session(), operation)
    if round_ is not None:
        offered |= {one.code: one for one in queries.asked_of(session(), round_)}
    form.measures.choices = [(code, name_of(one)) for code, one in offered.items()]
    form.parties.choices = [(p.code, formats.code_and_name(p.code, p.short_name)) for p in parties]
    return [*offered]


def _wanted(form: RoundForm, parties: list[Party]) -> Wanted:
    chosen, first, last = set(form.parties.data or ()), form.from_on.data, form.to_on.data
    if form.due.data and not form.zone.data:
        raise Refused("unknown_zone", field="zone", zone="")
    if first is None or last is None:
        raise Refused("flow_needs_period", field="from_on")
    return Wanted(
        title=form.title.data,
        note=form.note.data,
        period=(first, last),
        measures=form.measures.data or [],
        parties=[party for party in parties if party.code in chosen],
        due=(form.due.data, str(form.zone.data)) if form.due.data else None,
    )


def _page(
    form: RoundForm,
    operation: Operation,
    meeting: Meeting,
    *,
    organised: list[Meeting] | None = None,
    round_: ReportingRound | None = None,
) -> ResponseReturnValue:
    return render_template(
        "outcomes/round_form.html",
        form=form,
        operation=operation,
        meeting=meeting,
        organised=organised or [],
        round=round_,
    ), status(form)
