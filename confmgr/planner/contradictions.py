"""What an instance names that does not exist, and where it contradicts itself: one line a fault, with its path."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from confmgr.planner.domain import Instance, Meeting

Rows = Mapping[str, Any]
LISTS = ("parties", "places", "interpreters", "meetings", "people")


def path(*parts: str | int) -> str:
    """The way to a value, `meetings[3].parties[0]`; odd names of fields stand in brackets too, on one line."""
    found = ""
    for part in parts:
        if isinstance(part, int):
            found += f"[{part}]"
        elif part.isidentifier() and part.isascii():
            found += f".{part}" if found else part
        else:
            found += f"[{json.dumps(part)}]"
    return found


def contradictions(read: Rows, instance: Instance) -> Iterator[str]:
    """Every fault of an instance, as it was read and as it was understood, whose fields are all of the right kind."""
    for name in LISTS:
        yield from _twice([row["id"] for row in read[name]], name, field="id")
    yield from _outside(read, instance.total)
    for n, (row, meeting) in enumerate(zip(read["meetings"], instance.meetings, strict=True)):
        yield from _of_meeting(row, n, {party["id"] for party in read["parties"]})
        yield from _of_lock(instance, meeting, n)
    yield from _unknown(read["after"], "after", instance)
    yield from _of_order(read["after"])
    yield from _unknown(read["same_day"], "same_day", instance)
    for n, (one, other) in enumerate(read["same_day"]):
        if one == other:
            yield f"{path('same_day', n)}: {one!r} is on one day with itself"


def _twice(names: Iterable[str], *where: str | int, field: str | None = None) -> Iterator[str]:
    seen: set[str] = set()
    for n, name in enumerate(names):
        if name in seen:
            yield f"{path(*where, n, *([field] if field else []))}: {name!r} stands twice"
        seen.add(name)


def _outside(read: Rows, total: int) -> Iterator[str]:
    """Slots that there are not."""
    lists: list[tuple[tuple[str | int, ...], list[int] | None]] = [(("slots", "blocked"), read["slots"]["blocked"])]
    for name in LISTS:
        field = "window" if name == "meetings" else "available"
        lists += [((name, n, field), row[field]) for n, row in enumerate(read[name])]
    for where, slots in lists:
        for k, slot in enumerate(slots or ()):
            if slot >= total:
                yield f"{path(*where, k)}: {slot} is outside the days, which have {total} slots"


def _of_meeting(row: Rows, n: int, parties: set[str]) -> Iterator[str]:
    yield from _twice(row["parties"], "meetings", n, "parties")
    yield from _twice(row["people"] or (), "meetings", n, "people")
    for k, party in enumerate(row["parties"]):
        if party not in parties:
            yield f"{path('meetings', n, 'parties', k)}: no party {party!r}"


def _of_lock(instance: Instance, meeting: Meeting, n: int) -> Iterator[str]:
    """What a lock says that can never be, whatever the other meetings do."""
    lock = meeting.locked
    if lock is None:
        return
    at, place = path("meetings", n, "locked", "start"), path("meetings", n, "locked", "place")
    room = next((one for one in instance.places if one.id == lock.place), None)
    if lock.place is not None and room is None:
        yield f"{place}: no place {lock.place!r}"
    if room is not None and room.seats < meeting.seats:
        yield f"{place}: {room.id!r} has {room.seats} seats, {meeting.seats} are needed"
    if lock.start is None:
        return
    span = range(lock.start, lock.start + meeting.slots)
    if span[-1] >= instance.total or span[0] // instance.per_day != span[-1] // instance.per_day:
        yield f"{at}: {lock.start} is outside the days"
        return
    slots = set(span)
    if not slots <= instance.usable:
        yield f"{at}: {lock.start} is blocked"
        return
    if meeting.window is not None and not slots <= meeting.window:
        yield f"{at}: {lock.start} is outside its window"
    hours = {party.id: party.available for party in instance.parties if party.id in meeting.parties}
    people = {name: instance.people.get(name) for name in meeting.people}
    for name, available in (*hours.items(), *people.items()):
        if not slots <= instance.hours(available):
            yield f"{at}: {name!r} is away at {lock.start}"
    if room is not None and not slots <= instance.hours(room.available):
        yield f"{place}: {room.id!r} is closed at {lock.start}"


def _unknown(pairs: list[list[str]], name: str, instance: Instance) -> Iterator[str]:
    for n, pair in enumerate(pairs):
        for k, ident in enumerate(pair):
            if ident not in instance.by_id:
                yield f"{path(name, n, k)}: no meeting {ident!r}"


def _of_order(after: list[list[str]]) -> Iterator[str]:
    circle = _circle(after)
    if circle:
        n = after.index([circle[0], circle[1]])
        yield f"{path('after', n)}: the order is circular: {', '.join(map(repr, circle))}"


def _circle(after: list[list[str]]) -> list[str]:
    """Meetings of which each comes after the one before it, and the first after the last; empty if there are none."""
    before: dict[str, set[str]] = {}
    for first, second in after:
        before.setdefault(second, set()).add(first)
        before.setdefault(first, set())
    while free := [ident for ident, firsts in before.items() if not firsts & before.keys()]:
        for ident in free:
            del before[ident]
    if not before:
        return []
    way = [min(before)]
    while way[-1] not in way[:-1]:
        way.append(min(before[way[-1]] & before.keys()))
    return way[way.index(way[-1]) :][::-1]
