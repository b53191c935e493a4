"""Returns that are missing: the head of the delegation hears it some days before they are due, and once after that."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegate
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import ReminderPlan
from confmgr.invitations.reminder_rows import heads, rules_of
from confmgr.invitations.reminding import MOST_DAYS, out_of_quiet
from confmgr.invitations.services import hand_over
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import ReturnState, RoundState
from confmgr.outcomes.models import ReportingRound, RoundReturn
from confmgr.outcomes.services.reminding import FORGOTTEN, SOME_DAYS

MISSING = frozenset({ReturnState.NOT_ANSWERED, ReturnState.DRAFT})


def remind_of_returns(session: Session, *, now: datetime, domain: str) -> int:
    """Hand over a mail for each return that is missing, once on each side of its due time; gives how many."""
    made = 0
    for round_, meeting in _due_rounds(session, now):
        rules = rules_of(session.get(ReminderPlan, meeting.id))
        if rules.results_due_days is None or round_.due_at is None:
            continue
        if round_.due_at > now + timedelta(days=rules.results_due_days):
            continue
        people = heads(session, meeting)
        side = "overdue" if round_.due_at <= now else "due"
        for row in round_.returns:
            head = people.get(row.party_id)
            if row.state not in MISSING or head is None or not _signs_in(session, head.delegate_id):
                continue
            made += hand_over(
                session,
                meeting,
                kind=MailKind.RETURN_DUE,
                recipient=head,
                once=f"return_due:{head.key}:{row.uuid.hex}:{round_.due_local}:{side}",
                facts={"page": f"/returns/{row.uuid}"},
                now=now,
                at=out_of_quiet(now, now + SOME_DAYS, rules, head.clock),
                domain=domain,
            )
    return made


def _due_rounds(session: Session, now: datetime) -> list[tuple[ReportingRound, Meeting]]:
    """Open rounds that are due soon or have been for a while."""
    rows = session.execute(
        select(ReportingRound, Meeting)
        .join(Meeting, Meeting.id == ReportingRound.meeting_id)
        .where(
            ReportingRound.state == RoundState.OPEN,
            ReportingRound.due_at.between(now - FORGOTTEN, now + timedelta(days=MOST_DAYS)),
            Meeting.state != MeetingState.ARCHIVED,
        )
        .options(joinedload(Meeting.operation), selectinload(ReportingRound.returns).joinedload(RoundReturn.party))
        .order_by(ReportingRound.id)
    )
    return [(round_, meeting) for round_, meeting in rows]


def _signs_in(session: Session, delegate_id: int | None) -> bool:
    """The form stands behind the sign-in: without an account there is nothing to be reminded of."""
    return (
        session.scalar(
            select(User.id).join(Delegate, Delegate.user_id == User.id).where(Delegate.id == delegate_id, User.active)
        )
        is not None
    )
