"""Reporting rounds: which measures each party is asked for over a period, and what it answered."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Line, LongText, Public, Text_, Wall, WallDateTime, Zone, choice
from confmgr.outcomes.domain import AnswerKind, Publishing, ReturnState, RoundState
from confmgr.outcomes.models.figures import Figure
from confmgr.parties.models import Operation, Party

Amount = Numeric(24, 4)


class ReportingRound(Base):
    """Asks each party of an operation for measures over a period, by a due time. `measures`: codes, in order."""

    __tablename__ = "reporting_round"
    __table_args__ = (CheckConstraint("from_on <= to_on", name="from_before_to"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    title: Mapped[Text_]
    note: Mapped[Text_ | None]
    from_on: Mapped[date]
    to_on: Mapped[date]
    measures: Mapped[list[str]]
    due_local: Mapped[Wall | None] = mapped_column(WallDateTime)
    due_zone: Mapped[Zone | None]
    due_at: Mapped[Instant | None]
    state: Mapped[RoundState] = mapped_column(choice(RoundState), default=RoundState.OPEN)
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    operation: Mapped[Operation] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    returns: Mapped[list["RoundReturn"]] = relationship(cascade="all, delete-orphan", back_populates="round")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RoundReturn(Base):
    """One party's return: who compiled it, which authority released it, what may be published of it."""

    __tablename__ = "round_return"
    __table_args__ = (UniqueConstraint("round_id", "party_id"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    round_id: Mapped[int] = mapped_column(ForeignKey("reporting_round.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    state: Mapped[ReturnState] = mapped_column(choice(ReturnState), default=ReturnState.NOT_ANSWERED)
    compiled_by: Mapped[Line | None]
    released_by: Mapped[Line | None]
    story: Mapped[LongText | None]
    new_methods: Mapped[LongText | None]
    obstacles: Mapped[LongText | None]
    publishing: Mapped[Publishing] = mapped_column(choice(Publishing), default=Publishing.NOT_ALLOWED)
    submitted_at: Mapped[Instant | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[ReportingRound] = relationship(back_populates="returns")
    party: Mapped[Party] = relationship()
    answers: Mapped[list["RoundAnswer"]] = relationship(cascade="all, delete-orphan")
    steps: Mapped[list["ReturnStep"]] = relationship(order_by="ReturnStep.at", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RoundAnswer(Base):
    """What a party says of one measure. `shares`: parts by dimension and key. `figure`: once accepted."""

    __tablename__ = "round_answer"
    __table_args__ = (
        UniqueConstraint("return_id", "measure", "currency"),
        CheckConstraint("low IS NULL OR (low <= high AND low >= 0)", name="interval"),
        CheckConstraint("(kind = 'value') = (low IS NOT NULL)", name="value_or_word"),
    )

    id: Mapped[Key]
    return_id: Mapped[int] = mapped_column(ForeignKey("round_return.id", ondelete="CASCADE"))
    measure: Mapped[str] = mapped_column(String(60))
    kind: Mapped[AnswerKind] = mapped_column(choice(AnswerKind))
    low: Mapped[Decimal | None] = mapped_column(Amount)
    high: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str | None] = mapped_column(String(3))
    shares: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[LongText | None]
    figure_id: Mapped[int | None] = mapped_column(ForeignKey("figure.id"))

    figure: Mapped[Figure | None] = relationship()


class ReturnStep(Base):
    """Each state a return came to, when, by whom, with the question or the reason."""

    __tablename__ = "return_step"

    id: Mapped[Key]
    return_id: Mapped[int] = mapped_column(ForeignKey("round_return.id", ondelete="CASCADE"), index=True)
    state: Mapped[ReturnState] = mapped_column(choice(ReturnState))
    at: Mapped[Instant]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[LongText | None]

    by: Mapped[User] = relationship()
