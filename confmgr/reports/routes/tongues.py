"""Choosing two languages for a document that stands in both, side by side."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, is_organiser
from confmgr.meetings.models import Meeting
from confmgr.reports.routes.blueprint import beside, bp, language
from confmgr.sharing.queries import viewer_of
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web import formats, labels
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/reports/two-languages")
@policy(in_meeting())
def two_languages(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The choice of a document and two languages; once both are chosen, the document."""
    offered = _offered(meeting, actor)
    paper = request.args.get("paper", "agenda")
    if paper not in offered:
        raise NotFound("document", paper)
    problem = None
    if "with" in request.args:
        try:
            return redirect(_address(meeting, paper, language(), beside(language())))
        except Refused as refused:
            problem = labels.sentence(refused)
    page = _page(meeting, offered, paper, problem)
    return page, 200 if problem is None else 422


def _page(meeting: Meeting, offered: dict[str, str], paper: str, problem: str | None) -> str:
    first = request.args.get("language", formats.language())
    second = next(tag for tag in ("en", *meeting.languages, *LANGUAGES) if tag != first)
    return render_template(
        "reports/two_languages.html",
        meeting=meeting,
        papers=offered,
        languages=[(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
        chosen={"paper": paper, "language": first, "with": request.args.get("with", second)},
        problem=problem,
    )


def _address(meeting: Meeting, paper: str, first: str, second: str | None) -> str:
    tongues: dict[str, Any] = {"language": first, **({"with": second} if second else {})}
    if paper == "agenda":
        return url_for("reports.agenda_pdf", slug=meeting.slug, **tongues)
    if paper == "programme":
        return url_for("reports.programme_pdf", slug=meeting.slug, **tongues)
    return url_for("reports.delegation_programme_pdf", slug=meeting.slug, uuid=paper, **tongues)


def _offered(meeting: Meeting, actor: User) -> dict[str, str]:
    """The documents that the actor may have in two languages."""
    found = {"agenda": _("Annotated agenda"), "programme": _("Programme of the meeting")}
    for row in _delegations(meeting, actor):
        name = formats.plain_words(row.party.short_name)
        found[str(row.uuid)] = _("Programme of %(delegation)s", delegation=name)
    return found


def _delegations(meeting: Meeting, actor: User) -> list[Delegation]:
    if is_organiser():
        return delegations.delegations(session(), meeting)
    seats = viewer_of(session(), actor, clock.now()).seats
    own = {seat.delegation_id for seat in seats if seat.meeting_id == meeting.id}
    return [row for row in delegations.delegations(session(), meeting) if row.id in own]
