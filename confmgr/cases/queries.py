"""Reads of cases and leads, always for one viewer."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, inspect, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from confmgr.accounts.models import User
from confmgr.cases.domain import FeedbackKind, NominationState
from confmgr.cases.models import Case, CaseParty, Feedback, Lead, Nomination
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.parties.models import Agency, Operation, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item, Marking
from confmgr.sharing.rule import Viewer
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a table: its envelope, and its title where the viewer sees the body, else the neutral title.

    `bare`: of RED an envelope has reference, originator and date alone, so nothing else is shown.
    """

    nomination: Nomination
    case: Case
    item: Item
    title: Words | None
    sees_body: bool
    leads: int

    @property
    def bare(self) -> bool:
        """Whether only reference, originator and date may be shown."""
        return is_bare(self.item, sees_body=self.sees_body)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in a table or report: its envelope; title, body, handling and feedback only where the body is seen.

    `bare`: of RED an envelope has reference, originator and date alone; receivers are empty then.
    """

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
    def bare(self) -> bool:
        """Whether only reference, originator and date may be shown."""
        return is_bare(self.item, sees_body=self.title is not None)

    @property
    def latest_feedback(self) -> FeedbackKind | None:
        """The newest word on it."""
        return self.feedback[-1].kind if self.feedback else None


@dataclass(frozen=True, slots=True)
class Reader:
    """A standing disclosure: exactly one of party (its delegation), agency and person is named."""

    disclosure: Disclosure
    party: Party | None
    agency: Agency | None
    person: User | None


def is_bare(item: Item, *, sees_body: bool) -> bool:
    """Whether a viewer gets of an item no more than reference, originator and date: an envelope of RED."""
    return not sees_body and item.marking.tlp is Tlp.RED


def unread_by_others(item: Item, readers: Sequence[Reader]) -> bool:
    """Whether an item whose marking asks for names is with nobody but its originator, although nothing holds it back.

    A lead waits as a draft until it is shared; a case is nominated, whoever may read it. RED is for its few persons.
    """
    waits = item.kind is ItemKind.LEAD and item.state is ItemState.DRAFT
    by_name = item.marking.tlp in {Tlp.AMBER, Tlp.AMBER_STRICT}
    return by_name and not readers and not waits and item.state in {ItemState.DRAFT, ItemState.SHARED}


def known(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """The rule for cases and leads, which stand under nothing: bodies, and envelopes for those who see them."""
    return or_(sharing.envelopes(viewer), sharing.bodies_alone(viewer, now))


def case_table(session: Session, meeting: Meeting, viewer: Viewer, now: datetime) -> list[CaseRow]:
    """Cases of a meeting that the viewer may know of: bodies, or envelopes for organisers; in seven statements."""
    nominations = list(
        session.scalars(
            select(Nomination)
            .join(Item, Item.id == Nomination.case_id)
            .where(Nomination.meeting_id == meeting.id, known(viewer, now))
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
    counts = lead_counts(session, viewer, now, meeting)
    return [
        CaseRow(
            n,
            n.case,
            n.case.item,
            shown_title(n.case, sees_body=n.case_id in seen),
            n.case_id in seen,
            counts.get(n.case_id, 0),
        )
        for n in nominations
    ]


def readable_cases(session: Session, meeting: Meeting, viewer: Viewer, now: datetime) -> list[Case]:
    """Cases of a meeting whose body the viewer may see, by originator and reference."""
    rows = list(
        session.scalars(
            select(Case)
            .join(Item, Item.id == Case.id)
            .join(Nomination, Nomination.case_id == Case.id)
            .join(Party, Party.id == Item.originator_id)
            .where(Nomination.meeting_id == meeting.id, sharing.bodies_alone(viewer, now))
            .options(joinedload(Case.item).options(joinedload(Item.originator), joinedload(Item.marking)))
            .order_by(Party.code, Item.reference)
        )
    )
    showing.listed(session, (row.item for row in rows))
    return rows


def shown_title(case: Case, *, sees_body: bool) -> Words | None:
    """What a viewer may call a case: its title, of an envelope the neutral title, of an envelope of RED nothing."""
    if sees_body:
        return case.title
    return None if is_bare(case.item, sees_body=False) else case.neutral_title


def lead_counts(session: Session, viewer: Viewer, now: datetime, meeting: Meeting) -> dict[int, int]:
    """How many shared leads of one meeting a viewer knows to be on each case: the envelope of RED does not say."""
    told = and_(sharing.envelopes(viewer), Marking.tlp != Tlp.RED)
    return dict(
        session.execute(
            select(Lead.case_id, func.count())
            .join(Item, Item.id == Lead.id)
            .join(Marking, Marking.id == Item.marking_id)
            .where(
                Lead.meeting_id == meeting.id,
                Item.state == ItemState.SHARED,
                or_(told, sharing.bodies_alone(viewer, now)),
            )
            .group_by(Lead.case_id)
        ).all()
    )


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
    """A case at a meeting, as organisers see it: by its envelope, which a draft has not yet.

    Raises:
        NotFound: It is not at this meeting.
    """
    row = session.scalar(
        select(Nomination)
        .join(Item, Item.id == Nomination.case_id)
        .where(Nomination.meeting_id == meeting.id, Item.uuid == ident, Item.state != ItemState.DRAFT)
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
    exchanged: bool = False,
) -> list[LeadRow]:
    """Leads that the viewer may know of, of a meeting, an operation or a case; as `lead_rows`.

    `exchanged`: only those that are with their receivers, no drafts and none that were taken back.
    """
    wanted: list[ColumnElement[bool]] = []
    if meeting is not None:
        wanted.append(Lead.meeting_id == meeting.id)
    if operation is not None:
        wanted.append(Item.operation_id == operation.id)
    if case is not None:
        wanted.append(Lead.case_id == case.id)
    if exchanged:
        wanted.append(Item.state == ItemState.SHARED)
    return lead_rows(session, viewer, now, *wanted)


def lead_rows(
    session: Session, viewer: Viewer, now: datetime, *wanted: ColumnElement[bool], whole: bool = True
) -> list[LeadRow]:
    """Leads that the viewer may know of and for which some conditions hold; four statements, or five.

    With whole cases, or with what of them is shown in a list.
    """
    shown, of_case = (joinedload(Item.originator), joinedload(Item.marking)), joinedload(Case.item)
    linked = (selectinload(Item.meetings),) if sharing.sits_for_several(viewer) else ()
    of_case = of_case.options(*shown) if whole else of_case.load_only(Item.reference)
    statement = (
        select(Lead)
        .join(Item, Item.id == Lead.id)
        .where(known(viewer, now), *wanted)
        .options(
            joinedload(Lead.item).options(*shown, *linked),
            (joinedload(Lead.case) if whole else joinedload(Lead.case).load_only(Case.id)).options(of_case),
            selectinload(Lead.feedback).joinedload(Feedback.party),
        )
        .order_by(Item.shared_at, Item.reference)
    )
    rows = list(session.scalars(statement))
    tell_cases(session, rows)
    seen = frozenset(row.id for row in rows)
    if sharing.knows_envelopes(viewer):  # all others read whatever they know of
        seen = sharing.visible_ids(session, viewer, seen, now)
    showing.listed(session, (row.item for row in rows if row.id in seen))
    told = [row.id for row in rows if not is_bare(row.item, sees_body=row.id in seen)]
    receivers = receivers_of(session, told, now)
    return [
        LeadRow(
            lead=row,
            item=row.item,
            case_reference=row.case.item.reference,
            originator=row.item.originator,
            receivers=receivers.get(row.id, ()),
            tlp=row.item.marking.tlp,
            handling=tuple(row.item.marking.handling) if row.id in seen else (),
            title=row.title if row.id in seen else None,
            body=row.body if row.id in seen else None,
            feedback=tuple(feedback_for(viewer, row)) if row.id in seen else (),
        )
        for row in rows
    ]


def tell_cases(session: Session, leads: Iterable[Lead]) -> None:
    """Let leads tell the reference of their case, which belongs to their envelope: its reader may not know the case."""
    untold = [row for row in leads if inspect(row).dict.get("case", row) is None]
    if untold:
        with for_nobody(session, Purpose.REFERENCES):
            of = select(Case).where(Case.id.in_({row.case_id for row in untold}))
            wanted = joinedload(Case.item).options(joinedload(Item.originator), joinedload(Item.marking))
            cases = {case.id: case for case in session.scalars(of.options(wanted))}
        for row in untold:
            set_committed_value(row, "case", cases[row.case_id])


def feedback_for(viewer: Viewer, lead: Lead) -> list[Feedback]:
    """What was said of a lead: all of it for its originator, to a receiver what the own party said."""
    own, whole = {seat.party_id for seat in viewer.seats}, bool(lead.feedback) and sharing.gave(viewer, lead.item)
    return [one for one in lead.feedback if whole or one.party_id in own]


def receivers_of(session: Session, item_ids: Iterable[int], now: datetime) -> dict[int, tuple[Party, ...]]:
    """The parties that each item reaches by a standing disclosure to their delegations."""
    rows = session.execute(
        select(Disclosure.item_id, Party)
        .join(Item, Item.id == Disclosure.item_id)
        .join(Delegation, Delegation.id == Disclosure.to_delegation_id)
        .join(Party, Party.id == Delegation.party_id)
        .where(Disclosure.item_id.in_(set(item_ids)), sharing.standing(now))
        .order_by(Party.code)
    ).all()
    found: dict[int, dict[int, Party]] = {}
    for item_id, party in rows:
        found.setdefault(item_id, {})[party.id] = party
    return {item_id: tuple(parties.values()) for item_id, parties in found.items()}


def readers(session: Session, item: Item, now: datetime) -> list[Reader]:
    """Whom an item reaches by name, for its originator."""
    rows = session.execute(
        select(Disclosure, Party, Agency, User)
        .join(Item, Item.id == Disclosure.item_id)
        .outerjoin(Delegation, Delegation.id == Disclosure.to_delegation_id)
        .outerjoin(Party, Party.id == Delegation.party_id)
        .outerjoin(Agency, Agency.id == Disclosure.to_agency_id)
        .outerjoin(User, User.id == Disclosure.to_user_id)
        .where(Disclosure.item_id == item.id, sharing.standing(now))
        .order_by(Party.code, Agency.code, User.name, Disclosure.id)
    )
    return [Reader(disclosure, party, agency, person) for disclosure, party, agency, person in rows]


def people_at(session: Session, meeting: Meeting, now: datetime) -> list[tuple[User, Party]]:
    """People with an account who sit for a delegation of a meeting, by party and name."""
    rows = session.execute(
        select(User, Party)
        .join(Membership, Membership.user_id == User.id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .join(Party, Party.id == Delegation.party_id)
        .where(Membership.meeting_id == meeting.id, User.active, current(now))
        .order_by(Party.code, User.name, User.id)
    )
    return list({user.id: (user, party) for user, party in rows}.values())  # somebody may hold two roles


def agencies_at(session: Session, meeting: Meeting, now: datetime) -> list[tuple[Agency, Party]]:
    """Agencies for which somebody sits at a meeting, by party and code."""
    rows = session.execute(
        select(Agency, Party)
        .join(Party, Party.id == Agency.party_id)
        .join(Membership, Membership.agency_id == Agency.id)
        .where(Membership.meeting_id == meeting.id, current(now))
        .order_by(Party.code, Agency.code)
    )
    return list({agency.id: (agency, party) for agency, party in rows}.values())


def meetings_without(session: Session, case: Case, viewer: Viewer) -> list[Meeting]:
    """Meetings of the operation that are not closed, the case is not nominated for, and the viewer speaks at for it."""
    seats = {seat.meeting_id for seat in viewer.seats if seat.speaks and seat.party_id == case.item.originator_id}
    there = select(Nomination.meeting_id).where(Nomination.case_id == case.id)
    return list(
        session.scalars(
            select(Meeting)
            .where(
                Meeting.operation_id == case.item.operation_id,
                Meeting.id.in_(seats),
                Meeting.id.not_in(there),
                Meeting.state.in_((MeetingState.PLANNING, MeetingState.OPEN)),
            )
            .order_by(Meeting.number)
        )
    )


def case_figures(session: Session, meeting: Meeting) -> dict[NominationState, int]:
    """How many cases of a meeting stand in which state: envelope figures, so without drafts."""
    here = (Nomination.meeting_id == meeting.id, Item.state != ItemState.DRAFT)
    counts = select(Nomination.state, func.count()).join(Item, Item.id == Nomination.case_id).where(*here)
    return dict(session.execute(counts.group_by(Nomination.state)).all())


def get_lead(session: Session, item: Item) -> Lead:
    """The lead of an item that was loaded through the rule."""
    lead = session.scalar(
        select(Lead)
        .where(Lead.id == item.id)
        .options(
            joinedload(Lead.item).options(joinedload(Item.originator), joinedload(Item.marking)),
            joinedload(Lead.case).joinedload(Case.item).joinedload(Item.originator),
            selectinload(Lead.feedback).joinedload(Feedback.party),
        )
    )
    if lead is None:
        raise NotFound("lead", item.uuid)
    tell_cases(session, [lead])
    return lead
