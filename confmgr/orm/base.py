"""Declarative base, column types and the shapes that many tables share."""

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, MetaData, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from confmgr.values import chance
from confmgr.values.times import instant
from confmgr.values.words import Words


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values, gives aware UTC back on every database."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC without offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as aware UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class WallDateTime(TypeDecorator[datetime]):
    """A planned local time. Refuses an offset: its zone stands in a column beside it."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the naive wall time."""
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no offset")
        return value


class TranslatedText(TypeDecorator[Words]):
    """`Words` as JSON (docs/decisions/0004-words-as-json.md)."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> Any:
        """Store the JSON form."""
        return None if value is None else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> Words | None:
        """Read the frozen value."""
        return None if value is None else Words.from_json(value)


Key = Annotated[int, mapped_column(primary_key=True)]
Code = Annotated[str, mapped_column(String(40))]
Line = Annotated[str, mapped_column(String(300))]
LongText = Annotated[str, mapped_column(Text)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Wall = Annotated[datetime, mapped_column(WallDateTime)]
Zone = Annotated[str, mapped_column(String(64))]
Language = Annotated[str, mapped_column(String(16))]
Text_ = Annotated[Words, mapped_column(TranslatedText)]
Public = Annotated[uuid.UUID, mapped_column(Uuid, default=chance.public_id, unique=True)]


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # read by SQLAlchemy, never changed
        date: Date(),
        Words: TranslatedText(),
        list[str]: JSON(),
        list[int]: JSON(),
        dict[str, Any]: JSON(),
        uuid.UUID: Uuid(),
    }


class Planned:
    """A stretch of planned local time: wall time and zone are the truth, the UTC columns follow from `set_planned`."""

    starts_local: Mapped[Wall]
    ends_local: Mapped[Wall]
    zone: Mapped[Zone]
    starts_at: Mapped[Instant] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[Instant] = mapped_column(UtcDateTime)


def set_planned(row: Planned, start: datetime, end: datetime, zone_name: str) -> None:
    """Give `row` its planned time; the only writer of the derived UTC columns of `Planned`.

    Raises:
        NoSuchTime, TwoSuchTimes, UnknownZone: see `confmgr.values.times.instant`.
    """
    starts_at, ends_at = instant(start, zone_name), instant(end, zone_name)
    row.starts_local, row.ends_local, row.zone = start, end, zone_name
    row.starts_at, row.ends_at = starts_at, ends_at


def choice(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column type for a closed list of words: text in the database, with a CHECK, the enum in Python.

    A table's second column of the same words needs a `name` of its own for its CHECK.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [m.value for m in members],
        name=name or kind.__name__.lower(),
    )
