"""What a built operation gives away without a browser: documents, figures, plan, calendars and mails as files."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.gateways import clock
from confmgr.gateways.pdf import Press
from confmgr.interchange.building import Built
from confmgr.interchange.schema import DataFile
from confmgr.invitations import calendars
from confmgr.invitations.calendars import Cover
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.queries import told_to
from confmgr.invitations.rendering import sender
from confmgr.invitations.timetable import heard_from
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.papers import queries as papers
from confmgr.reports import queries, rendering
from confmgr.sharing.queries import viewer_of
from confmgr.values.languages import LANGUAGES
from confmgr.web.reader import speaking

Tell = Callable[[str], None]


def write(built: Built, data: DataFile, out: Path, *, tell: Tell) -> int:
    """Write every file into an empty folder and return how many; inside the application context of the build.

    Files: `agenda-<lang>.pdf` and `programme-<lang>.pdf` (the last meeting, what every delegation may see),
    `leads-<lang>.pdf` and `outcomes-<lang>.pdf` (the operation, for the host's leadership), `outcomes.json`,
    `instance.json`, `plan.json`,
    `calendar/<delegation>-<n>.ics` (the n-th delegate), `mail/<recipient>/<nnn>.eml` in the order of sending.
    """
    session = built.book.session
    meeting = built.book.meetings[data.meeting[-1].slug]
    as_of = datetime.combine(last_day(data), time(12), tzinfo=UTC)
    with clock.frozen(as_of):
        files = _documents(session, built, data, meeting, as_of, out)
        tell(f"{files} documents and figures")
        run = built.runs.get(meeting.slug)
        if run is not None:
            for name, content in (("instance.json", run.instance), ("plan.json", run.plan)):
                (out / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
                files += 1
            tell("instance and plan")
        calendars_made = _calendars(session, meeting, out / "calendar")
        tell(f"{calendars_made} calendars")
        mails = _mails(session, out / "mail")
        tell(f"{mails} mails")
    return files + calendars_made + mails


def last_day(data: DataFile) -> date:
    """The newest day of which the file knows anything: what reports made from it are as of."""
    days = [figure.as_of for figure in data.figure]
    days += [meeting.ends_on for meeting in data.meeting]
    return max(days)


def leader(data: DataFile, built: Built) -> User:
    """The host's leadership at the last meeting; its organiser where the file names none."""
    for role in data.meeting[-1].roles:
        if role.role is Role.LEADERSHIP:
            return built.book.accounts[role.account]
    return built.book.organiser


def _documents(session: Session, built: Built, data: DataFile, meeting: Meeting, as_of: datetime, out: Path) -> int:
    operation = built.book.operation
    viewer = viewer_of(session, leader(data, built), as_of)
    agenda = papers.annotated(session, meeting)
    programme = queries.programme(session, meeting)
    leads = queries.leads_report(session, operation, viewer, as_of)
    outcomes = queries.outcome_report(session, operation, viewer, as_of, as_of=as_of.date())
    files = 0
    with Press() as press:
        for language in LANGUAGES:
            made = {
                "agenda": rendering.agenda(agenda, language, as_of),
                "programme": rendering.programme(programme, language, as_of),
                "leads": rendering.leads(leads, language, as_of),
                "outcomes": rendering.outcomes(outcomes, language, as_of),
            }
            for name, paper in made.items():
                (out / f"{name}-{language}.pdf").write_bytes(paper.pdf(press))
                files += 1
    totals = rendering.figures(outcomes.facts, operation, [row for row, _found in outcomes.earlier])
    text = json.dumps(totals, ensure_ascii=False, indent=1)
    (out / "outcomes.json").write_text(text, encoding="utf-8")
    return files + 1


def _calendars(session: Session, meeting: Meeting, folder: Path) -> int:
    folder.mkdir()
    settings = current_app.extensions["confmgr"]
    delegations = session.scalars(
        select(Delegation)
        .where(Delegation.meeting_id == meeting.id)
        .options(joinedload(Delegation.party), selectinload(Delegation.delegates))
        .order_by(Delegation.id)
    )
    files = 0
    for delegation in delegations:
        for number, person in enumerate(delegation.delegates, 1):
            language = person.language
            with speaking(language):
                cover = Cover(
                    name=meeting.title.text(language),
                    language=person.language,
                    link=f"{settings.base_url}/meetings/{meeting.slug}/my-agenda",
                    organizer=sender(settings),
                )
                rows = told_to(session, meeting, delegate_ids=[person.id])
                content = calendars.of_person(map(heard_from, rows), cover)
            (folder / f"{delegation.party.code}-{number}.ics").write_bytes(content)
            files += 1
    return files


def _mails(session: Session, folder: Path) -> int:
    numbers: dict[str, int] = {}
    for row in session.scalars(
        select(OutboxMessage).where(OutboxMessage.sent_at.is_not(None)).order_by(OutboxMessage.id)
    ):
        numbers[row.recipient] = numbers.get(row.recipient, 0) + 1
        place = folder / row.recipient
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{numbers[row.recipient]:03}.eml").write_bytes(row.raw or b"")
    return sum(numbers.values())
