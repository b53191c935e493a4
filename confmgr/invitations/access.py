"""Rules of routes that load publications, messages and what somebody was told."""

import uuid as uuids

from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session

from confmgr.delegations import queries as delegations
from confmgr.errors import NotAllowed
from confmgr.gateways import clock
from confmgr.invitations import links, log, queries
from confmgr.invitations.services import hashed
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


def by_answer_link(session: Session, arguments: Arguments) -> Arguments:
    """Anybody who has the secret of a mail's answer link: gives `link`. Every other secret leads to the same 404."""
    secret: str = arguments.pop("secret")
    return {**arguments, "secret": secret, "link": links.open_link(session, hashed(secret), clock.now())}


def pressed_answer_link(session: Session, arguments: Arguments) -> Arguments:
    """The same for its form, whose token is checked here, before anything is looked for.

    Raises:
        CSRFError: The form is none of ours. The check that all other forms get wants a referrer over TLS as well, and
            the page sends none, so that no other site learns its address.
    """
    if not FlaskForm().validate():
        raise CSRFError
    return by_answer_link(session, arguments)
