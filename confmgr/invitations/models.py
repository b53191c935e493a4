"""Frozen publications, participations with their calendar identity, and the outbox."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegate, Interpreter
from confmgr.invitations.domain import ChangeKind, Method, OutboxState, PartStat
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Language, LongText, Planned, Public, UtcDateTime, choice
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession


class Publication(Base):
    """What others see of the schedule from one moment on."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    made_at: Mapped[Instant]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    note: Mapped[LongText | None]

    meeting: Mapped[Meeting] = relationship()
    made_by: Mapped[User] = relationship()
    sessions: Mapped[list["PublishedSession"]] = relationship(
        order_by="PublishedSession.starts_at", back_populates="publication"
    )


class PublishedSession(Planned, Base):
    """A session as frozen by a publication: times, place, state, parties, people, languages, ids of cases, never text.

    `delegation_ids`, `delegate_ids`, `interpreter_ids` and `case_ids` are lists of row ids.
    """

    __tablename__ = "published_session"
    __table_args__ = (UniqueConstraint("publication_id", "session_id"),)

    id: Mapped[Key]
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    kind: Mapped[SessionKind] = mapped_column(choice(SessionKind))
    state: Mapped[SessionState] = mapped_column(choice(SessionState))
    everybody: Mapped[bool] = mapped_column(default=False)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    building: Mapped[str | None] = mapped_column(String(300))
    interpretation: Mapped[str | None] = mapped_column(String(33))
    delegation_ids: Mapped[list[int]] = mapped_column(JSON)
    delegate_ids: Mapped[list[int]] = mapped_column(JSON)
    interpreter_ids: Mapped[list[int]] = mapped_column(JSON)
    case_ids: Mapped[list[int]] = mapped_column(JSON)

    publication: Mapped[Publication] = relationship(back_populates="sessions")
    session: Mapped[MeetingSession] = relationship()


class Participation(Base):
    """One person in one session, for ever: its UID never changes, its sequence only grows."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("session_id", "delegate_id"),
        UniqueConstraint("session_id", "interpreter_id"),
        CheckConstraint("(delegate_id IS NULL) <> (interpreter_id IS NULL)", name="one_person"),
    )

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"), index=True)
    interpreter_id: Mapped[int | None] = mapped_column(ForeignKey("interpreter.id"), index=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    invited: Mapped[bool] = mapped_column(default=False)
    told_in_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))
    told_text: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    answer: Mapped[PartStat] = mapped_column(choice(PartStat), default=PartStat.NEEDS_ACTION)
    answered_at: Mapped[Instant | None]
    answered_sequence: Mapped[int | None]
    reason: Mapped[LongText | None]

    session: Mapped[MeetingSession] = relationship()
    delegate: Mapped[Delegate | None] = relationship()
    interpreter: Mapped[Interpreter | None] = relationship()
    told_in: Mapped[Publication | None] = relationship()


class OutboxMessage(Base):
    """One mail with a fixed identity. The bytes are rendered once, kept, and sent at every attempt."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("publication_id", "participation_id"),
        Index("ix_outbox_message_state_next_at", "state", "next_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"))
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    change: Mapped[ChangeKind] = mapped_column(choice(ChangeKind))
    method: Mapped[Method] = mapped_column(choice(Method))
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[Language]
    uid: Mapped[str] = mapped_column(String(36))
    sequence: Mapped[int]
    dtstamp: Mapped[Instant]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    thread_id: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState), default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Instant] = mapped_column(UtcDateTime)
    leased_until: Mapped[Instant | None] = mapped_column(UtcDateTime)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str | None] = mapped_column(String(64))
    subject: Mapped[LongText | None]
    problem: Mapped[LongText | None]
    sent_at: Mapped[Instant | None] = mapped_column(UtcDateTime)

    publication: Mapped[Publication] = relationship()
    participation: Mapped[Participation] = relationship()
