"""Words of agenda items and records; the numbers of items, and when case meetings are held. Plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from confmgr.values.times import Span


class ExpectedAction(StrEnum):
    """What an agenda item asks of delegations."""

    INFORMATION = "information"
    DISCUSSION = "discussion"
    DECISION = "decision"


class AgendaKind(StrEnum):
    """What an item is in the fixed order of an agenda."""

    OPENING = "opening"
    ADOPTION = "adoption"
    FOLLOW_UP = "follow_up"
    SUBSTANCE = "substance"
    MEETINGS = "meetings"
    CONCLUSIONS = "conclusions"
    NEXT_MEETING = "next_meeting"
    CLOSING = "closing"


STANDARD = tuple(AgendaKind)
"""The fixed order of an agenda, one item of each kind to begin with."""

EXPECTED = {
    AgendaKind.OPENING: ExpectedAction.INFORMATION,
    AgendaKind.ADOPTION: ExpectedAction.DECISION,
    AgendaKind.FOLLOW_UP: ExpectedAction.DISCUSSION,
    AgendaKind.SUBSTANCE: ExpectedAction.DISCUSSION,
    AgendaKind.MEETINGS: ExpectedAction.DISCUSSION,
    AgendaKind.CONCLUSIONS: ExpectedAction.DECISION,
    AgendaKind.NEXT_MEETING: ExpectedAction.DECISION,
    AgendaKind.CLOSING: ExpectedAction.INFORMATION,
}
"""What an item of each kind usually asks of delegations."""


class RecordState(StrEnum):
    """How far a record has come."""

    DRAFTED = "drafted"
    SENT = "sent"
    AGREED = "agreed"
    WITH_RESERVATION = "with_reservation"
    LAPSED = "lapsed"


LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an item stands: itself, and the item that it is a part of."""

    id: int
    parent: int | None = None


def in_order(spots: Sequence[Spot]) -> list[Spot]:
    """Items in the order of the page: each followed by its parts, both in the order in which they came."""
    return [one for top in spots if top.parent is None for one in (top, *(s for s in spots if s.parent == top.id))]


def numbers(spots: Sequence[Spot]) -> dict[int, str]:
    """The number of each item, from the order alone: `4`, and `4(a)` of its first part."""
    found: dict[int, str] = {}
    count, parts = 0, 0
    for spot in in_order(spots):
        if spot.parent is None:
            count, parts = count + 1, 0
            found[spot.id] = str(count)
        else:
            parts += 1
            found[spot.id] = f"{count}({_letters(parts)})"
    return found


def _letters(number: int) -> str:
    """`a` to `z`, then `aa`."""
    text = ""
    while number:
        number, rest = divmod(number - 1, len(LETTERS))
        text = LETTERS[rest] + text
    return text


def moved(spots: Sequence[Spot], ident: int, steps: int) -> list[Spot]:
    """The items in order after one was moved among its like; at the end of the row it stays where it is."""
    rows = in_order(spots)
    parent = next(spot.parent for spot in rows if spot.id == ident)
    like = [spot for spot in rows if spot.parent == parent]
    here = next(n for n, spot in enumerate(like) if spot.id == ident)
    there = min(max(here + steps, 0), len(like) - 1)
    like.insert(there, like.pop(here))
    return in_order([*like, *(spot for spot in rows if spot.parent != parent)])


def placed(rows: Sequence[tuple[Spot, AgendaKind]], new: Spot, kind: AgendaKind) -> list[Spot]:
    """The items in order with a new one behind the last that the fixed order does not have after its kind."""
    tops = [(spot, of) for spot, of in rows if spot.parent is None]
    behind = [n for n, (_spot, of) in enumerate(tops, 1) if STANDARD.index(of) <= STANDARD.index(kind)]
    at = max(behind, default=0)
    order = [spot for spot, _kind in tops]
    return in_order([*order[:at], new, *order[at:], *(spot for spot, _kind in rows if spot.parent is not None)])


def case_blocks(public: Iterable[Span], meetings: Sequence[Span], hours: Span | None = None) -> list[Span]:
    """When case meetings are held: the times between what is for everybody that hold any, so that none is told apart.

    Before the first and after the last public entry of the day they reach as far as the day's `hours`, or the meetings.
    """
    if not meetings:
        return []
    reach = [*meetings, hours] if hours else meetings
    first, last = min(span.start for span in reach), max(span.end for span in reach)
    found, free = [], first
    for span in sorted(public):
        if free < span.start:
            found.append(Span(free, span.start))
        free = max(free, span.end)
    if free < last:
        found.append(Span(free, last))
    return [gap for gap in found if any(gap.overlaps(span) for span in meetings)]


NOON = time(13)
LUNCH = (time(11, 30), time(14))
"""A break that begins then parts the day; without one the afternoon begins at NOON."""


def half_days(blocks: Sequence[Span], breaks: Iterable[datetime]) -> list[Span]:
    """The case meetings of one day as one stretch before and one after lunch; `breaks` are the beginnings of breaks."""
    lunch = next((start.time() for start in sorted(breaks) if LUNCH[0] <= start.time() < LUNCH[1]), NOON)
    halves = (
        [span for span in blocks if span.start.time() < lunch],
        [span for span in blocks if span.start.time() >= lunch],
    )
    return [Span(min(s.start for s in half), max(s.end for s in half)) for half in halves if half]
