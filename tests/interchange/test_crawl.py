"""Every link that a page shows to somebody leads to a page that this person may open."""

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from confmgr.app.factory import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import Settings
from confmgr.interchange import building, schema
from tests.interchange.test_sample import real

LINK = re.compile(r'href="(/[^"#]*)')
MOST_OF_A_KIND = 4
"""Pages of one kind that are opened: the twentieth lead looks like the first."""
READERS = [
    ("organiser@knpa.example", "en"),
    ("organiser@knpa.example", "ko"),
    ("leadership@knpa.example", "en"),
    ("leadership@knpa.example", "ko"),
    ("auditor@knpa.example", "ko"),
    ("kim.seojun@kr.example", "ko"),
    ("sok.dara@kh.example", "en"),
    ("takahashi.naoki@jp.example", "ko"),
    ("marta.koller@unodc.example", "en"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The sample with two requests a meeting, each meeting published once."""
    folder: Path = tmp_path_factory.mktemp("crawled")
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
    building.build(app, schema.parse(raw), tell=lambda *_words: None)
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


@pytest.mark.parametrize(("email", "language"), READERS)
def test_no_link_leads_to_an_error(sample: Flask, email: str, language: str) -> None:
    client = signed_in(sample, email)
    waiting, seen, opened = ["/", f"/?lang={language}"], {"/"}, Counter[str]()
    wrong = []
    while waiting:
        path = waiting.pop()
        answer = client.get(path, follow_redirects=True)
        if answer.status_code != 200:
            wrong.append((answer.status_code, path))
        for link in LINK.findall(answer.text if answer.mimetype == "text/html" else ""):
            found = unescape(link)
            if found in seen or found.startswith("/static") or ".pdf" in found or "lang=" in found:
                continue
            seen.add(found)
            endpoint = kind(sample, found)
            opened[endpoint] += 1
            if opened[endpoint] <= MOST_OF_A_KIND:
                waiting.append(found)
    assert not wrong, wrong
    assert len(opened) > 5
