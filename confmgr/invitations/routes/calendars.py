"""Calendars to download: one session, one's own, a delegation's, the whole meeting, free and busy times."""

from datetime import datetime

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.invitations import calendars, freebusy, timetable
from confmgr.invitations.access import MEMBER, ORGANISER, delegation_or_organiser, invited
from confmgr.invitations.calendars import Cover
from confmgr.invitations.models import Participation
from confmgr.invitations.rendering import sender
from confmgr.invitations.routes.blueprint import bp, settings
from confmgr.meetings.models import Meeting
from confmgr.web import formats
from confmgr.web.db import session
from confmgr.web.policy import policy


def _file(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def _cover(meeting: Meeting, name: str) -> Cover:
    link = settings().base_url + url_for("invitations.agenda", slug=meeting.slug)
    return Cover(name=name, language=formats.language(), link=link, organizer=sender(settings()))


@bp.get("/meetings/<slug>/my-agenda.ics")
@policy(MEMBER)
def my_calendar(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """All sessions that the reader was told of."""
    rows = timetable.heard_by(session(), meeting.id, actor.id)
    return _file(calendars.of_person(rows, _cover(meeting, formats.plain_words(meeting.title))), meeting.slug)


@bp.get("/meetings/<slug>/my-agenda/<uuid:uuid>.ics")
@policy(invited)
def session_calendar(*, meeting: Meeting, actor: User, row: Participation) -> ResponseReturnValue:
    """One session that the reader was told of."""
    starts = datetime.fromisoformat((row.told_text or {})["starts_local"])  # a running number would count hidden ones
    cover = _cover(meeting, formats.plain_words(meeting.title))
    return _file(calendars.of_person([timetable.heard_from(row)], cover), f"{meeting.slug}-{starts:%m%d-%H%M}")


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>/calendar.ics")
@policy(delegation_or_organiser)
def delegation_calendar(*, meeting: Meeting, actor: User, delegation: Delegation) -> ResponseReturnValue:
    """Published sessions of a delegation, for itself and for organisers."""
    slots = timetable.published(session(), meeting.id, delegation_id=delegation.id)
    name = f"{delegation.party.code} · {formats.plain_words(meeting.title)}"
    return _sessions(meeting, slots, name, f"{meeting.slug}-{delegation.party.code}")


@bp.get("/meetings/<slug>/calendar.ics")
@policy(ORGANISER)
def meeting_calendar(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """All published sessions of the meeting, for organisers."""
    slots = timetable.published(session(), meeting.id)
    name = _("%(meeting)s, all sessions", meeting=formats.plain_words(meeting.title))
    return _sessions(meeting, slots, name, f"{meeting.slug}-all")


def _sessions(meeting: Meeting, slots: list[timetable.Slot], name: str, file: str) -> ResponseReturnValue:
    if not slots and timetable.is_unpublished(session(), meeting.id):
        raise NotFound("publication", meeting.slug)
    return _file(calendars.of_sessions(slots, _cover(meeting, name), slug=meeting.slug), file)


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>/freebusy.ics")
@policy(delegation_or_organiser)
def delegation_free_busy(*, meeting: Meeting, actor: User, delegation: Delegation) -> ResponseReturnValue:
    """When a delegation is taken, without a word of what it does then."""
    content = freebusy.of_delegation(session(), meeting, delegation, organizer=sender(settings()))
    return _file(content, f"{meeting.slug}-{delegation.party.code}-busy")
