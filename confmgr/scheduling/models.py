"""Meeting requests, sessions of the working schedule, and the plans that were computed for them."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.jobs.models import Job
from confmgr.meetings.models import Meeting, Place
from confmgr.orm.base import (
    Base,
    Instant,
    Key,
    LongText,
    Public,
    Text_,
    UtcDateTime,
    Wall,
    WallDateTime,
    Zone,
    choice,
)
from confmgr.scheduling.domain import (
    Answer,
    AppliedState,
    CommandKind,
    CommandState,
    RequestKind,
    RequestLevel,
    RequestState,
    SessionKind,
    SessionState,
)


class MeetingRequest(Base):
    """A delegation wants to meet others. The note and the wishes are never shown to the other side.

    `slot_local` and `slot_place_id` name the free slot that was asked for on the day; others are placed by organisers.
    `joined_into_id` names the request of a multilateral meeting that organisers made of this one and others.
    """

    __tablename__ = "meeting_request"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480 AND minutes % 5 = 0", name="length"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        UniqueConstraint("meeting_id", "number"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    number: Mapped[int]
    from_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(choice(RequestKind), default=RequestKind.CASE)
    level: Mapped[RequestLevel] = mapped_column(choice(RequestLevel), default=RequestLevel.WORKING)
    minutes: Mapped[int]
    interpretation: Mapped[str | None] = mapped_column(String(33))
    interpreters: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=2)
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.ASKED)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_request.id"))
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[LongText | None]
    asked_at: Mapped[Instant]
    slot_local: Mapped[Wall | None] = mapped_column(WallDateTime)
    slot_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    joined_into_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_request.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    asking: Mapped[Delegation] = relationship(foreign_keys=[from_id])
    asked: Mapped[list["RequestParty"]] = relationship(cascade="all, delete-orphan", order_by="RequestParty.id")
    cases: Mapped[list["RequestCase"]] = relationship(cascade="all, delete-orphan")
    persons: Mapped[list["RequestPerson"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RequestParty(Base):
    """A delegation that was asked, and what it answered."""

    __tablename__ = "request_party"
    __table_args__ = (UniqueConstraint("request_id", "delegation_id"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id", ondelete="CASCADE"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    answer: Mapped[Answer] = mapped_column(choice(Answer), default=Answer.WAITING)
    answered_at: Mapped[Instant | None]
    reason: Mapped[LongText | None]

    delegation: Mapped[Delegation] = relationship()


class RequestCase(Base):
    __tablename__ = "request_case"
    __table_args__ = (UniqueConstraint("request_id", "case_id"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)

    case: Mapped[Case] = relationship()


class RequestPerson(Base):
    """A delegate who must be there."""

    __tablename__ = "request_person"
    __table_args__ = (UniqueConstraint("request_id", "delegate_id"),)

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("meeting_request.id", ondelete="CASCADE"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)

    delegate: Mapped[Delegate] = relationship()


class MeetingSession(Base):
    """Any entry of the schedule. Without a start it waits to be placed; `minutes` is its wanted length then.

    A session that was deleted keeps its row with `removed_at`: taking the deletion back brings back the same one.
    """

    __tablename__ = "meeting_session"
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_ends"),
        CheckConstraint("starts_at IS NULL OR starts_at < ends_at", name="positive_length"),
        CheckConstraint("minutes BETWEEN 5 AND 1440 AND minutes % 5 = 0", name="length"),
        UniqueConstraint("request_id"),
        UniqueConstraint("meeting_id", "reference"),
        Index("ix_meeting_session_meeting_id_starts_at", "meeting_id", "starts_at"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    reference: Mapped[str] = mapped_column(String(20))
    kind: Mapped[SessionKind] = mapped_column(choice(SessionKind))
    title: Mapped[Text_ | None]
    description: Mapped[Text_ | None]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_request.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    starts_local: Mapped[Wall | None] = mapped_column(WallDateTime)
    ends_local: Mapped[Wall | None] = mapped_column(WallDateTime)
    zone: Mapped[Zone]
    starts_at: Mapped[Instant | None] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[Instant | None] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    state: Mapped[SessionState] = mapped_column(choice(SessionState), default=SessionState.DRAFT)
    everybody: Mapped[bool] = mapped_column(default=False)
    time_locked: Mapped[bool] = mapped_column(default=False)
    place_locked: Mapped[bool] = mapped_column(default=False)
    held_back: Mapped[bool] = mapped_column(default=False)
    interpretation: Mapped[str | None] = mapped_column(String(33))
    interpreters_wanted: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=2)
    cancelled_because: Mapped[LongText | None]
    removed_at: Mapped[Instant | None] = mapped_column(UtcDateTime)
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    request: Mapped[MeetingRequest | None] = relationship()
    place: Mapped[Place | None] = relationship()
    delegations: Mapped[list["SessionDelegation"]] = relationship(
        cascade="all, delete-orphan", order_by="SessionDelegation.id"
    )
    delegates: Mapped[list["SessionDelegate"]] = relationship(cascade="all, delete-orphan")
    cases: Mapped[list["SessionCase"]] = relationship(cascade="all, delete-orphan")
    interpreters: Mapped[list["SessionInterpreter"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class SessionDelegation(Base):
    """A delegation that takes part in a session; `absent` once it did not come."""

    __tablename__ = "session_delegation"
    __table_args__ = (UniqueConstraint("session_id", "delegation_id"),)

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"))
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    absent: Mapped[bool] = mapped_column(default=False)

    delegation: Mapped[Delegation] = relationship()


class SessionDelegate(Base):
    """A delegate whom the own delegation named for a session."""

    __tablename__ = "session_delegate"
    __table_args__ = (UniqueConstraint("session_id", "delegate_id"),)

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id"), index=True)

    delegate: Mapped[Delegate] = relationship()


class SessionCase(Base):
    __tablename__ = "session_case"
    __table_args__ = (UniqueConstraint("session_id", "case_id"),)

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)

    case: Mapped[Case] = relationship()


class SessionInterpreter(Base):
    __tablename__ = "session_interpreter"
    __table_args__ = (UniqueConstraint("session_id", "interpreter_id"),)

    id: Mapped[Key]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id", ondelete="CASCADE"))
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreter.id"), index=True)

    interpreter: Mapped[Interpreter] = relationship()


class PlanRun(Base):
    """One run of the planner for a meeting: what it was given, what it answered, what became of it."""

    __tablename__ = "plan_run"

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[Instant]
    state: Mapped[AppliedState] = mapped_column(choice(AppliedState), default=AppliedState.RUNNING)
    seed: Mapped[int] = mapped_column(default=1)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    instance: Mapped[dict[str, Any]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    versions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[Instant | None]

    meeting: Mapped[Meeting] = relationship()
    made_by: Mapped[User] = relationship()
    job: Mapped[Job | None] = relationship()


class ScheduleState(Base):
    """How a meeting's schedule is judged, and how often it has changed.

    `severities` holds the rules that the meeting judges otherwise than usual; `walk_minutes` is the walk between two
    buildings; `revision` grows by one with each step, in the order in which the steps are committed.
    """

    __tablename__ = "schedule_state"
    __table_args__ = (CheckConstraint("walk_minutes BETWEEN 0 AND 240", name="walk"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    severities: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    walk_minutes: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)


class BoardCommand(Base):
    """One step of one organiser, as it can be taken back: what it touched, before and after.

    `touched` maps the id of a session to `[before, after]`, each the fields that the step may have changed
    (`confmgr.scheduling.services.commands`), or null where there was no session before.
    """

    __tablename__ = "board_command"
    __table_args__ = (UniqueConstraint("meeting_id", "revision"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    revision: Mapped[int]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[Instant]
    kind: Mapped[CommandKind] = mapped_column(choice(CommandKind))
    state: Mapped[CommandState] = mapped_column(choice(CommandState), default=CommandState.DONE)
    of_id: Mapped[int | None] = mapped_column(ForeignKey("board_command.id"))
    touched: Mapped[dict[str, Any]] = mapped_column(JSON)

    actor: Mapped[User] = relationship()


class ScheduleDraft(Base):
    """A working schedule kept under a name, to be compared and taken up again.

    `placements` holds `sessions`, snapshots by id, and `called`, what the ids in them were called then.
    """

    __tablename__ = "schedule_draft"
    __table_args__ = (UniqueConstraint("meeting_id", "name"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[LongText | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[Instant]
    placements: Mapped[dict[str, Any]] = mapped_column(JSON)

    made_by: Mapped[User] = relationship()
