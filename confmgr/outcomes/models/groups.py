"""Groups that move, their bases, the borders they cross, who is told."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.cases.models import Case
from confmgr.orm.base import (
    Base,
    Instant,
    Key,
    LongText,
    Public,
    Text_,
    choice,
)
from confmgr.outcomes.domain import (
    Confidence,
    Driver,
)
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.models import Item

Amount = Numeric(24, 4)


class Group(Base):
    """A criminal group under the names it uses.

    Merged into another one it stays a record of its own: the two are shown as one to whoever may see both.
    """

    __tablename__ = "criminal_group"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    name: Mapped[Text_]
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    description: Mapped[Text_ | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("criminal_group.id"), index=True)
    merged_at: Mapped[Instant | None]
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    merge_reason: Mapped[LongText | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    bases: Mapped[list["GroupBase"]] = relationship(order_by="GroupBase.from_on", back_populates="group")
    merged_into: Mapped["Group | None"] = relationship(remote_side="Group.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CaseGroup(Base):
    """A group that a case is about; seen where both may be seen."""

    __tablename__ = "case_group"
    __table_args__ = (UniqueConstraint("case_id", "group_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("criminal_group.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    group: Mapped[Group] = relationship()


class GroupBase(Base):
    """A place where a group was, from when to when, and how sure that is."""

    __tablename__ = "group_base"
    __table_args__ = (
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("to_on IS NULL OR from_on IS NULL OR from_on <= to_on", name="from_before_to"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("criminal_group.id"), index=True)
    name: Mapped[Text_]
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    confidence: Mapped[Confidence] = mapped_column(choice(Confidence), default=Confidence.REPORTED)
    note: Mapped[Text_ | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    group: Mapped[Group] = relationship(back_populates="bases", foreign_keys=[group_id])
    territory: Mapped[Party | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Move(Base):
    """A group went from one base to another; where it went may be unknown."""

    __tablename__ = "group_move"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("criminal_group.id"), index=True)
    from_base_id: Mapped[int] = mapped_column(ForeignKey("group_base.id"))
    to_base_id: Mapped[int | None] = mapped_column(ForeignKey("group_base.id"))
    noticed_on: Mapped[date]
    driver: Mapped[Driver] = mapped_column(choice(Driver), default=Driver.UNKNOWN)
    confidence: Mapped[Confidence] = mapped_column(choice(Confidence), default=Confidence.REPORTED)
    note: Mapped[Text_ | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    from_base: Mapped[GroupBase] = relationship(foreign_keys=[from_base_id])
    to_base: Mapped[GroupBase | None] = relationship(foreign_keys=[to_base_id])
    sections: Mapped[list["MoveSection"]] = relationship(cascade="all, delete-orphan")
    follows: Mapped[list["MoveFollow"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class BorderSection(Base):
    """A stretch of a border that is worth watching, between two parties or on one side of one."""

    __tablename__ = "border_section"
    __table_args__ = (
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    name: Mapped[Text_]
    one_side_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    other_side_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    note: Mapped[Text_ | None]
    ended_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    one_side: Mapped[Party] = relationship(foreign_keys=[one_side_id])
    other_side: Mapped[Party | None] = relationship(foreign_keys=[other_side_id])
    watches: Mapped[list["BorderWatch"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class BorderWatch(Base):
    """A party that asked to be told of moves over a section, from when to when."""

    __tablename__ = "border_watch"

    id: Mapped[Key]
    section_id: Mapped[int] = mapped_column(ForeignKey("border_section.id", ondelete="CASCADE"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    party: Mapped[Party] = relationship()


class MoveSection(Base):
    """A border section over which a move went, as somebody said."""

    __tablename__ = "move_section"
    __table_args__ = (UniqueConstraint("move_id", "section_id"),)

    id: Mapped[Key]
    move_id: Mapped[int] = mapped_column(ForeignKey("group_move.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey("border_section.id"), index=True)

    section: Mapped[BorderSection] = relationship()


class MoveAlert(Base):
    """That a party which watches a section was told of a move, once, and who acknowledged it."""

    __tablename__ = "move_alert"
    __table_args__ = (UniqueConstraint("move_id", "party_id"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    move_id: Mapped[int] = mapped_column(ForeignKey("group_move.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    at: Mapped[Instant]
    seen_at: Mapped[Instant | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    move: Mapped[Move] = relationship()


class MoveFollow(Base):
    """A case or a session that follows from a move."""

    __tablename__ = "move_follow"
    __table_args__ = (CheckConstraint("(case_id IS NULL) <> (session_id IS NULL)", name="one_thing"),)

    id: Mapped[Key]
    move_id: Mapped[int] = mapped_column(ForeignKey("group_move.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]

    case: Mapped[Case | None] = relationship()
    session: Mapped[MeetingSession | None] = relationship()
