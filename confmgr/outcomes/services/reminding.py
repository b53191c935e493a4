"""Results that are due: counted and dated for the head of the delegation that was asked; what they are stays here."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegate
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage, ReminderPlan
from confmgr.invitations.reminder_rows import Recipient, heads, rules_of
from confmgr.invitations.reminding import MOST_DAYS, Rules, out_of_quiet
from confmgr.invitations.services import hand_over
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import OPEN_REQUESTS
from confmgr.outcomes.models import ActionRequest
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item

FORGOTTEN = timedelta(days=MOST_DAYS)
"""What is overdue for so long is not written about any more."""
SOME_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Due:
    """One request whose result is due on a day, or was."""

    item_id: int
    name: str
    day: date
    overdue: bool

    @property
    def mark(self) -> str:
        """What is written about once: the request, its due day, and on which side of it we are."""
        return f"{self.name}:{self.day}:{'overdue' if self.overdue else 'due'}"


def remind_of_results(session: Session, *, now: datetime, domain: str) -> int:
    """Hand over one mail a head for what has become due or overdue since the last one; gives how many.

    Only what the head may see is counted, and nothing that is RED.
    """
    made = 0
    for meeting, requests in _open_requests(session, now).items():
        rules = rules_of(session.get(ReminderPlan, meeting.id))
        due = _due(requests, rules, now)
        people = heads(session, meeting) if due else {}
        for party_id, found in due.items():
            head = people.get(party_id)
            if head is not None:
                made += _tell(session, meeting, head, found, rules, now, domain)
    return made


def _open_requests(session: Session, now: datetime) -> dict[Meeting, list[ActionRequest]]:
    """Requests without a result that are due soon or have been for a while, by the meeting at which they were made."""
    rows = session.execute(
        select(ActionRequest, Meeting)
        .join(Meeting, Meeting.id == ActionRequest.meeting_id)
        .join(Item, Item.id == ActionRequest.id)
        .where(
            ActionRequest.state.in_(OPEN_REQUESTS),
            ActionRequest.due_at.between(now - FORGOTTEN, now + timedelta(days=MOST_DAYS)),
            Item.state == ItemState.SHARED,
            Meeting.state != MeetingState.ARCHIVED,
        )
        .options(joinedload(ActionRequest.item).joinedload(Item.marking), joinedload(Meeting.operation))
        .order_by(Meeting.id, ActionRequest.due_at, ActionRequest.id)
    )
    found: dict[Meeting, list[ActionRequest]] = {}
    for request, meeting in rows:
        if request.item.marking.tlp is not Tlp.RED:
            found.setdefault(meeting, []).append(request)
    return found


def _due(requests: Iterable[ActionRequest], rules: Rules, now: datetime) -> dict[int, list[Due]]:
    """What is due within the days of the rule, or is overdue, by the party that was asked."""
    found: dict[int, list[Due]] = {}
    if rules.results_due_days is None:
        return found
    until = now + timedelta(days=rules.results_due_days)
    for row in requests:
        if row.due_at is not None and row.due_local is not None and row.due_at <= until:
            due = Due(row.id, str(row.item.uuid), row.due_local.date(), row.due_at <= now)
            found.setdefault(row.to_id, []).append(due)
    return found


def _tell(
    session: Session, meeting: Meeting, head: Recipient, found: Sequence[Due], rules: Rules, now: datetime, domain: str
) -> int:
    known = _told_before(session, meeting, head)
    fresh = [one for one in found if one.mark not in known]
    seen = _seen_by(session, head, {one.item_id for one in fresh}, now) if fresh else frozenset()
    fresh = [one for one in fresh if one.item_id in seen]
    if not fresh:
        return 0
    marks = sorted(one.mark for one in fresh)
    return hand_over(
        session,
        meeting,
        kind=MailKind.RESULTS_DUE,
        recipient=head,
        once=f"results_due:{head.key}:{hashlib.sha256('|'.join(marks).encode()).hexdigest()[:32]}",
        facts={
            "due": _counted(fresh),
            "requests": marks,
            "page": f"/operations/{meeting.operation.code}/follow-up",
        },
        now=now,
        at=out_of_quiet(now, now + SOME_DAYS, rules, head.clock),
        domain=domain,
    )


def _counted(due: Iterable[Due]) -> list[dict[str, Any]]:
    counts = Counter((one.day, one.overdue) for one in due)
    return [
        {"day": day.isoformat(), "overdue": overdue, "requests": number}
        for (day, overdue), number in sorted(counts.items())
    ]


def _told_before(session: Session, meeting: Meeting, head: Recipient) -> set[str]:
    rows = session.scalars(
        select(OutboxMessage.facts).where(
            OutboxMessage.meeting_id == meeting.id,
            OutboxMessage.kind == MailKind.RESULTS_DUE,
            OutboxMessage.delegate_id == head.delegate_id,
        )
    )
    return {mark for facts in rows for mark in facts.get("requests", ())}


def _seen_by(session: Session, head: Recipient, ids: Collection[int], now: datetime) -> Collection[int]:
    """Which of these items the head may see with the own account; without one, none."""
    user = session.scalar(
        select(User).join(Delegate, Delegate.user_id == User.id).where(Delegate.id == head.delegate_id, User.active)
    )
    return (
        frozenset() if user is None else sharing.visible_ids(session, sharing.viewer_of(session, user, now), ids, now)
    )
