"""Making, running and cancelling jobs. `enqueue` is the one way to either engine."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.jobs.domain import OPEN, JobState
from confmgr.jobs.models import Job

STALLED = timedelta(seconds=90)
MOST_ATTEMPTS = 4
REFUSED = "refused"
"""Where a job's result keeps the rule that ended it."""

HandOver = Callable[[Session, Job], None]

_hand_over: list[HandOver] = []


def use_engine(hand_over: HandOver) -> None:
    """Set how a job reaches its engine; without one, jobs wait in their table."""
    _hand_over[:] = [hand_over]


def enqueue(
    session: Session,
    kind: str,
    args: Mapping[str, Any],
    *,
    owner: User | None,
    now: datetime,
    meeting_id: int | None = None,
    acting_for: User | None = None,
) -> Job:
    """A job that starts once the caller's transaction has committed, and never if it rolls back.

    Args:
        session: An open transaction.
        kind: A kind in `confmgr.jobs.registry`.
        args: JSON arguments of the task.
        owner: Who sees its progress.
        now: When it was asked for.
        meeting_id: The meeting it works for.
        acting_for: Whose eyes it reads with; None for a job that shows nobody what it finds.
    """
    job = Job(
        kind=kind,
        args=dict(args),
        owner_id=None if owner is None else owner.id,
        acting_for_id=None if acting_for is None else acting_for.id,
        meeting_id=meeting_id,
        created_at=now,
        state=JobState.WAITING,
    )
    session.add(job)
    session.flush()
    for hand_over in _hand_over:
        hand_over(session, job)
    return job


def open_jobs(session: Session, kind: str, owner: User) -> list[Job]:
    """What somebody asked for that is waiting or running and not told to stop."""
    rows = select(Job).where(
        Job.kind == kind, Job.owner_id == owner.id, Job.state.in_(OPEN), Job.cancel_asked.is_(False)
    )
    return list(session.scalars(rows))


def claim(session: Session, job_id: int, *, now: datetime) -> Job | None:
    """Take a job to run it: a waiting one, or one whose runner has been silent too long; else None."""
    taken = session.scalar(
        update(Job)
        .where(
            Job.id == job_id,
            or_(Job.state == JobState.WAITING, (Job.state == JobState.RUNNING) & (Job.beat_at < now - STALLED)),
        )
        .values(state=JobState.RUNNING, started_at=now, beat_at=now, attempts=Job.attempts + 1)
        .returning(Job.id)
    )
    if taken is None:
        return None
    return session.scalar(select(Job).where(Job.id == job_id).execution_options(populate_existing=True))


def beat(
    session: Session,
    job_id: int,
    *,
    now: datetime,
    done: int,
    total: int | None,
    step: str | None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Note progress; facts of it stand where the result will be."""
    changes: dict[str, Any] = {"beat_at": now, "done": done, "total": total, "step": step}
    if facts is not None:
        changes["result"] = facts
    session.execute(update(Job).where(Job.id == job_id).values(changes))


def finish(
    session: Session,
    job_id: int,
    *,
    now: datetime,
    state: JobState,
    result: dict[str, Any] | None = None,
    problem: str | None = None,
) -> None:
    """End a job with its result, or with what went wrong: then what it told of its progress stays."""
    changes: dict[str, Any] = {"state": state, "ended_at": now, "problem": problem}
    if state is not JobState.FAILED:
        changes["result"] = result
    session.execute(update(Job).where(Job.id == job_id).values(changes))


def fail(session: Session, job_id: int, problem: Exception, *, now: datetime) -> None:
    """End a job with what went wrong; of a rule that refused something its reason and facts are kept for the page."""
    finish(session, job_id, now=now, state=JobState.FAILED, problem=type(problem).__name__)
    if isinstance(problem, Refused):
        job = session.get_one(Job, job_id, populate_existing=True)
        facts = {name: fact if type(fact) in {int, str} else str(fact) for name, fact in problem.facts.items()}
        job.result = {**(job.result or {}), REFUSED: {"reason": problem.reason, "facts": facts}}
        session.flush()


def refusal(job: Job) -> Refused | None:
    """The rule that ended a job, if one did."""
    kept = (job.result or {}).get(REFUSED)
    return None if kept is None else Refused(kept["reason"], field=None, **kept["facts"])


def forget_results(session: Session, kind: str, *, before: datetime) -> None:
    """Drop what jobs of a kind made that ended before an instant: files that nobody came for."""
    session.execute(update(Job).where(Job.kind == kind, Job.ended_at < before).values(result=None))


def forget_done(session: Session, kind: str, *, before: datetime) -> None:
    """Drop jobs of a kind that nobody owns, were done well, and ended before an instant: there is one each minute."""
    session.execute(
        delete(Job).where(Job.kind == kind, Job.state == JobState.DONE, Job.owner_id.is_(None), Job.ended_at < before)
    )


def ask_to_cancel(session: Session, job: Job, *, now: datetime) -> None:
    """Ask a job to stop: a waiting one ends at once, a running one when it next looks."""
    if job.state is JobState.WAITING:
        job.state, job.ended_at = JobState.CANCELLED, now
    job.cancel_asked = True
    session.flush()


def unfinished(session: Session, *, now: datetime) -> list[int]:
    """Ids of jobs to be queued again: waiting ones, and running ones whose runner is silent. Hopeless ones fail."""
    session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.beat_at < now - STALLED, Job.attempts >= MOST_ATTEMPTS)
        .values(state=JobState.FAILED, ended_at=now, problem="stopped too often")
    )
    return list(
        session.scalars(
            select(Job.id)
            .where(
                Job.state.in_(OPEN),
                or_(Job.state == JobState.WAITING, Job.beat_at < now - STALLED),
            )
            .order_by(Job.id)
        )
    )


def runs_already(session: Session, kind: str, job_id: int, *, now: datetime) -> bool:
    """Whether a job of a kind that began earlier is still at work: who comes later leaves it to that one."""
    own = select(Job.started_at).where(Job.id == job_id).scalar_subquery()
    earlier = select(Job.id).where(
        Job.kind == kind,
        Job.id != job_id,
        Job.state == JobState.RUNNING,
        Job.beat_at >= now - STALLED,
        or_(Job.started_at < own, (Job.started_at == own) & (Job.id < job_id)),
    )
    return session.scalar(earlier.limit(1)) is not None
