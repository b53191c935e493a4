"""The whole schedule of a meeting in two statements: frozen cards, and what the rules must know of the meeting."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting
from confmgr.scheduling import board_rows
from confmgr.scheduling.conflicts import House, Sitting
from confmgr.scheduling.domain import GONE, WHOLE_MEETING, RequestState, SessionKind, SessionState, person_key
from confmgr.scheduling.judged import buildings_of, present, severities, tables_in
from confmgr.scheduling.models import (
    MeetingRequest,
    MeetingSession,
)
from confmgr.scheduling.queries import SEATS_A_SIDE
from confmgr.scheduling.snapshots import DRAFTED, Snapshot
from confmgr.scheduling.wishes import NO_WISHES, Wishes
from confmgr.values.times import Span
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the meeting and its hours."""

    day: date
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Table:
    """A place as the board shows it; a table stands in the room `room_id`."""

    id: int
    code: str
    name: Words
    seats: int
    booths: int
    room_id: int | None
    building: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """A delegation of the meeting."""

    id: int
    code: str
    name: Words
    teams: int


@dataclass(frozen=True, slots=True)
class Card:
    """One session as the board shows it and as the rules need it; ids are those of the database."""

    id: int
    uuid: uuid.UUID
    reference: str
    kind: SessionKind
    state: SessionState
    version: int
    title: Words | None
    starts: datetime | None
    minutes: int
    place: int | None
    time_locked: bool
    place_locked: bool
    held_back: bool
    everybody: bool
    interpretation: str | None
    wanted: int
    removed: bool
    request: int | None
    after: int | None
    agreed: bool
    wishes: Wishes = NO_WISHES
    delegations: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    interpreters: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    cases: tuple[str, ...] = ()
    crimes: tuple[str, ...] = ()

    @property
    def ends(self) -> datetime | None:
        """Wall time at which it ends."""
        return None if self.starts is None else self.starts + timedelta(minutes=self.minutes)

    @property
    def seats_needed(self) -> int:
        """Seats that it takes: two a delegation."""
        return 0 if self.everybody else SEATS_A_SIDE * len(self.delegations)

    @property
    def is_open(self) -> bool:
        """Whether it may still be moved."""
        return self.state in DRAFTED and not self.removed

    @property
    def whole_meeting(self) -> bool:
        """Whether it stops everybody while it lasts."""
        return self.kind in WHOLE_MEETING


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of a meeting's working schedule at one moment; removed sessions are among `cards`."""

    cards: Mapping[int, Card]
    days: tuple[Day, ...]
    places: tuple[Table, ...]
    delegations: Mapping[int, Side]
    people: Mapping[int, str]
    interpreters: Mapping[int, str]
    house: House
    side_of: Mapping[int, int] = field(default_factory=dict)
    """Delegations of the people who are named for a session."""
    codes: Mapping[int, str] = field(default_factory=dict)

    def shown(self) -> list[Card]:
        """Cards that are there, by start and reference."""
        there = (card for card in self.cards.values() if not card.removed)
        return sorted(there, key=lambda card: (card.starts is None, card.starts or card.reference, card.reference))

    def by_uuid(self) -> dict[uuid.UUID, Card]:
        """Cards by their public id, removed ones too."""
        return {card.uuid: card for card in self.cards.values()}

    def with_cards(self, changed: Iterable[Card]) -> "Board":
        """The board after some cards have changed."""
        return replace(self, cards={**self.cards, **{card.id: card for card in changed}})

    def before(self, touched: Mapping[str, Any]) -> "Board":
        """The board as it was before a step (`BoardCommand.touched`)."""
        changed = []
        for ident, (was, _became) in touched.items():
            card = self.cards.get(int(ident))
            if card is not None:
                changed.append(replace(card, removed=True) if was is None else _restored(card, was))
        return self.with_cards(changed)

    def sittings(self) -> list[Sitting]:
        """All placed sessions as the rules see them."""
        by_request = {card.request: card.reference for card in self.cards.values() if card.request and not card.removed}
        found = (self._sitting(card, by_request) for card in self.shown())
        return [row for row in found if row is not None]

    def _sitting(self, card: Card, by_request: Mapping[int, str]) -> Sitting | None:
        if card.starts is None or card.ends is None or card.state in GONE:
            return None
        before = by_request.get(card.after) if card.after else None
        return Sitting(
            reference=card.reference,
            span=Span(card.starts, card.ends),
            delegations=frozenset(self.delegations[i].code for i in card.delegations if i not in card.absent),
            people=frozenset(self.people[i] for i in card.people if self.side_of.get(i) not in card.absent),
            place=None if card.place is None else self.codes[card.place],
            seats_needed=card.seats_needed,
            interpretation=card.interpretation,
            interpreters_wanted=card.wanted,
            interpreters=frozenset(self.interpreters[i] for i in card.interpreters),
            whole_meeting=card.whole_meeting,
            after=frozenset() if before is None else frozenset({before}),
            wished=card.wishes.spans,
            apart=frozenset(by_request[ident] for ident in card.wishes.apart if ident in by_request),
            same_day=frozenset(by_request[ident] for ident in card.wishes.same_day if ident in by_request),
        )


_SAME = {
    "minutes": "minutes",
    "everybody": "everybody",
    "time_locked": "time_locked",
    "place_locked": "place_locked",
    "held_back": "held_back",
    "interpretation": "interpretation",
    "interpreters_wanted": "wanted",
    "place": "place",
    "removed": "removed",
}
_LISTS = {"delegations": "delegations", "absent": "absent", "delegates": "people", "interpreters": "interpreters"}


def _restored(card: Card, kept: Snapshot) -> Card:
    changes: dict[str, Any] = {ours: kept[theirs] for theirs, ours in _SAME.items() if theirs in kept}
    changes |= {ours: tuple(kept[theirs]) for theirs, ours in _LISTS.items() if theirs in kept}
    if "starts" in kept:
        changes["starts"] = datetime.fromisoformat(kept["starts"]) if kept["starts"] else None
    if "kind" in kept:
        changes["kind"] = SessionKind(kept["kind"])
    if "state" in kept:
        changes["state"] = SessionState.DRAFT if kept["state"] == "open" else SessionState(kept["state"])
    return replace(card, **changes)


def load(session: Session, meeting: Meeting) -> Board:
    """The whole working schedule of a meeting; two statements."""
    things: dict[str, list[Any]] = {}
    for row in session.execute(board_rows.things(meeting.id)):
        things.setdefault(row.what, []).append(row)
    links: dict[int, dict[str, list[Any]]] = {}
    for what in "dpic":
        for row in sorted(things.get(what, []), key=lambda one: one.n):
            links.setdefault(row.owner, {}).setdefault(what, []).append(row)
    people = {row.ident: person_key(row.a, row.ident) for what in "pa" for row in things.get(what, [])}
    return _built(meeting, things, people, {card.id: card for card in _cards(session, meeting, links)})


_card: Any = Card  # its first values come as one row


def _cards(session: Session, meeting: Meeting, links: Mapping[int, Mapping[str, list[Any]]]) -> Iterable[Card]:
    row = MeetingSession
    statement = (
        select(
            row.id,
            row.uuid,
            row.reference,
            row.kind,
            row.state,
            row.version,
            row.title,
            row.starts_local,
            row.minutes,
            row.place_id,
            row.time_locked,
            row.place_locked,
            row.held_back,
            row.everybody,
            row.interpretation,
            row.interpreters_wanted,
            row.removed_at.is_not(None),
            row.request_id,
            MeetingRequest.after_id,
            MeetingRequest.state,
            MeetingRequest.wishes,
        )
        .outerjoin(MeetingRequest, MeetingRequest.id == row.request_id)
        .where(row.meeting_id == meeting.id)
    )
    for found in session.execute(statement):
        values: tuple[Any, ...] = tuple(found)
        mine = links.get(values[0], {})
        yield _card(
            *values[:-2],
            agreed=values[-2] not in {RequestState.ASKED, RequestState.DECLINED, RequestState.WITHDRAWN},
            wishes=Wishes.from_json(values[-1]) if values[-1] else NO_WISHES,
            delegations=tuple(link.ident for link in mine.get("d", ())),
            people=tuple(link.ident for link in mine.get("p", ())),
            interpreters=tuple(link.ident for link in mine.get("i", ())),
            absent=tuple(link.ident for link in mine.get("d", ()) if link.m),
            cases=tuple(link.a for link in mine.get("c", ())),
            crimes=tuple(dict.fromkeys(crime for link in mine.get("c", ()) for crime in link.x or ())),
        )


def _built(
    meeting: Meeting, things: Mapping[str, list[Any]], people: Mapping[int, str], cards: Mapping[int, Card]
) -> Board:
    places = [
        Table(row.ident, row.a, Words.from_json(row.x), row.n, row.m, row.owner, row.b)
        for row in sorted(things.get("P", []), key=lambda one: (one.r, one.a))
    ]
    codes = {place.id: place.code for place in places}
    delegations = {
        row.ident: Side(row.ident, row.a, Words.from_json(row.x), row.n)
        for row in sorted(things.get("D", []), key=lambda one: one.a)
    }
    crew = {row.ident: person_key(row.a, row.ident) for row in things.get("I", [])}
    return Board(
        cards=cards,
        days=tuple(
            sorted(
                (
                    Day(date.fromisoformat(row.a), time.fromisoformat(row.b), time.fromisoformat(row.c))
                    for row in things.get("y", [])
                ),
                key=lambda one: one.day,
            )
        ),
        places=tuple(places),
        delegations=delegations,
        people=people,
        interpreters=crew,
        house=_house(meeting, things, delegations, places, crew),
        side_of={row.ident: row.m for row in things.get("p", [])},
        codes=codes,
    )


def _house(
    meeting: Meeting,
    things: Mapping[str, list[Any]],
    delegations: Mapping[int, Side],
    places: Sequence[Table],
    crew: Mapping[int, str],
) -> House:
    hours: dict[str, dict[int, list[Span]]] = {what: {} for what in "how"}
    for what, found in hours.items():
        for row in sorted(things.get(what, []), key=lambda one: one.n):
            found.setdefault(row.owner, []).append(Span(row.t1, row.t2))
    state = next(iter(things.get("S", [])), None)
    return House(
        teams={one.code: one.teams for one in delegations.values()},
        delegation_hours={one.code: tuple(hours["h"].get(i, ())) for i, one in delegations.items()},
        person_hours=_person_hours(meeting, things),
        members=_members(things),
        seats={row.a: row.n for row in things.get("P", [])},
        place_hours={place.code: tuple(hours["o"].get(place.id, ())) for place in places},
        tables=tables_in(places),
        buildings=buildings_of(places),
        walk_minutes=0 if state is None else state.n,
        interpreter_pairs={crew[row.ident]: frozenset(row.x) for row in things.get("I", [])},
        interpreter_hours={name: tuple(hours["w"].get(i, ())) for i, name in crew.items()},
        longest_run={crew[row.ident]: row.n for row in things.get("I", []) if row.n},
        longest_day={crew[row.ident]: row.m for row in things.get("I", []) if row.m},
        severities=severities({} if state is None else state.x),
    )


def _members(things: Mapping[str, list[Any]]) -> dict[str, frozenset[str]]:
    """Everybody of each delegation of whose people all have hours."""
    known: dict[int, set[str]] = {}
    for row in (*things.get("a", ()), *things.get("b", ())):
        if row.owner is not None:
            known.setdefault(row.owner, set()).add(person_key(row.a, row.ident))
    return {
        row.a: frozenset(known[row.ident]) for row in things.get("D", []) if len(known.get(row.ident, ())) == row.m > 0
    }


def _person_hours(meeting: Meeting, things: Mapping[str, list[Any]]) -> dict[str, tuple[Span, ...]]:
    """When each person is there and has nothing else, of those of whom something is known."""
    first = datetime.combine(meeting.starts_on, time.min)
    last = datetime.combine(meeting.ends_on + timedelta(days=1), time.min)
    busy: dict[str, list[tuple[datetime, datetime]]] = {}
    for row in things.get("b", []):
        span = (row.t1.replace(tzinfo=UTC), row.t2.replace(tzinfo=UTC))
        busy.setdefault(person_key(row.a, row.ident), []).append(span)
    stays = {person_key(row.a, row.ident): Span(row.t1 or first, row.t2 or last) for row in things.get("a", [])}
    return {
        name: present(stays.get(name, Span(first, last)), busy.get(name, ()), meeting.zone)
        for name in stays.keys() | busy.keys()
    }
