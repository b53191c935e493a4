"""Publications, participations with their calendar identity, the outbox, replies, feeds, and reminders."""

from datetime import time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.invitations.domain import (
    AnswerWay,
    ChangeKind,
    FeedKind,
    MailKind,
    Method,
    OutboxState,
    PartStat,
    ReplyMethod,
    ReplyState,
)
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Language, Line, LongText, Planned, Public, UtcDateTime, choice
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession


class Publication(Base):
    """What others see from a moment on; made by nobody where somebody left or the rules of a time zone changed."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    made_at: Mapped[Instant]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[LongText | None]

    meeting: Mapped[Meeting] = relationship()
    made_by: Mapped[User | None] = relationship()
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
    """One person in one session, for ever: its UID never changes, its sequence only grows.

    `dtstamp` is that of the version told last; `answered_sequence` the version that was answered.
    """

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
    dtstamp: Mapped[Instant | None] = mapped_column(UtcDateTime)
    answer: Mapped[PartStat] = mapped_column(choice(PartStat), default=PartStat.NEEDS_ACTION)
    answered_at: Mapped[Instant | None]
    answered_sequence: Mapped[int | None]
    answered_by: Mapped[AnswerWay | None] = mapped_column(choice(AnswerWay))
    answered_dtstamp: Mapped[Instant | None] = mapped_column(UtcDateTime)
    reason: Mapped[LongText | None]

    session: Mapped[MeetingSession] = relationship()
    delegate: Mapped[Delegate | None] = relationship()
    interpreter: Mapped[Interpreter | None] = relationship()
    told_in: Mapped[Publication | None] = relationship()

    @property
    def person(self) -> Delegate | Interpreter | None:
        """Who takes part: a delegate or an interpreter."""
        return self.delegate or self.interpreter


class OutboxMessage(Base):
    """One mail with a fixed identity. The bytes are rendered once, kept, and sent at every attempt.

    `once` names what it reminds of, so that it is never said twice; `domain` is that of the recipient.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("publication_id", "participation_id"),
        UniqueConstraint("once"),
        Index("ix_outbox_message_state_next_at", "state", "next_at"),
        Index("ix_outbox_message_domain_sent_at", "domain", "sent_at"),
        Index("ix_outbox_message_meeting_id_state", "meeting_id", "state"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    kind: Mapped[MailKind] = mapped_column(choice(MailKind), default=MailKind.INVITATION)
    once: Mapped[str | None] = mapped_column(String(200))
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"), index=True)
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("delegate.id"))
    interpreter_id: Mapped[int | None] = mapped_column(ForeignKey("interpreter.id"))
    change: Mapped[ChangeKind | None] = mapped_column(choice(ChangeKind))
    method: Mapped[Method | None] = mapped_column(choice(Method))
    recipient: Mapped[str] = mapped_column(String(254))
    domain: Mapped[str] = mapped_column(String(253), default="")
    language: Mapped[Language]
    uid: Mapped[str | None] = mapped_column(String(36))
    sequence: Mapped[int | None]
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

    publication: Mapped[Publication | None] = relationship()
    participation: Mapped[Participation | None] = relationship()


class AnswerLink(Base):
    """The secret address in one mail: it answers its own invitation and nothing else. Only its hash is kept."""

    __tablename__ = "answer_link"

    id: Mapped[Key]
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sequence: Mapped[int]
    made_at: Mapped[Instant]

    participation: Mapped[Participation] = relationship()


class Reply(Base):
    """One mail that came in, without its bytes: what it said, whether its sender is proved, what became of it.

    `meeting_id` and `participation_id` are empty where nothing here has the UID that it names. `reason` says in one
    word why it waits for the secretariat.
    """

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("message_id"), Index("ix_reply_meeting_id_state", "meeting_id", "state"))

    id: Mapped[Key]
    uuid: Mapped[Public]
    received_at: Mapped[Instant]
    message_id: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    sender: Mapped[str] = mapped_column(String(320))
    subject: Mapped[Line]
    method: Mapped[ReplyMethod] = mapped_column(choice(ReplyMethod))
    verified: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str | None] = mapped_column(String(255))
    attendee: Mapped[str | None] = mapped_column(String(320))
    said: Mapped[str | None] = mapped_column(String(40))
    sequence: Mapped[int | None]
    dtstamp: Mapped[Instant | None] = mapped_column(UtcDateTime)
    comment: Mapped[LongText | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"), index=True)
    outbox_message_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_message.id"))
    state: Mapped[ReplyState] = mapped_column(choice(ReplyState))
    reason: Mapped[str | None] = mapped_column(String(40))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[Instant | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting | None] = relationship()
    participation: Mapped[Participation | None] = relationship()
    outbox_message: Mapped[OutboxMessage | None] = relationship()
    decided_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Feed(Base):
    """A calendar that a program reads by its secret address, until it is taken back; only the hash is kept.

    What it shows follows the rights that `user` has at each reading. `without_answered` leaves out what the person has
    accepted or declined by mail, which its calendar shows already.
    """

    __tablename__ = "feed"

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[FeedKind] = mapped_column(choice(FeedKind))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    language: Mapped[Language]
    without_answered: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None] = mapped_column(UtcDateTime)
    read_at: Mapped[Instant | None] = mapped_column(UtcDateTime)
    reader: Mapped[Line | None]

    meeting: Mapped[Meeting] = relationship()
    user: Mapped[User] = relationship()
    delegation: Mapped[Delegation | None] = relationship()


class ReminderPlan(Base):
    """What a meeting reminds of by itself, and the hours in which it stays quiet by the recipient's clock.

    `day_before_at` is the hour of the evening digest; empty: none. The other rules are off where they are empty.
    """

    __tablename__ = "reminder_plan"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    day_before_at: Mapped[time | None] = mapped_column(Time)
    minutes_before: Mapped[int | None]
    answers_missing_days: Mapped[int | None]
    results_due_days: Mapped[int | None]
    quiet_from: Mapped[time] = mapped_column(Time, default=time(22, 0))
    quiet_until: Mapped[time] = mapped_column(Time, default=time(7, 0))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ZoneRules(Base):
    """A version of the time zone rules by which all planned instants were derived, and how many of them moved."""

    __tablename__ = "zone_rules"

    id: Mapped[Key]
    version: Mapped[str] = mapped_column(String(40), unique=True)
    applied_at: Mapped[Instant]
    moved: Mapped[int]
