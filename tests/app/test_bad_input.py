"""Whatever is sent to whichever route and field: an answer that says what is wrong, and nothing half written."""

import itertools
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.routing import Rule

from tests import make
from tests.make_house import House, address, house
from tests.soak import SOAK

ARGUMENTS = itertools.cycle(
    [
        "9223372036854775808",
        "2147483648",
        "-1",
        "0",
        "a%00b",
        "%ED%A0%80",
        "%F0%9F%98%80",
        "%0d%0aX:1",
        "x" * 3000,
        "%zz",
        "%C0%AE",
        "%2e%2e%2f",
        "=cmd",
    ]
)
NOBODY = "00000000-0000-4000-8000-000000000000"
"""A number that is well formed and that nothing has: each argument gets it, of the others those whose turn it is."""
QUERIES = ["%00", "%ED%A0%80", "9223372036854775808", "x" * 3000, "%F0%9F%98%80", "%zz", "a%0d%0ab", "&&=&", "[]"]
VALUES = [
    "9223372036854775808",
    "-1",
    "x" * 70_000,
    "a\x00b",
    "\ud800",
    "a\u202eb",
    "a\r\nBcc: evil@evil.example",
    "😀",
    "no-such-thing",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "9999-12-31T23:55",
    "0001-01-01T00:00",
    "2026-03-29T02:30",
    "2026-10-25T02:30",
    "NaN",
    "Infinity",
    "1e400",
    "٣",
    "",
    "00000000-0000-4000-8000-000000000000",
    "{{7*7}}%(x)s{0.__class__}",
    "<script>alert(1)</script>",
    "a@b.example, c@d.example",
    "../../etc/passwd",
    "1" * 5000,
    "zh-Hans-ko, km-km, -",
]
OFTEN = ("a\x00b", "no-such-thing")
OFTEN_NEXT = itertools.cycle(OFTEN)
"""Every field gets one of these in turn, and one of the others whose turn it is."""
OTHERS = itertools.cycle([value for value in VALUES if value not in OFTEN])
EITHER = itertools.chain.from_iterable(zip(OFTEN_NEXT, OTHERS, strict=False))
TURN = itertools.count()
FINE = {"date": "2026-02-05", "datetime-local": "2026-02-05T10:00", "number": "5", "time": "10:00"}
HIDDEN = ("security.", "static", "interchange.leave_sample", "accounts.start")


class Page(HTMLParser):
    """The fields of the form that a page is for, with what its browser would send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = self._found = False
        self._select = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        name, value = at.get("name") or "", at.get("value") or ""
        if tag == "form":
            self._inside = not self._found and at.get("method") == "post"
            self._mine: dict[str, str] = {}
        elif tag == "input" and name:
            box = at.get("type") in {"checkbox", "radio"}
            if not box or name not in self._mine:
                self._mine[name] = value or FINE.get(at.get("type") or "", "" if box else "Q7")
        elif tag == "select":
            self._select, self._mine[name] = name, ""
        elif tag == "option" and (not self._mine.get(self._select) or "selected" in at):
            self._mine[self._select] = value
        elif tag == "textarea":
            self._mine[name] = "Q7"

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside and "once" in self._mine:
            self.fields, self._found = self._mine, True

    _mine: dict[str, str] = {}  # noqa: RUF012  # each page has its own once a form has begun


@pytest.fixture
def whole(stored: Session) -> House:
    found = house(stored)
    stored.commit()
    return found


def rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and not rule.endpoint.startswith(HIDDEN) and "pdf" not in rule.rule:
            yield rule


def browser(app: Flask, session: Session, whole: House, name: str) -> FlaskClient:
    client = app.test_client()
    make.sign_in(client, session, whole.people[name])
    return client


PRESSED_TWICE = (
    "interchange.preview",
    "interchange.leave_translations",
    "interchange.look_at_translations",
    "interchange.look_at_exchange",
    "delegations.remove_hours",
    "outcomes.bring_back",
    "outcomes.remove_conversion",
)
"""Deeds whose object is gone after the first press: a second one is led on as the first was."""


@pytest.mark.parametrize("name", ["organiser", "head"])
def test_an_address_with_anything_in_it_leads_nowhere(app: Flask, stored: Session, whole: House, name: str) -> None:
    client = browser(app, stored, whole, name)
    wrong = []
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            for argument in rule.arguments:
                for value in (NOBODY, *itertools.islice(ARGUMENTS, 2 if SOAK else 1)):
                    path = address(whole, rule, **{argument: value})
                    answer = client.open(path, method=method)
                    expected = {302} if rule.endpoint in PRESSED_TWICE and method == "POST" else set()
                    if answer.status_code not in {308, 400, 403, 404, 405} | expected:
                        wrong.append((answer.status_code, method, path[:120]))
    assert not wrong


def test_numbers_that_no_row_can_have_lead_nowhere(app: Flask, stored: Session, whole: House) -> None:
    client = browser(app, stored, whole, "organiser")
    for rule in rules(app, "POST"):
        for argument, converter in rule._converters.items():  # there is no other way to see the kind
            if type(converter).__name__ == "RowNumber":
                for value in ("9223372036854775808", "2147483648", "99999999999999999999999"):
                    assert client.post(address(whole, rule, **{argument: value})).status_code == 404


@pytest.mark.parametrize("path", ["/meetings/a\x00b", "/parties/\ud800", "/operations/a\u202eb/outcomes"])
def test_text_that_a_database_refuses_never_reaches_it(app: Flask, path: str) -> None:
    with pytest.raises(NotFound):
        app.url_map.bind("localhost").match(path)


@pytest.mark.parametrize("name", ["organiser", "head"])
def test_a_question_mark_may_be_followed_by_anything(app: Flask, stored: Session, whole: House, name: str) -> None:
    client = browser(app, stored, whole, name)
    wrong = []
    names = ("state", "party", "crime", "delegation", "day", "language", "lang", "unknown")
    values = itertools.cycle(QUERIES)
    for rule in rules(app, "GET"):
        query = "&".join(f"{one}={next(values)}" for one in names)
        answer = client.get(f"{address(whole, rule)}?{query}")
        if answer.status_code not in {200, 302, 400, 403, 404, 422}:
            wrong.append((answer.status_code, rule.rule))
    assert not wrong


@pytest.mark.parametrize("query", ["party=%00", "q=a%00b", "%00=1"])
def test_a_question_with_a_character_that_no_text_has_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/login?{query}").status_code == 400


def tried(fields: Iterable[str]) -> Iterator[dict[str, str]]:
    """What fields of a form hold: each of them two values alone, or quickly one of them alone and all others at once."""
    names = list(fields)
    if SOAK:
        yield from ({name: value} for name in names for value in (next(OFTEN_NEXT), next(OTHERS)))
        return
    alone = names[next(TURN) % len(names)] if names else ""
    for sent in ([alone], [name for name in names if name != alone]):
        if names and sent:
            yield {name: next(EITHER) for name in sent}


@pytest.mark.parametrize(("name", "language"), [("organiser", "en"), ("head", "ko")])
def test_a_form_may_hold_anything(app: Flask, stored: Session, whole: House, name: str, language: str) -> None:
    client = browser(app, stored, whole, name)
    number = itertools.count()
    wrong: list[object] = []
    sent = 0
    for rule in rules(app, "POST"):
        path = address(whole, rule)
        fields = {"once": "1", "said": "accepted", "decision": "same", "kind": "", "note": "", "other": "", "theme": ""}
        if "GET" in (rule.methods or ()):
            page = client.get(f"{path}?lang={language}")
            fields = Page(page.text).fields
        for said in tried(fields):
            data = fields | {"once": f"{rule.endpoint[-30:]}-{next(number)}"} | said
            body = urlencode(data, errors="surrogatepass")
            answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded")
            sent += 1
            shown = {field: value[:40] for field, value in said.items()}
            if answer.status_code not in {200, 302, 400, 403, 404, 409, 413, 422}:
                wrong.append((answer.status_code, rule.rule, shown))
            if answer.status_code >= 400 and not answer.is_json and f'lang="{language}"' not in answer.text:
                wrong.append((answer.status_code, rule.rule, shown, "language"))
    assert not wrong
    assert sent > 50


def test_a_body_of_another_kind_is_an_empty_form(app: Flask, stored: Session, whole: House) -> None:
    client = browser(app, stored, whole, "organiser")
    kinds = itertools.cycle(["application/json", "text/plain", "multipart/form-data; boundary=x", "a/b", ""])
    for rule in rules(app, "POST"):
        answer = client.post(address(whole, rule), data=b"--x\r\n\x00\xff{", content_type=next(kinds))
        assert answer.status_code in {200, 302, 400, 403, 404, 409, 422}, rule


def test_an_address_that_is_too_long_is_refused(client: FlaskClient, stored: Session) -> None:
    for path in ("/" + "x" * 100_000, "/meetings/" + "y/" * 5000, "/?" + "z" * 100_000, "/%" * 500):
        assert client.get(path).status_code in {302, 400, 404, 414}
    assert re.search("lang=", client.get("/nowhere").text)
