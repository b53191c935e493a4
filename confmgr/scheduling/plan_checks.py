"""Whether what a plan proposes still holds: the schedule goes on while the planner works and while people decide."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from confmgr.delegations.queries import interpreters
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import places
from confmgr.scheduling import judged, queries
from confmgr.scheduling.conflicts import Sitting, all_clashes, blocking
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.values.times import Span


class Doubt(StrEnum):
    """Why a proposal cannot be taken any more."""

    CHANGED = "changed"
    CLASHES = "clashes"


def doubts(session: Session, meeting: Meeting, run: PlanRun, rows: Sequence[MeetingSession]) -> dict[str, Doubt]:
    """By reference, the proposals whose session has changed since, or that clash with the schedule as it is now."""
    proposed: Mapping[str, Mapping[str, object]] = (run.plan or {}).get("placements", {})
    by_reference = {row.reference: row for row in rows}
    known_places = {place.code for place in places(session, meeting)}
    known_people = {queries.person_name(one) for one in interpreters(session, meeting)}
    found = {
        reference: Doubt.CHANGED
        for reference, one in proposed.items()
        if has_changed(run, by_reference.get(reference), reference)
        or one["place"] not in known_places
        or not known_people.issuperset(_crew(one))
    }
    grid, after = Grid(meeting), judged.by_request(rows)
    sound = proposed.keys() - found.keys()
    sittings = judged.sittings([row for row in rows if row.reference not in sound])
    sittings += [_proposed(by_reference[one], after, grid, proposed[one]) for one in sorted(sound)]
    clashes = all_clashes(sittings, judged.house(session, meeting))
    for reference in sound:
        if blocking(clashes.get(reference, [])):
            found[reference] = Doubt.CLASHES
    return found


def has_changed(run: PlanRun, row: MeetingSession | None, reference: str) -> bool:
    """Whether a session is not what the planner was told, or cannot be moved any more."""
    return row is None or row.version != run.versions.get(reference) or not queries.is_open(row)


def _crew(one: Mapping[str, object]) -> Sequence[str]:
    crew = one["interpreters"]
    return [str(name) for name in crew] if isinstance(crew, list) else []


def _proposed(row: MeetingSession, after: Mapping[int, str], grid: Grid, one: Mapping[str, object]) -> Sitting:
    starts = grid.start(int(str(one["start"])))
    sitting = judged.sitting(row, after, Span(starts, starts + timedelta(minutes=row.minutes)))
    return replace(sitting, place=str(one["place"]), interpreters=frozenset(_crew(one)))
