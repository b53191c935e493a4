"""Rules of routes on reporting rounds: who asks, who answers, who reads an answer."""

from flask import g
from sqlalchemy.orm import Session

from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_operation
from confmgr.meetings.domain import Role
from confmgr.meetings.queries import operation_and_roles
from confmgr.outcomes import queries
from confmgr.outcomes.access import ROLES, reader
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.web.policy import Arguments, signed_in_user, staff

ORGANISERS = in_operation(Role.ORGANISER)


def reader_of_rounds(session: Session, arguments: Arguments) -> Arguments:
    """Somebody at a meeting of the operation: gives `operation`, `actor`, `viewer` and `rights` in its rounds."""
    given = reader(session, arguments)
    return {**given, "rights": queries.round_reader(session, given["viewer"], given["operation"], clock.now())}


@staff
def opener(session: Session, arguments: Arguments) -> Arguments:
    """An organiser of a meeting of the operation: gives `operation`, `actor` and `rights`."""
    given = ORGANISERS(session, arguments)
    viewer = sharing.viewer_of(session, given["actor"], clock.now())
    return {**given, "rights": queries.round_reader(session, viewer, given["operation"], clock.now())}


def reader_of_round(session: Session, arguments: Arguments) -> Arguments:
    """Somebody at a meeting of the round's operation: gives `actor`, `viewer`, `rights`, `round_`."""
    round_ = queries.get_round(session, arguments.pop("uuid"))
    given = _enter(session, round_.operation)
    rights = queries.round_reader(session, given["viewer"], round_.operation, clock.now())
    return {**arguments, **given, "rights": rights, "round_": round_}


@staff
def organiser_of_round(session: Session, arguments: Arguments) -> Arguments:
    """An organiser of the meeting that asks."""
    given = reader_of_round(session, arguments)
    if not given["rights"].judges(given["round_"]):
        raise NotAllowed("change this round")
    return given


def reader_of_return(session: Session, arguments: Arguments) -> Arguments:
    """The party, and the organisers once it handed in: gives `actor`, `viewer`, `rights`, `row`.

    To all others there is no such return; an organiser knows that there is one.
    """
    row, rights = queries.get_return(session, arguments.pop("uuid"), signed_in_user(), clock.now())
    return {**arguments, **_enter(session, row.round.operation), "rights": rights, "row": row}


def writer_of_return(session: Session, arguments: Arguments) -> Arguments:
    """Head and delegates of the party."""
    given = reader_of_return(session, arguments)
    if not given["rights"].writes(given["row"]):
        raise NotAllowed("write this return")
    return given


@staff
def judge_of_return(session: Session, arguments: Arguments) -> Arguments:
    """An organiser of the meeting that asks."""
    given = reader_of_return(session, arguments)
    if not given["rights"].judges(given["row"].round):
        raise NotAllowed("judge this return")
    return given


def _enter(session: Session, operation: Operation) -> Arguments:
    actor, now = signed_in_user(), clock.now()
    _found, held = operation_and_roles(session, operation.code, actor, now)
    if not held & ROLES:
        raise NotFound("operation", operation.code)
    g.operation, g.roles = operation, held  # not sooner: it stands at the head of the page that says there is nothing
    return {"actor": actor, "viewer": sharing.viewer_of(session, actor, now)}
