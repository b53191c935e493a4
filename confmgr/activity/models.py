"""The audit: who did, saw and sent what. Rows are appended and never changed: `guarding` has the triggers."""

import uuid
from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, Integer, String, Table, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from confmgr.activity.guarding import guard
from confmgr.orm.base import Base, Code, Instant, Key, UtcDateTime


class AuditEntry(Base):
    """One event. `object_type` and `object_ids` name what it concerned; `rule` is the letter of the visibility rule."""

    __tablename__ = "audit_entry"

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[Code]
    allowed: Mapped[bool] = mapped_column(default=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    object_type: Mapped[Code]
    object_uuid: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    object_ids: Mapped[list[Any]] = mapped_column(JSON, default=list)
    rule: Mapped[str | None] = mapped_column(String(4))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sealed_as: Mapped[int | None] = mapped_column(Integer, unique=True)
    seal: Mapped[str | None] = mapped_column(String(64))


guard(cast("Table", AuditEntry.__table__))
