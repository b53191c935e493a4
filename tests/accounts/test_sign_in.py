"""A sign-in is a row that can be revoked; failures are counted where every web process sees them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts import services
from confmgr.accounts.cli import account as account_commands
from confmgr.accounts.models import SignIn, User
from confmgr.app.factory import create_app
from confmgr.config import Settings
from confmgr.errors import Refused
from confmgr.orm.base import Base
from confmgr.web.db import db
from tests import make
from tests.conftest import settings_in
from tests.make_scheduling import NOW, as_, once, world

PASSWORD = "a long enough one"


def account(session: Session, email: str = "organiser@police.example") -> User:
    return services.create_account(session, email=email, name="Secretariat", now=NOW, password=PASSWORD)


def test_an_address_can_have_one_account_whatever_its_case(session: Session) -> None:
    account(session)
    with pytest.raises(Refused, match="email_taken"):
        account(session, "Organiser@Police.example ")


def test_a_short_password_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="password_too_short"):
        services.create_account(session, email="a@b.example", name="A", now=NOW, password="short")


def test_ten_failures_of_one_account_make_it_wait_fifteen_minutes(session: Session) -> None:
    for _ in range(10):
        services.count_failure(session, account="a@b.example", client="192.0.2.1", now=NOW)
    later = NOW + timedelta(minutes=16)
    assert services.too_many_attempts(session, account="A@B.example", client="192.0.2.9", now=NOW)
    assert not services.too_many_attempts(session, account="other@b.example", client="192.0.2.9", now=NOW)
    assert not services.too_many_attempts(session, account="a@b.example", client="192.0.2.9", now=later)


def test_fifty_failures_from_one_address_make_every_account_wait(session: Session) -> None:
    for number in range(50):
        services.count_failure(session, account=f"{number}@b.example", client="192.0.2.1", now=NOW)
    assert services.too_many_attempts(session, account="new@b.example", client="192.0.2.1", now=NOW)


def test_a_wrong_password_and_an_unknown_account_get_the_same_sentence(client: FlaskClient, stored: Session) -> None:
    account(stored)
    stored.commit()
    wrong = client.post("/sign-in", data={"email": "organiser@police.example", "password": "not the right one"})
    unknown = client.post("/sign-in", data={"email": "nobody@police.example", "password": "not the right one"})
    sentence = "The address or the password is not right."
    assert sentence in wrong.text
    assert sentence in unknown.text


def test_a_revoked_sign_in_shuts_its_browser_out_at_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.get("/meetings/seoul-2").status_code == 200
    for row in stored.query(SignIn):
        row.revoked_at = NOW
    stored.commit()
    assert client.get("/meetings/seoul-2").status_code == 302


def test_a_deactivated_account_is_out_of_every_browser(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    services.deactivate(stored, stored.get_one(User, here.organiser.id), now=NOW)
    stored.commit()
    assert client.get("/meetings/seoul-2").status_code == 302


@pytest.mark.parametrize("name", ["Sok\r\nBcc: a@evil.example", "Sok\nDara", "Sok\rDara"])
def test_37_a_name_is_one_line(client: FlaskClient, stored: Session, name: str) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    data = {"once": once(), "language": "en", "zone": "Asia/Seoul", "theme": "", "calendar": "", "digits": ""}
    assert client.post("/account", data=data | {"name": name}).status_code == 422
    assert client.post("/account", data=data | {"name": " Sok  Dara\r\n"}).status_code == 302
    stored.expire_all()
    assert stored.get_one(User, here.organiser.id).name == "Sok  Dara"


def test_the_first_organiser_is_made_only_while_nobody_has_an_account(client: FlaskClient, stored: Session) -> None:
    assert client.get("/start").status_code == 200
    make.user(stored)
    stored.commit()
    assert client.get("/start").status_code == 404


def test_the_first_organiser_is_made_only_from_the_machine_itself(client: FlaskClient) -> None:
    answer = client.get("/start", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "forwarded",
    [{"X-Forwarded-For": "192.0.2.7"}, {"Forwarded": "for=192.0.2.7"}, {"X-Real-IP": "192.0.2.7"}, {"Via": "1.1 x"}],
)
def test_what_a_server_in_front_passes_on_does_not_come_from_the_machine_itself(
    client: FlaskClient, forwarded: dict[str, str]
) -> None:
    assert client.get("/start", headers=forwarded).status_code == 404


def test_the_first_organiser_is_not_made_under_the_name_that_the_installation_has_for_others(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "TRUSTED_HOSTS", ["localhost", "meetings.example"])
    assert client.get("/start", headers={"Host": "meetings.example"}).status_code == 404


WAIT, WRONG = "Too many attempts", "The address or the password is not right"


def after_fifty_wrong_passwords(settings: Settings, by: str) -> Callable[[str], str]:
    """Fifty wrong passwords that came through a server in front, then how somebody else is answered."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        Base.metadata.create_all(db.engine)

    def answer(heard: str, account: str = "nobody@police.example") -> str:
        wrong = {"email": account, "password": "not the right one"}
        return app.test_client().post("/sign-in", data=wrong, headers={"X-Forwarded-For": heard}).text

    for number in range(50):
        answer(by, f"{number}@police.example")
    return answer


def test_behind_a_server_in_front_only_whom_it_heard_waits_for_wrong_passwords(tmp_path: Path) -> None:
    answer = after_fifty_wrong_passwords(replace(settings_in(tmp_path), proxies=1), by="203.0.113.9, 192.0.2.7")
    assert WAIT in answer("192.0.2.7")
    assert WAIT in answer("203.0.113.1, 192.0.2.7")
    assert WRONG in answer("203.0.113.9")


def test_without_a_server_in_front_nobody_gets_round_the_wait_by_calling_himself_another(tmp_path: Path) -> None:
    answer = after_fifty_wrong_passwords(settings_in(tmp_path), by="203.0.113.9")
    assert WAIT in answer("198.51.100.4")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(client: FlaskClient, stored: Session, target: str) -> None:
    account(stored)
    stored.commit()
    answer = client.post("/sign-in", data={"email": "organiser@police.example", "password": PASSWORD, "next": target})
    where = answer.headers.get("Location", "/")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


def test_an_account_is_shut_out_from_the_command_line(app: Flask, client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    as_(client, stored, here.organiser)
    assert client.get("/meetings/seoul-2").status_code == 200
    answer = app.test_cli_runner().invoke(account_commands, ["deactivate", here.organiser.email.upper()])
    assert answer.exit_code == 0, answer.output
    assert "/sign-in" in client.get("/meetings/seoul-2").location
    unknown = app.test_cli_runner().invoke(account_commands, ["deactivate", "nobody@police.example"])
    assert (unknown.exit_code, "there is no account" in unknown.output) == (1, True)
