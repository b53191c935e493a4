"""Rules of routes that load requests, sessions and plans."""

import uuid as uuids

from sqlalchemy.orm import Session

from confmgr.errors import NotAllowed
from confmgr.gateways import clock
from confmgr.meetings import queries as meetings
from confmgr.meetings.access import in_meeting, is_organiser
from confmgr.meetings.domain import Role
from confmgr.scheduling import queries
from confmgr.web.policy import Arguments, signed_in_user, staff

ORGANISER = in_meeting(Role.ORGANISER)
_ASKERS = in_meeting(Role.ORGANISER, Role.HEAD, Role.DELEGATE)


def asker(session: Session, arguments: Arguments) -> Arguments:
    """An organiser, or somebody of a delegation; gives `meeting`, `actor` and `own`, which organisers have not."""
    given = _ASKERS(session, arguments)
    if is_organiser():
        return {**given, "own": None}
    own = queries.own_delegation(session, given["meeting"], given["actor"], clock.now())
    if own is None:
        raise NotAllowed("ask for meetings")
    return {**given, "own": own}


def party_to_request(session: Session, arguments: Arguments) -> Arguments:
    """As `asker`, for routes with `<uuid:uuid>`: gives `row`, a request of the own delegation; of any for organisers.

    To everybody else the request does not exist.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = asker(session, arguments)
    return {**given, "row": queries.get_request(session, given["meeting"], ident, of=given["own"])}


@staff
def organised_request(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and any meeting request: gives `meeting`, `actor` and `row`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "row": queries.get_request(session, given["meeting"], ident)}


@staff
def organised_session(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a session of the working schedule: gives `meeting`, `actor` and `row`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "row": queries.get_session(session, given["meeting"], ident)}


@staff
def at_the_board(session: Session, arguments: Arguments) -> Arguments:
    """As `ORGANISER`, in one statement: for what the board asks often."""
    actor = signed_in_user()
    meeting = meetings.organised_meeting(session, arguments["slug"], actor, clock.now())
    if meeting is None:
        return ORGANISER(session, arguments)
    del arguments["slug"]
    return {**arguments, "meeting": meeting, "actor": actor}


@staff
def organised_plan(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a run of the planner: gives `meeting`, `actor` and `run`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "run": queries.get_plan_run(session, given["meeting"], ident)}


@staff
def organised_draft(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a draft of the schedule: gives `meeting`, `actor` and `draft`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "draft": queries.get_draft(session, given["meeting"], ident)}
