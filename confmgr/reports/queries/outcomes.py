"""What came of meetings: read through the visibility rule once, then drawn as page, PDF or JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.cases import queries as cases
from confmgr.cases.queries import LeadRow
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries as outcomes
from confmgr.outcomes.chains import Chain, Node
from confmgr.outcomes.domain import OPEN_REQUESTS, FigureKind
from confmgr.outcomes.models import ActionRequest, BorderSection, Figure, Group, GroupBase, JointAction, Move, Source
from confmgr.outcomes.moving import Whole, wholes
from confmgr.outcomes.queries import Facts, Reclassification, RoundTotals, TotalLine
from confmgr.outcomes.totals import Comparison, Total, countable, in_scope
from confmgr.parties.models import Operation
from confmgr.reports.domain import (
    Decision,
    Exchange,
    Funnel,
    OpenOverlap,
    Period,
    SourcesDisagree,
    by_weight,
    exchange,
    led_to_action,
    newest,
    newest_gaps,
)
from confmgr.reports.queries import markings
from confmgr.reports.queries.periods import Series, decided, of_period, rounds_of, series
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import visible_ids
from confmgr.sharing.rule import Viewer, strictest

HEADLINES = ("leads", "arrested", "returned", "rescued", "reported_loss", "joint_actions")
"""Measures that a first page shows large, in this order, as far as there is room."""
LARGE = 4
COMPARED = "arrested"
"""The measure whose declared totals stand against the records on a first page."""
COMPARED_AT_MOST = 4


@dataclass(frozen=True, slots=True)
class ToAction:
    """What led to a joint action: the way from the first cause, the whole chain, what was counted there."""

    action: JointAction
    path: tuple[Node, ...]
    chain: Chain
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Rivals:
    """What each source says of one thing, side by side: rows of a source and day, a figure or none per measure."""

    name: Figure
    measures: tuple[tuple[str, str | None], ...]
    rows: tuple[tuple[Source, date, tuple[Figure | None, ...]], ...]
    current: frozenset[int]


@dataclass(frozen=True, slots=True)
class OutcomeReport:
    """What came of a meeting, of the operation or of some days of it, as one reader may know it.

    `requests`: open ones first, the `overdue` among them before all others. `led`: who gave whom a lead that led to a
    joint action. `wholes`: the same groups, those that are said to be one as one. `rounds`: as all readers get them.
    """

    operation: Operation
    meeting: Meeting | None
    period: Period | None
    marking: Tlp
    as_of: date
    facts: Facts
    headlines: tuple[TotalLine, ...]
    totals: tuple[TotalLine, ...]
    comparisons: tuple[Comparison, ...]
    leads: tuple[LeadRow, ...]
    exchange: Exchange
    led: frozenset[tuple[str, str]]
    actions: tuple[JointAction, ...]
    requests: tuple[ActionRequest, ...]
    readable: frozenset[int]
    overdue: frozenset[int]
    funnel: Funnel
    compared: tuple[Comparison, ...]
    chains: tuple[ToAction, ...]
    rivals: tuple[Rivals, ...]
    groups: tuple[Group, ...]
    wholes: tuple[Whole, ...]
    moves: tuple[Move, ...]
    sections: tuple[BorderSection, ...]
    rounds: tuple[RoundTotals, ...]
    reclassified: tuple[Reclassification, ...]
    indicators: tuple[Series, ...]
    sources: tuple[Source, ...]
    decisions: tuple[Decision, ...]
    earlier: tuple[tuple[Meeting, dict[str, Total]], ...]

    @property
    def bases(self) -> list[GroupBase]:
        """Where the groups were."""
        return [base for group in self.groups for base in group.bases]

    @property
    def open_requests(self) -> list[ActionRequest]:
        """Those of which no result is known yet."""
        return [row for row in self.requests if row.state in OPEN_REQUESTS]

    @property
    def open_codes(self) -> frozenset[str]:
        """Figures that may count the same as another one, and nobody has decided."""
        return frozenset(code for one in self.decisions if isinstance(one, OpenOverlap) for code in one.codes)


def outcome_report(
    session: Session,
    operation: Operation,
    viewer: Viewer,
    now: datetime,
    *,
    as_of: date,
    meeting: Meeting | None = None,
    period: Period | None = None,
) -> OutcomeReport:
    """The whole report in a constant number of statements; every total keeps the ids of its records."""
    everything = outcomes.facts(session, operation, viewer, now)
    facts = everything if period is None else of_period(everything, period)
    scope = None if meeting is None else meeting.id
    lines = tuple(facts.lines(scope))
    leads = cases.leads(session, viewer, now, meeting=meeting, operation=operation, exchanged=True)
    leads = [row for row in leads if period is None or _shared_in(row, period)]
    actions = _actions(outcomes.joint_actions(session, operation, viewer, now), facts, meeting, period)
    comparisons = _comparisons(facts, actions, meeting)
    asked = outcomes.action_requests(session, operation, viewer, now)
    readable = visible_ids(session, viewer, (row.id for row in asked), now)
    showing.listed(session, (row.item for row in asked if row.id in readable))
    overdue = frozenset(
        row.id for row in asked if row.state in OPEN_REQUESTS and row.due_at is not None and row.due_at < now
    )
    requests = [
        row
        for row in asked
        if (meeting is None or row.meeting_id == meeting.id)
        and (period is None or _asked_or_answered(row, period))
        and (row.id in readable or row.item.marking.tlp is not Tlp.RED)  # the envelope of RED tells too little
    ]
    whole = outcomes.chains(session, operation, viewer, now)
    groups, moves = outcomes.groups(session, operation, viewer, now)
    moves = [move for move in moves if period is None or period.holds(move.noticed_on)]
    merged = [one for one in wholes(groups, moves) if period is None or one.moves]
    groups = [record for one in merged for record in one.records]
    rounds = rounds_of(outcomes.totals_for_all(session, operation, meeting), period)
    held = decided(outcomes.reclassified(session, operation, viewer, date.min, now), actions, period)
    known = list(series(outcomes.indicators(session, operation), period))
    bases = [base for group in groups for base in group.bases]
    items = [*(a.item for a in actions), *(r.item for r in requests), *(g.item for g in groups)]
    items += [*(b.item for b in bases), *(m.item for m in moves)]
    ways = sorted(_chains(whole, actions, facts), key=_weight, reverse=True)
    shown = [
        markings.UNMARKED,
        *(item.marking.tlp for item in items),
        *(node.tlp for way in ways for node in way.chain.nodes.values() if node.tlp is not None),
        *markings.of_leads(leads),
        *([markings.RETURNS] if rounds else []),
        *markings.of_figures(session, facts.figures).values(),
    ]
    return OutcomeReport(
        operation=operation,
        meeting=meeting,
        period=period,
        marking=strictest(shown),
        as_of=as_of,
        facts=facts,
        headlines=tuple(line for measure in HEADLINES for line in lines if line.measure == measure)[:LARGE],
        totals=lines,
        comparisons=comparisons,
        leads=tuple(leads),
        exchange=exchange((row.originator.code, [party.code for party in row.receivers]) for row in leads),
        led=frozenset(_led(ways, leads)),
        actions=tuple(actions),
        requests=tuple(sorted(requests, key=lambda row: (row.state not in OPEN_REQUESTS, row.id not in overdue))),
        readable=readable,
        overdue=overdue,
        funnel=_funnel(facts, scope),
        compared=tuple(one for one in newest(comparisons) if one.declared.measure == COMPARED)[:COMPARED_AT_MOST],
        chains=tuple(ways),
        rivals=tuple(_rivals(facts, meeting)),
        groups=tuple(groups),
        wholes=tuple(merged),
        moves=tuple(moves),
        sections=tuple(outcomes.sections(session, operation)) if groups else (),
        rounds=tuple(rounds),
        reclassified=tuple(held),
        indicators=tuple(known),
        sources=tuple(_sources(outcomes.sources(session, operation), facts, known, held)),
        decisions=tuple(_decisions(facts, lines, comparisons, meeting)),
        earlier=tuple(_by_meeting(session, operation, everything, viewer)) if period is None else (),
    )


def _shared_in(row: LeadRow, period: Period) -> bool:
    return row.item.shared_at is not None and period.holds(row.item.shared_at.date())


def _asked_or_answered(row: ActionRequest, period: Period) -> bool:
    return period.holds(row.asked_on) or any(period.holds(step.at.date()) for step in row.steps)


def _sources(
    rows: Sequence[Source], facts: Facts, indicators: Sequence[Series], held: Sequence[Reclassification]
) -> list[Source]:
    """Those that something in the report rests on: a source may be named after what its figures tell."""
    used = {figure.source_id for figure in facts.figures}
    used |= {value.source_id for indicator in indicators for value in indicator.values}
    used |= {row.source.id for row in held if row.source is not None}
    return [row for row in rows if row.id in used]


def _led(ways: Sequence[ToAction], leads: Sequence[LeadRow]) -> Iterator[tuple[str, str]]:
    causes = {key for way in ways for key in way.chain.before(f"item-{way.action.id}")}
    for row in leads:
        if f"item-{row.lead.id}" in causes:
            yield from ((row.originator.code, party.code) for party in row.receivers)


def _actions(
    rows: Sequence[JointAction], facts: Facts, meeting: Meeting | None, period: Period | None
) -> list[JointAction]:
    """All that are no secret plans; of a meeting those whose figures it led to, of a period those of its days."""
    own = {figure.joint_action_id for figure in facts.figures if meeting and figure.meeting_id == meeting.id}
    return [
        row
        for row in rows
        if (row.on is not None or row.item.marking.tlp is not Tlp.RED)
        and (meeting is None or row.id in own)
        and (period is None or period.holds(row.on))
    ]


def _comparisons(facts: Facts, actions: Sequence[JointAction], meeting: Meeting | None) -> tuple[Comparison, ...]:
    """What was declared of the operation, or of a meeting and of the task forces behind its actions."""
    forces = {str(action.task_force_id) for action in actions if action.task_force_id is not None}
    return tuple(
        sorted(
            (
                one
                for one in facts.comparisons
                if meeting is None or one.declared.meeting == str(meeting.id) or one.declared.task_force in forces
            ),
            key=lambda one: not one.recorded.parts,
        )
    )


def _funnel(facts: Facts, scope: int | None) -> Funnel:
    def counted(measure: str) -> int:
        return int(facts.total(measure, meeting_id=scope).high)

    stated = {
        figure.code: len(figure.cases)
        for figure in facts.figures
        if figure.measure == "arrested" and figure.cases and (scope is None or figure.meeting_id == scope)
    }
    added = {count.id for count in countable(facts.counts)}
    led = led_to_action({code: n for code, n in stated.items() if code in added}, facts.overlaps)
    return Funnel(counted("cases"), counted("cases_ready"), led)


def _chains(whole: Chain, actions: Sequence[JointAction], facts: Facts) -> Iterator[ToAction]:
    for action in actions:
        key = f"item-{action.id}"
        if key in whole.nodes:
            chain, path = whole.around(key), tuple(whole.path_to(key))
            found = tuple(
                figure
                for figure in facts.figures
                if figure.joint_action_id == action.id and figure.kind is FigureKind.RECORDED
            )
            if len(path) > 1:
                yield ToAction(action, path, chain, found)


def _weight(found: ToAction) -> tuple[int, Decimal]:
    """The longest way first, then the one that led to the most arrests."""
    arrested = [Decimal(figure.high) for figure in found.figures if figure.measure == "arrested"]
    return len(found.path), max(arrested, default=Decimal(0))


def _rivals(facts: Facts, meeting: Meeting | None) -> Iterator[Rivals]:
    """Disagreements of one joint action in one table; one that belongs to none has its own."""
    things: dict[int, list[list[Figure]]] = {}
    for rows in facts.disagreements:
        if meeting is None or rows[0].meeting_id == meeting.id:
            things.setdefault(rows[0].joint_action_id or -rows[0].id, []).append(rows)
    for lists in things.values():
        said = {(row.source_id, row.as_of): row for rows in lists for row in rows}
        by_measure = [{(row.source_id, row.as_of): row for row in rows} for rows in lists]
        yield Rivals(
            name=lists[0][0],
            measures=tuple((rows[0].measure, rows[0].currency) for rows in lists),
            rows=tuple(
                (row.source, row.as_of, tuple(known.get(key) for known in by_measure)) for key, row in said.items()
            ),
            current=frozenset(rows[0].id for rows in lists),
        )


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
    return by_weight(found)


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
