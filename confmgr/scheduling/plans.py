"""Runs of the planner: started, offered, taken in whole or in part, discarded."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Interpreter
from confmgr.delegations.queries import interpreters
from confmgr.errors import Refused, StaleVersion
from confmgr.jobs.domain import OPEN
from confmgr.jobs.services import ask_to_cancel, enqueue
from confmgr.meetings.models import Meeting, Place
from confmgr.meetings.queries import places
from confmgr.scheduling import judged, planning, queries
from confmgr.scheduling.conflicts import Clash, all_clashes, blocking
from confmgr.scheduling.domain import AppliedState, CommandKind, CommandState, Keep, Prefer
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.scheduling.plan_checks import has_changed
from confmgr.scheduling.services import place_session, step, undo_step
from confmgr.scheduling.stays import is_fixed

_Was = tuple[datetime | None, Place | None, list[Interpreter]]

SECONDS = 8.0
"""What the planner is given when somebody waits for it."""


def start_plan(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    keep: Keep = Keep.PLACED,
    prefer: Prefer = Prefer.IDLE,
    seconds: float = SECONDS,
) -> PlanRun:
    """Ask for a plan (`prepare`); a job works on it.

    Raises:
        Refused: Nothing waits to be placed.
    """
    run = prepare(session, meeting, actor=actor, now=now, keep=keep, prefer=prefer)
    job = enqueue(
        session,
        "plan_meeting",
        {"run_id": run.id, "seconds": seconds},
        owner=actor,
        now=now,
        meeting_id=meeting.id,
    )
    run.job = job
    session.flush()
    return run


def prepare(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    keep: Keep = Keep.PLACED,
    prefer: Prefer = Prefer.IDLE,
) -> PlanRun:
    """The frozen task of a run, without starting it.

    Args:
        session: An open transaction.
        meeting: The meeting.
        actor: Who asks.
        now: When.
        keep: `PLACED` plans only what waits; `LOCKED` everything that is not locked; `CLOSE` the same, but moves as few
            sessions as it can.
        prefer: What counts first, once everything is placed.

    Raises:
        Refused: Nothing waits to be placed.
    """
    rows = queries.sessions(session, meeting)
    task = planning.task(session, meeting, rows, keep=keep, now=now)
    if all(is_fixed(one["id"]) for one in task.instance["meetings"]):
        raise Refused("nothing_to_plan")
    run = PlanRun(
        meeting_id=meeting.id,
        made_by_id=actor.id,
        made_at=now,
        options={"keep": keep.value, "prefer": prefer.value, "notes": task.notes, "wished": task.wished}
        | _previous(meeting, rows, task.instance, keep),
        instance=task.instance,
        versions={row.reference: row.version for row in rows},
    )
    session.add(run)
    session.flush()
    record(
        session, actor=actor, now=now, action="plan", object_type="plan", object_uuid=run.uuid, meeting_id=meeting.id
    )
    return run


def _previous(meeting: Meeting, rows: Sequence[MeetingSession], task: Mapping[str, Any], keep: Keep) -> dict[str, Any]:
    """Where the sessions of a task are now, as a plan to stay close to."""
    if keep is not Keep.CLOSE:
        return {}
    grid, wanted = Grid(meeting), {one["id"] for one in task["meetings"]}
    placements = {
        row.reference: {"start": start, "place": row.place.code, "interpreters": _crew(row)}
        for row in rows
        if row.reference in wanted and row.starts_local and row.place
        if (start := grid.slot(row.starts_local)) is not None
    }
    return {"previous": {"placements": placements}}


def _crew(row: MeetingSession) -> list[str]:
    return [queries.person_name(worker.interpreter) for worker in row.interpreters]


def offer(session: Session, run: PlanRun, plan: Mapping[str, Any], end: str | None = None) -> None:
    """Keep what the planner answered of what it may place, to be shown and taken; `end`: how, if it broke off."""
    run.plan, run.state = planning.without_fixed(plan), AppliedState.OFFERED
    _ended(run, end)
    session.flush()


def fail(session: Session, run: PlanRun, end: str | None = None) -> None:
    """Mark a run that ended without a plan; `end`: how (`confmgr.planner.process.End`)."""
    run.state = AppliedState.FAILED
    _ended(run, end)
    session.flush()


def _ended(run: PlanRun, end: str | None) -> None:
    if end is not None:
        run.options = run.options | {"end": str(end)}


def is_working(run: PlanRun) -> bool:
    """Whether the planner works on a run, or will."""
    return run.state is AppliedState.RUNNING and run.job is not None and run.job.state in OPEN


def stop(session: Session, run: PlanRun, *, now: datetime) -> None:
    """Ask the planner to stop, which keeps its best plan so far; one that has not begun has none.

    Raises:
        Refused: It is not at work.
    """
    if run.job is None or not is_working(run):
        raise Refused("not_planning")
    ask_to_cancel(session, run.job, now=now)
    if run.job.state not in OPEN:
        fail(session, run)


def apply_plan(
    session: Session,
    run: PlanRun,
    *,
    meeting: Meeting,
    actor: User,
    now: datetime,
    only: AbstractSet[str] | None = None,
) -> dict[str, list[Clash]]:
    """Move the planned sessions to where the plan puts them, all in one transaction.

    Args:
        session: An open transaction.
        run: An offered run.
        meeting: Its meeting.
        actor: Who takes it.
        now: When.
        only: References to take; None for all.

    Returns:
        What was left, by reference: because somebody changed it since, or with what stands in its way by now.

    Raises:
        Refused: The run has no plan to take.
    """
    if run.plan is None or run.state is not AppliedState.OFFERED:
        raise Refused("no_plan_offered")
    grid = Grid(meeting)
    left: dict[str, list[Clash]] = {}
    was: dict[str, _Was] = {}
    wanted = sorted(run.plan["placements"].keys() if only is None else only & run.plan["placements"].keys())
    with step(session, meeting, actor=actor, now=now, kind=CommandKind.PLAN) as made:
        rows = {row.reference: row for row in queries.sessions(session, meeting)}
        by_code = {place.code: place for place in places(session, meeting)}
        crew = {queries.person_name(i): i for i in interpreters(session, meeting)}
        for reference in wanted:
            placement = run.plan["placements"][reference]
            row = rows.get(reference)
            if row is None or has_changed(run, row, reference):
                left[reference] = []
                continue
            if placement["place"] not in by_code or not crew.keys() >= set(placement["interpreters"]):
                left[reference] = []  # it is not there any more, or is called otherwise
                continue
            was[reference] = row.starts_local, row.place, [link.interpreter for link in row.interpreters]
            place_session(
                session,
                row,
                actor=actor,
                now=now,
                meeting=meeting,
                seen_version=row.version,
                starts=grid.start(placement["start"]),
                place=by_code[placement["place"]],
                interpreters=[crew[name] for name in placement["interpreters"]],
                anyway=True,
            )
        left |= _put_back_clashing(session, meeting, rows, was, actor, now)
    if wanted and left.keys() >= set(wanted):
        session.flush()
        run.versions = run.versions | {one: rows[one].version for one in was}  # put back, they are as it knew them
        return dict(sorted(left.items()))  # nothing of it was taken: it still waits
    run.state, run.applied_at = AppliedState.APPLIED, now
    run.options = run.options | {"taken_by": actor.name}
    if made.command is not None:
        run.options = run.options | {"step": str(made.command.uuid)}
    session.flush()
    return dict(sorted(left.items()))


def _put_back_clashing(
    session: Session,
    meeting: Meeting,
    rows: Mapping[str, MeetingSession],
    was: Mapping[str, _Was],
    actor: User,
    now: datetime,
) -> dict[str, list[Clash]]:
    """What clashes with something that changed or was not taken goes back to where it was, and what that disturbs."""
    left: dict[str, list[Clash]] = {}
    house = judged.house(session, meeting)
    while True:
        clashes = all_clashes(judged.sittings(list(rows.values())), house)
        found = {one: blocking(clashes.get(one, [])) for one in was if one not in left}
        broken = {one: clashing for one, clashing in found.items() if clashing}
        if not broken:
            return left
        for reference in broken:
            row, (starts, place, crew) = rows[reference], was[reference]
            place_session(
                session,
                row,
                actor=actor,
                now=now,
                meeting=meeting,
                seen_version=row.version,
                starts=starts,
                place=place,
                interpreters=crew,
                anyway=True,
            )
        left |= broken


def roll_back(session: Session, run: PlanRun, *, meeting: Meeting, actor: User, now: datetime) -> None:
    """Take back the step that a taken plan was: every session goes to where it was before.

    Raises:
        Refused: It was not taken, was taken back already, or its sessions have been changed since.
    """
    command = queries.steps_of_runs(session, [run]).get(run.id)
    if command is None or command.state is not CommandState.DONE:
        raise Refused("plan_not_taken")
    try:
        undo_step(session, meeting, command, actor=actor, now=now)
    except StaleVersion as changed:
        raise Refused("plan_overtaken", sessions=changed.ident) from changed


def discard(session: Session, run: PlanRun) -> None:
    """Put an offered plan aside.

    Raises:
        Refused: It has been taken or put aside already.
    """
    if run.state is not AppliedState.OFFERED:
        raise Refused("no_plan_offered")
    run.state = AppliedState.DISCARDED
    session.flush()
