"""Writing the audit, and sealing it. Entries hold ids and letters of the rule, never bodies or secrets."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity import queries
from confmgr.activity.domain import Head, seal_of
from confmgr.activity.models import AuditEntry, AuditObject, Denial
from confmgr.orm.locks import Lock, alone

BATCH = 500
MOST_NAMED = 50
"""How many things an entry of denials names; it counts all."""


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
    known = (object_uuid, *map(_uuid, object_ids))
    entry.objects = [AuditObject(object_uuid=one) for one in dict.fromkeys(known) if one is not None]
    session.add(entry)
    return entry


def _uuid(value: object) -> uuid.UUID | None:
    """A public id as callers write it down; what is no such id stays in the entry alone."""
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def deny(session: Session, actor: User, ident: uuid.UUID, now: datetime) -> None:
    """Count that something was refused; which things, up to `MOST_NAMED` of a minute. Whether they exist is not asked.

    `tell_denials` makes one entry of a minute once it is over.
    """
    minute = now.replace(second=0, microsecond=0)
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        make(Denial)
        .values(actor_id=actor.id, minute=minute, number=0, object_ids=[])
        .on_conflict_do_nothing(index_elements=["actor_id", "minute"])
    )
    row = session.scalars(
        select(Denial)
        .where(Denial.actor_id == actor.id, Denial.minute == minute)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    row.number += 1
    if str(ident) not in row.object_ids and len(row.object_ids) < MOST_NAMED:
        row.object_ids = [*row.object_ids, str(ident)]
    session.flush()


def tell_denials(session: Session, now: datetime) -> None:
    """Make one entry of what each person was refused in each minute that is over."""
    over = Denial.minute < now.replace(second=0, microsecond=0)
    for row in session.scalars(select(Denial).where(over).order_by(Denial.id).with_for_update(skip_locked=True)).all():
        session.delete(row)
        record(
            session,
            actor=session.get_one(User, row.actor_id),
            now=row.minute,
            action="read",
            allowed=False,
            object_type="item",
            object_ids=row.object_ids,
            facts={"number": row.number},
        )
    session.flush()


def seal(session: Session, *, most: int = BATCH) -> Head | None:
    """Seal the oldest entries that wait, at most so many; gives the last seal, or None if nothing waited.

    Two at once are safe: the later one waits for the earlier one's transaction, then goes on from its last seal.
    """
    alone(session, Lock.SEALING)
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
