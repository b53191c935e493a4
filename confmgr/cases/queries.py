"""Reads of cases and leads, always for one viewer."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.cases.domain import FeedbackKind, NominationState
from confmgr.cases.models import Case, CaseParty, Feedback, Lead, Nomination
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Operation, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a table: its envelope, and its title where the viewer sees the body, else the neutral title."""

    nomination: Nomination
    case: Case
    item: Item
    title: Words | None
    sees_body: bool
    leads: int


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in a table or report: envelope always; `title` and `body` only where the viewer sees the body."""

    lead: Lead
    item: Item
    case_reference: str
    originator: Party
    receivers: tuple[Party, ...]
    tlp: Tlp
    handling: tuple[str, ...]
    title: Words | None
    body: Words | None
    feedback: tuple[Feedback, ...]

    @property
    def latest_feedback(self) -> FeedbackKind | None:
        """The newest word on it."""
        return self.feedback[-1].kind if self.feedback else None


def case_table(session: Session, meeting: Meeting, viewer: Viewer, now: datetime) -> list[CaseRow]:
    """Cases of a meeting that the viewer may know of: bodies, or envelopes for organisers; in seven statements."""
    nominations = list(
        session.scalars(
            select(Nomination)
            .join(Item, Item.id == Nomination.case_id)
            .where(Nomination.meeting_id == meeting.id, or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)))
            .options(
                joinedload(Nomination.case).options(
                    joinedload(Case.item).options(joinedload(Item.originator), joinedload(Item.marking)),
                    selectinload(Case.parties).joinedload(CaseParty.party),
                )
            )
            .order_by(Item.reference)
        )
    )
    seen = sharing.visible_ids(session, viewer, (n.case_id for n in nominations), now)
    counts = lead_counts(session, (n.case_id for n in nominations), meeting)
    return [
        CaseRow(
            n,
            n.case,
            n.case.item,
            n.case.title if n.case_id in seen else n.case.neutral_title,
            n.case_id in seen,
            counts.get(n.case_id, 0),
        )
        for n in nominations
    ]


def lead_counts(session: Session, case_ids: Iterable[int], meeting: Meeting | None = None) -> dict[int, int]:
    """How many shared leads each case has (at one meeting): envelope figures."""
    statement = (
        select(Lead.case_id, func.count())
        .join(Item, Item.id == Lead.id)
        .where(Lead.case_id.in_(set(case_ids)), Item.state == ItemState.SHARED)
        .group_by(Lead.case_id)
    )
    if meeting is not None:
        statement = statement.where(Lead.meeting_id == meeting.id)
    return dict(session.execute(statement).all())


def get_case(session: Session, item: Item) -> Case:
    """The case of an item that was loaded through the rule."""
    case = session.scalar(
        select(Case)
        .where(Case.id == item.id)
        .options(
            joinedload(Case.item).options(joinedload(Item.originator), joinedload(Item.marking)),
            selectinload(Case.parties).joinedload(CaseParty.party),
            selectinload(Case.nominations).joinedload(Nomination.meeting),
        )
    )
    if case is None:
        raise NotFound("case", item.uuid)
    return case


def get_nomination(session: Session, meeting: Meeting, ident: uuid.UUID) -> Nomination:
    """A case at a meeting, as organisers see it: by its envelope.

    Raises:
        NotFound: It is not at this meeting.
    """
    row = session.scalar(
        select(Nomination)
        .join(Item, Item.id == Nomination.case_id)
        .where(Nomination.meeting_id == meeting.id, Item.uuid == ident)
    )
    if row is None:
        raise NotFound("case", ident)
    return row


def leads(
    session: Session,
    viewer: Viewer,
    now: datetime,
    *,
    meeting: Meeting | None = None,
    operation: Operation | None = None,
    case: Case | None = None,
) -> list[LeadRow]:
    """Leads that the viewer may know of, of a meeting, an operation or a case; in eight statements."""
    statement = (
        select(Lead)
        .join(Item, Item.id == Lead.id)
        .where(or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)))
        .options(
            joinedload(Lead.item).options(joinedload(Item.originator), joinedload(Item.marking)),
            joinedload(Lead.case).joinedload(Case.item).joinedload(Item.originator),
            selectinload(Lead.feedback).joinedload(Feedback.party),
        )
        .order_by(Item.shared_at, Item.reference)
    )
    if meeting is not None:
        statement = statement.where(Lead.meeting_id == meeting.id)
    if operation is not None:
        statement = statement.where(Item.operation_id == operation.id)
    if case is not None:
        statement = statement.where(Lead.case_id == case.id)
    rows = list(session.scalars(statement))
    seen = sharing.visible_ids(session, viewer, (row.id for row in rows), now)
    receivers = receivers_of(session, (row.id for row in rows))
    return [
        LeadRow(
            lead=row,
            item=row.item,
            case_reference=row.case.item.reference,
            originator=row.item.originator,
            receivers=receivers.get(row.id, ()),
            tlp=row.item.marking.tlp,
            handling=tuple(row.item.marking.handling),
            title=row.title if row.id in seen else None,
            body=row.body if row.id in seen else None,
            feedback=tuple(row.feedback) if row.id in seen else (),
        )
        for row in rows
    ]


def receivers_of(session: Session, item_ids: Iterable[int]) -> dict[int, tuple[Party, ...]]:
    """The parties that each item reaches by a standing disclosure to their delegations."""
    rows = session.execute(
        select(Disclosure.item_id, Party)
        .join(Delegation, Delegation.id == Disclosure.to_delegation_id)
        .join(Party, Party.id == Delegation.party_id)
        .where(Disclosure.item_id.in_(set(item_ids)), Disclosure.revoked_at.is_(None))
        .order_by(Party.code)
    ).all()
    found: dict[int, dict[int, Party]] = {}
    for item_id, party in rows:
        found.setdefault(item_id, {})[party.id] = party
    return {item_id: tuple(parties.values()) for item_id, parties in found.items()}


def case_figures(session: Session, meeting: Meeting) -> dict[NominationState, int]:
    """How many cases of a meeting stand in which state: envelope figures."""
    return dict(
        session.execute(
            select(Nomination.state, func.count()).where(Nomination.meeting_id == meeting.id).group_by(Nomination.state)
        ).all()
    )


def get_lead(session: Session, item: Item) -> Lead:
    """The lead of an item that was loaded through the rule."""
    lead = session.scalar(
        select(Lead)
        .where(Lead.id == item.id)
        .options(
            joinedload(Lead.item).options(joinedload(Item.originator), joinedload(Item.marking)),
            joinedload(Lead.case).joinedload(Case.item),
            selectinload(Lead.feedback).joinedload(Feedback.party),
        )
    )
    if lead is None:
        raise NotFound("lead", item.uuid)
    return lead
