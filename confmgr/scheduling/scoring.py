"""How good the schedule is as it stands, whoever made it: the planner's levels, who waits, and what breaks a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from confmgr.meetings.models import Meeting
from confmgr.planner import judge, reading
from confmgr.planner.domain import Instance, Placement
from confmgr.scheduling import judged, planning, queries
from confmgr.scheduling.conflicts import Clash, all_clashes
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.scheduling.stays import runs

Levels = list[dict[str, Any]]
"""`{"name": …, "value": …}` in the planner's order."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a delegation's days cost it: slots without a meeting between two, the longest of them, changes of place."""

    code: str
    meetings: int
    idle: int
    longest: int
    changes: int | None
    """None for a delegation with several teams."""


@dataclass(frozen=True, slots=True)
class Score:
    """The schedule, judged."""

    levels: Levels
    waiting: list[Waiting]
    unplaced: list[MeetingSession]
    broken: list[tuple[MeetingSession, list[Clash]]]
    notes: list[dict[str, Any]]
    minutes: int


def score(session: Session, meeting: Meeting) -> Score:
    """The working schedule, made by hand or not, by the same judge that plans are judged by."""
    rows = queries.sessions(session, meeting)
    task, plan = planning.task_as_it_is(session, meeting, rows)
    instance = reading.instance(task.instance)
    placed = reading.placements(plan, instance)
    clashes = all_clashes(judged.sittings(rows), judged.house(session, meeting))
    return Score(
        levels=_levels(instance, placed),
        waiting=_waiting(instance, placed),
        unplaced=[row for row in rows if row.reference in instance.by_id and row.reference not in placed],
        broken=[(row, clashes[row.reference]) for row in rows if clashes.get(row.reference)],
        notes=task.notes,
        minutes=meeting.slot_minutes,
    )


def levels_now(run: PlanRun, rows: Sequence[MeetingSession], meeting: Meeting) -> Levels:
    """The schedule as it stands, by the levels of the task that a run was given."""
    instance = reading.instance(run.instance)
    plan = planning.placements(run.instance, rows, Grid(meeting))
    before = run.options.get("previous")
    return _levels(
        instance,
        reading.placements(plan, instance),
        None if before is None else reading.placements(before, instance),
    )


def _levels(
    instance: Instance, placed: Mapping[str, Placement], previous: Mapping[str, Placement] | None = None
) -> Levels:
    values = judge.levels(instance, placed, previous)
    if previous is None:
        del values["moved"]
    return [{"name": name, "value": value} for name, value in values.items()]


def _waiting(instance: Instance, placed: Mapping[str, Placement]) -> list[Waiting]:
    held = judge.party_slots(instance, placed)
    found = []
    for party in instance.parties:
        mine = sorted((one.start, one.place) for m, one in placed.items() if party.id in instance.by_id[m].parties)
        hours = instance.hours(party.available)
        changes = sum(
            first // instance.per_day == second // instance.per_day and here != there
            for (first, here), (second, there) in pairwise(mine)
        )
        found.append(
            Waiting(
                party.id,
                len(mine),
                judge.idle_of(instance, held[party.id], hours),
                max(map(len, _gaps(instance, held[party.id], hours)), default=0),
                changes if party.teams == 1 else None,
            )
        )
    return sorted(found, key=lambda one: (-one.idle, one.code))


def _gaps(instance: Instance, held: set[int], hours: frozenset[int]) -> list[list[int]]:
    """Stretches between two meetings of a day in which a party is there and waits."""
    idle: list[int] = []
    for day in range(instance.days):
        today = [slot for slot in held if slot // instance.per_day == day]
        if today:
            idle += [slot for slot in range(min(today), max(today)) if slot in hours and slot not in held]
    return runs(idle, instance.per_day)
