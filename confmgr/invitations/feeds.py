"""Reads of the calendars that programs subscribe to: whose they are, what they may show, and whether it is new."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.invitations.domain import FeedKind
from confmgr.invitations.models import Feed, Participation, Publication, PublishedSession
from confmgr.invitations.timetable import last_of, own, shown_in
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Membership, Place
from confmgr.meetings.queries import current
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession
from confmgr.values import chance
from confmgr.values.words import Words

KEPT = timedelta(days=30)
"""How long a calendar shows that a session was cancelled."""
FORMAT = 1
"""Counts the changes of what a feed looks like; programs that have an older one are given it anew."""
NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed that may be read now, and what is needed to answer."""

    id: int
    kind: FeedKind
    language: str
    without_answered: bool
    user_id: int
    meeting_id: int
    delegation_id: int | None
    made_at: datetime
    read_at: datetime | None
    title: Words
    slug: str
    party: str | None
    """Code of the delegation's party."""

    def is_noted(self, now: datetime) -> bool:
        """Whether this reading need not be written down: there was one within the hour."""
        return self.read_at is not None and now - self.read_at < NOTED_EVERY


@dataclass(frozen=True, slots=True)
class State:
    """What a feed shows now, as a mark of its content and the last instant at which it changed."""

    mark: str
    changed_at: datetime


def reading(session: Session, token: str, now: datetime) -> Reading:
    """The feed of a secret address, by the rights that its user has now; one statement.

    Raises:
        NotFound: No such feed, or it is revoked, or its user may not read it any more: one is like the other.
    """
    may = or_(
        Feed.kind != FeedKind.DELEGATION,
        Membership.delegation_id == Feed.delegation_id,
        Membership.role == Role.ORGANISER,
    )
    seat = exists().where(
        Membership.user_id == Feed.user_id, Membership.meeting_id == Feed.meeting_id, current(now), may
    )
    row = session.execute(
        select(
            Feed.id,
            Feed.kind,
            Feed.language,
            Feed.without_answered,
            Feed.user_id,
            Feed.meeting_id,
            Feed.delegation_id,
            Feed.made_at,
            Feed.read_at,
            Meeting.title,
            Meeting.slug,
            Party.code,
        )
        .join(User, User.id == Feed.user_id)
        .join(Meeting, Meeting.id == Feed.meeting_id)
        .outerjoin(Delegation, Delegation.id == Feed.delegation_id)
        .outerjoin(Party, Party.id == Delegation.party_id)
        .where(Feed.token_hash == chance.hashed(token), Feed.revoked_at.is_(None), User.active, seat)
    ).one_or_none()
    if row is None:
        raise NotFound("feed")
    return Reading(*tuple(row))


def state(session: Session, feed: Reading, now: datetime) -> State:
    """Whether a feed has something new, without reading what it shows; one statement."""
    facts = _of_person(session, feed, now) if feed.kind is FeedKind.PERSONAL else _of_publication(session, feed, now)
    whole = (FORMAT, feed.id, feed.kind.value, feed.language, feed.without_answered, feed.title.to_json(), feed.party)
    mark = hashlib.sha256(repr((whole, facts)).encode()).hexdigest()[:32]
    return State(mark, max((one for one in facts if isinstance(one, datetime)), default=feed.made_at))


def _of_person(session: Session, feed: Reading, now: datetime) -> tuple[Any, ...]:
    """Every telling raises the sum of the publications told in, every answer the last instant of one."""
    since = now - KEPT
    row = session.execute(
        select(
            func.count(),
            func.sum(Participation.sequence),
            func.max(Participation.dtstamp),
            func.sum(Participation.told_in_id),
            func.max(Participation.answered_at),
            func.sum(case((and_(~Participation.invited, Participation.dtstamp > since), 1), else_=0)),
        ).where(own(feed.meeting_id, feed.user_id))
    ).one()
    answered = row[4] if feed.without_answered else None
    return (row[0], row[1], row[2], row[3], answered, row[5])


def _of_publication(session: Session, feed: Reading, now: datetime) -> tuple[Any, ...]:
    """The publication, the last one of more than thirty days ago, and titles and places as they are called now.

    Only titles that the calendar shows: its mark must not tell that one of the others has changed.
    """
    here = Publication.meeting_id == feed.meeting_id
    old = select(func.max(Publication.number)).where(here, Publication.made_at <= now - KEPT).scalar_subquery()
    titles = (
        select(func.coalesce(cast(MeetingSession.title, Text), "-").label("title"))
        .join(PublishedSession, PublishedSession.session_id == MeetingSession.id)
        .where(PublishedSession.publication_id == last_of(feed.meeting_id), shown_in(feed.delegation_id))
        .order_by(MeetingSession.id)
        .subquery()
    )
    names = (
        select(cast(Place.name, Text).label("name"))
        .where(Place.meeting_id == feed.meeting_id)
        .order_by(Place.id)
        .subquery()
    )
    row = session.execute(
        select(
            Publication.number,
            Publication.made_at,
            old,
            select(func.aggregate_strings(titles.c.title, "\n")).scalar_subquery(),
            select(func.aggregate_strings(names.c.name, "\n")).scalar_subquery(),
        ).where(Publication.id == last_of(feed.meeting_id))
    ).one_or_none()
    return () if row is None else tuple(row)


def feeds_of(session: Session, meeting: Meeting, user: User | None = None) -> list[Feed]:
    """The feeds of a meeting that nobody has taken back, the newest first; `user`: only one's own."""
    statement = (
        select(Feed)
        .where(Feed.meeting_id == meeting.id, Feed.revoked_at.is_(None))
        .options(joinedload(Feed.user), joinedload(Feed.delegation).joinedload(Delegation.party))
        .order_by(Feed.made_at.desc(), Feed.id.desc())
    )
    if user is not None:
        statement = statement.where(Feed.user_id == user.id)
    return list(session.scalars(statement))


def get_feed(session: Session, meeting: Meeting, ident: uuid.UUID) -> Feed:
    """One feed that nobody has taken back.

    Raises:
        NotFound: The meeting has no such feed.
    """
    row = session.scalar(
        select(Feed)
        .where(Feed.uuid == ident, Feed.meeting_id == meeting.id, Feed.revoked_at.is_(None))
        .options(joinedload(Feed.user), joinedload(Feed.delegation).joinedload(Delegation.party))
    )
    if row is None:
        raise NotFound("feed", ident)
    return row


_PROGRAMS = (
    ("Google-Calendar", "Google Calendar"),
    ("Microsoft", "Outlook"),
    ("Outlook", "Outlook"),
    ("Thunderbird", "Thunderbird"),
    ("Nextcloud", "Nextcloud"),
    ("iOS", "Apple"),
    ("iPhone", "Apple"),
    ("macOS", "Apple"),
    ("Mac OS X", "Apple"),
)


def program(reader: str | None) -> str:
    """What people call the program that reads a calendar; of unknown ones what they say first."""
    said = reader or ""
    return next((name for mark, name in _PROGRAMS if mark in said), said.partition("/")[0][:40])
