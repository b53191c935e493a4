"""The audit: who did, saw and sent what. Rows are appended and never changed: `guarding` has the triggers."""

import uuid
from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, Integer, String, Table, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.activity import guarding
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

    objects: Mapped[list["AuditObject"]] = relationship()


class AuditObject(Base):
    """One thing that an entry concerns, by its public id: `object_uuid` and those of `object_ids`, to be found by it.

    Made from the entry alone, which is sealed with the ids in it.
    """

    __tablename__ = "audit_object"

    object_uuid: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True, index=True)


class Denial(Base):
    """What somebody was refused in one minute, until the minute is over and becomes an entry with its number."""

    __tablename__ = "audit_denial"
    __table_args__ = (UniqueConstraint("actor_id", "minute"),)

    id: Mapped[Key]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    minute: Mapped[Instant]
    number: Mapped[int] = mapped_column(default=0)
    object_ids: Mapped[list[Any]] = mapped_column(JSON, default=list)


guarding.guard(cast("Table", AuditEntry.__table__), guarding.SQLITE, guarding.POSTGRESQL)
guarding.guard(cast("Table", AuditObject.__table__), guarding.OBJECTS_SQLITE, guarding.OBJECTS_POSTGRESQL)
