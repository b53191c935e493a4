"""Calendars that programs subscribe to: made, given another address, taken back, and noted as read."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.invitations.domain import FeedKind
from confmgr.invitations.models import Feed
from confmgr.meetings.models import Meeting
from confmgr.values import chance

MOST = 20
"""Feeds that one account may have at a meeting."""
PROGRAM = 120
"""Letters of the name by which a program calls itself that are kept."""


def make_feed(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    kind: FeedKind,
    language: str,
    delegation: Delegation | None = None,
    without_answered: bool = False,
) -> tuple[Feed, str]:
    """A calendar with an address of its own; gives the row and the secret, which is kept nowhere.

    Raises:
        Refused: A delegation's calendar without a delegation; too many of them.
    """
    if kind is FeedKind.DELEGATION and delegation is None:
        raise Refused("feed_without_delegation", field="kind")
    standing = select(func.count()).where(
        Feed.user_id == actor.id, Feed.meeting_id == meeting.id, Feed.revoked_at.is_(None)
    )
    if (session.scalar(standing) or 0) >= MOST:
        raise Refused("too_many_feeds", most=MOST)
    token = chance.secret()
    row = Feed(
        meeting_id=meeting.id,
        user_id=actor.id,
        kind=kind,
        delegation_id=delegation.id if delegation is not None and kind is FeedKind.DELEGATION else None,
        language=language,
        without_answered=without_answered and kind is FeedKind.PERSONAL,
        token_hash=chance.hashed(token),
        made_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, row, actor, now, "create")
    return row, token


def renew_feed(session: Session, row: Feed, *, actor: User, now: datetime) -> str:
    """Another secret address for the same calendar; the old one leads nowhere from now on."""
    token = chance.secret()
    row.token_hash, row.made_at, row.read_at, row.reader = chance.hashed(token), now, None, None
    session.flush()
    _audit(session, row, actor, now, "change")
    return token


def take_back_feed(session: Session, row: Feed, *, actor: User, now: datetime) -> None:
    """End a calendar: its address leads nowhere from now on."""
    row.revoked_at = now
    session.flush()
    _audit(session, row, actor, now, "delete")


def note_reading(session: Session, ident: int, *, now: datetime, reader: str) -> None:
    """Keep when a calendar was read, and by what program."""
    name = " ".join("".join(c for c in reader if c.isprintable()).split())[:PROGRAM]
    session.execute(update(Feed).where(Feed.id == ident).values(read_at=now, reader=name or None))
    row = session.get_one(Feed, ident)
    _audit(session, row, session.get_one(User, row.user_id), now, "read")


def _audit(session: Session, row: Feed, actor: User, now: datetime, action: str) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="feed",
        object_uuid=row.uuid,
        meeting_id=row.meeting_id,
        facts={"kind": row.kind.value, "of": row.user_id},
    )
