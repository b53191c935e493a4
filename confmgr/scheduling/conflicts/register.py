"""The placed sessions by what they share, so that a session is held against its neighbours alone."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from confmgr.scheduling.conflicts import rules
from confmgr.scheduling.conflicts.facts import Clash, ClashKind, House, Severity, Sitting
from confmgr.values.times import Span

_RANK = {kind: rank for rank, kind in enumerate(ClashKind)}
_NEVER = timedelta(0)
_MOMENT = timedelta(microseconds=1)
"""Shorter than any pause: with it, what touches belongs to a run."""


class Line:
    """Sessions that share something, in the order of their starts."""

    __slots__ = ("_longest", "_starts", "rows")

    def __init__(self, rows: list[Sitting]) -> None:
        """`rows` by their starts."""
        self.rows = rows
        self._starts: list[datetime] = [row.span.start for row in rows]
        self._longest = max((row.span.end - row.span.start for row in rows), default=_NEVER)

    def between(self, start: datetime, end: datetime, but: str) -> list[Sitting]:
        """Sessions that overlap the time from start to end, but for the one of that reference."""
        first = bisect_right(self._starts, start - self._longest)
        last = bisect_left(self._starts, end, first)
        return [row for row in self.rows[first:last] if row.span.end > start and row.reference != but]

    def overlapping(self, sitting: Sitting) -> list[Sitting]:
        """Other sessions at the time of a session."""
        return self.between(sitting.span.start, sitting.span.end, sitting.reference)

    def near(self, sitting: Sitting, gap: timedelta) -> list[Sitting]:
        """Other sessions that end or begin less than `gap` before or after a session, and do not overlap it."""
        span = sitting.span
        found = self.between(span.start - gap, span.end + gap, sitting.reference)
        return [row for row in found if row.span.end <= span.start or row.span.start >= span.end]


_EMPTY = Line([])


class Lines:
    """A line for each name."""

    __slots__ = ("_lines",)

    def __init__(self, rows: Mapping[str, list[Sitting]]) -> None:
        self._lines = {name: Line(found) for name, found in rows.items()}

    def of(self, name: str) -> Line:
        """The sessions of that name; an unknown one has none."""
        return self._lines.get(name, _EMPTY)


class Register:
    """All placed sessions of a meeting, ready to be asked what stands in the way of one, placed or only thought of."""

    def __init__(self, sittings: Iterable[Sitting], house: House) -> None:
        """Sort the sessions once; no list given is changed."""
        self.house = house
        self.rows = sorted(sittings, key=lambda row: row.span.start)
        self.by_reference = {row.reference: row for row in self.rows}
        by_delegation: dict[str, list[Sitting]] = {}
        by_person: dict[str, list[Sitting]] = {}
        by_interpreter: dict[str, list[Sitting]] = {}
        by_place: dict[str, list[Sitting]] = {}
        self.followers: dict[str, list[Sitting]] = {}
        self.kept_apart: dict[str, list[Sitting]] = {}
        self.on_its_day: dict[str, list[Sitting]] = {}
        for row in self.rows:
            _add(by_delegation, row.delegations, row)
            _add(by_person, row.people, row)
            _add(by_interpreter, row.interpreters, row)
            _add(self.followers, row.after, row)
            _add(self.kept_apart, row.apart, row)
            _add(self.on_its_day, row.same_day, row)
            if row.place is not None:
                by_place.setdefault(row.place, []).append(row)
        self.delegations, self.people = Lines(by_delegation), Lines(by_person)
        self.interpreters, self.places = Lines(by_interpreter), Lines(by_place)
        self.for_everybody = Line([row for row in self.rows if row.whole_meeting])
        self.for_some = Line([row for row in self.rows if not row.whole_meeting])
        self.rooms_of: dict[str, list[str]] = {}
        for room, tables in house.tables.items():
            for table in tables:
                self.rooms_of.setdefault(table, []).append(room)

    def of(self, sitting: Sitting) -> list[Clash]:
        """Everything that stands in the way of a session where it says that it is."""
        return self._judged(sitting, [*rules.of_time(sitting, self), *rules.of_place(sitting, self)])

    def of_time(self, sitting: Sitting) -> list[Clash]:
        """What stands in its way then, wherever it is."""
        return self._judged(sitting, rules.of_time(sitting, self))

    def of_place(self, sitting: Sitting) -> list[Clash]:
        """What stands in its way there and then, but would not elsewhere."""
        return self._judged(sitting, rules.of_place(sitting, self))

    def fit(self, name: str, sitting: Sitting) -> bool:
        """Whether an interpreter could take a session at its time without any rule being broken that counts."""
        found = rules.of_interpreter(name, sitting, self)
        return all(self.house.severity(kind) is Severity.IGNORE for kind, _who, _other in found)

    def all(self) -> dict[str, list[Clash]]:
        """The clashes of every session that has any."""
        found = ((row.reference, self.of(row)) for row in self.rows)
        return {reference: clashes for reference, clashes in found if clashes}

    def _judged(self, sitting: Sitting, found: Iterable[rules.Found]) -> list[Clash]:
        judge = self.house.severities
        kept = {one for one in found if judge.get(one[0]) is not Severity.IGNORE}
        if not kept:
            return []
        return [
            Clash(kind, sitting.reference, who, other, judge.get(kind))
            for kind, who, other in sorted(kept, key=lambda one: (_RANK[one[0]], one[1], one[2]))
        ]

    def runs(self, name: str, sitting: Sitting) -> Span:
        """The time around a session in which an interpreter has no pause."""
        start, end = sitting.span.start, sitting.span.end
        line = self.interpreters.of(name)
        while True:
            around = line.between(start - _MOMENT, end + _MOMENT, sitting.reference)
            first = min((row.span.start for row in around), default=start)
            last = max((row.span.end for row in around), default=end)
            if first >= start and last <= end:
                return Span(start, end)
            start, end = min(start, first), max(end, last)

    def worked(self, name: str, sitting: Sitting) -> timedelta:
        """How long an interpreter works on the day of a session, the session included."""
        day = sitting.span.start.date()
        spans = (row.span for row in self.interpreters.of(name).rows if row.reference != sitting.reference)
        others = sum((span.end - span.start for span in spans if span.start.date() == day), _NEVER)
        return others + (sitting.span.end - sitting.span.start)

    def taking(self, place: str, sitting: Sitting) -> Iterator[Sitting]:
        """Other sessions at a place, in the room around it, or at a table in it, at the time of a session."""
        for code in (place, *self.rooms_of.get(place, ()), *self.house.tables.get(place, ())):
            yield from self.places.of(code).overlapping(sitting)


def _add(lines: dict[str, list[Sitting]], names: Iterable[str], row: Sitting) -> None:
    for name in names:
        lines.setdefault(name, []).append(row)
