"""Running one job inside the application: the second edge where unexpected errors end."""

import logging
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.jobs import services
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.jobs.registry import every_minute, often, tasks
from confmgr.orm.acting import Purpose, act_for, act_for_nobody, started_for
from confmgr.orm.engine import writing
from confmgr.web.db import db, transaction

log = logging.getLogger(__name__)
KEPT = timedelta(days=1)
"""How long jobs of every minute are kept that were done well."""


class RunningJob:
    """The context of a task (`confmgr.jobs.registry.Context`)."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self.told_to_stop = False
        """Whether the task looked and was told to stop: what it gives back then is what it had by that time."""

    @property
    def job_id(self) -> int:
        """The job's row."""
        return self._job_id

    def session(self) -> AbstractContextManager[Session]:
        """A transaction of its own."""
        return transaction()

    def progress(
        self, done: int, total: int | None = None, step: str | None = None, facts: dict[str, Any] | None = None
    ) -> None:
        """Note progress in a transaction of its own."""
        with transaction() as session:
            services.beat(session, self._job_id, now=clock.now(), done=done, total=total, step=step, facts=facts)

    def cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        with transaction() as session:
            asked = bool(session.scalar(select(Job.cancel_asked).where(Job.id == self._job_id)))
        self.told_to_stop = self.told_to_stop or asked
        return asked

    def now(self) -> datetime:
        """The present instant."""
        return clock.now()


def run(app: Flask, job_id: int) -> None:
    """Claim a job, do it, and keep its result, that it was cancelled, or that it failed."""
    with app.app_context():
        writing.set(True)
        started_for.set(None)
        with transaction() as session:
            job = services.claim(session, job_id, now=clock.now())
            if job is None:
                return
            kind, arguments, reader = job.kind, dict(job.args), job.acting_for_id
            if kind not in tasks:  # asked of a version before this one: nothing was begun
                log.warning("job %s: this version does no %s", job_id, kind)
                services.finish(session, job_id, now=clock.now(), state=JobState.CANCELLED)
                return
        if reader is None:
            act_for_nobody(db.session(), Purpose.JOB)
        else:
            act_for(db.session(), reader, clock.now())
        context = RunningJob(job_id)
        try:
            result = tasks[kind](context, **arguments)
        except Refused as refused:
            log.warning("job %s (%s) was refused: %s", job_id, kind, refused.reason, exc_info=refused)
            _fail(job_id, refused)
            return
        except Exception as problem:
            log.exception("job %s (%s) failed", job_id, kind)
            _fail(job_id, problem)
            return
        with transaction() as session:
            state = JobState.CANCELLED if context.told_to_stop else JobState.DONE
            services.finish(session, job_id, now=clock.now(), state=state, result=result)


def _fail(job_id: int, problem: Exception) -> None:
    db.session.rollback()
    with transaction() as session:
        services.fail(session, job_id, problem, now=clock.now())


def run_periodic(app: Flask) -> None:
    """Make and run the jobs of every minute."""
    for kind in every_minute:
        with app.app_context():
            writing.set(True)
            with transaction() as session:
                services.forget_done(session, kind, before=clock.now() - KEPT)
                job = Job(kind=kind, args={}, created_at=clock.now())
                session.add(job)
                session.flush()
                job_id = job.id
        run(app, job_id)


def run_often(app: Flask) -> None:
    """Do what is done every few seconds. What fails is logged and tried again the next time."""
    for kind in often:
        with app.app_context():
            writing.set(True)
            try:
                tasks[kind](RunningJob(0))
            except Exception:
                log.exception("%s failed", kind)
                db.session.rollback()


def left_over(app: Flask) -> list[int]:
    """Ids of jobs that an engine must be given again."""
    with app.app_context():
        writing.set(True)
        with transaction() as session:
            return services.unfinished(session, now=clock.now())
