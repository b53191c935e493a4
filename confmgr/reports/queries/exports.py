"""What an export of outcomes holds beyond the report: every record with its marking, and how money was converted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import FigureStatus
from confmgr.outcomes.models import Figure, FigureConversion
from confmgr.outcomes.queries import Facts, TotalLine
from confmgr.outcomes.totals import Count, countable
from confmgr.parties.models import Operation, Party
from confmgr.reports.queries import markings
from confmgr.reports.queries.markings import UNMARKED
from confmgr.reports.queries.outcomes import OutcomeReport, outcome_report
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.sharing.models import Item, Marking
from confmgr.sharing.rule import Viewer, strictest

COUNTED = (ItemKind.CASE, ItemKind.LEAD, ItemKind.JOINT_ACTION)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a total: a stated figure, or (without a figure) what is counted from the records themselves.

    `added`: whether totals add it up: recorded, current, and no losing side of a disagreement.
    """

    count: Count
    figure: Figure | None
    meeting: Meeting | None
    as_of: date
    tlp: Tlp
    added: bool

    @property
    def superseded(self) -> bool:
        """Whether a correction has taken its place."""
        return self.count.status is FigureStatus.SUPERSEDED


@dataclass(frozen=True, slots=True)
class Export:
    """An outcome report with every record that stands behind it; of one meeting, or of the operation."""

    report: OutcomeReport
    records: tuple[Record, ...]
    conversions: Mapping[int, Sequence[FigureConversion]]
    marking: Tlp

    @property
    def facts(self) -> Facts:
        """The figures behind the report."""
        return self.report.facts

    @property
    def scopes(self) -> list[tuple[Meeting | None, list[TotalLine]]]:
        """Totals of the operation and of each meeting that the reader sits in, or of the one meeting alone."""
        if self.report.meeting is not None:
            return [(self.report.meeting, self.facts.lines(self.report.meeting.id))]
        meetings = [meeting for meeting, _totals in self.report.earlier]
        return [(None, self.facts.lines()), *((one, self.facts.lines(one.id)) for one in meetings)]

    @property
    def ids(self) -> list[object]:
        """Public ids of everything that stands in it, for the audit."""
        report = self.report
        return [
            *(row.figure.uuid for row in self.records if row.figure is not None),
            *(row.item.uuid for row in report.actions),
            *(row.item.uuid for row in report.requests),
        ]


def export(
    session: Session, operation: Operation, viewer: Viewer, now: datetime, *, meeting: Meeting | None = None
) -> Export:
    """Everything that a reader may take along; a constant number of statements."""
    report = outcome_report(session, operation, viewer, now, as_of=now.date(), meeting=meeting)
    meetings = {str(one.id): one for one, _totals in report.earlier}
    if meeting is not None:
        meetings[str(meeting.id)] = meeting
    records = tuple(_records(session, report, viewer, now, meetings))
    figures = [row.figure.id for row in records if row.figure is not None]
    found: dict[int, list[FigureConversion]] = {}
    for row in session.scalars(
        select(FigureConversion)
        .where(FigureConversion.figure_id.in_(figures))
        .options(joinedload(FigureConversion.source))
        .order_by(FigureConversion.figure_id, FigureConversion.currency)
    ):
        found.setdefault(row.figure_id, []).append(row)
    marking = strictest(
        [report.marking, *(row.tlp for row in records), *(row.item.marking.tlp for row in report.requests)]
    )
    return Export(report, records, found, marking)


def _records(
    session: Session, report: OutcomeReport, viewer: Viewer, now: datetime, meetings: Mapping[str, Meeting]
) -> Iterator[Record]:
    facts, scope = report.facts, report.meeting
    counts = [count for count in facts.counts if scope is None or count.meeting == str(scope.id)]
    added = {count.id for count in countable(counts)}
    of_figures = markings.of_figures(session, facts.figures)
    of_records = _markings_of_records(session, report.operation, viewer, now)
    for count in counts:
        figure = facts.by_code.get(count.id)
        known = of_records.get(" ".join(count.id.split(" ")[:2]).replace("case_ready ", "case "), UNMARKED)
        yield Record(
            count=count,
            figure=figure,
            meeting=meetings.get(count.meeting or ""),
            as_of=report.as_of if figure is None else figure.as_of,
            tlp=known if figure is None else of_figures[figure.id],
            added=count.id in added,
        )


def _markings_of_records(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> dict[str, Tlp]:
    """Markings of cases, leads and joint actions that the reader may know of, by the ids under which they count."""
    # by other names, since the clauses of the rule look at these tables for themselves
    party, marking = aliased(Party), aliased(Marking)
    rows = session.execute(
        select(Item.kind, party.code, Item.reference, marking.tlp)
        .join(party, party.id == Item.originator_id)
        .join(marking, marking.id == Item.marking_id)
        .where(
            Item.operation_id == operation.id,
            Item.kind.in_(COUNTED),
            or_(sharing.bodies(viewer, now), sharing.envelopes(viewer)),
        )
    )
    return {f"{kind.value} {code}/{reference}": tlp for kind, code, reference, tlp in rows}
