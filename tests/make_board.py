"""A schedule of any size for the board: tables, delegations, sessions placed at random, some waiting, some clashing."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import PlaceKind
from confmgr.meetings.models import Meeting, MeetingDay, Place
from confmgr.orm.base import set_planned
from confmgr.parties.models import Party
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession, SessionDelegation, SessionInterpreter
from confmgr.values.words import Words
from tests import make

CODES = [
    "AU",
    "BN",
    "CN",
    "EUP",
    "FR",
    "GB",
    "ID",
    "IN",
    "IOM",
    "IPL",
    "JP",
    "KH",
    "KR",
    "LA",
    "LK",
    "MN",
    "MV",
    "MY",
    "NP",
    "NZ",
    "PH",
    "SG",
    "TH",
    "UNO",
    "US",
    "VN",
    "ASP",
    "BD",
    "BT",
    "FJ",
    "MM",
    "PG",
    "TL",
    "TO",
    "WS",
]
OPENS = time(9)
SLOT = 20


@dataclass(frozen=True)
class Board:
    """A meeting and who organises it."""

    meeting: Meeting
    organiser: User
    delegations: list[Delegation]
    places: list[Place]


def board(
    session: Session,
    *,
    tables: int = 12,
    per_day: int = 27,
    days: int = 2,
    sessions: int = 120,
    waiting: int = 18,
    seed: int = 7,
    delegations: int = 27,
    slug: str = "board",
) -> Board:
    """A meeting of `days` days of `per_day` slots of 20 minutes, with lunch, and its sessions."""
    rng = random.Random(seed)
    host = _party(session, "KR")
    meeting = make.meeting(session, make.operation(session, host, code=slug), slug=slug, days=days)
    meeting.title = Words.of("2nd Joint Operation Meeting")
    for one in session.scalars(select(MeetingDay).where(MeetingDay.meeting_id == meeting.id)):
        one.closes = (datetime.combine(one.day, OPENS) + timedelta(minutes=SLOT * per_day)).time()
    organiser = make.user(session, "Kim Minji")
    make.membership(session, meeting, organiser)
    places = [
        make.saved(session, place)
        for place in (
            Place(
                meeting_id=meeting.id,
                code=f"T{n + 1}",
                name=Words.of(f"Table {n + 1}"),
                kind=PlaceKind.TABLE,
                seats=8,
                rank=n,
            )
            for n in range(tables)
        )
    ]
    rows = []
    for n in range(delegations):
        code = CODES[n] if n < len(CODES) else f"X{n}"
        of_party = _party(session, code)
        rows.append(make.delegation(session, meeting, of_party=of_party, teams=2 if n % 4 == 0 else 1))
    crew = [make.interpreter(session, meeting, f"Interpreter {n}", "km-ko") for n in range(4)]
    _lunch(session, meeting, days)
    taken: set[tuple[str, int]] = set()
    slots = [s for s in range(days * per_day) if not 9 <= s % per_day < 12]
    made = 0
    for _try in range(sessions * 400):
        if made == sessions:
            break
        length = rng.choice((1, 1, 2, 2, 3))
        start, place = rng.choice(slots), rng.choice(places)
        span = range(start, start + length)
        sides = rng.sample(rows, rng.choice((2, 2, 2, 2, 3, 4)))
        if start // per_day != span[-1] // per_day or any(s not in slots for s in span):
            continue
        keys = {(one, s) for s in span for one in (place.code, *(str(side.id) for side in sides))}
        free = {key for key in keys if key[0].startswith("T")}
        if keys & taken and (made % 12 or free & taken):
            continue
        taken |= keys
        made += 1
        row = _session(meeting, f"S{made}", sides, length)
        day = meeting.starts_on + timedelta(days=start // per_day)
        begins = datetime.combine(day, OPENS) + timedelta(minutes=SLOT * (start % per_day))
        set_planned(row, begins, begins + timedelta(minutes=SLOT * length), meeting.zone)  # type: ignore[arg-type]
        row.place_id = place.id
        row.time_locked = row.place_locked = made % 15 == 0
        if made % 5 == 0:
            row.interpretation, row.interpreters_wanted = "km-ko", 1
            row.interpreters = [SessionInterpreter(interpreter_id=crew[made % 4].id)]
        session.add(row)
    for n in range(waiting):
        session.add(_session(meeting, f"W{n + 1}", rng.sample(rows, rng.choice((2, 2, 2, 3, 4))), rng.choice((1, 2))))
    session.flush()
    return Board(meeting, organiser, rows, places)


def _party(session: Session, code: str) -> Party:
    return session.scalar(select(Party).where(Party.code == code)) or make.party(session, code)


def _session(meeting: Meeting, reference: str, sides: list[Delegation], length: int) -> MeetingSession:
    return MeetingSession(
        meeting_id=meeting.id,
        reference=reference,
        kind=SessionKind.BILATERAL if len(sides) == 2 else SessionKind.MULTILATERAL,
        title=Words.of(("Online fraud", "Money laundering", "Fugitive", "Cyber intrusion")[len(reference) % 4]),
        zone=meeting.zone,
        minutes=SLOT * length,
        delegations=[SessionDelegation(delegation_id=side.id) for side in sides],
    )


def _lunch(session: Session, meeting: Meeting, days: int) -> None:
    for n in range(days):
        day: date = meeting.starts_on + timedelta(days=n)
        row = MeetingSession(
            meeting_id=meeting.id,
            reference=f"L{n + 1}",
            kind=SessionKind.BREAK,
            title=Words.of("Lunch"),
            zone=meeting.zone,
            minutes=60,
            everybody=True,
        )
        begins = datetime.combine(day, time(12))
        set_planned(row, begins, begins + timedelta(hours=1), meeting.zone)  # type: ignore[arg-type]
        session.add(row)
