"""What the desk looks at on the day: what runs, what comes next, what nobody has marked, who has arrived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.delegations.domain import DelegationState
from confmgr.delegations.models import Delegate, Delegation
from confmgr.delegations.queries import delegations
from confmgr.meetings.models import Meeting
from confmgr.scheduling import queries as schedule
from confmgr.scheduling.conflicts import Sitting
from confmgr.scheduling.domain import WHOLE_MEETING, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import Span, at, wall_time

SOON = timedelta(minutes=60)
"""How far ahead the desk looks."""
OPEN = frozenset({SessionState.DRAFT, SessionState.CONFIRMED})
SHOWN = OPEN | {SessionState.ABSENT, SessionState.HELD}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delegation at the door: its people who are expected, and how many of them are there."""

    delegation: Delegation
    people: tuple[Delegate, ...]

    @property
    def there(self) -> int:
        """How many have arrived."""
        return sum(person.arrived_at is not None for person in self.people)


@dataclass(frozen=True, slots=True)
class Desk:
    """The day at one moment. `rehearsal`: the meeting is on other days, so this is not the real now."""

    wall: datetime
    rehearsal: bool
    running: tuple[MeetingSession, ...]
    soon: tuple[MeetingSession, ...]
    unmarked: tuple[MeetingSession, ...]
    waiting: tuple[MeetingSession, ...]
    arrivals: tuple[Arrival, ...]


def wall_now(meeting: Meeting, now: datetime, asked: datetime | None = None) -> tuple[datetime, bool]:
    """The wall time that the desk shows, and whether it is only tried out: `asked`, or now, or the first morning."""
    wall = wall_time(now, meeting.zone).replace(second=0, microsecond=0)
    real = meeting.starts_on <= wall.date() <= meeting.ends_on
    if asked is not None and meeting.starts_on <= asked.date() <= meeting.ends_on:
        return asked, not real
    return (wall, False) if real else (at(meeting.starts_on, meeting.days[0].opens), True)


def look(session: Session, meeting: Meeting, wall: datetime, *, rehearsal: bool) -> Desk:
    """The desk at a wall time; the statements of `queries.sessions` and four more."""
    rows = schedule.sessions(session, meeting)
    today = [row for row in rows if row.starts_local and row.ends_local and row.starts_local.date() == wall.date()]
    meetings = [row for row in today if row.kind not in WHOLE_MEETING and row.state in SHOWN]
    return Desk(
        wall=wall,
        rehearsal=rehearsal,
        running=tuple(row for row in today if row.state in SHOWN and _starts(row) <= wall < _ends(row)),
        soon=tuple(row for row in today if row.state in OPEN and wall < _starts(row) <= wall + SOON),
        unmarked=tuple(row for row in meetings if row.state in OPEN and _ends(row) <= wall),
        waiting=tuple(row for row in rows if row.starts_local is None and row.state in OPEN),
        arrivals=tuple(_arrivals(delegations(session, meeting, with_people=True))),
    )


NEVER = datetime(9999, 12, 31)  # noqa: DTZ001  # a wall time, after every other


def _starts(row: MeetingSession) -> datetime:
    return row.starts_local or NEVER


def _ends(row: MeetingSession) -> datetime:
    return row.ends_local or NEVER


def _arrivals(rows: Iterable[Delegation]) -> Iterable[Arrival]:
    for row in rows:
        people = tuple(person for person in row.delegates if person.left_at is None)
        if people and row.state is not DelegationState.DECLINED:
            yield Arrival(row, people)


@dataclass(frozen=True, slots=True)
class Board:
    """What the screen at a door shows: the session that runs, when it ends, and the next one."""

    running: MeetingSession | None
    following: MeetingSession | None


def at_door(rows: Sequence[MeetingSession], place: str, wall: datetime) -> Board:
    """The screen of one place at a wall time."""
    here = sorted(
        (
            row
            for row in rows
            if row.state in OPEN and row.place is not None and row.place.code == place and _ends(row) > wall
        ),
        key=_starts,
    )
    today: date = wall.date()
    here = [row for row in here if row.starts_local and row.starts_local.date() == today]
    running = next((row for row in here if _starts(row) <= wall), None)
    return Board(running, next((row for row in here if _starts(row) > wall), None))


def newcomer(codes: Iterable[str], start: datetime, minutes: int) -> Sitting:
    """A meeting that does not exist yet, as the search for a free slot sees it."""
    sides = frozenset(codes)
    return Sitting(
        reference="",
        span=Span(start, start + timedelta(minutes=minutes)),
        delegations=sides,
        seats_needed=schedule.SEATS_A_SIDE * len(sides),
    )
