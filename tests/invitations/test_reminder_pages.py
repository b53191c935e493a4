"""The page of the reminders: the rules as a form, what goes out next, and what went out."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage, ReminderPlan
from confmgr.invitations.services import remind
from tests import make
from tests.conftest import Counter
from tests.make_invitations import published
from tests.make_scheduling import TEN, as_, bilateral, world

PAGE = "/meetings/seoul-2/reminders"
EVENING = datetime.fromisoformat("2026-02-04T11:00:00+00:00")
USUAL = {
    "version": "0",
    "day_before": "y",
    "day_before_at": "18:00",
    "shortly_before": "y",
    "minutes_before": "30",
    "answers_missing": "y",
    "answers_missing_days": "7",
    "results_due": "y",
    "results_due_days": "3",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
}


def test_an_organiser_changes_the_rules_and_switches_one_off(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert 'value="18:00"' in client.get(PAGE).text
    sent = {**USUAL, "once": "a", "day_before_at": "19:30"}
    del sent["shortly_before"]
    sent["minutes_before"] = ""
    assert client.post(PAGE, data=sent).status_code == 302
    plan = stored.scalars(select(ReminderPlan)).one()
    assert (f"{plan.day_before_at}", plan.minutes_before, plan.results_due_days) == ("19:30:00", None, 3)
    page = client.get(PAGE).text
    assert 'value="19:30"' in page
    assert 'value="30"' in page  # what the rule would be, were it on


def test_a_rule_that_is_on_needs_its_number(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    for wrong in ({"minutes_before": ""}, {"minutes_before": "3"}, {"answers_missing_days": "61"}, {"quiet_from": ""}):
        assert client.post(PAGE, data={**USUAL, **wrong, "once": "b"}).status_code == 422
    assert stored.scalars(select(ReminderPlan)).first() is None


def test_rules_that_a_colleague_saved_meanwhile_are_kept(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    client.post(PAGE, data={**USUAL, "once": "c", "minutes_before": "45"})
    assert client.post(PAGE, data={**USUAL, "once": "d"}).status_code == 409
    assert stored.scalars(select(ReminderPlan.minutes_before)).one() == 45


def test_the_page_says_what_goes_out_next_and_what_went_out(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    as_(client, stored, here.organiser)
    with clock.frozen(EVENING - timedelta(hours=1)):
        page = client.get(PAGE).text
    assert "4 Feb 2026, 20:00" in page
    assert "Reminder of the day before, 2 mails" in page
    assert "No reminder has been written yet." in page
    remind(stored, now=EVENING, domain="police.example")
    stored.commit()
    with clock.frozen(EVENING):
        page = client.get(PAGE).text
    assert "Reminder of the day before, 2 mails" not in page
    assert "Reminder shortly before, 2 mails" in page
    assert str(here.delegate_kh.email) in page


def test_the_page_is_the_organisers(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.head_kh)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data=USUAL).status_code == 403
    as_(client, stored, make.user(stored, "A stranger"))
    assert client.get(PAGE).status_code == 404


def test_thirty_sessions_cost_the_page_as_many_statements_as_one(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    bilateral(stored, here, minutes=5)
    published(stored, here)
    as_(client, stored, here.organiser)

    def asked() -> int:
        with clock.frozen(EVENING):
            client.get(PAGE)
            statements.statements.clear()
            client.get(PAGE)
            return statements.count

    before = asked()
    for n in range(1, 30):
        bilateral(stored, here, starts=TEN + timedelta(minutes=5 * n), minutes=5)
    published(stored, here)
    stored.commit()
    assert asked() == before
    assert before <= 14


def test_the_outbox_shows_a_reminder_that_waits_and_how_it_will_leave(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    bilateral(stored, here)
    published(stored, here)
    remind(stored, now=EVENING, domain="police.example")
    as_(client, stored, here.organiser)
    assert "Reminder of the day before" in client.get("/meetings/seoul-2/outbox").text
    row = stored.scalars(select(OutboxMessage).where(OutboxMessage.kind == MailKind.DAY_BEFORE)).first()
    assert row is not None
    page = client.get(f"/meetings/seoul-2/outbox/{row.uuid}").text
    assert "Reminder: 1 session on Thursday, 5 February 2026" in page
    assert "None" not in page
    assert client.get(f"/meetings/seoul-2/outbox/{row.uuid}.eml").status_code == 200
