"""What a publication changes for one person: pure rules over frozen facts (RFC 5546, 2.1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from confmgr.scheduling.differences import Detail
from confmgr.scheduling.domain import SessionKind


class PartStat(StrEnum):
    """What a participation answered (RFC 5545, 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class Method(StrEnum):
    """What an outbox row tells a calendar (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    DECLINECOUNTER = "DECLINECOUNTER"


class MailKind(StrEnum):
    """What an outbox row is. Only an invitation and an answer to a proposal carry a calendar."""

    INVITATION = "invitation"
    PROPOSAL_ANSWER = "proposal_answer"
    DAY_BEFORE = "day_before"
    HOUR_BEFORE = "hour_before"
    ANSWERS_MISSING = "answers_missing"
    RESULTS_DUE = "results_due"
    REQUEST_URGENT = "request_urgent"
    RETURN_DUE = "return_due"
    MOVE_NOTICED = "move_noticed"
    ITEM_NOTICE = "item_notice"


class OutboxState(StrEnum):
    """A message's life; a newer publication overtakes what has not been sent.

    WITHDRAWN: its recipient may not have it any more. BOUNCED: a server took it and sent it back.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    HELD = "held"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"
    BOUNCED = "bounced"


class AnswerWay(StrEnum):
    """How an answer reached us: a calendar's reply, the page behind a mail's link, the agenda, or by telephone."""

    MAIL = "mail"
    LINK = "link"
    AGENDA = "agenda"
    SECRETARIAT = "secretariat"


class Stage(StrEnum):
    """How far a session is by the clock: answers can be changed until it starts, noted until it ends."""

    AHEAD = "ahead"
    STARTED = "started"
    OVER = "over"


class ReplyMethod(StrEnum):
    """What a mail that came in is; `OTHER`: none of those that a calendar sends."""

    REPLY = "REPLY"
    COUNTER = "COUNTER"
    REFRESH = "REFRESH"
    BOUNCE = "BOUNCE"
    OTHER = "OTHER"


class ReplyState(StrEnum):
    """What became of a mail that came in; `HELD` ones wait for the secretariat."""

    APPLIED = "applied"
    HELD = "held"
    OLD = "old"
    TAKEN = "taken"
    DISMISSED = "dismissed"


class FeedKind(StrEnum):
    """What a subscribed calendar shows: one person's sessions, a delegation's, or what the whole meeting may know."""

    PERSONAL = "personal"
    DELEGATION = "delegation"
    PUBLIC = "public"


class ChangeKind(StrEnum):
    """Why somebody hears of a session; `REPEATED`: the same version once more, as a calendar asked for it."""

    NEW = "new"
    MOVED = "moved"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    AGAIN = "again"
    REPEATED = "repeated"


Facts = Mapping[str, Any]
"""What one person is told of one session: times, place, parties; JSON, never the text of an item."""


def as_read(fact: Any) -> Any:
    """A fact without what nobody reads of it: who wrote a translation, and of which version of the original."""
    if not isinstance(fact, Mapping):
        return fact
    if "source" in fact and "values" in fact:
        return {"source": fact["source"], "values": {tag: value["text"] for tag, value in fact["values"].items()}}
    return {name: as_read(value) for name, value in fact.items()}


def stage(facts: Facts, now: datetime) -> Stage:
    """How far the session is that a person was told of; without facts it is ahead."""
    if not facts or now < datetime.fromisoformat(facts["starts_at"]):
        return Stage.AHEAD
    return Stage.STARTED if now < datetime.fromisoformat(facts["ends_at"]) else Stage.OVER


UNINVITED = frozenset({SessionKind.BREAK, SessionKind.HOLD})
"""Kinds that stand in the programme and invite nobody."""

RAISING = ("starts_at", "ends_at", "building", "state")
"""Facts whose change asks the person again, and raises SEQUENCE; a place within one building does not."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a participation heard so far."""

    invited: bool
    sequence: int
    facts: Facts | None


@dataclass(frozen=True, slots=True)
class News:
    """What it must hear now. `facts` of a cancellation are those that were last seen."""

    change: ChangeKind
    method: Method
    sequence: int
    facts: Facts
    before: Facts | None
    asks_again: bool


def news(told: Told | None, facts: Facts | None) -> News | None:
    """What one person hears of one session in a publication; None if nothing.

    Args:
        told: What it heard so far; None if there was never a participation.
        facts: What the publication says of the session for this person; None if it does not take part.
    """
    invited = told is not None and told.invited
    if facts is None:
        if told is None or not invited or told.facts is None:
            return None
        return News(ChangeKind.CANCELLED, Method.CANCEL, told.sequence + 1, told.facts, None, asks_again=False)
    if told is None or told.facts is None:
        return News(ChangeKind.NEW, Method.REQUEST, 0, facts, None, asks_again=True)
    if not invited:
        return News(ChangeKind.AGAIN, Method.REQUEST, told.sequence + 1, facts, None, asks_again=True)
    if any(told.facts.get(name) != facts.get(name) for name in RAISING):
        return News(ChangeKind.MOVED, Method.REQUEST, told.sequence + 1, facts, told.facts, asks_again=True)
    if as_read(told.facts) != as_read(facts):
        return News(ChangeKind.CHANGED, Method.REQUEST, told.sequence, facts, told.facts, asks_again=False)
    return None


def only_clocks_changed(before: Facts | None, after: Facts) -> bool:
    """Whether a session stays at its wall time, which the zone's new rules put at another instant."""
    walls = ("starts_local", "ends_local", "zone")
    return (
        before is not None
        and all(before[name] == after[name] for name in walls)
        and before["starts_at"] != after["starts_at"]
    )


def stamp(now: datetime, last: datetime | None) -> datetime:
    """DTSTAMP of a new version: whole seconds, strictly newer than the last one of the same UID."""
    present = now.replace(microsecond=0)
    return present if last is None or present > last else last + timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """How one session differs from what is published, were it not held back; `before` is None for a new one.

    `mark` is a digest of it: the same as long as the same would be published and the same people would hear.
    `languages` counts the people who get a mail by the language that it is written in.
    """

    session_id: int
    reference: str
    change: ChangeKind
    before: Facts | None
    after: Facts
    details: tuple[Detail, ...]
    delegates: int
    interpreters: int
    languages: Mapping[str, int]
    held: bool
    mark: str

    @property
    def people(self) -> int:
        """How many hear of it."""
        return self.delegates + self.interpreters


def change_of(before: Facts | None, after: Facts) -> ChangeKind | None:
    """How a session as a whole changed between two publications; None if it did not.

    It has moved where its people are asked again; another place in the same building is a change like others.
    """
    gone = after["state"] in {"cancelled", "absent"}
    was_gone = before is None or before["state"] in {"cancelled", "absent"}
    if gone:
        return None if was_gone else ChangeKind.CANCELLED
    if before is None:
        return ChangeKind.NEW
    if was_gone:
        return ChangeKind.AGAIN
    if any(before.get(name) != after.get(name) for name in RAISING):
        return ChangeKind.MOVED
    return ChangeKind.CHANGED if as_read(before) != as_read(after) else None
