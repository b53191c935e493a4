"""Reading instances and plans from JSON: every fault is one line with the path to it."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from confmgr.planner import domain
from confmgr.planner.contradictions import contradictions, path

MOST_DAYS = 60
MOST_A_DAY = 500
MOST = 1_000_000
"""Any other number: the solver counts in 64 bits, and sums of many such numbers must fit."""

Slot = Annotated[int, Field(ge=0, lt=MOST_DAYS * MOST_A_DAY)]


class Unreadable(ValueError):
    """An instance or plan that cannot be read, names what does not exist, or contradicts itself."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Named(_Strict):
    id: str = Field(min_length=1)


class _Slots(_Strict):
    days: int = Field(ge=1, le=MOST_DAYS)
    per_day: int = Field(ge=1, le=MOST_A_DAY)
    minutes: int = Field(default=20, ge=1, le=1440)
    blocked: list[Slot] = Field(default_factory=list)


class _Party(_Named):
    teams: int = Field(default=1, ge=1, le=1000)
    available: list[Slot] | None = None


class _Place(_Named):
    seats: int = Field(ge=0, le=MOST)
    available: list[Slot] | None = None


class _Interpreter(_Named):
    pairs: list[str]
    available: list[Slot] | None = None
    max_run: int | None = Field(default=None, ge=1, le=MOST)
    max_day: int | None = Field(default=None, ge=1, le=MOST)


class _Lock(_Strict):
    start: Slot | None = None
    place: str | None = None


class _Meeting(_Named):
    parties: list[str] = Field(min_length=1)
    slots: int = Field(ge=1, le=MOST_A_DAY)
    cases: list[str] = Field(default_factory=list)
    priority: int = Field(default=2, ge=1, le=3)
    interpretation: str | None = None
    interpreters: int | None = Field(default=None, ge=1, le=1000)
    seats: int = Field(default=0, ge=0, le=MOST)
    window: list[Slot] | None = None
    locked: _Lock | None = None
    people: list[str] | None = None
    hold: int = Field(default=1, ge=1, le=1000)


class _Person(_Named):
    available: list[Slot] | None = None


class _Instance(_Strict):
    slots: _Slots
    parties: list[_Party]
    places: list[_Place]
    interpreters: list[_Interpreter] = Field(default_factory=list)
    meetings: list[_Meeting]
    people: list[_Person] = Field(default_factory=list)
    after: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(default_factory=list)
    same_day: list[Annotated[list[str], Field(min_length=2, max_length=2)]] = Field(default_factory=list)
    objective: list[Literal["breaks"]] | None = Field(default=None, max_length=1)
    max_break_spread: int | None = Field(default=None, ge=0, le=MOST)


class _Placement(_Strict):
    start: Slot
    place: str
    interpreters: list[str] | None = None


def loaded(content: bytes) -> Any:
    """The JSON value of a file in UTF-8 in which no object says a thing twice.

    Raises:
        Unreadable: With one line a fault.
    """
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                twice.append(f"not JSON: an object has {key!r} twice")
            found[key] = value
        return found

    try:
        data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=once)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable([f"not JSON: {wrong}"]) from wrong
    if twice:
        raise Unreadable(dict.fromkeys(twice))
    return data


def instance(data: Any) -> domain.Instance:
    """Check and freeze an instance.

    Raises:
        Unreadable: With one line a fault and the path to it.
    """
    read: _Instance = _checked(TypeAdapter(_Instance), data, "instance")
    frozen = _freeze(read)
    faults = list(contradictions(read.model_dump(), frozen))
    if faults:
        raise Unreadable(faults)
    return frozen


def placements(data: Any, of: domain.Instance | None = None) -> dict[str, domain.Placement]:
    """The placements of a plan, all or only those of meetings that an instance has; nothing else of it is read.

    Places and interpreters need not exist: a plan to repair may well name what was lost.

    Raises:
        Unreadable: With one line a fault and the path to it.
    """
    if not isinstance(data, Mapping):
        raise Unreadable(["plan: should be an object"])
    if "placements" not in data:
        raise Unreadable(["placements: is missing"])
    read: dict[str, _Placement] = _checked(TypeAdapter(dict[str, _Placement]), data["placements"], "placements")
    return {
        ident: domain.Placement(p.start, p.place, tuple(p.interpreters or ()))
        for ident, p in read.items()
        if of is None or ident in of.by_id
    }


def _checked(kind: TypeAdapter[Any], data: Any, name: str) -> Any:
    try:
        return kind.validate_python(data, strict=True)
    except ValidationError as wrong:
        start = () if name == "instance" else (name,)
        raise Unreadable(
            f"{path(*start, *error['loc']) or name}: {_words(error)}" for error in wrong.errors(include_url=False)
        ) from None


def _words(error: Mapping[str, Any]) -> str:
    """What is wrong, in the words of JSON rather than of Python."""
    kind, facts = error["type"], error.get("ctx", {})
    return _WORDS.get(kind, error["msg"]).format(**facts)


_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no field of this format",
    "int_type": "should be a whole number",
    "string_type": "should be a text",
    "string_unicode": "should be a text without broken characters",
    "string_too_short": "should not be empty",
    "list_type": "should be a list",
    "dict_type": "should be an object",
    "model_type": "should be an object",
    "greater_than_equal": "should be at least {ge}",
    "less_than_equal": "should be at most {le}",
    "less_than": "should be less than {lt}",
    "too_short": "should have at least {min_length}",
    "too_long": "should have at most {max_length}",
    "literal_error": "should be {expected}",
}


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
        after=tuple((first, second) for first, second in read.after),
        same_day=tuple((one, other) for one, other in read.same_day),
        objective=None if read.objective is None else tuple(read.objective),
        max_break_spread=read.max_break_spread,
    )
