"""Procrastinate carries the jobs where the database is PostgreSQL: any number of machines."""

import json
import logging
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from confmgr.jobs import moments, running
from confmgr.jobs.models import Job

if TYPE_CHECKING:
    import procrastinate

log = logging.getLogger(__name__)
CONCURRENCY = 2
DEFER = text(
    "SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW('confmgr', 'confmgr.run', 0, CAST(:lock AS text), NULL, "
    "CAST(:args AS jsonb), NULL)::procrastinate_job_to_defer_v1]))"
)


def hand_over(session: Session, job: Job) -> None:
    """Queue a job in the very transaction that made it; rolled back with it."""
    session.execute(DEFER, {"lock": f"job-{job.id}", "args": json.dumps({"job_id": job.id})})


def engine_of(app: Flask, database_url: str) -> "procrastinate.App":
    """The engine with the two tasks that it knows: running one of our jobs, and what is due each minute."""
    import procrastinate  # only in the worker: it is large

    connector = procrastinate.PsycopgConnector(conninfo=database_url.replace("+psycopg", ""))
    engine = procrastinate.App(connector=connector)

    @engine.task(name="confmgr.run", queue="confmgr")
    def run_job(job_id: int) -> None:
        running.run(app, job_id)

    @engine.periodic(cron="* * * * *")
    @engine.task(name="confmgr.each_minute", queue="confmgr", queueing_lock="each_minute", pass_context=False)
    def each_minute(timestamp: int) -> None:
        for job_id in running.left_over(app):
            running.run(app, job_id)
        running.run_periodic(app)

    return engine


def work(app: Flask, database_url: str, *, wait: bool = True) -> None:
    """Run jobs until told to stop, or without `wait` until none is left; a running one finishes first."""
    with moments.beside(app):
        engine_of(app, database_url).run_worker(
            queues=["confmgr"], concurrency=CONCURRENCY, install_signal_handlers=wait, wait=wait
        )
