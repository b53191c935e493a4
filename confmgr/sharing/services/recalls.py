"""Calling back: who had read what they may not read any more is asked to use no copy. Writes; the caller commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotAllowed
from confmgr.sharing import queries, recalling
from confmgr.sharing.domain import NoticeKind, RecallCause
from confmgr.sharing.models import Item, Recall
from confmgr.sharing.outgoing import wait_for_notes
from confmgr.sharing.services.notices import tell


def call_back(session: Session, item: Item, cause: RecallCause, *, now: datetime) -> list[Recall]:
    """Ask those who had read or taken an item, and lost it just now, to use no copy any more.

    Called after the change, in its transaction. The originator's own people are not asked: it is theirs. What was taken
    already cannot be called back by any program; the answers say who has promised. Who has promised, and has read
    nothing since, is not asked again.
    """
    wait_for_notes(session)
    read = {one.user_id: one for one in recalling.readings(session, item)}
    asked = session.scalars(select(Recall).where(Recall.item_id == item.id)).all()
    done = {
        row.user_id
        for row in asked
        if row.acknowledged_at is None or (row.user_id in read and row.read_at >= read[row.user_id].at)
    }
    rows = []
    people = recalling.outsiders(session, item, read.keys() - done, now)
    still_read = queries.readers_among(session, item, people, now)
    for user in people:
        if user.id in still_read:
            continue
        one = read[user.id]
        row = Recall(item_id=item.id, user_id=user.id, cause=cause, at=now, read_at=one.at, taken=one.taken)
        row.item, row.user = item, user
        rows.append(row)
    session.add_all(rows)
    session.flush()
    for row in rows:
        tell(
            session,
            item,
            to=[row.user_id],
            kind=NoticeKind.RECALLED,
            page=f"/recalls/{row.uuid}",
            once=f"recalled:{row.uuid}",
            now=now,
        )
    return rows


def acknowledge(session: Session, recall: Recall, *, actor: User, now: datetime) -> None:
    """Somebody says that no copy of it is used any more; the first word stays.

    Raises:
        NotAllowed: By another person than was asked.
    """
    if actor.id != recall.user_id:
        raise NotAllowed("acknowledge this recall")
    if recall.acknowledged_at is None:
        recall.acknowledged_at = now
        session.flush()
        record(
            session,
            actor=actor,
            now=now,
            action="acknowledge",
            object_type=recall.item.kind.value,
            object_uuid=recall.item.uuid,
        )
