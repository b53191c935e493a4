"""Reminders in the outbox: written once, to whom they concern, by the rules of the meeting; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.delegations.domain import DelegationState
from confmgr.errors import StaleVersion
from confmgr.invitations.domain import AnswerWay, MailKind, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage, ReminderPlan
from confmgr.invitations.reminder_rows import heads
from confmgr.invitations.reminding import Rules
from confmgr.invitations.services import answer, change_plan, hand_over, remind
from confmgr.jobs.models import Job
from confmgr.meetings.domain import MeetingState
from confmgr.scheduling.services import cancel_session
from tests import make
from tests.conftest import Counter
from tests.make_invitations import participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, interpreter, move, world

EVENING = datetime.fromisoformat("2026-02-04T11:00:00+00:00")
"""Six in the evening in Phnom Penh, where both delegations of the small meeting are."""
SOON = datetime.fromisoformat("2026-02-05T00:30:00+00:00")
"""Half an hour before the session at ten in Seoul."""


def written(session: Session) -> list[OutboxMessage]:
    return list(
        session.scalars(select(OutboxMessage).where(OutboxMessage.once.is_not(None)).order_by(OutboxMessage.id))
    )


def reminded(session: Session, now: datetime) -> list[tuple[MailKind, str]]:
    """What this run of the task wrote: kind and recipient."""
    last = session.scalar(select(func.max(OutboxMessage.id))) or 0
    remind(session, now=now, domain="police.example")
    return [(row.kind, row.recipient) for row in written(session) if row.id > last]


def answered(session: Session, here: World, said: PartStat) -> None:
    for who, actor in ((here.delegate_kh, here.head_kh), (here.delegate_th, here.head_th)):
        answer(session, participation(session, who.id), actor=actor, now=NOW, said=said, way=AnswerWay.AGENDA)


def test_everybody_gets_one_mail_of_the_next_day_and_one_before_the_session(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    answered(session, here, PartStat.ACCEPTED)
    both = [here.delegate_kh.email, here.delegate_th.email]
    assert reminded(session, EVENING - timedelta(minutes=1)) == []
    assert reminded(session, EVENING) == [(MailKind.DAY_BEFORE, who) for who in both]
    assert reminded(session, SOON - timedelta(minutes=1)) == []
    assert sorted(reminded(session, SOON)) == sorted((MailKind.HOUR_BEFORE, who) for who in both)
    assert reminded(session, SOON + timedelta(minutes=10)) == []


def test_a_reminder_carries_what_is_checked_before_it_is_sent(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    mine = participation(session, here.delegate_kh.id)
    remind(session, now=SOON, domain="police.example")
    row = next(r for r in written(session) if r.kind is MailKind.HOUR_BEFORE and r.delegate_id == here.delegate_kh.id)
    assert row.facts["participations"] == {str(mine.id): 0}
    assert row.once == f"hour_before:{mine.uid}:0"
    assert (row.uid, row.method, row.publication_id, row.participation_id) == (None, None, None, None)
    assert row.domain == "police.example"
    assert row.state is OutboxState.WAITING
    assert session.scalars(select(Job.kind).where(Job.kind == "send_outbox")).first()


def test_a_second_worker_that_comes_to_the_same_reminder_writes_nothing(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    head = heads(session, here.meeting)[here.kh.party_id]

    def hand(facts: dict[str, object]) -> bool:
        return hand_over(
            session,
            here.meeting,
            kind=MailKind.RESULTS_DUE,
            recipient=head,
            once="results_due:x:2026-02-10",
            facts=facts,
            now=NOW,
            at=NOW,
            domain="police.example",
        )

    assert hand({"due": [{"day": "2026-02-10", "requests": 1, "overdue": False}]})
    assert not hand({"due": [{"day": "2026-02-10", "requests": 2, "overdue": False}]})
    assert [row.facts["due"][0]["requests"] for row in written(session)] == [1]


def test_a_moved_session_is_reminded_of_again_and_its_day_is_not(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    reminded(session, EVENING)
    reminded(session, SOON)
    move(session, here, row, ELEVEN)
    published(session, here, SOON + timedelta(minutes=5))
    assert reminded(session, SOON + timedelta(minutes=6)) == []
    again = reminded(session, SOON + timedelta(hours=1))
    assert sorted({kind for kind, _who in again}) == [MailKind.HOUR_BEFORE]
    assert len(again) == 2


def nothing(_session: Session, _here: World) -> None:
    """Published and accepted."""


def declined(session: Session, here: World) -> None:
    answered(session, here, PartStat.DECLINED)


def cancelled(session: Session, here: World) -> None:
    row = participation(session, here.delegate_kh.id).session
    cancel_session(session, row, actor=here.organiser, now=NOW, reason="Not needed")
    published(session, here, NOW + timedelta(hours=1))


def left(session: Session, here: World) -> None:
    for who in (here.delegate_kh, here.delegate_th):
        who.left_at = NOW
    session.flush()


def does_not_come(session: Session, here: World) -> None:
    here.kh.state = here.th.state = DelegationState.DECLINED
    session.flush()


def closed(session: Session, here: World) -> None:
    here.meeting.state = MeetingState.CLOSED
    session.flush()


def switched_off(session: Session, here: World) -> None:
    change_plan(session, here.meeting, Rules(None, None, None, None), actor=here.organiser, now=NOW, seen_version=0)


@pytest.mark.parametrize(
    ("happened", "mails"),
    [(nothing, 4), (declined, 0), (cancelled, 0), (left, 0), (does_not_come, 0), (closed, 0), (switched_off, 0)],
)
def test_nobody_is_reminded_of_what_they_need_not_come_to(
    session: Session, happened: Callable[[Session, World], None], mails: int
) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    answered(session, here, PartStat.ACCEPTED)
    happened(session, here)
    assert len(reminded(session, EVENING)) + len(reminded(session, SOON)) == mails


def test_what_is_not_published_is_not_reminded_of(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    assert reminded(session, SOON) == []
    published(session, here)
    move(session, here, row, TEN + timedelta(hours=4))  # not published yet, so people still come at ten
    assert {kind for kind, _who in reminded(session, SOON)} == {MailKind.DAY_BEFORE, MailKind.HOUR_BEFORE}


def test_interpreters_are_reminded_too(session: Session) -> None:
    here = world(session)
    crew = interpreter(session, here)
    bilateral(session, here, interpreters=[crew], interpretation="km-th")
    published(session, here)
    assert crew.email in {who for _kind, who in reminded(session, EVENING)}
    crew.delegation_id = here.kh.id
    here.kh.state = DelegationState.DECLINED
    session.flush()
    assert crew.email not in {who for _kind, who in reminded(session, SOON)}


def test_answers_that_are_missing_are_asked_for_in_one_mail_a_person(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    bilateral(session, here, starts=ELEVEN)
    published(session, here)
    week = datetime.fromisoformat("2026-01-29T02:00:00+00:00")
    assert reminded(session, week) == [
        (MailKind.ANSWERS_MISSING, here.delegate_kh.email),
        (MailKind.ANSWERS_MISSING, here.delegate_th.email),
    ]
    assert [len(row.facts["sessions"]) for row in written(session)] == [2, 2]
    assert reminded(session, week + timedelta(days=1)) == []


def test_rules_of_a_meeting_are_its_own_from_the_first_change(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    rules = replace(Rules(), day_before_at=time(20), minutes_before=None)
    plan = change_plan(session, here.meeting, rules, actor=here.organiser, now=NOW, seen_version=0)
    assert plan.version == 1
    assert {kind for kind, _who in reminded(session, EVENING)} == {MailKind.ANSWERS_MISSING}
    assert {kind for kind, _who in reminded(session, EVENING + timedelta(hours=2))} == {MailKind.DAY_BEFORE}
    assert reminded(session, SOON) == []
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "set_reminders")).one()
    assert entry.facts["day_before_at"] == "20:00:00"


def test_rules_that_somebody_changed_meanwhile_are_not_overwritten(session: Session) -> None:
    here = world(session)
    change_plan(session, here.meeting, Rules(), actor=here.organiser, now=NOW, seen_version=0)
    with pytest.raises(StaleVersion):
        change_plan(session, here.meeting, Rules(), actor=here.organiser, now=NOW, seen_version=0)
    change_plan(session, here.meeting, Rules(minutes_before=10), actor=here.organiser, now=NOW, seen_version=1)
    assert session.get_one(ReminderPlan, here.meeting.id).version == 2


def test_a_minute_with_nothing_due_costs_few_statements_however_many_sessions(
    stored: Session, statements: Counter
) -> None:
    here = world(stored)
    crowd = [make.delegate(stored, here.kh, f"Person {n}") for n in range(5)]
    for n in range(30):
        bilateral(stored, here, starts=TEN + timedelta(minutes=5 * n), minutes=5, delegates=[here.delegate_kh, *crowd])
    published(stored, here)
    stored.commit()

    def asked(now: datetime) -> int:
        statements.statements.clear()
        remind(stored, now=now, domain="police.example")
        return sum(one.startswith("SELECT") for one in statements.statements)

    assert asked(NOW) == 1
    asked(EVENING - timedelta(days=1))
    assert asked(EVENING - timedelta(days=1)) == 5
    assert len(written(stored)) == 7
