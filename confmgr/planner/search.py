"""A plan that grows meeting by meeting, and gets better by taking some out and putting them back.

Every placement is checked against exact bookkeeping of parties, people, places and interpreters, so that no rule is
ever broken on the way; counts per slot would not be enough for places of several sizes.
"""

import random
from collections.abc import Iterable, Iterator

from confmgr.planner.domain import PRIORITY_WEIGHT, Instance, Interpreter, Meeting, Placement

Cost = tuple[int, int, int, int]


class Board:
    """The placements so far and who is busy when. Sets of slots are integers, one bit a slot."""

    def __init__(self, instance: Instance, previous: dict[str, Placement] | None = None) -> None:
        self.instance = instance
        self.previous = previous or {}
        self.placements: dict[str, Placement] = {}
        self.hours = {p.id: _bits(instance.hours(p.available)) for p in instance.parties}
        self.teams = {p.id: p.teams for p in instance.parties}
        self.load: dict[str, list[int]] = {p.id: [0] * p.teams for p in instance.parties}
        self.places = sorted(instance.places, key=lambda place: (place.seats, place.id))
        self.place_free = {p.id: _bits(instance.hours(p.available)) for p in instance.places}
        self.crew_free = {i.id: _bits(instance.hours(i.available)) for i in instance.interpreters}
        self.spoken = {i.id: 0 for i in instance.interpreters}
        self.person_free = {n: _bits(instance.hours(h)) for n, h in instance.people.items()}
        self.pairs: dict[str, list[Interpreter]] = {}
        for person in instance.interpreters:
            for pair in person.pairs:
                self.pairs.setdefault(pair, []).append(person)
        self.before: dict[str, list[str]] = {}
        self.behind: dict[str, list[str]] = {}
        for first, second in instance.after:
            self.before.setdefault(second, []).append(first)
            self.behind.setdefault(first, []).append(second)
        self.starts = {m.id: self._possible_starts(m) for m in instance.meetings}

    def _possible_starts(self, meeting: Meeting) -> list[int]:
        instance = self.instance
        hours = set(instance.usable)
        for party in instance.parties:
            if party.id in meeting.parties:
                hours &= instance.hours(party.available)
        for name in meeting.people:
            hours &= instance.hours(instance.people.get(name))
        if meeting.window is not None:
            hours &= meeting.window
        wanted = [meeting.locked.start] if meeting.locked and meeting.locked.start is not None else sorted(hours)
        return [
            start
            for start in wanted
            if (start % instance.per_day) + meeting.slots <= instance.per_day
            and all(slot in hours for slot in range(start, start + meeting.slots))
        ]

    def busy(self, party: str) -> int:
        """Slots in which a party meets at least once."""
        return self.load[party][0]

    def options(self, meeting: Meeting) -> Iterator[tuple[Cost, Placement]]:
        """Every way to place a meeting now, with what it costs."""
        low, high = self._order_limits(meeting)
        for start in self.starts[meeting.id]:
            if start < low or start + meeting.slots > high:
                continue
            span = ((1 << meeting.slots) - 1) << start
            if any(self.load[party][-1] & span for party in meeting.parties):
                continue
            if any(span & ~self.person_free.get(name, -1) for name in meeting.people):
                continue
            place = self._place(meeting, start, span)
            if place is None:
                continue
            crew = self._crew(meeting, span)
            if crew is not None:
                yield self._cost(meeting, start, span, place), Placement(start, place, crew)

    def _order_limits(self, meeting: Meeting) -> tuple[int, int]:
        low, high = 0, self.instance.total
        for other in self.before.get(meeting.id, ()):
            if other in self.placements:
                low = max(low, self.placements[other].start + self.instance.by_id[other].slots)
        for other in self.behind.get(meeting.id, ()):
            if other in self.placements:
                high = min(high, self.placements[other].start)
        return low, high

    def _place(self, meeting: Meeting, start: int, span: int) -> str | None:
        wanted = meeting.locked.place if meeting.locked else None
        fitting = [
            place.id
            for place in self.places
            if place.seats >= meeting.seats and wanted in {None, place.id} and not span & ~self.place_free[place.id]
        ]
        if not fitting:
            return None
        before = self.previous.get(meeting.id)
        if before is not None and before.start == start and before.place in fitting:
            return before.place
        near = {
            self.placements[m].place
            for m in self.placements
            if abs(self.placements[m].start - start) <= 4 and set(self.instance.by_id[m].parties) & set(meeting.parties)  # noqa: PLR2004
        }
        smallest = min(place.seats for place in self.places if place.id in fitting)
        same_size = [p.id for p in self.places if p.id in fitting and p.seats == smallest]
        return next((p for p in same_size if p in near), same_size[0])

    def _crew(self, meeting: Meeting, span: int) -> tuple[str, ...] | None:
        if not meeting.crew:
            return ()
        able = [
            person.id
            for person in self.pairs.get(meeting.interpretation or "", ())
            if not span & ~self.crew_free[person.id] and self._may_work(person, self.spoken[person.id] | span)
        ]
        able.sort(key=lambda ident: self.spoken[ident].bit_count())
        return tuple(able[: meeting.crew]) if len(able) >= meeting.crew else None

    def _may_work(self, person: Interpreter, slots: int) -> bool:
        if person.max_run is None and person.max_day is None:
            return True
        full = (1 << self.instance.per_day) - 1
        for day in range(self.instance.days):
            today = slots >> (day * self.instance.per_day) & full
            if person.max_day is not None and today.bit_count() > person.max_day:
                return False
            if person.max_run is not None and _longest_run(today) > person.max_run:
                return False
        return True

    def _cost(self, meeting: Meeting, start: int, span: int, place: str) -> Cost:
        moved = int(meeting.id in self.previous and self.previous[meeting.id].start != start)
        idle = sum(self._idle(p, self.busy(p) | span) - self._idle(p, self.busy(p)) for p in meeting.parties)
        late = PRIORITY_WEIGHT[meeting.priority] * self.instance.rank[start]
        return moved, idle, late + start // self.instance.per_day, start

    def _idle(self, party: str, busy: int) -> int:
        idle = 0
        full = (1 << self.instance.per_day) - 1
        for day in range(self.instance.days):
            shift = day * self.instance.per_day
            today = busy >> shift & full
            if today:
                low = (today & -today).bit_length() - 1
                between = (1 << (today.bit_length() - 1)) - (1 << low)
                idle += (between & ~today & (self.hours[party] >> shift)).bit_count()
        return idle

    def put(self, meeting: Meeting, placement: Placement) -> None:
        """Place a meeting; the placement must be one of its options."""
        span = ((1 << meeting.slots) - 1) << placement.start
        self.placements[meeting.id] = placement
        self.place_free[placement.place] &= ~span
        for party in meeting.parties:
            carry = span
            counts = self.load[party]
            for n, taken in enumerate(counts):  # unary counter a slot: row n holds slots with more than n meetings
                counts[n], carry = taken | carry, taken & carry
        for name in meeting.people:
            self.person_free[name] = self.person_free.get(name, -1) & ~span
        for ident in placement.interpreters:
            self.crew_free[ident] &= ~span
            self.spoken[ident] |= span

    def take(self, meeting: Meeting) -> Placement:
        """Take a meeting out again."""
        placement = self.placements.pop(meeting.id)
        span = ((1 << meeting.slots) - 1) << placement.start
        self.place_free[placement.place] |= span
        for party in meeting.parties:
            counts = self.load[party]
            rest = span
            for n in range(len(counts) - 1, -1, -1):
                counts[n], rest = counts[n] & ~rest, rest & ~counts[n]
        for name in meeting.people:
            self.person_free[name] |= span
        for ident in placement.interpreters:
            self.crew_free[ident] |= span
            self.spoken[ident] &= ~span
        return placement


def fill(
    board: Board, meetings: Iterable[Meeting], rng: random.Random, noise: float = 0.0, prefer: str | None = None
) -> None:
    """Put meetings on the board one by one where they cost least; those without an option stay out."""

    def key(option: tuple[Cost, Placement]) -> tuple[float, ...]:
        (moved, idle, late, start), _placement = option
        gaps = idle + (rng.random() * noise if noise else 0)
        return (moved, late, gaps, start) if prefer == "lateness" else (moved, gaps, late, start)

    for meeting in meetings:
        best = min(board.options(meeting), key=key, default=None)
        if best is not None:
            board.put(meeting, best[1])


def hardest_first(board: Board, rng: random.Random, *, shake: float) -> list[Meeting]:
    """An order to fill in: locked ones, then by priority and by how few and how crowded their possibilities are."""
    demand: dict[str, int] = {}
    for meeting in board.instance.meetings:
        for party in meeting.parties:
            demand[party] = demand.get(party, 0) + meeting.slots

    def hardness(meeting: Meeting) -> tuple[int, int, float]:
        locked = meeting.locked is not None and meeting.locked.start is not None
        crowd = max(demand[p] / (board.teams[p] * max(1, board.hours[p].bit_count())) for p in meeting.parties)
        room = max(1, len(board.starts[meeting.id]))
        need = crowd * 10 + meeting.slots * len(meeting.parties) + 40 / room + 2 * meeting.crew
        follows = -1 if meeting.id in board.behind else 0
        return (0 if locked else 1, follows + meeting.priority, -need + rng.random() * shake)

    return sorted(board.instance.meetings, key=hardness)


def _bits(slots: Iterable[int]) -> int:
    total = 0
    for slot in slots:
        total |= 1 << slot
    return total


def _longest_run(bits: int) -> int:
    run = 0
    while bits:
        bits &= bits << 1
        run += 1
    return run
