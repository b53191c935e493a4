"""Files between preview and application: read once, kept here, deleted when they are applied."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Language, Public

EXCHANGE = "cases and leads"
"""The sheet as which a file of cases and leads waits between preview and taking."""


class UploadedWorkbook(Base):
    """The cells of an uploaded workbook as text, by sheet."""

    __tablename__ = "uploaded_workbook"

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]
    name: Mapped[str] = mapped_column(String(200))
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    meeting: Mapped[Meeting] = relationship()
    user: Mapped[User] = relationship()


class UploadedTranslation(Base):
    """What translators sent back, entry by entry, in one language."""

    __tablename__ = "uploaded_translation"

    id: Mapped[Key]
    uuid: Mapped[Public]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Instant]
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[Language]
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    meeting: Mapped[Meeting] = relationship()
    user: Mapped[User] = relationship()
