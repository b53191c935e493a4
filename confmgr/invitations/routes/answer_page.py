"""The page behind a mail's answer link: no account is needed, and nothing but its own invitation can be reached."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from confmgr.delegations.models import Delegate, Interpreter
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.invitations import links, services
from confmgr.invitations.access import by_answer_link, pressed_answer_link
from confmgr.invitations.domain import AnswerWay, PartStat, Stage, stage
from confmgr.invitations.models import AnswerLink, Participation
from confmgr.invitations.rendering import TLP, place_shown, title_shown
from confmgr.invitations.routes.agenda import ANSWERS
from confmgr.invitations.routes.blueprint import bp
from confmgr.invitations.services.answering import LONGEST_REASON
from confmgr.values.languages import LANGUAGES
from confmgr.values.times import wall_time
from confmgr.web import formats, labels
from confmgr.web.db import transaction
from confmgr.web.forms import csrf
from confmgr.web.policy import policy
from confmgr.web.reader import speaking


@dataclass(frozen=True, slots=True)
class Time:
    """When it is by the clocks of one zone, in the reader's language."""

    day: str
    hours: str
    zone: str


@dataclass(frozen=True, slots=True)
class Invited:
    """What the page says of an invitation, in its reader's language; `own` only where the own clock shows another."""

    person: Delegate | Interpreter
    title: Markup
    venue: Time
    own: Time | None
    place: Markup
    interpretation: str
    answered: str
    stage: Stage


@bp.get("/r/<secret>")
@policy(by_answer_link)
def answer_page(*, secret: str, link: AnswerLink) -> ResponseReturnValue:
    """The invitation as it stands; looking at it changes nothing, whoever or whatever looks."""
    row = link.participation
    language = _language(link)
    with speaking(language):
        return render_template(
            "invitations/answer.html",
            row=row,
            meeting_title=row.session.meeting.title,
            invited=_invited(link),
            older=links.is_older(link),
            answers=ANSWERS,
            longest=LONGEST_REASON,
            action=url_for("invitations.answer_by_link", secret=secret, lang=request.args.get("lang")),
            sign_in=url_for("security.login", next=url_for("invitations.agenda", slug=row.session.meeting.slug)),
            tlp=TLP,
        )


def _language(link: AnswerLink) -> str:
    """That of the person, unless the address asks for another."""
    asked, person = request.args.get("lang"), _person(link)
    return asked if asked in LANGUAGES else person.language


def _person(link: AnswerLink) -> Delegate | Interpreter:
    person = link.participation.person
    if person is None:
        raise NotFound("answer link", "")
    return person


def _invited(link: AnswerLink) -> Invited:
    row, person = link.participation, _person(link)
    facts = row.told_text or {}
    at, until = (datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    has_answered = row.answer is not PartStat.NEEDS_ACTION
    is_same = wall_time(at, person.zone) == wall_time(at, facts["zone"])
    return Invited(
        person=person,
        title=title_shown(facts),
        venue=_time(at, until, facts["zone"]),
        own=None if is_same else _time(at, until, person.zone),
        place=place_shown(facts),
        interpretation=facts["interpretation"] or "",
        answered=formats.moment(row.answered_at, person.zone) if has_answered and row.answered_at else "",
        stage=stage(facts, clock.now()),
    )


def _time(at: datetime, until: datetime, zone: str) -> Time:
    starts, ends = wall_time(at, zone), wall_time(until, zone)
    return Time(
        day=formats.day_long(starts.date()),
        hours=f"{formats.clock(starts)}–{formats.clock(ends)}",
        zone=formats.listed([formats.city(zone), formats.offset(zone, at)]),
    )


@bp.post("/r/<secret>")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF is untyped
@policy(pressed_answer_link)
def answer_by_link(*, secret: str, link: AnswerLink) -> ResponseReturnValue:
    """Keep the answer that was pressed. Where none is taken any more, the page says why."""
    said = next((one for one in ANSWERS if one.value == request.form.get("said")), None)
    if said is None:
        raise Refused("unknown_answer", field="said")
    row, now = link.participation, clock.now()
    if row.invited and stage(row.told_text or {}, now) is Stage.AHEAD:
        with speaking(_language(link)):
            flash(*_kept(row, said, now))
    return redirect(url_for("invitations.answer_page", secret=secret, lang=request.args.get("lang")))


def _kept(row: Participation, said: PartStat, now: datetime) -> tuple[str, str]:
    """Keep an answer to the version that the page showed; gives the sentence that says so, or why it is not kept."""
    seen, reason = request.form.get("sequence", type=int), request.form.get("reason")
    try:
        with transaction() as current:
            services.answer(
                current, row, actor=None, now=now, said=said, way=AnswerWay.LINK, reason=reason, sequence=seen
            )
    except Refused as refused:
        return labels.sentence(refused), "warning"
    return _("Your answer is kept. The secretariat sees it."), "ok"
