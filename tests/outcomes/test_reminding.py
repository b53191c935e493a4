"""Results that are due: who is reminded, of how many, once; on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations import rendering
from confmgr.invitations.domain import MailKind
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.reminding import Rules
from confmgr.invitations.services import change_plan
from confmgr.jobs import running
from confmgr.outcomes.domain import RequestStep
from confmgr.outcomes.services import advance_request, remind_of_results
from confmgr.sharing.domain import Tlp
from tests.make_consents import colleague
from tests.make_outcomes import request
from tests.make_scheduling import NOW, World, world

DUE = datetime(2026, 1, 20, 17, 0)  # noqa: DTZ001  # ten in the morning in UTC
DAY = timedelta(days=1)


def asked(session: Session, here: World, reference: str = "KH-R1", due: datetime = DUE, **changes: Any) -> Any:
    return request(session, here, reference, due=(due, "Asia/Bangkok"), **changes)


def reminded(session: Session, now: datetime) -> list[tuple[str, list[dict[str, Any]]]]:
    """What this run handed over: to whom, and the counts."""
    before = set(session.scalars(select(OutboxMessage.id)))
    remind_of_results(session, now=now, domain="police.example")
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.RESULTS_DUE))
    return [(row.recipient, row.facts["due"]) for row in rows if row.id not in before]


def test_the_head_that_was_asked_hears_three_days_before_and_once_more_when_it_is_overdue(session: Session) -> None:
    here = world(session)
    asked(session, here)
    assert reminded(session, NOW) == []
    assert reminded(session, NOW + 3 * DAY) == [
        (here.delegate_th.email, [{"day": "2026-01-20", "overdue": False, "requests": 1}])
    ]
    assert reminded(session, NOW + 4 * DAY) == []
    assert reminded(session, NOW + 6 * DAY) == [
        (here.delegate_th.email, [{"day": "2026-01-20", "overdue": True, "requests": 1}])
    ]
    assert reminded(session, NOW + 7 * DAY) == []


def test_several_requests_are_one_mail_and_a_new_due_date_is_news(session: Session) -> None:
    here = world(session)
    asked(session, here)
    second = asked(session, here, "KH-R2")
    asked(session, here, "KH-R3", DUE + DAY)
    assert reminded(session, NOW + 4 * DAY) == [
        (
            here.delegate_th.email,
            [
                {"day": "2026-01-20", "overdue": False, "requests": 2},
                {"day": "2026-01-21", "overdue": False, "requests": 1},
            ],
        )
    ]
    second.due_local, second.due_at = DUE + 2 * DAY, second.due_at + 2 * DAY
    session.flush()
    assert reminded(session, NOW + 5 * DAY) == [
        (here.delegate_th.email, [{"day": "2026-01-22", "overdue": False, "requests": 1}])
    ]


@pytest.mark.parametrize("step", [RequestStep.DECLINED, RequestStep.DONE])
def test_a_result_that_is_known_is_not_asked_for(session: Session, step: RequestStep) -> None:
    here = world(session)
    row = asked(session, here)
    for state in (RequestStep.ACCEPTED, step):
        advance_request(session, row, actor=here.head_th, now=NOW, state=state, reason="Not found")
    assert reminded(session, NOW + 4 * DAY) == []


def test_what_the_head_may_not_see_is_not_counted_and_nothing_that_is_red(session: Session) -> None:
    here = world(session)
    asked(
        session,
        here,
        "KH-R1",
        tlp=Tlp.RED,
        named_readers=[colleague(session, here, here.kh, "Chan Thida"), here.head_th],
    )
    here.meeting.green_for = []
    asked(session, here, "KH-R2", tlp=Tlp.GREEN)
    session.flush()
    assert reminded(session, NOW + 4 * DAY) == []


def test_without_an_account_a_head_is_not_written_to(session: Session) -> None:
    here = world(session)
    here.delegate_th.user_id = None
    asked(session, here)
    assert reminded(session, NOW + 4 * DAY) == []


def test_the_rule_can_be_off(session: Session) -> None:
    here = world(session)
    asked(session, here)
    off = Rules(results_due_days=None)
    change_plan(session, here.meeting, off, actor=here.organiser, now=NOW, seen_version=0)
    assert reminded(session, NOW + 4 * DAY) == []


def test_a_mail_that_falls_due_at_night_waits_for_the_morning(session: Session) -> None:
    here = world(session)
    asked(session, here)
    night = datetime.fromisoformat("2026-01-18T17:00:00+00:00")  # midnight in Phnom Penh, where that delegate lives
    reminded(session, night)
    row = session.scalars(select(OutboxMessage)).one()
    assert row.next_at == datetime.fromisoformat("2026-01-19T00:00:00+00:00")


def test_the_worker_looks_at_each_full_hour_and_the_mail_names_nothing(app: Flask, stored: Session) -> None:
    here = world(stored)
    asked(stored, here)
    stored.commit()
    for minute, mails in ((59, 0), (60, 1)):
        with clock.frozen(NOW + 3 * DAY + timedelta(minutes=minute)), app.app_context():
            running.run_periodic(app)
        stored.expire_all()
        assert len(stored.scalars(select(OutboxMessage)).all()) == mails
        stored.commit()
    with app.app_context():
        raw = rendering.render(
            stored.scalars(select(OutboxMessage)).one(),
            sender=Correspondent("secretariat@police.example", "Secretariat"),
            base_url="https://meet.example",
        )
    assert raw.subject == "TLP:GREEN Reminder: the result of 1 request is due"
    assert b"villa" not in raw.raw
    assert b"KH-R1" not in raw.raw
