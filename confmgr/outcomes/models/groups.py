"""Groups that move, their bases."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.orm.base import (
    Base,
    Text_,
    choice,
)
from confmgr.outcomes.domain import (
    Confidence,
    Driver,
)
from confmgr.parties.models import Party
from confmgr.sharing.models import Item

Amount = Numeric(24, 4)


class Group(Base):
    """A criminal group under the names it uses."""

    __tablename__ = "criminal_group"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    name: Mapped[Text_]
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    description: Mapped[Text_ | None]

    item: Mapped[Item] = relationship()
    bases: Mapped[list["GroupBase"]] = relationship(order_by="GroupBase.from_on", back_populates="group")


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

    item: Mapped[Item] = relationship()
    group: Mapped[Group] = relationship(back_populates="bases", foreign_keys=[group_id])
    territory: Mapped[Party | None] = relationship()


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

    item: Mapped[Item] = relationship()
    from_base: Mapped[GroupBase] = relationship(foreign_keys=[from_base_id])
    to_base: Mapped[GroupBase | None] = relationship(foreign_keys=[to_base_id])
