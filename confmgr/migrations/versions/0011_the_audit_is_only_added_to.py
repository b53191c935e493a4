"""The audit by what its entries concern, denials until they are counted, and triggers that keep all of it as it is.

New tables, filled from the entries there are, and triggers: safe on a running site.

Revision ID: 0011
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEPT = (
    "id",
    "at",
    "actor_id",
    "acting_for_id",
    "action",
    "allowed",
    "meeting_id",
    "object_type",
    "object_uuid",
    "object_ids",
    "rule",
    "facts",
)
SQLITE = (
    (
        "CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'audit_entry is never deleted'); END"
    ),
    "CREATE TRIGGER audit_entry_is_sealed_once BEFORE UPDATE ON audit_entry WHEN NOT (OLD.sealed_as IS NULL"
    " AND OLD.seal IS NULL AND NEW.sealed_as IS NOT NULL AND NEW.seal IS NOT NULL AND "
    + " AND ".join(f"OLD.{name} IS NEW.{name}" for name in KEPT)
    + ") BEGIN SELECT RAISE(ABORT, 'audit_entry is never changed'); END",
    (
        "CREATE TRIGGER audit_entry_begins_unsealed BEFORE INSERT ON audit_entry"
        " WHEN NEW.sealed_as IS NOT NULL OR NEW.seal IS NOT NULL"
        " BEGIN SELECT RAISE(ABORT, 'audit_entry is sealed later'); END"
    ),
)
OBJECTS_SQLITE = (
    (
        "CREATE TRIGGER audit_object_is_kept BEFORE DELETE ON audit_object"
        " BEGIN SELECT RAISE(ABORT, 'audit_object is never deleted'); END"
    ),
    (
        "CREATE TRIGGER audit_object_stays BEFORE UPDATE ON audit_object"
        " BEGIN SELECT RAISE(ABORT, 'audit_object is never changed'); END"
    ),
)
POSTGRESQL = (
    "CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF TG_OP = 'INSERT' THEN IF NEW.sealed_as IS NULL AND NEW.seal IS NULL THEN RETURN NEW; END IF;"
    " ELSIF TG_OP = 'UPDATE' THEN IF OLD.sealed_as IS NULL AND OLD.seal IS NULL AND NEW.sealed_as IS NOT NULL"
    " AND NEW.seal IS NOT NULL AND "
    + " AND ".join(
        f"OLD.{name}::text IS NOT DISTINCT FROM NEW.{name}::text"
        if name in {"object_ids", "facts"}
        else f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}"
        for name in KEPT
    )
    + " THEN RETURN NEW; END IF; END IF;"
    " RAISE EXCEPTION 'audit_entry is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    (
        "CREATE TRIGGER audit_entry_guard BEFORE INSERT OR UPDATE OR DELETE ON audit_entry"
        " FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()"
    ),
    (
        "CREATE TRIGGER audit_entry_is_kept BEFORE TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_guard()"
    ),
)
OBJECTS_POSTGRESQL = (
    (
        "CREATE FUNCTION audit_object_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'audit_object is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ),
    (
        "CREATE TRIGGER audit_object_guard BEFORE UPDATE OR DELETE ON audit_object"
        " FOR EACH ROW EXECUTE FUNCTION audit_object_guard()"
    ),
    (
        "CREATE TRIGGER audit_object_is_kept BEFORE TRUNCATE ON audit_object"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_object_guard()"
    ),
)


ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.Integer()),
    sa.column("object_uuid", sa.Uuid()),
    sa.column("object_ids", sa.JSON()),
)
OBJECT = sa.table("audit_object", sa.column("entry_id", sa.Integer()), sa.column("object_uuid", sa.Uuid()))


def upgrade() -> None:
    op.create_table(
        "audit_object",
        sa.Column("object_uuid", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_object_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("object_uuid", "entry_id", name=op.f("pk_audit_object")),
    )
    with op.batch_alter_table("audit_object") as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_object_entry_id"), ["entry_id"], unique=False)
    op.create_table(
        "audit_denial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("object_ids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_denial_actor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_denial")),
        sa.UniqueConstraint("actor_id", "minute", name=op.f("uq_audit_denial_actor_id_minute")),
    )
    bind = op.get_bind()
    for ident, about, ids in bind.execute(sa.select(ENTRY.c.id, ENTRY.c.object_uuid, ENTRY.c.object_ids)).all():
        found = {known for known in (about, *map(_uuid, ids)) if known is not None}
        if found:
            bind.execute(OBJECT.insert(), [{"entry_id": ident, "object_uuid": one} for one in found])
    laid = (POSTGRESQL, OBJECTS_POSTGRESQL) if bind.dialect.name == "postgresql" else (SQLITE, OBJECTS_SQLITE)
    for statement in (*laid[0], *laid[1]):
        op.execute(statement)


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_guard() CASCADE")
        op.execute("DROP FUNCTION audit_object_guard() CASCADE")
    else:
        for name in ("audit_entry_is_kept", "audit_entry_is_sealed_once", "audit_entry_begins_unsealed"):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("audit_denial")
    op.drop_table("audit_object")
