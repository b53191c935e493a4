"""From a meeting's rows to a search for free times and places."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting, Place
from confmgr.meetings.queries import places
from confmgr.scheduling import judged
from confmgr.scheduling.conflicts import Register, Sitting
from confmgr.scheduling.free import Floor, Search
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import Span, at, wall_time


@dataclass(frozen=True, slots=True)
class Outlook:
    """The working schedule as the rules see it, and where there is room."""

    meeting: Meeting
    rows: Sequence[MeetingSession]
    floor: Floor
    places: Sequence[Place]
    not_before: datetime | None
    """While the meeting lasts, the wall time now: nothing is offered before it."""

    def search(self, row: MeetingSession, *, of: Collection[str] | None = None) -> Search:
        """A session that looks for a place; `of`: whose costs are told (`Search`)."""
        start = row.starts_local or self.floor.starts[0]
        end = row.ends_local or start + timedelta(minutes=row.minutes)
        sitting = judged.sitting(row, judged.by_request(self.rows), Span(start, end))
        return self.search_for(sitting, since=row.starts_local, everywhere=row.everybody, of=of)

    def search_for(
        self,
        sitting: Sitting,
        *,
        since: datetime | None = None,
        everywhere: bool = False,
        of: Collection[str] | None = None,
    ) -> Search:
        """A session that need not exist yet. Rooms with tables are offered to those who are there, or to everybody."""
        rooms = self.floor.register.house.tables
        usable = [code for code in self.floor.places if everywhere or code not in rooms or code == sitting.place]
        floor = Floor(
            self.floor.register, self.floor.starts, self.floor.closes, usable, slot_minutes=self.floor.slot_minutes
        )
        return Search(sitting, floor, since=since, of=of)


def outlook(session: Session, meeting: Meeting, rows: Sequence[MeetingSession], now: datetime | None = None) -> Outlook:
    """Look at a meeting's schedule; ten statements beyond `queries.sessions`, which gives the rows."""
    grid = Grid(meeting)
    closed = set(grid.closed())
    rooms = places(session, meeting)
    wall = None if now is None else wall_time(now, meeting.zone)
    lasts = wall is not None and wall.date() <= meeting.ends_on
    return Outlook(
        meeting,
        rows,
        Floor(
            Register(judged.sittings(rows), judged.house(session, meeting)),
            starts=[grid.start(slot) for slot in grid.all() if slot not in closed],
            closes={day.day: at(day.day, day.closes) for day in meeting.days},
            places=[place.code for place in rooms],
            slot_minutes=meeting.slot_minutes,
        ),
        rooms,
        wall if lasts else None,
    )
