"""Attacks on the edge of the application: forged hosts, foreign forms, replayed cookies, guessed passwords."""

import itertools
import re
import secrets
from datetime import UTC, datetime
from traceback import format_exception
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.accounts import services as accounts
from confmgr.accounts.models import SignIn, User
from confmgr.delegations.models import Delegate
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.orm.engine import prepare
from confmgr.outcomes import services as outcomes
from confmgr.values.words import Words
from confmgr.web.db import OPTIONS, db
from tests import make, make_outcomes, make_rounds, make_scheduling
from tests.conftest import Counter
from tests.make_cases import without_tokens
from tests.make_house import address, house
from tests.make_scheduling import as_, world

PASSWORD = "breaking chains tonight"
FOREIGN_HOSTS = ["evil.example", "localhost.evil.example", "localhost@evil.example", "evil.example:80", ""]


def person(session: Session) -> User:
    user = accounts.create_account(
        session,
        email="dara@kh.example",
        name="Sok Dara",
        password=PASSWORD,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.commit()
    return user


def signed_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> int:
    data = {"email": "dara@kh.example", "password": password} | more
    return client.post("/sign-in", data=data).status_code


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_forged_host_is_refused_on_every_page(client: FlaskClient, stored: Session, host: str) -> None:
    person(stored)
    for path in ("/", "/sign-in", "/account", "/health", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert "evil.example" not in answer.headers.get("Location", "") + answer.text


def test_a_forged_forwarded_host_leads_nowhere(client: FlaskClient, stored: Session) -> None:
    person(stored)
    answer = client.get("/account", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert answer.headers["Location"].startswith("/sign-in")
    assert "evil.example" not in client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"}).text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "%2f%2fevil.example",
        "javascript:alert(1)",
        "///evil.example",
        "/\t/evil.example",
        "/\r\nX: y",
        "http://localhost@evil.example/",
        " //evil.example",
    ],
)
def test_signing_in_leads_to_a_page_of_this_installation(client: FlaskClient, stored: Session, wanted: str) -> None:
    person(stored)
    for data, query in (({"next": wanted}, {}), ({}, {"next": wanted})):
        browser = client.application.test_client()
        answer = browser.post(
            "/sign-in", query_string=query, data={"email": "dara@kh.example", "password": PASSWORD} | data
        )
        where = answer.headers.get("Location", "/")
        assert answer.status_code in {200, 302, 400, 422}
        assert re.match(r"(http://localhost)?/(?![/\\])", re.sub(r"[\t\r\n]", "", where)), where
        assert "X" not in answer.headers


@pytest.mark.parametrize("page", ["//evil.example", "///evil.example/x", "/\\evil.example", "/account"])
def test_choosing_colours_leads_back_to_a_page_of_this_installation(
    client: FlaskClient, stored: Session, page: str
) -> None:
    as_(client, stored, person(stored))
    answer = client.post("/account/theme", data={"theme": "dark"}, headers={"Referer": f"http://localhost{page}"})
    assert answer.headers["Location"] == ("/account" if page == "/account" else "/")


def test_a_cookie_is_worthless_after_signing_out(client: FlaskClient, stored: Session) -> None:
    person(stored)
    assert signed_in(client) == 302
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.post("/sign-out")
    client.set_cookie("session", cookie.value)
    assert client.get("/account").status_code == 302


def test_signing_in_gives_a_new_session_and_keeps_nothing_of_a_planted_one(
    client: FlaskClient, stored: Session
) -> None:
    person(stored)
    with client.session_transaction() as planted:
        planted["sign_in"] = "planted"
    assert signed_in(client) == 302
    tokens = set(stored.scalars(select(SignIn.token)))
    with client.session_transaction() as browser:
        assert browser["sign_in"] in tokens
    assert "planted" not in tokens


def test_what_is_taken_away_is_gone_at_the_next_request(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    stored.commit()
    as_(client, stored, here.head_kh)
    assert client.get("/meetings/seoul-2").status_code == 200
    row = stored.scalars(select(Membership).where(Membership.user_id == here.head_kh.id)).one()
    row.ends_at = datetime(2026, 1, 2, tzinfo=UTC)
    stored.commit()
    assert client.get("/meetings/seoul-2").status_code == 404
    here.head_kh.active = False
    stored.commit()
    assert client.get("/account").status_code == 302


def test_passwords_cannot_be_guessed_without_end(client: FlaskClient, stored: Session) -> None:
    person(stored)
    answers = [client.post("/sign-in", data={"email": "dara@kh.example", "password": f"guess {n}"}) for n in range(11)]
    assert "Too many attempts" not in answers[9].text
    assert "Too many attempts" in answers[10].text
    assert signed_in(client) != 302


@pytest.mark.parametrize("email", ["DARA@KH.EXAMPLE", " dara@kh.example", "dara@kh.example\u3000"])
def test_another_spelling_of_an_address_gives_no_further_guesses(
    client: FlaskClient, stored: Session, email: str
) -> None:
    person(stored)
    for n in range(10):
        client.post("/sign-in", data={"email": "dara@kh.example", "password": f"guess {n}"})
    assert "Too many attempts" in client.post("/sign-in", data={"email": email, "password": "another guess"}).text


HOSTILE = ["\x00", "a\x00b@kh.example", "x" * 70_000, "\u202e", "a@b\r\nBcc: c@d.example", "a@b, c@d", "😀@😀.example"]


@pytest.mark.parametrize("field", ["email", "password", "next", "remember", "once", "csrf_token"])
def test_signing_in_with_anything_at_all_is_answered(client: FlaskClient, stored: Session, field: str) -> None:
    person(stored)
    for number, hostile in enumerate(HOSTILE):
        data: dict[str, object] = {"email": f"dara{number}@kh.example", "password": "wrong password", field: hostile}
        assert client.post("/sign-in", data=data).status_code < 500
    assert client.post("/sign-in", data={field: ["a", "b"]}).status_code < 500


@pytest.mark.parametrize(
    "body",
    ['{"email":"\\ud800","password":"\\ud800"}', "[]", "null", '"x"', "{", '{"email":[],"password":{}}', "1e999"],
)
def test_signing_in_takes_a_form_and_nothing_else(client: FlaskClient, stored: Session, body: str) -> None:
    person(stored)
    answer = client.post("/sign-in", data=body, content_type="application/json")
    assert answer.status_code in {200, 400, 415, 422}
    right = '{"email":"dara@kh.example","password":"' + PASSWORD + '"}'
    answer = client.post(
        "/sign-in", data=right, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.mimetype == "text/html"
    assert "csrf_token" not in answer.headers


def test_every_route_that_writes_asks_for_the_token_of_the_form(app: Flask, stored: Session) -> None:
    whole = house(stored)
    stored.commit()
    before = _everything(stored)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser = app.test_client()
        make.sign_in(browser, stored, whole.people["organiser"])
        kinds = itertools.cycle(["application/x-www-form-urlencoded", "text/plain", "application/json"])
        for rule in app.url_map.iter_rules():
            if "POST" in (rule.methods or ()):
                answer = browser.post(address(whole, rule), data="a=b", content_type=next(kinds))
                assert answer.status_code == 400, rule
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert _everything(stored) == before


def _everything(session: Session) -> list[object]:
    session.commit()
    return [session.scalars(select(kind.id)).all() for kind in (Delegate, Membership, User)]


def test_every_answer_carries_the_policy_of_what_may_run_and_is_not_kept(app: Flask, stored: Session) -> None:
    whole = house(stored)
    stored.commit()
    for name in ("organiser", "outsider"):
        browser = app.test_client()
        make.sign_in(browser, stored, whole.people[name])
        for rule in app.url_map.iter_rules():
            if rule.endpoint in {"static", "security.static"} or "pdf" in rule.rule:
                continue
            method = "GET" if "GET" in (rule.methods or ()) else "TRACE"
            answer = browser.open(address(whole, rule), method=method)
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src" in policy, rule
            assert "unsafe" not in policy, rule
            assert answer.headers["X-Content-Type-Options"] == "nosniff", rule
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", rule
            assert answer.headers["Cache-Control"] == "no-store", rule
            assert method == "GET" or answer.status_code == 405, rule


def test_whose_address_is_https_is_asked_for_by_nothing_else(app: Flask, stored: Session) -> None:
    browser, said = app.test_client(), "Strict-Transport-Security"
    assert said not in browser.get("/sign-in").headers
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        assert browser.get("/sign-in").headers[said] == "max-age=31536000; includeSubDomains"
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False


def test_who_is_signed_out_gets_of_what_exists_what_comes_of_what_does_not(
    app: Flask, client: FlaskClient, stored: Session
) -> None:
    whole = house(stored)
    stored.commit()
    nothing, different = str(uuid4()), []
    for rule in app.url_map.iter_rules():
        if "uuid" not in rule.arguments or "GET" not in (rule.methods or ()):
            continue
        pages = [address(whole, rule), address(whole, rule, uuid=nothing)]
        real, none = (client.get(page) for page in pages)
        if (real.status_code, real.location == "/sign-in?next=" + pages[0]) != (
            none.status_code,
            none.location == "/sign-in?next=" + pages[1],
        ):
            different.append((str(rule), real.status_code, none.status_code))
    assert different == []


@pytest.mark.parametrize("secret", ["x", "x" * 5000, "%27%20OR%201=1--", "%F0%9F%97%9D", "a%3Cscript%3E", "null", "-1"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_guessed_address_of_an_answer_page_tells_nobody_anything(
    client: FlaskClient, stored: Session, method: str, secret: str
) -> None:
    stored.commit()
    answers = [client.open(f"/r/{one}", method=method, data={"said": "DECLINED"}) for one in (secret, "y" * 43)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert list(answers[0].headers) == list(answers[1].headers)
    assert answers[0].headers["Referrer-Policy"] == "no-referrer"
    assert answers[0].headers["X-Robots-Tag"] == "noindex"


def test_what_goes_wrong_on_an_answer_page_is_logged_without_its_secret(
    app: Flask, stored: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = house(stored)
    stored.commit()
    monkeypatch.setitem(app.view_functions, "invitations.answer_page", lambda **_given: 1 / 0)
    assert app.test_client().get(f"/r/{whole.ids['secret']}").status_code == 500
    assert "unexpected error in GET invitations.answer_page" in caplog.text
    assert whole.ids["secret"] not in caplog.text


def test_an_error_of_the_database_puts_nothing_that_people_wrote_into_the_log(
    app: Flask, stored: Session, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = secrets.token_hex()

    def broken(**_given: object) -> None:
        db.session.execute(text("INSERT INTO no_such_table VALUES (:text)"), {"text": written})

    stored.commit()
    monkeypatch.setitem(app.view_functions, "security.login", broken)
    assert app.test_client().get("/sign-in").status_code == 500
    assert "Error" in caplog.text
    assert "no_such_table" not in caplog.text
    assert written not in caplog.text


@pytest.mark.parametrize("refused", ["(:text, NULL)", "(:text, 1), (:text, 2)"])
def test_nor_does_postgresql_which_tells_the_row_that_it_refuses(postgresql_url: str, refused: str) -> None:
    written = secrets.token_hex()
    engine = prepare(create_engine(postgresql_url, **OPTIONS))
    with engine.connect() as connection:
        connection.execute(text("CREATE TEMP TABLE note (text varchar UNIQUE, number integer NOT NULL)"))
        with pytest.raises(IntegrityError) as broken:
            connection.execute(text(f"INSERT INTO note VALUES {refused}"), {"text": written})  # noqa: S608
    engine.dispose()
    told = "".join(format_exception(broken.value))
    assert "violates" in told
    assert written not in told


@pytest.mark.parametrize(
    ("there", "nowhere"),
    [
        ("/meetings/seoul-2", "/meetings/seoul-9"),
        ("/meetings/seoul-2/cases", "/meetings/seoul-9/cases"),
        ("/operations/breaking-chains/outcomes", "/operations/broken-chains/outcomes"),
    ],
)
def test_to_tell_an_outsider_that_there_is_nothing_takes_as_much_work_where_there_is_something(
    client: FlaskClient, stored: Session, statements: Counter, there: str, nowhere: str
) -> None:
    world(stored)
    as_(client, stored, make.user(stored, "Outsider"))
    asked = []
    for page in (there, nowhere):
        statements.statements.clear()
        assert client.get(page).status_code == 404
        asked.append(list(statements.statements))
    assert asked[0] == asked[1]


def test_what_is_hidden_is_answered_as_what_is_not_there_and_takes_as_many_statements(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    reader = make.user(stored, "Sato Aoi")
    make.membership(stored, here.meeting, reader, Role.HEAD, of_delegation=make.delegation(stored, here.meeting, "JP"))
    action = make_outcomes.carried_out(stored, here)
    figure = make_outcomes.figure(stored, here, joint_action=action)
    persons = outcomes.find_persons(stored, action, name=Words.of("Callers"), count=9)
    request = make_scheduling.request(stored, here)
    as_(client, stored, reader)
    client.get("/")
    for page in (
        f"/figures/{figure.uuid}",
        f"/persons/{persons.uuid}",
        f"/meetings/seoul-2/requests/{request.uuid}",
        f"/actions/{action.item.uuid}",
    ):
        asked, answers = [], []
        for opened in (page, f"{page.rpartition('/')[0]}/{uuid4()}"):
            statements.statements.clear()
            answers.append(client.get(opened))
            asked.append(statements.count)
        assert [one.status_code for one in answers] == [404, 404], page
        assert without_tokens(answers[0].data) == without_tokens(answers[1].data), page
        assert asked[0] == asked[1], page


@pytest.mark.parametrize("page", ["/returns/{}", "/returns/{}/edit"])
def test_the_return_of_another_party_is_answered_as_one_that_is_not_there(
    client: FlaskClient, stored: Session, statements: Counter, page: str
) -> None:
    here = world(stored)
    row = make_rounds.of(make_rounds.round_(stored, here), here.kh)
    outsider = make.user(stored, "Outsider")
    stored.commit()
    signed_out = [client.get(page.format(ident)) for ident in (row.uuid, uuid4())]
    assert signed_out[0].status_code == signed_out[1].status_code
    for reader in (here.head_th, outsider):
        as_(client, stored, reader)
        client.get("/")
        asked, answers = [], []
        for ident in (row.uuid, uuid4()):
            statements.statements.clear()
            answers.append(client.get(page.format(ident)))
            asked.append(statements.count)
        assert [one.status_code for one in answers] == [404, 404]
        assert without_tokens(answers[0].data) == without_tokens(answers[1].data)
        assert asked[0] == asked[1]


def test_a_token_that_another_person_has_sent_hinders_nobody_and_leads_nowhere(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    data = {"language": "th", "zone": "Asia/Bangkok", "theme": "", "calendar": "", "digits": "", "once": "one token"}
    for user, name in ((here.head_kh, "One"), (here.head_th, "Other"), (here.head_th, "Twice")):
        as_(client, stored, user)
        assert client.post("/account", data=data | {"name": name}).location == "/account"
    stored.expire_all()
    assert (here.head_kh.name, here.head_th.name) == ("One", "Other")
