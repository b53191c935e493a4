"""A plan in the making: who is busy when, kept exactly; what a further meeting would cost at each of its starts."""

from collections.abc import Iterator, Mapping

from confmgr.planner.frame import Frame, Spot, Wish, longest_run, ones


class State:
    """Meetings placed so far. Counters are unary: row n of a party holds the slots in which it has more than n."""

    def __init__(self, frame: Frame, spots: Mapping[int, Spot] | None = None) -> None:
        self.frame = frame
        self.spots: dict[int, Spot] = {}
        self.load = [[0] * teams for teams in frame.teams]
        self.taken = [[0] * len(kind.ids) for kind in frame.rooms]
        self.spoken = [[0] * len(kind.ids) for kind in frame.crews]
        self.person = [0] * len(frame.people)
        for number, spot in (spots or {}).items():
            self.put(number, spot)

    def put(self, number: int, spot: Spot) -> None:
        """Place a meeting where it fits."""
        wish, span = self.frame.wishes[number], self.frame.span(number, spot.start)
        self.spots[number] = spot
        for party in wish.parties:
            _add(self.load[party], span)
        for person in wish.people:
            self.person[person] |= span
        _add(self.taken[spot.room], span)
        for crew in spot.crew:
            _add(self.spoken[crew], span)

    def take(self, number: int) -> Spot:
        """Take a meeting out again."""
        wish, span = self.frame.wishes[number], self.span(number)
        spot = self.spots.pop(number)
        for party in wish.parties:
            _remove(self.load[party], span)
        for person in wish.people:
            self.person[person] &= ~span
        _remove(self.taken[spot.room], span)
        for crew in spot.crew:
            _remove(self.spoken[crew], span)
        return spot

    def span(self, number: int) -> int:
        """The slots that a placed meeting takes."""
        return self.frame.span(number, self.spots[number].start)

    def starts(self, number: int) -> int:
        """Where a meeting can begin now, as bits."""
        frame, wish = self.frame, self.frame.wishes[number]
        free = wish.open
        for party in wish.parties:
            free &= ~self.load[party][-1]
        for person in wish.people:
            free &= ~self.person[person]
        found = frame.fits(free, wish.length) & wish.starts
        if found:
            found &= self._in_order(number)
        if found:
            rooms = 0
            for room in wish.rooms:
                rooms |= frame.fits(frame.rooms[room].hours & ~self.taken[room][-1], wish.length)
            found &= rooms
        if found and wish.crew:
            found &= self._interpreted(wish, found)
        return found

    def takes(self, number: int, spot: Spot) -> bool:
        """Whether a meeting can be exactly there now, with that place and these interpreters."""
        frame, span = self.frame, self.frame.span(number, spot.start)
        if not self.starts(number) >> spot.start & 1:
            return False
        if span & (~frame.rooms[spot.room].hours | self.taken[spot.room][-1]):
            return False
        return all(self._free(crew, spot.crew.count(crew), span, spot.start, number) for crew in set(spot.crew))

    def _free(self, crew: int, wanted: int, span: int, start: int, number: int) -> bool:
        kind, rows = self.frame.crews[crew], self.spoken[crew]
        if wanted > len(rows) or span & (~kind.hours | rows[len(rows) - wanted]):
            return False
        return not kind.limited or self._may_work(crew, start, self.frame.wishes[number].length)

    def _in_order(self, number: int) -> int:
        frame = self.frame
        low, high = 0, frame.total
        for other in frame.before[number]:
            if other in self.spots:
                low = max(low, self.spots[other].start + frame.wishes[other].length)
        for other in frame.behind[number]:
            if other in self.spots:
                high = min(high, self.spots[other].start)
        found = self._on_the_day(number)
        last = high - frame.wishes[number].length
        return 0 if last < low else found & ((1 << (last + 1)) - 1) & ~((1 << low) - 1)

    def _on_the_day(self, number: int) -> int:
        """The slots of the day on which those are that it has to be on one day with."""
        frame, found = self.frame, (1 << self.frame.total) - 1
        for other in frame.together[number]:
            if other in self.spots:
                found = frame.same_day(found, self.spots[other].start)
        return found

    def _interpreted(self, wish: Wish, starts: int) -> int:
        enough = [0] * wish.crew
        for crew in wish.crews:
            kind = self.frame.crews[crew]
            for taken in reversed(self.spoken[crew]):
                there = self.frame.fits(kind.hours & ~taken, wish.length) & starts
                if kind.limited:
                    there = self._within_limits(crew, there, wish.length)
                if not there:
                    break
                _add(enough, there)
        return enough[-1]

    def _within_limits(self, crew: int, starts: int, length: int) -> int:
        kept = 0
        for start in ones(starts):
            if self._may_work(crew, start, length):
                kept |= 1 << start
        return kept

    def _may_work(self, crew: int, start: int, length: int) -> bool:
        kind, frame = self.frame.crews[crew], self.frame
        today = frame.day(self.spoken[crew][0] | ((1 << length) - 1) << start, start // frame.per_day)
        if kind.max_day is not None and today.bit_count() > kind.max_day:
            return False
        return kind.max_run is None or longest_run(today) <= kind.max_run

    def spot(self, number: int, start: int) -> Spot:
        """The smallest places and the least wanted interpreters that are free at one of `starts`."""
        frame, wish = self.frame, self.frame.wishes[number]
        bit = 1 << start
        room = next(
            room
            for room in wish.rooms
            if frame.fits(frame.rooms[room].hours & ~self.taken[room][-1], wish.length) & bit
        )
        crew: list[int] = []
        for at in wish.crews:
            for taken in reversed(self.spoken[at]):
                if len(crew) == wish.crew:
                    break
                kind = frame.crews[at]
                if frame.fits(kind.hours & ~taken, wish.length) & bit and (
                    not kind.limited or self._may_work(at, start, wish.length)
                ):
                    crew.append(at)
        return Spot(start, room, tuple(crew))

    def gaps_with(self, party: int, span: int, day: int) -> int:
        """Idle slots of a party on a day if it were busy in `span` too; its breaks where those are the aim."""
        frame = self.frame
        today = frame.day(self.load[party][0] | span, day)
        if not today:
            return 0
        if frame.by_breaks:
            return (today & ~(today << 1)).bit_count() - 1
        low = today & -today
        between = (1 << (today.bit_length() - 1)) - low
        return (between & ~today & frame.day(frame.hours[party], day)).bit_count()

    def costs(self, number: int, starts: int) -> Iterator[tuple[int, int, int]]:
        """For each start: idle slots that it adds, how late it is, the start."""
        frame, wish = self.frame, self.frame.wishes[number]
        per_day, length = frame.per_day, (1 << wish.length) - 1
        now: dict[int, int] = {}
        for start in ones(starts):
            day = start // per_day
            if day not in now:
                now[day] = sum(self.gaps_with(party, 0, day) for party in wish.parties)
            span = length << start
            idle = sum(self.gaps_with(party, span, day) for party in wish.parties) - now[day]
            yield idle, wish.late * frame.rank[start], start

    def gaps(self) -> list[int]:
        """Idle slots of each party, or its breaks."""
        return [
            sum(self.gaps_with(party, 0, day) for day in range(self.frame.days))
            for party in range(len(self.frame.party_ids))
        ]

    def left_out(self) -> list[int]:
        """What is not placed."""
        return [at for at in range(len(self.frame.wishes)) if at not in self.spots]

    def unplaced(self) -> int:
        """Weight of what is not placed."""
        return sum(self.frame.wishes[at].weight for at in self.left_out())

    def lateness(self) -> int:
        """Weighted ranks of the starts."""
        wishes, rank = self.frame.wishes, self.frame.rank
        return sum(wishes[at].late * rank[spot.start] for at, spot in self.spots.items())


def _add(rows: list[int], span: int) -> None:
    for at, row in enumerate(rows):
        rows[at], span = row | span, row & span
        if not span:
            return


def _remove(rows: list[int], span: int) -> None:
    for at in range(len(rows) - 1, -1, -1):
        row = rows[at]
        rows[at], span = row & ~span, span & ~row
        if not span:
            return
