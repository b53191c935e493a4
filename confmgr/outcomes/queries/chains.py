"""The chains of an operation as one reader may see them."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.models import Lead
from confmgr.delegations.models import Delegation
from confmgr.invitations.queries import published_last
from confmgr.outcomes.chains import Chain, LinkEnd, Node, chain
from confmgr.outcomes.models import ActionRequest, JointAction, TaskForce, TaskForceParty
from confmgr.outcomes.queries.items import chain_links, sources
from confmgr.parties.models import Operation
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from confmgr.sharing import queries as sharing
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer


def chains(
    session: Session, operation: Operation, viewer: Viewer, now: datetime, *, starting_at: uuid.UUID | None = None
) -> Chain:
    """Every step between things that the reader may see; what is hidden leaves no trace. Eleven statements.

    `starting_at`: an item that is among the things even if nothing led to it and nothing came of it yet.
    """
    links = chain_links(session, operation)
    wanted = {ident for link in links for ident in (link.from_item_id, link.to_item_id) if ident is not None}
    if starting_at is not None:
        wanted.update(
            session.scalars(select(Item.id).where(Item.uuid == starting_at, Item.operation_id == operation.id))
        )
    seen = sharing.visible_ids(session, viewer, wanted, now)
    held = {ident for link in links for ident in (link.from_session_id, link.to_session_id) if ident is not None}
    nodes = [*_items(session, seen), *_sessions(session, held, viewer)]
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


def known_sessions(session: Session, viewer: Viewer, ids: Iterable[int]) -> frozenset[int]:
    """Those of some sessions that stand in the chains of a reader."""
    return frozenset(int(node.key.removeprefix("session-")) for node in _sessions(session, ids, viewer))


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
        )
    for action in session.scalars(
        select(JointAction)
        .where(JointAction.id.in_(wanted))
        .options(joinedload(JointAction.item).options(*marked), joinedload(JointAction.territory))
    ):
        yield Node(
            f"item-{action.id}",
            LinkEnd.JOINT_ACTION,
            action.item.uuid,
            action.on,
            action.title,
            () if action.territory is None else (action.territory.code,),
            action.item.marking.tlp,
        )


def _sessions(session: Session, ids: Iterable[int], viewer: Viewer) -> Iterator[Node]:
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
            selectinload(MeetingSession.delegations)
            .joinedload(SessionDelegation.delegation)
            .joinedload(Delegation.party)
        )
    )
    published = published_last(session, wanted)
    for row in rows:
        seen = published.get(row.id)
        starts = row.starts_local
        if row.meeting_id not in all_of:
            if seen is None or not (
                own & set(seen.delegation_ids) or (seen.everybody and row.meeting_id in members_of)
            ):
                continue
            starts = seen.starts_local
        yield Node(
            f"session-{row.id}",
            LinkEnd.SESSION,
            row.uuid,
            None if starts is None else starts.date(),
            row.title,
            tuple(link.delegation.party.code for link in row.delegations),
            names=tuple(link.delegation.party.short_name for link in row.delegations),
        )
