"""A job's progress, for its owner."""

import uuid as uuids

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.jobs import labels, registry, services
from confmgr.jobs.domain import OPEN
from confmgr.jobs.models import Job
from confmgr.web.db import transaction
from confmgr.web.forms import Form
from confmgr.web.labels import sentence
from confmgr.web.policy import Arguments, policy, signed_in_user

bp = Blueprint("jobs", __name__)


def own_job(session: Session, arguments: Arguments) -> Arguments:
    """The owner's job of `<uuid:uuid>`; for anybody else there is none."""
    actor = signed_in_user()
    ident: uuids.UUID = arguments.pop("uuid")
    job = session.scalar(select(Job).where(Job.uuid == ident, Job.owner_id == actor.id))
    if job is None:
        raise NotFound("job", ident)
    return {**arguments, "job": job}


@bp.get("/jobs/<uuid:uuid>")
@policy(own_job)
def show(*, job: Job) -> ResponseReturnValue:
    """Progress; the page asks again by itself while the job runs."""
    running = job.state in OPEN
    again = {"Refresh": "2"} if running else {}
    said = labels.progress_sentence(job.kind, job.result) if running else ""
    refusal = services.refusal(job)
    page = render_template(
        "jobs/show.html",
        job=job,
        running=running,
        said=said,
        refused=refusal and sentence(refusal),
        all_or_nothing=job.kind in registry.whole,
        form=Form(),
    )
    return page, 200, again


@bp.post("/jobs/<uuid:uuid>/cancel")
@policy(own_job)
def cancel(*, job: Job) -> ResponseReturnValue:
    """Ask the job to stop."""
    with transaction() as session:
        services.ask_to_cancel(session, job, now=clock.now())
    return redirect(url_for("jobs.show", uuid=job.uuid))
