"""A person's own sessions, as they were told, with their answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.invitations import queries, services
from confmgr.invitations.access import MEMBER, invited
from confmgr.invitations.domain import AnswerWay, PartStat
from confmgr.invitations.models import Participation
from confmgr.invitations.queries import ShownCase
from confmgr.invitations.rendering import place_shown, title_shown
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.rule import strictest
from confmgr.values.times import wall_time
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.policy import policy

ANSWERS = (PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED)


@dataclass(frozen=True, slots=True)
class Card:
    """One session of one person; `marking` is the strictest of the cases that the person may see."""

    row: Participation
    title: Markup
    day: date
    starts: datetime
    ends: datetime
    place: Markup
    interpretation: str
    own_time: str
    cases: tuple[ShownCase, ...]
    marking: Tlp | None

    @property
    def asks(self) -> bool:
        """Whether an answer is waited for."""
        return self.row.invited and self.row.answer is PartStat.NEEDS_ACTION


@bp.get("/meetings/<slug>/my-agenda")
@policy(MEMBER)
def agenda(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The reader's own sessions by day, cancelled ones included."""
    delegate_ids, interpreter_ids = queries.persons_of(session(), meeting, actor)
    rows = queries.told_to(session(), meeting, delegate_ids=delegate_ids, interpreter_ids=interpreter_ids)
    cases = _cases(meeting, actor, rows)
    days: dict[date, list[Card]] = {}
    for row in rows:
        card = _card(row, actor, cases.get(row.session_id, ()))
        days.setdefault(card.day, []).append(card)
    return render_template(
        "invitations/agenda.html",
        meeting=meeting,
        days=days,
        unanswered=sum(card.asks for cards in days.values() for card in cards),
        answers=ANSWERS,
        is_known=bool(delegate_ids or interpreter_ids),
        may_ask=bool(roles_here() & {Role.HEAD, Role.DELEGATE}),
    )


def _cases(meeting: Meeting, actor: User, rows: list[Participation]) -> dict[int, tuple[ShownCase, ...]]:
    last = queries.latest(session(), meeting)
    if last is None or not rows:
        return {}
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    ids = queries.cases_of_sessions(session(), last, (row.session_id for row in rows))
    shown = queries.shown_cases(session(), viewer, now, (ident for some in ids.values() for ident in some))
    return {key: tuple(shown[ident] for ident in some if ident in shown) for key, some in ids.items()}


def _card(row: Participation, actor: User, cases: tuple[ShownCase, ...]) -> Card:
    facts: dict[str, Any] = row.told_text or {}
    starts = datetime.fromisoformat(facts["starts_local"])
    zone = actor.zone or facts["zone"]
    own = wall_time(datetime.fromisoformat(facts["starts_at"]), zone)
    seen = [case.tlp for case in cases if case.sees_body]
    return Card(
        row=row,
        title=title_shown(facts),
        day=starts.date(),
        starts=starts,
        ends=datetime.fromisoformat(facts["ends_local"]),
        place=place_shown(facts),
        interpretation=facts["interpretation"] or "",
        own_time="" if own == starts else f"{formats.day(own.date())} {formats.clock(own)} ({zone})",
        cases=cases,
        marking=strictest(seen) if seen else None,
    )


@bp.post("/meetings/<slug>/my-agenda/<uuid:uuid>/answer")
@policy(invited)
def answer(*, meeting: Meeting, actor: User, row: Participation) -> ResponseReturnValue:
    """Accept, decline, or say perhaps; the last answer counts."""
    said = next((one for one in ANSWERS if one.value == request.form.get("said")), None)
    if said is None:
        raise Refused("unknown_answer", field="said")
    with transaction() as current:
        seen = request.form.get("sequence", type=int)
        services.answer(current, row, actor=actor, now=clock.now(), said=said, way=AnswerWay.AGENDA, sequence=seen)
    flash(_("Your answer is kept. The secretariat sees it."), "ok")
    return redirect(url_for("invitations.agenda", slug=meeting.slug))
