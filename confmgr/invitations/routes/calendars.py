"""Calendars to download: one session, all of one's own, those of a delegation."""

from datetime import datetime

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.invitations import calendars, queries
from confmgr.invitations.access import MEMBER, delegation_or_organiser, invited
from confmgr.invitations.models import Participation
from confmgr.invitations.rendering import sender
from confmgr.invitations.routes.blueprint import bp
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.web import formats
from confmgr.web.db import session
from confmgr.web.policy import policy


def _file(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def _link(meeting: Meeting) -> str:
    base: str = current_app.extensions["confmgr"].base_url
    return base + url_for("invitations.agenda", slug=meeting.slug)


@bp.get("/meetings/<slug>/my-agenda.ics")
@policy(MEMBER)
def my_calendar(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """All sessions that the reader was told of."""
    delegate_ids, interpreter_ids = queries.persons_of(session(), meeting, actor)
    rows = queries.told_to(session(), meeting, delegate_ids=delegate_ids, interpreter_ids=interpreter_ids)
    return _file(_personal(meeting, rows), meeting.slug)


@bp.get("/meetings/<slug>/my-agenda/<uuid:uuid>.ics")
@policy(invited)
def session_calendar(*, meeting: Meeting, actor: User, row: Participation) -> ResponseReturnValue:
    """One session that the reader was told of."""
    starts = datetime.fromisoformat((row.told_text or {})["starts_local"])  # a running number would count hidden ones
    return _file(_personal(meeting, [row]), f"{meeting.slug}-{starts:%m%d-%H%M}")


def _personal(meeting: Meeting, rows: list[Participation]) -> bytes:
    return calendars.of_person(
        rows,
        name=formats.plain_words(meeting.title),
        language=formats.language(),
        link=_link(meeting),
        organizer=sender(current_app.extensions["confmgr"]),
    )


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>/calendar.ics")
@policy(delegation_or_organiser)
def delegation_calendar(*, meeting: Meeting, actor: User, delegation: Delegation) -> ResponseReturnValue:
    """Published sessions of a delegation, for itself and for organisers."""
    now = clock.now()
    publication = queries.latest(session(), meeting)
    if publication is None:
        raise NotFound("publication", meeting.slug)
    rows = [row for row in queries.published_sessions(session(), publication) if delegation.id in row.delegation_ids]
    viewer = sharing.viewer_of(session(), actor, now)
    content = calendars.of_sessions(
        queries.entries(session(), meeting, rows, viewer, now),
        publication=publication,
        meeting=meeting,
        name=f"{delegation.party.code} · {formats.plain_words(meeting.title)}",
        language=formats.language(),
        link=_link(meeting),
        organizer=sender(current_app.extensions["confmgr"]),
    )
    return _file(content, f"{meeting.slug}-{delegation.party.code}")
