"""On which days an entry of somebody's calendar repeats (RFC 5545, 3.3.10). Plain Python.

Written for files from strangers: a day is asked whether it belongs to the rule, so that the cost is that of the days in
question, whatever the rule says. A library that goes from one repetition to the next never comes back from a rule
without any.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_DAYS = 40_000
"""Days of which one rule that counts its repetitions is asked: more than a hundred years."""
MOST_NAMED = 31
"""Weekdays, or places among the days of a period, that one rule may name: each day is held against each of them."""
UNKNOWN = frozenset({"BYWEEKNO", "BYYEARDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "RSCALE", "SKIP"})
ONE_DAY = timedelta(days=1)


class NotUnderstood(ValueError):
    """A rule that no calendar program writes for appointments, or none at all."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by days. `weekdays`: which one in the month or year (0: each), and the day of the week from Monday."""

    frequency: str
    interval: int = 1
    count: int | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    _sets: dict[date, frozenset[date]] = field(default_factory=dict, compare=False, repr=False)


def rule_of(parts: Mapping[str, Sequence[object]], first: date) -> Rule:
    """The rule of an entry that begins on a day.

    Raises:
        NotUnderstood: It repeats by the hour or faster, or says what is not known here.
    """
    try:
        frequency = str(parts["FREQ"][0]).upper()
        if frequency not in FREQUENCIES or UNKNOWN & parts.keys():
            raise NotUnderstood(frequency)
        numbers = {name: frozenset(int(str(one)) for one in parts.get(name, ())) for name in ("BYMONTH", "BYMONTHDAY")}
        count = parts.get("COUNT")
        found = Rule(
            frequency=frequency,
            interval=max(1, int(str(parts["INTERVAL"][0]))) if "INTERVAL" in parts else 1,
            count=None if count is None else int(str(count[0])),
            months=numbers["BYMONTH"],
            month_days=numbers["BYMONTHDAY"],
            weekdays=frozenset(_weekday(str(one)) for one in parts.get("BYDAY", ())),
            positions=tuple(int(str(one)) for one in parts.get("BYSETPOS", ())),
            week_start=WEEKDAYS.index(str(parts["WKST"][0]).upper()) if "WKST" in parts else 0,
        )
    except (ValueError, LookupError, TypeError) as wrong:
        raise NotUnderstood from wrong
    if len(found.weekdays) > MOST_NAMED or len(found.positions) > MOST_NAMED:
        raise NotUnderstood(frequency)
    return _filled(found, first)


def _weekday(text: str) -> tuple[int, int]:
    return (int(text[:-2] or 0), WEEKDAYS.index(text[-2:].upper()))


def _filled(rule: Rule, first: date) -> Rule:
    """What a rule leaves unsaid follows from its first day."""
    if rule.weekdays or rule.month_days or rule.frequency == "DAILY":
        return rule
    months, month_days, weekdays = rule.months, rule.month_days, rule.weekdays
    if rule.frequency == "WEEKLY":
        weekdays = frozenset({(0, first.weekday())})
    else:
        month_days = frozenset({first.day})
        if rule.frequency == "YEARLY" and not months:
            months = frozenset({first.month})
    return Rule(
        rule.frequency, rule.interval, rule.count, months, month_days, weekdays, rule.positions, rule.week_start
    )


def days(rule: Rule, first: date, since: date, until: date) -> Iterator[date]:
    """The days from `since` to `until` on which an entry repeats that begins on `first`.

    Raises:
        NotUnderstood: It counts its repetitions over more than a hundred years.
    """
    left = rule.count
    day = first if left is not None else max(first, since)
    if (until - day).days > MOST_DAYS:
        raise NotUnderstood(rule.frequency)
    while day <= until and left != 0:
        if _belongs(rule, first, day):
            if left is not None:
                left -= 1
            if day >= since:
                yield day
        day += ONE_DAY


def asked(rule: Rule, first: date, since: date, until: date) -> int:
    """Of how many days `days` asks."""
    return max(0, (until - (first if rule.count is not None else max(first, since))).days + 1)


def _belongs(rule: Rule, first: date, day: date) -> bool:
    if not _in_turn(rule, first, day) or not _fits(rule, day):
        return False
    if not rule.positions:
        return True
    start, end = _period(rule, day)
    if start not in rule._sets:  # noqa: SLF001  # its own
        whole = (start + timedelta(days=n) for n in range((end - start).days))
        fitting = [one for one in whole if _fits(rule, one)]
        places = (position - 1 if position > 0 else position for position in rule.positions if position)
        rule._sets[start] = frozenset(fitting[n] for n in places if -len(fitting) <= n < len(fitting))  # noqa: SLF001
    return day in rule._sets[start]  # noqa: SLF001


def _in_turn(rule: Rule, first: date, day: date) -> bool:
    if rule.interval == 1:
        return True
    if rule.frequency == "DAILY":
        passed = (day - first).days
    elif rule.frequency == "WEEKLY":
        passed = (_week(rule, day) - _week(rule, first)).days // 7
    elif rule.frequency == "MONTHLY":
        passed = (day.year - first.year) * 12 + day.month - first.month
    else:
        passed = day.year - first.year
    return passed % rule.interval == 0


def _fits(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and day.day not in rule.month_days and day.day - _month_end(day) - 1 not in rule.month_days:
        return False
    return not rule.weekdays or any(_is_weekday(rule, number, weekday, day) for number, weekday in rule.weekdays)


def _is_weekday(rule: Rule, number: int, weekday: int, day: date) -> bool:
    if day.weekday() != weekday:
        return False
    if number == 0 or rule.frequency in {"DAILY", "WEEKLY"}:
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        start, end = date(day.year, 1, 1), date(day.year, 12, 31)
    else:
        start, end = day.replace(day=1), day.replace(day=_month_end(day))
    place = (day - start).days // 7 + 1 if number > 0 else -((end - day).days // 7 + 1)
    return place == number


def _period(rule: Rule, day: date) -> tuple[date, date]:
    if rule.frequency == "DAILY":
        return day, day + ONE_DAY
    if rule.frequency == "WEEKLY":
        return _week(rule, day), _week(rule, day) + timedelta(days=7)
    if rule.frequency == "MONTHLY":
        return day.replace(day=1), day.replace(day=_month_end(day)) + ONE_DAY
    return date(day.year, 1, 1), date(day.year, 12, 31) + ONE_DAY


def _week(rule: Rule, day: date) -> date:
    return day - timedelta(days=(day.weekday() - rule.week_start) % 7)


def _month_end(day: date) -> int:
    return 31 if day.month == 12 else (date(day.year, day.month + 1, 1) - ONE_DAY).day  # noqa: PLR2004
