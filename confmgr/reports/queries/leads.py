"""Leads exchanged and what each led to: read through the visibility rule once, then drawn as page, PDF or workbook."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from confmgr.cases import queries as cases
from confmgr.cases.domain import FeedbackKind
from confmgr.cases.models import Case
from confmgr.cases.queries import LeadRow
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries as outcomes
from confmgr.outcomes.chains import Chain, LinkEnd
from confmgr.outcomes.charts import Bar, bars
from confmgr.outcomes.queries import Facts
from confmgr.outcomes.totals import total
from confmgr.parties.models import Operation
from confmgr.reports.domain import CameOf, Exchange, exchange
from confmgr.reports.queries import markings
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.rule import Viewer, strictest
from confmgr.values.words import Words

NO_FEEDBACK = "none"
"""Asks for leads of which no receiver has said anything that the reader may see."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which leads of a report are wanted: empty words ask for all."""

    case: str = ""
    giver: str = ""
    receiver: str = ""
    feedback: str = ""

    @property
    def anything(self) -> bool:
        """Whether some leads are left out."""
        return bool(self.case or self.giver or self.receiver or self.feedback)

    @property
    def kind(self) -> FeedbackKind | None:
        """The feedback that is asked for; None where any or none is."""
        return FeedbackKind(self.feedback) if self.feedback in set(FeedbackKind) else None

    def fits(self, row: LeadRow) -> bool:
        """Whether a lead is wanted; the envelope of RED tells no case, no receiver and no feedback, so it fits none."""
        if self.giver and row.originator.code != self.giver:
            return False
        if not (self.case or self.receiver or self.feedback):
            return True
        return (
            not row.bare
            and (not self.case or name_of(row) == self.case)
            and (not self.receiver or self.receiver in {party.code for party in row.receivers})
            and (not self.feedback or (row.title is not None and self.feedback in _said(row)))
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a report can be narrowed to: only what stands in it."""

    cases: tuple[str, ...]
    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    feedback: tuple[FeedbackKind, ...]
    unanswered: bool


@dataclass(frozen=True, slots=True)
class CaseLeads:
    """Leads on one case, with its title if the reader may see it."""

    name: str
    title: Words | None
    rows: tuple[LeadRow, ...]
    came: CameOf


@dataclass(frozen=True, slots=True)
class LeadsReport:
    """Leads exchanged at one meeting, or in the whole operation, as one reader may know of them.

    `came`: what each lead led to, by row id. `cells` and `givers`: the same of all leads from one party to another,
    and from one party; a joint action to which several of them led counts once in each.
    """

    operation: Operation
    meeting: Meeting | None
    asked: Asked
    choices: Choices
    rows: tuple[LeadRow, ...]
    exchange: Exchange
    cases: tuple[CaseLeads, ...]
    marking: Tlp
    hidden: int
    bare: int
    came: Mapping[int, CameOf]
    cells: Mapping[tuple[str, str], CameOf]
    givers: Mapping[str, CameOf]
    together: CameOf

    @property
    def funnel(self) -> tuple[Bar, ...]:
        """How many leads were exchanged, and how many of them led to a request, a joint action, an arrest."""
        came = self.came.values()
        steps = {
            "leads": len(self.rows),
            "requests": sum(bool(one.requests) for one in came),
            "actions": sum(bool(one.actions) for one in came),
            "arrested": sum(one.arrested.high > 0 for one in came),
        }
        return bars((name, Decimal(count), Decimal(count)) for name, count in steps.items())


def leads_report(
    session: Session,
    operation: Operation,
    viewer: Viewer,
    now: datetime,
    *,
    meeting: Meeting | None = None,
    asked: Asked | None = None,
) -> LeadsReport:
    """Leads by sender and receiver, what came of them, then case by case; a constant number of statements."""
    wanted = asked or Asked()
    known = cases.leads(session, viewer, now, meeting=meeting, operation=operation, exchanged=True)
    rows = [row for row in known if wanted.fits(row)]
    seen = [row for row in rows if row.title is not None]
    reach = _Reach(
        outcomes.chains(session, operation, viewer, now), outcomes.facts(session, operation, viewer, now), seen
    )
    cells: dict[tuple[str, str], list[LeadRow]] = {}
    givers: dict[str, list[LeadRow]] = {}
    for row in rows:
        givers.setdefault(row.originator.code, []).append(row)
        for party in row.receivers:
            cells.setdefault((row.originator.code, party.code), []).append(row)
    return LeadsReport(
        operation=operation,
        meeting=meeting,
        asked=wanted,
        choices=_choices(known),
        rows=tuple(rows),
        exchange=exchange((row.originator.code, [party.code for party in row.receivers]) for row in rows),
        cases=tuple(_by_case(session, viewer, now, rows, reach)),
        marking=strictest(markings.of_leads(rows)),
        hidden=len(rows) - len(seen),
        bare=sum(row.bare for row in rows),
        came={row.lead.id: reach.of([row]) for row in rows},
        cells={pair: reach.of(found) for pair, found in cells.items()},
        givers={code: reach.of(found) for code, found in givers.items()},
        together=reach.of(rows),
    )


def name_of(row: LeadRow) -> str:
    """What a lead's case is called in every report: the party that nominated it, and its reference."""
    return f"{row.lead.case.item.originator.code}/{row.case_reference}"


class _Reach:
    """What came of leads: walked once for each lead that led to anything."""

    def __init__(self, whole: Chain, facts: Facts, seen: Iterable[LeadRow]) -> None:
        self._whole, self._facts = whole, facts
        causes = {step.cause for step in whole.steps}
        self._after = {
            row.lead.id: whole.after(key) - {key} for row in seen for key in [f"item-{row.lead.id}"] if key in causes
        }

    def of(self, rows: Collection[LeadRow]) -> CameOf:
        """What several leads led to together; what two of them led to counts once."""
        reached = {key for row in rows for key in self._after.get(row.lead.id, ())}
        if not reached:
            return CameOf()
        part = Chain({key: self._whole.nodes[key] for key in reached}, ())
        actions = tuple(part.column(LinkEnd.JOINT_ACTION))
        ids = {node.key.removeprefix("item-") for node in actions}
        counts = [count for count in self._facts.counts if count.joint_action in ids]
        return CameOf(
            requests=tuple(part.column(LinkEnd.ACTION_REQUEST)),
            actions=actions,
            arrested=total((one for one in counts if one.measure == "arrested"), self._facts.overlaps),
            rescued=total((one for one in counts if one.measure == "rescued"), self._facts.overlaps),
        )


def _by_case(
    session: Session, viewer: Viewer, now: datetime, rows: Sequence[LeadRow], reach: _Reach
) -> Iterable[CaseLeads]:
    of: dict[str, list[LeadRow]] = {}
    for row in rows:
        if not row.bare:  # the envelope of RED does not tell the case
            of.setdefault(name_of(row), []).append(row)
    about = {found[0].lead.case_id for found in of.values()}
    readable = sharing.visible_ids(session, viewer, about, now)
    known = sharing.known_ids(session, viewer, about, now)
    showing.listed(session, (one[0].lead.case.item for one in of.values() if one[0].lead.case_id in readable))
    for name in sorted(of):
        found = of[name]
        yield CaseLeads(name, _title(found[0].lead.case, readable, known), tuple(found), reach.of(found))


def _title(case: Case, readable: Collection[int], known: Collection[int]) -> Words | None:
    if case.id not in known:
        return None
    return cases.shown_title(case, sees_body=case.id in readable)


def _choices(rows: Sequence[LeadRow]) -> Choices:
    said = {word for row in rows if row.title is not None for word in _said(row)}
    return Choices(
        cases=tuple(sorted({name_of(row) for row in rows if not row.bare})),
        givers=tuple(sorted({row.originator.code for row in rows})),
        receivers=tuple(sorted({party.code for row in rows for party in row.receivers})),
        feedback=tuple(kind for kind in FeedbackKind if kind.value in said),
        unanswered=NO_FEEDBACK in said,
    )


def _said(row: LeadRow) -> set[str]:
    return {one.kind.value for one in row.feedback} or {NO_FEEDBACK}
