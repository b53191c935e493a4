"""A job as its owner sees it: kind, progress, result. The engines keep their queues elsewhere."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from confmgr.jobs.domain import JobState
from confmgr.orm.base import Base, Code, Instant, Key, Public, choice


class Job(Base):
    """Work done outside a web request."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_kind", "state", "kind"),)

    id: Mapped[Key]
    uuid: Mapped[Public]
    kind: Mapped[Code]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(choice(JobState), default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int | None]
    step: Mapped[str | None] = mapped_column(Text)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    beat_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
