"""What leaves the operation: figures cleared for the public, and reports as they were issued."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.accounts.models import User
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Base, Instant, Key, Line, Public, Text_, choice
from confmgr.outcomes.domain import ReportKind
from confmgr.outcomes.models.figures import Figure
from confmgr.parties.models import Operation, Party
from confmgr.sharing.domain import Tlp


class PublicFigure(Base):
    """A figure on its way to the public: proposed and released by two persons of its owner, cleared by the territory.

    `small_numbers`: the person who released it said that it may let fewer than five persons be told apart.
    """

    __tablename__ = "public_figure"

    figure_id: Mapped[int] = mapped_column(ForeignKey("figure.id", ondelete="CASCADE"), primary_key=True)
    wording: Mapped[Text_ | None]
    embargo_until: Mapped[Instant | None]
    small_numbers: Mapped[bool] = mapped_column(default=False)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[Instant]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[Instant | None]
    clearing_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    cleared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    cleared_at: Mapped[Instant | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(default=1)

    figure: Mapped[Figure] = relationship()
    clearing_party: Mapped[Party | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class IssuedReport(Base):
    """A report as it was issued: it stays byte for byte, and a later one says what changed.

    `item_ids`, `envelope_ids`, `figure_ids`: whose bodies, whose envelopes and which figures it rests on: whoever may
    not see them all may not open it. `content_hash` is of what it says, `file_hash` of the PDF; `number` is what every
    page prints and the web verifies.
    """

    __tablename__ = "issued_report"

    id: Mapped[Key]
    uuid: Mapped[Public]
    kind: Mapped[ReportKind] = mapped_column(choice(ReportKind))
    operation_id: Mapped[int] = mapped_column(ForeignKey("operation.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(64))
    title: Mapped[Line]
    tlp: Mapped[Tlp] = mapped_column(choice(Tlp))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    file_hash: Mapped[str] = mapped_column(String(64), index=True)
    file: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    item_ids: Mapped[list[int]]
    envelope_ids: Mapped[list[int]]
    figure_ids: Mapped[list[int]]
    as_of: Mapped[Instant]
    made_at: Mapped[Instant]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("issued_report.id"))

    operation: Mapped[Operation] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    party: Mapped[Party | None] = relationship()
    made_by: Mapped[User] = relationship()
    replaces: Mapped["IssuedReport | None"] = relationship(remote_side="IssuedReport.id")
