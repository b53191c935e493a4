"""Differences, free slots, and what of a plan was not taken, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from flask_babel import gettext as _

from confmgr.scheduling.advice import Outlook
from confmgr.scheduling.conflicts import Clash
from confmgr.scheduling.differences import Aspect, Detail
from confmgr.scheduling.domain import SessionKind, SessionState, key_id
from confmgr.scheduling.free import Opening
from confmgr.scheduling.labels import clash_sentence, cost_words
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services.drafts import Lack, Lost, TakeUp
from confmgr.values.words import Words
from confmgr.web import formats, labels


@dataclass(frozen=True, slots=True)
class Told:
    """One line: what differs, its old and new text, or what came and went."""

    what: str
    before: str = ""
    after: str = ""
    came: str = ""
    gone: str = ""


def told(detail: Detail) -> Told:
    """A difference as a page shows it."""
    what = _names()[detail.aspect]
    if detail.came or detail.gone:
        return Told(what, came=", ".join(detail.came), gone=", ".join(detail.gone))
    return Told(what, _text(detail.aspect, detail.before), _text(detail.aspect, detail.after))


def _names() -> dict[Aspect, str]:
    return {
        Aspect.START: _("Start"),
        Aspect.END: _("End"),
        Aspect.PLACE: _("Place"),
        Aspect.PARTIES: _("Delegations"),
        Aspect.PEOPLE: _("People"),
        Aspect.INTERPRETERS: _("Interpreters"),
        Aspect.LANGUAGES: _("Interpretation"),
        Aspect.STATE: _("State"),
        Aspect.KIND: _("Kind"),
        Aspect.TITLE: _("Title"),
        Aspect.TEXT: _("Description"),
        Aspect.CASES: _("Cases"),
        Aspect.SETTINGS: _("What the planner and the page of the session keep of it"),
    }


def _text(aspect: Aspect, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value)
    if aspect is Aspect.PLACE:
        return place(value)
    if aspect is Aspect.TITLE:
        return Words.from_json(value).text(formats.language())
    if aspect is Aspect.KIND:
        return labels.of(SessionKind(value))
    return state(value) if aspect is Aspect.STATE else str(value)


def moment(value: datetime) -> str:
    """`Thu 5 Feb 10:20` of a wall time, in the reader's language."""
    return f"{formats.day(value.date())} {formats.clock(value)}"


def place(value: Mapping[str, Any] | None) -> str:
    """A place with its building; nothing for none."""
    if value is None or value["place"] is None:
        return ""
    name = Words.from_json(value["place"]).text(formats.language())
    return f"{name}, {value['building']}" if value["building"] else name


def state(value: str) -> str:
    """The state of a snapshot."""
    special = {"open": _("takes place"), "removed": _("deleted")}
    return special.get(value) or labels.of(SessionState(value))


@dataclass(frozen=True, slots=True)
class RetakenInWords:
    """A session that would be another one: what is struck, what is new, and the rest."""

    row: MeetingSession
    details: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class TakeUpInWords:
    """What taking up an earlier schedule changes and does not bring back, and how many sessions it leaves alone."""

    changes: tuple[RetakenInWords, ...]
    lacks: tuple[str, ...]
    unknown: int


def take_up_in_words(found: TakeUp) -> TakeUpInWords:
    """An earlier schedule beside the present one."""
    return TakeUpInWords(
        changes=tuple(RetakenInWords(one.row, tuple(told(d) for d in one.details)) for one in found.changes),
        lacks=tuple(_lack(one) for one in found.lacks),
        unknown=found.unknown,
    )


def _lack(one: Lack) -> str:
    facts = {"session": one.session, "what": one.what}
    return {
        Lost.SESSION: _("%(session)s does not exist any more.", **facts),
        Lost.OVER: _("%(session)s has been held already and stays as it is.", **facts),
        Lost.TIME: _("%(session)s stood at %(what)s, outside the days of the meeting; it is left unplaced.", **facts),
        Lost.PLACE: _("%(session)s was at %(what)s, which is deleted; it is left without a place.", **facts),
        Lost.DELEGATION: _("%(what)s is no delegation of the meeting any more and misses in %(session)s.", **facts),
        Lost.DELEGATE: _("%(what)s has left the delegation and misses in %(session)s.", **facts),
        Lost.INTERPRETER: _("%(what)s interprets no more and misses in %(session)s.", **facts),
        Lost.CASE: _("Case %(what)s is deleted and misses in %(session)s.", **facts),
    }[one.kind]


@dataclass(frozen=True, slots=True)
class Offer:
    """A free slot; `to` is what its button sends, and `forms.MoveToForm` takes apart."""

    to: str
    starts: datetime
    place: str
    cost: str
    warnings: tuple[str, ...]


def offers(found: Iterable[Opening], view: Outlook) -> tuple[Offer, ...]:
    """Free slots as a page offers them, in their order."""
    parties = {link.delegation.party for row in view.rows for link in row.delegations}
    names = {party.code: formats.plain_words(party.short_name) for party in parties}
    return tuple(_offer(one, names) for one in found)


def _offer(one: Opening, names: Mapping[str, str]) -> Offer:
    crew = ",".join(sorted(key_id(name) for name in one.interpreters))
    return Offer(
        f"{one.starts:%Y-%m-%dT%H:%M}|{crew}|{one.place}",
        one.starts,
        one.place,
        cost_words(one.costs, names),
        tuple(clash_sentence(clash) for clash in one.warnings),
    )


MOST_EXPLAINED = 5
"""Sessions of which a message says what stands in their way: it travels in a cookie, which browsers keep up to 4 kB."""


def left_as_they_were(left: Mapping[str, Sequence[Clash]]) -> str:
    """What of a plan was not taken, and what stands in its way; `left`: by reference, with nothing where it changed."""
    said = _("Left as they were, because they have changed since or clash by now: %(left)s.", left=", ".join(left))
    why = (f"{one}: {clash_sentence(found[0])}" for one, found in left.items() if found)
    return " ".join([said, *islice(why, MOST_EXPLAINED)])
