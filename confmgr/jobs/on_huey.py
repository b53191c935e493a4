"""Huey carries the jobs where the database is SQLite: one machine, one supervisor. The only file that knows it."""

import ctypes
import logging
import multiprocessing
import signal
from pathlib import Path

from flask import Flask
from huey import SqliteHuey, crontab
from sqlalchemy import event
from sqlalchemy.orm import Session

from confmgr.jobs import running
from confmgr.jobs.models import Job
from confmgr.web.db import db

log = logging.getLogger(__name__)
WORKERS = 2
PR_SET_PDEATHSIG = 1


class HueyEngine:
    """Hands jobs over after the commit, and runs them in child processes."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.huey = SqliteHuey("confmgr", filename=str(folder / "queue.db"), results=False, utc=True)
        self.huey.on_startup()(self._child_starts)
        self._run = self.huey.task()(self._run_job)
        self.huey.periodic_task(crontab(minute="*"))(self._each_minute)

    def hand_over(self, session: Session, job: Job) -> None:
        """Queue a job once its transaction has committed."""
        job_id = job.id
        event.listen(session, "after_commit", lambda _session: self._run(job_id), once=True)

    def work(self) -> None:
        """Run jobs until told to stop by SIGINT; a running job finishes first."""
        for job_id in running.left_over(self.app):
            self._run(job_id)
        with self.app.app_context():
            db.engine.dispose()  # forked children must open connections of their own
        self.huey.create_consumer(workers=WORKERS, worker_type="process", periodic=True, initial_delay=0.05).run()

    def _run_job(self, job_id: int) -> None:
        running.run(self.app, job_id)

    def _each_minute(self) -> None:
        for job_id in running.left_over(self.app):
            running.run(self.app, job_id)
        running.run_periodic(self.app)

    def _child_starts(self) -> None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # no orphans when the parent is killed
        multiprocessing.current_process().daemon = False  # a daemon could not start the planner's process
