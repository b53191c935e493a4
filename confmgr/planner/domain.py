"""What the planner is given and what it answers. Slots are numbered through all days, from 0."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

PRIORITY_WEIGHT = {1: 3, 2: 1, 3: 0}
"""How much a late start of a meeting of that priority weighs."""


@dataclass(frozen=True)
class Party:
    """Who meets. `teams`: how many meetings it can hold at once; `available`: its slots, None for all."""

    id: str
    teams: int = 1
    available: frozenset[int] | None = None


@dataclass(frozen=True)
class Place:
    """Where one meeting at a time can be."""

    id: str
    seats: int
    available: frozenset[int] | None = None


@dataclass(frozen=True)
class Interpreter:
    """Works between pairs of languages, at most `max_run` slots without a free one and `max_day` slots a day."""

    id: str
    pairs: frozenset[str]
    available: frozenset[int] | None = None
    max_run: int | None = None
    max_day: int | None = None


@dataclass(frozen=True)
class Lock:
    """What is fixed of a meeting."""

    start: int | None = None
    place: str | None = None


@dataclass(frozen=True)
class Meeting:
    """What wants a place: parties, length in slots, what it needs. `hold`: what it weighs in `moved` if it moves."""

    id: str
    parties: tuple[str, ...]
    slots: int
    cases: tuple[str, ...] = ()
    priority: int = 2
    interpretation: str | None = None
    interpreters: int = 1
    seats: int = 0
    window: frozenset[int] | None = None
    locked: Lock | None = None
    people: tuple[str, ...] = ()
    hold: int = 1

    @property
    def crew(self) -> int:
        """How many interpreters it needs at once."""
        return self.interpreters if self.interpretation else 0


@dataclass(frozen=True)
class Instance:
    """A whole planning task."""

    days: int
    per_day: int
    minutes: int
    blocked: frozenset[int]
    parties: tuple[Party, ...]
    places: tuple[Place, ...]
    interpreters: tuple[Interpreter, ...]
    meetings: tuple[Meeting, ...]
    people: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    after: tuple[tuple[str, str], ...] = ()
    same_day: tuple[tuple[str, str], ...] = ()
    objective: tuple[str, ...] | None = None
    max_break_spread: int | None = None

    @property
    def total(self) -> int:
        """Slots of all days."""
        return self.days * self.per_day

    @cached_property
    def usable(self) -> frozenset[int]:
        """Slots that are not blocked for everybody."""
        return frozenset(range(self.total)) - self.blocked

    @cached_property
    def rank(self) -> dict[int, int]:
        """How many usable slots are before each slot: plans made by hand may begin in a blocked one."""
        before = accumulate((slot in self.usable for slot in range(self.total)), initial=0)
        return dict(zip(range(self.total), before, strict=False))

    @cached_property
    def by_id(self) -> dict[str, Meeting]:
        """Meetings by id."""
        return {meeting.id: meeting for meeting in self.meetings}

    def hours(self, available: frozenset[int] | None) -> frozenset[int]:
        """Usable slots among those named; all usable ones for None."""
        return self.usable if available is None else self.usable & available


@dataclass(frozen=True)
class Placement:
    """When, where and with which interpreters a meeting is."""

    start: int
    place: str
    interpreters: tuple[str, ...] = ()

    def span(self, slots: int) -> range:
        """The slots it occupies."""
        return range(self.start, self.start + slots)


@dataclass(frozen=True)
class Because:
    """Why a meeting was left out: a kind of rule and its facts, to be put into words elsewhere."""

    meeting: str
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Level:
    """One aim, decided before the next: its value and what is proven that it cannot fall below."""

    name: str
    value: int
    bound: int


@dataclass(frozen=True)
class Plan:
    """What the planner answers."""

    status: str
    placements: Mapping[str, Placement]
    levels: tuple[Level, ...]
    unplaced: tuple[str, ...]
    because: tuple[Because, ...]
    moved: tuple[str, ...]
    seconds: float
    seed: int

    def to_json(self) -> dict[str, Any]:
        """The plan format."""
        return {
            "status": self.status,
            "placements": {
                m: {"start": p.start, "place": p.place, "interpreters": list(p.interpreters)}
                for m, p in sorted(self.placements.items())
            },
            "levels": [{"name": x.name, "value": x.value, "bound": x.bound} for x in self.levels],
            "unplaced": list(self.unplaced),
            "because": [{"meeting": b.meeting, "kind": b.kind, **b.facts} for b in self.because],
            "moved": list(self.moved),
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
        }


Placements = Mapping[str, Placement]
