"""Delegations, delegates, interpreters, and when each is there."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus, PrintedAs
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Language, Line, LongText, Planned, Public, Wall, Zone, choice
from confmgr.parties.models import Agency, Party


class Delegation(Base):
    """A party at one meeting. `teams` is how many meetings it can hold at once."""

    __tablename__ = "delegation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "party_id"),
        CheckConstraint("teams BETWEEN 1 AND 50", name="teams"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    status: Mapped[DelegationStatus] = mapped_column(choice(DelegationStatus))
    state: Mapped[DelegationState] = mapped_column(choice(DelegationState), default=DelegationState.INVITED)
    teams: Mapped[int] = mapped_column(default=1)
    languages: Mapped[list[str]]
    rank: Mapped[int] = mapped_column(default=0)
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    party: Mapped[Party] = relationship()
    delegates: Mapped[list["Delegate"]] = relationship(back_populates="delegation", order_by="Delegate.rank")
    availability: Mapped[list["DelegationHours"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DelegationHours(Planned, Base):
    """When a delegation can meet; without any it can whenever the meeting is."""

    __tablename__ = "delegation_hours"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="positive_length"),)

    id: Mapped[Key]
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id", ondelete="CASCADE"), index=True)


class Delegate(Base):
    """A person of a delegation. No passport data is kept."""

    __tablename__ = "delegate"
    __table_args__ = (UniqueConstraint("delegation_id", "email"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[Line]
    latin_name: Mapped[Line]
    name_language: Mapped[Language]
    grade: Mapped[Line | None]
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[Language]
    zone: Mapped[Zone]
    capacity: Mapped[Capacity] = mapped_column(choice(Capacity), default=Capacity.DELEGATE)
    printed_as: Mapped[PrintedAs] = mapped_column(choice(PrintedAs), default=PrintedAs.NAME)
    rank: Mapped[int] = mapped_column(default=0)
    nominated_by: Mapped[Line | None]
    nominated_on: Mapped[date | None]
    arrives_local: Mapped[Wall | None]
    arrives_at: Mapped[Instant | None]
    departs_local: Mapped[Wall | None]
    departs_at: Mapped[Instant | None]
    arrived_at: Mapped[Instant | None]
    left_at: Mapped[Instant | None]
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    delegation: Mapped[Delegation] = relationship(back_populates="delegates")
    busy: Mapped[list["DelegateBusy"]] = relationship(cascade="all, delete-orphan", order_by="DelegateBusy.starts_at")
    agency: Mapped[Agency | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class DelegateBusy(Base):
    """When a delegate has something else, as its own calendar said; never what."""

    __tablename__ = "delegate_busy"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="positive_length"),)

    id: Mapped[Key]
    delegate_id: Mapped[int] = mapped_column(ForeignKey("delegate.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    imported_at: Mapped[Instant]


class Interpreter(Base):
    """A person with language pairs, working times and limits; `delegation_id` when a delegation brings its own."""

    __tablename__ = "interpreter"
    __table_args__ = (
        CheckConstraint("longest_run_minutes IS NULL OR longest_run_minutes > 0", name="run"),
        CheckConstraint("longest_day_minutes IS NULL OR longest_day_minutes > 0", name="day"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[Line]
    latin_name: Mapped[Line]
    name_language: Mapped[Language]
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[Language]
    zone: Mapped[Zone]
    pairs: Mapped[list[str]]
    modes: Mapped[list[str]]
    longest_run_minutes: Mapped[int | None]
    longest_day_minutes: Mapped[int | None]
    note: Mapped[LongText | None]
    version: Mapped[int] = mapped_column(default=1)

    hours: Mapped[list["InterpreterHours"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class InterpreterHours(Planned, Base):
    """When an interpreter works; without any, whenever the meeting is."""

    __tablename__ = "interpreter_hours"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="positive_length"),)

    id: Mapped[Key]
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreter.id", ondelete="CASCADE"), index=True)
