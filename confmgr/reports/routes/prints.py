"""Prints of the schedule: day boards, door signs, programmes of delegations. Many sheets are made by a job."""

import uuid as uuids
from datetime import date, datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations.models import Delegation
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.invitations import queries as invitations
from confmgr.meetings import queries as meetings
from confmgr.meetings.access import in_meeting, is_organiser
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.reports import printing, queries
from confmgr.reports.orders import alone
from confmgr.reports.printing import OWN, Kind, Wanted
from confmgr.reports.queries import Timetable
from confmgr.reports.routes.blueprint import beside, bp, delivered, language
from confmgr.reports.sheets import Source
from confmgr.sharing.queries import viewer_of
from confmgr.values.languages import LANGUAGES, OWN_NAMES
from confmgr.web import formats
from confmgr.web.db import session
from confmgr.web.policy import policy

ORGANISER = in_meeting(Role.ORGANISER)
READER = in_meeting(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)


@bp.get("/meetings/<slug>/prints")
@policy(ORGANISER)
def prints(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Everything that can be printed of the schedule, in the chosen language and state."""
    publication = invitations.latest(session(), meeting)
    return render_template(
        "reports/prints.html",
        meeting=meeting,
        publication=publication,
        source=_source() if "from" in request.args or publication else Source.WORKING,
        language=language(),
        languages=[(tag, OWN_NAMES[tag]) for tag in LANGUAGES],
        places=meetings.places(session(), meeting),
        delegations=delegations.delegations(session(), meeting),
        own=OWN,
    )


@bp.get("/meetings/<slug>/prints/day-board.pdf")
@policy(ORGANISER)
def day_board(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A3 boards, one sheet a day or more where there are many places; `?day=` narrows them."""
    return _printed(meeting, actor, Wanted(Kind.DAY_BOARD, language(), _day(meeting)))


@bp.get("/meetings/<slug>/prints/door-signs.pdf")
@policy(ORGANISER)
def door_signs(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """A sign for each place and day on which something is in it; `?day=` and `?place=` narrow them."""
    return _printed(meeting, actor, Wanted(Kind.DOOR_SIGNS, language(), _day(meeting), _place(meeting)))


@bp.get("/meetings/<slug>/prints/delegations.pdf")
@policy(ORGANISER)
def all_delegations(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The programmes of all delegations in one file; `?language=own` prints each in its own language."""
    return _printed(meeting, actor, Wanted(Kind.DELEGATIONS, language(OWN)))


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>/programme")
@policy(READER)
def delegation_programme(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """One delegation's own programme; for itself and for organisers."""
    delegation = _readable_delegation(meeting, actor, uuid)
    found = queries.programme(session(), meeting, delegation=delegation)
    languages = [(tag, OWN_NAMES[tag]) for tag in LANGUAGES]
    return render_template("reports/programme.html", meeting=meeting, programme=found, languages=languages)


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>/programme.pdf")
@policy(READER)
def delegation_programme_pdf(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """The same as a document: whom it meets where, who interprets, which cases; `?with=` adds a second language."""
    now = clock.now()
    delegation = _readable_delegation(meeting, actor, uuid)
    found = _timetable(meeting, actor, now)
    second = beside(language())
    ready = printing.delegation(found, delegation.id, language(), now, second)
    name = _name(meeting, f"programme-{delegation.party.code}", language())
    return delivered(alone(f"{name}-{second}" if second else name, ready), actor, now, meeting)


def _printed(meeting: Meeting, actor: User, wanted: Wanted) -> ResponseReturnValue:
    now = clock.now()
    found = _timetable(meeting, actor, now)
    ready = printing.prints(found, wanted, now)
    return delivered(alone(_name(meeting, wanted.kind, wanted.language), ready), actor, now, meeting)


def _timetable(meeting: Meeting, actor: User, now: datetime) -> Timetable:
    viewer = viewer_of(session(), actor, now)
    return queries.timetable(session(), meeting, viewer, now, source=_source())


def _source() -> Source:
    text = request.args.get("from") or Source.PUBLISHED.value
    if text not in set(Source):
        raise NotFound("schedule", text)
    if text == Source.WORKING and not is_organiser():
        raise NotAllowed("print the working schedule")
    return Source(text)


def _day(meeting: Meeting) -> date | None:
    text = request.args.get("day")
    if not text:
        return None
    found = next((one.day for one in meeting.days if one.day.isoformat() == text), None)
    if found is None:
        raise NotFound("day", text)
    return found


def _place(meeting: Meeting) -> str | None:
    text = request.args.get("place")
    if not text:
        return None
    if text not in {row.code for row in meetings.places(session(), meeting)}:
        raise NotFound("place", text)
    return text


def _name(meeting: Meeting, what: str, tag: str) -> str:
    draft = "-working" if _source() is Source.WORKING else ""
    return f"{what}-{meeting.slug}{draft}-{formats.language() if tag == OWN else tag}"


def _readable_delegation(meeting: Meeting, actor: User, uuid: uuids.UUID) -> Delegation:
    delegation = delegations.get_delegation(session(), meeting, uuid)
    own = any(seat.delegation_id == delegation.id for seat in viewer_of(session(), actor, clock.now()).seats)
    if not (own or is_organiser()):
        raise NotFound("delegation", uuid)
    return delegation
