"""What a person is reminded of, and when: pure rules over what the person was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from confmgr.invitations.domain import MailKind, PartStat
from confmgr.values.times import Span, at, nearest_instant, wall_time

ANSWERS_AT = time(9)
"""When answers that are missing are asked for, by the recipient's clock."""
TIME_TO_ANSWER = timedelta(days=2)
"""Nobody is asked for an answer earlier after the invitation."""
MOST_DAYS = 60
"""The longest time beforehand at which a rule may ask for answers or results."""
MOST_MINUTES = 240
"""The longest time before a session at which a rule may remind of it."""
AHEAD = timedelta(days=4)
"""A day is written about at most so long before, wherever in the world the reader is."""
SHIFT = timedelta(minutes=MOST_MINUTES, days=1)
"""What is due shortly before a session leaves at most so much earlier, for the sake of the quiet hours."""
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
MOST_CLOCKS = 4
"""So often at most a traveller's clock leads from one quiet stretch into another."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a meeting reminds of; a rule is off where it is None. These are the usual ones."""

    day_before_at: time | None = time(18)
    minutes_before: int | None = 30
    answers_missing_days: int | None = 7
    results_due_days: int | None = 3
    quiet_from: time = time(22)
    quiet_until: time = time(7)

    def is_quiet(self, clock: time) -> bool:
        """Whether a clock that shows this stands in the quiet hours; two equal ends: there are none."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that a person lives by: at home the own one, the venue's while there (decision 12)."""

    own: str
    venue: str
    there: Span | None

    def zone_at(self, moment: datetime) -> str:
        """The zone whose clocks the person sees at an instant."""
        if self.there is not None and self.there.start <= moment < self.there.end:
            return self.venue
        return self.own

    def shows(self, moment: datetime) -> datetime:
        """The wall time that the person sees at an instant."""
        return wall_time(moment, self.zone_at(moment))

    def first(self, wall: datetime) -> datetime:
        """The first instant at which the person sees this wall time, or a later one where a journey skips it."""
        home = nearest_instant(wall, self.own)
        if self.there is None or home < self.there.start:
            return home
        venue = nearest_instant(wall, self.venue)
        if venue < self.there.end:
            return max(venue, self.there.start)
        return max(home, self.there.end)


def clock_of(
    own: str, venue: str, days: tuple[date, date], arrives: datetime | None = None, departs: datetime | None = None
) -> Clock:
    """The clock of a person: the venue's from arrival to departure, else from the meeting's first day to its last."""
    start = arrives or nearest_instant(at(days[0], time.min), venue)
    end = departs or nearest_instant(at(days[1] + A_DAY, time.min), venue)
    return Clock(own, venue, Span(start, end) if start < end else None)


@dataclass(frozen=True, slots=True)
class ToldSession:
    """A session that a person is invited to, as it was told last; `day` is the venue's."""

    participation_id: int
    uid: str
    sequence: int
    answer: PartStat
    told_at: datetime | None
    day: date
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """One mail that is due at an instant, by the name under which it is written once; `about` is in order of time."""

    kind: MailKind
    once: str
    at: datetime
    about: tuple[ToldSession, ...]


def reminders(
    person: str,
    told: Iterable[ToldSession],
    rules: Rules,
    clock: Clock,
    *,
    now: datetime,
    until: datetime,
    first_day: date,
) -> list[Reminder]:
    """Everything that a person is reminded of until an instant, sent or not; what is late is due now.

    Whatever was told after its reminder would have gone out is not reminded of: the mail that told it says the same.

    Args:
        person: One text a person (`person_key`).
        told: What the person is invited to; what it has declined and what has begun is passed over.
        rules: Of the meeting.
        clock: The person's.
        now: The present instant.
        until: What goes out later is left out.
        first_day: Of the meeting.
    """
    ahead = sorted(
        (one for one in told if one.starts_at > now and one.answer is not PartStat.DECLINED),
        key=lambda one: (one.starts_at, one.uid),
    )
    near = [one for one in ahead if one.starts_at < until + AHEAD]  # the rest need not be reckoned each minute
    found = [
        *_days_before(person, near, rules, clock, now),
        *_shortly_before([one for one in near if one.starts_at < until + SHIFT], rules, clock, now),
        *_answers_missing(person, ahead, rules, clock, now, first_day),
    ]
    return [one for one in found if one.at <= until]


def _days_before(
    person: str, ahead: Sequence[ToldSession], rules: Rules, clock: Clock, now: datetime
) -> list[Reminder]:
    if rules.day_before_at is None:
        return []
    found = []
    for day in sorted({one.day for one in ahead}):
        about = tuple(one for one in ahead if one.day == day)
        evening = at(day - A_DAY, rules.day_before_at)
        while (wanted := clock.first(evening)) >= about[0].starts_at:  # far west of the venue that is too late
            evening -= A_DAY
        if _told_before(about, out_of_quiet(wanted, about[0].starts_at, rules, clock)):
            when = out_of_quiet(max(wanted, now), about[0].starts_at, rules, clock)
            found.append(Reminder(MailKind.DAY_BEFORE, f"day_before:{person}:{day}", when, about))
    return found


def _shortly_before(ahead: Sequence[ToldSession], rules: Rules, clock: Clock, now: datetime) -> list[Reminder]:
    if rules.minutes_before is None:
        return []
    found = []
    for one in ahead:
        wanted = one.starts_at - timedelta(minutes=rules.minutes_before)
        if _told_before((one,), out_of_quiet(wanted, one.starts_at, rules, clock)):
            when = out_of_quiet(max(wanted, now), one.starts_at, rules, clock)
            found.append(Reminder(MailKind.HOUR_BEFORE, f"hour_before:{one.uid}:{one.sequence}", when, (one,)))
    return found


def _answers_missing(
    person: str, ahead: Sequence[ToldSession], rules: Rules, clock: Clock, now: datetime, first_day: date
) -> list[Reminder]:
    """At most one that is due already, the latest: it lists what the ones before it would have listed."""
    if rules.answers_missing_days is None:
        return []
    from_day = first_day - timedelta(days=rules.answers_missing_days)
    asked = {}
    for one in ahead:
        if one.answer is PartStat.NEEDS_ACTION:
            told_on = from_day if one.told_at is None else clock.shows(one.told_at + TIME_TO_ANSWER).date()
            asked[one] = max(from_day, told_on)
    found = []
    for day in sorted(set(asked.values())):
        wanted = clock.first(at(day, ANSWERS_AT))
        about = tuple(one for one in ahead if asked.get(one, date.max) <= day and one.starts_at > wanted)
        if not about:
            continue
        when = out_of_quiet(max(wanted, now), about[0].starts_at, rules, clock)
        if when < clock.first(at(first_day, time.min)):
            found.append(Reminder(MailKind.ANSWERS_MISSING, f"answers_missing:{person}:{day}", when, about))
    late = [one for one in found if one.at <= now]
    return [one for one in found if one not in late[:-1]]


def _told_before(about: Iterable[ToldSession], when: datetime) -> bool:
    return any(one.told_at is None or one.told_at <= when for one in about)


def out_of_quiet(moment: datetime, latest: datetime, rules: Rules, clock: Clock) -> datetime:
    """When a mail goes out that is due at `moment`: after the quiet hours, or before them if that is too late.

    Args:
        moment: When it is due.
        latest: When it is of no use any more, the start of what it reminds of.
        rules: Those whose quiet hours count.
        clock: The recipient's.
    """
    later = moment
    for _step in range(MOST_CLOCKS):
        shown = clock.shows(later)
        if not rules.is_quiet(shown.time()):
            break
        day = shown.date() if shown.time() < rules.quiet_until else shown.date() + A_DAY
        later = max(later + A_MINUTE, nearest_instant(at(day, rules.quiet_until), clock.zone_at(later)))
    if later < latest:
        return later
    earlier = moment
    for _step in range(MOST_CLOCKS):
        shown = clock.shows(earlier)
        if not rules.is_quiet(shown.time()):
            break
        day = shown.date() if shown.time() >= rules.quiet_from else shown.date() - A_DAY
        begins = nearest_instant(at(day, rules.quiet_from), clock.zone_at(earlier))
        earlier = min(earlier, begins) - A_MINUTE
    return earlier
