"""Leads exchanged as page, PDF and workbook, narrowed by what stands in the address."""

import uuid as uuids
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.cases.domain import FeedbackKind
from confmgr.cases.queries import LeadRow
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.reports import printing, queries, rendering
from confmgr.reports.exports import leads as sheets
from confmgr.reports.orders import alone
from confmgr.reports.queries import NO_FEEDBACK, Asked, LeadsReport
from confmgr.reports.routes.blueprint import bp, delivered, language, workbook
from confmgr.sharing.queries import viewer_of
from confmgr.web.db import session
from confmgr.web.policy import policy

READERS = (Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)


@bp.get("/meetings/<slug>/reports/leads")
@policy(in_meeting(*READERS))
def leads(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Leads exchanged at a meeting; `?case=`, `?giver=`, `?receiver=` and `?feedback=` narrow them."""
    found = _report(meeting, actor, clock.now())
    return render_template(
        "reports/leads.html",
        meeting=meeting,
        report=found,
        any=bool(found.choices.givers),
        urls=_Urls(meeting.slug, meeting.operation.code, found.asked),
    )


@bp.get("/meetings/<slug>/reports/leads.pdf")
@policy(in_meeting(*READERS))
def leads_pdf(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The same as a document."""
    now = clock.now()
    paper = rendering.leads(_report(meeting, actor, now), language(), now)
    return delivered(alone(f"leads-{meeting.slug}-{paper.language}", printing.of(paper)), actor, now, meeting)


@bp.get("/meetings/<slug>/reports/leads.xlsx")
@policy(in_meeting(*READERS))
def leads_xlsx(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The same as a workbook."""
    now = clock.now()
    found = _report(meeting, actor, now)
    made = sheets.workbook(found, language(), now)
    return workbook(
        made, f"leads-{meeting.slug}-{language()}", actor, now, [row.item.uuid for row in found.rows], meeting
    )


def _report(meeting: Meeting, actor: User, now: datetime) -> LeadsReport:
    viewer = viewer_of(session(), actor, now)
    return queries.leads_report(session(), meeting.operation, viewer, now, meeting=meeting, asked=_asked())


def _asked() -> Asked:
    wanted = {name: request.args.get(name, "") for name in ("case", "giver", "receiver", "feedback")}
    if wanted["feedback"] and wanted["feedback"] not in {NO_FEEDBACK, *FeedbackKind}:
        raise NotFound("filter", wanted["feedback"])
    return Asked(**wanted)


@dataclass(frozen=True, slots=True)
class _Urls:
    """Where the page leads: to a lead, to a chain, to the leads of one cell."""

    slug: str
    code: str
    narrowed: Asked

    @property
    def asked(self) -> dict[str, Any]:
        """What stands in the address, without what is empty."""
        one = self.narrowed
        found = {"case": one.case, "giver": one.giver, "receiver": one.receiver, "feedback": one.feedback}
        return {name: value for name, value in found.items() if value}

    def lead(self, row: LeadRow) -> str:
        """A lead's page."""
        return url_for("cases.lead", uuid=row.item.uuid)

    def chain(self, uuid: uuids.UUID) -> str:
        """The chain around a lead, request or action."""
        return url_for("outcomes.chain", code=self.code, uuid=uuid)

    def cell(self, giver: str, receiver: str = "") -> str:
        """The report of what one party gave, or gave to another."""
        wanted = {**self.asked, "giver": giver, "receiver": receiver or self.narrowed.receiver}
        return url_for("reports.leads", slug=self.slug, **{name: value for name, value in wanted.items() if value})
