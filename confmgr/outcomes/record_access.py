"""Rules of routes that stand on a group, base, move, alert or border section."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries
from confmgr.outcomes.access import headed_parties, own_parties, reader
from confmgr.outcomes.models import BorderSection, Group, GroupBase, Move, MoveAlert
from confmgr.outcomes.queries import rests_on
from confmgr.parties.models import Operation, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.web.policy import Arguments, Rule, signed_in_user

LOADERS: dict[type[Group | GroupBase | Move], Callable[..., Group | GroupBase | Move]] = {
    Group: queries.get_group,
    GroupBase: queries.get_base,
    Move: queries.get_move,
}


def seen(model: type[Group | GroupBase | Move]) -> Rule:
    """Whoever may see a group, base or move: gives `operation`, `actor`, `viewer`, `row` and `own`.

    `own`: the parties for which the actor speaks.
    """

    def rule(session: Session, arguments: Arguments) -> Arguments:
        now = clock.now()
        viewer = sharing.viewer_of(session, signed_in_user(), now)
        row = LOADERS[model](session, viewer, arguments.pop("uuid"), now)
        showing.opened(session, row.item)
        given = reader(session, {**arguments, "code": row.item.operation.code})
        return {**given, "row": row, "own": own_parties(session, viewer, given["operation"])}

    return rule


def spoken_for(model: type[Group | GroupBase | Move]) -> Rule:
    """As `seen`, for people who speak for a party: gives `party` too, that for which the actor speaks."""
    base = seen(model)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        given = base(session, arguments)
        if not given["own"]:
            raise NotAllowed("speak for a party")
        return {**given, "party": session.get_one(Party, min(given["own"]))}

    return rule


def written_by(model: type[Group | GroupBase | Move], *, author: bool = False) -> Rule:
    """As `seen`, for the author and the heads of the originating party; with `author` for the author alone."""
    base = seen(model)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        given = base(session, arguments)
        headed = headed_parties(session, given["viewer"], given["operation"])
        if not may_write(given["row"], given["actor"].id, given["own"], headed) or (
            author and given["row"].item.author_id != given["actor"].id
        ):
            raise NotAllowed("change this")
        return given

    return rule


def may_write(row: Group | GroupBase | Move, user_id: int, own: frozenset[int], headed: frozenset[int]) -> bool:
    """Whether somebody who speaks for `own` parties is the author of a record, or a head of its originating party."""
    return row.item.originator_id in (own if row.item.author_id == user_id else headed)


def section_here(session: Session, arguments: Arguments) -> Arguments:
    """A border section of the reader's operation: gives `operation`, `actor`, `viewer`, `section` and `own`."""
    section = queries.get_section(session, arguments.pop("uuid"))
    operation = session.get_one(Operation, section.operation_id)
    given = reader(session, {**arguments, "code": operation.code})
    return {**given, "section": section, "own": own_parties(session, given["viewer"], operation)}


def section_keeper(session: Session, arguments: Arguments) -> Arguments:
    """As `section_here`, for organisers and people of its two sides."""
    given = section_here(session, arguments)
    if not may_keep(given["section"], given["own"]):
        raise NotAllowed("change this section")
    return given


def may_keep(section: BorderSection, own: frozenset[int]) -> bool:
    """Whether somebody here may change a border section."""
    return Role.ORGANISER in roles_here() or bool({section.one_side_id, section.other_side_id} & own)


def borderer(session: Session, arguments: Arguments) -> Arguments:
    """Who may add a border section: organisers and people who speak for a party. Gives `own` too."""
    given = reader(session, arguments)
    own = own_parties(session, given["viewer"], given["operation"])
    if not own and Role.ORGANISER not in roles_here():
        raise NotAllowed("add a section")
    return {**given, "own": own}


def own_alert(session: Session, arguments: Arguments) -> Arguments:
    """An alert of the actor's own party about a move that the actor may still see: gives `alert`."""
    now = clock.now()
    ident = arguments.pop("uuid")
    alert = session.scalar(select(MoveAlert).where(MoveAlert.uuid == ident).options(joinedload(MoveAlert.move)))
    viewer = sharing.viewer_of(session, signed_in_user(), now)
    wanted = set(rests_on(alert.move)) if alert is not None else set()
    if alert is None or sharing.visible_ids(session, viewer, wanted, now) != wanted:
        raise NotFound("alert", ident)
    given = reader(session, {**arguments, "code": alert.move.item.operation.code})
    if alert.party_id not in own_parties(session, given["viewer"], given["operation"]):
        raise NotFound("alert", ident)
    return {**given, "alert": alert}
