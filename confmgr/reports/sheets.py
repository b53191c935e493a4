"""What is printed of a schedule, laid out: day boards, door signs, the programme of a delegation. Plain Python."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from math import ceil, gcd

from confmgr.scheduling.domain import WHOLE_MEETING, SessionKind
from confmgr.scheduling.lanes import stacked
from confmgr.values.times import Span, at
from confmgr.values.words import Words

PER_PAGE = 16
"""Places that stand beside each other on an A3 sheet with their codes readable."""
BOARD_HEIGHT, BOARD_WIDTH = 239, 378
"""Millimetres of an A3 sheet that the hours and the places share."""
SIZES = (("", 1.95, 3.9), ("small", 1.55, 3.1), ("tiny", 1.2, 2.4))
"""Sizes of type on a board: class, millimetres of a character and of a line."""


class Source(StrEnum):
    """Which state is printed."""

    PUBLISHED = "published"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Spot:
    """A room or a table; `holds_tables` for a room whose tables are places of their own."""

    id: int
    code: str
    name: Words
    holds_tables: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """A delegation as it is printed; `people` are the ids and names of those who have not left."""

    id: int
    code: str
    short_name: Words
    long_name: Words
    languages: tuple[str, ...] = ()
    people: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as its reader may know of it."""

    reference: str
    title: Words | None


@dataclass(frozen=True, slots=True)
class Booked:
    """A session that has a time. `parties` in the meeting's order; `attending` are ids of delegates."""

    reference: str
    span: Span
    kind: SessionKind
    title: Words | None = None
    off: bool = False
    everybody: bool = False
    spot: Spot | None = None
    parties: tuple[Party, ...] = ()
    interpretation: str | None = None
    interpreters: tuple[str, ...] = ()
    attending: frozenset[int] = frozenset()
    cases: tuple[CaseLine, ...] = ()

    @property
    def for_all(self) -> bool:
        """Whether it is a band through all places."""
        return self.kind in WHOLE_MEETING or (self.everybody and not self.parties)

    @property
    def codes(self) -> str:
        """Who meets, for a card."""
        return "–".join(party.code for party in self.parties)

    @property
    def is_open(self) -> bool:
        """Whether everybody at the meeting may know of it, as `invitations.programme.sees` has it."""
        if self.kind is SessionKind.HOLD:
            return False
        return self.for_all or self.everybody or self.kind is SessionKind.SOCIAL or not self.parties

    @property
    def open_title(self) -> Words | None:
        """Its title where everybody may read it; a meeting of some may be named after a case."""
        return self.title if self.is_open else None


@dataclass(frozen=True, slots=True)
class Card:
    """A session in a column: where it begins and how long it is in units, beside how many others, and its type size."""

    booked: Booked
    column: int
    begins: int
    units: int
    lane: int = 0
    lanes: int = 1
    size: str = ""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One A3 sheet. `units` of `unit` minutes make its height; `hours` are the lines at which a slot begins."""

    day: date
    columns: tuple[Spot | None, ...]
    cards: tuple[Card, ...]
    bands: tuple[Card, ...]
    hours: tuple[tuple[int, datetime], ...]
    units: int
    number: int
    of: int

    @property
    def empty(self) -> bool:
        """Whether nothing stands on it."""
        return not (self.cards or self.bands)


@dataclass(frozen=True, slots=True)
class Sign:
    """What hangs on one door on one day."""

    day: date
    spot: Spot
    booked: tuple[Booked, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A session in the programme of one delegation: whom it meets, and who of it goes if that is not everybody."""

    booked: Booked
    others: tuple[Party, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The programme of one delegation by day."""

    party: Party
    days: tuple[tuple[date, tuple[Entry, ...]], ...]
    meetings: int


def board(
    day: date, opens: time, closes: time, minutes: int, booked: Iterable[Booked], spots: Sequence[Spot]
) -> list[BoardPage]:
    """The sheets of one day, as few as hold all places; breaks and plenaries go through all of them.

    A room whose tables are places of their own is left out unless something is in it; what has a time and no place
    stands in a last column.
    """
    rows = [one for one in booked if not one.off and one.span.start.date() == day]
    bands, placed = [one for one in rows if one.for_all], [one for one in rows if not one.for_all]
    used = {one.spot.id for one in placed if one.spot is not None}
    columns: list[Spot | None] = [spot for spot in spots if not spot.holds_tables or spot.id in used]
    if any(one.spot is None for one in placed):
        columns.append(None)
    first = min([at(day, opens), *(one.span.start for one in rows)])
    last = max([at(day, closes), *(one.span.end for one in rows)])
    marks = _marks(at(day, opens), first, last, minutes)
    edges = [mark for one in rows for mark in (one.span.start, one.span.end)]
    unit = gcd(*(_minutes(edge - first) for edge in [last, *marks, *edges]), minutes)
    units = _minutes(last - first) // unit
    pages = ceil(len(columns) / PER_PAGE) or 1
    size = ceil(len(columns) / pages)
    found = []
    for number in range(pages):
        shown = columns[number * size : (number + 1) * size]
        found.append(
            BoardPage(
                day=day,
                columns=tuple(shown),
                cards=tuple(_cards(placed, shown, first, unit, units)),
                bands=tuple(_card(one, 0, first, unit) for one in bands),
                hours=tuple((_minutes(mark - first) // unit, mark) for mark in marks),
                units=units,
                number=number + 1,
                of=pages,
            )
        )
    return found


def _marks(opens: datetime, first: datetime, last: datetime, minutes: int) -> list[datetime]:
    slot = timedelta(minutes=minutes)
    begin = opens - (opens - first) // slot * slot
    return [begin + n * slot for n in range(ceil((last - begin) / slot))]


def _minutes(length: timedelta) -> int:
    return int(length / timedelta(minutes=1))


def _card(one: Booked, column: int, first: datetime, unit: int) -> Card:
    return Card(one, column, _minutes(one.span.start - first) // unit, one.span.minutes // unit)


def _cards(
    placed: Sequence[Booked], shown: Sequence[Spot | None], first: datetime, unit: int, units: int
) -> Iterable[Card]:
    for column, spot in enumerate(shown):
        here = [one for one in placed if (one.spot and one.spot.id) == (spot and spot.id)]
        for group in _touching(here):
            lanes = stacked(group)
            for number, lane in enumerate(lanes):
                for one in lane:
                    plain = _card(one, column, first, unit)
                    yield Card(
                        one,
                        column,
                        plain.begins,
                        plain.units,
                        number,
                        len(lanes),
                        type_size(
                            len(one.codes),
                            BOARD_WIDTH / len(shown) / len(lanes) - 3,
                            BOARD_HEIGHT * plain.units / units,
                        ),
                    )


def _touching(rows: Iterable[Booked]) -> list[list[Booked]]:
    groups: list[list[Booked]] = []
    end: datetime | None = None
    for one in sorted(rows, key=lambda row: row.span):
        if end is not None and one.span.start < end:
            groups[-1].append(one)
            end = max(end, one.span.end)
        else:
            groups.append([one])
            end = one.span.end
    return groups


def type_size(characters: int, width: float, height: float) -> str:
    """The largest type in which so many characters fit a card of so many millimetres."""
    for name, wide, high in SIZES:
        if characters <= max(1, int(height / high)) * int(width / wide):
            return name
    return SIZES[-1][0]


def signs(days: Collection[date], booked: Iterable[Booked], spots: Sequence[Spot]) -> list[Sign]:
    """A sign for each place and day on which something is in it, in the order of the places."""
    rows = sorted((one for one in booked if not one.off and one.spot is not None), key=lambda one: one.span)
    found = []
    for day in sorted(days):
        for spot in spots:
            here = tuple(one for one in rows if one.spot and one.spot.id == spot.id and one.span.start.date() == day)
            if here:
                found.append(Sign(day, spot, here))
    return found


def sheet(party: Party, booked: Iterable[Booked]) -> Sheet:
    """What concerns one delegation: its own sessions, and what is for everybody; blocked times do not."""
    own = [
        one
        for one in sorted(booked, key=lambda row: (row.span, row.reference))
        if one.is_open or (_takes_part(party, one) and one.kind is not SessionKind.HOLD)
    ]
    days = tuple(
        (day, tuple(_entry(party, one) for one in rows))
        for day, rows in groupby(own, key=lambda one: one.span.start.date())
    )
    return Sheet(party, days, sum(_takes_part(party, one) and not one.for_all and not one.off for one in own))


def _takes_part(party: Party, one: Booked) -> bool:
    return any(side.id == party.id for side in one.parties)


def _entry(party: Party, one: Booked) -> Entry:
    going = [name for ident, name in party.people if ident in one.attending]
    return Entry(
        one,
        () if one.for_all else tuple(side for side in one.parties if side.id != party.id),
        tuple(going) if 0 < len(going) < len(party.people) and not one.for_all else (),
    )
