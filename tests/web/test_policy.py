"""Every route declares who may call it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from confmgr.web import policy


def test_an_application_with_an_undeclared_route_refuses_to_start() -> None:
    app = Flask("with a hole", static_folder=None)
    app.add_url_rule("/secret", "secret", lambda: "everything")

    with pytest.raises(policy.UndeclaredRoute, match="secret"):
        policy.check_routes(app)


def test_a_stranger_is_led_to_the_sign_in_page(client: FlaskClient) -> None:
    answer = client.get("/account")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")


def test_an_empty_installation_leads_to_its_first_organiser(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/start"
