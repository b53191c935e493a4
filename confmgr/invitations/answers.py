"""Who answered what to invitations that stand, whether the mail arrived, and whom to telephone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.invitations import queries
from confmgr.invitations.domain import AnswerWay, Facts, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession

SOON = timedelta(hours=48)
LOST = frozenset({OutboxState.REFUSED, OutboxState.BOUNCED, OutboxState.HELD})
"""States of a mail that its recipient has not got, and will not get by itself."""


class Shown(StrEnum):
    """Which invitations the list shows."""

    ALL = "all"
    OPEN = "open"
    DECLINED = "declined"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Person:
    """A delegate with the code of its party, or an interpreter without one."""

    kind: str
    id: int
    uuid: UUID
    latin_name: str
    phone: str | None
    zone: str
    email: str | None
    delegation_id: int | None
    code: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One person's invitation to one session; `mail` is the state of the last mail about it, None without any."""

    session_id: int
    session_uuid: UUID
    starts_at: datetime
    person: Person
    answer: PartStat
    answered_at: datetime | None
    way: AnswerWay | None
    reason: str | None
    mail: OutboxState | None

    @property
    def is_open(self) -> bool:
        """Whether nothing has been answered."""
        return self.answer is PartStat.NEEDS_ACTION

    @property
    def is_declined(self) -> bool:
        """Whether the person does not come."""
        return self.answer is PartStat.DECLINED

    @property
    def is_lost(self) -> bool:
        """Whether the person cannot have read the last mail."""
        return not self.person.email or self.mail in LOST


def invitations(session: Session, meeting: Meeting, *, session_ids: Collection[int] = ()) -> list[Invitation]:
    """The invitations of a meeting that stand, by start, party and name; one statement.

    Args:
        session: An open session.
        meeting: Whose.
        session_ids: Only those of some sessions; empty: all.
    """
    last = queries.newest_mail()
    statement = (
        select(
            MeetingSession.id,
            MeetingSession.uuid,
            Participation.told_text["starts_at"].as_string(),
            Participation.answer,
            Participation.answered_at,
            Participation.answered_by,
            Participation.reason,
            OutboxMessage.state,
            *(getattr(kind, name) for kind in (Delegate, Interpreter) for name in _OF_A_PERSON),
            Party.code,
        )
        .select_from(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .outerjoin(Delegate, Delegate.id == Participation.delegate_id)
        .outerjoin(Delegation, Delegation.id == Delegate.delegation_id)
        .outerjoin(Party, Party.id == Delegation.party_id)
        .outerjoin(Interpreter, Interpreter.id == Participation.interpreter_id)
        .outerjoin(OutboxMessage, OutboxMessage.id == last)
        .where(MeetingSession.meeting_id == meeting.id, Participation.invited)
    )
    if session_ids:
        statement = statement.where(MeetingSession.id.in_(session_ids))
    found = [_invitation(tuple(row)) for row in session.execute(statement)]
    return sorted(found, key=_order)


def _order(one: Invitation) -> tuple[datetime, int, bool, str, str]:
    return (one.starts_at, one.session_id, not one.person.code, one.person.code, one.person.latin_name)


_OF_A_PERSON = ("id", "uuid", "latin_name", "phone", "zone", "email", "delegation_id")


def _invitation(row: tuple[Any, ...]) -> Invitation:
    size = len(_OF_A_PERSON)
    delegate, interpreter, code = row[8 : 8 + size], row[8 + size : 8 + 2 * size], row[-1]
    kind, values = ("delegate", delegate) if delegate[0] is not None else ("interpreter", interpreter)
    return Invitation(
        session_id=row[0],
        session_uuid=row[1],
        starts_at=datetime.fromisoformat(row[2]),
        person=Person(kind, **dict(zip(_OF_A_PERSON, values, strict=True)), code=code or ""),
        answer=row[3],
        answered_at=row[4],
        way=row[5],
        reason=row[6],
        mail=row[7],
    )


def told_of(session: Session, session_ids: Iterable[int]) -> dict[int, Facts]:
    """What some sessions are, as their people were told last; one statement."""
    newest = (
        select(func.max(Participation.id))
        .where(Participation.session_id.in_(set(session_ids)), Participation.invited)
        .group_by(Participation.session_id)
    )
    rows = session.execute(
        select(Participation.session_id, Participation.told_text).where(Participation.id.in_(newest))
    )
    return {ident: facts or {} for ident, facts in rows}


def heads(session: Session, meeting: Meeting) -> dict[int, tuple[str, str]]:
    """Name and telephone of the head of each delegation who has one; one statement."""
    rows = session.execute(
        select(Delegate.delegation_id, Delegate.latin_name, Delegate.phone)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(
            Delegation.meeting_id == meeting.id,
            Delegate.capacity == Capacity.HEAD_OF_DELEGATION,
            Delegate.left_at.is_(None),
            Delegate.phone.is_not(None),
        )
    )
    return {ident: (name, phone or "") for ident, name, phone in rows}


def get_invitation(session: Session, meeting: Meeting, session_uuid: UUID, person_uuid: UUID) -> Participation:
    """The participation of a delegate or interpreter in a session.

    Raises:
        NotFound: The meeting has no such session, or the person never heard of it.
    """
    row = session.scalar(
        select(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .outerjoin(Delegate, Delegate.id == Participation.delegate_id)
        .outerjoin(Interpreter, Interpreter.id == Participation.interpreter_id)
        .where(
            MeetingSession.meeting_id == meeting.id,
            MeetingSession.uuid == session_uuid,
            or_(Delegate.uuid == person_uuid, Interpreter.uuid == person_uuid),
        )
    )
    if row is None or not row.told_text:
        raise NotFound("invitation", person_uuid)
    return row


def counts(meeting: Meeting, now: datetime) -> Any:
    """How many invitations to sessions yet to come nobody has answered, and how many are declined: two columns."""

    def number(said: PartStat) -> Any:
        return (
            select(func.count())
            .select_from(Participation)
            .join(MeetingSession, MeetingSession.id == Participation.session_id)
            .where(
                and_(MeetingSession.meeting_id == meeting.id, MeetingSession.starts_at > now),
                Participation.invited,
                Participation.answer == said,
            )
            .scalar_subquery()
        )

    return number(PartStat.NEEDS_ACTION), number(PartStat.DECLINED)


def chosen(rows: Iterable[Invitation], shown: Shown, now: datetime) -> list[Invitation]:
    """Those of a list that are asked for."""
    if shown is Shown.ALL:
        return list(rows)
    if shown is Shown.DECLINED:
        return [one for one in rows if one.is_declined]
    return [one for one in rows if one.is_open and (shown is Shown.OPEN or now < one.starts_at <= now + SOON)]


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to telephone; `next` is the soonest of the invitations that are why."""

    person: Person
    next: Invitation
    unanswered: int
    declined: int
    lost: int


def calls(rows: Iterable[Invitation], now: datetime) -> list[Call]:
    """Whom to telephone, who is needed soonest first; not for a decline that the secretariat itself has noted."""
    why: dict[tuple[str, int], list[Invitation]] = {}
    for one in rows:
        declined = one.is_declined and one.way is not AnswerWay.SECRETARIAT
        if one.starts_at > now and (one.is_open or declined or one.is_lost):
            why.setdefault((one.person.kind, one.person.id), []).append(one)
    found = [_call(some) for some in why.values()]
    return sorted(found, key=lambda call: (call.next.starts_at, call.person.code, call.person.latin_name))


def _call(some: Sequence[Invitation]) -> Call:
    return Call(
        person=some[0].person,
        next=min(some, key=lambda one: one.starts_at),
        unanswered=sum(one.is_open for one in some),
        declined=sum(one.is_declined for one in some),
        lost=sum(one.is_lost for one in some),
    )


def tally(rows: Iterable[Invitation]) -> Mapping[PartStat, int]:
    """How often each answer was given."""
    found: dict[PartStat, int] = {}
    for one in rows:
        found[one.answer] = found.get(one.answer, 0) + 1
    return found
