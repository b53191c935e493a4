"""Writing the audit, and sealing it. Entries hold ids and letters of the rule, never bodies or secrets."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity import queries
from confmgr.activity.domain import Head, seal_of
from confmgr.activity.models import AuditEntry

SEALERS = 0x0C0DE5EA1
"""The lock of PostgreSQL that one sealer holds at a time; on SQLite there is one writer anyway."""
BATCH = 500


def record(
    session: Session,
    *,
    actor: User | None,
    now: datetime,
    action: str,
    object_type: str,
    object_uuid: uuid.UUID | None = None,
    object_ids: Sequence[object] = (),
    meeting_id: int | None = None,
    rule: str | None = None,
    allowed: bool = True,
    facts: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Append one event in the transaction of what it tells about.

    Args:
        session: An open transaction.
        actor: Who acted; None for the system itself.
        now: When.
        action: A verb: read, create, change, delete, share, publish, send, export, sign_in …
        object_type: Table or kind of the object.
        object_uuid: Its public id, if it has one.
        object_ids: For lists and reports: the ids that were shown.
        meeting_id: The meeting in which it happened.
        rule: Letter of the visibility rule that allowed it (C, O, G, R).
        allowed: False for a denial.
        facts: Further plain facts, JSON.
    """
    entry = AuditEntry(
        at=now,
        actor_id=None if actor is None else actor.id,
        action=action,
        allowed=allowed,
        meeting_id=meeting_id,
        object_type=object_type,
        object_uuid=object_uuid,
        object_ids=list(object_ids),
        rule=rule,
        facts=dict(facts or {}),
    )
    session.add(entry)
    return entry


def seal(session: Session, *, most: int = BATCH) -> Head | None:
    """Seal the oldest entries that wait, at most so many; gives the last seal, or None if nothing waited.

    Two at once are safe: the later one waits for the earlier one's transaction, then goes on from its last seal.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(SEALERS)))
    last = queries.head(session)
    unsealed = select(*queries.COLUMNS).where(AuditEntry.sealed_as.is_(None)).order_by(AuditEntry.id).limit(most)
    rows = queries.entries(session, unsealed)
    for row in rows:
        last = Head(last.number + 1, seal_of(last.seal, row, last.number + 1))
        session.execute(
            update(AuditEntry)
            .where(AuditEntry.id == row["id"])
            .values(sealed_as=last.number, seal=last.seal)
            .execution_options(synchronize_session=False)
        )
    return last if rows else None
