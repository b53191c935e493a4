"""A reader who follows every link of the sample."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from confmgr.interchange import building
from tests.soak import SOAK

LINK = re.compile(r'href="(/[^"#]*)')
MOST_OF_A_KIND = 4 if SOAK else 1
"""Pages of one kind that are opened: the twentieth lead looks like the first."""


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
