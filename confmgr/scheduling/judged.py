"""A meeting's schedule as the rules see it: what the meeting has, and its sessions as sittings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling.conflicts import ClashKind, House, Severity, Sitting
from confmgr.scheduling.domain import GONE, WHOLE_MEETING
from confmgr.scheduling.models import MeetingSession, ScheduleState
from confmgr.scheduling.queries import person_name, seats_needed
from confmgr.scheduling.wishes import NO_WISHES, Wishes
from confmgr.values.times import Span, wall_time, without


def schedule_state(session: Session, meeting: Meeting) -> ScheduleState | None:
    """How the meeting's schedule is judged; None as long as it is judged as usual and nothing was changed."""
    return session.get(ScheduleState, meeting.id)


def severities(kept: Mapping[str, str]) -> dict[ClashKind, Severity]:
    """The rules that a meeting judges otherwise than usual, from `ScheduleState.severities`."""
    return {ClashKind(kind): Severity(severity) for kind, severity in kept.items()}


def house(session: Session, meeting: Meeting) -> House:
    """What the rules must know of the meeting itself; nine statements."""
    delegations = list(
        session.scalars(
            select(Delegation)
            .where(Delegation.meeting_id == meeting.id)
            .options(
                joinedload(Delegation.party),
                selectinload(Delegation.availability),
                selectinload(Delegation.delegates).selectinload(Delegate.busy),
            )
        )
    )
    places = list(
        session.scalars(select(Place).where(Place.meeting_id == meeting.id).options(selectinload(Place.hours)))
    )
    interpreters = list(
        session.scalars(
            select(Interpreter).where(Interpreter.meeting_id == meeting.id).options(selectinload(Interpreter.hours))
        )
    )
    whole = Span(
        datetime.combine(meeting.starts_on, time.min), datetime.combine(meeting.ends_on + timedelta(days=1), time.min)
    )
    hours = {
        person_name(p): present(
            Span(p.arrives_local or whole.start, p.departs_local or whole.end),
            ((one.starts_at, one.ends_at) for one in p.busy),
            meeting.zone,
        )
        for d in delegations
        for p in d.delegates
        if p.arrives_local or p.departs_local or p.busy
    }
    state = schedule_state(session, meeting)
    return House(
        teams={d.party.code: d.teams for d in delegations},
        delegation_hours={
            d.party.code: tuple(Span(h.starts_local, h.ends_local) for h in d.availability) for d in delegations
        },
        person_hours=hours,
        members={d.party.code: people for d in delegations if (people := members_of(d)) and people <= hours.keys()},
        seats={p.code: p.seats for p in places},
        place_hours={p.code: tuple(Span(h.starts_local, h.ends_local) for h in p.hours) for p in places},
        tables=tables_in(places),
        buildings=buildings_of(places),
        walk_minutes=0 if state is None else state.walk_minutes,
        interpreter_pairs={person_name(i): frozenset(i.pairs) for i in interpreters},
        interpreter_hours={
            person_name(i): tuple(Span(h.starts_local, h.ends_local) for h in i.hours) for i in interpreters
        },
        longest_run={person_name(i): i.longest_run_minutes for i in interpreters if i.longest_run_minutes},
        longest_day={person_name(i): i.longest_day_minutes for i in interpreters if i.longest_day_minutes},
        severities=severities({} if state is None else state.severities),
    )


def members_of(delegation: Delegation) -> frozenset[str]:
    """Everybody of a delegation who has not left."""
    return frozenset(person_name(person) for person in delegation.delegates if person.left_at is None)


def present(stay: Span, busy: Iterable[tuple[datetime, datetime]], zone: str) -> tuple[Span, ...]:
    """When somebody is there and has nothing else, by the clock of the venue; `busy` are instants."""
    walls = ((wall_time(start, zone), wall_time(end, zone)) for start, end in busy)
    return without(stay, [Span(start, end) for start, end in walls if start < end])


class Located(Protocol):
    """A place, as a row or as the board shows it."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def room_id(self) -> int | None: ...
    @property
    def building(self) -> str | None: ...


def tables_in(places: Sequence[Located]) -> dict[str, frozenset[str]]:
    """Codes of the tables in each room that has any."""
    rooms = {p.id: p.code for p in places}
    inside: dict[str, set[str]] = {}
    for p in places:
        if p.room_id is not None:
            inside.setdefault(rooms[p.room_id], set()).add(p.code)
    return {room: frozenset(codes) for room, codes in inside.items()}


def buildings_of(places: Sequence[Located]) -> dict[str, str]:
    """The building of each place: a table stands where its room does; capitals and spaces make no other building."""
    own = {p.id: " ".join((p.building or "").split()).casefold() for p in places}
    found = {p.code: own[p.id] or own.get(p.room_id or 0, "") for p in places}
    return {code: building for code, building in found.items() if building}


def sitting(row: MeetingSession, after: Mapping[int, str], span: Span) -> Sitting:
    """A session as the rules see it, as if it were at that time; `after`: references by the id of their request."""
    before = after.get(row.request.after_id) if row.request is not None and row.request.after_id else None
    wishes = Wishes.from_json(row.request.wishes) if row.request is not None and row.request.wishes else NO_WISHES
    absent = {link.delegation_id for link in row.delegations if link.absent}
    return Sitting(
        reference=row.reference,
        span=span,
        delegations=frozenset(link.delegation.party.code for link in row.delegations if not link.absent),
        people=frozenset(
            person_name(link.delegate) for link in row.delegates if link.delegate.delegation_id not in absent
        ),
        place=None if row.place is None else row.place.code,
        seats_needed=0 if row.everybody else seats_needed(row),
        interpretation=row.interpretation,
        interpreters_wanted=row.interpreters_wanted,
        interpreters=frozenset(person_name(link.interpreter) for link in row.interpreters),
        whole_meeting=row.kind in WHOLE_MEETING,
        after=frozenset() if before is None else frozenset({before}),
        wished=wishes.spans,
        apart=frozenset(after[ident] for ident in wishes.apart if ident in after),
        same_day=frozenset(after[ident] for ident in wishes.same_day if ident in after),
    )


def by_request(rows: Sequence[MeetingSession]) -> dict[int, str]:
    """References by the id of the request that the session was made of."""
    return {row.request_id: row.reference for row in rows if row.request_id is not None}


def sittings(rows: Sequence[MeetingSession]) -> list[Sitting]:
    """Those of some sessions that are placed and take up somebody's time, as the rules see them."""
    after = by_request(rows)
    return [
        sitting(row, after, Span(row.starts_local, row.ends_local))
        for row in rows
        if row.starts_local is not None and row.ends_local is not None and row.state not in GONE
    ]
