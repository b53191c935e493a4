"""People who sign in, and each sign-in as a row that can be revoked."""

from flask_security.core import UserMixin
from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from confmgr.orm.base import Base, Instant, Key, Language, Line, Public, UtcDateTime, Zone


class User(UserMixin, Base):  # type: ignore[misc]  # the mixin is untyped; it adds sign-in methods, no columns
    """An account. What it may do is told by its memberships; `is_administrator` opens no content."""

    __tablename__ = "user"

    id: Mapped[Key]
    uuid: Mapped[Public]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[Line]
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_administrator: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[Language | None]
    zone: Mapped[Zone | None]
    theme: Mapped[str | None] = mapped_column(String(10))
    calendar: Mapped[str | None] = mapped_column(String(10))
    digits: Mapped[str | None] = mapped_column(String(10))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    us_phone_number: Mapped[str | None] = mapped_column(String(128))
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON)


class SignIn(Base):
    """One signing in: lives on the server, so that signing out ends it whatever copies of the cookie exist."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None] = mapped_column(UtcDateTime)
    client: Mapped[Line]

    user: Mapped[User] = relationship()


class FailedAttempt(Base):
    """A sign-in that failed: counted by account and by client address, in the database that all web processes share."""

    __tablename__ = "failed_attempt"
    __table_args__ = (Index("ix_failed_attempt_key_at", "key", "at"),)

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[Instant] = mapped_column(UtcDateTime)
