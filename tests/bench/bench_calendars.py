"""What calendars cost: a download of the whole meeting, a delegation's feed read for the first time, and nothing new."""

import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from confmgr.app import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import load
from confmgr.invitations.domain import FeedKind
from confmgr.invitations.services import make_feed, publish
from confmgr.orm.engine import writing
from confmgr.scheduling.models import MeetingSession
from confmgr.web.db import db
from tests import make
from tests.bench.bench_web import SESSIONS, fill
from tests.bench.measures import Measure, report
from tests.conftest import Counter
from tests.make_scheduling import NOW, World
from tests.setup.serving import environment

OF_ONE = 40
"""Sessions of the delegation whose feed is read."""
PUBLICATIONS = 10
ROUNDS = 25
MOST_WHOLE, MOST_COLD, MOST_UNCHANGED = 120, 15, 3
MOST_STATEMENTS, MOST_STATEMENTS_UNCHANGED = 10, 3


def prepared(session: Session) -> tuple[World, dict[FeedKind, str]]:
    """300 sessions published ten times, 40 of them of Thailand; and a feed of each kind."""
    here = fill(session)
    for row in session.query(MeetingSession).order_by(MeetingSession.id).limit(OF_ONE):
        row.delegations[0].delegation_id = here.th.id
    session.flush()
    session.expire_all()
    for n in range(1, PUBLICATIONS):
        later = NOW + timedelta(hours=n)
        publish(session, here.meeting, actor=here.organiser, now=later, domain="police.example")
    addresses = {
        kind: make_feed(
            session, here.meeting, actor=here.head_th, now=NOW, kind=kind, language="en", delegation=here.th
        )[1]
        for kind in FeedKind
    }
    session.commit()
    return here, {kind: f"/f/{token}.ics" for kind, token in addresses.items()}


def cost(
    client: FlaskClient, counter: Counter, name: str, url: str, most: tuple[int, int], headers: Mapping[str, str]
) -> list[Measure]:
    """Statements and least processor time of an address that was asked for before."""
    status = 304 if "If-None-Match" in headers else 200
    spent = []
    for _round in range(ROUNDS):
        counter.statements.clear()
        began = time.process_time()
        answer = client.get(url, headers=dict(headers))
        spent.append((time.process_time() - began) * 1000)
        if answer.status_code != status:
            raise RuntimeError(f"{answer.status_code} {url}")
    return [
        Measure(f"{name}: statements", counter.count, "", most[1]),
        Measure(f"{name}: processor", min(spent[1:]), "ms", most[0]),
    ]


def measured(app: Flask, client: FlaskClient, here: World, addresses: Mapping[FeedKind, str]) -> list[Measure]:
    """Downloads by a signed-in organiser, feeds by a program."""
    counter = Counter()
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", counter)
    whole = f"/meetings/{here.meeting.slug}/calendar.ics"
    found = cost(client, counter, f"download, {SESSIONS} sessions", whole, (MOST_WHOLE, MOST_STATEMENTS), {})
    program = app.test_client()
    for kind, address in addresses.items():
        most = (MOST_COLD if kind is FeedKind.DELEGATION else MOST_WHOLE, MOST_STATEMENTS)
        found += cost(program, counter, f"{kind.value} feed, cold", address, most, {"Accept-Encoding": "gzip"})
        mark = {"If-None-Match": program.get(address).headers["ETag"]}
        unchanged = (MOST_UNCHANGED, MOST_STATEMENTS_UNCHANGED)
        found += cost(program, counter, f"{kind.value} feed, unchanged", address, unchanged, mark)
    return found


def main(options: Sequence[str]) -> int:
    """Measure downloads and feeds of a large meeting."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        for setting in [one for one in os.environ if one.startswith("CONFMGR_")]:
            del os.environ[setting]
        os.environ.update(environment(Path(name)))
        app = create_app(load())
        with app.app_context():
            upgrade()
            engine = db.engine
        writing.set(True)
        with Session(engine, expire_on_commit=False) as session:
            here, addresses = prepared(session)
            client = app.test_client()
            make.sign_in(client, session, here.organiser)
        writing.set(False)
        return report(measured(app, client, here, addresses), options)
