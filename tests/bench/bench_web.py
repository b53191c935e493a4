"""What the pages of a large meeting cost: statements, processor time, and memory of the web workers that serve them."""

import os
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from confmgr.app import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import load
from confmgr.invitations.services import publish
from confmgr.orm.engine import writing
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from confmgr.values.words import Words
from confmgr.web.db import db
from tests import make
from tests.bench.measures import Measure, report
from tests.conftest import Counter
from tests.make_scheduling import ELEVEN, NOW, TEN, World, world
from tests.setup.serving import Served, below, environment
from tests.setup.test_web_process import resident

SESSIONS = 300
DELEGATIONS = 30
PEOPLE = 10
ROUNDS = 15
MOST_STATEMENTS, MOST_MILLISECONDS, MOST_MEGABYTES = 15, 60, 180


def fill(session: Session) -> World:
    """A meeting with 30 more delegations of 10 people each and 300 published sessions."""
    here = world(session)
    more = [make.delegation(session, here.meeting, f"X{n}") for n in range(DELEGATIONS)]
    for row in (*more, here.kh):
        for n in range(PEOPLE):
            make.delegate(session, row, f"Person {n}")
    for n in range(SESSIONS):
        start = timedelta(minutes=20 * (n % 18)) + timedelta(days=n % 2)
        entry = MeetingSession(
            meeting_id=here.meeting.id,
            reference=f"S{n}",
            kind=SessionKind.BILATERAL,
            title=Words.of({"en": f"Session {n}", "ko": f"회의 {n}"}) if n % 3 else None,
            place_id=(here.t1, here.t2)[n % 2].id,
            starts_local=TEN + start,
            ends_local=ELEVEN + start,
            starts_at=NOW + start,
            ends_at=NOW + start + timedelta(hours=1),
            zone="Asia/Seoul",
            minutes=60,
            delegations=[SessionDelegation(delegation_id=d.id) for d in (here.kh, more[n % DELEGATIONS])],
        )
        session.add(entry)
    session.flush()
    session.expire_all()
    publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example")
    session.commit()
    return here


def pages(here: World) -> dict[str, str]:
    """The pages of which a cost is promised."""
    meeting = f"/meetings/{here.meeting.slug}"
    return {
        "meeting home": meeting,
        f"programme, {SESSIONS} sessions": f"{meeting}/programme",
        f"delegation, {PEOPLE} people": f"{meeting}/delegations/{here.kh.uuid}",
        f"delegations, {DELEGATIONS + 2} rows": f"{meeting}/delegations",
    }


def cost(client: FlaskClient, counter: Counter, name: str, url: str) -> list[Measure]:
    """Statements and least processor time of a page that was asked for before."""
    if client.get(url).status_code != 200:
        raise RuntimeError(url)
    spent = []
    for _round in range(ROUNDS):
        counter.statements.clear()
        began = time.process_time()
        client.get(url)
        spent.append((time.process_time() - began) * 1000)
    return [
        Measure(f"{name}: statements", counter.count, "", MOST_STATEMENTS),
        Measure(f"{name}: processor", min(spent), "ms", MOST_MILLISECONDS),
    ]


def memory(folder: Path, cookie: str, urls: Sequence[str]) -> list[Measure]:
    """The largest process of an installation whose pages were asked for."""
    with Served(folder, "--empty") as running:
        for _round in range(ROUNDS):
            for url in urls:
                connection = HTTPConnection("127.0.0.1", running.port)
                connection.request("GET", url, headers={"Cookie": f"session={cookie}"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{answer.status} {url}")
                connection.close()
        processes = below(running.process.pid)
        web = [p for p in processes if b"wsgi:application" in Path(f"/proc/{p}/cmdline").read_bytes()]
        sizes = {p: resident(p) / 1024 for p in processes}
    return [
        Measure("largest web process", max(sizes[p] for p in web), "MB", MOST_MEGABYTES),
        Measure("largest other process", max(size for p, size in sizes.items() if p not in web), "MB"),
    ]


def main(options: Sequence[str]) -> int:
    """Measure the pages, then the processes that serve them."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        folder = Path(name)
        for setting in [one for one in os.environ if one.startswith("CONFMGR_")]:
            del os.environ[setting]
        os.environ.update(environment(folder))
        app = create_app(load())
        app.config["WTF_CSRF_ENABLED"] = False
        client, here = _signed_in(app)
        counter = Counter()
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", counter)
        found = [one for title, url in pages(here).items() for one in cost(client, counter, title, url)]
        kept = client.get_cookie("session")
        if kept is None:
            raise RuntimeError("nobody is signed in")
        found += memory(folder, kept.value, list(pages(here).values()))
    return report(found, options)


def _signed_in(app: Flask) -> tuple[FlaskClient, World]:
    with app.app_context():
        upgrade()
        engine = db.engine
    writing.set(True)
    with Session(engine, expire_on_commit=False) as session:
        here = fill(session)
        client = app.test_client()
        make.sign_in(client, session, here.organiser)
    writing.set(False)
    return client, here
