"""Reads of what came in by mail: the list of a meeting, what waits, whom an identifier means."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.delegations import belonging
from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.invitations.domain import MailKind, ReplyMethod, ReplyState
from confmgr.invitations.models import OutboxMessage, Participation, Reply
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting

MOST = 200
"""Rows of one page."""
SHUT = frozenset({MeetingState.CLOSED, MeetingState.ARCHIVED})


class Shown(StrEnum):
    """Which part of what came in a page shows."""

    WAITING = "waiting"
    APPLIED = "applied"
    TAKEN = "taken"
    ASIDE = "aside"
    BOUNCED = "bounced"
    ALL = "all"


_SETTLED = {
    ReplyState.HELD: Shown.WAITING,
    ReplyState.APPLIED: Shown.APPLIED,
    ReplyState.TAKEN: Shown.TAKEN,
    ReplyState.OLD: Shown.ASIDE,
    ReplyState.DISMISSED: Shown.ASIDE,
}


def of_meeting(meeting: Meeting) -> ColumnElement[bool]:
    """What concerns a meeting: its own, and while it is open also what belongs to none, as there is one mailbox."""
    own = Reply.meeting_id == meeting.id
    return own if meeting.state in SHUT else or_(own, Reply.meeting_id.is_(None))


def _conditions(shown: Shown) -> list[ColumnElement[bool]]:
    """Delivery reports have a part of their own; one that waits is in both."""
    if shown is Shown.ALL:
        return []
    if shown is Shown.BOUNCED:
        return [Reply.method == ReplyMethod.BOUNCE]
    states = [state for state, part in _SETTLED.items() if part is shown]
    return [Reply.state.in_(states), *([] if shown is Shown.WAITING else [Reply.method != ReplyMethod.BOUNCE])]


def replies(session: Session, meeting: Meeting, shown: Shown) -> list[Reply]:
    """What came in, the newest first, with the persons and sessions that it is about; one statement."""
    return list(
        session.scalars(
            select(Reply)
            .where(of_meeting(meeting), *_conditions(shown))
            .options(
                joinedload(Reply.participation).joinedload(Participation.session),
                joinedload(Reply.participation)
                .joinedload(Participation.delegate)
                .joinedload(Delegate.delegation)
                .joinedload(Delegation.party),
                joinedload(Reply.participation).joinedload(Participation.interpreter),
                joinedload(Reply.outbox_message),
                joinedload(Reply.decided_by),
            )
            .order_by(Reply.id.desc())
            .limit(MOST)
        )
    )


def counts(session: Session, meeting: Meeting) -> Mapping[Shown, int]:
    """How many each part holds."""
    bounce = case((Reply.method == ReplyMethod.BOUNCE, 1), else_=0)
    rows = session.execute(
        select(Reply.state, bounce, func.count()).where(of_meeting(meeting)).group_by(Reply.state, bounce)
    )
    found = dict.fromkeys(Shown, 0)
    for state, is_bounce, number in rows:
        parts = {Shown.ALL, _SETTLED[state]}
        if is_bounce:
            parts = {Shown.ALL, Shown.BOUNCED} | (parts & {Shown.WAITING})
        for part in parts:
            found[part] += number
    return found


def waiting(meeting: Meeting) -> ScalarSelect[int]:
    """How many wait for the secretariat, as part of a statement."""
    return select(func.count(Reply.id)).where(of_meeting(meeting), Reply.state == ReplyState.HELD).scalar_subquery()


def get_reply(session: Session, meeting: Meeting, ident: uuid.UUID) -> Reply:
    """One mail that came in.

    Raises:
        NotFound: None that concerns the meeting has this identifier.
    """
    row = session.scalar(
        select(Reply).where(of_meeting(meeting), Reply.uuid == ident).options(joinedload(Reply.participation))
    )
    if row is None:
        raise NotFound("reply", ident)
    return row


def named(session: Session, meeting: Meeting, idents: Collection[uuid.UUID]) -> list[Reply]:
    """Some of what came in, the oldest first.

    Raises:
        NotFound: One of them is none of the meeting's.
    """
    rows = session.scalars(
        select(Reply)
        .where(of_meeting(meeting), Reply.uuid.in_(idents))
        .options(joinedload(Reply.participation))
        .order_by(Reply.id)
    ).all()
    if len(rows) != len(idents):
        raise NotFound("reply")
    return list(rows)


def unproved_before(session: Session, row: Participation) -> list[Reply]:
    """Answers of a participation that wait for proof alone, and are not later than the one that is kept."""
    statement = select(Reply).where(
        Reply.participation_id == row.id,
        Reply.state == ReplyState.HELD,
        Reply.method == ReplyMethod.REPLY,
        Reply.reason == "unverified",
        Reply.dtstamp <= row.answered_dtstamp,
    )
    return list(session.scalars(statement))


def by_message_id(session: Session, message_id: str) -> Reply | None:
    """What an earlier delivery of the same mail left."""
    return session.scalar(select(Reply).where(Reply.message_id == message_id))


def by_uid(session: Session, uid: str) -> Participation | None:
    """The participation that a calendar knows by an identifier, locked against a second answer at the same time."""
    return session.scalar(
        select(Participation)
        .where(Participation.uid == uid.lower())
        .options(joinedload(Participation.session))
        .with_for_update(of=Participation)
        .execution_options(populate_existing=True)
    )


def address_of(row: Participation) -> str | None:
    """The address on file of a participation's person."""
    return (row.person.email or None) if row.person is not None else None


def has_left(session: Session, row: Participation) -> bool:
    """Whether a participation's person takes part no more, alone or with a delegation that has declined."""
    if row.delegate is not None:
        return belonging.has_left(row.delegate)
    brought_by = None if row.interpreter is None else row.interpreter.delegation_id
    side = None if brought_by is None else session.get(Delegation, brought_by)
    return side is not None and side.state is DelegationState.DECLINED


def meeting_of_sender(session: Session, sender: str, now: datetime) -> int | None:
    """The meeting that somebody with an address takes part in: the next one, else the last one."""
    if not sender:
        return None
    of_delegate = and_(Delegation.meeting_id == Meeting.id, Delegate.delegation_id == Delegation.id)
    rows = session.execute(
        select(Meeting.id, Meeting.ends_on).where(
            or_(
                select(Delegate.id).where(of_delegate, func.lower(Delegate.email) == sender).exists(),
                select(Interpreter.id)
                .where(Interpreter.meeting_id == Meeting.id, func.lower(Interpreter.email) == sender)
                .exists(),
            )
        )
    )
    today = now.date()
    found = sorted((ends < today, abs(ends - today), ident) for ident, ends in rows)
    return found[0][2] if found else None


def sent_mail(session: Session, message_ids: Iterable[str]) -> OutboxMessage | None:
    """The mail that one of some identifiers names, the first identifier first."""
    wanted = list(message_ids)
    rows = {
        row.message_id: row
        for row in session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.message_id.in_(wanted))
            .options(joinedload(OutboxMessage.participation))
        )
    }
    return next((rows[ident] for ident in wanted if ident in rows), None)


def last_invitation(session: Session, row: Participation) -> OutboxMessage | None:
    """The newest mail that told a participation its version."""
    return session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.participation_id == row.id, OutboxMessage.kind == MailKind.INVITATION)
        .order_by(OutboxMessage.sequence.desc(), OutboxMessage.dtstamp.desc(), OutboxMessage.id.desc())
        .limit(1)
    )


def repeated_since(session: Session, row: Participation, since: datetime) -> bool:
    """Whether the same version went out once more after an instant."""
    repeated = select(OutboxMessage.id).where(
        OutboxMessage.participation_id == row.id,
        OutboxMessage.kind == MailKind.INVITATION,
        OutboxMessage.publication_id.is_(None),
        OutboxMessage.dtstamp > since - timedelta(seconds=1),
    )
    return session.scalar(repeated.limit(1)) is not None


def said_once(session: Session, once: str) -> bool:
    """Whether a mail that is to go only once is written."""
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.once == once)) is not None
