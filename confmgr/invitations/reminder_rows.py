"""Reads of reminders: which meetings remind of something, whom, and of what they were told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, defer

from confmgr.delegations.domain import Capacity, DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage, Participation, Publication, PublishedSession, ReminderPlan
from confmgr.invitations.reminding import AHEAD, MOST_DAYS, Clock, Reminder, Rules, ToldSession, clock_of, reminders
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import GONE

REMINDING = (MeetingState.PLANNING, MeetingState.OPEN)
"""States of a meeting that is not over."""
KINDS = (MailKind.DAY_BEFORE, MailKind.HOUR_BEFORE, MailKind.ANSWERS_MISSING, MailKind.RESULTS_DUE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may be reminded, with the clock that the person lives by."""

    key: str
    delegate_id: int | None
    interpreter_id: int | None
    uuid: UUID
    name: str
    email: str
    language: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder and whom it goes to."""

    recipient: Recipient
    reminder: Reminder


def rules_of(row: ReminderPlan | None) -> Rules:
    """The rules of a meeting; the usual ones while its organisers have said nothing."""
    if row is None:
        return Rules()
    return Rules(
        day_before_at=row.day_before_at,
        minutes_before=row.minutes_before,
        answers_missing_days=row.answers_missing_days,
        results_due_days=row.results_due_days,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
    )


def meetings_ahead(session: Session, now: datetime) -> list[tuple[Meeting, Rules, int]]:
    """Published meetings of which something may be reminded now: their rules and last publication; one statement."""
    last = _last_publication(Meeting.id).scalar_subquery()
    today = now.date()
    rows = session.execute(
        select(Meeting, ReminderPlan, last.label("last"))
        .outerjoin(ReminderPlan, ReminderPlan.meeting_id == Meeting.id)
        .where(
            Meeting.ends_on >= today - timedelta(days=1),
            Meeting.starts_on <= today + timedelta(days=MOST_DAYS + 1),
            Meeting.state.in_(REMINDING),
            last.is_not(None),
        )
        .order_by(Meeting.id)
    ).all()
    found = [(meeting, rules_of(plan), ident) for meeting, plan, ident in rows]
    return [(meeting, rules, ident) for meeting, rules, ident in found if _may_remind(meeting, rules, now)]


def _last_publication(meeting_id: Any) -> Select[int]:
    return (
        select(Publication.id).where(Publication.meeting_id == meeting_id).order_by(Publication.number.desc()).limit(1)
    )


def _may_remind(meeting: Meeting, rules: Rules, now: datetime) -> bool:
    days = max(timedelta(days=rules.answers_missing_days or 0), AHEAD)
    return now.date() >= meeting.starts_on - days - timedelta(days=1)


def publication_of(session: Session, meeting: Meeting) -> int | None:
    """The last publication of a meeting, if anything of it may still be reminded."""
    over = meeting.state not in REMINDING
    return None if over else session.scalar(_last_publication(meeting.id))


def coming(
    session: Session, meeting: Meeting, rules: Rules, publication_id: int, now: datetime, until: datetime
) -> list[Coming]:
    """Every reminder of a meeting from now until an instant, sent or not, by time; at most three statements."""
    told = _told(session, publication_id, now)
    if not told:
        return []
    found = [
        Coming(who, what)
        for who in recipients(session, meeting)
        for what in reminders(
            who.key, told.get(who.key, ()), rules, who.clock, now=now, until=until, first_day=meeting.starts_on
        )
    ]
    return sorted(found, key=lambda one: (one.reminder.at, one.reminder.once))


def _told(session: Session, publication_id: int, now: datetime) -> dict[str, list[ToldSession]]:
    """What people were told of published sessions that are ahead: times as published, which is what they were told."""
    rows = session.execute(
        select(
            Participation.id,
            Participation.uid,
            Participation.sequence,
            Participation.answer,
            Participation.dtstamp,
            Participation.delegate_id,
            Participation.interpreter_id,
            PublishedSession.starts_local,
            PublishedSession.starts_at,
        )
        .join(PublishedSession, PublishedSession.session_id == Participation.session_id)
        .where(
            PublishedSession.publication_id == publication_id,
            PublishedSession.starts_at > now,
            PublishedSession.state.not_in(GONE),
            Participation.invited,
        )
    )
    found: dict[str, list[ToldSession]] = {}
    for row in rows:
        told = ToldSession(
            participation_id=row.id,
            uid=row.uid,
            sequence=row.sequence,
            answer=row.answer,
            told_at=row.dtstamp,
            day=row.starts_local.date(),
            starts_at=row.starts_at,
        )
        found.setdefault(_key(row.delegate_id, row.interpreter_id), []).append(told)
    return found


def _key(delegate_id: int | None, interpreter_id: int | None) -> str:
    return f"Interpreter-{interpreter_id}" if delegate_id is None else f"Delegate-{delegate_id}"


def recipients(session: Session, meeting: Meeting) -> list[Recipient]:
    """Delegates who have not left, of delegations that come, and interpreters likewise, who have an address."""
    people = session.execute(
        select(
            Delegate.id,
            Delegate.uuid,
            Delegate.name,
            Delegate.email,
            Delegate.language,
            Delegate.zone,
            Delegate.arrives_at,
            Delegate.departs_at,
        )
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(
            Delegation.meeting_id == meeting.id,
            Delegation.state != DelegationState.DECLINED,
            Delegate.left_at.is_(None),
            Delegate.email.is_not(None),
        )
    )
    crew = session.execute(
        select(
            Interpreter.id,
            Interpreter.uuid,
            Interpreter.name,
            Interpreter.email,
            Interpreter.language,
            Interpreter.zone,
        )
        .outerjoin(Delegation, Delegation.id == Interpreter.delegation_id)
        .where(
            Interpreter.meeting_id == meeting.id,
            Interpreter.email.is_not(None),
            or_(Interpreter.delegation_id.is_(None), Delegation.state != DelegationState.DECLINED),
        )
    )
    days = (meeting.starts_on, meeting.ends_on)
    return [
        *(
            _recipient(row, clock_of(row.zone, meeting.zone, days, row.arrives_at, row.departs_at), delegate_id=row.id)
            for row in people
        ),
        *(_recipient(row, clock_of(row.zone, meeting.zone, days), interpreter_id=row.id) for row in crew),
    ]


def _recipient(
    row: Any, clock: Clock, *, delegate_id: int | None = None, interpreter_id: int | None = None
) -> Recipient:
    return Recipient(
        key=_key(delegate_id, interpreter_id),
        delegate_id=delegate_id,
        interpreter_id=interpreter_id,
        uuid=row.uuid,
        name=row.name,
        email=row.email,
        language=row.language,
        clock=clock,
    )


def heads(session: Session, meeting: Meeting) -> dict[int, Recipient]:
    """The heads of the delegations of a meeting, by party."""
    rows = dict(
        session.execute(
            select(Delegate.id, Delegation.party_id)
            .join(Delegation, Delegation.id == Delegate.delegation_id)
            .where(Delegation.meeting_id == meeting.id, Delegate.capacity == Capacity.HEAD_OF_DELEGATION)
        ).all()
    )
    people = recipients(session, meeting)
    return {rows[who.delegate_id]: who for who in people if who.delegate_id is not None and who.delegate_id in rows}


def written(session: Session, names: Collection[str]) -> set[str]:
    """Which of these names of reminders are in the outbox already."""
    if not names:
        return set()
    return set(session.scalars(select(OutboxMessage.once).where(OutboxMessage.once.in_(names))))


def told_texts(session: Session, participation_ids: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """What was told last, by participation."""
    rows = session.execute(
        select(Participation.id, Participation.told_text).where(Participation.id.in_(set(participation_ids)))
    )
    return {ident: text for ident, text in rows if text}


def went_out(session: Session, meeting: Meeting, most: int) -> list[OutboxMessage]:
    """The last reminders of a meeting, the newest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.meeting_id == meeting.id, OutboxMessage.kind.in_(KINDS))
            .options(defer(OutboxMessage.raw))
            .order_by(OutboxMessage.id.desc())
            .limit(most)
        )
    )
