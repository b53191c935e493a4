"""Whose address is corrected, or comes after publishing, gets at it what was published; nobody has to publish again."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.errors import NotFound
from confmgr.invitations import outgoing
from confmgr.invitations.domain import ChangeKind, Method, News, Stage, stage, stamp
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.invitations.services.telling import Addressee, outbox_row
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting
from confmgr.scheduling.services.commands import next_revision


def tell_new_addresses(session: Session, meeting: Meeting, *, now: datetime, domain: str) -> int:
    """Write the invitations that stand once more, for people whose last mail went to another address or to none.

    Same UID and SEQUENCE, newer DTSTAMP, the answer as it is; of sessions that lie ahead. Gives how many.
    """
    next_revision(session, meeting)  # whoever publishes just now writes to the new address anyway
    rows = [row for row in outgoing.unreached(session, meeting, now) if _is_ahead(row, now)]
    for row in rows:
        row.dtstamp = stamp(now, row.dtstamp)
        session.add(_again(meeting, row, row.dtstamp, domain))
    session.flush()
    if rows:
        enqueue(session, "send_outbox", {}, owner=None, now=now, meeting_id=meeting.id)
    return len(rows)


def _is_ahead(row: Participation, now: datetime) -> bool:
    return bool(row.told_text) and stage(row.told_text or {}, now) is Stage.AHEAD


def _again(meeting: Meeting, row: Participation, dtstamp: datetime, domain: str) -> OutboxMessage:
    person = row.person
    if person is None:
        raise NotFound("person")
    news = News(ChangeKind.REPEATED, Method.REQUEST, row.sequence, row.told_text or {}, None, asks_again=False)
    version = {"uid": row.uid, "dtstamp": dtstamp}
    values = outbox_row(meeting, meeting.title.to_json(), Addressee(row.session_id, person, row, news), version, domain)
    return OutboxMessage(**values, participation_id=row.id, next_at=dtstamp)
