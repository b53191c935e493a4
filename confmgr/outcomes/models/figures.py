"""Sources, figures, their links; the chain; indicators."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.meetings.models import Meeting
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
    Attribution,
    Dimension,
    FigureKind,
    FigureStatus,
    LinkKind,
    OverlapDecision,
    Qualifier,
)
from confmgr.outcomes.models.follow_up import JointAction
from confmgr.outcomes.naming import called
from confmgr.parties.models import Operation, Party

Amount = Numeric(24, 4)


class Source(Base):
    """Where a figure comes from: a report, a statement, a party's own return."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("operation_id", "code"),)

    id: Mapped[Key]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    code: Mapped[str] = mapped_column(String(20))
    title: Mapped[Text_]
    published_on: Mapped[date | None]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_reason: Mapped[LongText | None]

    @property
    def called(self) -> str:
        """Its name, as whoever added it typed it."""
        return called(self.code)


class OwnMeasure(Base):
    """A measure that an operation adds to the standard table."""

    __tablename__ = "own_measure"
    __table_args__ = (UniqueConstraint("operation_id", "code"),)

    id: Mapped[Key]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[Text_]
    definition: Mapped[Text_]
    unit: Mapped[str] = mapped_column(String(20))
    nature: Mapped[str] = mapped_column(String(20))


class MeasureInUse(Base):
    """A measure that an operation has switched on; where it has none, it uses all."""

    __tablename__ = "measure_in_use"
    __table_args__ = (UniqueConstraint("operation_id", "measure"),)

    id: Mapped[Key]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    measure: Mapped[str] = mapped_column(String(60))


class Figure(Base):
    """A number with measure, unit, period or moment, source, as-of date and status: the only origin of every total.

    `low` and `high` are equal for an exact value; `qualifier` keeps the source's "about" or "more than".
    A flow has `from_on` and `to_on`, a stock has `at_on`. Money keeps its `currency` (ISO 4217). `title` says in a few
    words of whom or what it is ("Five other cases"); `code` is the record's identity: its short name and a tail.
    """

    __tablename__ = "figure"
    __table_args__ = (
        CheckConstraint("low <= high AND low >= 0", name="interval"),
        CheckConstraint("(from_on IS NULL) = (to_on IS NULL)", name="both_ends"),
        CheckConstraint("(at_on IS NULL) <> (from_on IS NULL)", name="flow_or_stock"),
        CheckConstraint("from_on IS NULL OR from_on <= to_on", name="from_before_to"),
        UniqueConstraint("operation_id", "code"),
        Index("ix_figure_operation_id_measure", "operation_id", "measure"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[Text_ | None]
    kind: Mapped[FigureKind] = mapped_column(choice(FigureKind))
    measure: Mapped[str] = mapped_column(String(60))
    low: Mapped[Decimal] = mapped_column(Amount)
    high: Mapped[Decimal] = mapped_column(Amount)
    qualifier: Mapped[Qualifier] = mapped_column(choice(Qualifier), default=Qualifier.EXACT)
    currency: Mapped[str | None] = mapped_column(String(3))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    at_on: Mapped[date | None]
    counting_rule: Mapped[Text_ | None]
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    as_of: Mapped[date]
    status: Mapped[FigureStatus] = mapped_column(choice(FigureStatus), default=FigureStatus.PROVISIONAL)
    attribution: Mapped[Attribution] = mapped_column(choice(Attribution), default=Attribution.SAME_PERIOD)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    joint_action_id: Mapped[int | None] = mapped_column(ForeignKey("joint_action.id"), index=True)
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_force.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("criminal_group.id"))
    person_set_id: Mapped[int | None] = mapped_column(ForeignKey("person_set.id"))
    note: Mapped[Text_ | None]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("figure.id"))
    alternative_to_id: Mapped[int | None] = mapped_column(ForeignKey("figure.id"))
    chosen_at: Mapped[Instant | None]
    chosen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    declared_at: Mapped[Instant]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[Instant | None]
    marking_id: Mapped[int | None] = mapped_column(ForeignKey("marking.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    illustrative: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    operation: Mapped[Operation] = relationship()
    source: Mapped[Source] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    joint_action: Mapped[JointAction | None] = relationship()
    owner: Mapped[Party] = relationship()
    chosen_by: Mapped[User | None] = relationship(foreign_keys=[chosen_by_id])
    cases: Mapped[list["FigureCase"]] = relationship(cascade="all, delete-orphan")
    breakdown: Mapped[list["FigureBreakdown"]] = relationship(cascade="all, delete-orphan")
    conversions: Mapped[list["FigureConversion"]] = relationship(cascade="all, delete-orphan")

    @property
    def called(self) -> str:
        """Its short name: what reports refer to it by."""
        return called(self.code)

    @property
    def standing(self) -> FigureStatus:
        """How firm it is: provisional too while the party of the territory has not confirmed its joint action."""
        open_action = self.joint_action is not None and self.joint_action.confirmed_at is None
        return FigureStatus.PROVISIONAL if self.status is FigureStatus.CONFIRMED and open_action else self.status

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class FigureCase(Base):
    __tablename__ = "figure_case"
    __table_args__ = (UniqueConstraint("figure_id", "case_id"),)

    id: Mapped[Key]
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)

    case: Mapped[Case] = relationship()


class FigureBreakdown(Base):
    """A part of a figure along one dimension. What the parts leave over is computed and shown, never typed in."""

    __tablename__ = "figure_breakdown"
    __table_args__ = (UniqueConstraint("figure_id", "dimension", "key"),)

    id: Mapped[Key]
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id", ondelete="CASCADE"))
    dimension: Mapped[Dimension] = mapped_column(choice(Dimension))
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Decimal] = mapped_column(Amount)
    verified: Mapped[bool] = mapped_column(default=True)


class FigureConversion(Base):
    """A sum of money in another currency, shown beside the original: `rate` of it for one of the original's."""

    __tablename__ = "figure_conversion"
    __table_args__ = (UniqueConstraint("figure_id", "currency"), CheckConstraint("rate > 0", name="rate"))

    id: Mapped[Key]
    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id", ondelete="CASCADE"))
    currency: Mapped[str] = mapped_column(String(3))
    rate: Mapped[Decimal] = mapped_column(Numeric(24, 10))
    rate_on: Mapped[date]
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))

    source: Mapped[Source] = relationship()


class FigureLink(Base):
    """Two figures that count the same persons, or may. `decision` is open until the owner says."""

    __tablename__ = "figure_link"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="ordered"),
    )

    id: Mapped[Key]
    first_id: Mapped[int] = mapped_column(ForeignKey("figure.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("figure.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(choice(LinkKind))
    decision: Mapped[OverlapDecision] = mapped_column(choice(OverlapDecision), default=OverlapDecision.OPEN)
    reason: Mapped[Text_ | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[Instant | None]

    first: Mapped[Figure] = relationship(foreign_keys=[first_id])
    second: Mapped[Figure] = relationship(foreign_keys=[second_id])


class ChainLink(Base):
    """One step of a chain: from a lead, session, request, task force or joint action to what came of it."""

    __tablename__ = "chain_link"
    __table_args__ = (
        CheckConstraint("(from_item_id IS NULL) <> (from_session_id IS NULL)", name="one_cause"),
        CheckConstraint("(to_item_id IS NULL) <> (to_session_id IS NULL)", name="one_effect"),
    )

    id: Mapped[Key]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    from_item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    from_session_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    to_item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    to_session_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    note: Mapped[Text_ | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))


class Indicator(Base):
    """A number over time that nobody here produces."""

    __tablename__ = "indicator"
    __table_args__ = (UniqueConstraint("operation_id", "code"),)

    id: Mapped[Key]
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[Text_]
    unit: Mapped[str] = mapped_column(String(20))
    definition: Mapped[Text_ | None]

    values: Mapped[list["IndicatorValue"]] = relationship(order_by="IndicatorValue.at_on", cascade="all, delete-orphan")


class IndicatorValue(Base):
    __tablename__ = "indicator_value"

    id: Mapped[Key]
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    at_on: Mapped[date]
    month_only: Mapped[bool] = mapped_column(default=False)
    value: Mapped[Decimal] = mapped_column(Amount)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))

    source: Mapped[Source] = relationship()
