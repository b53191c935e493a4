"""Files of cases and leads that somebody takes in, and the jobs that bring them in."""

import io
import json
import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from confmgr.gateways import clock
from confmgr.interchange.exchange.data import FORMAT, KIND
from confmgr.interchange.handing import TAKE_IN
from confmgr.interchange.models import UploadedWorkbook
from confmgr.jobs import running
from confmgr.jobs.models import Job
from confmgr.sharing.models import Item
from tests.make_scheduling import once

IN = "/meetings/seoul-2/files/take-in"


def brought_case(number: int = 1, party: str = "KH", **changes: Any) -> dict[str, Any]:
    """A case of a party as a file brings it."""
    return {"reference": f"{party}/C-{number}", "title": {"en": f"Ring {number}"}, "tlp": "AMBER"} | changes


def brought_lead(number: int = 1, party: str = "KH", case: int = 1, **changes: Any) -> dict[str, Any]:
    """A lead of a party, on one of its cases, as a file brings it."""
    return {
        "reference": f"{party}/L-{number}",
        "case": f"{party}/C-{case}",
        "kind": "person",
        "title": {"en": f"Recruiter {number}"},
        "body": {"en": "Seen at the border."},
        "tlp": "AMBER",
    } | changes


def exchange_file(cases: list[dict[str, Any]], leads: list[dict[str, Any]]) -> dict[str, Any]:
    """A whole file."""
    return {"kind": KIND, "format": FORMAT, "cases": cases, "leads": leads}


def many(rows: int, **changes: Any) -> dict[str, Any]:
    """A file of so many rows: one case, and leads on it."""
    return exchange_file([brought_case()], [brought_lead(number, **changes) for number in range(1, rows)])


def sent(client: FlaskClient, content: bytes | dict[str, Any], number: int = 1, address: str = IN) -> Any:
    """What is answered to whoever chose a file."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(
        address,
        data={"once": once(number), "file": (io.BytesIO(raw), "cases.json")},
        content_type="multipart/form-data",
    )


def pressed(client: FlaskClient, session: Session, file: dict[str, Any], number: int = 1) -> Job:
    """The job to which a file is left that somebody chose and looked at; the `number` of the first form is free."""
    looked = sent(client, file, number)
    assert "page shows how far it is" in client.get(looked.location).text
    going = client.post(looked.location, data={"once": once(number + 1)})
    assert going.status_code == 302
    session.rollback()
    job = session.scalars(select(Job).where(Job.kind == TAKE_IN).order_by(Job.id.desc())).first()
    session.commit()
    assert job is not None
    assert going.location == page_of(job)
    return job


def page_of(job: Job) -> str:
    return f"/meetings/seoul-2/files/taking/{job.uuid}"


def drafts(session: Session) -> list[str]:
    session.rollback()
    found = list(session.scalars(select(Item.reference).order_by(Item.id)))
    session.commit()
    return found


def files(session: Session) -> int:
    session.rollback()
    found = session.scalar(select(func.count()).select_from(UploadedWorkbook)) or 0
    session.commit()
    return found


def ran(app: Flask, session: Session, job: Job) -> Job:
    """The job, after somebody worked on it."""
    running.run(app, job.id)
    session.rollback()
    session.refresh(job)
    session.commit()
    return job


def silent(session: Session, job: Job) -> None:
    """Nobody has heard of the worker for long."""
    session.execute(update(Job).where(Job.id == job.id).values(beat_at=clock.now() - timedelta(minutes=5)))
    session.commit()


def text_of(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
