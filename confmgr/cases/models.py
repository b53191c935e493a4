"""Cases, how they stand at each meeting, leads and the feedback on them."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.cases.domain import FeedbackKind, IdentifierKind, LeadKind, MatchState, NominationState, Readiness
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Line, LongText, Public, Text_, choice
from confmgr.parties.models import Party
from confmgr.sharing.models import Item


class Case(Base):
    """One case. Title, summary and places are its body; `neutral_title` and the plain columns are its envelope."""

    __tablename__ = "case"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    title: Mapped[Text_]
    summary: Mapped[Text_ | None]
    places: Mapped[Text_ | None]
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


class Identifier(Base):
    """One typed value on a case or lead: part of its body. Put to matching by its originator, or not.

    `value` is as somebody wrote it, `normal` as it is compared. A purge takes the row away.
    """

    __tablename__ = "identifier"
    __table_args__ = (
        UniqueConstraint("item_id", "kind", "normal"),
        Index("ix_identifier_kind_normal", "kind", "normal"),
        CheckConstraint("matching = (matching_since IS NOT NULL)", name="matching_since"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[IdentifierKind] = mapped_column(choice(IdentifierKind))
    value: Mapped[Line]
    normal: Mapped[str] = mapped_column(String(300))
    note: Mapped[LongText | None]
    matching: Mapped[bool] = mapped_column(default=False)
    matching_since: Mapped[Instant | None]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[Instant]

    item: Mapped[Item] = relationship()


class Match(Base):
    """The same value on items of two originators, both put to matching. Known to these two alone.

    The one with the smaller id comes first. Each side is told, and may agree that organisers count the hit.
    """

    __tablename__ = "identifier_match"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
    )

    id: Mapped[Key]
    uuid: Mapped[Public]
    first_id: Mapped[int] = mapped_column(ForeignKey("identifier.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("identifier.id", ondelete="CASCADE"), index=True)
    state: Mapped[MatchState] = mapped_column(choice(MatchState), default=MatchState.FOUND)
    found_at: Mapped[Instant]
    first_told_at: Mapped[Instant | None]
    second_told_at: Mapped[Instant | None]
    first_counts_at: Mapped[Instant | None]
    second_counts_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    first: Mapped[Identifier] = relationship(foreign_keys=[first_id])
    second: Mapped[Identifier] = relationship(foreign_keys=[second_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Attachment(Base):
    """A file under a case or lead, a child item of its own. `stored_name` is random; the content goes with a purge."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    name: Mapped[Line]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_name: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    item: Mapped[Item] = relationship()


class Comment(Base):
    """What somebody says of a case or lead, a child item of its own, with the commenting party as its originator."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    text: Mapped[LongText]

    item: Mapped[Item] = relationship()
