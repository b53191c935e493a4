"""The chains of an operation as one reader may see them."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Case, Lead
from confmgr.delegations.models import Delegation
from confmgr.invitations.queries import published_last
from confmgr.meetings.models import Meeting
from confmgr.outcomes.chains import Chain, LinkEnd, Node, chain
from confmgr.outcomes.domain import FigureKind, FigureStatus
from confmgr.outcomes.models import ActionRequest, Figure, JointAction, JointActionCase, TaskForce, TaskForceParty
from confmgr.outcomes.queries.figures import Facts, rivals
from confmgr.outcomes.queries.items import chain_links, sources
from confmgr.parties.models import Operation
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words

KINDS = (ItemKind.LEAD, ItemKind.ACTION_REQUEST, ItemKind.TASK_FORCE, ItemKind.JOINT_ACTION)
"""Items that stand in chains."""


def chains(
    session: Session,
    operation: Operation,
    viewer: Viewer,
    now: datetime,
    *,
    starting_at: uuid.UUID | None = None,
    of_case: int | None = None,
) -> Chain:
    """Every step between things that the reader may see; what is hidden leaves no trace. Twelve statements.

    `starting_at`: an item or session that is there even if nothing led to it and nothing came of it yet; `of_case`: so
    is all that belongs to a case.
    """
    links = chain_links(session, operation)
    wanted = {ident for link in links for ident in (link.from_item_id, link.to_item_id) if ident is not None}
    if starting_at is not None:
        wanted.update(
            session.scalars(select(Item.id).where(Item.uuid == starting_at, Item.operation_id == operation.id))
        )
    held = {ident for link in links for ident in (link.from_session_id, link.to_session_id) if ident is not None}
    if starting_at is not None:
        held.update(_sessions_of(session, operation, MeetingSession.uuid == starting_at))
    if of_case is not None:
        wanted.update(_items_of_case(session, of_case))
    seen = sharing.visible_ids(session, viewer, wanted, now)
    nodes = [*_items(session, seen), *seen_sessions(session, held, viewer)]
    named = {source.id: source.code for source in sources(session, operation)}
    return chain(
        nodes,
        [
            (
                _key(link.from_item_id, link.from_session_id),
                _key(link.to_item_id, link.to_session_id),
                link.note,
                None if link.source_id is None else named.get(link.source_id),
            )
            for link in links
        ],
    )


def ends(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[Node]:
    """All that somebody may say to have led to something: items that may be read, sessions of the own delegation."""
    seen = session.scalars(select(Item.id).where(Item.operation_id == operation.id, *_may_be_end(viewer, now)))
    held = _sessions_of(session, operation, MeetingSession.id.in_(_sat_in(viewer)))
    items = list(_items(session, seen))
    showing.listed_ids(session, (node.uuid for node in items))
    return [*items, *seen_sessions(session, held, viewer)]


def is_end(session: Session, viewer: Viewer, node: Node, now: datetime) -> bool:
    """Whether somebody may say that a thing led to something, or came of it."""
    if node.kind is LinkEnd.SESSION:
        found = select(MeetingSession.id).where(
            MeetingSession.uuid == node.uuid, MeetingSession.id.in_(_sat_in(viewer))
        )
    else:
        found = select(Item.id).where(Item.uuid == node.uuid, *_may_be_end(viewer, now))
    return session.scalar(found) is not None


def _may_be_end(viewer: Viewer, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Item.kind.in_(KINDS), Item.state == ItemState.SHARED, sharing.bodies(viewer, now)


def _sat_in(viewer: Viewer) -> Select[int]:
    own = [seat.delegation_id for seat in viewer.seats if seat.delegation_id is not None]
    return select(SessionDelegation.session_id).where(SessionDelegation.delegation_id.in_(own))


def sessions_shown(session: Session, rows: Iterable[MeetingSession], viewer: Viewer) -> list[Node]:
    """Those of some sessions that the viewer may know of."""
    return list(seen_sessions(session, {row.id for row in rows}, viewer))


def end_of(session: Session, node: Node) -> Item | MeetingSession:
    """The item or session that a thing of a chain is."""
    kind, _, ident = node.key.partition("-")
    return session.get_one(Item, int(ident)) if kind == "item" else session.get_one(MeetingSession, int(ident))


def case_title(session: Session, item: Item) -> Words:
    """What a case that may be read is called."""
    return session.get_one(Case, item.id).title


def with_figures(whole: Chain, facts: Facts) -> Chain:
    """The chain with the recorded figures of its joint actions and task forces; of rivals the one in use."""
    figures = [figure for figure in facts.figures if _counts(facts, figure)]
    nodes = [
        Node(
            f"figure-{figure.id}",
            LinkEnd.FIGURE,
            figure.uuid,
            figure.at_on or figure.to_on,
            figure.title,
            (figure.owner.code,),
            record=figure,
        )
        for figure in figures
        if behind(figure) in whole.nodes
    ]
    return whole.joined_by(nodes, [(behind(figure), f"figure-{figure.id}") for figure in figures])


def behind(figure: Figure) -> str:
    """The key of what a figure counts the result of: a joint action or else a task force."""
    return f"item-{figure.joint_action_id or figure.task_force_id}"


def _counts(facts: Facts, figure: Figure) -> bool:
    rivals_of = rivals(facts, figure)
    return (
        figure.kind is FigureKind.RECORDED
        and figure.status is not FigureStatus.SUPERSEDED
        and (not rivals_of or rivals_of[0].id == figure.id)
    )


def _sessions_of(session: Session, operation: Operation, which: ColumnElement[bool]) -> list[int]:
    return list(
        session.scalars(
            select(MeetingSession.id)
            .join(Meeting, Meeting.id == MeetingSession.meeting_id)
            .where(Meeting.operation_id == operation.id, which)
        )
    )


def _items_of_case(session: Session, case_id: int) -> set[int]:
    return set(
        session.scalars(
            union_all(
                select(Lead.id).where(Lead.case_id == case_id),
                select(ActionRequest.id).where(ActionRequest.case_id == case_id),
                select(JointActionCase.joint_action_id).where(JointActionCase.case_id == case_id),
            )
        )
    )


def known_sessions(session: Session, viewer: Viewer, ids: Iterable[int]) -> frozenset[int]:
    """Those of some sessions that stand in the chains of a reader."""
    return frozenset(int(node.key.removeprefix("session-")) for node in seen_sessions(session, ids, viewer))


def _key(item_id: int | None, session_id: int | None) -> str:
    return f"item-{item_id}" if item_id is not None else f"session-{session_id}"


def _items(session: Session, ids: Iterable[int]) -> Iterator[Node]:
    wanted = set(ids)
    marked = (joinedload(Item.marking), joinedload(Item.originator))
    for lead in session.scalars(
        select(Lead).where(Lead.id.in_(wanted)).options(joinedload(Lead.item).options(*marked))
    ):
        shared = lead.item.shared_at
        codes = (lead.item.originator.code,)
        yield Node(
            f"item-{lead.id}",
            LinkEnd.LEAD,
            lead.item.uuid,
            None if shared is None else shared.date(),
            lead.title,
            codes,
            lead.item.marking.tlp,
            owners=frozenset({lead.item.originator_id}),
            record=lead,
        )
    for request in session.scalars(
        select(ActionRequest)
        .where(ActionRequest.id.in_(wanted))
        .options(
            joinedload(ActionRequest.item).options(*marked),
            joinedload(ActionRequest.asking),
            joinedload(ActionRequest.asked),
        )
    ):
        yield Node(
            f"item-{request.id}",
            LinkEnd.ACTION_REQUEST,
            request.item.uuid,
            request.asked_on,
            request.text,
            (request.asking.code, request.asked.code),
            request.item.marking.tlp,
            owners=frozenset({request.item.originator_id}),
            record=request,
        )
    for force in session.scalars(
        select(TaskForce)
        .where(TaskForce.id.in_(wanted))
        .options(
            joinedload(TaskForce.item).options(*marked),
            selectinload(TaskForce.parties).joinedload(TaskForceParty.party),
        )
    ):
        yield Node(
            f"item-{force.id}",
            LinkEnd.TASK_FORCE,
            force.item.uuid,
            force.starts_on,
            force.name,
            tuple(link.party.code for link in force.parties),
            force.item.marking.tlp,
            owners=frozenset({force.item.originator_id}),
            record=force,
        )
    for action in session.scalars(
        select(JointAction)
        .where(JointAction.id.in_(wanted))
        .options(
            joinedload(JointAction.item).options(*marked),
            joinedload(JointAction.territory),
            selectinload(JointAction.cases),
        )
    ):
        yield Node(
            f"item-{action.id}",
            LinkEnd.JOINT_ACTION,
            action.item.uuid,
            action.on,
            action.title,
            () if action.territory is None else (action.territory.code,),
            action.item.marking.tlp,
            owners=frozenset({action.item.originator_id}),
            record=action,
        )


def seen_sessions(session: Session, ids: Iterable[int], viewer: Viewer) -> Iterator[Node]:
    """Those of the reader's own delegation and those for everybody, as published last.

    Organisers and the host's leadership get all of them, as they are planned now.
    """
    wanted = set(ids)
    own = {seat.delegation_id for seat in viewer.seats if seat.delegation_id is not None}
    all_of = {seat.meeting_id for seat in viewer.seats if seat.organises or seat.leads_host}
    members_of = {seat.meeting_id for seat in viewer.seats}
    rows = session.scalars(
        select(MeetingSession)
        .where(MeetingSession.id.in_(wanted), MeetingSession.removed_at.is_(None))
        .options(
            joinedload(MeetingSession.meeting),
            selectinload(MeetingSession.delegations)
            .joinedload(SessionDelegation.delegation)
            .joinedload(Delegation.party),
        )
    )
    published = published_last(session, wanted)
    told = _delegations(session, (ident for seen in published.values() for ident in seen.delegation_ids))
    for row in rows:
        seen = published.get(row.id)
        starts, meeting = row.starts_local, [link.delegation for link in row.delegations]
        if row.meeting_id not in all_of:
            if seen is None or not (
                own & set(seen.delegation_ids) or (seen.everybody and row.meeting_id in members_of)
            ):
                continue
            starts, meeting = seen.starts_local, [told[ident] for ident in seen.delegation_ids if ident in told]
        yield Node(
            f"session-{row.id}",
            LinkEnd.SESSION,
            row.uuid,
            None if starts is None else starts.date(),
            row.title,
            tuple(one.party.code for one in meeting),
            names=tuple(one.party.short_name for one in meeting),
            owners=frozenset(one.party_id for one in meeting),
            record=row.meeting,
        )


def _delegations(session: Session, ids: Iterable[int]) -> dict[int, Delegation]:
    wanted = set(ids)
    rows = select(Delegation).where(Delegation.id.in_(wanted)).options(joinedload(Delegation.party))
    return {row.id: row for row in session.scalars(rows)} if wanted else {}
