"""Leads exchanged and what came of them: read through the visibility rule once, then drawn as page, PDF or JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases import queries as cases
from confmgr.cases.queries import LeadRow
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries as outcomes
from confmgr.outcomes.chains import Chain, LinkEnd
from confmgr.outcomes.domain import RequestStep
from confmgr.outcomes.models import ActionRequest, Group, Indicator, JointAction, Move, Source
from confmgr.outcomes.queries import Facts, TotalLine
from confmgr.outcomes.totals import Comparison, Total, in_scope
from confmgr.parties.models import Operation
from confmgr.reports.domain import (
    Decision,
    Exchange,
    OpenOverlap,
    SourcesDisagree,
    exchange,
    newest_gaps,
)
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import visible_ids
from confmgr.sharing.rule import Viewer, strictest

HEADLINES = ("leads", "cases", "arrested", "returned", "rescued", "joint_actions", "reported_loss")
"""Measures that a first page shows large, in this order."""
CLOSED_REQUESTS = frozenset({RequestStep.DONE, RequestStep.DECLINED})


@dataclass(frozen=True, slots=True)
class LeadsReport:
    """Leads exchanged at one meeting, or in the whole operation, as one reader may know of them."""

    operation: Operation
    meeting: Meeting | None
    exchange: Exchange
    cases: tuple[tuple[str, tuple[LeadRow, ...]], ...]
    marking: Tlp
    hidden: int


def leads_report(
    session: Session, operation: Operation, viewer: Viewer, now: datetime, *, meeting: Meeting | None = None
) -> LeadsReport:
    """Leads by sender and receiver, then by case; eight statements."""
    rows = cases.leads(session, viewer, now, meeting=meeting, operation=operation, exchanged=True)
    by_case: dict[str, list[LeadRow]] = {}
    for row in rows:
        if row.bare:  # the envelope of RED does not tell the case
            continue
        by_case.setdefault(f"{row.lead.case.item.originator.code}/{row.case_reference}", []).append(row)
    return LeadsReport(
        operation=operation,
        meeting=meeting,
        exchange=exchange((row.originator.code, [party.code for party in row.receivers]) for row in rows),
        cases=tuple((name, tuple(by_case[name])) for name in sorted(by_case)),
        marking=strictest(row.tlp for row in rows if row.title is not None),
        hidden=sum(row.title is None for row in rows),
    )


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What came of a meeting or of the operation, as one reader may know it."""

    operation: Operation
    meeting: Meeting | None
    marking: Tlp
    as_of: date
    facts: Facts
    headlines: tuple[TotalLine, ...]
    totals: tuple[TotalLine, ...]
    comparisons: tuple[Comparison, ...]
    exchange: Exchange
    actions: tuple[JointAction, ...]
    requests: tuple[ActionRequest, ...]
    readable: frozenset[int]
    chains: tuple[tuple[JointAction, Chain], ...]
    groups: tuple[Group, ...]
    moves: tuple[Move, ...]
    indicators: tuple[Indicator, ...]
    sources: tuple[Source, ...]
    decisions: tuple[Decision, ...]
    earlier: tuple[tuple[Meeting, dict[str, Total]], ...]


def outcome_report(
    session: Session,
    operation: Operation,
    viewer: Viewer,
    now: datetime,
    *,
    as_of: date,
    meeting: Meeting | None = None,
) -> OutcomeReport:
    """The whole report in a constant number of statements; every total keeps the ids of its records."""
    facts = outcomes.facts(session, operation, viewer, now)
    scope = None if meeting is None else meeting.id
    lines = tuple(facts.lines(scope))
    comparisons = tuple(
        sorted(
            (one for one in facts.comparisons if meeting is None or one.declared.meeting == str(meeting.id)),
            key=lambda one: not one.recorded.parts,
        )
    )
    leads = cases.leads(session, viewer, now, meeting=meeting, operation=operation, exchanged=True)
    actions = _actions(outcomes.joint_actions(session, operation, viewer, now), facts, meeting)
    asked = outcomes.action_requests(session, operation, viewer, now)
    readable = visible_ids(session, viewer, (row.id for row in asked), now)
    requests = [
        row
        for row in asked
        if (meeting is None or row.meeting_id == meeting.id)
        and (row.id in readable or row.item.marking.tlp is not Tlp.RED)  # the envelope of RED tells too little
    ]
    whole = outcomes.chains(session, operation, viewer, now)
    groups, moves = outcomes.groups(session, operation, viewer, now)
    known = outcomes.indicators(session, operation)
    items = [*(a.item for a in actions), *(r.item for r in requests), *(g.item for g in groups)]
    return OutcomeReport(
        operation=operation,
        meeting=meeting,
        marking=strictest(item.marking.tlp for item in items),
        as_of=as_of,
        facts=facts,
        headlines=tuple(line for measure in HEADLINES for line in lines if line.measure == measure),
        totals=lines,
        comparisons=comparisons,
        exchange=exchange((row.originator.code, [party.code for party in row.receivers]) for row in leads),
        actions=tuple(actions),
        requests=tuple(requests),
        readable=readable,
        chains=tuple(_chains(whole, actions)),
        groups=tuple(groups),
        moves=tuple(moves),
        indicators=tuple(known),
        sources=tuple(_sources(outcomes.sources(session, operation), facts, known)),
        decisions=tuple(_decisions(facts, lines, comparisons, meeting)),
        earlier=tuple(_by_meeting(session, operation, facts, viewer)),
    )


def _sources(rows: Sequence[Source], facts: Facts, indicators: Sequence[Indicator]) -> list[Source]:
    """Those that something in the report rests on: a source may be named after what its figures tell."""
    used = {figure.source_id for figure in facts.figures}
    used |= {value.source_id for indicator in indicators for value in indicator.values}
    return [row for row in rows if row.id in used]


def _actions(rows: Sequence[JointAction], facts: Facts, meeting: Meeting | None) -> list[JointAction]:
    """A meeting's own actions: those whose figures it led to."""
    if meeting is None:
        return list(rows)
    own = {figure.joint_action_id for figure in facts.figures if figure.meeting_id == meeting.id}
    return [row for row in rows if row.id in own]


def _chains(whole: Chain, actions: Sequence[JointAction]) -> list[tuple[JointAction, Chain]]:
    found = []
    for action in actions:
        key = f"item-{action.id}"
        if key in whole.nodes:
            around = whole.around(key)
            if any(node.kind is not LinkEnd.JOINT_ACTION for node in around.nodes.values()):
                found.append((action, around))
    return found


def _decisions(
    facts: Facts, lines: Sequence[TotalLine], comparisons: Sequence[Comparison], meeting: Meeting | None
) -> list[Decision]:
    found: list[Decision] = list(newest_gaps(comparisons))
    for line in lines:
        open_ones = [o for o in line.total.overlaps if o.first in facts.by_code and o.second in facts.by_code]
        if line.is_range and open_ones:
            codes = tuple(sorted({code for o in open_ones for code in (o.first, o.second)}))
            found.append(OpenOverlap(line.measure, line.currency, codes, line.total.low, line.total.high))
    for rows in facts.disagreements:
        if meeting is None or rows[0].meeting_id == meeting.id:
            values = tuple(Decimal(row.low) for row in rows)
            found.append(SourcesDisagree(rows[0].measure, rows[0].currency, values))
    return found


def _by_meeting(
    session: Session, operation: Operation, facts: Facts, viewer: Viewer
) -> list[tuple[Meeting, dict[str, Total]]]:
    """The same measures for every meeting that the reader sits in, for comparison."""
    seats = {seat.meeting_id for seat in viewer.seats}
    rows = session.scalars(
        select(Meeting)
        .where(Meeting.operation_id == operation.id, Meeting.id.in_(seats))
        .options(joinedload(Meeting.host_party))
        .order_by(Meeting.number)
    )
    return [
        (
            row,
            {
                measure: facts.total(measure, meeting_id=row.id, currency=currency)
                for measure, currency in facts.measures(row.id)
                if currency is None
            },
        )
        for row in rows
    ]


def records_of(facts: Facts, comparison: Comparison) -> list[str]:
    """Ids of the records that a declared total is held against."""
    return [count.id for count in in_scope(comparison.declared, facts.counts)]
