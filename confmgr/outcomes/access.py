"""Rules of routes on figures, requests and joint actions: loaded through the visibility rule."""

from flask import g
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_operation
from confmgr.meetings.domain import Role
from confmgr.meetings.queries import operation_and_roles
from confmgr.outcomes import queries
from confmgr.parties.models import Operation
from confmgr.sharing import queries as sharing
from confmgr.sharing.rule import Viewer
from confmgr.web.policy import Arguments, signed_in_user

READERS = in_operation(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)


def reader(session: Session, arguments: Arguments) -> Arguments:
    """Somebody at a meeting of the operation: gives `operation`, `actor` and `viewer`."""
    given = READERS(session, arguments)
    return {**given, "viewer": sharing.viewer_of(session, given["actor"], clock.now())}


def writer(session: Session, arguments: Arguments) -> Arguments:
    """As `reader`, for a member of a delegation: gives `parties` too, those for whom the actor may speak.

    Raises:
        NotAllowed: The actor belongs to no delegation.
    """
    given = reader(session, arguments)
    parties = frozenset(seat.party_id for seat in given["viewer"].seats if seat.party_id is not None)
    if not parties:
        raise NotAllowed("speak for a party")
    return {**given, "parties": parties}


def visible_figure(session: Session, arguments: Arguments) -> Arguments:
    """A figure whose owner items the reader may see: gives `actor`, `viewer`, `operation` and `figure`."""
    actor = signed_in_user()
    now = clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    figure = queries.get_figure(session, viewer, arguments.pop("uuid"), now)
    _enter(session, actor, figure.operation)
    return {**arguments, "actor": actor, "viewer": viewer, "operation": figure.operation, "figure": figure}


def own_figure(session: Session, arguments: Arguments) -> Arguments:
    """A figure of the actor's own party."""
    given = visible_figure(session, arguments)
    viewer: Viewer = given["viewer"]
    if given["figure"].owner_id not in {seat.party_id for seat in viewer.seats}:
        raise NotAllowed("change this figure")
    return given


def asked_or_asking(session: Session, arguments: Arguments) -> Arguments:
    """An action request that the reader may see, for its two parties: gives `actor`, `viewer`, `operation`, `row`."""
    actor = signed_in_user()
    now = clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    row = queries.get_request(session, viewer, arguments.pop("uuid"), now)
    if not {row.from_id, row.to_id} & {seat.party_id for seat in viewer.seats}:
        raise NotAllowed("advance this request")
    _enter(session, actor, row.item.operation)
    return {**arguments, "actor": actor, "viewer": viewer, "operation": row.item.operation, "row": row}


def own_action(session: Session, arguments: Arguments) -> Arguments:
    """A joint action of the actor's own party: gives `actor`, `viewer`, `operation`, `action`."""
    actor = signed_in_user()
    now = clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    action = queries.get_action(session, viewer, arguments.pop("uuid"), now)
    if action.item.originator_id not in {seat.party_id for seat in viewer.seats}:
        raise NotAllowed("change this action")
    _enter(session, actor, action.item.operation)
    return {**arguments, "actor": actor, "viewer": viewer, "operation": action.item.operation, "action": action}


def _enter(session: Session, actor: User, operation: Operation) -> None:
    _found, held = operation_and_roles(session, operation.code, actor, clock.now())
    if not held:
        raise NotFound("operation", operation.code)
    g.operation, g.roles = operation, held
