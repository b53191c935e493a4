"""Uploaded files that are left to jobs, and stay for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarResult, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.interchange.models import UploadedWorkbook
from confmgr.jobs.domain import OPEN
from confmgr.jobs.models import Job
from confmgr.jobs.services import enqueue

TAKE_IN, WORKBOOK = "take_in_cases_and_leads", "bring_workbook"
"""Kinds of jobs that bring in a file: of cases and leads for a party, of a whole meeting for its organisers."""


def hand_over(
    session: Session,
    kind: str,
    workbook: UploadedWorkbook,
    rows: int,
    *,
    actor: User,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> Job:
    """Leave a file that was looked at to a job, unless one has it already. `more`: what else the job is to know."""
    job = under_way(session, workbook, actor)
    if job is None:
        arguments = {"file": workbook.id, **(more or {})}
        at = workbook.meeting_id
        job = enqueue(session, kind, arguments, owner=actor, acting_for=actor, now=now, meeting_id=at)
        job.total = rows
        session.flush()
    return job


def under_way(session: Session, workbook: UploadedWorkbook, actor: User) -> Job | None:
    """The job that brings in an uploaded file of somebody."""
    return next((job for job in _at_work(session, actor) if job.args["file"] == workbook.id), None)


def files_under_way(session: Session, actor: User) -> set[int]:
    """Ids of somebody's uploaded files that jobs are bringing in: they are not to be replaced."""
    return {job.args["file"] for job in _at_work(session, actor)}


def _at_work(session: Session, actor: User) -> ScalarResult[Job]:
    kinds = (TAKE_IN, WORKBOOK)
    return session.scalars(select(Job).where(Job.kind.in_(kinds), Job.owner_id == actor.id, Job.state.in_(OPEN)))


def file_of(session: Session, job: Job, file: int) -> UploadedWorkbook | None:
    """The file that a job was left with, if it is still there, and its owner's."""
    row = session.get(UploadedWorkbook, file)
    return row if row is not None and (row.user_id, row.meeting_id) == (job.owner_id, job.meeting_id) else None
