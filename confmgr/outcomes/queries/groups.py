"""Groups, their bases and moves as one reader may see them; what follows from a move; borders and alerts."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Case
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.outcomes import moving
from confmgr.outcomes.chains import Node
from confmgr.outcomes.models import (
    BorderSection,
    BorderWatch,
    Group,
    GroupBase,
    Move,
    MoveAlert,
    MoveFollow,
    MoveSection,
)
from confmgr.outcomes.moving import Whole
from confmgr.outcomes.queries.chains import seen_sessions
from confmgr.parties.models import Operation, Party
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Disclosure, Item, ItemMeeting
from confmgr.sharing.rule import Viewer

T = TypeVar("T")
MARKED = (joinedload(Item.marking), joinedload(Item.originator))


def groups(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> tuple[list[Group], list[Move]]:
    """Groups with their bases, and their moves, as far as the viewer may see them; a move with both its ends.

    What was withdrawn is not among them, not even for its originator.
    """
    seen = select(Item.id).where(sharing.bodies(viewer, now), Item.state == ItemState.SHARED)
    found = list(
        session.scalars(
            select(Group)
            .join(Item, Item.id == Group.id)
            .where(Item.operation_id == operation.id, Group.id.in_(seen))
            .options(
                joinedload(Group.item).options(*MARKED),
                selectinload(Group.bases.and_(GroupBase.id.in_(seen))).options(
                    joinedload(GroupBase.territory), joinedload(GroupBase.item).options(*MARKED)
                ),
            )
            .order_by(Item.reference, Item.id)
            .execution_options(populate_existing=True)  # bases loaded for another reader must not stay
        )
    )
    bases = {base.id for group in found for base in group.bases}
    moves = session.scalars(
        select(Move)
        .join(Item, Item.id == Move.id)
        .where(Move.group_id.in_(group.id for group in found), Move.id.in_(seen))
        .options(
            joinedload(Move.item).options(*MARKED),
            joinedload(Move.from_base).joinedload(GroupBase.territory),
            joinedload(Move.to_base).joinedload(GroupBase.territory),
            selectinload(Move.sections).joinedload(MoveSection.section),
        )
        .order_by(Move.noticed_on, Move.id)
    )
    whole = [move for move in moves if move.from_base_id in bases and (move.to_base_id or move.from_base_id) in bases]
    showing.listed(session, (group.item for group in found))
    showing.listed(session, (base.item for group in found for base in group.bases))
    showing.listed(session, (move.item for move in whole))
    return found, whole


def wholes(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[Whole]:
    """As `groups`, those that are said to be one as one."""
    return moving.wholes(*groups(session, operation, viewer, now))


def withdrawn_groups(
    session: Session, operation: Operation, viewer: Viewer, now: datetime
) -> list[Group | GroupBase | Move]:
    """Withdrawn groups, bases and moves that the viewer may still see, as their originator."""
    rows: list[Group | GroupBase | Move] = []
    for model in (Group, GroupBase, Move):
        rows += session.scalars(
            select(model)
            .join(Item, Item.id == model.id)
            .where(Item.operation_id == operation.id, Item.state == ItemState.WITHDRAWN, sharing.bodies(viewer, now))
            .options(joinedload(model.item))
            .order_by(Item.reference, Item.id)
        )
    showing.listed(session, (row.item for row in rows))
    return rows


def get_group(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Group:
    """One group.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = sharing.get_visible(session, viewer, ItemKind.GROUP, ident, now)
    return _one(session.get(Group, item.id, options=[joinedload(Group.item)]), ident)


def get_base(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> GroupBase:
    """One base, of a group that the viewer may see too.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = sharing.get_visible(session, viewer, ItemKind.BASE, ident, now)
    base = _one(session.get(GroupBase, item.id), ident)
    _need(session, viewer, [base.group_id], now, ident)
    return base


def get_move(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> Move:
    """One move, of a group and between bases that the viewer may see too.

    Raises:
        NotFound: There is none, or not for this viewer.
    """
    item = sharing.get_visible(session, viewer, ItemKind.MOVE, ident, now)
    move = _one(session.get(Move, item.id), ident)
    _need(session, viewer, rests_on(move), now, ident)
    return move


def rests_on(move: Move) -> list[int]:
    """The items that somebody must see to see a move: itself, its group, its bases and theirs."""
    bases = [move.from_base, *([] if move.to_base is None else [move.to_base])]
    return [move.id, move.group_id, *(base.id for base in bases), *(base.group_id for base in bases)]


def _one(row: T | None, ident: uuid.UUID) -> T:
    if row is None:
        raise NotFound("item", ident)
    return row


def _need(session: Session, viewer: Viewer, ids: Iterable[int], now: datetime, ident: uuid.UUID) -> None:
    wanted = set(ids)
    if sharing.visible_ids(session, viewer, wanted, now) != wanted:
        raise NotFound("item", ident)
    showing.listed_ids(session, session.scalars(select(Item.uuid).where(Item.id.in_(wanted)).order_by(Item.id)))


def sections(session: Session, operation: Operation, *, ended: bool = False) -> list[BorderSection]:
    """Border sections of an operation that are worth watching, or with `ended` all there ever were."""
    rows = session.scalars(
        select(BorderSection)
        .where(BorderSection.operation_id == operation.id, *([] if ended else [BorderSection.ended_at.is_(None)]))
        .options(joinedload(BorderSection.one_side), joinedload(BorderSection.other_side))
        .order_by(BorderSection.id)
    )
    return list(rows)


def get_section(session: Session, ident: uuid.UUID) -> BorderSection:
    """One border section.

    Raises:
        NotFound: There is none.
    """
    return _one(session.scalar(select(BorderSection).where(BorderSection.uuid == ident)), ident)


def watched(session: Session, operation: Operation, parties: Iterable[int]) -> set[int]:
    """Sections that one of some parties watches now."""
    return set(
        session.scalars(
            select(BorderWatch.section_id)
            .join(BorderSection, BorderSection.id == BorderWatch.section_id)
            .where(
                BorderSection.operation_id == operation.id,
                BorderWatch.party_id.in_(set(parties)),
                BorderWatch.ended_at.is_(None),
            )
        )
    )


def alerts(
    session: Session, operation: Operation, viewer: Viewer, parties: Iterable[int], now: datetime
) -> list[MoveAlert]:
    """What some parties were told of moves that the viewer may still see, the newest first."""
    rows = session.scalars(
        select(MoveAlert)
        .join(Item, Item.id == MoveAlert.move_id)
        .where(
            Item.operation_id == operation.id,
            Item.state == ItemState.SHARED,
            MoveAlert.party_id.in_(set(parties)),
            sharing.bodies(viewer, now),
        )
        .options(
            joinedload(MoveAlert.move).options(
                joinedload(Move.item).options(*MARKED),
                joinedload(Move.from_base),
                joinedload(Move.to_base),
                selectinload(Move.sections).joinedload(MoveSection.section),
            )
        )
        .order_by(MoveAlert.at.desc(), MoveAlert.id.desc())
    ).all()
    seen = sharing.visible_ids(session, viewer, (ident for row in rows for ident in rests_on(row.move)), now)
    found = [row for row in rows if set(rests_on(row.move)) <= seen]
    showing.listed(session, (row.move.item for row in found))
    return found


def follows(
    session: Session, moves: Sequence[Move], viewer: Viewer, now: datetime
) -> list[tuple[MoveFollow, Case | None, Node | None]]:
    """What follows from some moves: cases whose body the viewer may see, sessions that the viewer may know of."""
    rows = session.scalars(
        select(MoveFollow)
        .where(MoveFollow.move_id.in_(move.id for move in moves))
        .options(joinedload(MoveFollow.case).joinedload(Case.item).options(*MARKED))
        .order_by(MoveFollow.at, MoveFollow.id)
    ).all()
    cases = sharing.visible_ids(session, viewer, (row.case_id for row in rows if row.case_id is not None), now)
    held = [row.session_id for row in rows if row.session_id is not None]
    meetings = {node.key: node for node in seen_sessions(session, held, viewer)}
    found: list[tuple[MoveFollow, Case | None, Node | None]] = []
    for row in rows:
        node = meetings.get(f"session-{row.session_id}")
        if row.case_id in cases or node is not None:
            found.append((row, row.case, node))
    showing.listed(session, (row.case.item for row in rows if row.case is not None and row.case_id in cases))
    return found


def cases_to_follow(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[Case]:
    """Cases of an operation whose body the viewer may see."""
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .where(Item.operation_id == operation.id, Item.state == ItemState.SHARED, sharing.bodies(viewer, now))
            .options(joinedload(Case.item).options(*MARKED))
            .order_by(Item.reference, Item.id)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def sessions_to_follow(session: Session, operation: Operation, viewer: Viewer) -> list[tuple[MeetingSession, Node]]:
    """Meetings of the viewer's own delegations that the viewer may know of."""
    own = {seat.delegation_id for seat in viewer.seats if seat.delegation_id is not None}
    rows = {
        f"session-{row.id}": row
        for row in session.scalars(
            select(MeetingSession)
            .join(SessionDelegation, SessionDelegation.session_id == MeetingSession.id)
            .join(Meeting, Meeting.id == MeetingSession.meeting_id)
            .where(SessionDelegation.delegation_id.in_(own), Meeting.operation_id == operation.id)
            .order_by(MeetingSession.id)
        )
    }
    nodes = seen_sessions(session, (row.id for row in rows.values()), viewer)
    return sorted(
        ((rows[node.key], node) for node in nodes), key=lambda pair: (str(pair[1].on), pair[0].id), reverse=True
    )


def may_be_told(session: Session, item_meetings: Iterable[int], *, but: int) -> list[Party]:
    """Parties with a delegation at one of some meetings, without one of them."""
    return list(
        session.scalars(
            select(Party)
            .where(
                Party.id != but,
                Party.id.in_(select(Delegation.party_id).where(Delegation.meeting_id.in_(set(item_meetings)))),
            )
            .order_by(Party.code)
        )
    )


def delegations_of(session: Session, item: Item, codes: Iterable[str]) -> list[Delegation]:
    """Delegations of some parties at the meetings of an item."""
    return list(
        session.scalars(
            select(Delegation)
            .join(ItemMeeting, ItemMeeting.meeting_id == Delegation.meeting_id)
            .join(Party, Party.id == Delegation.party_id)
            .where(ItemMeeting.item_id == item.id, Party.code.in_(set(codes)))
            .order_by(Delegation.id)
        )
    )


def named_parties(session: Session, item: Item, now: datetime) -> list[Party]:
    """Parties whose delegation an item reaches by name."""
    return list(
        session.scalars(
            select(Party)
            .where(
                Party.id.in_(
                    select(Delegation.party_id)
                    .join(Disclosure, Disclosure.to_delegation_id == Delegation.id)
                    .join(Item, Item.id == Disclosure.item_id)
                    .where(Item.id == item.id, sharing.standing(now))
                )
            )
            .order_by(Party.code)
        )
    )
