"""What the web glue itself must remember."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from confmgr.orm.base import Base, Instant, Key


class SubmittedForm(Base):
    """The `once` token of a form that was carried out, and where its sender was led."""

    __tablename__ = "submitted_form"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[Instant]
    led_to: Mapped[str | None] = mapped_column(Text)
