"""Rules of routes on figures, requests and joint actions: loaded through the visibility rule."""

from collections.abc import Iterable

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_operation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import operation_and_roles
from confmgr.outcomes import queries
from confmgr.outcomes.models import JointAction
from confmgr.parties.models import Operation, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.rule import Seat, Viewer
from confmgr.web.policy import Arguments, signed_in_user, staff

ROLES = frozenset({Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE})
READERS = in_operation(*ROLES)


def reader(session: Session, arguments: Arguments) -> Arguments:
    """Somebody at a meeting of the operation: gives `operation`, `actor` and `viewer`."""
    given = READERS(session, arguments)
    return {**given, "viewer": sharing.viewer_of(session, given["actor"], clock.now())}


def writer(session: Session, arguments: Arguments) -> Arguments:
    """As `reader`, for a member of a delegation: gives `party` too, that for which the actor speaks here.

    Raises:
        NotAllowed: The actor belongs to no delegation of this operation.
    """
    given = reader(session, arguments)
    own = own_parties(session, given["viewer"], given["operation"])
    if not own:
        raise NotAllowed("speak for a party")
    return {**given, "party": session.get_one(Party, min(own))}


def own_parties(session: Session, viewer: Viewer, operation: Operation) -> frozenset[int]:
    """The parties for which a viewer speaks at meetings of an operation, at whatever other seats the viewer sits."""
    return _parties(session, operation, (seat for seat in viewer.seats if seat.speaks))


def headed_parties(session: Session, viewer: Viewer, operation: Operation) -> frozenset[int]:
    """The parties whose delegation a viewer heads at a meeting of an operation."""
    return _parties(session, operation, (seat for seat in viewer.seats if seat.heads))


def _parties(session: Session, operation: Operation, seats: Iterable[Seat]) -> frozenset[int]:
    meetings = set(session.scalars(select(Meeting.id).where(Meeting.operation_id == operation.id)))
    return frozenset(seat.party_id for seat in seats if seat.party_id is not None and seat.meeting_id in meetings)


def visible_figure(session: Session, arguments: Arguments) -> Arguments:
    """A figure whose owner items the reader may see: gives `actor`, `viewer`, `operation`, `figure`, `own`."""
    actor = signed_in_user()
    now = clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    figure = queries.get_figure(session, viewer, arguments.pop("uuid"), now)
    _enter(session, actor, figure.operation)
    own = figure.owner_id in own_parties(session, viewer, figure.operation)
    return {**arguments, "actor": actor, "viewer": viewer, "operation": figure.operation, "figure": figure, "own": own}


def own_figure(session: Session, arguments: Arguments) -> Arguments:
    """A figure of the actor's own party."""
    given = visible_figure(session, arguments)
    if not given.pop("own"):
        raise NotAllowed("change this figure")
    return given


def asked_or_asking(session: Session, arguments: Arguments) -> Arguments:
    """An action request that the reader may see, for its two parties: gives `actor`, `viewer`, `operation`, `row`.

    `asked`, too, tells whether the actor speaks for the party that was asked.
    """
    actor = signed_in_user()
    now = clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    row = queries.get_request(session, viewer, arguments.pop("uuid"), now)
    showing.opened(session, row.item)
    operation = row.item.operation
    _enter(session, actor, operation)
    own = own_parties(session, viewer, operation)
    if not {row.from_id, row.to_id} & own:
        raise NotAllowed("advance this request")
    return {
        **arguments,
        "actor": actor,
        "viewer": viewer,
        "operation": operation,
        "row": row,
        "asked": row.to_id in own,
    }


def visible_action(session: Session, arguments: Arguments) -> Arguments:
    """A joint action that the reader may see: gives `actor`, `viewer`, `operation`, `action`, `own`.

    `own`: the parties for which the actor speaks.
    """
    actor, now = signed_in_user(), clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    action = queries.get_action(session, viewer, arguments.pop("uuid"), now)
    return _of_action(session, arguments, actor, viewer, action)


def own_action(session: Session, arguments: Arguments) -> Arguments:
    """A joint action of the actor's own party: gives `actor`, `viewer`, `operation`, `action`."""
    given = visible_action(session, arguments)
    if given["action"].item.originator_id not in given.pop("own"):
        raise NotAllowed("change this action")
    return given


def part_action(session: Session, arguments: Arguments) -> Arguments:
    """A joint action in which the actor's party takes part, or on whose territory it is: gives as `own_action`."""
    given = visible_action(session, arguments)
    if not takes_part(given["action"], given.pop("own")):
        raise NotAllowed("write in this log")
    return given


def territory_action(session: Session, arguments: Arguments) -> Arguments:
    """A joint action on the territory of the actor's party: gives as `own_action`."""
    given = visible_action(session, arguments)
    if given["action"].territory_id not in given.pop("own"):
        raise NotAllowed("confirm this action")
    return given


def takes_part(action: JointAction, own: frozenset[int]) -> bool:
    """Whether one of some parties planned an action, takes part in it, or has it on its territory."""
    return bool({action.item.originator_id, action.territory_id, *(link.party_id for link in action.parties)} & own)


def visible_persons(session: Session, arguments: Arguments) -> Arguments:
    """A set of persons of a joint action that the reader may see: gives as `visible_action`, and `persons`."""
    actor, now = signed_in_user(), clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    action, persons = queries.get_persons(session, viewer, arguments.pop("uuid"), now)
    return {**_of_action(session, arguments, actor, viewer, action), "persons": persons}


def own_persons(session: Session, arguments: Arguments) -> Arguments:
    """A set of persons of an action of the actor's own party: gives as `own_action`, and `persons`."""
    given = visible_persons(session, arguments)
    if given["action"].item.originator_id not in given.pop("own"):
        raise NotAllowed("change these persons")
    return given


def visible_task_force(session: Session, arguments: Arguments) -> Arguments:
    """A task force that the reader may see: gives `actor`, `viewer`, `operation`, `force`, `own`."""
    actor, now = signed_in_user(), clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    force = queries.get_task_force(session, viewer, arguments.pop("uuid"), now)
    showing.opened(session, force.item)
    operation = force.item.operation
    _enter(session, actor, operation)
    own = own_parties(session, viewer, operation)
    return {**arguments, "actor": actor, "viewer": viewer, "operation": operation, "force": force, "own": own}


def own_task_force(session: Session, arguments: Arguments) -> Arguments:
    """A task force of the actor's own party: gives `actor`, `viewer`, `operation`, `force`."""
    given = visible_task_force(session, arguments)
    if given["force"].item.originator_id not in given.pop("own"):
        raise NotAllowed("change this task force")
    return given


def _of_action(session: Session, arguments: Arguments, actor: User, viewer: Viewer, action: JointAction) -> Arguments:
    operation = action.item.operation
    showing.opened(session, action.item)
    _enter(session, actor, operation)
    own = own_parties(session, viewer, operation)
    return {**arguments, "actor": actor, "viewer": viewer, "operation": operation, "action": action, "own": own}


def own_contact(session: Session, arguments: Arguments) -> Arguments:
    """A contact of the actor's own party, for routes with `<code>`: gives `actor`, `operation`, `contact`."""
    ident = arguments.pop("uuid")
    given = reader(session, arguments)
    operation, viewer = given["operation"], given.pop("viewer")
    own = own_parties(session, viewer, operation)
    contact = queries.get_contact(session, operation, viewer, own, ident)
    if contact.agency.party_id not in own:
        raise NotAllowed("change this contact")
    return {**given, "contact": contact}


@staff
def keeper_of_operation(session: Session, arguments: Arguments) -> Arguments:
    """An organiser of a meeting of the operation that its lead party hosts: gives `actor` and `operation`."""
    given = in_operation(Role.ORGANISER)(session, arguments)
    viewer = sharing.viewer_of(session, given["actor"], clock.now())
    if not keeps_operation(session, viewer, given["operation"]):
        raise NotAllowed("keep what holds for the operation")
    return given


def keeps_operation(session: Session, viewer: Viewer, operation: Operation) -> bool:
    """Whether somebody organises a meeting that the lead party of an operation hosts."""
    hosted = select(Meeting.id).where(
        Meeting.operation_id == operation.id, Meeting.host_party_id == operation.lead_party_id
    )
    return bool({seat.meeting_id for seat in viewer.seats if seat.organises} & set(session.scalars(hosted)))


@staff
def kept_alliance(session: Session, arguments: Arguments) -> Arguments:
    """As `keeper_of_operation`, for routes with an alliance: gives `alliance` too."""
    ident = arguments.pop("uuid")
    given = keeper_of_operation(session, arguments)
    return {**given, "alliance": queries.get_alliance(session, given["operation"], ident)}


def _enter(session: Session, actor: User, operation: Operation) -> None:
    _found, held = operation_and_roles(session, operation.code, actor, clock.now())
    if not held & ROLES:
        raise NotFound("operation", operation.code)
    g.operation, g.roles = operation, held
