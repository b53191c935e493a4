"""Action requests, task forces, joint actions and persons found."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
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
    Dimension,
    JointActionKind,
    JointActionState,
    PersonStatus,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.parties.models import Agency, Contact, Party
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
    asking_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    asked_contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    asking_contact: Mapped[Contact | None] = relationship(foreign_keys=[asking_contact_id])
    asked_contact: Mapped[Contact | None] = relationship(foreign_keys=[asked_contact_id])
    asking: Mapped[Party] = relationship(foreign_keys=[from_id])
    asked: Mapped[Party] = relationship(foreign_keys=[to_id])
    session: Mapped[MeetingSession | None] = relationship()
    case: Mapped[Case | None] = relationship()
    steps: Mapped[list["RequestHistory"]] = relationship(order_by="RequestHistory.at", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RequestHistory(Base):
    """Each state an action request came to, when, by whom, and why."""

    __tablename__ = "request_history"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("action_request.id", ondelete="CASCADE"), index=True)
    state: Mapped[RequestStep] = mapped_column(choice(RequestStep))
    at: Mapped[Instant]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[LongText | None]

    by: Mapped[User] = relationship()


class TaskForce(Base):
    """Parties that work together on the ground from a date, under an agreement."""

    __tablename__ = "task_force"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    name: Mapped[Text_]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    agreement: Mapped[Text_ | None]
    agreed_on: Mapped[date | None]
    host_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    duty_hours: Mapped[Text_ | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    host_agency: Mapped[Agency | None] = relationship()
    parties: Mapped[list["TaskForceParty"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


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
    plan: Mapped[Text_ | None]
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    territory: Mapped[Party | None] = relationship()
    task_force: Mapped[TaskForce | None] = relationship(foreign_keys=[task_force_id])
    parties: Mapped[list["JointActionParty"]] = relationship(cascade="all, delete-orphan")
    cases: Mapped[list["JointActionCase"]] = relationship(cascade="all, delete-orphan")
    person_sets: Mapped[list["PersonSet"]] = relationship(cascade="all, delete-orphan")
    steps: Mapped[list["JointActionStep"]] = relationship(order_by="JointActionStep.at", cascade="all, delete-orphan")
    log: Mapped[list["SituationEntry"]] = relationship(
        order_by="(SituationEntry.at, SituationEntry.id)", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class JointActionStep(Base):
    """Each state a joint action came to, when, by whom, and why; `planned_for` is the day it was then planned for."""

    __tablename__ = "joint_action_step"

    id: Mapped[Key]
    joint_action_id: Mapped[int] = mapped_column(ForeignKey("joint_action.id", ondelete="CASCADE"), index=True)
    state: Mapped[JointActionState] = mapped_column(choice(JointActionState))
    at: Mapped[Instant]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    planned_for: Mapped[date | None]
    reason: Mapped[LongText | None]

    by: Mapped[User] = relationship()


class SituationEntry(Base):
    """One line of the log of an action under way. Lines are only ever added; a correction names the line it corrects.

    `local` and `zone` are the clock of the place, `at` the same instant. `tallies`: provisional counts by measure.
    """

    __tablename__ = "situation_entry"

    id: Mapped[Key]
    uuid: Mapped[Public]
    joint_action_id: Mapped[int] = mapped_column(ForeignKey("joint_action.id", ondelete="CASCADE"), index=True)
    at: Mapped[Instant]
    local: Mapped[Wall] = mapped_column(WallDateTime)
    zone: Mapped[Zone]
    text: Mapped[LongText]
    tallies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("situation_entry.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[Instant]

    by: Mapped[User] = relationship()


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
    shares: Mapped[list["PersonSetShare"]] = relationship(cascade="all, delete-orphan", order_by="PersonSetShare.id")


class PersonSetShare(Base):
    """How many of a set share a nationality, sex, age or role. What the shares leave over is computed, never typed."""

    __tablename__ = "person_set_share"
    __table_args__ = (UniqueConstraint("set_id", "dimension", "key"), CheckConstraint("count >= 0", name="count"))

    id: Mapped[Key]
    set_id: Mapped[int] = mapped_column(ForeignKey("person_set.id", ondelete="CASCADE"), index=True)
    dimension: Mapped[Dimension] = mapped_column(choice(Dimension))
    key: Mapped[str] = mapped_column(String(60))
    count: Mapped[int]
    verified: Mapped[bool] = mapped_column(default=False)


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
    entered_at: Mapped[Instant | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
