"""Every route declares who may call it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.errors import NotFound, SignInNeeded
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


def test_who_has_not_signed_in_is_told_so_before_any_rule_looks_for_anything(app: Flask) -> None:
    def looks(_session: Session, _arguments: policy.Arguments) -> policy.Arguments:
        raise NotFound("round")

    view = policy.policy(looks)(lambda: "everything")

    with app.test_request_context("/rounds/1"), pytest.raises(SignInNeeded):
        view()


def test_a_rule_that_lets_in_anybody_is_asked_at_once(app: Flask) -> None:
    @policy.anybody
    def opens(_session: Session, arguments: policy.Arguments) -> policy.Arguments:
        return arguments

    view = policy.policy(opens)(lambda: "everything")

    with app.test_request_context("/answer/1"):
        assert view() == "everything"
