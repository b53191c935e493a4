"""How what others are told of a session differs between two publications. Plain Python."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from confmgr.invitations.domain import ChangeKind, Facts, News, Told, as_read, news
from confmgr.scheduling.differences import Aspect, Detail, listed

_PLAIN = ((Aspect.LANGUAGES, "interpretation"), (Aspect.KIND, "kind"), (Aspect.TITLE, "title"))


def of_facts(before: Facts, after: Facts) -> list[Detail]:
    """Aspect by aspect, in the order in which it matters to those who attend."""
    found = []
    for aspect, key in ((Aspect.START, "starts_local"), (Aspect.END, "ends_local")):
        if before[key] != after[key]:
            found.append(Detail(aspect, datetime.fromisoformat(before[key]), datetime.fromisoformat(after[key])))
    if any(as_read(before.get(key)) != as_read(after.get(key)) for key in ("place_id", "place", "building")):
        found.append(Detail(Aspect.PLACE, _place(before), _place(after)))
    found += listed(Aspect.PARTIES, before["parties"], after["parties"])
    for aspect, key in _PLAIN:
        if as_read(before.get(key)) != as_read(after.get(key)):
            found.append(Detail(aspect, before.get(key), after.get(key)))
    return found


def _place(facts: Facts) -> dict[str, Any] | None:
    return {"place": facts["place"], "building": facts["building"]} if facts["place"] else None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one publication changed of one session for one person."""

    change: ChangeKind
    before: Facts | None
    after: Facts
    details: tuple[Detail, ...]


def heard(versions: Iterable[Facts | None]) -> Sequence[Heard | None]:
    """What each of successive publications changed for one person; None where nothing.

    Args:
        versions: What each publication says of a session to the person; None where the person does not take part.
    """
    found: list[Heard | None] = []
    told: Told | None = None
    for facts in versions:
        what = news(told, facts)
        if what is None:
            found.append(None)
            continue
        told = Told(facts is not None, what.sequence, what.facts)
        found.append(_heard(what))
    return found


def _heard(what: News) -> Heard:
    details = () if what.before is None else tuple(of_facts(what.before, what.facts))
    return Heard(what.change, what.before, what.facts, details)
