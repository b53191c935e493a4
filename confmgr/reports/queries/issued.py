"""Issued reports, each only for who may now see everything that it holds; and what a report rests on."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.errors import NotFound
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries as outcomes
from confmgr.outcomes.domain import ReportKind
from confmgr.outcomes.models import IssuedReport
from confmgr.parties.models import Operation
from confmgr.reports.queries.outcomes import OutcomeReport
from confmgr.reports.queries.party import PartyReport
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.sharing.models import Item, Marking
from confmgr.sharing.rule import Viewer

COUNTED = {"case": ItemKind.CASE, "case_ready": ItemKind.CASE, "lead": ItemKind.LEAD}
"""Counts that stand for items which the report itself may not load: by the first word of their id."""


@dataclass(frozen=True, slots=True)
class RestsOn:
    """Row ids of what a report tells: bodies, envelopes, figures, sessions, and meetings of which it counts."""

    items: frozenset[int]
    envelopes: frozenset[int]
    figures: frozenset[int]
    sessions: frozenset[int] = frozenset()
    meetings: frozenset[int] = frozenset()

    def __or__(self, other: "RestsOn") -> "RestsOn":
        """Both together."""
        return RestsOn(
            self.items | other.items,
            self.envelopes | other.envelopes,
            self.figures | other.figures,
            self.sessions | other.sessions,
            self.meetings | other.meetings,
        )

    def to_json(self) -> dict[str, list[int]]:
        """As an issued report keeps it."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def from_json(cls, kept: Mapping[str, Iterable[int]]) -> "RestsOn":
        """As an issued report kept it."""
        return cls(**{name: frozenset(ids) for name, ids in kept.items()})


def ids_within(session: Session, report: IssuedReport) -> list[uuid.UUID]:
    """The public ids of the items whose bodies an issued report tells of."""
    return list(session.scalars(select(Item.uuid).where(Item.id.in_(report.item_ids)).order_by(Item.id)))


def rests_on(session: Session, report: OutcomeReport | PartyReport, viewer: Viewer, now: datetime) -> RestsOn:
    """What a report tells its reader; four statements."""
    bodies, sessions = set(_told(report)), set(_sessions(report))
    known = {row.item.id for row in report.leads} | {row.id for row in report.requests} - report.readable
    known |= {ident for figure in report.facts.figures for link in figure.cases for ident in [link.case_id]}
    known |= set(_counted(session, report))
    bodies |= {row.item.id for row in report.leads if row.title is not None and isinstance(report, PartyReport)}
    red = set(
        session.scalars(
            select(Item.id)
            .join(Marking, Marking.id == Item.marking_id)
            .where(Item.id.in_(known), Marking.tlp == Tlp.RED)
        )
    )
    bodies |= sharing.visible_ids(session, viewer, red, now)
    seats = {seat.meeting_id for seat in viewer.seats}
    meetings: set[int] = set()
    if isinstance(report, OutcomeReport):
        of_operation = select(Meeting.id).where(Meeting.operation_id == report.operation.id)
        meetings = seats & set(session.scalars(of_operation))
    return RestsOn(
        items=frozenset(bodies),
        envelopes=frozenset(known - bodies),
        figures=frozenset(figure.id for figure in report.facts.figures),
        sessions=frozenset(sessions),
        meetings=frozenset(meetings),
    )


def _told(report: OutcomeReport | PartyReport) -> Iterator[int]:
    """Items whose body the report shows."""
    yield from (row.id for row in report.actions)
    yield from (row.id for row in report.requests if row.id in report.readable)
    if isinstance(report, OutcomeReport):
        yield from (row.id for row in report.groups)
        yield from (base.id for row in report.groups for base in row.bases)
        yield from (row.id for row in report.moves)
        for found in report.chains:
            yield from (int(key[5:]) for key in found.chain.nodes if key.startswith("item-"))


def _sessions(report: OutcomeReport | PartyReport) -> Iterator[int]:
    if isinstance(report, OutcomeReport):
        for found in report.chains:
            yield from (int(key[8:]) for key in found.chain.nodes if key.startswith("session-"))


def _counted(session: Session, report: OutcomeReport | PartyReport) -> Iterator[int]:
    """Items that are only counted: their counts know them by kind, originator and reference."""
    named = {
        (kind, count.id.split(" ")[1])
        for count in report.facts.counted.counts
        for kind in [COUNTED.get(count.id.split(" ")[0])]
        if kind is not None
    }
    rows = session.scalars(
        select(Item)
        .where(Item.operation_id == report.operation.id, Item.kind.in_({kind for kind, _name in named}))
        .options(joinedload(Item.originator))
    )
    for row in rows:
        if (row.kind, f"{row.originator.code}/{row.reference}") in named:
            yield row.id


@dataclass(frozen=True, slots=True)
class Scope:
    """What an issued report is about, in which language and for whom: a later one of the same replaces it."""

    kind: ReportKind
    operation_id: int
    meeting_id: int | None
    party_id: int | None
    from_on: date | None
    to_on: date | None
    language: str
    audience: str


def last_issued(session: Session, scope: Scope) -> IssuedReport | None:
    """The newest report of a scope."""
    return session.scalars(
        select(IssuedReport)
        .where(*(getattr(IssuedReport, name).is_not_distinct_from(getattr(scope, name)) for name in scope.__slots__))
        .order_by(IssuedReport.id.desc())
        .limit(1)
    ).first()


def by_number(session: Session, number: str) -> IssuedReport | None:
    """The report that bears a number, for nobody's eyes but the check of numbers."""
    return session.scalar(select(IssuedReport).where(IssuedReport.number == number))


def by_file(session: Session, file_hash: str) -> IssuedReport | None:
    """The report of which a file is a copy, byte for byte."""
    return session.scalars(select(IssuedReport).where(IssuedReport.file_hash == file_hash).limit(1)).first()


def replaced_by(session: Session, row: IssuedReport) -> IssuedReport | None:
    """The next report of the same scope."""
    return session.scalars(
        select(IssuedReport).where(IssuedReport.replaces_id == row.id).order_by(IssuedReport.id).limit(1)
    ).first()


def issued(session: Session, operation: Operation, viewer: Viewer, now: datetime) -> list[IssuedReport]:
    """Every issued report of an operation that a reader may open, the newest first; eight statements."""
    rows = session.scalars(
        select(IssuedReport)
        .where(IssuedReport.operation_id == operation.id)
        .options(
            joinedload(IssuedReport.meeting),
            joinedload(IssuedReport.party),
            joinedload(IssuedReport.made_by),
            joinedload(IssuedReport.operation),
        )
        .order_by(IssuedReport.id.desc())
    )
    return readable(session, list(rows), viewer, now)


def get_issued(session: Session, viewer: Viewer, ident: uuid.UUID, now: datetime) -> IssuedReport:
    """One issued report.

    Raises:
        NotFound: There is none, or it holds something that the reader may not see, or not any more.
    """
    row = session.scalar(select(IssuedReport).where(IssuedReport.uuid == ident))
    if row is None or not readable(session, [row], viewer, now):
        raise NotFound("report", ident)
    return row


def readable(session: Session, rows: Sequence[IssuedReport], viewer: Viewer, now: datetime) -> list[IssuedReport]:
    """Those of some reports of which the reader may now see every body, envelope, figure, session and meeting."""
    held = {row.id: _held(row) for row in rows}
    whole = RestsOn(frozenset(), frozenset(), frozenset())
    for one in held.values():
        whole |= one
    bodies = sharing.visible_ids(session, viewer, whole.items, now)
    known = sharing.known_ids(session, viewer, whole.envelopes, now)
    figures = outcomes.visible_figure_ids(session, viewer, whole.figures, now) if whole.figures else frozenset()
    sessions = outcomes.known_sessions(session, viewer, whole.sessions) if whole.sessions else frozenset()
    seats = {seat.meeting_id for seat in viewer.seats}
    return [
        row
        for row in rows
        for one in [held[row.id]]
        if one.items <= bodies
        and one.envelopes <= known
        and one.figures <= figures
        and one.sessions <= sessions
        and one.meetings <= seats
    ]


def _held(row: IssuedReport) -> RestsOn:
    told: dict[str, Any] = row.facts["kept"]
    return RestsOn(
        frozenset(row.item_ids),
        frozenset(row.envelope_ids),
        frozenset(row.figure_ids),
        frozenset(told["sessions"]),
        frozenset(told["meetings"]),
    )
