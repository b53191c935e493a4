"""What publishing costs the organiser who waits for it, and each mail the worker that writes it."""

import random
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import Capacity
from confmgr.invitations import rendering
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage
from confmgr.meetings.models import Meeting
from confmgr.orm.base import set_planned
from confmgr.orm.engine import writing
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession, SessionDelegation
from confmgr.values.words import Words
from confmgr.web.db import db
from tests import make
from tests.bench.installations import installation
from tests.bench.measures import Measure, report
from tests.conftest import Counter
from tests.make_scheduling import World, world

SESSIONS, PLENARIES, DELEGATIONS, DELEGATES, MOVED, DAYS = 300, 4, 60, 500, 40, 5
LANGUAGES = ("en", "ko", "en", "km", "fr")
ZONES = ("Asia/Phnom_Penh", "Asia/Seoul", "Europe/Paris", "Asia/Kathmandu", "America/New_York")
MOST_WAIT, MOST_STATEMENTS, MOST_MAIL = 1000, 60, 3
SENDER = Correspondent("secretariat@police.example", "Secretariat of the meeting")


def fill(session: Session) -> World:
    """60 delegations of 500 delegates, and 300 placed sessions, four of which are for everybody."""
    rng = random.Random(3)
    here = world(session, days=DAYS)
    rows = [here.kh, here.th]
    rows += [
        make.delegation(session, here.meeting, f"X{n}", teams=2 if n % 4 == 0 else 1) for n in range(2, DELEGATIONS)
    ]
    for n in range(DELEGATES - 2):
        head = Capacity.HEAD_OF_DELEGATION if 2 <= n < DELEGATIONS else Capacity.DELEGATE
        who = make.delegate(session, rows[n % DELEGATIONS], f"Person {n}", capacity=head)
        who.language, who.zone = LANGUAGES[n % len(LANGUAGES)], ZONES[n % len(ZONES)]
    for n in range(SESSIONS):
        plenary = n < PLENARIES
        sides = [] if plenary else rng.sample(rows, rng.choice((2, 2, 2, 3)))
        row = MeetingSession(
            meeting_id=here.meeting.id,
            reference=f"S{n}",
            kind=SessionKind.PLENARY if plenary else SessionKind.BILATERAL,
            title=Words.of({"en": f"Session {n}", "ko": f"회의 {n}"}) if n % 3 else None,
            place_id=(here.t1, here.t2)[n % 2].id,
            everybody=plenary,
            zone="Asia/Seoul",
            minutes=40,
            delegations=[SessionDelegation(delegation_id=side.id) for side in sides],
        )
        begins = datetime(2026, 2, 5 + n % DAYS, 9 + n % 8, 0)  # noqa: DTZ001  # a wall time of the venue
        set_planned(row, begins, begins + timedelta(minutes=40), "Asia/Seoul")  # type: ignore[arg-type]
        session.add(row)
    session.commit()
    return here


def move(app: Flask) -> None:
    """Forty bilateral meetings an hour later."""
    writing.set(True)
    with app.app_context(), Session(db.engine) as session:
        chosen = (
            select(MeetingSession).where(MeetingSession.everybody.is_(False)).order_by(MeetingSession.id).limit(MOVED)
        )
        for row in session.scalars(chosen):
            if row.starts_local is not None and row.ends_local is not None:
                later = timedelta(hours=1)
                set_planned(row, row.starts_local + later, row.ends_local + later, row.zone)  # type: ignore[arg-type]
        session.commit()
    writing.set(False)


def confirmation(page: str) -> dict[str, list[str]]:
    """What the form of the publish page sends when the organiser confirms it."""
    form: dict[str, list[str]] = {"do": ["publish"]}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'\b{what}="([^"]*)"', tag) for what in ("name", "value"))
        ticked = 'type="checkbox"' not in tag or " checked" in tag
        if name and ticked and name[1] != "do":
            form.setdefault(name[1], []).append(value[1] if value else "on")
    return form


def timed(counter: Counter, act: Callable[[], int], wanted: int) -> tuple[float, float, int]:
    """Milliseconds on the clock, of the processor, and statements of one request."""
    counter.statements.clear()
    clock, processor = time.perf_counter(), time.process_time()
    status = act()
    spent = (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000
    if status != wanted:
        raise RuntimeError(f"{status} instead of {wanted}")
    return *spent, counter.count


def published(client: FlaskClient, counter: Counter, url: str, name: str) -> list[Measure]:
    """The page before publishing, and the confirmation."""
    page = client.get(url)
    seen = timed(counter, lambda: client.get(url).status_code, 200)
    form = confirmation(page.text)
    done = timed(counter, lambda: client.post(url, data=form).status_code, 302)
    return [
        Measure(f"{name}, the page before: processor", seen[1], "ms"),
        Measure(f"{name}, the page before: statements", seen[2], "", MOST_STATEMENTS),
        Measure(f"{name}: the organiser waits", done[0], "ms", MOST_WAIT),
        Measure(f"{name}: processor", done[1], "ms", MOST_WAIT),
        Measure(f"{name}: statements", done[2], "", MOST_STATEMENTS),
    ]


def mails(app: Flask, meeting: Meeting) -> list[Measure]:
    """What one mail costs where five languages and zones take turns."""
    with app.test_request_context(), Session(db.engine) as session:
        rows = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.meeting_id == meeting.id)
            .order_by(OutboxMessage.id.desc())
            .limit(600)
        ).all()
        spent = []
        for _round in range(3):
            began = time.process_time()
            for row in rows:
                rendering.render(row, sender=SENDER, base_url="https://meet.example", token="a" * 43)
            spent.append((time.process_time() - began) * 1000 / len(rows))
        written = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
    return [
        Measure("mails of both publications", written, ""),
        Measure("a mail: processor", min(spent), "ms", MOST_MAIL),
    ]


def main(options: Sequence[str]) -> int:
    """Publish 300 sessions to 500 delegates, then once more after 40 have moved; then write mails."""
    with installation() as app:
        with app.app_context():
            engine = db.engine
        writing.set(True)
        with Session(engine, expire_on_commit=False) as session:
            here = fill(session)
            client = app.test_client()
            make.sign_in(client, session, here.organiser)
        writing.set(False)
        counter = Counter()
        event.listen(engine, "before_cursor_execute", counter)
        url = f"/meetings/{here.meeting.slug}/publish"
        client.get(f"/meetings/{here.meeting.slug}")
        found = published(client, counter, url, "first publication")
        move(app)
        found += published(client, counter, url, f"{MOVED} moved")
        found += mails(app, here.meeting)
    return report(found, options)
