"""Returns that are missing: which head hears of it, on each side of the due time once; on both databases."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy

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
from confmgr.outcomes import services
from tests.make_rounds import handed_in, nil, of, round_, saved
from tests.make_scheduling import NOW, world

DAY = timedelta(days=1)


def reminded(session: Session, now: datetime) -> list[str]:
    """Whom this run wrote to."""
    before = set(session.scalars(select(OutboxMessage.id)))
    services.remind_of_returns(session, now=now, domain="police.example")
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == MailKind.RETURN_DUE).order_by(OutboxMessage.recipient)
    )
    return [row.recipient for row in rows if row.id not in before]


def test_heads_whose_return_is_missing_hear_some_days_before_and_once_when_it_is_overdue(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    handed_in(session, of(row, here.kh), here.head_kh, nil("arrested"))
    saved(session, of(row, here.th), here.head_th, nil("arrested"))
    assert reminded(session, NOW) == []
    assert reminded(session, NOW + 3 * DAY) == [here.delegate_th.email]
    assert reminded(session, NOW + 4 * DAY) == []
    assert reminded(session, NOW + 6 * DAY) == [here.delegate_th.email]
    assert reminded(session, NOW + 7 * DAY) == []


def test_a_new_due_time_is_news(session: Session) -> None:
    here = world(session)
    row = round_(session, here, parties=[here.th.party])
    assert reminded(session, NOW + 4 * DAY) == [here.delegate_th.email]
    assert row.due_local is not None
    assert row.due_at is not None
    row.due_local, row.due_at = row.due_local + DAY, row.due_at + DAY
    session.flush()
    assert reminded(session, NOW + 4 * DAY) == [here.delegate_th.email]


def test_nobody_is_reminded_of_a_round_that_is_closed_or_has_no_due_time(session: Session) -> None:
    here = world(session)
    round_(session, here, due=None)
    closed = round_(session, here)
    services.close_round(session, closed, actor=here.organiser, now=NOW)
    assert reminded(session, NOW + 4 * DAY) == []


def test_a_head_without_an_account_is_not_written_to(session: Session) -> None:
    here = world(session)
    here.delegate_th.user_id = None
    round_(session, here, parties=[here.th.party])
    session.flush()
    assert reminded(session, NOW + 4 * DAY) == []


def test_the_rule_can_be_off(session: Session) -> None:
    here = world(session)
    round_(session, here)
    off = Rules(results_due_days=None)
    change_plan(session, here.meeting, off, actor=here.organiser, now=NOW, seen_version=0)
    assert reminded(session, NOW + 4 * DAY) == []


def test_the_worker_looks_at_each_full_hour_and_the_mail_leads_to_the_form(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = of(round_(stored, here, parties=[here.th.party]), here.th)
    stored.commit()
    for minute, mails in ((59, 0), (60, 1), (120, 1)):
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
    assert raw.subject == "TLP:GREEN Reminder: the results of your delegation are asked for"
    body = message_from_bytes(raw.raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    assert f"https://meet.example/returns/{row.uuid}" in body.get_content()
