"""What the database itself refuses of the audit: an entry is added, sealed once, and never changed or removed.

Triggers hold whatever asks: the ORM, a bulk statement, or somebody at the console as the application's own user.
A migration that lays the table anew must lay them anew too.
"""

from collections.abc import Sequence

from sqlalchemy import DDL, Table, event

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
"""Columns that stay as they were written."""
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
        if name in {"object_ids", "facts"}  # JSON has no equality
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
SQLITE_OFF = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "audit_entry_is_kept",
        "audit_entry_is_sealed_once",
        "audit_entry_begins_unsealed",
        "audit_object_is_kept",
        "audit_object_stays",
    )
)
"""For tests, which empty their database."""


def guard(table: Table, sqlite: Sequence[str], postgresql: Sequence[str]) -> None:
    """Lay triggers wherever a table is laid down."""
    for dialect, statements in (("sqlite", sqlite), ("postgresql", postgresql)):
        for statement in statements:
            laid = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # of SQLAlchemy
            event.listen(table, "after_create", laid)
