"""Bringing in a file of many cases and leads by parts, each in a transaction of its own: what the job does.

The job's row tells how many rows of the file were dealt with, the public ids of what was written, and places of what
was left out; never what the file says. It is written with each part: when a worker dies, the next goes on from there.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, load_only

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.interchange.exchange.incoming import Brings, BroughtLead
from confmgr.interchange.exchange.taking import AT_ONCE, Fate, Pen, Row, plan
from confmgr.interchange.handing import TAKE_IN
from confmgr.interchange.models import EXCHANGE, UploadedWorkbook
from confmgr.jobs.domain import OPEN, JobState
from confmgr.jobs.models import Job
from confmgr.jobs.services import ask_to_cancel, beat
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import act_for
from confmgr.parties.models import Agency, Party
from confmgr.sharing.queries import viewer_of
from confmgr.sharing.rule import Seat, Viewer

KEPT = timedelta(days=1)


class End(StrEnum):
    """Why a job ended before it had dealt with the whole file, where its state does not say so."""

    NOT_ALLOWED = "not_allowed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Told:
    """How far a job is: rows dealt with, public ids of what was written, places of what was left out, why it ended."""

    done: int = 0
    written: tuple[str, ...] = ()
    left: tuple[tuple[str, Fate], ...] = ()
    end: End | None = None

    @classmethod
    def by(cls, job: Job) -> "Told":
        """What a job has told so far."""
        facts = job.result or {}
        return cls(
            job.done,
            tuple(facts.get("written", ())),
            tuple((place, Fate(fate)) for place, fate in facts.get("left", ())),
            End(facts["end"]) if facts.get("end") else None,
        )

    def facts(self) -> dict[str, Any]:
        """The same as it stands in the result of the job."""
        left = [[place, fate.value] for place, fate in self.left]
        return {"written": list(self.written), "left": left, "end": self.end}


def latest(session: Session, meeting: Meeting, actor: User) -> Job | None:
    """The last job that somebody started here."""
    mine = select(Job).where(Job.kind == TAKE_IN, Job.owner_id == actor.id, Job.meeting_id == meeting.id)
    return session.scalar(mine.order_by(Job.id.desc()).limit(1))


def stop(session: Session, job: Job, *, now: datetime) -> None:
    """Ask a job to stop after the part at which it is; one that has not begun ends at once, and its file goes."""
    ask_to_cancel(session, job, now=now)
    if job.state not in OPEN:
        drop(session, job.args["file"])


def write_part(session: Session, job_id: int, brings: Brings, party_id: int, *, now: datetime) -> Told:
    """Deal with the next `AT_ONCE` rows of a file, for the person who asked, if that person still may.

    Everything is read anew, the job's row first and for this transaction alone: of two that bring in one file, as after
    a worker that was taken for dead, each goes on where the other was.
    """
    session.expunge_all()
    job = session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one()
    act_for(session, job.owner_id, now)
    actor, meeting = session.get_one(User, job.owner_id), session.get_one(Meeting, job.meeting_id)
    party, viewer = session.get_one(Party, party_id), viewer_of(session, actor, now)
    seat, told, total = _seat(viewer, meeting, party), Told.by(job), len(brings.cases) + len(brings.leads)
    if seat is None:
        told = replace(told, end=End.NOT_ALLOWED)
    else:
        agency = None if seat.agency_id is None else session.get_one(Agency, seat.agency_id)
        rows = plan(session, meeting, party, viewer, brings, now, done=job.done).rows[job.done : job.done + AT_ONCE]
        pen = Pen(session, meeting, party, viewer, agency=agency, actor=actor, now=now)
        fates = [(row.place, _written(session, pen, row)) for row in rows]
        pen.put_down()
        left = ((place, fate) for place, fate in fates if fate is not Fate.NEW)
        told = Told(told.done + len(rows), (*told.written, *pen.written), (*told.left, *left))
    beat(session, job_id, now=now, done=told.done, total=total, step=None, facts=told.facts())
    return told


def _seat(viewer: Viewer, meeting: Meeting, party: Party) -> Seat | None:
    """Where somebody speaks for a party at a meeting."""
    if not viewer.active:
        return None
    here = (seat for seat in viewer.seats if seat.meeting_id == meeting.id and seat.party_id == party.id)
    return next((seat for seat in here if seat.speaks), None)


def _written(session: Session, pen: Pen, row: Row) -> Fate:
    """Write one row, if it is new; what is refused is left out alone."""
    if row.fate is not Fate.NEW:
        return row.fate
    if isinstance(row.brought, BroughtLead) and not pen.knows(row.brought.case):
        return Fate.NO_CASE
    try:
        with session.begin_nested():
            pen.write(row.brought)
    except IntegrityError:  # somebody else of the party took the reference in this moment
        return Fate.HERE
    except Refused as refused:
        return Fate.HERE if refused.reason == "reference_taken" else Fate.REFUSED
    return Fate.NEW


def drop(session: Session, file: int) -> None:
    """A file is not needed any more."""
    session.execute(delete(UploadedWorkbook).where(UploadedWorkbook.id == file))


def forget(session: Session, now: datetime) -> None:
    """Drop files of cases and leads: what no job is bringing in after a day, what a job failed over at once."""
    kept = select(UploadedWorkbook.id, UploadedWorkbook.at).where(
        UploadedWorkbook.sheets[0]["name"].as_string() == EXCHANGE
    )
    at_work_or_failed = select(Job).where(Job.kind == TAKE_IN, Job.state.in_({*OPEN, JobState.FAILED})).order_by(Job.id)
    jobs = session.scalars(at_work_or_failed.options(load_only(Job.args, Job.state, Job.created_at)))
    given = {job.args["file"]: job for job in jobs}  # the last of each
    for file, at in session.execute(kept).all():
        job = given.get(file)
        # a later file may have the number of one that is gone
        failed = job is not None and job.state is JobState.FAILED and at <= job.created_at
        if failed or (at < now - KEPT and (job is None or job.state not in OPEN)):
            drop(session, file)
