"""A delegation's day: how long it waits between its meetings, and how often it changes its place. Plain Python."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from confmgr.scheduling.conflicts import Sitting
from confmgr.values.times import Span


def idle_minutes(own: Sequence[Span], breaks: Iterable[Span]) -> int:
    """Minutes between the first and the last of some meetings in which there is neither a meeting nor a break."""
    if not own:
        return 0
    first, last = min(span.start for span in own), max(span.end for span in own)
    idle, reached = timedelta(0), first
    for span in sorted([*own, *(one for one in breaks if one.start < last and one.end > first)]):
        if span.start > reached:
            idle += min(span.start, last) - reached
        reached = max(reached, span.end)
    return int(idle / timedelta(minutes=1))


def place_changes(others: Sequence[Sitting], here: Sitting) -> int:
    """How many more changes of place a session brings into a day, where a place is known."""
    placed = [row for row in others if row.place is not None]
    before = max((row for row in placed if row.span.end <= here.span.start), key=lambda row: row.span, default=None)
    after = min((row for row in placed if row.span.start >= here.span.end), key=lambda row: row.span, default=None)
    without = int(before is not None and after is not None and before.place != after.place)
    between = (before is not None and before.place != here.place) + (after is not None and after.place != here.place)
    return int(between) - without
