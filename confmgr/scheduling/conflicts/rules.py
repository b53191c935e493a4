"""The rules one by one: each says what it finds against a session, told apart by whether the place matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from confmgr.scheduling.conflicts.facts import ClashKind, Sitting
from confmgr.values.times import Span

if TYPE_CHECKING:
    from confmgr.scheduling.conflicts.register import Line, Register

Found = tuple[ClashKind, str, str]
"""The rule, whom it concerns, and the other session."""


def of_time(sitting: Sitting, register: Register) -> Iterator[Found]:
    """What is wrong at that time, wherever the session is."""
    yield from _delegations(sitting, register)
    yield from _people(sitting, register)
    yield from _interpretation(sitting, register)
    yield from _order(sitting, register)
    yield from _wishes(sitting, register)
    for other in (register.for_some if sitting.whole_meeting else register.for_everybody).overlapping(sitting):
        yield ClashKind.WHOLE_MEETING, "", other.reference


def of_place(sitting: Sitting, register: Register) -> Iterator[Found]:
    """What is wrong with that place at that time."""
    place, house = sitting.place, register.house
    if place is None:
        return
    if house.seats.get(place, 0) < sitting.seats_needed:
        yield ClashKind.PLACE_SMALL, place, ""
    if not _within(sitting.span, house.place_hours.get(place)):
        yield ClashKind.PLACE_CLOSED, place, ""
    for other in register.taking(place, sitting):
        yield ClashKind.PLACE_TAKEN, place, other.reference
    yield from _walks(sitting, place, register)


def _within(span: Span, hours: tuple[Span, ...] | None) -> bool:
    return not hours or any(stretch.covers(span) for stretch in hours)


def _delegations(sitting: Sitting, register: Register) -> Iterator[Found]:
    house = register.house
    for code in sitting.delegations:
        everybody = house.members.get(code, frozenset())
        unnamed = everybody and not everybody & sitting.people  # of those named, each is looked at alone
        nobody = unnamed and not any(house.has(person, sitting.span) for person in everybody)
        if nobody or not _within(sitting.span, house.delegation_hours.get(code)):
            yield ClashKind.DELEGATION_AWAY, code, ""
        busy = register.delegations.of(code).overlapping(sitting)
        teams = house.teams.get(code, 1)
        if len(busy) >= teams and _most_at_once([other.span for other in busy], sitting.span) >= teams:
            for other in busy:
                yield ClashKind.DELEGATION_BUSY, code, other.reference


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


def _people(sitting: Sitting, register: Register) -> Iterator[Found]:
    for name in sitting.people:
        if not register.house.has(name, sitting.span):
            yield ClashKind.PERSON_AWAY, name, ""
        for other in register.people.of(name).overlapping(sitting):
            yield ClashKind.PERSON_BUSY, name, other.reference


def _interpretation(sitting: Sitting, register: Register) -> Iterator[Found]:
    pair = sitting.interpretation
    if pair and len(sitting.interpreters) < sitting.interpreters_wanted:
        yield ClashKind.INTERPRETER_MISSING, pair, ""
    for name in sitting.interpreters:
        yield from of_interpreter(name, sitting, register)


def of_interpreter(name: str, sitting: Sitting, register: Register) -> Iterator[Found]:
    """What is wrong with somebody who interprets then, or would."""
    house, pair = register.house, sitting.interpretation
    spoken = house.interpreter_pairs.get(name)
    if pair and spoken and pair not in spoken:
        yield ClashKind.INTERPRETER_PAIR, name, ""
    if not _within(sitting.span, house.interpreter_hours.get(name)):
        yield ClashKind.INTERPRETER_AWAY, name, ""
    for other in register.interpreters.of(name).overlapping(sitting):
        yield ClashKind.INTERPRETER_BUSY, name, other.reference
    run, day = house.longest_run.get(name), house.longest_day.get(name)
    if run is not None and register.runs(name, sitting).minutes > run:
        yield ClashKind.INTERPRETER_TIRED, name, ""
    if day is not None and register.worked(name, sitting) > timedelta(minutes=day):
        yield ClashKind.INTERPRETER_LONG_DAY, name, ""


def _order(sitting: Sitting, register: Register) -> Iterator[Found]:
    for reference in sitting.after:
        first = register.by_reference.get(reference)
        if first is not None and first.reference != sitting.reference and first.span.end > sitting.span.start:
            yield ClashKind.ORDER_BROKEN, "", reference
    for later in register.followers.get(sitting.reference, ()):
        if later.reference != sitting.reference and sitting.span.end > later.span.start:
            yield ClashKind.ORDER_BROKEN, "", later.reference


def _wishes(sitting: Sitting, register: Register) -> Iterator[Found]:
    if not _within(sitting.span, sitting.wished):
        yield ClashKind.TIME_NOT_WISHED, "", ""
    for other in _tied(sitting, register, sitting.apart, register.kept_apart):
        if other.span.overlaps(sitting.span):
            yield ClashKind.WISHED_APART, "", other.reference
    for other in _tied(sitting, register, sitting.same_day, register.on_its_day):
        if other.span.start.date() != sitting.span.start.date():
            yield ClashKind.WISHED_SAME_DAY, "", other.reference


def _tied(
    sitting: Sitting, register: Register, named: Iterable[str], naming: Mapping[str, Sequence[Sitting]]
) -> Iterator[Sitting]:
    """The sessions that a wish names, and those whose wish names it."""
    known = [row for one in named if (row := register.by_reference.get(one)) is not None]
    return (one for one in (*known, *naming.get(sitting.reference, ())) if one.reference != sitting.reference)


def _walks(sitting: Sitting, place: str, register: Register) -> Iterator[Found]:
    """Who would have to walk from building to building in less time than it takes.

    Of delegations only those with one team: the others may have people in either building.
    """
    house = register.house
    here = house.buildings.get(place)
    if not house.walk_minutes or here is None:
        return
    gap = timedelta(minutes=house.walk_minutes)
    for name, line in _walkers(sitting, register):
        for other in line.near(sitting, gap):
            there = None if other.place is None else house.buildings.get(other.place)
            if there is not None and there != here:
                yield ClashKind.WALK_TOO_SHORT, name, other.reference


def _walkers(sitting: Sitting, register: Register) -> Iterator[tuple[str, Line]]:
    for code in sitting.delegations:
        if register.house.teams.get(code, 1) == 1:
            yield code, register.delegations.of(code)
    for name in sitting.people:
        yield name, register.people.of(name)
    for name in sitting.interpreters:
        yield name, register.interpreters.of(name)
