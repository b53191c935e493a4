"""The slots of a meeting as the planner numbers them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from confmgr.meetings.models import Meeting
from confmgr.values.times import Span


class Grid:
    """The slots of a meeting, numbered through all days; every day has as many as the longest one."""

    def __init__(self, meeting: Meeting) -> None:
        self.minutes = meeting.slot_minutes
        self.days: list[date] = [day.day for day in meeting.days]
        opens = min(day.opens for day in meeting.days)
        closes = max(day.closes for day in meeting.days)
        self.opens: time = opens
        length = datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
        self.per_day = int(length / timedelta(minutes=self.minutes))
        self.hours = {day.day: (day.opens, day.closes) for day in meeting.days}

    def start(self, slot: int) -> datetime:
        """Wall time at which a slot begins."""
        day, n = divmod(slot, self.per_day)
        return datetime.combine(self.days[day], self.opens) + timedelta(minutes=n * self.minutes)

    def span(self, slot: int) -> Span:
        """Wall times of a slot."""
        begin = self.start(slot)
        return Span(begin, begin + timedelta(minutes=self.minutes))

    def all(self) -> range:
        """Every slot."""
        return range(len(self.days) * self.per_day)

    def slot(self, wall: datetime) -> int | None:
        """The slot that begins at a wall time, if one does."""
        return next((slot for slot in self.all() if self.start(slot) == wall), None)

    def touched(self, span: Span) -> list[int]:
        """Slots that a stretch of time touches: a session off the grid blocks each of them."""
        return [slot for slot in self.all() if self.span(slot).overlaps(span)]

    def inside(self, hours: Sequence[Span]) -> list[int] | None:
        """Slots that lie wholly inside some hours; None for no hours, which means all."""
        if not hours:
            return None
        return [slot for slot in self.all() if any(stretch.covers(self.span(slot)) for stretch in hours)]

    def closed(self) -> list[int]:
        """Slots before a day opens or after it closes."""
        return [
            slot
            for slot in self.all()
            if not (
                self.hours[self.start(slot).date()][0] <= self.start(slot).time()
                and self.span(slot).end
                <= datetime.combine(self.start(slot).date(), self.hours[self.start(slot).date()][1])
            )
        ]
