"""What the prints of a meeting of the usual size cost: processor time of a renderer, its start included."""

import os
import resource
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from confmgr.app import create_app
from confmgr.config import load
from confmgr.gateways.pdf import Press
from confmgr.meetings.models import Meeting, MeetingDay
from confmgr.reports import printing
from confmgr.reports.printing import Kind, Wanted
from confmgr.reports.queries import Timetable
from confmgr.reports.sheets import Booked, Party, Source, Spot
from confmgr.scheduling.domain import SessionKind
from confmgr.values.times import Span
from confmgr.values.words import Words
from tests.bench.measures import Measure, report
from tests.make_scheduling import NOW
from tests.setup.serving import environment

DELEGATIONS, PLACES, SESSIONS = 27, 12, 100
MOST = {Kind.DAY_BOARD: 3.0, Kind.DOOR_SIGNS: None, Kind.DELEGATIONS: 30.0}
"""Seconds."""
DAY = date(2026, 2, 5)


def timetable() -> Timetable:
    """A published day of 100 bilaterals between 27 delegations at 12 tables."""
    meeting = Meeting(
        title=Words.of("Second meeting"),
        venue=Words.of("Seoul"),
        zone="Asia/Seoul",
        starts_on=DAY,
        ends_on=DAY,
        slot_minutes=20,
        days=[MeetingDay(day=DAY, opens=time(9), closes=time(18))],
    )
    parties = tuple(
        Party(n, f"X{chr(65 + n)}", Words.of(f"Delegation {n}"), Words.of(f"Delegation {n}"), ("en",))
        for n in range(DELEGATIONS)
    )
    spots = tuple(Spot(n, f"T{n}", Words.of(f"Table {n}")) for n in range(PLACES))
    begin = datetime.combine(DAY, time(9))
    booked = tuple(
        Booked(
            reference=f"S{n}",
            span=Span(
                begin + timedelta(minutes=20 * (n // PLACES)), begin + timedelta(minutes=20 * (n // PLACES) + 20)
            ),
            kind=SessionKind.BILATERAL,
            spot=spots[n % PLACES],
            parties=(parties[n % DELEGATIONS], parties[(n * 2 + 1) % DELEGATIONS]),
            interpretation="km-ko",
            interpreters=("Chea Vanna",),
        )
        for n in range(SESSIONS)
    )
    return Timetable(meeting, Source.PUBLISHED, NOW, 1, booked, spots, parties)


def main(options: Sequence[str]) -> int:
    """Print each kind once, in a renderer of its own."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        os.environ.update(environment(Path(name)))
        with create_app(load()).app_context():
            found = [_cost(kind, most) for kind, most in MOST.items()]
    return report(found, options)


def _cost(kind: Kind, most: float | None) -> Measure:
    ready = printing.prints(timetable(), Wanted(kind, "en"), NOW)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Press(seconds=600) as press:
        ready.pdf(press, seconds=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measure(f"{kind}, {ready.sheets} sheets: processor", spent, "s", most)
