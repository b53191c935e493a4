"""What stands in the way on the working schedule, where there is room instead, and why not here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.errors import Conflict, NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries, services, wording
from confmgr.scheduling.access import ORGANISER, organised_session
from confmgr.scheduling.advice import Outlook, outlook
from confmgr.scheduling.conflicts import Clash, ClashKind, Severity
from confmgr.scheduling.forms import MoveToForm, WhyForm
from confmgr.scheduling.labels import clash_sentence, session_names
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.routes import offers
from confmgr.scheduling.routes.blueprint import bp
from confmgr.scheduling.wording import Offer
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

OFFERS = 4
"""Free slots beside a conflict."""
MOST_OFFERED = 12
"""Free slots on the page of one session."""
SEARCHED = 20
"""Sessions for which a page looks for room; beyond them it links to the page of each."""
SENTENCES = 5
"""Sentences of one session under one reason; beyond them it counts."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A session that breaks a rule; `more` counts the sentences that are left out."""

    row: MeetingSession
    sentences: tuple[str, ...]
    more: int
    offers: tuple[Offer, ...] | None
    """None where nobody looked: the session is locked, over, or one of too many."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule and who breaks it."""

    kind: ClashKind
    severity: Severity
    broken: tuple[Broken, ...]


@bp.get("/meetings/<slug>/schedule/conflicts")
@policy(ORGANISER)
def conflicts(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Every conflict by its reason, what blocks first, each with the best free slots."""
    view = outlook(session(), meeting, queries.sessions(session(), meeting), clock.now())
    clashes = view.floor.register.all()
    return render_template(
        "scheduling/_conflicts.html" if _is_part() else "scheduling/conflicts.html",
        meeting=meeting,
        reasons=_reasons(view, clashes),
        clashing=len(clashes),
    )


def _is_part() -> bool:
    return bool(request.headers.get("HX-Request") or request.args.get("part"))


def _reasons(view: Outlook, clashes: dict[str, list[Clash]]) -> list[Reason]:
    rows = {row.reference: row for row in view.rows}
    movable = (r for r in clashes if queries.is_open(rows[r]) and not rows[r].time_locked)
    found = {reference: _offers(view, rows[reference], OFFERS) for reference in islice(movable, SEARCHED)}
    house = view.floor.register.house
    names = session_names(view.rows)
    reasons = [
        Reason(
            kind,
            house.severity(kind),
            tuple(
                _broken(rows[reference], own, found.get(reference), names)
                for reference, all_of in clashes.items()
                if (own := [clash for clash in all_of if clash.kind is kind])
            ),
        )
        for kind in ClashKind
    ]
    return sorted((reason for reason in reasons if reason.broken), key=lambda reason: reason.severity.value)


def _broken(
    row: MeetingSession, clashes: Sequence[Clash], found: tuple[Offer, ...] | None, names: Mapping[str, str]
) -> Broken:
    sentences = tuple(clash_sentence(clash, names) for clash in clashes[:SENTENCES])
    return Broken(row, sentences, len(clashes) - len(sentences), found)


def _offers(view: Outlook, row: MeetingSession, most: int) -> tuple[Offer, ...]:
    return wording.offers(view.search(row).best(most, not_before=view.not_before), view)


@bp.get("/meetings/<slug>/sessions/<uuid:uuid>/openings")
@policy(organised_session)
def openings(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """The best free slots of one session with what each costs, and a form to ask about any other."""
    view = outlook(session(), meeting, queries.sessions(session(), meeting), clock.now())
    return render_template(
        "scheduling/_openings.html" if _is_part() else "scheduling/openings.html",
        meeting=meeting,
        row=row,
        offers=_offers(view, row, MOST_OFFERED) if queries.is_open(row) else (),
        form=_why_form(view),
    )


def _why_form(view: Outlook) -> WhyForm:
    form = WhyForm(request.args, meta={"csrf": False})
    form.place.choices = offers.places(view.places)[1:]
    return form


@bp.post("/meetings/<slug>/sessions/<uuid:uuid>/openings")
@policy(organised_session)
def take_opening(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Move a session to one of the slots that were offered; says what stands in the way if it is taken by now."""
    form = MoveToForm()
    try:
        with transaction() as current:
            _move(form, meeting, row, actor)
            current.flush()
        flash(_("The session is moved. Nobody is told before you publish."), "ok")
    except Conflict as conflict:
        names = session_names(queries.sessions(session(), meeting))
        for sentence in islice((clash_sentence(c, names) for c in conflict.clashes if isinstance(c, Clash)), SENTENCES):
            flash(sentence, "conflict")
    if form.back.data == "conflicts":
        return redirect(url_for("scheduling.conflicts", slug=meeting.slug))
    return redirect(url_for("scheduling.show_session", slug=meeting.slug, uuid=row.uuid))


def _move(form: MoveToForm, meeting: Meeting, row: MeetingSession, actor: User) -> None:
    starts, crew, code = form.parts()
    services.place_session(
        session(),
        row,
        actor=actor,
        now=clock.now(),
        meeting=meeting,
        seen_version=form.version.data,
        starts=starts,
        place=queries.place_by_code(session(), meeting, code),
        interpreters=[one for one in delegations.interpreters(session(), meeting) if one.id in crew],
    )


@bp.get("/meetings/<slug>/sessions/<uuid:uuid>/why")
@policy(organised_session)
def why(*, meeting: Meeting, actor: User, row: MeetingSession) -> ResponseReturnValue:
    """Why a session cannot be at `?starts=` and `?place=`, or that it can and what that would cost."""
    view = outlook(session(), meeting, queries.sessions(session(), meeting), clock.now())
    form = _why_form(view)
    starts: datetime | None = form.starts.data
    if not form.validate() or starts is None:
        if _is_part():
            raise NotFound("time or place")
        return render_template("scheduling/why.html", meeting=meeting, row=row, form=form, said=(), offer=None), 422
    said, offer = _verdict(view, row, starts, form.place.data)
    return render_template(
        "scheduling/_why.html" if _is_part() else "scheduling/why.html",
        meeting=meeting,
        row=row,
        form=form,
        said=said,
        offer=offer,
    )


def _verdict(
    view: Outlook, row: MeetingSession, starts: datetime, place: str
) -> tuple[list[tuple[str, Severity]], Offer | None]:
    meeting = view.meeting
    if not meeting.starts_on <= starts.date() <= meeting.ends_on:
        outside = Refused("outside_meeting", first=str(meeting.starts_on), last=str(meeting.ends_on))
        return [(labels.sentence(outside), Severity.BLOCK)], None
    verdict = view.search(row).verdict(starts, place)
    names = session_names(view.rows)
    said = [(clash_sentence(clash, names), clash.severity) for clash in verdict.clashes]
    offered = wording.offers([verdict.opening] if verdict.opening else [], view)
    return said, offered[0] if offered else None
