"""Ten publications in a row leave each calendar exactly as the last one, however the mails arrive."""

import random
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation
from confmgr.errors import Conflict
from confmgr.invitations.models import OutboxMessage, Publication, PublishedSession
from confmgr.meetings.models import Place
from confmgr.scheduling.domain import SessionKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services import cancel_session, restore_session
from confmgr.values.words import Words
from tests import make
from tests.calendar_program import CalendarProgram
from tests.make_invitations import bytes_of, published
from tests.make_scheduling import NOW, TEN, World, bilateral, move, world
from tests.soak import SOAK

DELEGATIONS = 27 if SOAK else 10
PER_DELEGATION = 5 if SOAK else 3
SESSIONS = 60 if SOAK else 15
PUBLICATIONS = 10
SEEDS = range(5) if SOAK else range(1)


class Schedule:
    """A meeting that somebody keeps changing."""

    def __init__(self, session: Session, here: World, chance: random.Random) -> None:
        self.session, self.here, self.chance = session, here, chance
        self.now = NOW
        self.sides: list[Delegation] = [here.kh, here.th]
        self.people: list[Delegate] = [here.delegate_kh, here.delegate_th]
        self.tables: list[Place] = [here.t1, here.t2]
        for code in CODES[: DELEGATIONS - 2]:
            side = make.delegation(session, here.meeting, code)
            self.sides.append(side)
            self.people += [self._person(side, number) for number in range(PER_DELEGATION)]
        self.tables += [make.place(session, here.meeting, f"T{number}") for number in range(3, 13)]
        self.tables[-1].building = "Annex"
        session.flush()
        session.expire_all()
        self.rows = [self._session(number) for number in range(SESSIONS)]
        self.rows += [self._plenary(day) for day in (0, 1)]

    def _person(self, side: Delegation, number: int) -> Delegate:
        capacity = Capacity.DELEGATE if number else Capacity.HEAD_OF_DELEGATION
        return make.delegate(self.session, side, f"Person {side.party.code} {number}", capacity=capacity)

    def _session(self, number: int) -> MeetingSession:
        sides = self.chance.sample(self.sides, self.chance.choice((2, 2, 2, 3)))
        kind = SessionKind.BILATERAL if len(sides) == 2 else SessionKind.MULTILATERAL  # two sides
        place = self.chance.choice(self.tables)
        return bilateral(
            self.session, self.here, starts=self._time(), place=place, delegations=sides, kind=kind, anyway=True
        )

    def _plenary(self, day: int) -> MeetingSession:
        starts = TEN.replace(hour=9, day=5 + day)
        changes = {"kind": SessionKind.PLENARY, "everybody": True, "delegations": [], "starts": starts, "anyway": True}
        return bilateral(self.session, self.here, place=None, **changes)

    def _time(self) -> datetime:
        return TEN.replace(day=self.chance.choice((5, 6)), hour=self.chance.randrange(10, 17))

    def change_something(self) -> None:
        """What an organiser does between two publications: moves, cancels, brings back, renames, and so on."""
        row = self.chance.choice(self.rows)
        acts = [self._move, self._move, self._move_next_door, self._cancel_or_restore, self._rename]
        self.chance.choice(acts)(row)

    def _move(self, row: MeetingSession) -> None:
        if row.state in OPEN:
            move(self.session, self.here, row, self._time(), place=self.chance.choice(self.tables))

    def _move_next_door(self, row: MeetingSession) -> None:
        if row.state in OPEN and row.starts_local is not None:
            move(self.session, self.here, row, row.starts_local, place=self.chance.choice(self.tables))

    def _cancel_or_restore(self, row: MeetingSession) -> None:
        organiser = self.here.organiser
        if row.state in OPEN:
            cancel_session(self.session, row, actor=organiser, now=self.now, reason="Asked for")
            return
        with suppress(Conflict):  # somebody may sit in its place by now
            restore_session(self.session, row, actor=organiser, now=self.now, meeting=self.here.meeting)

    def _rename(self, row: MeetingSession) -> None:
        row.title = Words.of(f"Talks {self.chance.randrange(1000)}")
        self.session.flush()

    def somebody_leaves_or_comes_back(self) -> None:
        person = self.chance.choice(self.people)
        person.left_at = None if person.left_at else self.now
        self.session.flush()

    def publish(self) -> Publication:
        """A minute later."""
        self.now += timedelta(minutes=1)
        return published(self.session, self.here, self.now)


OPEN = (SessionState.DRAFT, SessionState.CONFIRMED)
CODES = [
    "LA",
    "VN",
    "PH",
    "JP",
    "US",
    "CN",
    "KZ",
    "MY",
    "SG",
    "ID",
    "MM",
    "BN",
    "FR",
    "ES",
    "DE",
    "GB",
    "AU",
    "NZ",
    "IN",
    "BD",
    "NP",
    "LK",
    "PK",
    "AE",
    "SA",
]


def mails_of(app: Flask, session: Session) -> dict[str, list[bytes]]:
    found = defaultdict(list)
    with app.app_context():
        for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
            found[row.recipient].append(bytes_of(row))
    return found


def told_of(session: Session, last: Publication, person: Delegate) -> list[tuple[datetime, datetime]]:
    rows = session.scalars(select(PublishedSession).where(PublishedSession.publication_id == last.id))
    times = [
        (row.starts_at, row.ends_at)
        for row in rows
        if person.id in row.delegate_ids and row.state is not SessionState.CANCELLED
    ]
    return sorted(times)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_ten_publications_leave_each_calendar_as_the_last_one_in_any_order_of_arrival(
    app: Flask, stored: Session, seed: int
) -> None:
    chance = random.Random(seed)  # repeatable on purpose
    schedule = Schedule(stored, world(stored), chance)
    last = schedule.publish()
    for _number in range(1, PUBLICATIONS):
        for _change in range(SESSIONS // 3):
            schedule.change_something()
        schedule.somebody_leaves_or_comes_back()
        last = schedule.publish()
    assert last.number == PUBLICATIONS
    mails = mails_of(app, stored)
    assert sum(len(some) for some in mails.values()) > SESSIONS * 4
    for person in schedule.people:
        address = person.email or ""
        received = mails.get(address, [])
        in_order = CalendarProgram(address)
        for raw in received:
            in_order.receive(raw)
        assert [(start, end) for start, end, *_words in in_order.agenda()] == told_of(stored, last, person)
        for _arrival in range(3):
            mixed = received + chance.choices(received, k=len(received)) if received else []
            chance.shuffle(mixed)
            other = CalendarProgram(address)
            for raw in mixed:
                other.receive(raw)
            assert other.events == in_order.events
    stamps = versions(stored)
    assert all(earlier < later for some in stamps for earlier, later in pairwise(some))


def versions(session: Session) -> list[list[tuple[int, datetime]]]:
    """SEQUENCE and DTSTAMP of all messages of each participation, in the order in which they were written."""
    found = defaultdict(list)
    for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
        found[row.participation_id].append((row.sequence or 0, row.dtstamp))
    return list(found.values())
