"""The rules of a schedule, written once more as plainly as they are told: every session against every other.

Slow and without an index on purpose; `confmgr.scheduling.conflicts` is held against it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import combinations

from confmgr.scheduling.conflicts import USUAL, ClashKind, House, Severity, Sitting
from confmgr.values.times import Span

Verdict = tuple[str, ClashKind, str, str]
"""Session, rule, who, other session."""


def judge(sittings: list[Sitting], house: House) -> set[tuple[Verdict, Severity]]:
    """Every broken rule that the meeting does not ignore, with what it does."""
    found = {verdict for rule in (_alone, _pairs, _teams, _interpreters) for verdict in rule(sittings, house)}
    judged = {(verdict, house.severities.get(verdict[1], USUAL[verdict[1]])) for verdict in found}
    return {one for one in judged if one[1] is not Severity.IGNORE}


def _alone(sittings: list[Sitting], house: House) -> Iterator[Verdict]:
    for s in sittings:
        if s.wished and not _inside(s.span, s.wished):
            yield s.reference, ClashKind.TIME_NOT_WISHED, "", ""
        for code in s.delegations:
            if house.delegation_hours.get(code) and not _inside(s.span, house.delegation_hours[code]):
                yield s.reference, ClashKind.DELEGATION_AWAY, code, ""
        for name in s.people & house.person_hours.keys():
            if not _inside(s.span, house.person_hours[name]):
                yield s.reference, ClashKind.PERSON_AWAY, name, ""
        if s.place is not None:
            if s.seats_needed > house.seats.get(s.place, 0):
                yield s.reference, ClashKind.PLACE_SMALL, s.place, ""
            if house.place_hours.get(s.place) and not _inside(s.span, house.place_hours[s.place]):
                yield s.reference, ClashKind.PLACE_CLOSED, s.place, ""


def _inside(span: Span, hours: tuple[Span, ...]) -> bool:
    return any(one.start <= span.start and span.end <= one.end for one in hours)


def _at_once(one: Sitting, other: Sitting) -> bool:
    return max(one.span.start, other.span.start) < min(one.span.end, other.span.end)


def _pairs(sittings: list[Sitting], house: House) -> Iterator[Verdict]:
    for pair in combinations(sittings, 2):
        for one, other in (pair, pair[::-1]):
            for kind, who in _between(one, other, house):
                yield one.reference, kind, who, other.reference


def _between(one: Sitting, other: Sitting, house: House) -> Iterator[tuple[ClashKind, str]]:
    if one.span.start.date() != other.span.start.date() and (
        other.reference in one.same_day or one.reference in other.same_day
    ):
        yield ClashKind.WISHED_SAME_DAY, ""
    if _at_once(one, other):
        yield from ((ClashKind.PERSON_BUSY, name) for name in one.people & other.people)
        yield from ((ClashKind.INTERPRETER_BUSY, name) for name in one.interpreters & other.interpreters)
        if other.reference in one.apart or one.reference in other.apart:
            yield ClashKind.WISHED_APART, ""
        if one.whole_meeting is not other.whole_meeting:
            yield ClashKind.WHOLE_MEETING, ""
        if one.place is not None and other.place is not None:
            mine = {one.place} | house.tables.get(one.place, frozenset())
            yours = {other.place} | house.tables.get(other.place, frozenset())
            if one.place in yours or other.place in mine:
                yield ClashKind.PLACE_TAKEN, one.place
    elif _buildings_differ(one, other, house) and _pause(one, other) < timedelta(minutes=house.walk_minutes):
        small = {code for code in one.delegations & other.delegations if house.teams.get(code, 1) == 1}
        for who in small | (one.people & other.people) | (one.interpreters & other.interpreters):
            yield ClashKind.WALK_TOO_SHORT, who
    if (other.reference in one.after and other.span.end > one.span.start) or (
        one.reference in other.after and one.span.end > other.span.start
    ):
        yield ClashKind.ORDER_BROKEN, ""


def _buildings_differ(one: Sitting, other: Sitting, house: House) -> bool:
    mine, yours = (house.buildings.get(s.place or "") for s in (one, other))
    return mine is not None and yours is not None and mine != yours


def _pause(one: Sitting, other: Sitting) -> timedelta:
    return max(one.span.start, other.span.start) - min(one.span.end, other.span.end)


def _teams(sittings: list[Sitting], house: House) -> Iterator[Verdict]:
    for s in sittings:
        for code in s.delegations:
            busy = [o for o in sittings if o is not s and code in o.delegations and _at_once(s, o)]
            moments = {s.span.start, *(o.span.start for o in busy if o.span.start > s.span.start)}
            if any(1 + sum(_runs(o, m) for o in busy) > house.teams.get(code, 1) for m in moments):
                for other in busy:
                    yield s.reference, ClashKind.DELEGATION_BUSY, code, other.reference


def _runs(sitting: Sitting, moment: datetime) -> bool:
    return sitting.span.start <= moment < sitting.span.end


def _interpreters(sittings: list[Sitting], house: House) -> Iterator[Verdict]:
    for s in sittings:
        if s.interpretation and len(s.interpreters) < s.interpreters_wanted:
            yield s.reference, ClashKind.INTERPRETER_MISSING, s.interpretation, ""
        for name in s.interpreters:
            work = [o.span for o in sittings if name in o.interpreters]
            for kind, rule in _LIMITS.items():
                if rule(s, name, work, house):
                    yield s.reference, kind, name, ""


def _away(s: Sitting, name: str, _work: list[Span], house: House) -> bool:
    return bool(house.interpreter_hours.get(name)) and not _inside(s.span, house.interpreter_hours[name])


def _other_languages(s: Sitting, name: str, _work: list[Span], house: House) -> bool:
    pairs = house.interpreter_pairs.get(name)
    return bool(s.interpretation and pairs) and s.interpretation not in (pairs or ())


def _long_day(s: Sitting, name: str, work: list[Span], house: House) -> bool:
    minutes = sum(span.minutes for span in work if span.start.date() == s.span.start.date())
    return name in house.longest_day and minutes > house.longest_day[name]


def _tired(s: Sitting, name: str, work: list[Span], house: House) -> bool:
    """Step by step from its start, forwards and backwards, until one in which the interpreter does nothing."""
    if name not in house.longest_run:
        return False
    five = timedelta(minutes=5)
    start = end = s.span.start
    while any(span.start <= end < span.end for span in work):
        end += five
    while any(span.start < start <= span.end for span in work):
        start -= five
    return end - start > timedelta(minutes=house.longest_run[name])


_LIMITS: dict[ClashKind, Callable[[Sitting, str, list[Span], House], bool]] = {
    ClashKind.INTERPRETER_AWAY: _away,
    ClashKind.INTERPRETER_PAIR: _other_languages,
    ClashKind.INTERPRETER_LONG_DAY: _long_day,
    ClashKind.INTERPRETER_TIRED: _tired,
}
