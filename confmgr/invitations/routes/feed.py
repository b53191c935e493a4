"""The calendar behind a secret address: what its user may see at each reading, and not one byte if nothing is new."""

import gzip

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.gateways import clock
from confmgr.invitations import calendars, feeds, services, timetable
from confmgr.invitations.calendars import Cover
from confmgr.invitations.domain import FeedKind
from confmgr.invitations.feeds import KEPT, Reading
from confmgr.invitations.rendering import sender
from confmgr.invitations.routes.blueprint import bp, settings
from confmgr.web.db import session, transaction
from confmgr.web.headers import REVALIDATED
from confmgr.web.policy import policy, public
from confmgr.web.reader import speaking


@bp.get("/f/<string(length=43):token>.ics")
@policy(public)
def feed(*, token: str) -> ResponseReturnValue:
    """A subscribed calendar. Nothing of the address is logged or kept."""
    now = clock.now()
    row = feeds.reading(session(), token, now)
    state = feeds.state(session(), row, now)
    answer = Response(mimetype="text/calendar")
    answer.set_etag(state.mark, weak=True)  # the packed and the plain form are one
    answer.last_modified = state.changed_at
    if request.if_none_match.contains_weak(state.mark):  # never by date alone: a title changes without one
        answer.status_code = 304
    else:
        _fill(answer, _content(row))
    answer.headers["Cache-Control"] = REVALIDATED
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if not row.is_noted(now):
        with transaction() as current:
            services.note_reading(current, row.id, now=now, reader=request.user_agent.string)
    return answer


def _fill(answer: Response, content: bytes) -> None:
    if request.accept_encodings["gzip"] > 0:
        content = gzip.compress(content, 6, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_data(content)


def _content(row: Reading) -> bytes:
    base = settings().base_url
    since = clock.now() - KEPT
    with speaking(row.language):
        title = row.title.text(row.language)
        cover = Cover(
            name=_("%(meeting)s, my sessions", meeting=title) if row.kind is FeedKind.PERSONAL else title,
            language=row.language,
            link=base + url_for("invitations.agenda", slug=row.slug),
            organizer=sender(settings()),
            source=base + url_for("invitations.calendars", slug=row.slug),
        )
        if row.kind is FeedKind.PERSONAL:
            heard = timetable.heard_by(session(), row.meeting_id, row.user_id)
            left_out = row.without_answered
            rows = [one for one in heard if one.shown_after(since) and not (left_out and one.in_own_calendar)]
            return calendars.of_person(rows, cover)
        slots = timetable.published(session(), row.meeting_id, delegation_id=row.delegation_id)
        if row.kind is FeedKind.PUBLIC:
            slots = timetable.for_everybody(slots)
        return calendars.of_sessions([one for one in slots if one.shown_after(since)], cover, slug=row.slug)
