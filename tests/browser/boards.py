"""What the browser tests of the board share: an installation with a worker, an organiser at the board, a hand."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from confmgr.app import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import load
from confmgr.orm.engine import writing
from confmgr.web.db import db
from tests import make
from tests.make_board import Board, board
from tests.setup.serving import Served, environment

REFUSED = re.compile(r"status of (409|422)|net::ERR_FAILED")


class House:
    """An installation with a worker, to which tests add meetings of their own."""

    def __init__(self, app: Flask, served: Served) -> None:
        self.app = app
        self.served = served

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.served.port}"

    def made(self, slug: str) -> tuple[Board, str, str]:
        """A small meeting, and the cookies of its two organisers."""
        token = writing.set(True)
        with self.app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            here = board(session, tables=4, days=2, sessions=12, waiting=3, delegations=9, slug=slug, seed=3)
            bora = make.user(session, "Han Bora")
            make.membership(session, here.meeting, bora)
            cookies = []
            for who in (here.organiser, bora):
                client = self.app.test_client()
                make.sign_in(client, session, who)
                cookie = client.get_cookie("session")
                assert cookie is not None
                cookies.append(cookie.value)
        writing.reset(token)
        return here, cookies[0], cookies[1]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("board")
    patch = pytest.MonkeyPatch()
    for name in [one for one in os.environ if one.startswith("CONFMGR_")]:
        patch.delenv(name)
    for name, value in environment(folder).items():
        patch.setenv(name, value)
    app = create_app(load())
    with app.app_context():
        upgrade()
    patch.undo()
    with Served(folder, "--empty") as served:
        yield House(app, served)


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, house: House) -> Iterator[Opens]:
    """Opens the board as somebody; a console error or an exception of a script fails the test."""
    contexts = []
    faults: list[str] = []

    def open_(slug: str, cookie: str, *, width: int = 1440, query: str = "", **options: Any) -> Page:
        context = browser.new_context(
            base_url=house.url, viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.add_cookies([{"name": "session", "value": cookie, "url": house.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text) if message.type == "error" and not REFUSED.search(message.text) else None
            ),
        )
        page.goto(f"/meetings/{slug}/board{query}")
        expect(page.locator("#board[data-ready]")).to_be_attached()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert faults == []


def waiting(page: Page) -> str:
    """What stands at the number of the unscheduled."""
    return page.locator("[data-waiting]").inner_text()


def drag(page: Page, source: str, x: float, y: float, *, drop: bool = True) -> None:
    """Take the first card that matches, carry it to a point of the visible day, by parts of its width and height."""
    box = page.locator(source).first.bounding_box()
    field = page.locator(".bd-day:not([hidden]) .bd-field").bounding_box()
    assert box is not None
    assert field is not None
    page.mouse.move(box["x"] + 15, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 20, steps=3)
    page.mouse.move(field["x"] + x * field["width"], field["y"] + y * field["height"], steps=4)
    expect(page.locator(".bd-preview")).to_be_visible()
    if drop:
        page.mouse.up()


def free(page: Page, ident: str) -> tuple[float, float]:
    """A point of the visible day at which a card may be dropped, as the script itself sees it."""
    found: list[float] = page.evaluate(
        """(id) => {
            const { model, day } = document.getElementById("board").board;
            const card = model.cards.get(id);
            const d = Math.max(day, 0);
            const { units } = model.data.days[d];
            for (let s = 0; s + card.n <= units; s += model.slot)
              for (let c = 0; c < model.columns.length; c += 1)
                if (!model.check(card, { d, s, n: card.n, c }).rank) return [(c + 0.5) / model.columns.length, (s + 0.3) / units];
        }""",
        ident,
    )
    return found[0], found[1]


def first_waiting(page: Page) -> str:
    value = page.locator("[data-tray] .card").first.get_attribute("value")
    assert value is not None
    return value


def card(page: Page, ident: str) -> str:
    return f'.card[value="{ident}"]'
