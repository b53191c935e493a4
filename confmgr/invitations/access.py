"""Rules of routes that load publications, messages and what somebody was told."""

import uuid as uuids

from sqlalchemy.orm import Session

from confmgr.delegations import queries as delegations
from confmgr.errors import NotAllowed
from confmgr.gateways import clock
from confmgr.invitations import log, mailbox, queries
from confmgr.meetings.access import in_meeting, is_organiser
from confmgr.meetings.domain import Role
from confmgr.scheduling.queries import own_delegation
from confmgr.web.policy import Arguments

ORGANISER = in_meeting(Role.ORGANISER)
MEMBER = in_meeting()


def organised_message(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a message of the meeting's outbox: gives `meeting`, `actor` and `row`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "row": queries.get_message(session, given["meeting"], ident)}


def invited(session: Session, arguments: Arguments) -> Arguments:
    """A member who was told of the session `<uuid:uuid>`: gives `meeting`, `actor` and `row`, the participation.

    To everybody else the session does not exist.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = MEMBER(session, arguments)
    return {**given, "row": queries.own_participation(session, given["meeting"], given["actor"], ident)}


def delegation_or_organiser(session: Session, arguments: Arguments) -> Arguments:
    """An organiser, or a member of the delegation `<uuid:uuid>`: gives `meeting`, `actor` and `delegation`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = MEMBER(session, arguments)
    delegation = delegations.get_delegation(session, given["meeting"], ident)
    if not is_organiser():
        own = own_delegation(session, given["meeting"], given["actor"], clock.now())
        if own is None or own.id != delegation.id:
            raise NotAllowed("read the calendar of another delegation")
    return {**given, "delegation": delegation}


def organised_publication(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a publication: gives `meeting`, `actor` and `publication`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "publication": log.get_publication(session, given["meeting"], ident)}


def organised_reply(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a mail that came in and concerns the meeting: gives `meeting`, `actor` and `row`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "row": mailbox.get_reply(session, given["meeting"], ident)}
