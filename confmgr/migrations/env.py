"""Migrations run inside the application; on SQLite with foreign keys off, checked at the end."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from confmgr.orm.base import Base

engine = current_app.extensions["migrate"].db.engine


def include(thing, name, kind, reflected, compared_with):
    return not (name or "").startswith("procrastinate_")


def plain_types(kind, thing, autogen):
    """Write the plain column type of our decorated ones, so that a migration never imports the application."""
    if kind == "type" and isinstance(thing, sa.types.TypeDecorator):
        return repr(thing.impl).replace("JSON(", "sa.JSON(").replace("DateTime(", "sa.DateTime(")
    if kind == "type" and isinstance(thing, sa.Enum):
        return f"sa.String(length={thing.length})"
    return False


def same_type(ctx, column, model_column, database_type, model_type):
    if isinstance(model_type, (sa.Enum, sa.types.TypeDecorator)):
        return False
    return None


def run() -> None:
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_name=lambda name, kind, parents: not (name or "").startswith("procrastinate_"),
            include_object=include,
            render_item=plain_types,
            compare_type=same_type,
            render_as_batch=sqlite,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"rows without their parents: {broken[:5]}")
        connection.commit()
        if sqlite:
            connection.detach()


run()
