"""Rules of routes that stand in a meeting or an operation."""

from collections.abc import Iterable

from flask import g
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings import queries
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.parties import queries as parties
from confmgr.web.policy import Arguments, Rule, signed_in_user, staff


def in_meeting(*roles: Role) -> Rule:
    """For routes with `<slug>`: a current member of that meeting, with one of `roles` if any are named.

    Gives `meeting` and `actor`. To an outsider the meeting does not exist.
    """

    def rule(session: Session, arguments: Arguments) -> Arguments:
        actor = signed_in_user()
        slug = arguments.pop("slug")
        meeting, held = queries.meeting_and_roles(session, slug, actor, clock.now())
        if meeting is None or not held:
            raise NotFound("meeting", slug)
        if roles and not held & set(roles):
            raise NotAllowed("use this page")
        g.meeting, g.operation, g.roles = meeting, meeting.operation, held
        return {**arguments, "meeting": meeting, "actor": actor}

    return staff(rule) if set(roles) == {Role.ORGANISER} else rule


def in_operation(*roles: Role) -> Rule:
    """For routes with `<code>`: a current member of any meeting of that operation, with one of `roles` if named.

    Gives `operation` and `actor`.
    """

    def rule(session: Session, arguments: Arguments) -> Arguments:
        actor = signed_in_user()
        code = arguments.pop("code")
        operation, held = queries.operation_and_roles(session, code, actor, clock.now())
        if operation is None or not held:
            raise NotFound("operation", code)
        if roles and not held & set(roles):
            raise NotAllowed("use this page")
        g.operation, g.roles = operation, held
        return {**arguments, "operation": operation, "actor": actor}

    return staff(rule) if set(roles) == {Role.ORGANISER} else rule


def written_languages(meeting: Meeting) -> tuple[str, ...]:
    """The languages in which organisers write a meeting's texts: its own, and English."""
    return tuple(dict.fromkeys((*meeting.languages, "en")))


def roles_here() -> frozenset[Role]:
    """The actor's roles in the meeting or operation of this request."""
    held: Iterable[Role] = g.get("roles", frozenset())
    return frozenset(held)


def is_organiser() -> bool:
    """Whether the actor organises the meeting of this request."""
    return Role.ORGANISER in roles_here()


@staff
def keeper(session: Session, arguments: Arguments) -> Arguments:
    """Who keeps participants and founds operations: an organiser of any meeting, or an administrator; gives `actor`."""
    actor = signed_in_user()
    if not organises_any(session, actor):
        raise NotAllowed("keep participants")
    return {**arguments, "actor": actor}


@staff
def keeper_of_party(session: Session, arguments: Arguments) -> Arguments:
    """As `keeper`, for routes with `<code>`; gives `party` too."""
    code = arguments.pop("code")
    return {**keeper(session, arguments), "party": parties.get_party(session, code)}


@staff
def keeper_of_operation(session: Session, arguments: Arguments) -> Arguments:
    """An organiser of one of the operation's meetings, or any keeper while it has none; gives `actor`, `operation`.

    To organisers of other operations it does not exist.
    """
    code = arguments.pop("code")
    given = keeper(session, arguments)
    operation = parties.get_operation(session, code)
    if not queries.keeps_operation(session, operation, given["actor"], clock.now()):
        raise NotFound("operation", code)
    return {**given, "operation": operation}


def reader_of_operation(session: Session, arguments: Arguments) -> Arguments:
    """A member of any meeting of the operation, or a keeper, who may have just founded it."""
    actor = signed_in_user()
    g.roles = queries.operation_and_roles(session, arguments["code"], actor, clock.now())[1]
    if g.roles:
        return in_operation()(session, arguments)
    if not organises_any(session, actor):
        raise NotFound("operation", arguments["code"])
    allowed = keeper_of_operation(session, arguments)
    g.operation = allowed["operation"]
    return allowed


def organises_any(session: Session, actor: User) -> bool:
    """Whether somebody organises any meeting today; administrators may found the first operation."""
    return actor.is_administrator or queries.organises_any(session, actor, clock.now())
