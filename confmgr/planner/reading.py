"""Reading instances and plans from JSON: every fault is one line with the path to it."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from confmgr.planner import domain


class Unreadable(ValueError):
    """An instance or plan that cannot be read, names what does not exist, or contradicts itself."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Named(_Strict):
    id: str


class _Slots(_Strict):
    days: int = Field(ge=1, le=60)
    per_day: int = Field(ge=1, le=500)
    minutes: int = Field(default=20, ge=1)
    blocked: list[int] = Field(default_factory=list)


class _Party(_Named):
    teams: int = Field(default=1, ge=1, le=1000)
    available: list[int] | None = None


class _Place(_Named):
    seats: int = Field(ge=0)
    available: list[int] | None = None


class _Interpreter(_Named):
    pairs: list[str]
    available: list[int] | None = None
    max_run: int | None = Field(default=None, ge=1)
    max_day: int | None = Field(default=None, ge=1)


class _Lock(_Strict):
    start: int | None = None
    place: str | None = None


class _Meeting(_Named):
    parties: list[str] = Field(min_length=1)
    slots: int = Field(ge=1, le=500)
    cases: list[str] = Field(default_factory=list)
    priority: int = Field(default=2, ge=1, le=3)
    interpretation: str | None = None
    interpreters: int | None = Field(default=None, ge=1, le=1000)
    seats: int = Field(default=0, ge=0)
    window: list[int] | None = None
    locked: _Lock | None = None
    people: list[str] | None = None
    hold: int = Field(default=1, ge=1, le=1000)


class _Person(_Named):
    available: list[int] | None = None


class _Instance(_Strict):
    slots: _Slots
    parties: list[_Party]
    places: list[_Place]
    interpreters: list[_Interpreter] = Field(default_factory=list)
    meetings: list[_Meeting]
    people: list[_Person] = Field(default_factory=list)
    after: list[tuple[str, str]] = Field(default_factory=list)
    objective: list[Literal["breaks"]] | None = None
    max_break_spread: int | None = Field(default=None, ge=0)


def instance(data: Any) -> domain.Instance:
    """Check and freeze an instance.

    Raises:
        Unreadable: With one line a fault and the path to it.
    """
    try:
        read = _Instance.model_validate(_with_tuples(data))
    except ValidationError as wrong:
        raise Unreadable(f"{_path(error['loc'])}: {error['msg']}" for error in wrong.errors()) from None
    frozen = _freeze(read)
    faults = list(_contradictions(frozen, read))
    if faults:
        raise Unreadable(faults)
    return frozen


def placements(data: Any, of: domain.Instance) -> dict[str, domain.Placement]:
    """The placements of a plan; those of meetings that the instance does not have are left out.

    Raises:
        Unreadable: Not a plan.
    """
    try:
        return {
            ident: domain.Placement(int(p["start"]), str(p["place"]), tuple(map(str, p.get("interpreters") or ())))
            for ident, p in data["placements"].items()
            if ident in of.by_id
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable(["placements: not a plan"]) from None


def _with_tuples(data: Any) -> Any:
    if isinstance(data, dict) and isinstance(data.get("after"), list):
        return data | {"after": [tuple(p) if isinstance(p, list) else p for p in data["after"]]}
    return data


def _path(parts: Iterable[object]) -> str:
    return ".".join(map(str, parts)) or "instance"


def _set(slots: list[int] | None) -> frozenset[int] | None:
    return None if slots is None else frozenset(slots)


def _freeze(read: _Instance) -> domain.Instance:
    return domain.Instance(
        days=read.slots.days,
        per_day=read.slots.per_day,
        minutes=read.slots.minutes,
        blocked=frozenset(read.slots.blocked),
        parties=tuple(domain.Party(p.id, p.teams, _set(p.available)) for p in read.parties),
        places=tuple(domain.Place(p.id, p.seats, _set(p.available)) for p in read.places),
        interpreters=tuple(
            domain.Interpreter(i.id, frozenset(i.pairs), _set(i.available), i.max_run, i.max_day)
            for i in read.interpreters
        ),
        meetings=tuple(
            domain.Meeting(
                m.id,
                tuple(m.parties),
                m.slots,
                tuple(m.cases),
                m.priority,
                m.interpretation,
                m.interpreters or 1,
                m.seats,
                _set(m.window),
                None if m.locked is None else domain.Lock(m.locked.start, m.locked.place),
                tuple(m.people or ()),
                m.hold,
            )
            for m in read.meetings
        ),
        people={p.id: _set(p.available) for p in read.people},
        after=tuple(read.after),
        objective=None if read.objective is None else tuple(read.objective),
        max_break_spread=read.max_break_spread,
    )


def _contradictions(instance: domain.Instance, read: _Instance) -> Iterable[str]:
    lists: tuple[tuple[str, Sequence[_Named]], ...] = (
        ("parties", read.parties),
        ("places", read.places),
        ("interpreters", read.interpreters),
        ("meetings", read.meetings),
        ("people", read.people),
    )
    for name, rows in lists:
        seen: set[str] = set()
        for n, row in enumerate(rows):
            if row.id in seen:
                yield f"{name}.{n}.id: {row.id!r} stands twice"
            seen.add(row.id)
    parties = {p.id for p in read.parties}
    hours = {p.id: instance.hours(p.available) for p in instance.parties}
    places = {p.id: instance.hours(p.available) for p in instance.places}
    for n, meeting in enumerate(instance.meetings):
        if len(set(meeting.parties)) != len(meeting.parties):
            yield f"meetings.{n}.parties: a party stands twice"
        for party in meeting.parties:
            if party not in parties:
                yield f"meetings.{n}.parties: no party {party!r}"
        yield from _lock_faults(instance, n, meeting, places, hours)
    for n, (first, second) in enumerate(read.after):
        for ident in (first, second):
            if ident not in instance.by_id:
                yield f"after.{n}: no meeting {ident!r}"
    if _has_circle(read.after):
        yield "after: the order is circular"


def _lock_faults(
    instance: domain.Instance,
    n: int,
    meeting: domain.Meeting,
    places: dict[str, frozenset[int]],
    hours: dict[str, frozenset[int]],
) -> Iterable[str]:
    lock = meeting.locked
    if lock is None:
        return
    if lock.place is not None and lock.place not in places:
        yield f"meetings.{n}.locked.place: no place {lock.place!r}"
    if lock.start is None:
        return
    span = range(lock.start, lock.start + meeting.slots)
    if lock.start < 0 or span[-1] >= instance.total or span[0] // instance.per_day != span[-1] // instance.per_day:
        yield f"meetings.{n}.locked.start: {lock.start} is outside the days"
    elif not set(span) <= instance.usable:
        yield f"meetings.{n}.locked.start: {lock.start} is blocked"
    else:
        if meeting.window is not None and not set(span) <= meeting.window:
            yield f"meetings.{n}.locked.start: {lock.start} is outside its window"
        people = {name: instance.hours(instance.people.get(name)) for name in meeting.people}
        for name, there in [*((p, hours[p]) for p in meeting.parties if p in hours), *people.items()]:
            if not set(span) <= there:
                yield f"meetings.{n}.locked.start: {name} is away at {lock.start}"
        if lock.place is not None and not set(span) <= places.get(lock.place, instance.usable):
            yield f"meetings.{n}.locked.place: {lock.place} is closed at {lock.start}"


def _has_circle(after: list[tuple[str, str]]) -> bool:
    waiting: dict[str, set[str]] = {}
    for first, second in after:
        waiting.setdefault(second, set()).add(first)
        waiting.setdefault(first, set())
    while waiting:
        free = {ident for ident, before in waiting.items() if not before & waiting.keys()}
        if not free:
            return True
        waiting = {ident: before for ident, before in waiting.items() if ident not in free}
    return False
