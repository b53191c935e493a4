"""Mails that say no more than that something about a case or lead waits behind the sign-in."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.delegations.models import Delegate
from confmgr.invitations.domain import MailKind
from confmgr.invitations.reminder_rows import Recipient, recipients
from confmgr.invitations.services.reminders import hand_over
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting, Membership
from confmgr.meetings.queries import current
from confmgr.sharing.models import ItemMeeting, Notice

OLD = timedelta(days=14)
"""Who had no address for so long is not written to any more; the pages tell all the same."""


def tell_of_items(session: Session, *, now: datetime, domain: str) -> int:
    """One mail to everybody for whom notices wait; gives how many. Several notices of one person make one mail.

    It is sent through the newest meeting of the item at which the person is a delegate with an address.
    """
    waiting = session.scalars(
        select(Notice)
        .where(Notice.told_at.is_(None), Notice.at > now - OLD)
        .options(joinedload(Notice.item))
        .order_by(Notice.user_id, Notice.id)
    ).all()
    by_person: dict[int, list[Notice]] = {}
    for row in waiting:
        by_person.setdefault(row.user_id, []).append(row)
    return sum(_write(session, rows, now, domain) for rows in by_person.values())


def _write(session: Session, rows: list[Notice], now: datetime, domain: str) -> bool:
    found = {row.item_id: row for row in rows}
    ways = {ident: _reached(session, row, now) for ident, row in found.items()}
    told = [row for row in rows if ways[row.item_id] is not None]  # what cannot be told yet keeps nothing else waiting
    way = ways[told[0].item_id] if told else None
    if way is None:
        return False
    meeting, person = way
    page = told[0].page if len(told) == 1 else f"/meetings/{meeting.slug}/consents"
    made = hand_over(
        session,
        meeting,
        kind=MailKind.ITEM_NOTICE,
        recipient=person,
        once=f"item_notice:{told[-1].id}",
        facts={"page": page},
        now=now,
        at=now,
        domain=domain,
    )
    for row in told:
        row.told_at = now
    session.flush()
    return made


def _reached(session: Session, row: Notice, now: datetime) -> tuple[Meeting, Recipient] | None:
    meetings = session.execute(
        select(Meeting, Delegate.id)
        .join(ItemMeeting, ItemMeeting.meeting_id == Meeting.id)
        .join(Membership, Membership.meeting_id == Meeting.id)
        .join(Delegate, Delegate.delegation_id == Membership.delegation_id)
        .where(
            ItemMeeting.item_id == row.item_id,
            Membership.user_id == row.user_id,
            current(now),
            Delegate.user_id == row.user_id,
            Meeting.state != MeetingState.ARCHIVED,
        )
        .order_by(Meeting.starts_on.desc(), Delegate.id)
    ).all()
    for meeting, delegate_id in meetings:
        for person in recipients(session, meeting):
            if person.delegate_id == delegate_id:
                return meeting, person
    return None
