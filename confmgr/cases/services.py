"""Cases at their meetings, leads and feedback. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.domain import NOMINATION_STEPS, CrimeType, FeedbackKind, LeadKind, NominationState, Readiness
from confmgr.cases.models import Case, CaseParty, Feedback, Lead, Nomination
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Operation, Party
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Handling, ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words

PRIORITIES = frozenset({1, 2, 3})


def nominate_case(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    originator: Party,
    reference: str,
    title: Words,
    crime_types: Sequence[CrimeType],
    concerned: Sequence[Party],
    tlp: Tlp,
    summary: Words | None = None,
    neutral_title: Words | None = None,
    agency: Agency | None = None,
    handling: Sequence[Handling] = (),
    handling_text: str | None = None,
    named_readers: Sequence[User] = (),
    readiness: Readiness = Readiness.INFORMATION_EXCHANGE,
    priority: int = 2,
    languages: Sequence[str] = (),
    minutes: int | None = None,
    nominated_on: date | None = None,
    disclose_to: Sequence[Delegation] = (),
    illustrative: bool = False,
    state: ItemState = ItemState.SHARED,
) -> Case:
    """A case, nominated for a meeting by its originator and disclosed to the delegations that it names.

    As a draft it is the originator's alone, and no organiser learns of it, until it is shared.

    Raises:
        Refused: The originator used this reference; priority out of range; what `sharing.create_item` refuses.
    """
    if priority not in PRIORITIES:
        raise Refused("priority_out_of_range", field="priority")
    item = sharing.create_item(
        session,
        kind=ItemKind.CASE,
        operation=meeting.operation,
        originator=originator,
        author=actor,
        reference=reference,
        tlp=tlp,
        now=now,
        meetings=[meeting],
        agency=agency,
        handling=handling,
        handling_text=handling_text,
        named_readers=named_readers,
        state=state,
        illustrative=illustrative,
    )
    case = Case(
        id=item.id,
        title=title,
        summary=summary,
        neutral_title=neutral_title,
        crime_types=[crime.value for crime in crime_types],
    )
    case.item = item
    case.parties = [CaseParty(party_id=party.id) for party in concerned]
    session.add(case)
    session.flush()
    for delegation in disclose_to:
        if delegation.party_id != originator.id:
            sharing.disclose(session, item, actor=actor, now=now, to_delegation=delegation)
    bring_case(
        session,
        case,
        actor=actor,
        now=now,
        meeting=meeting,
        nominated_on=nominated_on or now.date(),
        readiness=readiness,
        priority=priority,
        languages=languages,
        minutes=minutes,
    )
    return case


def bring_case(
    session: Session,
    case: Case,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    nominated_on: date,
    readiness: Readiness = Readiness.INFORMATION_EXCHANGE,
    priority: int = 2,
    languages: Sequence[str] = (),
    minutes: int | None = None,
) -> Nomination:
    """Nominate an existing case for a (further) meeting. Who may read it there is named anew.

    Raises:
        Refused: It is nominated there already; a meeting of another operation; priority out of range.
    """
    if priority not in PRIORITIES:
        raise Refused("priority_out_of_range", field="priority")
    if meeting.operation_id != case.item.operation_id:
        raise Refused("other_operation", field="meeting")
    there = select(Nomination.id).where(Nomination.case_id == case.id, Nomination.meeting_id == meeting.id)
    if session.scalar(there) is not None:
        raise Refused("already_nominated", field="meeting")
    sharing.link_meeting(session, case.item, meeting)
    nomination = Nomination(
        case_id=case.id,
        meeting_id=meeting.id,
        nominated_on=nominated_on,
        readiness=readiness,
        priority=priority,
        languages=list(languages),
        minutes=minutes,
    )
    session.add(nomination)
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="nominate",
        object_type="case",
        object_uuid=case.item.uuid,
        meeting_id=meeting.id,
    )
    return nomination


def change_case(
    session: Session,
    case: Case,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    title: Words,
    summary: Words | None,
    neutral_title: Words | None,
    crime_types: Sequence[CrimeType],
) -> None:
    """Edit the body; by its author.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: Not the author.
    """
    if case.item.version != seen_version:
        raise StaleVersion("case", case.item.uuid)
    if case.item.author_id != actor.id:
        raise Refused("only_the_author")
    case.title, case.summary, case.neutral_title = title, summary, neutral_title
    case.crime_types = [crime.value for crime in crime_types]
    case.item.changed_at = now
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="case", object_uuid=case.item.uuid)


def set_nomination(
    session: Session,
    nomination: Nomination,
    *,
    actor: User,
    now: datetime,
    state: NominationState,
    reason: str | None = None,
) -> None:
    """Select, decline, discuss or conclude a case at one meeting. Organisers do it on the envelope.

    Raises:
        Refused: That step does not lead from the present state; declining without a reason.
    """
    if state not in NOMINATION_STEPS[nomination.state]:
        raise Refused("nomination_step", field="state", present=nomination.state, wanted=state)
    if state is NominationState.NOT_TAKEN and not reason:
        raise Refused("reason_needed", field="reason")
    nomination.state, nomination.reason = state, reason or nomination.reason
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"case_{state.value}",
        object_type="nomination",
        object_ids=[nomination.id],
        meeting_id=nomination.meeting_id,
    )


def create_lead(
    session: Session,
    *,
    actor: User,
    now: datetime,
    case: Case,
    originator: Party,
    operation: Operation,
    reference: str,
    kind: LeadKind,
    title: Words,
    body: Words,
    tlp: Tlp,
    meeting: Meeting | None = None,
    session_id: int | None = None,
    agency: Agency | None = None,
    handling: Sequence[Handling] = (),
    handling_text: str | None = None,
    grade: sharing.Grade | None = None,
    named_readers: Sequence[User] = (),
    illustrative: bool = False,
) -> Lead:
    """A draft lead on a case; nobody but the originator sees it until it is shared.

    Raises:
        Refused: The originator used this reference; what `sharing.create_item` refuses.
    """
    item = sharing.create_item(
        session,
        kind=ItemKind.LEAD,
        operation=operation,
        originator=originator,
        author=actor,
        reference=reference,
        tlp=tlp,
        now=now,
        meetings=[meeting] if meeting is not None else [],
        agency=agency,
        handling=handling,
        handling_text=handling_text,
        grade=grade,
        named_readers=named_readers,
        illustrative=illustrative,
    )
    lead = Lead(
        id=item.id,
        case_id=case.id,
        meeting_id=None if meeting is None else meeting.id,
        session_id=session_id,
        kind=kind,
        title=title,
        body=body,
    )
    lead.item, lead.case = item, case
    session.add(lead)
    session.flush()
    return lead


def change_lead(
    session: Session,
    lead: Lead,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    kind: LeadKind,
    title: Words,
    body: Words,
) -> None:
    """Edit the body; by its author. Those who may read it read the new one.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: Not the author; the lead is withdrawn.
    """
    if lead.item.version != seen_version:
        raise StaleVersion("lead", lead.item.uuid)
    if lead.item.author_id != actor.id:
        raise Refused("only_the_author")
    if lead.item.state not in {ItemState.DRAFT, ItemState.SHARED}:
        raise Refused("lead_withdrawn")
    lead.kind, lead.title, lead.body = kind, title, body
    lead.item.changed_at = now
    session.flush()
    record(session, actor=actor, now=now, action="change", object_type="lead", object_uuid=lead.item.uuid)


def share_lead(
    session: Session,
    lead: Lead,
    *,
    actor: User,
    now: datetime,
    to: Sequence[Delegation] = (),
    agencies: Sequence[Agency] = (),
    persons: Sequence[User] = (),
) -> None:
    """Pass a lead to delegations, agencies or persons.

    Raises:
        NotAllowed: Only the author shares.
        Refused: Nobody named; this marking cannot reach one of them; RED without a second person; withdrawn.
    """
    if lead.item.state is ItemState.DRAFT and (to or agencies or persons):
        sharing.share_item(session, lead.item, actor=actor, now=now)
    disclose_item(session, lead.item, actor=actor, now=now, to=to, agencies=agencies, persons=persons)


def disclose_item(
    session: Session,
    item: Item,
    *,
    actor: User,
    now: datetime,
    to: Sequence[Delegation] = (),
    agencies: Sequence[Agency] = (),
    persons: Sequence[User] = (),
) -> None:
    """Name further readers of a case or lead that is shared. The originator's own delegation needs no naming.

    Raises:
        Refused: Nobody named; this marking cannot reach one of them; withdrawn.
    """
    if not (to or agencies or persons):
        raise Refused("nobody_named", field="to")
    for delegation in to:
        if delegation.party_id != item.originator_id:
            sharing.disclose(session, item, actor=actor, now=now, to_delegation=delegation)
    for agency in agencies:
        sharing.disclose(session, item, actor=actor, now=now, to_agency=agency)
    for person in persons:
        sharing.disclose(session, item, actor=actor, now=now, to_user=person)


def give_feedback(
    session: Session,
    lead: Lead,
    *,
    actor: User,
    now: datetime,
    party: Party,
    kind: FeedbackKind,
    note: str | None = None,
) -> Feedback:
    """What a receiving party says of a lead. The originator cannot answer itself.

    Raises:
        Refused: By the originator.
    """
    if party.id == lead.item.originator_id:
        raise Refused("own_feedback", field="kind")
    row = Feedback(lead_id=lead.id, party_id=party.id, kind=kind, note=note, given_by_id=actor.id, given_at=now)
    row.party = party
    session.add(row)
    session.flush()
    record(session, actor=actor, now=now, action="feedback", object_type="lead", object_uuid=lead.item.uuid)
    return row
