"""Reports as they were issued: written once, never changed. Writes; the caller commits."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import ReportKind
from confmgr.outcomes.models import IssuedReport
from confmgr.parties.models import Operation, Party
from confmgr.sharing.domain import Tlp


@dataclass(frozen=True, slots=True)
class Issue:
    """Everything that an issued report keeps, but who issued it and when."""

    kind: ReportKind
    operation: Operation
    meeting: Meeting | None
    party: Party | None
    from_on: date | None
    to_on: date | None
    language: str
    audience: str
    title: str
    tlp: Tlp
    number: str
    content_hash: str
    file: bytes
    facts: dict[str, Any]
    item_ids: tuple[int, ...]
    envelope_ids: tuple[int, ...]
    figure_ids: tuple[int, ...]
    as_of: datetime
    replaces: IssuedReport | None


def issue_report(session: Session, issue: Issue, *, actor: User, now: datetime) -> IssuedReport:
    """Keep a report byte for byte; one of that number that is kept already is given back as it is."""
    row = IssuedReport(
        kind=issue.kind,
        operation_id=issue.operation.id,
        meeting_id=None if issue.meeting is None else issue.meeting.id,
        party_id=None if issue.party is None else issue.party.id,
        from_on=issue.from_on,
        to_on=issue.to_on,
        language=issue.language,
        audience=issue.audience,
        title=issue.title,
        tlp=issue.tlp,
        number=issue.number,
        content_hash=issue.content_hash,
        file_hash=hashlib.sha256(issue.file).hexdigest(),
        file=issue.file,
        facts=issue.facts,
        item_ids=list(issue.item_ids),
        envelope_ids=list(issue.envelope_ids),
        figure_ids=list(issue.figure_ids),
        as_of=issue.as_of,
        made_at=now,
        made_by_id=actor.id,
        replaces_id=None if issue.replaces is None else issue.replaces.id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody pressed twice at one moment
        return session.scalars(select(IssuedReport).where(IssuedReport.number == issue.number)).one()
    record(
        session,
        actor=actor,
        now=now,
        action="issue",
        object_type="report",
        object_uuid=row.uuid,
        object_ids=[*issue.item_ids, *issue.envelope_ids],
        meeting_id=row.meeting_id,
        facts={"number": row.number, "kind": row.kind.value, "language": row.language},
    )
    return row
