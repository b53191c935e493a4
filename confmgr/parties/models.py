"""Parties with their approved names, their agencies, alliances, and operations."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.orm.base import Base, Code, Instant, Key, Line, Public, Text_, choice
from confmgr.parties.domain import OperationPhase, PartyKind
from confmgr.values.words import Words


class Party(Base):
    """A state, territory or organisation. Its names are printed only once the host has approved them."""

    __tablename__ = "party"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(9), unique=True)
    kind: Mapped[PartyKind] = mapped_column(choice(PartyKind))
    short_name: Mapped[Text_]
    long_name: Mapped[Text_ | None]
    names_approved_at: Mapped[Instant | None]
    names_approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    agencies: Mapped[list["Agency"]] = relationship(back_populates="party", order_by="Agency.code")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def printed_name(self) -> Words:
        """What documents call the party: its name once the host has approved it, until then its code."""
        return self.short_name if self.names_approved_at else Words.of(self.code)

    @property
    def printed_long_name(self) -> Words:
        """As `printed_name`, the long one where there is one."""
        return self.long_name if self.names_approved_at and self.long_name else self.printed_name


class Agency(Base):
    """A body of a party, perhaps under another one."""

    __tablename__ = "agency"
    __table_args__ = (UniqueConstraint("party_id", "code"),)

    id: Mapped[Key]
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    code: Mapped[Code]
    name: Mapped[Text_]

    party: Mapped[Party] = relationship(back_populates="agencies")


class Contact(Base):
    """A post of an agency to turn to for a subject, not a person: who holds it changes, the post outlives meetings.

    `channels`: address or number by kind of channel. Confirmed once a year by its party.
    """

    __tablename__ = "contact"

    id: Mapped[Key]
    uuid: Mapped[Public]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    subject: Mapped[Text_]
    holder: Mapped[Line | None]
    deputy: Mapped[Line | None]
    reachable: Mapped[Text_ | None]
    channels: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    confirmed_at: Mapped[Instant | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    agency: Mapped[Agency] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Operation(Base):
    """The named long-running joint operation that meetings, cases and outcomes belong to."""

    __tablename__ = "operation"

    id: Mapped[Key]
    uuid: Mapped[Public]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Text_]
    purpose: Mapped[Text_ | None]
    lead_party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    phase: Mapped[OperationPhase] = mapped_column(choice(OperationPhase), default=OperationPhase.PLANNING)
    starts_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    lead_party: Mapped[Party] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Alliance(Base):
    """A standing framework that parties join and leave."""

    __tablename__ = "alliance"

    id: Mapped[Key]
    uuid: Mapped[Public]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    name: Mapped[Text_]
    founded_on: Mapped[date]
    source: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)

    members: Mapped[list["AllianceMember"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AllianceMember(Base):
    __tablename__ = "alliance_member"
    __table_args__ = (
        UniqueConstraint("alliance_id", "party_id"),
        CheckConstraint("left_on IS NULL OR left_on >= joined_on", name="leaves_after_joining"),
    )

    id: Mapped[Key]
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]

    party: Mapped[Party] = relationship()
