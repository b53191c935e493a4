"""What organisers and delegates see after the rules of a time zone have changed."""

from datetime import datetime
from email import message_from_bytes
from email.policy import default
from importlib.metadata import version

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.invitations import rendering
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage, Publication, ZoneRules
from confmgr.jobs import running
from tests.invitations.test_zone_rules import LATER, derived_by_older_rules, known, upgraded
from tests.make_invitations import messages, published
from tests.make_scheduling import as_, bilateral, world


def test_a_publication_that_nobody_made_is_shown_with_its_reason(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    derived_by_older_rules(stored, row)
    known(stored)
    (made,) = upgraded(stored)
    as_(client, stored, here.organiser)
    assert "By itself" in client.get("/meetings/seoul-2/publications").text
    page = client.get(f"/meetings/seoul-2/publications/{made.uuid}").text
    assert "Number 2, made by itself: somebody has left, or the rules of a time zone have changed" in page
    assert "so by other clocks it is at another hour" in page
    as_(client, stored, here.head_kh)
    assert "so by other clocks it is at another hour" in client.get("/meetings/seoul-2/my-changes").text


def test_the_mail_says_why_it_came(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    derived_by_older_rules(stored, row)
    known(stored)
    (made,) = upgraded(stored)
    with app.app_context():
        raw = rendering.render(
            messages(stored, made)[0], sender=Correspondent("a@b.example", "S"), base_url="https://meet.example"
        ).raw
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    assert body is not None
    assert "Your meeting stays at the same hour there" in body.get_content()


def test_a_session_whose_time_is_skipped_is_named_and_publishing_says_why_it_cannot(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    row.starts_local, row.ends_local = datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 1, 50)  # noqa: DTZ001
    row.zone = "Europe/London"
    as_(client, stored, here.organiser)
    page = client.get("/meetings/seoul-2/publications").text
    assert f"{row.reference} (28 Mar 2027, 01:30, Europe/London)" in page
    assert client.get("/meetings/seoul-2/publish").status_code == 422


def test_the_worker_applies_new_rules_by_itself(app: Flask, stored: Session) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    published(stored, here)
    derived_by_older_rules(stored, row)
    known(stored)
    stored.commit()
    with clock.frozen(LATER), app.app_context():
        running.run_periodic(app)
        running.run_periodic(app)
    stored.expire_all()
    assert [one.made_by_id for one in stored.scalars(select(Publication).order_by(Publication.number))] == [
        here.organiser.id,
        None,
    ]
    assert len(stored.scalars(select(ZoneRules)).all()) == 2
    assert {m.sequence for m in stored.scalars(select(OutboxMessage))} == {0, 1}


def test_the_health_page_tells_the_version_of_the_rules(client: FlaskClient) -> None:
    assert client.get("/health").get_json()["tzdata"] == version("tzdata")
