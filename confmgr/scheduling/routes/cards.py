"""The board as its page and its script see it: where each card stands, in words and in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.scheduling.answers import Tally
from confmgr.scheduling.board import Board, Card
from confmgr.scheduling.conflicts import Clash, Severity
from confmgr.scheduling.domain import GONE, SessionKind, SessionState, key_name
from confmgr.scheduling.labels import clash_sentence
from confmgr.values.times import GRID_MINUTES, Span
from confmgr.web import labels
from confmgr.web.formats import clock, day, plain_words

UNIT = timedelta(minutes=GRID_MINUTES)
TONES = {
    SessionKind.BILATERAL: "bilateral",
    SessionKind.MULTILATERAL: "multilateral",
    SessionKind.HEADS: "multilateral",
    SessionKind.PLENARY: "plenary",
    SessionKind.CEREMONY: "plenary",
    SessionKind.BRIEFING: "plenary",
}
NEVER = [[0, 0, 0]]
"""Hours of somebody who is never there; no hours would mean always."""
SHORT = 2
"""Slots from which a card has room for a second line."""
MOST_LANES = 3

Clashes = Mapping[str, Sequence[Clash]]


@dataclass(frozen=True, slots=True)
class Column:
    """A place that has a column, or the column of what has a time but no place."""

    place: int | None
    code: str
    name: str
    seats: int
    booths: int


@dataclass(frozen=True, slots=True)
class DayFrame:
    """A day as it is drawn: from its first to its last unit of five minutes."""

    day: date
    first: datetime
    last: datetime
    opens: datetime
    closes: datetime

    @property
    def units(self) -> int:
        """Its length."""
        return (self.last - self.first) // UNIT

    @property
    def offset(self) -> int:
        """Units from its first one to a full hour."""
        return -(self.first.minute // GRID_MINUTES) % 12

    @property
    def before(self) -> int:
        """Units before it opens."""
        return self.unit(self.opens)

    @property
    def after(self) -> int:
        """Units after it has closed."""
        return self.units - self.unit(self.closes)

    @property
    def hours(self) -> list[tuple[int, datetime]]:
        """Where its full hours are."""
        return [(n, self.first + n * UNIT) for n in range(self.offset, self.units, 12)]

    def unit(self, wall: datetime) -> int:
        """Where a wall time is on this day, within its ends."""
        return min(max((wall - self.first) // UNIT, 0), self.units)


class Frame:
    """Days and columns of a board, and where its cards stand in them."""

    def __init__(self, board: Board, slot: int) -> None:
        self.board = board
        self.answers: Mapping[int, Tally] = {}
        self.slot = slot
        self.names = {card.reference: short_name(board, card) for card in board.cards.values()}
        self.days = [self._day(one.day, one.opens, one.closes) for one in board.days]
        self.columns = self._columns()
        self._at = {column.place: n for n, column in enumerate(self.columns)}
        self._rooms: dict[int, list[int]] = {}
        for place in board.places:
            if place.room_id is not None:
                self._rooms.setdefault(place.room_id, []).append(self._at[place.id])
        self._by_column = self._cards_of_columns()

    def _day(self, which: date, opens: time, closes: time) -> DayFrame:
        first, last = datetime.combine(which, opens), datetime.combine(which, closes)
        here = [c for c in self.board.shown() if c.starts is not None and c.starts.date() == which and is_drawn(c)]
        earliest = min([first, *(card.starts for card in here if card.starts)])
        latest = max([last, *(card.ends for card in here if card.ends)])
        step = timedelta(minutes=self.slot)
        start = first - -(-(first - earliest) // step) * step
        return DayFrame(which, start, start + -(-(latest - start) // step) * step, first, last)

    def _columns(self) -> list[Column]:
        places = self.board.places
        with_tables = {place.room_id for place in places if place.room_id is not None}
        order = {place.id: n for n, place in enumerate(places)}
        shown = sorted(
            (place for place in places if place.id not in with_tables),
            key=lambda place: (order.get(place.room_id or place.id, 0), order[place.id]),
        )
        columns = [Column(one.id, one.code, plain_words(one.name), one.seats, one.booths) for one in shown]
        homeless = any(
            card.starts is not None and card.place is None and not is_band(card) and is_drawn(card)
            for card in self.board.shown()
        )
        if homeless or not columns:
            columns.append(Column(None, "", _("No place yet"), 0, 0))
        return columns

    def day_of(self, card: Card) -> int | None:
        """Number of the day on which a card stands."""
        if card.starts is None:
            return None
        return next((n for n, one in enumerate(self.days) if one.day == card.starts.date()), None)

    def columns_of(self, card: Card) -> tuple[int, int]:
        """First column and how many: a room takes those of its tables, a band all."""
        if is_band(card):
            return 0, len(self.columns)
        if card.place in self._rooms:
            found = self._rooms[card.place]
            return min(found), max(found) - min(found) + 1
        return self._at.get(card.place, len(self.columns) - 1), 1

    def lane(self, card: Card) -> tuple[int, int]:
        """Cards at one time and place share the column: which part of how many."""
        if card.starts is None or card.ends is None or is_band(card):
            return 0, 1
        first, width = self.columns_of(card)
        together = [
            other
            for column in range(first, first + width)
            for other in self._by_column.get(column, ())
            if other.starts < card.ends and card.starts < other.ends
        ]
        order = sorted({(other.starts, other.reference) for other in together} | {(card.starts, card.reference)})
        lanes = min(len(order), MOST_LANES)
        return order.index((card.starts, card.reference)) % max(lanes, 1), max(lanes, 1)

    def _cards_of_columns(self) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for card in self.board.shown():
            if card.starts is not None and is_drawn(card) and not is_band(card):
                first, width = self.columns_of(card)
                for column in range(first, first + width):
                    found.setdefault(column, []).append(card)
        return found

    def ranges(self, hours: Sequence[Span]) -> list[list[int]]:
        """Hours as `[day, first unit, last unit]`."""
        return [
            [n, one.unit(span.start), one.unit(span.end)]
            for n, one in enumerate(self.days)
            for span in hours
            if span.start < one.last and span.end > one.first
        ]


def is_band(card: Card) -> bool:
    """Whether a card is drawn over all columns."""
    return card.whole_meeting or (card.everybody and card.place is None)


def is_drawn(card: Card) -> bool:
    """Whether a card is on the board at all: what was cancelled is in the list only."""
    return card.state is not SessionState.CANCELLED


def short_name(board: Board, card: Card) -> str:
    """What a card is called in a sentence: its codes, else its title or kind."""
    if card.delegations:
        return "–".join(board.delegations[i].code for i in card.delegations)
    return plain_words(card.title) or labels.of(card.kind)


def when(card: Card) -> str:
    """`Thu 5 Feb 10:00 to 10:40`."""
    if card.starts is None or card.ends is None:
        return _("not placed yet")
    return _("%(day)s %(start)s to %(end)s", day=day(card.starts), start=clock(card.starts), end=clock(card.ends))


def where(board: Board, card: Card) -> str:
    """Name of the place of a card."""
    return next((plain_words(one.name) for one in board.places if one.id == card.place), "")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One card as its template draws it."""

    card: Card
    day: int | None
    start: int
    units: int
    column: int
    width: int
    band: bool
    tone: str
    codes: tuple[str, ...]
    text: str
    where: str
    code: str
    lane: int
    lanes: int
    is_short: bool
    clashes: tuple[tuple[str, str], ...]
    answers: Tally | None = None

    @property
    def level(self) -> str:
        """The worst of its clashes."""
        found = {severity for _sentence, severity in self.clashes}
        return "clash" if Severity.BLOCK in found else "warn" if found else ""

    @property
    def when(self) -> str:
        """Its time in words."""
        return when(self.card)

    @property
    def is_done(self) -> bool:
        """Whether it was held, or a side did not come."""
        return self.card.state is SessionState.HELD or self.card.state in GONE


def drawn(frame: Frame, card: Card, clashes: Clashes) -> Drawn:
    """A card where it stands."""
    number = frame.day_of(card)
    column, width = frame.columns_of(card)
    start = 0 if number is None or card.starts is None else frame.days[number].unit(card.starts)
    lane, lanes = frame.lane(card)
    return Drawn(
        card=card,
        day=number,
        start=start,
        units=card.minutes // GRID_MINUTES,
        column=column,
        width=width,
        band=is_band(card),
        tone=TONES.get(card.kind, "admin"),
        codes=tuple(frame.board.delegations[i].code for i in card.delegations),
        text=plain_words(card.title) or _about(card),
        where=where(frame.board, card),
        code=frame.board.codes.get(card.place or 0, ""),
        lane=lane,
        lanes=lanes,
        is_short=card.minutes < SHORT * frame.slot,
        clashes=tuple((clash_sentence(one, frame.names), str(one.severity)) for one in clashes.get(card.reference, ())),
        answers=frame.answers.get(card.id),
    )


def _about(card: Card) -> str:
    if card.crimes:
        return ", ".join(labels.term(crime, "crime") for crime in card.crimes)
    return "" if card.delegations else labels.of(card.kind)


def numbers(one: Drawn) -> dict[str, Any]:
    """What the script must know of a card."""
    card = one.card
    return {
        "i": str(card.uuid),
        "v": card.version,
        "r": card.reference,
        "d": -1 if one.day is None else one.day,
        "s": one.start,
        "n": one.units,
        "c": one.column,
        "w": one.width,
        "p": None if card.place is None else one.code,
        "b": int(one.band),
        "g": int(card.whole_meeting),
        "o": int(card.is_open),
        "l": int(card.time_locked),
        "e": int(card.state not in GONE),
        "D": card.delegations,
        "H": card.people,
        "I": card.interpreters,
        "q": card.seats_needed,
        "a": card.after or 0,
        "z": card.request or 0,
        "t": "–".join(one.codes) or one.text,
        "x": one.clashes,
    }


def answer(frame: Frame, cards: Sequence[Card], clashes: Clashes) -> list[dict[str, Any]]:
    """Cards as numbers and as HTML."""
    shown = [drawn(frame, card, clashes) for card in cards]
    return [numbers(one) | {"html": render_template("scheduling/_board_one.html", one=one)} for one in shown]


def house(frame: Frame, now: datetime) -> dict[str, Any]:
    """What the script must know of the meeting: capacities and hours by number."""
    board, known = frame.board, frame.board.house
    return {
        "slot": frame.slot // GRID_MINUTES,
        "now": now.isoformat(timespec="minutes"),
        "days": [
            {
                "day": one.day.isoformat(),
                "label": day(one.day),
                "first": one.first.hour * 60 + one.first.minute,
                "units": one.units,
                "opens": one.unit(one.opens),
                "closes": one.unit(one.closes),
            }
            for one in frame.days
        ],
        "columns": [
            {
                "code": one.code,
                "name": one.name,
                "seats": one.seats,
                "hours": frame.ranges(known.place_hours.get(one.code, ())),
            }
            for one in frame.columns
        ],
        "delegations": {
            one.id: [one.code, one.teams, frame.ranges(known.delegation_hours.get(one.code, ()))]
            for one in board.delegations.values()
        },
        "people": {
            ident: [
                key_name(name),
                [] if name not in known.person_hours else frame.ranges(known.person_hours[name]) or NEVER,
            ]
            for ident, name in board.people.items()
        },
        "interpreters": {
            ident: [key_name(name), frame.ranges(known.interpreter_hours.get(name, ()))]
            for ident, name in board.interpreters.items()
        },
    }


def interpreters(board: Board, card: Card) -> list[str]:
    """Names of the interpreters of a card."""
    return [key_name(board.interpreters[i]) for i in card.interpreters]


def tally(board: Board, clashes: Clashes) -> dict[str, int]:
    """How many wait, and how many are in conflict."""
    shown = [card for card in board.shown() if is_drawn(card)]
    return {
        "waiting": sum(card.starts is None and card.is_open for card in shown),
        "clashing": sum(card.reference in clashes for card in shown),
    }


def several(board: Board, cards: Sequence[Card]) -> str:
    """Some cards in a sentence: the name of one, the number of many."""
    if len(cards) == 1:
        return short_name(board, cards[0])
    return ngettext("%(num)s session", "%(num)s sessions", len(cards))
