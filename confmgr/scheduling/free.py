"""Free times and places for one session. Plain Python."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from confmgr.scheduling.conflicts import ClashKind, House, Register, Sitting, blocking
from confmgr.values.times import Span


@dataclass(frozen=True, slots=True)
class Opening:
    """A start and a place at which nothing stands in the way, warnings included."""

    starts: datetime
    place: str


def openings(
    sitting: Sitting, others: Sequence[Sitting], house: House, *, starts: Iterable[datetime], places: Sequence[str]
) -> Iterator[Opening]:
    """Where a session could be instead, in the order of `starts` and `places`."""
    register = Register(others, house)
    length = sitting.span.end - sitting.span.start
    for start in starts:
        for place in places:
            found = register.of(replace(sitting, span=Span(start, start + length), place=place))
            if not blocking(found) and not any(clash.kind is ClashKind.PLACE_SMALL for clash in found):
                yield Opening(start, place)
