"""Who has an account sets its password alone: at an address that works once, or knowing the present one."""

import mailbox
import re

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts import addresses, services
from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.jobs.models import Job
from confmgr.jobs.running import run
from tests.make_scheduling import NOW, as_, world

SECRET = "a secret for tests only, long enough to sign"
CHOSEN = "a password that I chose"


def newcomer(session: Session) -> User:
    user = services.create_account(session, email="sophea@police.example", name="Chan Sophea", now=NOW)
    session.commit()
    return user


def chosen(once: str, **changes: str) -> dict[str, str]:
    return {"password": CHOSEN, "again": CHOSEN, "once": once} | changes


def test_the_address_sets_the_password_once_and_signs_nobody_in(client: FlaskClient, stored: Session) -> None:
    address = f"/password/{addresses.token(newcomer(stored), SECRET)}"
    assert "sophea@police.example" in client.get(address).text
    assert client.get("/account").status_code == 302
    answer = client.post(address, data=chosen("p1"))
    assert answer.headers["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302
    kept = select(AuditEntry.actor_id).where(AuditEntry.action == "set_password")
    assert len(stored.scalars(kept).all()) == 1
    stored.commit()
    client.post("/sign-in", data={"email": "sophea@police.example", "password": CHOSEN})
    assert client.get("/account").status_code == 200
    again = client.post(address, data=chosen("p2", password="another long password", again="another long password"))
    assert again.status_code == 422
    assert "This address has been used" in again.text


def test_a_forged_address_sets_nothing(client: FlaskClient, stored: Session) -> None:
    forged = addresses.token(newcomer(stored), "some other secret of some other installation")
    assert client.get(f"/password/{forged}").status_code == 404


def test_two_passwords_that_differ_and_a_short_one_are_refused_at_their_fields(
    client: FlaskClient, stored: Session
) -> None:
    address = f"/password/{addresses.token(newcomer(stored), SECRET)}"
    assert "The two passwords are not the same." in client.post(address, data=chosen("p3", again="other")).text
    short = client.post(address, data=chosen("p4", password="short", again="short"))
    assert "Choose a password of at least 12 characters." in short.text


def test_a_forgotten_password_is_answered_alike_and_the_mail_goes_to_the_owner_alone(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    newcomer(stored)
    unknown = client.post("/password", data={"email": "nobody@police.example", "once": "f1"})
    known = client.post("/password", data={"email": "sophea@police.example", "once": "f2"})
    assert unknown.headers["Location"] == known.headers["Location"] == "/sign-in"
    jobs = list(stored.scalars(select(Job.id).where(Job.kind == "mail_password_address")))
    assert len(jobs) == 2  # the same work for both, so that time does not tell them apart
    stored.commit()
    for job in jobs:
        run(app, job)
    box = mailbox.Maildir(app.extensions["confmgr"].instance / "mail")
    (letter,) = [m for m in box if m["Subject"] == "Choose your password for confmgr"]
    assert letter["To"] == "sophea@police.example"
    text = letter.get_payload(decode=True)
    assert isinstance(text, bytes)
    found = re.search(r"http://localhost(/password/\S+)", text.decode())
    assert found
    assert client.get(found[1]).status_code == 200


def test_the_present_password_is_asked_for_before_another_is_set(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    services.set_password(here.organiser, "the present password")
    as_(client, stored, here.organiser)
    wrong = client.post("/account/password", data=chosen("p5", present="not the present one"))
    assert "That is not the present password." in wrong.text
    right = client.post("/account/password", data=chosen("p6", present="the present password"))
    assert right.headers["Location"] == "/account"
    assert client.get("/account").status_code == 200


@pytest.mark.usefixtures("dear_passwords")
def test_a_password_is_hashed_as_slowly_as_is_advised(client: FlaskClient, stored: Session) -> None:
    user = newcomer(stored)
    services.set_password(user, CHOSEN)
    stored.commit()
    kept = str(user.password)
    assert extract_parameters(kept) == RFC_9106_LOW_MEMORY
    answer = client.post("/sign-in", data={"email": "sophea@police.example", "password": CHOSEN})
    assert answer.status_code == 302
    stored.refresh(user)
    assert user.password == kept  # the form hashes anew what is weaker than it would hash itself


def test_a_flood_of_forgotten_passwords_sends_ten_mails_and_locks_nobody_out(
    client: FlaskClient, stored: Session
) -> None:
    user = newcomer(stored)
    services.set_password(user, CHOSEN)
    stored.commit()
    for number in range(60):
        client.post("/password", data={"email": "sophea@police.example", "once": f"flood-{number}"})
    assert len(list(stored.scalars(select(Job).where(Job.kind == "mail_password_address")))) == 10
    stored.commit()
    client.post("/sign-in", data={"email": "sophea@police.example", "password": CHOSEN})
    assert client.get("/account").status_code == 200


def test_the_address_of_somebody_who_was_shut_out_sets_nothing(client: FlaskClient, stored: Session) -> None:
    user = newcomer(stored)
    address = f"/password/{addresses.token(user, SECRET)}"
    services.deactivate(stored, user, now=NOW)
    stored.commit()
    assert client.get(address).status_code == 422
    assert client.post(address, data=chosen("p9")).status_code == 422
    stored.expire_all()
    assert stored.get_one(User, user.id).password is None


def test_the_page_of_the_address_is_kept_nowhere_and_named_to_no_other_site(
    client: FlaskClient, stored: Session
) -> None:
    answer = client.get(f"/password/{addresses.token(newcomer(stored), SECRET)}")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
