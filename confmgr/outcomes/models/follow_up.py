"""Action requests, task forces, joint actions and persons found."""

from datetime import date

from sqlalchemy import CheckConstraint, Float, ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.cases.models import Case
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
    Channel,
    JointActionKind,
    JointActionState,
    PersonStatus,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.parties.models import Party
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
