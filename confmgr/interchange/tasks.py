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
from confmgr.interchange.handing import TAKE_IN, WORKBOOK, file_of
from confmgr.interchange.labels import known_words
from confmgr.interchange.sheets.checking import check
from confmgr.interchange.sheets.reading import Sheet
from confmgr.jobs.models import Job
from confmgr.jobs.registry import Context, task
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import organised_meeting

log = logging.getLogger(__name__)
WORKBOOK_PART = 25
"""Rows of a workbook in one transaction."""
PAUSE = 0.25
"""Seconds between two parts: SQLite has one writer at a time, and the others look every tenth of a second."""


@task(TAKE_IN)
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
        row = file_of(session, job, file)
        if row is None:
            return Told.by(job), job.total or 0, None
        return Told.by(job), job.total or 0, incoming.read(json.loads(row.sheets[0]["rows"][0][0])).brings


@task(WORKBOOK)
def bring_workbook(context: Context, file: int) -> dict[str, Any]:
    """Bring in a workbook of many rows part by part; what is there already is passed over, so it may begin again.

    Raises:
        NotFound: The workbook is gone.
        NotAllowed: The job's owner does not organise the meeting any more.
        Refused: A rule of a room refuses a row; the parts before its part stay.
    """
    with context.session() as session:
        job = session.get_one(Job, context.job_id)
        row = file_of(session, job, file)
        if row is None:
            raise NotFound("workbook", file)
        actor_id, meeting = row.user_id, session.get_one(Meeting, row.meeting_id)
        slug = meeting.slug
        checked = check([Sheet.from_json(one) for one in row.sheets], services.known(session, meeting), known_words())
        page = ["delegations.table", {"slug": slug}]
        again = ["interchange.preview", {"slug": slug, "uuid": str(row.uuid)}]
    context.progress(0, checked.size, facts={"page": again})
    done = 0
    for part in checked.in_parts(WORKBOOK_PART):
        if context.cancelled():
            return {"page": page}
        with context.session() as session:
            actor, now = session.get_one(User, actor_id), context.now()
            here = organised_meeting(session, slug, actor, now)
            if here is None:
                raise NotAllowed("bring in this workbook")
            services.apply(session, here, part, actor=actor, now=now)
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
