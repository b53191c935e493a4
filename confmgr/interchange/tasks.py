"""Bringing in a file of many cases and leads as a job, part by part, and dropping files that nobody brought in."""

import json
import logging
import time
from dataclasses import replace
from typing import Any

from confmgr.interchange.exchange import incoming, parts
from confmgr.interchange.exchange.incoming import Brings
from confmgr.interchange.exchange.parts import End, Told
from confmgr.interchange.models import UploadedWorkbook
from confmgr.jobs.models import Job
from confmgr.jobs.registry import Context, task

log = logging.getLogger(__name__)
PAUSE = 0.25
"""Seconds between two parts: SQLite has one writer at a time, and the others look every tenth of a second."""


@task(parts.KIND)
def take_in(context: Context, file: int, party: int) -> dict[str, Any]:
    """Bring in the file that the job's owner uploaded, for one party, and drop it at the end."""
    told, total, brings = _begun(context, file)
    while told.end is None and told.done < total and not context.cancelled():
        if brings is None:
            told = replace(told, end=End.GONE)
            break
        with context.session() as session:
            told = parts.write_part(session, context.job_id, brings, party, now=context.now())
        time.sleep(PAUSE)
    with context.session() as session:
        parts.drop(session, file)
    if told.end is not None:
        log.warning("job %s ended early: %s", context.job_id, told.end)
    return told.facts()


def _begun(context: Context, file: int) -> tuple[Told, int, Brings | None]:
    """What an earlier worker has told of this job, how many rows the file has, and the file, if it is still there."""
    with context.session() as session:
        job = session.get_one(Job, context.job_id)
        row = session.get(UploadedWorkbook, file)
        if row is None or (row.user_id, row.meeting_id) != (job.owner_id, job.meeting_id):
            return Told.by(job), job.total or 0, None
        return Told.by(job), job.total or 0, incoming.read(json.loads(row.sheets[0]["rows"][0][0])).brings


@task("forget_cases_and_leads", each_minute=True)
def forget(context: Context) -> None:
    """Drop files that nobody brought in within a day, and those of jobs that failed."""
    with context.session() as session:
        parts.forget(session, context.now())
