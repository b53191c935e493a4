"""Builders of issued reports."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.gateways.pdf import Press
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import ReportKind
from confmgr.outcomes.models import IssuedReport
from confmgr.reports import issuing
from confmgr.reports.issuing import Ready, Subject
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import viewer_of
from tests import make
from tests.make_scheduling import NOW, World

NUMBER = "0123-4567-89AB-CDEF-GHJK"
SAYS: dict[str, Any] = {"figures": {"totals": []}, "actions": {}, "requests": {}, "stated": {}, "statuses": []}
NOTHING: dict[str, list[int]] = {"items": [], "envelopes": [], "figures": [], "sessions": [], "meetings": []}


def bare(session: Session, here: World, **changes: Any) -> IssuedReport:
    """An issued report that rests on nothing, made without a press."""
    values: dict[str, Any] = {
        "kind": ReportKind.OPERATION,
        "operation": here.meeting.operation,
        "meeting": None,
        "party": None,
        "from_on": None,
        "to_on": None,
        "language": "en",
        "audience": "host",
        "title": "What came of it",
        "tlp": Tlp.GREEN,
        "number": NUMBER,
        "content_hash": "0" * 64,
        "file": b"%PDF-1.7 of a test",
        "facts": {"says": SAYS, "holds": NOTHING, "kept": NOTHING, "compared": False},
        "item_ids": (),
        "envelope_ids": (),
        "figure_ids": (),
        "as_of": NOW,
        "replaces": None,
    }
    issue = services.Issue(**(values | changes))
    return services.issue_report(session, issue, actor=here.organiser, now=NOW)


def leader(session: Session, here: World) -> User:
    """Somebody of the host's leadership, in the host's delegation."""
    user = make.user(session, "Commissioner General")
    host = make.delegation(session, here.meeting, of_party=here.meeting.host_party)
    make.membership(session, here.meeting, user, Role.LEADERSHIP, of_delegation=host)
    session.commit()
    return user


def ready(session: Session, subject: Subject, who: User, now: datetime, *, language: str = "en") -> Ready:
    """What issuing would keep, within the context of an application."""
    viewer = viewer_of(session, who, now)
    return issuing.prepare(session, subject, viewer, who, now, language=language, audience="host")


def issued(
    app: Flask, session: Session, press: Press, subject: Subject, who: User, now: datetime, *, language: str = "en"
) -> IssuedReport:
    """A report issued as the page does it."""
    with app.test_request_context():
        made = ready(session, subject, who, now, language=language)
        if made.already is not None:
            return made.already
        title, file = issuing.file_of(made, who, press)
        row = issuing.issue(session, made, title, file, actor=who, now=now)
        session.commit()
        return row
