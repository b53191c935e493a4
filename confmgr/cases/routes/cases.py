"""Cases: nominated by delegations, selected by organisers on their envelopes."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import alongside, naming, queries, services
from confmgr.cases.access import READERS, authored, nominated_case, nominator, owned, seen, speaks_here
from confmgr.cases.consequences import REACH_DELEGATIONS
from confmgr.cases.domain import NOMINATION_STEPS, STEP_BEFORE, CrimeType, NominationState
from confmgr.cases.forms import BringForm, CaseForm, CaseTextForm, DecisionForm, VersionForm
from confmgr.cases.models import Case, Nomination
from confmgr.cases.news import new_to
from confmgr.cases.queries import CaseRow
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
)
from confmgr.cases.routes.late import item_now, look, nomination_now, say, telling
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.access import is_organiser, roles_here
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import seen as looks
from confmgr.sharing import services as markings
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Seat, Viewer, strictest
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/cases")
@policy(READERS)
def table(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Cases that the reader may know of; `?state=`, `?party=` and `?crime=` narrow them."""
    now = clock.now()
    rows = queries.case_table(session(), meeting, sharing.viewer_of(session(), actor, now), now)
    if is_organiser():  # what waits for their decision is not to be looked for under what they decided long ago
        rows.sort(key=lambda row: row.nomination.state is not NominationState.NOMINATED)
    read = [row.item.marking.tlp for row in rows if row.sees_body]
    state, party, crime = request.args.get("state"), request.args.get("party"), request.args.get("crime")
    _known(state, NominationState)
    _known(crime, CrimeType)
    counted = [row for row in rows if _matches(row, None, party, crime)]
    shown = [row for row in counted if _matches(row, state, None, None)]
    showing.listed(session(), (row.item for row in shown if row.sees_body))
    return render_template(
        "cases/table.html",
        meeting=meeting,
        rows=shown,
        any=bool(rows),
        counts=[(one, sum(row.nomination.state is one for row in counted)) for one in NominationState],
        parties=sorted({row.item.originator.code for row in rows}),
        crimes=[one for one in CrimeType if any(one.value in row.case.crime_types for row in rows if not row.bare)],
        leads=sum(row.leads for row in shown if not row.bare),
        marking=strictest(read) if read else None,
        state=state,
        party=party,
        crime=crime,
        may_nominate=bool(roles_here() & SPEAKERS),
    )


def _known(text: str | None, kind: type[NominationState] | type[CrimeType]) -> None:
    if text and text not in {member.value for member in kind}:
        raise NotFound("filter", text)


def _matches(row: CaseRow, state: str | None, party: str | None, crime: str | None) -> bool:
    return (
        (not state or row.nomination.state.value == state)
        and (not party or row.item.originator.code == party)
        and (not crime or (not row.bare and crime in row.case.crime_types))
    )


@bp.route("/meetings/<slug>/cases/new", methods=["GET", "POST"])
@policy(nominator)
def nominate(*, meeting: Meeting, actor: User, seat: Seat) -> ResponseReturnValue:
    """Nominate a case for the own delegation."""
    form = CaseForm()
    rows = others(meeting, seat.party_id or 0)
    form.concerned.choices = offered(rows)
    colleagues = offer_second(form, meeting, seat.party_id or 0, actor)
    if form.accepted():
        try:
            with transaction():
                case = _nominate(form, meeting, actor, seat, rows, second_person(form, colleagues))
            flash(_("The case is nominated. The secretariat sees its envelope and decides."), "ok")
            tell_of_prefixes(form.identifiers.data)
            return led(url_for("cases.show", uuid=case.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/form.html", form=form, meeting=meeting, case=None), status(form)


def _nominate(
    form: CaseForm, meeting: Meeting, actor: User, seat: Seat, rows: list[Delegation], named_readers: list[User]
) -> Case:
    originator = session().get_one(Party, seat.party_id)
    named, now = chosen(form.concerned.data, rows), clock.now()
    case = services.nominate_case(
        session(),
        actor=actor,
        now=now,
        meeting=meeting,
        originator=originator,
        reference=str(form.reference.data),
        title=form.title.data,
        summary=form.summary.data,
        neutral_title=form.neutral_title.data,
        places=form.places.data,
        purpose=form.purpose.data or None,
        crime_types=form.crimes,
        concerned=[row.party for row in named],
        tlp=form.tlp.marking,
        handling=form.codes,
        handling_text=form.handling_text.data or None,
        named_readers=named_readers,
        readiness=form.readiness.data,
        priority=form.priority.data or 2,
        minutes=form.minutes.data,
        languages=form.languages.data or [],
        disclose_to=named if form.tlp.marking in REACH_DELEGATIONS else [],
    )
    naming.name_values(session(), case.item, form.identifiers.data or [], actor=actor, now=now)
    return case


@bp.get("/cases/<uuid:uuid>")
@policy(seen(ItemKind.CASE, body=False))
def show(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """A case with the leads on it; organisers who may not read it see the envelope."""
    now = clock.now()
    letter = sharing.letter_of(session(), viewer, item, now)
    if letter is not None:
        showing.opened(session(), item, letter)
    case = queries.get_case(session(), item)
    own, may_give = sharing.gave(viewer, item), letter is not None and speaks_here(item)
    bare = queries.is_bare(item, sees_body=letter is not None)
    leads = [] if bare else [one for one in queries.leads(session(), viewer, now, case=case) if not one.bare]
    groups = alongside.groups(session(), viewer, item, now) if letter is not None else ()
    figures = alongside.figures(session(), viewer, item, now) if letter is not None else ()
    shown = [item.marking.tlp, *(row.tlp for row in leads if row.title is not None)]
    shown += [*(one.tlp for one in groups), *(one.tlp for one in figures)]
    return render_template(
        "cases/show.html",
        meeting=meeting,
        case=case,
        bare=bare,
        tlp=strictest(shown),
        leads=leads,
        fresh=new_to(session(), viewer, leads),
        seen=looks.of_marking(session(), item) if item.state is ItemState.DRAFT else None,
        may_bring=own and may_give and bool(queries.meetings_without(session(), case, viewer)),
        may_give=may_give,
        nominations=[n for n in case.nominations if n.meeting_id in {seat.meeting_id for seat in viewer.seats}],
        steps=NOMINATION_STEPS,
        before=STEP_BEFORE,
        may_decide=is_organiser(),
        groups=groups,
        figures=figures,
        **beside(actor, viewer, item, letter, now),
    )


@bp.post("/cases/<uuid:uuid>/nominate")
@policy(authored(ItemKind.CASE))
def nominate_draft(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Nominate a case that was brought in as a draft; by its author."""
    back, seen = url_for("cases.show", uuid=item.uuid), request.form.get("seen", "")
    with telling(lambda: item_now(item, actor, back)), transaction() as current:
        done = markings.share_item(current, item, actor=actor, now=clock.now(), seen=seen)
    say(_("The case is nominated. The secretariat sees its envelope and decides."), "ok", done=done)
    return redirect(back)


@bp.route("/cases/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(authored(ItemKind.CASE))
def edit(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Title, summary and crime types; by the author."""
    case = queries.get_case(session(), item)
    form = text_form(CaseTextForm, case)

    def change(current: Session, **given: Any) -> None:
        services.change_case(
            current,
            case,
            title=form.title.data,
            summary=form.summary.data,
            neutral_title=form.neutral_title.data,
            crime_types=form.crimes,
            places=form.places.data,
            **given,
        )

    saved = text_saved(form, item, actor, change)
    if saved is not None:
        return saved
    return render_template("cases/form.html", form=form, meeting=meeting, case=case), status(form)


@bp.route("/cases/<uuid:uuid>/bring", methods=["GET", "POST"])
@policy(owned(ItemKind.CASE))
def bring(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Nominate an own case for a further meeting."""
    case = queries.get_case(session(), item)
    rows = queries.meetings_without(session(), case, viewer)
    form = BringForm()
    form.meeting.choices = [(row.slug, formats.plain_words(row.title)) for row in rows]
    if form.accepted():
        try:
            with transaction() as current:
                services.bring_case(
                    current,
                    case,
                    actor=actor,
                    now=clock.now(),
                    meeting=next(row for row in rows if row.slug == form.meeting.data),
                    nominated_on=clock.now().date(),
                    readiness=form.readiness.data,
                    priority=form.priority.data or 2,
                    minutes=form.minutes.data,
                    languages=form.languages.data or [],
                )
            flash(_("The case is nominated. Name who may read it at that meeting."), "ok")
            return redirect(url_for("cases.show", uuid=item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/bring.html", form=form, meeting=meeting, case=case), status(form)


@bp.route("/meetings/<slug>/cases/<uuid:uuid>/decide", methods=["GET", "POST"])
@policy(nominated_case)
def decide(*, meeting: Meeting, actor: User, nomination: Nomination) -> ResponseReturnValue:
    """Select, decline, discuss or conclude a case, on its envelope."""
    form = DecisionForm(version=nomination.version)
    tell = partial(nomination_now, nomination)
    look(form, seen=form.version.data, now=nomination.version, tell=tell)
    form.state.choices = [(step.value, labels.of(step)) for step in NOMINATION_STEPS[nomination.state]]
    item, first = nomination.case.item, nomination.state is NominationState.NOMINATED
    if form.accepted():
        try:
            with telling(tell), transaction() as current:
                services.set_nomination(
                    current,
                    nomination,
                    actor=actor,
                    now=clock.now(),
                    state=NominationState(form.state.data),
                    reason=form.reason.data or None,
                    seen_version=form.version.data,
                )
            return _decided(meeting, nomination, first=first)
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/decide.html", form=form, meeting=meeting, nomination=nomination, item=item), status(
        form
    )


def _decided(meeting: Meeting, nomination: Nomination, *, first: bool) -> ResponseReturnValue:
    """To those that still wait for a first decision, or to the case."""
    item = nomination.case.item
    flash(f"{item.originator.code}/{item.reference}: {labels.of(nomination.state)}", "ok")
    if first and queries.case_figures(session(), meeting).get(NominationState.NOMINATED):
        return redirect(url_for("cases.table", slug=meeting.slug, state=NominationState.NOMINATED.value))
    return redirect(url_for("cases.show", uuid=item.uuid))


@bp.post("/meetings/<slug>/cases/<uuid:uuid>/decide/back")
@policy(nominated_case)
def decide_back(*, meeting: Meeting, actor: User, nomination: Nomination) -> ResponseReturnValue:
    """Take the last decision on a case back."""
    seen = VersionForm().version.data
    with telling(lambda: nomination_now(nomination)), transaction() as current:
        services.take_decision_back(current, nomination, actor=actor, now=clock.now(), seen_version=seen)
    flash(_("The decision is taken back."), "ok")
    return redirect(url_for("cases.show", uuid=nomination.case.item.uuid))
