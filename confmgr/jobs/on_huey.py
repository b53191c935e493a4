"""Huey carries the jobs where the database is SQLite: one machine, one supervisor. The only file that knows it."""

import logging
import multiprocessing
import signal
from pathlib import Path

from flask import Flask
from huey import SqliteHuey, crontab
from huey.consumer import BaseProcess, Consumer, ProcessEnvironment
from sqlalchemy import event
from sqlalchemy.orm import Session

from confmgr.gateways.processes import dies_with_parent
from confmgr.jobs import moments, running
from confmgr.jobs.models import Job
from confmgr.web.db import db

log = logging.getLogger(__name__)
WORKERS = 2
FIRST_LOOK, LAST_LOOK = 0.05, 0.25
"""Seconds between two looks for a job, and those that become after a while without one: Huey would go on to ten."""


class HueyEngine:
    """Hands jobs over after the commit, and runs them in child processes."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self.huey = SqliteHuey("confmgr", filename=str(folder / "queue.db"), results=False, utc=True)
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
        with moments.beside(self.app):
            self.consumer().run()

    def consumer(self) -> Consumer:
        """What starts the processes that do the jobs, and the scheduler."""
        return _Consumer(
            self.huey,
            workers=WORKERS,
            worker_type="process",
            periodic=True,
            initial_delay=FIRST_LOOK,
            max_delay=LAST_LOOK,
        )

    def _run_job(self, job_id: int) -> None:
        running.run(self.app, job_id)

    def _each_minute(self) -> None:
        for job_id in running.left_over(self.app):
            running.run(self.app, job_id)
        running.run_periodic(self.app)


class _Children(ProcessEnvironment):  # type: ignore[misc]  # Huey has no types
    """The processes that do the jobs, and the scheduler: Huey's own start-up hook does not run in the scheduler."""

    def __init__(self, *signals: int) -> None:
        super().__init__(*signals)
        self._tie_to_parent = dies_with_parent(signal.SIGKILL)

    def init_child(self, process: BaseProcess) -> None:
        """What a new child runs first."""
        if self._tie_to_parent is not None:
            self._tie_to_parent()
        multiprocessing.current_process().daemon = False  # a daemon could not start the planner's process
        super().init_child(process)


class _Consumer(Consumer):  # type: ignore[misc]  # Huey has no types
    def get_environment(self, _worker_type: str) -> ProcessEnvironment:
        """Always processes."""
        return _Children(self._graceful_sig, self._interrupt_sig)
