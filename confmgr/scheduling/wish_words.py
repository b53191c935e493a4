"""Wishes for the time of a meeting in the reader's words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.planning_wishes import apart_pair, is_apart
from confmgr.scheduling.wishes import Half, HalfDay
from confmgr.web import formats, labels


def half_day(one: HalfDay) -> str:
    """`Thu 5 Feb, morning`."""
    day = formats.day(one.day)
    return _("%(day)s, morning", day=day) if one.half is Half.MORNING else _("%(day)s, afternoon", day=day)


def request(row: MeetingRequest) -> str:
    """A request as its own side tells it from others: whom it asks, about what, how long."""
    asked = formats.listed(formats.plain_words(side.delegation.party.short_name) for side in row.asked)
    minutes = _("%(minutes)s min", minutes=row.minutes)
    return f"{asked} · {labels.of(row.kind)} · {minutes}"


Named = Callable[[str], str]
"""What a sentence calls a session, by its reference."""
Wished = Mapping[str, Mapping[str, Any]]
"""The wishes that a planner was told, by reference (`planning_wishes.Wished.said`)."""


def _apart(first: str, second: str, named: Named) -> str:
    one, other = sorted((named(first), named(second)))
    return _("%(first)s and %(second)s are not to be at the same time, as was wished.", first=one, second=other)


def _same_day(first: str, second: str, named: Named) -> str:
    one, other = sorted((named(first), named(second)))
    return _("%(first)s and %(second)s are to be on one day, as was wished.", first=one, second=other)


def _half_days(reference: str, said: Mapping[str, Any], named: Named) -> list[str]:
    half = [half_day(HalfDay.parse(text)) for text in said.get("half_days", ())]
    return [_("%(session)s is wished for %(half_days)s.", session=named(reference), half_days=" · ".join(half))][
        : len(half)
    ]


def of_rule(kind: str, name: str, wished: Wished, named: Named) -> tuple[list[str], bool]:
    """What a rule of a plan says of wishes, and whether that is all that it says."""
    if kind == "person" and is_apart(name):
        return [_apart(*apart_pair(name), named)], True
    said = wished.get(name, {}) if kind == "window" else {}
    lines = [*_half_days(name, said, named), *(_apart(name, other, named) for other in said.get("apart", ()))]
    lines += [_same_day(name, other, named) for other in said.get("same_day", ())]
    return lines, bool(lines) and not said.get("else")


def of_reason(because: Mapping[str, Any], wished: Wished, named: Named) -> list[str]:
    """Wishes that leave a session less time, where time is what it lacks."""
    reference, person = str(because["meeting"]), str(because.get("person", ""))
    lines = [_apart(*apart_pair(person), named)] if is_apart(person) else []
    if because["kind"] == "all_times_taken" or because.get("window") or "first" in because:
        said = wished.get(reference, {})
        lines += _half_days(reference, said, named)
        lines += [_apart(reference, other, named) for other in (*said.get("apart", ()), *said.get("beside", ()))]
        lines += [_same_day(reference, other, named) for other in said.get("same_day", ())]
    return list(dict.fromkeys(lines))


def shortage(because: Mapping[str, Any]) -> str:
    """What is short for two sessions that are to be apart; empty where nothing like that is."""
    if not is_apart(str(because.get("person", ""))):
        return ""
    needs, has = because["needs"], because["has"]
    return _("One after the other they need %(needs)s slots, and there are %(has)s.", needs=needs, has=has)
