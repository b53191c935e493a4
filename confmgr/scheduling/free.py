"""Free times and places for one session. Plain Python."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from confmgr.scheduling.conflicts import House, Severity, Sitting, clashes_of
from confmgr.values.times import Span


@dataclass(frozen=True, slots=True)
class Opening:
    """A start and a place at which nothing stands in the way, warnings included."""

    starts: datetime
    place: str


def openings(
    sitting: Sitting, others: Sequence[Sitting], house: House, *, starts: Iterable[datetime], places: Sequence[str]
) -> Iterator[Opening]:
    """Where a session could be instead, in the order of `starts` and `places`.

    Args:
        sitting: The session where it is now; its length, sides and interpreters stay.
        others: Every other placed session.
        house: The meeting's teams, hours and limits.
        starts: Wall times to try.
        places: Codes to try at each of them.
    """
    length = sitting.span.end - sitting.span.start
    for start in starts:
        for place in places:
            moved = replace(sitting, span=Span(start, start + length), place=place, tables=frozenset())
            found = clashes_of(moved, others, house)
            if (
                not any(clash.severity is Severity.BLOCK for clash in found)
                and house.seats.get(place, 0) >= sitting.seats_needed
            ):
                yield Opening(start, place)
