"""What stands in the way of a session at a time and place. One pure module for pages, planner and import."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from confmgr.values.times import Span


class ClashKind(StrEnum):
    """The rules of a schedule."""

    DELEGATION_BUSY = "delegation_busy"
    DELEGATION_AWAY = "delegation_away"
    PERSON_BUSY = "person_busy"
    PERSON_AWAY = "person_away"
    PLACE_TAKEN = "place_taken"
    PLACE_SMALL = "place_small"
    PLACE_CLOSED = "place_closed"
    INTERPRETER_BUSY = "interpreter_busy"
    INTERPRETER_MISSING = "interpreter_missing"
    INTERPRETER_AWAY = "interpreter_away"
    INTERPRETER_TIRED = "interpreter_tired"
    ORDER_BROKEN = "order_broken"
    WHOLE_MEETING = "whole_meeting"


class Severity(StrEnum):
    """What a clash does."""

    BLOCK = "block"
    WARN = "warn"


WARNINGS = frozenset({ClashKind.PLACE_SMALL, ClashKind.INTERPRETER_MISSING, ClashKind.INTERPRETER_TIRED})


@dataclass(frozen=True, slots=True)
class Clash:
    """One broken rule: whose, and with which other session."""

    kind: ClashKind
    session: str
    who: str = ""
    other: str = ""

    @property
    def severity(self) -> Severity:
        """Whether it blocks a save or only warns."""
        return Severity.WARN if self.kind in WARNINGS else Severity.BLOCK


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as the rules see it. All names are those a page shows: party codes, place codes, references."""

    reference: str
    span: Span
    delegations: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    place: str | None = None
    room: str | None = None
    tables: frozenset[str] = frozenset()
    seats_needed: int = 0
    interpretation: str | None = None
    interpreters_wanted: int = 0
    interpreters: frozenset[str] = frozenset()
    whole_meeting: bool = False
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class House:
    """What the meeting has: teams, hours and limits. No hours means always."""

    teams: Mapping[str, int] = field(default_factory=dict)
    delegation_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    person_hours: Mapping[str, Span] = field(default_factory=dict)
    seats: Mapping[str, int] = field(default_factory=dict)
    place_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    interpreter_pairs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    interpreter_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    longest_run: Mapping[str, int] = field(default_factory=dict)


def clashes_of(sitting: Sitting, others: Iterable[Sitting], house: House) -> list[Clash]:
    """Why `sitting` cannot be where it is; an empty list means it can. Touching ends never clash."""
    rest = [other for other in others if other.reference != sitting.reference]
    overlapping = [other for other in rest if other.span.overlaps(sitting.span)]
    return [
        *_alone(sitting, house),
        *_parties(sitting, overlapping, house),
        *_shared(sitting, overlapping),
        *_order(sitting, rest),
        *_tired(sitting, rest, house),
    ]


def all_clashes(sittings: Iterable[Sitting], house: House) -> dict[str, list[Clash]]:
    """The clashes of every session that has any."""
    rows = list(sittings)
    found = {row.reference: clashes_of(row, rows, house) for row in rows}
    return {reference: clashes for reference, clashes in found.items() if clashes}


def _within(span: Span, hours: tuple[Span, ...] | None) -> bool:
    return not hours or any(stretch.covers(span) for stretch in hours)


def _alone(sitting: Sitting, house: House) -> Iterator[Clash]:
    me = sitting.reference
    for code in sorted(sitting.delegations):
        if not _within(sitting.span, house.delegation_hours.get(code)):
            yield Clash(ClashKind.DELEGATION_AWAY, me, code)
    for name in sorted(sitting.people):
        stay = house.person_hours.get(name)
        if stay is not None and not stay.covers(sitting.span):
            yield Clash(ClashKind.PERSON_AWAY, me, name)
    if sitting.place is not None:
        if house.seats.get(sitting.place, 0) < sitting.seats_needed:
            yield Clash(ClashKind.PLACE_SMALL, me, sitting.place)
        if not _within(sitting.span, house.place_hours.get(sitting.place)):
            yield Clash(ClashKind.PLACE_CLOSED, me, sitting.place)
    if sitting.interpretation and len(sitting.interpreters) < sitting.interpreters_wanted:
        yield Clash(ClashKind.INTERPRETER_MISSING, me, sitting.interpretation)
    for name in sorted(sitting.interpreters):
        if not _within(sitting.span, house.interpreter_hours.get(name)):
            yield Clash(ClashKind.INTERPRETER_AWAY, me, name)


def _parties(sitting: Sitting, overlapping: list[Sitting], house: House) -> Iterator[Clash]:
    for code in sorted(sitting.delegations):
        with_it = [other for other in overlapping if code in other.delegations]
        if _most_at_once([other.span for other in with_it], sitting.span) + 1 > house.teams.get(code, 1):
            for other in with_it:
                yield Clash(ClashKind.DELEGATION_BUSY, sitting.reference, code, other.reference)


def _most_at_once(spans: list[Span], within: Span) -> int:
    edges = sorted(
        [(max(s.start, within.start), 1) for s in spans] + [(min(s.end, within.end), -1) for s in spans],
        key=lambda edge: (edge[0], edge[1]),
    )
    most = present = 0
    for _moment, step in edges:
        present += step
        most = max(most, present)
    return most


def _shared(sitting: Sitting, overlapping: list[Sitting]) -> Iterator[Clash]:
    me = sitting.reference
    for other in overlapping:
        if sitting.whole_meeting != other.whole_meeting:
            yield Clash(ClashKind.WHOLE_MEETING, me, "", other.reference)
        for name in sorted(sitting.people & other.people):
            yield Clash(ClashKind.PERSON_BUSY, me, name, other.reference)
        if sitting.place is not None and _same_place(sitting, other):
            yield Clash(ClashKind.PLACE_TAKEN, me, sitting.place, other.reference)
        for name in sorted(sitting.interpreters & other.interpreters):
            yield Clash(ClashKind.INTERPRETER_BUSY, me, name, other.reference)


def _same_place(one: Sitting, other: Sitting) -> bool:
    return other.place is not None and (
        one.place == other.place or one.place in other.tables or other.place in one.tables
    )


def _order(sitting: Sitting, others: list[Sitting]) -> Iterator[Clash]:
    for other in others:
        if other.reference in sitting.after and other.span.end > sitting.span.start:
            yield Clash(ClashKind.ORDER_BROKEN, sitting.reference, "", other.reference)
        if sitting.reference in other.after and sitting.span.end > other.span.start:
            yield Clash(ClashKind.ORDER_BROKEN, sitting.reference, "", other.reference)


def _tired(sitting: Sitting, others: list[Sitting], house: House) -> Iterator[Clash]:
    for name in sorted(sitting.interpreters):
        limit = house.longest_run.get(name)
        if limit is None:
            continue
        spans = sorted(other.span for other in others if name in other.interpreters)
        start, end = _run_around(sitting.span, spans)
        if end - start > timedelta(minutes=limit):
            yield Clash(ClashKind.INTERPRETER_TIRED, sitting.reference, name)


def _run_around(span: Span, spans: list[Span]) -> tuple[datetime, datetime]:
    start, end = span.start, span.end
    for other in reversed(spans):
        if other.end == start:
            start = other.start
    for other in spans:
        if other.start == end:
            end = other.end
    return start, end
