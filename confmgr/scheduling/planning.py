"""Between the schedule and the planner: from a meeting to an instance, and from a plan back to placements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.delegations.models import Delegation, Interpreter
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import answers, judged, planning_notes, queries
from confmgr.scheduling.conflicts import House
from confmgr.scheduling.domain import GONE, WHOLE_MEETING, Keep, SessionState
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.planning_wishes import Wished, narrow, say
from confmgr.scheduling.stays import Stays, is_fixed
from confmgr.values.times import Span, wall_time

AHEAD = timedelta(minutes=30)
"""What begins sooner than this is not moved any more: people are on their way to it."""

HOLD_DRAFT, HOLD_PUBLISHED, HOLD_ANSWERED = 1, 10, 100
"""What moving a session weighs when as little as possible is to move. Nobody knows of a draft; of a published one many
must be told, which ten drafts outweigh; what somebody accepted, even tentatively, is in a calendar and was promised."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the planner is given, and what of the meeting it cannot be told: `{"kind": …}` with facts.

    `wished` says by reference which wishes it was told (`planning_wishes.Wished.said`).
    """

    instance: dict[str, Any]
    notes: list[dict[str, Any]]
    wished: dict[str, dict[str, Any]] = field(default_factory=dict)


def task(
    session: Session,
    meeting: Meeting,
    rows: Sequence[MeetingSession],
    *,
    keep: Keep = Keep.PLACED,
    now: datetime | None = None,
) -> Task:
    """The planning task of a meeting, its instance in the JSON format of `confmgr plan`.

    Args:
        session: An open transaction.
        meeting: The meeting.
        rows: Its whole working schedule (`queries.sessions`).
        keep: What stays where it is beside what is locked, over, or about to begin.
        now: What has begun by then, or will soon, stays, and nothing is placed there. None: every time is still
            free, as it is when the meeting is over.
    """
    grid = Grid(meeting)
    soonest = None if now is None else wall_time(now + AHEAD, meeting.zone)
    is_over = soonest is not None and soonest > grid.start(grid.all()[-1])
    soonest = None if is_over else soonest
    free = [row for row in rows if _is_free(row, keep, grid, soonest)]
    hold = _holds(session, meeting, free) if keep is Keep.CLOSE else {}
    found = _task(session, meeting, rows, grid, free, hold, soonest, keep)
    return replace(found, notes=[*found.notes, {"kind": "over"}]) if is_over else found


def task_as_it_is(session: Session, meeting: Meeting, rows: Sequence[MeetingSession]) -> tuple[Task, dict[str, Any]]:
    """The whole schedule as a task in which nothing is fixed that stands on the grid, and its placements as a plan.

    Wishes are no part of it: the rules of the schedule tell where they are not kept.
    """
    grid = Grid(meeting)
    free = [row for row in rows if _is_meeting(row) and (row.starts_local is None or _on_grid(row, grid))]
    whole = _task(session, meeting, rows, grid, free, {}, None, None)
    return whole, placements(whole.instance, free, grid)


def placements(instance: Mapping[str, Any], rows: Sequence[MeetingSession], grid: Grid) -> dict[str, Any]:
    """Where the meetings of a task are now, as a plan; what stays is where it is locked."""
    known = {one["id"]: one for one in instance["meetings"]}
    found = {
        row.reference: {
            "start": start,
            "place": "" if row.place is None else row.place.code,
            "interpreters": [queries.person_name(link.interpreter) for link in row.interpreters],
        }
        for row in rows
        if row.reference in known and row.starts_local and (start := grid.slot(row.starts_local)) is not None
    }
    crews = instance["interpreters"]
    for ident, one in known.items():
        if is_fixed(ident):
            pair = one.get("interpretation")
            staff = [person["id"] for person in crews if pair is not None and pair in person["pairs"]]
            found[ident] = {**one["locked"], "interpreters": staff}
    return {"placements": found}


def _task(
    session: Session,
    meeting: Meeting,
    rows: Sequence[MeetingSession],
    grid: Grid,
    free: Sequence[MeetingSession],
    hold: Mapping[str, int],
    soonest: datetime | None,
    keep: Keep | None,
) -> Task:
    house = judged.house(session, meeting)
    wanted = {row.reference for row in free}
    fixed = [row for row in rows if row.reference not in wanted]
    blocked = {slot for slot in grid.all() if soonest is not None and grid.start(slot) < soonest} | set(grid.closed())
    for row in fixed:
        if row.kind in WHOLE_MEETING and row.starts_local and row.ends_local and row.state not in GONE:
            blocked.update(grid.touched(Span(row.starts_local, row.ends_local)))
    made = {
        "slots": {
            "days": len(grid.days),
            "per_day": grid.per_day,
            "minutes": grid.minutes,
            "blocked": sorted(blocked),
        },
        "parties": _parties(session, meeting, grid, house),
        "places": _places(session, meeting, grid),
        "interpreters": _interpreters(session, meeting, grid),
        "meetings": [_meeting(row, grid) | ({"hold": hold[row.reference]} if hold else {}) for row in free],
        "people": _people(house, grid),
        "after": [],
    }
    _order(made, free, rows, grid)
    wished = Wished() if keep is None else say(made, meeting, free, rows, grid, keep)
    stays = Stays(made, grid, house)
    stays.add_all(fixed)
    waiting = queries.requests_without_session(session, meeting)
    notes = planning_notes.notes(rows, free, stays, house, waiting)
    return Task(made, [*notes, *wished.notes()], wished.said)


def _is_meeting(row: MeetingSession) -> bool:
    """Whether delegations meet in it, so that the planner knows its kind."""
    return row.kind not in WHOLE_MEETING and not row.everybody and bool(row.delegations) and row.state not in GONE


def _is_free(row: MeetingSession, keep: Keep, grid: Grid, soonest: datetime | None) -> bool:
    """Whether the planner may place a session; one that stays close must begin where a slot does, or it stays."""
    if not _is_meeting(row) or not queries.is_open(row):
        return False
    if row.starts_local is None:
        return True
    if keep is Keep.PLACED or row.time_locked or (soonest is not None and row.starts_local < soonest):
        return False
    return keep is Keep.LOCKED or _on_grid(row, grid)


def _on_grid(row: MeetingSession, grid: Grid) -> bool:
    """Whether a session begins with a slot, at a place that the planner knows."""
    return row.starts_local is not None and row.place is not None and grid.slot(row.starts_local) is not None


def _holds(session: Session, meeting: Meeting, rows: Sequence[MeetingSession]) -> dict[str, int]:
    """What each session weighs when it moves."""
    told = answers.tallies(session, meeting, [row.id for row in rows])
    found = {}
    for row in rows:
        tally = told.get(row.id)
        promised = tally is not None and tally.accepted + tally.tentative > 0
        published = row.state is SessionState.CONFIRMED
        found[row.reference] = HOLD_ANSWERED if promised else HOLD_PUBLISHED if published else HOLD_DRAFT
    return found


def _order(made: dict[str, Any], free: Sequence[MeetingSession], rows: Sequence[MeetingSession], grid: Grid) -> None:
    """Which meeting comes after which: between two that are placed as an order, else as a window of the one."""
    wanted = {row.reference: one for row, one in zip(free, made["meetings"], strict=True)}
    by_request = {row.request_id: row for row in rows if row.request_id is not None and row.state not in GONE}
    for later in by_request.values():
        before = None if later.request is None else later.request.after_id
        first = None if before is None else by_request.get(before)
        if first is None or first is later:
            continue
        if first.reference in wanted and later.reference in wanted:
            made["after"].append([first.reference, later.reference])
        elif later.reference in wanted and first.ends_local is not None:
            ends = first.ends_local
            narrow(wanted[later.reference], {slot for slot in grid.all() if grid.start(slot) >= ends})
        elif first.reference in wanted and later.starts_local is not None:
            starts = later.starts_local
            narrow(wanted[first.reference], {slot for slot in grid.all() if grid.span(slot).end <= starts})


def without_fixed(plan: Mapping[str, Any]) -> dict[str, Any]:
    """A plan of a task without the sessions that stay."""
    return {
        **plan,
        "placements": {ident: one for ident, one in plan["placements"].items() if not is_fixed(ident)},
        "unplaced": [ident for ident in plan["unplaced"] if not is_fixed(ident)],
        "because": [one for one in plan["because"] if not is_fixed(one["meeting"])],
    }


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
