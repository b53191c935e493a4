"""What the schedule board costs: a saved move on the server, and the page in Chromium, by Chromium's own metrics."""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from confmgr.orm.engine import writing
from confmgr.scheduling.models import MeetingSession
from confmgr.web.db import db
from tests import make
from tests.bench.installations import installation
from tests.bench.measures import Measure, report
from tests.browser.serving import serving
from tests.conftest import Counter
from tests.make_board import Board, board

ROUNDS = 20
STEPS = 60
SMALL: dict[str, Any] = {"tables": 12, "per_day": 27, "days": 2, "sessions": 120}
LARGE: dict[str, Any] = {"tables": 40, "per_day": 27, "days": 5, "sessions": 1000, "delegations": 100}
MOST_STATEMENTS, MOST_SERVER, MOST_INTERACTIVE, MOST_SMALL, MOST_LARGE, MOST_HEAP = 11, 30, 150, 4, 16, 3


def moves(client: FlaskClient, counter: Counter, app: Flask, here: Board) -> list[Measure]:
    """Statements and least processor time of a saved move."""
    with app.app_context(), Session(db.engine) as session:
        row = session.scalars(
            select(MeetingSession).where(
                MeetingSession.starts_local.is_not(None),
                MeetingSession.time_locked.is_(False),
                MeetingSession.reference.like("S%"),
            )
        ).first()
        if row is None or row.starts_local is None:
            raise RuntimeError("nothing is placed")
        ident, version, starts = str(row.uuid), row.version, row.starts_local
    spent, revision = [], 0
    for n in range(ROUNDS):
        body = {
            "after": revision,
            "anyway": True,
            "cards": [{"i": ident, "v": version + n, "start": starts.isoformat(), "place": here.places[n % 12].code}],
        }
        counter.statements.clear()
        began = time.process_time()
        answer = client.post(f"/meetings/{here.meeting.slug}/board/move", json=body)
        spent.append((time.process_time() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(answer.text)
        revision = answer.json["revision"] if answer.json else 0
    return [
        Measure("a saved move: statements", counter.count, "", MOST_STATEMENTS),
        Measure("a saved move: processor", min(spent), "ms", MOST_SERVER),
    ]


def metrics(protocol: CDPSession) -> dict[str, float]:
    """Chromium's counters: seconds, bytes."""
    found: dict[str, Any] = protocol.send("Performance.getMetrics")
    return {one["name"]: float(one["value"]) for one in found["metrics"]}


def kept(page: Page, url: str) -> float:
    """Megabytes of heap of an open board, in a page into which nothing of the driver was put."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("Performance.enable")
    page.goto(f"{url}/meetings/board/board")
    page.wait_for_timeout(1500)
    protocol.send("HeapProfiler.collectGarbage")
    return metrics(protocol)["JSHeapUsedSize"] / 2**20


def drag(page: Page, protocol: CDPSession) -> float:
    """Script and layout of one step of a drag over the board."""
    card = page.locator(".bd-day:not([hidden]) .card:not(.band):not(.locked)").first
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    field = page.locator("[data-scroll]").bounding_box()
    if box is None or field is None:
        raise RuntimeError("nothing to drag")
    page.mouse.move(box["x"] + 12, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.wait_for_timeout(150)
    before = metrics(protocol)
    for n in range(STEPS):
        across = field["x"] + 150 + (n * 67) % (field["width"] - 260)
        page.mouse.move(across, field["y"] + 90 + (n * 29) % (field["height"] - 180))
        page.wait_for_timeout(20)
    after = metrics(protocol)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.wait_for_timeout(200)
    names = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    return sum(after[name] - before[name] for name in names) * 1000 / STEPS


def in_browser(browser: Browser, url: str, cookie: str, name: str, most: float, *, small: bool) -> list[Measure]:
    """How soon the page answers, what a step of a drag costs, what it keeps."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.add_cookies([{"name": "session", "value": cookie, "url": url}])
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Performance.enable")
    page.goto(f"{url}/meetings/board/board")  # fills the cache of files
    soonest = []
    for _round in range(5):
        page.goto(f"{url}/meetings/board/board")
        page.locator("#board[data-ready]").wait_for(state="attached")
        soonest.append(page.evaluate(READY))
    step = min(drag(page, protocol) for _round in range(3))
    heap = kept(context.new_page(), url)
    context.close()
    found = [
        Measure(f"{name}: script and layout of a drag step", step, "ms", most),
        Measure(f"{name}: heap", heap, "MB", None if small else MOST_HEAP),
    ]
    if small:
        found.insert(0, Measure(f"{name}: interactive after the HTML", min(soonest), "ms", MOST_INTERACTIVE))
    return found


READY = """() => {
  const [page] = performance.getEntriesByType('navigation');
  return performance.getEntriesByName('board-ready')[0].startTime - page.responseEnd;
}"""


@contextmanager
def served(size: dict[str, Any]) -> Iterator[tuple[Flask, FlaskClient, Board, str]]:
    """An application with a schedule of some size, and its address."""
    with installation() as app:
        with app.app_context():
            engine = db.engine
        writing.set(True)
        with Session(engine, expire_on_commit=False) as session:
            here = board(session, **size)
            session.commit()
            client = app.test_client()
            make.sign_in(client, session, here.organiser)
        writing.set(False)
        with serving(app) as url:
            yield app, client, here, url


def main(options: Sequence[str]) -> int:
    """Measure 120 sessions on 12 × 54 and 1,000 on 40 × 135."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    program = os.environ.get("CONFMGR_CHROMIUM") or "/usr/bin/chromium"
    found: list[Measure] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        for size, most in ((SMALL, MOST_SMALL), (LARGE, MOST_LARGE)):
            name = f"{size['sessions']} on {size['tables']} × {size['per_day'] * size['days']}"
            with served(size) as (app, client, here, url):
                if size is SMALL:
                    counter = Counter()
                    with app.app_context():
                        event.listen(db.engine, "before_cursor_execute", counter)
                    found += moves(client, counter, app, here)
                signed = client.get_cookie("session")
                if signed is None:
                    raise RuntimeError("nobody is signed in")
                found += in_browser(browser, url, signed.value, name, most, small=size is SMALL)
        browser.close()
    return report(found, options)
