"""Two plans beside each other, or a plan and the schedule as it stands: their levels, and the sessions that differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from confmgr.meetings.models import Meeting
from confmgr.scheduling import scoring
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession, PlanRun


@dataclass(frozen=True, slots=True)
class LevelPair:
    """A level of both; None where one does not have it. `better`: -1 the first, 1 the second, 0 neither."""

    name: str
    one: int | None
    other: int | None
    better: int


@dataclass(frozen=True, slots=True)
class Spot:
    """When and where a session is in one of the two."""

    starts: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Different:
    """A session that the two place otherwise; None where it has no place."""

    reference: str
    row: MeetingSession | None
    one: Spot | None
    other: Spot | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What two plans have and have not in common."""

    levels: list[LevelPair]
    different: list[Different]
    same: int
    is_one_task: bool
    """Whether both were asked the same, so that the levels count the same sessions."""


def compare(meeting: Meeting, rows: Sequence[MeetingSession], run: PlanRun, other: PlanRun | None) -> Compared:
    """A run beside another one, or beside the schedule as it stands (None)."""
    grid, by_reference = Grid(meeting), {row.reference: row for row in rows}
    mine = _spots(grid, run)
    ids = {one["id"] for one in run.instance["meetings"]}
    if other is None:
        wanted = set(mine) | set((run.plan or {}).get("unplaced", ()))
        yours = {row.reference: spot for row in rows if row.reference in wanted and (spot := _spot_now(row))}
        yours_levels = scoring.levels_now(run, rows, meeting)
    else:
        yours, yours_levels = _spots(grid, other), (other.plan or {}).get("levels", [])
    pairs = _pairs((run.plan or {}).get("levels", []), yours_levels)
    either = sorted(set(mine) | set(yours))
    different = [
        Different(one, by_reference.get(one), mine.get(one), yours.get(one))
        for one in either
        if mine.get(one) != yours.get(one)
    ]
    return Compared(
        levels=[one for one in pairs if one.name != "moved" or "previous" in run.options],
        different=sorted(different, key=lambda d: ((d.one or d.other or _NOWHERE).starts, d.reference)),
        same=len(either) - len(different),
        is_one_task=other is None or ids == {one["id"] for one in other.instance["meetings"]},
    )


_NOWHERE = Spot(datetime.max, "")  # noqa: DTZ901  # a wall time behind all others


def _spots(grid: Grid, run: PlanRun) -> dict[str, Spot]:
    placed = (run.plan or {}).get("placements", {})
    return {ident: Spot(grid.start(one["start"]), one["place"]) for ident, one in placed.items()}


def _spot_now(row: MeetingSession) -> Spot | None:
    if row.starts_local is None:
        return None
    return Spot(row.starts_local, "" if row.place is None else row.place.code)


def _pairs(mine: Sequence[Mapping[str, Any]], yours: Sequence[Mapping[str, Any]]) -> list[LevelPair]:
    other = {one["name"]: one["value"] for one in yours}
    found, decided = [], False
    for level in mine:
        one, two = level["value"], other.get(level["name"])
        better = 0 if decided or two is None or one == two else -1 if one < two else 1
        decided = decided or better != 0
        found.append(LevelPair(level["name"], one, two, better))
    return found
