"""Bringing in a file of many cases and leads as a job, part by part, and dropping files that nobody brought in."""

import json
import logging
import time
from dataclasses import replace
from typing import Any

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound
from confmgr.interchange import services
from confmgr.interchange.exchange import incoming, parts
from confmgr.interchange.exchange.incoming import Brings
from confmgr.interchange.exchange.parts import End, Told
from confmgr.interchange.labels import known_words
from confmgr.interchange.models import UploadedWorkbook
from confmgr.interchange.services import WORKBOOK
from confmgr.interchange.sheets.checking import check
from confmgr.interchange.sheets.reading import Sheet
from confmgr.jobs.models import Job
from confmgr.jobs.registry import Context, task
from confmgr.meetings.models import Meeting
from confmgr.sharing.queries import viewer_of

log = logging.getLogger(__name__)
WORKBOOK_PART = 25
"""Rows of a workbook in one transaction."""
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


@task(WORKBOOK)
def bring_workbook(context: Context, file: int) -> dict[str, Any]:
    """Bring in a workbook of many rows part by part; what is there already is passed over, so it may begin again.

    Raises:
        NotFound: The workbook is gone.
        NotAllowed: The job's owner does not organise the meeting any more.
    """
    with context.session() as session:
        job = session.get_one(Job, context.job_id)
        row = session.get(UploadedWorkbook, file)
        if row is None or (row.user_id, row.meeting_id) != (job.owner_id, job.meeting_id):
            raise NotFound("workbook", file)
        meeting_id, actor_id = row.meeting_id, row.user_id
        meeting = session.get_one(Meeting, meeting_id)
        checked = check([Sheet.from_json(one) for one in row.sheets], services.known(session, meeting), known_words())
        page = ["delegations.table", {"slug": meeting.slug}]
    done = 0
    for part in checked.in_parts(WORKBOOK_PART):
        if context.cancelled():
            return {"page": page}
        with context.session() as session:
            meeting, actor, now = session.get_one(Meeting, meeting_id), session.get_one(User, actor_id), context.now()
            seats = viewer_of(session, actor, now).seats
            if not any(seat.organises and seat.meeting_id == meeting_id for seat in seats):
                raise NotAllowed("bring in this workbook")
            services.apply(session, meeting, part, actor=actor, now=now)
        done += part.size
        context.progress(done, checked.size)
        time.sleep(PAUSE)
    with context.session() as session:
        parts.drop(session, file)
    return {"page": page}


@task("forget_cases_and_leads", each_minute=True)
def forget(context: Context) -> None:
    """Drop files that nobody brought in within a day, and those of jobs that failed."""
    with context.session() as session:
        parts.forget(session, context.now())
