"""How two versions of a session differ, aspect by aspect: what pages say in words. Plain Python."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Aspect(StrEnum):
    """What of a session can differ."""

    START = "start"
    END = "end"
    PLACE = "place"
    PARTIES = "parties"
    PEOPLE = "people"
    INTERPRETERS = "interpreters"
    LANGUAGES = "languages"
    STATE = "state"
    KIND = "kind"
    TITLE = "title"
    TEXT = "text"
    CASES = "cases"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Detail:
    """One difference: a value before and after, or of a list what came and what went.

    START, END: naive wall times. PLACE: `{"place": stored words, "building": text}`, or None. TITLE: stored words.
    STATE, KIND, LANGUAGES: their text. The other aspects fill `came` and `gone`, or nothing.
    """

    aspect: Aspect
    before: Any = None
    after: Any = None
    came: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def listed(aspect: Aspect, before: Collection[str], after: Collection[str]) -> list[Detail]:
    """What came to a list and what went; nothing if it is the same."""
    came = tuple(sorted(set(after) - set(before)))
    gone = tuple(sorted(set(before) - set(after)))
    return [Detail(aspect, came=came, gone=gone)] if came or gone else []


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in a snapshot are called: places by stored words, everything else by codes, names or references."""

    places: Mapping[int, Any] = field(default_factory=dict)
    delegations: Mapping[int, str] = field(default_factory=dict)
    delegates: Mapping[int, str] = field(default_factory=dict)
    interpreters: Mapping[int, str] = field(default_factory=dict)
    cases: Mapping[int, str] = field(default_factory=dict)


_LISTS = (
    (Aspect.PARTIES, "delegations"),
    (Aspect.PEOPLE, "delegates"),
    (Aspect.INTERPRETERS, "interpreters"),
    (Aspect.CASES, "cases"),
)
_SETTINGS = frozenset(
    {"everybody", "time_locked", "place_locked", "held_back", "interpreters_wanted", "priority", "absent"}
)


def of_snapshots(before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> list[Detail]:
    """How two snapshots of one session differ (`confmgr.scheduling.snapshots`); fields that `after` lacks stay."""
    after = {**before, **after}
    found = [*_times(before, after)]
    if before["place"] != after["place"]:
        found.append(Detail(Aspect.PLACE, names.places.get(before["place"]), names.places.get(after["place"])))
    for aspect, key in _LISTS:
        called = getattr(names, key)
        found += listed(aspect, _called(called, before[key]), _called(called, after[key]))
    for aspect, key in ((Aspect.LANGUAGES, "interpretation"), (Aspect.KIND, "kind"), (Aspect.TITLE, "title")):
        if before[key] != after[key]:
            found.append(Detail(aspect, before[key], after[key]))
    if (state_of(before), before["removed"]) != (state_of(after), after["removed"]):
        found.append(Detail(Aspect.STATE, state_of(before), state_of(after)))
    if before["description"] != after["description"]:
        found.append(Detail(Aspect.TEXT))
    if any(before[name] != after[name] for name in _SETTINGS):
        found.append(Detail(Aspect.SETTINGS))
    return found


def state_of(snapshot: Mapping[str, Any]) -> str:
    """`removed`, `open`, or the state that closed the session."""
    return "removed" if snapshot["removed"] else str(snapshot["state"])


def _called(names: Mapping[int, str], ids: Sequence[int]) -> list[str]:
    return [names.get(ident, f"#{ident}") for ident in ids]


def _times(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Detail]:
    found = []
    old, new = span_of(before), span_of(after)
    if old[0] != new[0]:
        found.append(Detail(Aspect.START, old[0], new[0]))
    if old[1] != new[1]:
        found.append(Detail(Aspect.END, old[1], new[1]))
    return found


def span_of(snapshot: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Start and end of a snapshot by the clock of the venue; twice None while it waits to be placed."""
    if snapshot["starts"] is None:
        return None, None
    starts = datetime.fromisoformat(snapshot["starts"])
    return starts, starts + timedelta(minutes=snapshot["minutes"])
