"""A whole operation from a data file: loaded, planned, published, answered, and its mail sent.

Times come from the file and identities from its seed, so that the same file gives the same operation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import select

from confmgr.gateways import clock
from confmgr.interchange.loading import answers, meetings, outcomes, people, rounds, talk
from confmgr.interchange.loading.book import Book, entry, one
from confmgr.interchange.schema import DataFile, MeetingEntry, PublicationEntry, WrongData
from confmgr.invitations import services as invitations
from confmgr.jobs import running
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.meetings.domain import MeetingState
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, act_for_nobody
from confmgr.orm.engine import writing
from confmgr.planner import process
from confmgr.scheduling import plans, queries
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.advice import outlook
from confmgr.scheduling.domain import SessionState
from confmgr.scheduling.models import MeetingSession, PlanRun
from confmgr.values import chance
from confmgr.web.db import db, transaction

PASSWORD = "breaking chains"  # noqa: S105  # of sample accounts alone, on loopback alone
"""Of every account of a sample; shown on its sign-in page."""
PLANNING_SECONDS, PLANNING_EFFORT = 600.0, 3_000
"""The search ends by its own count of steps; the seconds are a limit for slow machines."""
STEPS = 6

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    book: Book
    runs: dict[str, PlanRun]
    publications: int
    mails: int


def build(app: Flask, data: DataFile, *, tell: Tell) -> Built:
    """Fill an empty installation.

    Args:
        app: The application of that installation.
        data: What to load.
        tell: Called with (done, total, step in English) as the work goes on.

    Raises:
        WrongData: The file contradicts itself or a rule refuses what it wants.
    """
    total = 3 * len(data.meeting) + 2
    done = 0

    def step(words: str) -> None:
        nonlocal done
        tell(done, total, words)
        done += 1

    runs: dict[str, PlanRun] = {}
    publications = mails = 0
    with app.app_context(), chance.seeded(data.seed), clock.frozen(data.operation.at):
        writing.set(True)
        act_for_nobody(db.session(), Purpose.LOADING)
        step("accounts and parties")
        with transaction() as session:
            book = people.begin(session, data, PASSWORD)
        for row in data.meeting:
            step(f"{row.slug}: delegations, cases and requests")
            with transaction() as session:
                meeting = meetings.load(book, row)
            step(f"{row.slug}: planning")
            run = _plan(book, meeting, row)
            if run is not None:
                runs[row.slug] = run
            step(f"{row.slug}: publications, invitations, leads")
            for publication in row.publications:
                with transaction() as session:
                    _publish(book, meeting, row, publication)
                with clock.frozen(publication.at):
                    mails += _send(app)
                with transaction():
                    answers.load(book, meeting, publication)
                publications += 1
            with transaction() as session:
                for lead in row.leads:
                    meetings.load_lead(book, row, lead)
                _hold(book, meeting, row)
                meetings.open_and_close(book, meeting, row)
        step("what came of it")
        with transaction():
            outcomes.load(book, data)
            rounds.load(book, data)
            talk.load(book, data)
    return Built(book, runs, publications, mails)


def _plan(book: Book, meeting: Meeting, row: MeetingEntry) -> PlanRun | None:
    waiting = [s for s in queries.sessions(book.session, meeting) if s.starts_local is None]
    if not waiting:
        return None
    with transaction() as session:
        run = plans.prepare(session, meeting, actor=book.organiser, now=row.at)
    plan = process.solve_in_process(run.instance, seconds=PLANNING_SECONDS, effort=PLANNING_EFFORT, seed=run.seed)
    plan["seconds"] = 0.0  # the same file gives the same bytes
    with transaction() as session:
        plans.offer(session, run, plan)
        left = plans.apply_plan(session, run, meeting=meeting, actor=book.organiser, now=row.at)
    if left:
        raise WrongData([f"meeting {row.slug}: the plan could not be taken for {', '.join(left)}"])
    return run


def _publish(book: Book, meeting: Meeting, row: MeetingEntry, wanted: PublicationEntry) -> None:
    with entry(f"meeting {row.slug}: publication of {wanted.at:%Y-%m-%d}"):
        for reference in wanted.move:
            _move(book, meeting, one(book.sessions, f"{row.slug}/{reference}", "session"), wanted.at)
        for cancel in wanted.cancel:
            session_row = one(book.sessions, f"{row.slug}/{cancel.session}", "session")
            scheduling.cancel_session(
                book.session, session_row, actor=book.organiser, now=wanted.at, reason=cancel.because
            )
        for reference in wanted.restore:
            session_row = one(book.sessions, f"{row.slug}/{reference}", "session")
            scheduling.restore_session(book.session, session_row, actor=book.organiser, now=wanted.at, meeting=meeting)
        invitations.publish(
            book.session,
            meeting,
            actor=book.organiser,
            now=wanted.at,
            domain=current_app.extensions["confmgr"].mail_from.partition("@")[2],
            note=wanted.note,
        )


def _move(book: Book, meeting: Meeting, row: MeetingSession, now: datetime) -> None:
    """Move a session to the first free time after its own, and from there on around the meeting."""
    if row.starts_local is None:
        raise WrongData([f"session {row.reference} is not placed, so it cannot be moved"])
    start = row.starts_local
    view = outlook(book.session, meeting, queries.sessions(book.session, meeting))
    around = list(view.search(row).openings(keep_crew=True))
    found = next((one for one in around if one.starts > start), None) or next(
        (one for one in around if one.starts < start), None
    )
    if found is None:
        raise WrongData([f"there is no other free time for session {row.reference}"])
    scheduling.place_session(
        book.session,
        row,
        actor=book.organiser,
        now=now,
        meeting=meeting,
        seen_version=row.version,
        starts=found.starts,
        place=next(place for place in view.places if place.code == found.place),
    )


def _send(app: Flask) -> int:
    """Do the jobs that a publication left, here and now."""
    sent = 0
    with transaction() as session:
        waiting = list(session.scalars(select(Job.id).where(Job.state == JobState.WAITING).order_by(Job.id)))
    for job_id in waiting:
        running.run(app, job_id)
        with transaction() as session:
            job = session.get(Job, job_id)
            if job is None or job.state is not JobState.DONE:
                raise RuntimeError(f"job {job_id} did not end well")
            sent += int((job.result or {}).get("sent", 0))
    return sent


def _hold(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    """The sessions of a meeting that is over were held."""
    if row.state not in {MeetingState.CLOSED, MeetingState.ARCHIVED}:
        return
    after = datetime.combine(row.ends_on, row.closes, tzinfo=UTC) + timedelta(days=1)
    for session_row in queries.sessions(book.session, meeting):
        if session_row.state is SessionState.CONFIRMED and session_row.starts_local is not None:
            scheduling.set_held(book.session, session_row, actor=book.organiser, now=after)
