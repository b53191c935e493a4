"""What one party gave, received, asked and was asked, and what came of it, as one reader may know it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from confmgr.cases import queries as cases
from confmgr.cases.queries import LeadRow
from confmgr.outcomes import queries as outcomes
from confmgr.outcomes.domain import OPEN_REQUESTS, RequestStep
from confmgr.outcomes.models import ActionRequest, Figure, JointAction, Source
from confmgr.outcomes.queries import Facts, TotalLine
from confmgr.parties.models import Operation, Party
from confmgr.reports.domain import Asked, Responses, responses
from confmgr.reports.queries import markings
from confmgr.reports.queries.periods import of_owner
from confmgr.sharing import showing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.queries import visible_ids
from confmgr.sharing.rule import Viewer, strictest


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What passed between a party and another one."""

    code: str
    given: int
    received: int
    asked: int
    was_asked: int


@dataclass(frozen=True, slots=True)
class PartyReport:
    """What a party gave and got; `answers` are its own to others, `answered` those of others to it."""

    operation: Operation
    party: Party
    marking: Tlp
    as_of: date
    facts: Facts
    totals: tuple[TotalLine, ...]
    given: tuple[LeadRow, ...]
    received: tuple[LeadRow, ...]
    asked: tuple[ActionRequest, ...]
    was_asked: tuple[ActionRequest, ...]
    readable: frozenset[int]
    overdue: frozenset[int]
    counterparts: tuple[Counterpart, ...]
    answers: Responses
    answered: Responses
    actions: tuple[JointAction, ...]
    figures: tuple[Figure, ...]
    sources: tuple[Source, ...]

    @property
    def leads(self) -> tuple[LeadRow, ...]:
        """Those given and those received."""
        return (*self.given, *self.received)

    @property
    def requests(self) -> tuple[ActionRequest, ...]:
        """Those of the party and those to it."""
        return (*self.asked, *self.was_asked)


def party_report(
    session: Session, operation: Operation, party: Party, viewer: Viewer, now: datetime, *, as_of: date
) -> PartyReport:
    """The whole report in a constant number of statements."""
    facts = of_owner(outcomes.facts(session, operation, viewer, now), party)
    leads = cases.leads(session, viewer, now, operation=operation, exchanged=True)
    given = [row for row in leads if row.originator.id == party.id]
    received = [row for row in leads if party.id in {receiver.id for receiver in row.receivers}]
    known = outcomes.action_requests(session, operation, viewer, now)
    readable = visible_ids(session, viewer, (row.id for row in known), now)
    showing.listed(session, (row.item for row in known if row.id in readable))
    told = [row for row in known if row.id in readable or row.item.marking.tlp is not Tlp.RED]
    overdue = frozenset(
        row.id for row in told if row.state in OPEN_REQUESTS and row.due_at is not None and row.due_at < now
    )
    asked = _by_urgency((row for row in told if row.from_id == party.id), overdue)
    was_asked = _by_urgency((row for row in told if row.to_id == party.id), overdue)
    actions = [row for row in outcomes.joint_actions(session, operation, viewer, now) if _takes_part(row, party)]
    used = {figure.source_id for figure in facts.figures}
    shown = [
        Tlp.AMBER,
        *(row.item.marking.tlp for row in (*asked, *was_asked)),
        *(row.item.marking.tlp for row in actions),
        *markings.of_leads((*given, *received)),
        *markings.of_figures(session, facts.figures).values(),
    ]
    return PartyReport(
        operation=operation,
        party=party,
        marking=strictest(shown),
        as_of=as_of,
        facts=facts,
        totals=tuple(facts.lines()),
        given=tuple(given),
        received=tuple(received),
        asked=tuple(asked),
        was_asked=tuple(was_asked),
        readable=readable & {row.id for row in told},
        overdue=overdue,
        counterparts=tuple(_counterparts(given, received, asked, was_asked, party)),
        answers=responses(map(_asked, was_asked)),
        answered=responses(map(_asked, asked)),
        actions=tuple(actions),
        figures=facts.figures,
        sources=tuple(row for row in outcomes.sources(session, operation) if row.id in used),
    )


def _by_urgency(rows: Iterable[ActionRequest], overdue: frozenset[int]) -> list[ActionRequest]:
    return sorted(rows, key=lambda row: (row.state not in OPEN_REQUESTS, row.id not in overdue))


def _takes_part(action: JointAction, party: Party) -> bool:
    if action.on is None and action.item.marking.tlp is Tlp.RED:
        return False
    own = {action.item.originator_id, action.territory_id, *(link.party_id for link in action.parties)}
    return party.id in own


def _asked(row: ActionRequest) -> Asked:
    begun = next((step.at for step in row.steps if step.state is RequestStep.ASKED), row.item.created_at)
    answered = next((step.at for step in row.steps if step.state is not RequestStep.ASKED), None)
    return Asked(begun, answered, row.state)


def _counterparts(
    given: Sequence[LeadRow],
    received: Sequence[LeadRow],
    asked: Sequence[ActionRequest],
    was_asked: Sequence[ActionRequest],
    party: Party,
) -> list[Counterpart]:
    codes = [
        [receiver.code for row in given for receiver in row.receivers if receiver.id != party.id],
        [row.originator.code for row in received],
        [row.asked.code for row in asked],
        [row.asking.code for row in was_asked],
    ]
    found = [
        Counterpart(code, *(column.count(code) for column in codes)) for code in {code for one in codes for code in one}
    ]
    return sorted(found, key=lambda one: (-(one.given + one.received + one.asked + one.was_asked), one.code))
