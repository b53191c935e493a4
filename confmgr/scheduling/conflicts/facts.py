"""What the rules of a schedule are told, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from confmgr.values.times import Span


class ClashKind(StrEnum):
    """The rules of a schedule, in the order in which pages list them."""

    DELEGATION_BUSY = "delegation_busy"
    DELEGATION_AWAY = "delegation_away"
    PERSON_BUSY = "person_busy"
    PERSON_AWAY = "person_away"
    PLACE_TAKEN = "place_taken"
    PLACE_SMALL = "place_small"
    PLACE_CLOSED = "place_closed"
    WALK_TOO_SHORT = "walk_too_short"
    INTERPRETER_BUSY = "interpreter_busy"
    INTERPRETER_MISSING = "interpreter_missing"
    INTERPRETER_PAIR = "interpreter_pair"
    INTERPRETER_AWAY = "interpreter_away"
    INTERPRETER_TIRED = "interpreter_tired"
    INTERPRETER_LONG_DAY = "interpreter_long_day"
    ORDER_BROKEN = "order_broken"
    WHOLE_MEETING = "whole_meeting"
    TIME_NOT_WISHED = "time_not_wished"
    WISHED_APART = "wished_apart"
    WISHED_SAME_DAY = "wished_same_day"


class Severity(StrEnum):
    """What a broken rule does: refuse the save, be shown, or nothing."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"


_WARNINGS = frozenset(
    {
        ClashKind.PLACE_SMALL,
        ClashKind.WALK_TOO_SHORT,
        ClashKind.INTERPRETER_MISSING,
        ClashKind.INTERPRETER_PAIR,
        ClashKind.INTERPRETER_TIRED,
        ClashKind.INTERPRETER_LONG_DAY,
        ClashKind.TIME_NOT_WISHED,
        ClashKind.WISHED_APART,
        ClashKind.WISHED_SAME_DAY,
    }
)
USUAL: Mapping[ClashKind, Severity] = {
    kind: Severity.WARN if kind in _WARNINGS else Severity.BLOCK for kind in ClashKind
}
"""How a meeting judges that has not said otherwise."""


@dataclass(frozen=True, slots=True)
class Clash:
    """One broken rule: whose, and with which other session. `judged` where the meeting judges otherwise than usual."""

    kind: ClashKind
    session: str
    who: str = ""
    other: str = ""
    judged: Severity | None = None

    @property
    def severity(self) -> Severity:
        """Whether it blocks a save or only warns."""
        return self.judged or USUAL[self.kind]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session as the rules see it. All names are those a page shows: party codes, place codes, references."""

    reference: str
    span: Span
    delegations: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    place: str | None = None
    seats_needed: int = 0
    interpretation: str | None = None
    interpreters_wanted: int = 0
    interpreters: frozenset[str] = frozenset()
    whole_meeting: bool = False
    after: frozenset[str] = frozenset()
    wished: tuple[Span, ...] = ()
    """The time that suits who asked for it; none: any."""
    apart: frozenset[str] = frozenset()
    """Sessions that it should not be at the same time as."""
    same_day: frozenset[str] = frozenset()
    """Sessions that it should be on one day with."""


@dataclass(frozen=True, slots=True)
class House:
    """What the meeting has: teams, hours, limits, and how it judges.

    No hours means always, but for persons; no pairs of an interpreter any pair, no building the same as every other's.
    """

    teams: Mapping[str, int] = field(default_factory=dict)
    delegation_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    person_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    """When a person is there and has nothing else; empty: never."""
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Everybody of a delegation, of those delegations of whose people all have hours."""
    seats: Mapping[str, int] = field(default_factory=dict)
    place_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes of the tables in a room: a session in the room takes them all."""
    buildings: Mapping[str, str] = field(default_factory=dict)
    walk_minutes: int = 0
    """From any building to any other."""
    interpreter_pairs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    interpreter_hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    longest_run: Mapping[str, int] = field(default_factory=dict)
    """Minutes that an interpreter works without a pause."""
    longest_day: Mapping[str, int] = field(default_factory=dict)
    """Minutes that an interpreter works in a day."""
    severities: Mapping[ClashKind, Severity] = field(default_factory=dict)
    """Rules that the meeting judges otherwise than usual."""

    def has(self, person: str, span: Span) -> bool:
        """Whether a person is there, and has nothing else."""
        stay = self.person_hours.get(person)
        return stay is None or any(stretch.covers(span) for stretch in stay)

    def severity(self, kind: ClashKind) -> Severity:
        """What a broken rule does at this meeting."""
        return self.severities.get(kind, USUAL[kind])
