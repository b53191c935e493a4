"""Meetings, their days and places, and who holds which role in them."""

from datetime import date, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.meetings.domain import STATUS_GROUPS, MeetingState, NameOrder, PlaceKind, Role
from confmgr.orm.base import Base, Instant, Key, Language, Line, Planned, Public, Text_, Zone, choice
from confmgr.parties.models import Operation, Party


class Meeting(Base):
    """One edition. `zone` is the zone of its planned times, `slot_minutes` the grid of board and planner.

    The one order of names: in `order_language`, beginning with the letter `order_first` (drawn by lot; none: with the
    alphabet), in the groups `order_groups` (statuses of delegations; none: all in one).
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="ends_after_start"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 120 AND slot_minutes % 5 = 0", name="grid"),
        UniqueConstraint("operation_id", "number"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    number: Mapped[int]
    title: Mapped[Text_]
    description: Mapped[Text_ | None]
    venue: Mapped[Text_]
    zone: Mapped[Zone]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    slot_minutes: Mapped[int] = mapped_column(Integer, default=20)
    languages: Mapped[list[str]]
    host_party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    host_counts: Mapped[bool] = mapped_column(default=True)
    order_language: Mapped[Language] = mapped_column(default="en")
    order_rule: Mapped[NameOrder] = mapped_column(choice(NameOrder), default=NameOrder.ALPHABETICAL)
    order_first: Mapped[str | None] = mapped_column(String(8))
    order_groups: Mapped[list[str]] = mapped_column(JSON, default=lambda: list(STATUS_GROUPS))
    green_for: Mapped[list[str]]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState), default=MeetingState.PLANNING)
    requests_close_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    operation: Mapped[Operation] = relationship()
    host_party: Mapped[Party] = relationship()
    follows: Mapped["Meeting | None"] = relationship(remote_side="Meeting.id")
    days: Mapped[list["MeetingDay"]] = relationship(
        order_by="MeetingDay.day", cascade="all, delete-orphan", back_populates="meeting"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class MeetingDay(Base):
    """One day of a meeting and the hours in which it may be planned, by the venue's clock."""

    __tablename__ = "meeting_day"
    __table_args__ = (
        UniqueConstraint("meeting_id", "day"),
        CheckConstraint("opens < closes", name="positive_length"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    day: Mapped[date]
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)

    meeting: Mapped[Meeting] = relationship(back_populates="days")


class Place(Base):
    """A room or a table in one."""

    __tablename__ = "place"
    __table_args__ = (
        UniqueConstraint("meeting_id", "code"),
        CheckConstraint("seats >= 0 AND booths >= 0", name="counts"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[Text_]
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    building: Mapped[Line | None]
    seats: Mapped[int]
    booths: Mapped[int] = mapped_column(default=0)
    rank: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    hours: Mapped[list["PlaceHours"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlaceHours(Planned, Base):
    """When a place is open; a place without any is open whenever the meeting is."""

    __tablename__ = "place_hours"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="positive_length"),)

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"), index=True)


class Membership(Base):
    """A role that an account holds in a meeting, for a delegation or for the host's secretariat."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("meeting_id", "user_id", "role"),
        Index("ix_membership_user_id", "user_id"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(choice(Role))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant | None]

    meeting: Mapped[Meeting] = relationship()
    user: Mapped[User] = relationship()
