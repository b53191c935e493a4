"""Leads, their readers and feedback. Writes; the caller commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.domain import FeedbackKind, LeadKind
from confmgr.cases.models import Case, Feedback, Lead
from confmgr.cases.services.bodies import change, text_seen
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Operation, Party
from confmgr.sharing import asking
from confmgr.sharing import seen as looks
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ConsentKind, Handling, ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words


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
    purpose: str | None = None,
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
        purpose=purpose,
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
    seen: str | None = None,
    kind: LeadKind,
    title: Words,
    body: Words,
    purpose: str | None = None,
) -> None:
    """Edit the body; by its author or a head. Those who may read it read the new one, and what it said before.

    A purpose of None stays as it is. `seen`: `text_seen`.

    Raises:
        StaleVersion: Somebody changed what it says since `seen`.
        Refused: Neither the author nor a head of the originator; the lead is withdrawn.
    """
    if not asking.writes(session, lead.item, actor, now):
        raise Refused("only_the_author")
    looks.check(session, lead.item, seen, text_seen)
    if lead.item.state not in {ItemState.DRAFT, ItemState.SHARED}:
        raise Refused("lead_withdrawn")
    given = lead.item.purpose if purpose is None else purpose or None
    change(session, lead, lead.item, {"kind": kind, "title": title, "body": body, "purpose": given}, actor, now)
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
    seen: str | None = None,
) -> None:
    """Pass a lead to delegations, agencies or persons. `seen`: `sharing.seen.of_readers`.

    Raises:
        NotFound: The actor may not see it.
        NotAllowed: Only the author shares, or a head of the originator (`asking.writes`).
        StaleVersion: Readers, marking or state have changed since `seen`.
        Refused: Nobody named; this marking cannot reach one of them; RED without a second person; withdrawn.
    """
    asking.check_writes(session, lead.item, actor, now, "share")
    looks.check(session, lead.item, seen, looks.of_readers)
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
    seen: str | None = None,
) -> None:
    """Name further readers of a case or lead that is shared. The originator's own delegation needs no naming.

    A person named for something RED reads it once a second person of the originator has agreed: naming is a question to
    that person (docs/decisions/0022-who-consents.md). `seen`: `sharing.seen.of_readers`.

    Raises:
        NotFound: The actor may not see it.
        NotAllowed: Only the author names readers, or a head of the originator (`asking.writes`).
        StaleVersion: Readers, marking or state have changed since `seen`.
        Refused: Nobody named; this marking cannot reach one of them; withdrawn; asked for already.
    """
    asking.check_writes(session, item, actor, now, "name readers")
    looks.check(session, item, seen, looks.of_readers)
    if not (to or agencies or persons):
        raise Refused("nobody_named", field="to")
    targets = [
        *(sharing.Target(delegation) for delegation in to if delegation.party_id != item.originator_id),
        *(sharing.Target(agency=agency) for agency in agencies),
        *(sharing.Target(user=person) for person in persons),
    ]
    for target in targets:
        if target.user is not None and item.marking.tlp is Tlp.RED:
            _propose(session, item, target, actor=actor, now=now)
        else:
            sharing.let_reach(session, item, target, actor=actor, now=now)


def _propose(session: Session, item: Item, target: sharing.Target, *, actor: User, now: datetime) -> None:
    ids = {link.meeting_id for link in item.meetings}
    own = session.scalars(
        select(Delegation)
        .where(Delegation.party_id == item.originator_id, Delegation.meeting_id.in_(ids))
        .order_by(Delegation.id.desc())
    ).first()
    if own is None:
        raise Refused("nobody_named", field="to")
    wanted = sharing.Wanted(ConsentKind.ONWARD, "", target)
    sharing.ask(session, item, wanted, actor=actor, now=now, delegation=own)


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
        NotFound: The actor may not see it.
        NotAllowed: The actor does not speak for the party there.
        Refused: By the originator.
    """
    asking.check_speaks(session, lead.item, party.id, actor, now)
    if party.id == lead.item.originator_id:
        raise Refused("own_feedback", field="kind")
    row = Feedback(lead_id=lead.id, party_id=party.id, kind=kind, note=note, given_by_id=actor.id, given_at=now)
    row.party = party
    session.add(row)
    session.flush()
    record(session, actor=actor, now=now, action="feedback", object_type="lead", object_uuid=lead.item.uuid)
    return row
