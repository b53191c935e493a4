"""Between the schedule and the planner: from a meeting to an instance, and from a plan back to placements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.delegations.models import Delegation, Interpreter
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import judged, queries
from confmgr.scheduling.conflicts import House
from confmgr.scheduling.domain import GONE, WHOLE_MEETING
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import Span

FIXED = "="
"""Before the reference of a session that stays where it is: as a meeting of the task it only takes up its time."""


def is_fixed(ident: str) -> bool:
    """Whether a meeting of a task is a session that stays."""
    return ident.startswith(FIXED)


class Grid:
    """The slots of a meeting, numbered through all days; every day has as many as the longest one."""

    def __init__(self, meeting: Meeting) -> None:
        self.minutes = meeting.slot_minutes
        self.days: list[date] = [day.day for day in meeting.days]
        opens = min(day.opens for day in meeting.days)
        closes = max(day.closes for day in meeting.days)
        self.opens: time = opens
        length = datetime.combine(date.min, closes) - datetime.combine(date.min, opens)
        self.per_day = int(length / timedelta(minutes=self.minutes))
        self.hours = {day.day: (day.opens, day.closes) for day in meeting.days}

    def start(self, slot: int) -> datetime:
        """Wall time at which a slot begins."""
        day, n = divmod(slot, self.per_day)
        return datetime.combine(self.days[day], self.opens) + timedelta(minutes=n * self.minutes)

    def span(self, slot: int) -> Span:
        """Wall times of a slot."""
        begin = self.start(slot)
        return Span(begin, begin + timedelta(minutes=self.minutes))

    def all(self) -> range:
        """Every slot."""
        return range(len(self.days) * self.per_day)

    def slot(self, wall: datetime) -> int | None:
        """The slot that begins at a wall time, if one does."""
        return next((slot for slot in self.all() if self.start(slot) == wall), None)

    def touched(self, span: Span) -> list[int]:
        """Slots that a stretch of time touches: a session off the grid blocks each of them."""
        return [slot for slot in self.all() if self.span(slot).overlaps(span)]

    def inside(self, hours: Sequence[Span]) -> list[int] | None:
        """Slots that lie wholly inside some hours; None for no hours, which means all."""
        if not hours:
            return None
        return [slot for slot in self.all() if any(stretch.covers(self.span(slot)) for stretch in hours)]

    def closed(self) -> list[int]:
        """Slots before a day opens or after it closes."""
        return [
            slot
            for slot in self.all()
            if not (
                self.hours[self.start(slot).date()][0] <= self.start(slot).time()
                and self.span(slot).end
                <= datetime.combine(self.start(slot).date(), self.hours[self.start(slot).date()][1])
            )
        ]


def instance(
    session: Session, meeting: Meeting, rows: Sequence[MeetingSession], *, free: Collection[str] | None = None
) -> dict[str, Any]:
    """The planning task of a meeting, in the JSON format of `confmgr plan`.

    Args:
        session: An open transaction.
        meeting: The meeting.
        rows: Its whole working schedule (`queries.sessions`).
        free: References of sessions that may be placed; None for every session that waits. Everything else stays.
    """
    grid, house = Grid(meeting), judged.house(session, meeting)
    fixed = [row for row in rows if not _is_free(row, free)]
    blocked = set(grid.closed())
    for row in fixed:
        if row.kind in WHOLE_MEETING and row.starts_local and row.ends_local and row.state not in GONE:
            blocked.update(grid.touched(Span(row.starts_local, row.ends_local)))
    task = {
        "slots": {
            "days": len(grid.days),
            "per_day": grid.per_day,
            "minutes": grid.minutes,
            "blocked": sorted(blocked),
        },
        "parties": _parties(session, meeting, grid, house),
        "places": _places(session, meeting, grid),
        "interpreters": _interpreters(session, meeting, grid),
        "meetings": [_meeting(row, grid) for row in rows if _is_free(row, free)],
        "people": _people(house, grid),
        "after": _after(rows, free),
    }
    _take_out_fixed(task, [row for row in fixed if row.kind not in WHOLE_MEETING], grid)
    return task


def without_fixed(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan of a task without the sessions that stay."""
    return {
        **plan,
        "placements": {ident: one for ident, one in plan["placements"].items() if not is_fixed(ident)},
        "unplaced": [ident for ident in plan["unplaced"] if not is_fixed(ident)],
        "because": [one for one in plan["because"] if not is_fixed(one["meeting"])],
    }


def _is_free(row: MeetingSession, free: Collection[str] | None) -> bool:
    if row.kind in WHOLE_MEETING or row.everybody or not queries.is_open(row) or not row.delegations:
        return False
    if free is not None:
        return row.reference in free and not row.time_locked
    return row.starts_local is None


def _parties(session: Session, meeting: Meeting, grid: Grid, house: House) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Delegation)
        .where(Delegation.meeting_id == meeting.id)
        .options(joinedload(Delegation.party), selectinload(Delegation.availability))
        .order_by(Delegation.id)
    )
    return [
        {
            "id": row.party.code,
            "teams": row.teams,
            "available": _anybody_there(
                grid, house, row.party.code, grid.inside([Span(h.starts_local, h.ends_local) for h in row.availability])
            ),
        }
        for row in rows
    ]


def _anybody_there(grid: Grid, house: House, code: str, slots: list[int] | None) -> list[int] | None:
    """The slots in which somebody of a delegation is there; None means all."""
    people = house.members.get(code)
    if not people:
        return slots
    there = grid.all() if slots is None else slots
    return [slot for slot in there if any(house.has(person, grid.span(slot)) for person in people)]


def _places(session: Session, meeting: Meeting, grid: Grid) -> list[dict[str, Any]]:
    rows = list(
        session.scalars(
            select(Place)
            .where(Place.meeting_id == meeting.id)
            .options(selectinload(Place.hours))
            .order_by(Place.rank, Place.code)
        )
    )
    with_tables = {row.room_id for row in rows if row.room_id is not None}
    return [
        {
            "id": row.code,
            "seats": row.seats,
            "available": grid.inside([Span(h.starts_local, h.ends_local) for h in row.hours]),
        }
        for row in rows
        if row.id not in with_tables  # a room full of tables is taken by plenaries, which block everybody anyway
    ]


def _interpreters(session: Session, meeting: Meeting, grid: Grid) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Interpreter)
        .where(Interpreter.meeting_id == meeting.id)
        .options(selectinload(Interpreter.hours))
        .order_by(Interpreter.id)
    )
    return [
        {
            "id": queries.person_name(row),
            "pairs": row.pairs,
            "available": grid.inside([Span(h.starts_local, h.ends_local) for h in row.hours]),
            "max_run": _slots_down(row.longest_run_minutes, grid),
            "max_day": _slots_down(row.longest_day_minutes, grid),
        }
        for row in rows
    ]


def _slots_down(minutes: int | None, grid: Grid) -> int | None:
    return None if minutes is None else max(1, minutes // grid.minutes)


def _people(house: House, grid: Grid) -> list[dict[str, Any]]:
    return [{"id": name, "available": grid.inside(stay) or []} for name, stay in sorted(house.person_hours.items())]


def _meeting(row: MeetingSession, grid: Grid) -> dict[str, Any]:
    lock: dict[str, Any] = {}
    if row.place_locked and row.place is not None:
        lock["place"] = row.place.code
    return {
        "id": row.reference,
        "parties": [link.delegation.party.code for link in row.delegations],
        "cases": [link.case.item.reference for link in row.cases],
        "slots": -(-row.minutes // grid.minutes),
        "priority": row.priority,
        "interpretation": row.interpretation,
        "interpreters": max(1, row.interpreters_wanted) if row.interpretation else None,
        "seats": queries.seats_needed(row),
        "window": None,
        "locked": lock or None,
        "people": [queries.person_name(link.delegate) for link in row.delegates],
    }


def _after(rows: Sequence[MeetingSession], free: Collection[str] | None) -> list[list[str]]:
    by_request = {row.request_id: row for row in rows if row.request_id is not None and _is_free(row, free)}
    return [
        [by_request[row.request.after_id].reference, row.reference]
        for row in by_request.values()
        if row.request is not None and row.request.after_id in by_request
    ]


def _take_out_fixed(task: dict[str, Any], fixed: Sequence[MeetingSession], grid: Grid) -> None:
    """What stays where it is takes places, interpreters and people, and of its delegations one team.

    The format has one number of teams a party, so a delegation with several teams gives up a slot only when fixed
    sessions take all of them; `check_conflicts` refuses at the taking what was then still too much.
    """
    everything = [slot for slot in grid.all() if slot not in set(task["slots"]["blocked"])]
    parties = {p["id"]: p for p in task["parties"]}
    places = {p["id"]: p for p in task["places"]}
    crew = {i["id"]: i for i in task["interpreters"]}
    held: dict[str, list[set[int]]] = {}
    for row in fixed:
        if row.starts_local is None or row.ends_local is None or row.state in GONE:
            continue
        touched = set(grid.touched(Span(row.starts_local, row.ends_local)))
        if row.place is not None and row.place.code in places:
            _without(places[row.place.code], touched, everything)
        for worker in row.interpreters:
            _without(crew[queries.person_name(worker.interpreter)], touched, everything)
        for side in row.delegations:
            held.setdefault(side.delegation.party.code, []).append(touched)
    for code, taken in held.items():
        party = parties[code]
        full = {s for slots in taken for s in slots if sum(s in other for other in taken) >= party["teams"]}
        _without(party, full, everything)


def _without(thing: dict[str, Any], slots: set[int], everything: list[int]) -> None:
    present = everything if thing["available"] is None else thing["available"]
    thing["available"] = [slot for slot in present if slot not in slots]
