"""Differences between publications in the reader's words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.delegations.models import Delegate, Interpreter
from confmgr.invitations import rendering
from confmgr.invitations.answers import Call
from confmgr.invitations.differences import Heard
from confmgr.invitations.domain import ChangeKind, Difference, Facts, OutboxState, only_clocks_changed
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering import title_of
from confmgr.invitations.sending import Problem, problem
from confmgr.scheduling.differences import Aspect, Detail
from confmgr.scheduling.wording import Told, told
from confmgr.values.times import wall_time
from confmgr.web import formats, labels

IN_THE_SENTENCE = frozenset({Aspect.START, Aspect.END, Aspect.PLACE})
"""What the sentence of a moved session says itself."""
MORNING, NIGHT = 7, 22
"""Hours between which people are awake."""


@dataclass(frozen=True, slots=True)
class Change:
    """One session of a difference; `before` is empty for a new one; `ends`: old and new end, if all else stays.

    `clocks`: its time stays, and the rules of its zone have changed.
    """

    change: ChangeKind
    title: str
    before: str
    after: str
    ends: tuple[str, str] | None
    details: tuple[Told, ...]
    clocks: bool = False


def change_in_words(one: Difference | Heard) -> Change:
    """A difference as a page shows it."""
    aspects = {detail.aspect for detail in one.details}
    moved = one.change is ChangeKind.MOVED
    only_end = moved and Aspect.END in aspects and not aspects & {Aspect.START, Aspect.PLACE}
    return Change(
        change=one.change,
        title=title_of(one.after, formats.language()),
        before="" if one.before is None else when_and_where(one.before),
        after=when_and_where(one.after),
        ends=_ends(one.details) if only_end else None,
        details=tuple(told(d) for d in one.details if not (moved and d.aspect in IN_THE_SENTENCE)),
        clocks=moved and Aspect.PLACE not in aspects and only_clocks_changed(one.before, one.after),
    )


def _ends(details: Collection[Detail]) -> tuple[str, str]:
    end = next(detail for detail in details if detail.aspect is Aspect.END)
    return formats.clock(end.before), formats.clock(end.after)


def when_and_where(facts: Facts) -> str:
    """`Thu 5 Feb 10:20–11:00, Table 3` of a session's facts, in the reader's language."""
    return rendering.when_and_where(facts, formats.language())


def who(one: Difference) -> str:
    """`7 people, 1 interpreter`; delegates are people."""
    texts = []
    if one.delegates:
        texts.append(ngettext("%(num)s person", "%(num)s people", one.delegates))
    if one.interpreters:
        texts.append(ngettext("%(num)s interpreter", "%(num)s interpreters", one.interpreters))
    return ", ".join(texts)


def languages(counted: Mapping[str, int]) -> str:
    """`English 4, Korean 3`, the most first."""
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{formats.language_name(tag)} {number}" for tag, number in ordered)


def nights(zones: Mapping[str, int], now: datetime) -> list[str]:
    """`04:00 in Doha` of each zone of recipients in which it is night, those of most people first."""
    times = [(zone, wall_time(now, zone)) for zone in sorted(zones, key=lambda zone: (-zones[zone], zone))]
    return [
        _("%(time)s in %(city)s", time=formats.clock(time), city=formats.city(zone))
        for zone, time in times
        if is_night(time)
    ]


def person(one: Delegate | Interpreter) -> str:
    """`KH Sok Dara`, or an interpreter by the name alone."""
    return f"{one.delegation.party.code} {one.latin_name}" if isinstance(one, Delegate) else one.latin_name


def mail_title(row: OutboxMessage) -> str:
    """What a list calls a mail: its subject, else its session, else what kind of mail it is."""
    if row.subject:
        return row.subject
    return title_of(row.facts["session"], formats.language()) if row.facts.get("session") else labels.of(row.kind)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a mail has not arrived: a sentence, and what the server said in its own words."""

    sentence: str
    said: str


def hindrance(row: OutboxMessage) -> Hindrance | None:
    """What keeps or kept a mail back, for its reader; None where nothing did."""
    found = problem(row.problem)
    return None if found is None else Hindrance(_why(row.state, found), found.said)


def _why(state: OutboxState, found: Problem) -> str:
    if found.word is not None:
        return labels.of(found.word)
    if state is OutboxState.BOUNCED:
        return _("A server took the mail and sent it back. Check the address.")
    if state is OutboxState.REFUSED:
        return _("The server does not take this mail. Check the address, or try again.")
    return _("The server has not taken the mail yet. It is tried again by itself.")


def is_night(time: datetime) -> bool:
    """Whether people are asleep at a wall time."""
    return not MORNING <= time.hour < NIGHT


def because(call: Call) -> str:
    """Why somebody is to be telephoned."""
    said = []
    if call.lost and not call.person.email:
        said.append(_("There is no mail address."))
    elif call.lost:
        said.append(ngettext("%(num)s mail did not arrive.", "%(num)s mails did not arrive.", call.lost))
    if call.unanswered:
        said.append(
            ngettext("%(num)s invitation is not answered.", "%(num)s invitations are not answered.", call.unanswered)
        )
    if call.declined:
        said.append(ngettext("%(num)s invitation is declined.", "%(num)s invitations are declined.", call.declined))
    return " ".join(said)
