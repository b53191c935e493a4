"""A small sample with everything published, and a reader who follows every link of it."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from confmgr.app.factory import create_app
from confmgr.app.migrating import upgrade
from confmgr.app.sample import DATA
from confmgr.config import Settings
from confmgr.interchange import building, schema
from tests.interchange.test_sample import real

LINK = re.compile(r'href="(/[^"#]*)')
MOST_OF_A_KIND = 4
"""Pages of one kind that are opened: the twentieth lead looks like the first."""


def small_sample(folder: Path) -> Flask:
    """The sample with two requests a meeting, each meeting published once."""
    raw = real()
    for meeting in raw["meeting"]:
        meeting["publications"] = [{"at": meeting["at"]}]
    app = create_app(
        Settings(
            instance=folder,
            database_url=f"sqlite:///{folder / 'confmgr.db'}",
            base_url="http://localhost",
            sample=True,
            secret_key="of a test, long enough to sign",
        )
    )
    app.config.update(WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
    building.build(app, schema.parse(schema.translated(raw, DATA.parent / "words")), tell=lambda *_words: None)
    return app


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": email, "password": building.PASSWORD})
    assert answer.status_code == 302, answer.text
    return client


def kind(app: Flask, path: str) -> str:
    """The endpoint of an address."""
    endpoint, _arguments = app.url_map.bind("localhost").match(path.partition("?")[0])
    return str(endpoint)


def crawl(
    app: Flask, client: FlaskClient, language: str, most: int = MOST_OF_A_KIND
) -> Iterator[tuple[str, TestResponse]]:
    """Every page that links lead to from the first, in a language; of each kind some."""
    waiting, seen, opened = ["/", f"/?lang={language}"], {"/"}, Counter[str]()
    while waiting:
        path = waiting.pop()
        answer = client.get(path, follow_redirects=True)
        yield path, answer
        for link in LINK.findall(answer.text if answer.mimetype == "text/html" else ""):
            found = unescape(link)
            if found in seen or found.startswith("/static") or ".pdf" in found or "lang=" in found:
                continue
            seen.add(found)
            endpoint = kind(app, found)
            opened[endpoint] += 1
            if opened[endpoint] <= most:
                waiting.append(found)
