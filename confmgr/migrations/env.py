"""Migrations run inside the application; on SQLite with foreign keys off, checked at the end."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from confmgr.orm.acting import UNGUARDED
from confmgr.orm.base import Base

engine = current_app.extensions["migrate"].db.engine
PLAIN = ("JSON(", "DateTime(")


OTHERS = ("procrastinate_", "search_index")
"""How names begin that Alembic leaves alone: tables of the job engine, and those that FTS5 keeps its index in."""
WORDS = "ix_search_text_words"
"""An index over an expression, which Alembic cannot compare."""


def ours(_thing: object, name: str | None, _kind: str, _reflected: bool, _compared: object) -> bool:  # noqa: FBT001
    """Whether Alembic looks at a table or index."""
    return not (name or "").startswith(OTHERS) and name != WORDS


def plain_types(kind: str, thing: Any, _autogen: object) -> str | bool:
    """Write the plain column type of our decorated ones, so that a migration never imports the application."""
    if kind == "type" and isinstance(thing, sa.types.TypeDecorator):
        text = repr(thing.impl)
        for name in PLAIN:
            text = text.replace(name, f"sa.{name}")
        return text
    if kind == "type" and isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    return False


def same_type(_context: object, _column: object, _model_column: object, _here: object, there: object) -> bool | None:
    """Our decorated types compare as what they are stored as."""
    return False if isinstance(there, (sa.Enum, sa.types.TypeDecorator)) else None


def run() -> None:
    """Run the migrations that are asked for."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        connection.execution_options(**UNGUARDED)
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=lambda name, _kind, _parents: not (name or "").startswith(OTHERS) and name != WORDS,
            include_object=ours,
            render_item=plain_types,
            compare_type=same_type,
            render_as_batch=sqlite,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            if not sqlite:
                connection.exec_driver_sql("SELECT set_config('confmgr.nobody', 'migration', true)")
            context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows without their parents: {broken[:5]}")
        connection.commit()
        if sqlite:
            connection.detach()


run()
