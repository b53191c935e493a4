"""What is done each minute leaves no rows behind for ever."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.jobs import running
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from tests import make
from tests.conftest import NOW


def test_jobs_of_every_minute_are_kept_for_a_day_and_those_of_people_or_that_failed_for_longer(
    app: Flask, stored: Session
) -> None:
    owner = make.user(stored)
    long_ago = NOW - timedelta(days=30)
    for state, who in ((JobState.DONE, owner.id), (JobState.FAILED, None), (JobState.DONE, None)):
        stored.add(Job(kind="remind", args={}, created_at=long_ago, ended_at=long_ago, state=state, owner_id=who))
    stored.add(Job(kind="print_schedule", args={}, created_at=long_ago, ended_at=long_ago, state=JobState.DONE))
    stored.commit()
    for hours in (0, 23, 25):
        with clock.frozen(NOW + timedelta(hours=hours)), app.app_context():
            running.run_periodic(app)
    left = stored.scalars(
        select(Job).where(Job.kind.in_(("remind", "print_schedule"))).order_by(Job.created_at, Job.id)
    )
    assert [(job.kind, job.state, job.created_at) for job in left] == [
        ("remind", JobState.DONE, long_ago),
        ("remind", JobState.FAILED, long_ago),
        ("print_schedule", JobState.DONE, long_ago),
        ("remind", JobState.DONE, NOW + timedelta(hours=23)),
        ("remind", JobState.DONE, NOW + timedelta(hours=25)),
    ]
