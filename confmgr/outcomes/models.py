"""Action requests, task forces, joint actions, figures, groups that move, indicators, and the chain."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.cases.models import Case
from confmgr.meetings.models import Meeting
from confmgr.orm.base import (
    Base,
    Instant,
    Key,
    Line,
    LongText,
    Public,
    Text_,
    Wall,
    WallDateTime,
    Zone,
    choice,
)
from confmgr.outcomes.domain import (
    Attribution,
    Channel,
    Confidence,
    Dimension,
    Driver,
    FigureKind,
    FigureStatus,
    JointActionKind,
    JointActionState,
    LinkKind,
    OverlapDecision,
    PersonStatus,
    Qualifier,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.parties.models import Operation, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing.models import Item

Amount = Numeric(24, 4)


class ActionRequest(Base):
    """What one party asks of another; the item's originator asks."""

    __tablename__ = "action_request"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="two_parties"),)

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    kind: Mapped[RequestedAction] = mapped_column(choice(RequestedAction))
    from_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    text: Mapped[Text_]
    urgency: Mapped[Urgency] = mapped_column(choice(Urgency), default=Urgency.ROUTINE)
    channel: Mapped[Channel] = mapped_column(choice(Channel), default=Channel.POLICE)
    state: Mapped[RequestStep] = mapped_column(choice(RequestStep), default=RequestStep.ASKED)
    asked_on: Mapped[date]
    due_local: Mapped[Wall | None] = mapped_column(WallDateTime)
    due_zone: Mapped[Zone | None]
    due_at: Mapped[Instant | None]

    item: Mapped[Item] = relationship()
    asking: Mapped[Party] = relationship(foreign_keys=[from_id])
    asked: Mapped[Party] = relationship(foreign_keys=[to_id])
    session: Mapped[MeetingSession | None] = relationship()
    case: Mapped[Case | None] = relationship()
    steps: Mapped[list["RequestHistory"]] = relationship(order_by="RequestHistory.at", cascade="all, delete-orphan")


class RequestHistory(Base):
    """Each state an action request came to, when, by whom, and why."""

    __tablename__ = "request_history"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("action_request.id", ondelete="CASCADE"), index=True)
    state: Mapped[RequestStep] = mapped_column(choice(RequestStep))
    at: Mapped[Instant]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[LongText | None]


class TaskForce(Base):
    """Parties that work together on the ground from a date, under an agreement."""

    __tablename__ = "task_force"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    name: Mapped[Text_]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    agreement: Mapped[Text_ | None]
    agreed_on: Mapped[date | None]

    item: Mapped[Item] = relationship()
    parties: Mapped[list["TaskForceParty"]] = relationship(cascade="all, delete-orphan")


class TaskForceParty(Base):
    __tablename__ = "task_force_party"
    __table_args__ = (UniqueConstraint("task_force_id", "party_id"),)

    id: Mapped[Key]
    task_force_id: Mapped[int] = mapped_column(ForeignKey("task_force.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    officers: Mapped[int | None]

    party: Mapped[Party] = relationship()


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


class JointAction(Base):
    """A raid, arrest, rescue, return, seizure or border stop. `about` when the hour is not exact."""

    __tablename__ = "joint_action"
    __table_args__ = (
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    kind: Mapped[JointActionKind] = mapped_column(choice(JointActionKind))
    title: Mapped[Text_]
    state: Mapped[JointActionState] = mapped_column(choice(JointActionState), default=JointActionState.PLANNED)
    planned_for: Mapped[date | None]
    on: Mapped[date | None]
    starts_local: Mapped[Wall | None] = mapped_column(WallDateTime)
    zone: Mapped[Zone | None]
    starts_at: Mapped[Instant | None]
    about: Mapped[bool] = mapped_column(default=False)
    place: Mapped[Text_ | None]
    territory_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("group_base.id"))
    task_force_id: Mapped[int | None] = mapped_column(ForeignKey("task_force.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    confirmed_at: Mapped[Instant | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    item: Mapped[Item] = relationship()
    territory: Mapped[Party | None] = relationship()
    task_force: Mapped[TaskForce | None] = relationship(foreign_keys=[task_force_id])
    parties: Mapped[list["JointActionParty"]] = relationship(cascade="all, delete-orphan")
    cases: Mapped[list["JointActionCase"]] = relationship(cascade="all, delete-orphan")
    person_sets: Mapped[list["PersonSet"]] = relationship(cascade="all, delete-orphan")


class JointActionParty(Base):
    __tablename__ = "joint_action_party"
    __table_args__ = (
        UniqueConstraint("joint_action_id", "party_id"),
        CheckConstraint("officers IS NULL OR officers >= 0", name="officers"),
    )

    id: Mapped[Key]
    joint_action_id: Mapped[int] = mapped_column(ForeignKey("joint_action.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    officers: Mapped[int | None]
    about: Mapped[bool] = mapped_column(default=False)

    party: Mapped[Party] = relationship()


class JointActionCase(Base):
    __tablename__ = "joint_action_case"
    __table_args__ = (UniqueConstraint("joint_action_id", "case_id"),)

    id: Mapped[Key]
    joint_action_id: Mapped[int] = mapped_column(ForeignKey("joint_action.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)

    case: Mapped[Case] = relationship()


class PersonSet(Base):
    """A set of persons found in a joint action. Their status changes; the set stays."""

    __tablename__ = "person_set"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    joint_action_id: Mapped[int] = mapped_column(ForeignKey("joint_action.id", ondelete="CASCADE"), index=True)
    name: Mapped[Text_]
    count: Mapped[int]

    statuses: Mapped[list["PersonSetStatus"]] = relationship(
        cascade="all, delete-orphan", order_by="PersonSetStatus.decided_on"
    )


class PersonSetStatus(Base):
    """As what how many of a set were held to be, by whom, from which day on."""

    __tablename__ = "person_set_status"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    id: Mapped[Key]
    set_id: Mapped[int] = mapped_column(ForeignKey("person_set.id", ondelete="CASCADE"), index=True)
    status: Mapped[PersonStatus] = mapped_column(choice(PersonStatus))
    count: Mapped[int]
    decided_on: Mapped[date]
    decided_by: Mapped[Line | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))


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


class Figure(Base):
    """A number with measure, unit, period or moment, source, as-of date and status: the only origin of every total.

    `low` and `high` are equal for an exact value; `qualifier` keeps the source's "about" or "more than".
    A flow has `from_on` and `to_on`, a stock has `at_on`. Money keeps its `currency` (ISO 4217).
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
    cases: Mapped[list["FigureCase"]] = relationship(cascade="all, delete-orphan")
    breakdown: Mapped[list["FigureBreakdown"]] = relationship(cascade="all, delete-orphan")

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


class IssuedReport(Base):
    """A report as it was issued: its content's hash, language and audience; a later one says what changed."""

    __tablename__ = "issued_report"

    id: Mapped[Key]
    uuid: Mapped[Public]
    kind: Mapped[str] = mapped_column(String(40))
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    language: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    made_at: Mapped[Instant]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
