"""Reads of mails on their way: whom they are for by now, what a domain got lately, and what the outbox lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, defer, joinedload

from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.invitations import queries
from confmgr.invitations.domain import MailKind, OutboxState
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.invitations.sending import Heard, Mail, Reader
from confmgr.meetings.models import Meeting
from confmgr.scheduling.models import MeetingSession
from confmgr.values.texts import cleaned

PAGE = 100
"""Mails on one page of the outbox."""
LONGEST_ADDRESS = 254


def used(session: Session, since: datetime, now: datetime) -> dict[str, int]:
    """How many mails each domain got since an instant, with those that a worker is just handing over."""
    rows = session.execute(
        select(OutboxMessage.domain, func.count())
        .where(
            or_(
                OutboxMessage.sent_at > since,
                and_(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.leased_until >= now),
            )
        )
        .group_by(OutboxMessage.domain)
    )
    return dict(rows.all())


def mail(row: OutboxMessage) -> Mail:
    """A message as the rules look at it."""
    told = {int(ident): sequence for ident, sequence in dict(row.facts.get("participations", {})).items()}
    if row.kind in {MailKind.INVITATION, MailKind.PROPOSAL_ANSWER} and row.participation_id is not None:
        told[row.participation_id] = None
    return Mail(row.kind, row.method, row.recipient, row.sequence, row.dtstamp, told)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The people and participations of some messages, as they are now; `readers` by the id of the message."""

    readers: Mapping[int, Reader]
    heard: Mapping[int, Heard]


def knowledge(session: Session, rows: Sequence[OutboxMessage]) -> Knowledge:
    """What the rules need to know of a batch of messages: two statements."""
    own, crews = aliased(Delegation), aliased(Delegation)
    found = session.execute(
        select(
            OutboxMessage.id, func.coalesce(Delegate.email, Interpreter.email), Delegate.left_at, own.state, crews.state
        )
        .outerjoin(Participation, Participation.id == OutboxMessage.participation_id)
        .outerjoin(Delegate, Delegate.id == func.coalesce(OutboxMessage.delegate_id, Participation.delegate_id))
        .outerjoin(own, own.id == Delegate.delegation_id)
        .outerjoin(
            Interpreter, Interpreter.id == func.coalesce(OutboxMessage.interpreter_id, Participation.interpreter_id)
        )
        .outerjoin(crews, crews.id == Interpreter.delegation_id)
        .where(OutboxMessage.id.in_([row.id for row in rows]))
        .where(or_(Delegate.id.is_not(None), Interpreter.id.is_not(None)))
    )
    readers = {}
    for ident, email, left_at, state, crew_state in found:
        takes_part = DelegationState.DECLINED not in {state, crew_state}
        readers[ident] = Reader(email, left_at is not None, takes_part)
    told = {ident for row in rows for ident in mail(row).told}
    return Knowledge(readers, _heard(session, told))


def _heard(session: Session, idents: Iterable[int]) -> dict[int, Heard]:
    rows = session.execute(
        select(Participation.id, Participation.invited, Participation.sequence, Participation.dtstamp).where(
            Participation.id.in_(set(idents))
        )
    )
    return {row.id: Heard(row.invited, row.sequence, row.dtstamp) for row in rows}


def waiting(session: Session, *, now: datetime) -> int:
    """How many mails are due."""
    due = select(func.count()).where(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.next_at <= now)
    return session.scalar(due) or 0


def newer(session: Session, message: OutboxMessage) -> bool:
    """Whether a later mail says what this one would have said."""
    later = select(OutboxMessage.id).where(
        OutboxMessage.participation_id == message.participation_id,
        OutboxMessage.kind == MailKind.INVITATION,
        OutboxMessage.id > message.id,
    )
    return message.kind is MailKind.INVITATION and session.scalar(later.limit(1)) is not None


def to_try_again(session: Session, meeting: Meeting) -> list[OutboxMessage]:
    """Refused mails of a meeting to which there is no newer one."""
    later = aliased(OutboxMessage)
    overtaken = (
        select(later.id)
        .where(
            later.participation_id == OutboxMessage.participation_id,
            later.kind == MailKind.INVITATION,
            later.id > OutboxMessage.id,
        )
        .exists()
    )
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(
                queries.of_secretariat(meeting),
                OutboxMessage.state == OutboxState.REFUSED,
                or_(OutboxMessage.kind != MailKind.INVITATION, ~overtaken),
            )
            .options(defer(OutboxMessage.raw))
            .with_for_update()
        )
    )


DONE = (OutboxState.SENT, OutboxState.REFUSED, OutboxState.BOUNCED, OutboxState.WITHDRAWN)
"""States of a mail that has been on its way, and is not any more."""


def meetings_unreached(session: Session, now: datetime) -> list[Meeting]:
    """Meetings with somebody whose invitation went to another address, or to none, and who has one by now."""
    ids = _unreached(now).with_only_columns(MeetingSession.meeting_id).distinct()
    return list(session.scalars(select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id)))


def unreached(session: Session, meeting: Meeting, now: datetime) -> list[Participation]:
    """The invitations of these people that stand, with the people; one statement."""
    return list(
        session.scalars(
            _unreached(now)
            .where(MeetingSession.meeting_id == meeting.id)
            .options(
                joinedload(Participation.delegate).joinedload(Delegate.delegation).joinedload(Delegation.party),
                joinedload(Participation.interpreter),
            )
            .order_by(Participation.id)
            .execution_options(populate_existing=True)
        )
    )


def _unreached(now: datetime) -> Select[Any]:
    last = queries.newest_mail()
    address = func.coalesce(Delegate.email, Interpreter.email)
    elsewhere = and_(func.lower(OutboxMessage.recipient) != func.lower(address), OutboxMessage.state.in_(DONE))
    return (
        select(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .outerjoin(Delegate, Delegate.id == Participation.delegate_id)
        .outerjoin(Delegation, Delegation.id == Delegate.delegation_id)
        .outerjoin(Interpreter, Interpreter.id == Participation.interpreter_id)
        .outerjoin(OutboxMessage, OutboxMessage.id == last)
        .where(
            Participation.invited,
            MeetingSession.starts_at > now,
            address != "",
            Delegate.left_at.is_(None),
            or_(Delegation.id.is_(None), Delegation.state != DelegationState.DECLINED),
            or_(OutboxMessage.id.is_(None), elsewhere),
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mails of an outbox are listed; None and empty: all."""

    state: OutboxState | None = None
    kind: MailKind | None = None
    to: str = ""

    def clauses(
        self, meeting: Meeting, *, but_state: bool = False, but_kind: bool = False
    ) -> list[ColumnElement[bool]]:
        """As conditions; without one of them, to count what the others leave."""
        found: list[ColumnElement[bool]] = [queries.of_secretariat(meeting)]
        if self.state is not None and not but_state:
            found.append(OutboxMessage.state == self.state)
        if self.kind is not None and not but_kind:
            found.append(OutboxMessage.kind == self.kind)
        if self.to:
            part = cleaned(self.to, LONGEST_ADDRESS).lower()  # PostgreSQL takes no NUL, not even to look for it
            found.append(func.lower(OutboxMessage.recipient).contains(part, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of an outbox, how many there are of each state and kind, and of what was asked for in all."""

    rows: Sequence[OutboxMessage]
    states: Mapping[OutboxState, int]
    kinds: Mapping[MailKind, int]
    number: int
    page: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.number // PAGE))


def outbox(session: Session, meeting: Meeting, wanted: Wanted, page: int = 1) -> Listed:
    """A page of a meeting's mails without their bytes, the newest first; three statements."""
    states = dict(
        session.execute(
            select(OutboxMessage.state, func.count())
            .where(*wanted.clauses(meeting, but_state=True))
            .group_by(OutboxMessage.state)
        ).all()
    )
    kinds = dict(
        session.execute(
            select(OutboxMessage.kind, func.count())
            .where(*wanted.clauses(meeting, but_kind=True))
            .group_by(OutboxMessage.kind)
        ).all()
    )
    rows = session.scalars(
        select(OutboxMessage)
        .where(*wanted.clauses(meeting))
        .options(defer(OutboxMessage.raw))
        .order_by(OutboxMessage.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    number = sum(states.values()) if wanted.state is None else states.get(wanted.state, 0)
    return Listed(list(rows), states, kinds, number, page)
