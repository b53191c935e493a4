"""Cases at their meetings. Writes; the caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases.domain import NOMINATION_STEPS, STEP_BEFORE, CrimeType, NominationState, Readiness
from confmgr.cases.models import Case, CaseParty, Nomination
from confmgr.cases.services.bodies import change, text_seen
from confmgr.delegations.models import Delegation
from confmgr.errors import NotAllowed, Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import organised_meeting
from confmgr.orm.unique import once
from confmgr.parties.models import Agency, Party
from confmgr.sharing import asking
from confmgr.sharing import seen as looks
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import Handling, ItemKind, ItemState, Tlp
from confmgr.values.words import Words

PRIORITIES = frozenset({1, 2, 3})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is wanted for a case at one meeting."""

    nominated_on: date
    readiness: Readiness
    priority: int
    languages: Sequence[str]
    minutes: int | None

    def __post_init__(self) -> None:
        """Refuse a priority that no form offers."""
        if self.priority not in PRIORITIES:
            raise Refused("priority_out_of_range", field="priority")


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
    places: Words | None = None,
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
    purpose: str | None = None,
    state: ItemState = ItemState.SHARED,
) -> Case:
    """A case, nominated for a meeting by its originator and disclosed to the delegations that it names.

    As a draft it is the originator's alone, and no organiser learns of it, until it is shared.

    Raises:
        Refused: The originator used this reference; priority out of range; what `sharing.create_item` refuses.
    """
    wanted = _Wanted(nominated_on or now.date(), readiness, priority, languages, minutes)
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
        purpose=purpose,
    )
    case = Case(
        id=item.id,
        title=title,
        summary=summary,
        neutral_title=neutral_title,
        places=places,
        crime_types=[crime.value for crime in crime_types],
    )
    case.item = item
    case.parties = [CaseParty(party_id=party.id) for party in concerned]
    session.add(case)
    session.flush()
    for delegation in disclose_to:
        if delegation.party_id != originator.id:
            # who brings in the case of another party does not read it
            sharing.let_reach(session, item, sharing.Target(delegation), actor=actor, now=now)
    _nominate(session, case, meeting, wanted, actor=actor, now=now)
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
        NotFound: The actor may not see it.
        NotAllowed: The actor does not speak for its originator.
        Refused: It is nominated there already; a meeting of another operation; priority out of range.
    """
    wanted = _Wanted(nominated_on, readiness, priority, languages, minutes)
    if meeting.operation_id != case.item.operation_id:
        raise Refused("other_operation", field="meeting")

    def look() -> None:
        there = select(Nomination.id).where(Nomination.case_id == case.id, Nomination.meeting_id == meeting.id)
        if session.scalar(there) is not None:
            raise Refused("already_nominated", field="meeting")

    with once(session, look):
        sharing.link_meeting(session, case.item, meeting, actor=actor, now=now)
        return _nominate(session, case, meeting, wanted, actor=actor, now=now)


def _nominate(
    session: Session, case: Case, meeting: Meeting, wanted: _Wanted, *, actor: User, now: datetime
) -> Nomination:
    nomination = Nomination(
        case_id=case.id,
        meeting_id=meeting.id,
        nominated_on=wanted.nominated_on,
        readiness=wanted.readiness,
        priority=wanted.priority,
        languages=list(wanted.languages),
        minutes=wanted.minutes,
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
    seen: str | None = None,
    title: Words,
    summary: Words | None,
    neutral_title: Words | None,
    crime_types: Sequence[CrimeType],
    places: Words | None = None,
    purpose: str | None = None,
) -> None:
    """Edit the body; by its author or a head. What it said before is kept. A purpose of None stays as it is.

    `seen`: `text_seen`.

    Raises:
        StaleVersion: Somebody changed what it says since `seen`.
        Refused: Neither the author nor a head of the originator.
    """
    if not asking.writes(session, case.item, actor, now):
        raise Refused("only_the_author")
    looks.check(session, case.item, seen, text_seen)
    after: dict[str, object] = {
        "purpose": case.item.purpose if purpose is None else purpose or None,
        "title": title,
        "summary": summary,
        "places": places,
        "neutral_title": neutral_title,
        "crime_types": [crime.value for crime in crime_types],
    }
    change(session, case, case.item, after, actor, now)
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
    seen_version: int | None = None,
) -> None:
    """Select, decline, discuss or conclude a case at one meeting. Organisers do it on the envelope.

    Raises:
        NotAllowed: The actor does not organise that meeting.
        StaleVersion: Somebody decided meanwhile; the version of a nomination counts nothing else.
        Refused: That step does not lead from the present state; declining without a reason.
    """
    _check_organises(session, nomination, actor, now)
    if seen_version is not None and nomination.version != seen_version:
        raise StaleVersion("nomination", nomination.id)
    if state not in NOMINATION_STEPS[nomination.state]:
        raise Refused("nomination_step", field="state", present=nomination.state, wanted=state)
    if state is NominationState.NOT_TAKEN and not reason:
        raise Refused("reason_needed", field="reason")
    kept = None if nomination.state is NominationState.NOT_TAKEN else nomination.reason
    nomination.state, nomination.reason = state, reason or kept
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"case_{state.value}",
        object_type="nomination",
        object_uuid=nomination.case.item.uuid,
        meeting_id=nomination.meeting_id,
    )


def take_decision_back(
    session: Session, nomination: Nomination, *, actor: User, now: datetime, seen_version: int
) -> None:
    """Put a case back to where it stood before it was selected, declined, discussed or concluded.

    Raises:
        NotAllowed: The actor does not organise that meeting.
        StaleVersion: Somebody decided meanwhile.
        Refused: Nothing was decided yet.
    """
    _check_organises(session, nomination, actor, now)
    if nomination.version != seen_version:
        raise StaleVersion("nomination", nomination.id)
    before = STEP_BEFORE.get(nomination.state)
    if before is None:
        raise Refused("nothing_decided")
    if nomination.state is NominationState.NOT_TAKEN:
        nomination.reason = None
    nomination.state = before
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="case_decision_back",
        object_type="nomination",
        object_uuid=nomination.case.item.uuid,
        meeting_id=nomination.meeting_id,
    )


def _check_organises(session: Session, nomination: Nomination, actor: User, now: datetime) -> None:
    meeting = session.get_one(Meeting, nomination.meeting_id)
    if organised_meeting(session, meeting.slug, actor, now) is None:
        raise NotAllowed("decide on this case")
