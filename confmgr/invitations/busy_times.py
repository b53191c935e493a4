"""Reads of delegates' busy times, and the short text by which a page carries them from one view to the next."""

import re
import uuid
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import NotFound, Refused
from confmgr.invitations.models import Participation
from confmgr.meetings.models import Meeting
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import Span, wall_time

_STRETCH = re.compile(r"(\d{1,6})-(\d{1,6})")
MINUTE = timedelta(minutes=1)


def get_person(session: Session, meeting: Meeting, ident: uuid.UUID) -> Delegate:
    """A delegate of a meeting who has not left, with its busy times.

    Raises:
        NotFound: The meeting has no such person.
    """
    row = session.scalar(
        select(Delegate)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Delegate.uuid == ident, Delegation.meeting_id == meeting.id, Delegate.left_at.is_(None))
        .options(joinedload(Delegate.delegation).joinedload(Delegation.party), selectinload(Delegate.busy))
    )
    if row is None:
        raise NotFound("person", ident)
    return row


def own_person(session: Session, meeting: Meeting, user_id: int) -> uuid.UUID:
    """The delegate of a meeting for whom an account stands.

    Raises:
        NotFound: No delegation has named it.
    """
    ident = session.scalar(
        select(Delegate.uuid)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Delegation.meeting_id == meeting.id, Delegate.user_id == user_id, Delegate.left_at.is_(None))
        .order_by(Delegate.id)
        .limit(1)
    )
    if ident is None:
        raise NotFound("person")
    return ident


def is_ours(session: Session, meeting: Meeting, person: Delegate) -> Callable[[str], bool]:
    """Whether an entry of a calendar is a session of the meeting, by what its mails, feeds and downloads call it."""
    rows = session.scalars(
        select(Participation.uid)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .where(MeetingSession.meeting_id == meeting.id)
    )
    known = set(rows)
    ending = f"@{meeting.slug}"
    return lambda uid: uid in known or uid.endswith(ending)


def packed(spans: Iterable[Span], whole: Span) -> str:
    """Times as minutes from the beginning of the meeting's days."""
    return " ".join(f"{(s.start - whole.start) // MINUTE}-{(s.end - whole.start) // MINUTE}" for s in spans)


def unpacked(text: str, whole: Span) -> list[Span]:
    """The times that `packed` wrote.

    Raises:
        Refused: Something else was sent.
    """
    found: list[Span] = []
    for piece in text.split():
        match = _STRETCH.fullmatch(piece)
        first, last = (0, 0) if match is None else (int(match[1]), int(match[2]))
        start = found[-1].end if found else whole.start
        if first >= last or whole.start + first * MINUTE < start or whole.start + last * MINUTE > whole.end:
            raise Refused("not_a_calendar")
        found.append(Span(whole.start + first * MINUTE, whole.start + last * MINUTE))
    return found


def by_day(spans: Iterable[Span], zone: str) -> dict[date, list[Span]]:
    """Times by the clock of a zone, by the days on which they begin; what goes past midnight stands on each day."""
    found: dict[date, list[Span]] = {}
    for span in spans:
        start, end = wall_time(span.start, zone), wall_time(span.end, zone)
        while start < end:
            midnight = start.replace(hour=0, minute=0) + timedelta(days=1)
            found.setdefault(start.date(), []).append(Span(start, min(end, midnight)))
            start = midnight
    return found
