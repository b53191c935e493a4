"""What a report says, as facts that can be hashed and compared: the same facts are the same report."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from confmgr.outcomes.domain import JointActionState, PersonStatus, RequestedAction, RequestStep
from confmgr.outcomes.models import ActionRequest, Figure, IssuedReport, JointAction
from confmgr.outcomes.queries.rounds_asked import HANDED_IN
from confmgr.reports.queries import OutcomeReport, PartyReport

Facts = dict[str, Any]
Span = tuple[Decimal, Decimal]
TAGS = re.compile(r"<(?:style|head)\b.*?</(?:style|head)>|<[^>]+>", re.DOTALL)
ANSWERED = frozenset({RequestStep.ACCEPTED, RequestStep.UNDER_WAY, RequestStep.DONE, RequestStep.DECLINED})


@dataclass(frozen=True, slots=True)
class Moved:
    """A total that is another one now; None where there was or is none."""

    measure: str
    currency: str | None
    before: Span | None
    now: Span | None


@dataclass(frozen=True, slots=True)
class NewAction:
    """A joint action that the earlier report did not have, or had in another state."""

    title: str
    state: JointActionState
    on: date | None


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was asked or answered since."""

    asking: str
    asked: str
    kind: RequestedAction
    text: str
    state: RequestStep


@dataclass(frozen=True, slots=True)
class Corrected:
    """A figure that took the place of another one."""

    name: str
    measure: str
    currency: str | None
    before: Span | None
    now: Span


@dataclass(frozen=True, slots=True)
class Reclassified:
    """Persons who are held to be something since."""

    name: str
    count: int
    status: PersonStatus
    on: date


@dataclass(frozen=True, slots=True)
class Changes:
    """What a report says otherwise than the one before it."""

    since: datetime
    number: str
    totals: tuple[Moved, ...]
    actions: tuple[NewAction, ...]
    answered: tuple[Request, ...]
    asked: tuple[Request, ...]
    corrected: tuple[Corrected, ...]
    reclassified: tuple[Reclassified, ...]

    @property
    def nothing(self) -> bool:
        """Whether there is none that is told here."""
        told = (self.totals, self.actions, self.answered, self.asked, self.corrected, self.reclassified)
        return not any(told)


def facts_of(report: OutcomeReport | PartyReport, figures: Mapping[str, Any], language: str) -> Facts:
    """The facts of a report: every total with its records, and what stands behind them, in one language."""
    return {
        "figures": figures,
        "actions": {str(row.item.uuid): _action(row, language) for row in report.actions},
        "requests": {str(row.item.uuid): _request(row, report, language) for row in report.requests},
        "leads": sorted(f"{row.originator.code}/{row.item.reference}" for row in report.leads),
        "stated": {
            row.code: _figure(row, report, language) for row in report.facts.figures if row.code in _used(report)
        },
        "statuses": [status for row in report.actions for status in _statuses(row, language)],
    }


def _used(report: OutcomeReport | PartyReport) -> frozenset[str]:
    """Codes of the figures that the report shows; of a meeting's not those of the rest of the operation."""
    if isinstance(report, PartyReport):
        return frozenset(report.facts.by_code)
    found = {code for line in report.totals for code, _low, _high in line.parts}
    for one in report.comparisons:
        found |= {one.declared.id, *one.values}
    for rivals in report.rivals:
        found |= {figure.code for _source, _day, row in rivals.rows for figure in row if figure is not None}
    return frozenset(found)


def _action(row: JointAction, language: str) -> Facts:
    return {"title": row.title.text(language), "state": row.state.value, "on": row.on.isoformat() if row.on else None}


def _request(row: ActionRequest, report: OutcomeReport | PartyReport, language: str) -> Facts:
    return {
        "asking": row.asking.code,
        "asked": row.asked.code,
        "kind": row.kind.value,
        "text": row.text.text(language) if row.id in report.readable else "",
        "state": row.state.value,
        "overdue": row.id in report.overdue,
    }


def _figure(row: Figure, report: OutcomeReport | PartyReport, language: str) -> Facts:
    before = report.facts.by_id.get(row.supersedes_id) if row.supersedes_id is not None else None
    return {
        "name": row.title.text(language)
        if row.title
        else row.joint_action.title.text(language)
        if row.joint_action
        else "",
        "measure": row.measure,
        "currency": row.currency,
        "span": [str(row.low.normalize()), str(row.high.normalize())],
        "status": row.status.value,
        "supersedes": None if before is None else before.code,
    }


def _statuses(row: JointAction, language: str) -> Iterator[Facts]:
    for found in row.person_sets:
        for status in found.statuses:
            yield {
                "action": str(row.item.uuid),
                "name": found.name.text(language),
                "count": status.count,
                "status": status.status.value,
                "on": status.decided_on.isoformat(),
            }


def hash_of(facts: Facts) -> str:
    """SHA-256 of facts in the one way of writing them."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def words_of(html: str) -> str:
    """SHA-256 of what a page says, however it looks."""
    return hashlib.sha256(" ".join(TAGS.sub(" ", html).split()).encode()).hexdigest()


def newest(report: OutcomeReport | PartyReport, now: datetime) -> datetime | None:
    """The last instant at which anything happened that a report tells; None where it tells nothing."""
    found = [moment for moment in _instants(report) if moment is not None and moment <= now]
    return max(found, default=None)


def _instants(report: OutcomeReport | PartyReport) -> Iterable[datetime | None]:
    for figure in report.facts.figures:
        yield from (figure.declared_at, figure.chosen_at, figure.confirmed_at, _noon(figure.as_of))
    for link in report.facts.links:
        yield link.decided_at
    for lead in report.leads:
        yield lead.item.shared_at
        yield from (said.given_at for said in lead.feedback)
    for action in report.actions:
        yield from (action.item.created_at, action.item.shared_at, _noon(action.on))
        yield from (_noon(status.decided_on) for found in action.person_sets for status in found.statuses)
    for request in report.requests:
        yield from (step.at for step in request.steps)
        yield request.due_at if request.id in report.overdue else None
    if isinstance(report, OutcomeReport):
        yield from (item.created_at for item in (*(g.item for g in report.groups), *(m.item for m in report.moves)))
        for found in report.rounds:
            yield from (found.round.opened_at, found.round.closed_at)
            yield from (step.at for row in found.round.returns for step in row.steps if step.state in HANDED_IN)


def _noon(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(12), UTC)


def changes(earlier: IssuedReport, now: Facts) -> Changes:
    """What facts say otherwise than an earlier report."""
    then: Facts = earlier.facts["says"]
    return Changes(
        since=earlier.as_of,
        number=earlier.number,
        totals=tuple(_moved(_totals(then), _totals(now))),
        actions=tuple(
            NewAction(row["title"], JointActionState(row["state"]), _day(row["on"]))
            for ident, row in now["actions"].items()
            if then["actions"].get(ident, {}).get("state") != row["state"]
        ),
        answered=tuple(
            _told(row)
            for ident, row in now["requests"].items()
            if ident in then["requests"]
            and row["state"] != then["requests"][ident]["state"]
            and RequestStep(row["state"]) in ANSWERED
        ),
        asked=tuple(_told(row) for ident, row in now["requests"].items() if ident not in then["requests"]),
        corrected=tuple(
            Corrected(row["name"], row["measure"], row["currency"], _before(row, now, then), _span(row["span"]))
            for code, row in now["stated"].items()
            if row["supersedes"] is not None and code not in then["stated"]
        ),
        reclassified=tuple(
            Reclassified(row["name"], row["count"], PersonStatus(row["status"]), date.fromisoformat(row["on"]))
            for row in now["statuses"]
            if row not in then["statuses"]
        ),
    )


def _totals(facts: Facts) -> dict[tuple[str, str | None], Span]:
    """The totals of the report's own scope, which come first."""
    rows = [row for row in facts["figures"]["totals"] if row["declared"] is None]
    scopes = [(row["operation"], row["meeting"]) for row in rows]
    return {
        (row["measure"], row["currency"]): (Decimal(str(row["from"])), Decimal(str(row["to"])))
        for row, scope in zip(rows, scopes, strict=True)
        if scope == scopes[0]
    }


def _moved(then: Mapping[tuple[str, str | None], Span], now: Mapping[tuple[str, str | None], Span]) -> Iterator[Moved]:
    for measure, currency in dict.fromkeys((*now, *then)):
        before, after = then.get((measure, currency)), now.get((measure, currency))
        if before != after:
            yield Moved(measure, currency, before, after)


def _told(row: Facts) -> Request:
    return Request(row["asking"], row["asked"], RequestedAction(row["kind"]), row["text"], RequestStep(row["state"]))


def _before(row: Facts, now: Facts, then: Facts) -> Span | None:
    found = now["stated"].get(row["supersedes"]) or then["stated"].get(row["supersedes"])
    return None if found is None else _span(found["span"])


def _span(pair: list[str]) -> Span:
    return Decimal(pair[0]), Decimal(pair[1])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
