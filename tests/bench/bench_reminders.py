"""What a minute's look at reminders costs the worker: 500 people in 300 sessions, on SQLite in memory."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, event, insert
from sqlalchemy.orm import Session

from confmgr.app.factory import ROOMS, part
from confmgr.invitations.domain import PartStat
from confmgr.invitations.models import Participation, Publication, PublishedSession
from confmgr.invitations.services import remind
from confmgr.orm.base import Base, set_planned
from confmgr.orm.engine import prepare, writing
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.values import chance
from tests import make
from tests.bench.measures import Measure, report
from tests.conftest import Counter
from tests.make_scheduling import NOW, TEN, World, world

PEOPLE, SESSIONS, A_SESSION = 500, 300, 12
ZONES = ("Asia/Seoul", "Europe/London", "America/Bogota", "Asia/Kathmandu")
TWENTY = timedelta(minutes=20)
LOOKS = {
    "three weeks before": "2026-01-15T03:00:00+00:00",
    "three days before": "2026-02-02T03:00:00+00:00",
    "the morning of the first day": "2026-02-04T23:59:00+00:00",
}
MOST, MOST_STATEMENTS = 200, 5


def fill(session: Session) -> None:
    """A published meeting of two days; each session has twelve people, who have not answered."""
    here = world(session)
    people = [make.delegate(session, here.kh, f"Person {n}", zone=ZONES[n % len(ZONES)]) for n in range(PEOPLE)]
    publication = Publication(meeting_id=here.meeting.id, number=1, made_at=NOW, made_by_id=here.organiser.id)
    session.add(publication)
    session.flush()
    told: list[dict[str, Any]] = []
    for n in range(SESSIONS):
        row = _session(session, here, publication, n)
        for k in range(A_SESSION):
            told.append(_told(row, people[(n * A_SESSION + k) % PEOPLE].id, publication.id))
    session.execute(insert(Participation), told)
    session.commit()


def _session(session: Session, here: World, publication: Publication, n: int) -> MeetingSession:
    kind, state, start = SessionKind.BILATERAL, SessionState.CONFIRMED, TEN + TWENTY * (n % 20) + timedelta(days=n % 2)
    row = MeetingSession(
        meeting_id=here.meeting.id, reference=f"S{n}", kind=kind, state=state, minutes=20, zone=here.meeting.zone
    )
    row.starts_local, row.ends_local = start, start + TWENTY
    frozen = PublishedSession(publication_id=publication.id, kind=kind, state=state)
    frozen.delegation_ids, frozen.delegate_ids, frozen.interpreter_ids, frozen.case_ids = [], [], [], []
    set_planned(frozen, start, start + TWENTY, here.meeting.zone)
    row.starts_at, row.ends_at = frozen.starts_at, frozen.ends_at
    session.add(row)
    session.flush()
    frozen.session_id = row.id
    session.add(frozen)
    return row


def _told(row: MeetingSession, delegate_id: int, publication_id: int) -> dict[str, Any]:
    facts = {
        "starts_local": f"{row.starts_local:%Y-%m-%dT%H:%M}",
        "ends_local": f"{row.ends_local:%Y-%m-%dT%H:%M}",
        "zone": row.zone,
        "starts_at": f"{row.starts_at}",
        "ends_at": f"{row.ends_at}",
    }
    return {
        "session_id": row.id,
        "delegate_id": delegate_id,
        "uid": chance.uid(),
        "invited": True,
        "sequence": 0,
        "told_in_id": publication_id,
        "told_text": facts,
        "dtstamp": NOW,
        "answer": PartStat.NEEDS_ACTION,
    }


def main(options: Sequence[str]) -> int:
    """Measure the second look of a minute: what is due is written by then."""
    for room in ROOMS:
        part(room, "models")
    engine = prepare(create_engine("sqlite://"))
    Base.metadata.create_all(engine)
    writing.set(True)
    counter = Counter()
    measures = []
    with Session(engine, expire_on_commit=False) as session:
        fill(session)
        event.listen(engine, "before_cursor_execute", counter)
        for name, at in LOOKS.items():
            now = datetime.fromisoformat(at)
            remind(session, now=now, domain="police.example")
            session.commit()
            counter.statements.clear()
            began = time.process_time()
            remind(session, now=now, domain="police.example")
            spent = (time.process_time() - began) * 1000
            asked = sum(one.startswith("SELECT") for one in counter.statements)
            measures += [
                Measure(f"a look {name}", spent, "ms", MOST),
                Measure("  its statements", asked, "", MOST_STATEMENTS),
            ]
            session.commit()
    return report(measures, options)
