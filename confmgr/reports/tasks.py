"""Printing many sheets as a job, in a renderer of its own."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from confmgr.accounts.models import User
from confmgr.errors import ConfmgrError, NotFound
from confmgr.gateways.pdf import Press
from confmgr.jobs.models import Job
from confmgr.jobs.registry import Context, task
from confmgr.jobs.services import forget_results
from confmgr.meetings.models import Meeting
from confmgr.reports import models as _models  # noqa: F401  # its table is known where jobs are
from confmgr.reports import printing, queries
from confmgr.reports.printing import Kind, Wanted
from confmgr.reports.sheets import Source
from confmgr.sharing.queries import viewer_of

KEPT = timedelta(days=1)
SECONDS = 600.0


class Cancelled(ConfmgrError):
    """Somebody asked the printing to stop."""


@task("print_schedule")
def print_schedule(
    context: Context,
    meeting_id: int,
    user_id: int,
    source: str,
    kind: str,
    language: str,
    day: str | None,
    place: str | None,
    name: str,
) -> dict[str, Any]:
    """Print boards, signs or programmes for an organiser; the file is the job's result and is kept for a day."""
    with context.session() as session:
        meeting, user = session.get(Meeting, meeting_id), session.get(User, user_id)
        if meeting is None or user is None:
            raise NotFound("meeting", meeting_id)
        forget_results(session, "print_schedule", before=context.now() - KEPT)
        viewer = viewer_of(session, user, context.now())
        found = queries.timetable(session, meeting, viewer, context.now(), source=Source(source))
        wanted = Wanted(Kind(kind), language, None if day is None else date.fromisoformat(day), place)
        ready = printing.prints(found, wanted, context.now())
        uuid = session.scalar(select(Job.uuid).where(Job.id == context.job_id))
        page = ["reports.printed", {"slug": meeting.slug, "uuid": str(uuid)}]

    def told(done: int) -> None:
        context.progress(done, len(ready.parts))
        if context.cancelled():
            raise Cancelled

    try:
        with Press(seconds=SECONDS) as press:
            made = ready.pdf(press, seconds=SECONDS, told=told)
    except Cancelled:
        return {}
    return {"page": page, **printing.kept(name, made)}
