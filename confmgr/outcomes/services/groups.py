"""The chain, groups, their bases and moves. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.outcomes.domain import (
    Confidence,
    Driver,
)
from confmgr.outcomes.models import (
    ChainLink,
    Group,
    GroupBase,
    Move,
    Source,
)
from confmgr.parties.models import Operation, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.models import Item
from confmgr.values.words import Words


def link_chain(
    session: Session,
    operation: Operation,
    cause: Item | MeetingSession,
    effect: Item | MeetingSession,
    *,
    note: Words | None = None,
    source: Source | None = None,
) -> ChainLink:
    """One step from a lead, session, request, task force or joint action to what came of it."""
    link = ChainLink(
        operation_id=operation.id,
        from_item_id=cause.id if isinstance(cause, Item) else None,
        from_session_id=cause.id if isinstance(cause, MeetingSession) else None,
        to_item_id=effect.id if isinstance(effect, Item) else None,
        to_session_id=effect.id if isinstance(effect, MeetingSession) else None,
        note=note,
        source_id=None if source is None else source.id,
    )
    session.add(link)
    session.flush()
    return link


def describe_group(
    session: Session, item: Item, *, name: Words, aliases: Sequence[str] = (), description: Words | None = None
) -> Group:
    """A criminal group under the names it uses."""
    group = Group(id=item.id, name=name, aliases=list(aliases), description=description)
    group.item = item
    session.add(group)
    session.flush()
    return group


def locate_base(
    session: Session,
    item: Item,
    *,
    group: Group,
    name: Words,
    territory: Party | None = None,
    coordinates: tuple[float, float] | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    confidence: Confidence = Confidence.REPORTED,
) -> GroupBase:
    """A place where a group was.

    Raises:
        Refused: 0° north, 0° east, which is what an empty form gives; dates reversed.
    """
    if coordinates == (0.0, 0.0):
        raise Refused("null_island", field="latitude")
    if from_on is not None and to_on is not None and to_on < from_on:
        raise Refused("dates_reversed", field="to_on")
    base = GroupBase(
        id=item.id,
        group_id=group.id,
        name=name,
        territory_id=None if territory is None else territory.id,
        latitude=None if coordinates is None else coordinates[0],
        longitude=None if coordinates is None else coordinates[1],
        from_on=from_on,
        to_on=to_on,
        confidence=confidence,
    )
    base.item, base.group = item, group
    session.add(base)
    session.flush()
    return base


def notice_move(
    session: Session,
    item: Item,
    *,
    group: Group,
    from_base: GroupBase,
    to_base: GroupBase | None,
    noticed_on: date,
    driver: Driver = Driver.UNKNOWN,
    confidence: Confidence = Confidence.REPORTED,
) -> Move:
    """A group left a base; where to may be unknown."""
    move = Move(
        id=item.id,
        group_id=group.id,
        from_base_id=from_base.id,
        to_base_id=None if to_base is None else to_base.id,
        noticed_on=noticed_on,
        driver=driver,
        confidence=confidence,
    )
    move.item = item
    session.add(move)
    session.flush()
    return move
