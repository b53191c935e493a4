"""Cases, how they stand at each meeting, leads and the feedback on them."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.cases.domain import FeedbackKind, LeadKind, NominationState, Readiness
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, LongText, Text_, choice
from confmgr.parties.models import Party
from confmgr.sharing.models import Item


class Case(Base):
    """One case. Title and summary are its body; `neutral_title` and the plain columns are its envelope."""

    __tablename__ = "case"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    title: Mapped[Text_]
    summary: Mapped[Text_ | None]
    neutral_title: Mapped[Text_ | None]
    crime_types: Mapped[list[str]] = mapped_column(JSON, default=list)

    item: Mapped[Item] = relationship()
    parties: Mapped[list["CaseParty"]] = relationship(cascade="all, delete-orphan")
    nominations: Mapped[list["Nomination"]] = relationship(back_populates="case")
    leads: Mapped[list["Lead"]] = relationship(back_populates="case", foreign_keys="Lead.case_id")


class CaseParty(Base):
    """A party that a case concerns."""

    __tablename__ = "case_party"
    __table_args__ = (UniqueConstraint("case_id", "party_id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)

    party: Mapped[Party] = relationship()


class Nomination(Base):
    """A case at one meeting: what was asked for it, and how it was taken. `on` tells what was known on which day."""

    __tablename__ = "nomination"
    __table_args__ = (
        UniqueConstraint("case_id", "meeting_id"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    nominated_on: Mapped[date]
    state: Mapped[NominationState] = mapped_column(choice(NominationState), default=NominationState.NOMINATED)
    readiness: Mapped[Readiness] = mapped_column(choice(Readiness), default=Readiness.INFORMATION_EXCHANGE)
    priority: Mapped[int] = mapped_column(default=2)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    minutes: Mapped[int | None]
    reason: Mapped[LongText | None]
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship(back_populates="nominations")
    meeting: Mapped[Meeting] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Lead(Base):
    """One piece of information on a case, passed at a meeting. Whom it is for is told by its disclosures."""

    __tablename__ = "lead"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_session.id"), index=True)
    kind: Mapped[LeadKind] = mapped_column(choice(LeadKind))
    title: Mapped[Text_]
    body: Mapped[Text_]

    item: Mapped[Item] = relationship()
    case: Mapped[Case] = relationship(back_populates="leads", foreign_keys=[case_id])
    meeting: Mapped[Meeting | None] = relationship()
    feedback: Mapped[list["Feedback"]] = relationship(order_by="Feedback.given_at")


class Feedback(Base):
    """What a receiving party said of a lead, and when; a later row does not erase an earlier one."""

    __tablename__ = "feedback"

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    kind: Mapped[FeedbackKind] = mapped_column(choice(FeedbackKind))
    note: Mapped[LongText | None]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[Instant]

    party: Mapped[Party] = relationship()
