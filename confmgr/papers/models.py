"""The agenda of a meeting and the records of its sessions."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Language, Public, Text_, choice
from confmgr.outcomes.models import ActionRequest
from confmgr.papers.domain import AgendaKind, ExpectedAction, RecordState
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession


class Agenda(Base):
    """The agenda of a meeting as a document: provisional until it is adopted."""

    __tablename__ = "agenda"

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    symbol: Mapped[str | None] = mapped_column(String(80))
    original_language: Mapped[Language] = mapped_column(default="en")
    organisation: Mapped[Text_ | None]
    adopted_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AgendaItem(Base):
    """One item of the agenda, dealt with in one or more sessions."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    number: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int]
    title: Mapped[Text_]
    kind: Mapped[AgendaKind] = mapped_column(choice(AgendaKind), default=AgendaKind.SUBSTANCE)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    mandate: Mapped[Text_ | None]
    annotation: Mapped[Text_ | None]
    speaker: Mapped[str | None] = mapped_column(String(300))
    expected: Mapped[ExpectedAction] = mapped_column(choice(ExpectedAction))
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()
    chair: Mapped[Party | None] = relationship()
    sessions: Mapped[list["AgendaItemSession"]] = relationship(cascade="all, delete-orphan")
    documents: Mapped[list["AgendaDocument"]] = relationship(
        cascade="all, delete-orphan", order_by="AgendaDocument.rank"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AgendaItemSession(Base):
    __tablename__ = "agenda_item_session"
    __table_args__ = (UniqueConstraint("agenda_item_id", "session_id"),)

    id: Mapped[Key]
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"))
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id"), index=True)

    session: Mapped[MeetingSession] = relationship()


class AgendaDocument(Base):
    """A document before the meeting under an item: what it is called and where it is cited from, not its content."""

    __tablename__ = "agenda_document"

    id: Mapped[Key]
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int]
    symbol: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[Text_]
    languages: Mapped[list[str]]


class SessionRecord(Base):
    """What a session agreed. Seen by the sides of the session alone; organisers see that it exists and its state."""

    __tablename__ = "session_record"

    id: Mapped[Key]
    uuid: Mapped[Public]
    session_id: Mapped[int] = mapped_column(ForeignKey("meeting_session.id"), unique=True)
    state: Mapped[RecordState] = mapped_column(choice(RecordState), default=RecordState.DRAFTED)
    points: Mapped[Text_]
    not_agreed: Mapped[Text_ | None]
    next_step: Mapped[Text_ | None]
    tlp: Mapped[str] = mapped_column(String(20))
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    drafted_at: Mapped[Instant]
    corrections_until: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    session: Mapped[MeetingSession] = relationship()
    undertakings: Mapped[list["Undertaking"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Undertaking(Base):
    """An action request that a record laid down."""

    __tablename__ = "undertaking"
    __table_args__ = (UniqueConstraint("record_id", "request_id"),)

    id: Mapped[Key]
    record_id: Mapped[int] = mapped_column(ForeignKey("session_record.id", ondelete="CASCADE"))
    request_id: Mapped[int] = mapped_column(ForeignKey("action_request.id"))

    request: Mapped[ActionRequest] = relationship()
