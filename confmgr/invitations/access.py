"""Rules of routes that load publications, messages and what somebody was told."""

import uuid as uuids

from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session

from confmgr.cases.access import own_seat
from confmgr.delegations import queries as delegations
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.invitations import busy_times, feeds, links, log, mailbox, queries
from confmgr.meetings.access import in_meeting, is_organiser, roles_here
from confmgr.meetings.domain import Role
from confmgr.scheduling.queries import own_delegation
from confmgr.sharing.queries import viewer_of
from confmgr.values import chance
from confmgr.web.policy import Arguments, anybody, staff

ORGANISER = in_meeting(Role.ORGANISER)
MEMBER = in_meeting()


@staff
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


def sitting(session: Session, arguments: Arguments) -> Arguments:
    """As `invited`, for those who speak for a delegation there: gives also `seat`."""
    given = invited(session, arguments)
    viewer = viewer_of(session, given["actor"], clock.now())
    return {**given, "seat": own_seat(viewer, given["meeting"])}


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


def own_feed(session: Session, arguments: Arguments) -> Arguments:
    """Whose calendar `<uuid:uuid>` is, while it is read: gives `meeting`, `actor` and `row`; to others it is none."""
    given = known_feed(session, arguments)
    if given["row"].user_id != given["actor"].id:
        raise NotFound("feed")
    return given


def known_feed(session: Session, arguments: Arguments) -> Arguments:
    """As `own_feed`, and organisers of the meeting."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = MEMBER(session, arguments)
    row = feeds.get_feed(session, given["meeting"], ident)
    if row.user_id != given["actor"].id and not is_organiser():
        raise NotFound("feed", ident)
    return {**given, "row": row}


def busy_person(session: Session, arguments: Arguments) -> Arguments:
    """A delegate `<uuid:uuid>` itself, the head of its delegation or an organiser: gives also `person`.

    To everybody else there is no such person.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = MEMBER(session, arguments)
    person = busy_times.get_person(session, given["meeting"], ident)
    speaks = is_organiser() or person.user_id == given["actor"].id
    if not speaks and Role.HEAD in roles_here():
        own = own_delegation(session, given["meeting"], given["actor"], clock.now())
        speaks = own is not None and own.id == person.delegation_id
    if not speaks:
        raise NotFound("person", ident)
    return {**given, "person": person}


@staff
def organised_publication(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a publication: gives `meeting`, `actor` and `publication`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "publication": log.get_publication(session, given["meeting"], ident)}


@staff
def organised_reply(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a mail that came in and concerns the meeting: gives `meeting`, `actor` and `row`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "row": mailbox.get_reply(session, given["meeting"], ident)}


@anybody
def by_answer_link(session: Session, arguments: Arguments) -> Arguments:
    """Anybody who has the secret of a mail's answer link: gives `link`. Every other secret leads to the same 404."""
    secret: str = arguments.pop("secret")
    return {**arguments, "secret": secret, "link": links.open_link(session, chance.hashed(secret), clock.now())}


@anybody
def pressed_answer_link(session: Session, arguments: Arguments) -> Arguments:
    """The same for its form, whose token is checked here, before anything is looked for.

    Raises:
        CSRFError: The form is none of ours. The check that all other forms get wants a referrer over TLS as well, and
            the page sends none, so that no other site learns its address.
    """
    if not FlaskForm().validate():
        raise CSRFError
    return by_answer_link(session, arguments)
