"""What is asked before a figure is kept, because it is possible and seldom right; nothing of it is forbidden."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from confmgr.errors import Refused
from confmgr.outcomes.domain import FigureKind
from confmgr.outcomes.measures import MEASURES, Nature
from confmgr.outcomes.models import Figure, PersonSet
from confmgr.outcomes.queries.figures import Facts
from confmgr.outcomes.totals import Count, countable, total
from confmgr.parties.models import Operation


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure that is not kept yet, as far as it is asked about."""

    measure: str
    kind: FigureKind
    low: Decimal
    high: Decimal
    first: date | None = None
    action_id: int | None = None
    persons: PersonSet | None = None
    replaces: Figure | None = None


def please_check(facts: Facts, operation: Operation, draft: Draft) -> list[Refused]:
    """Sentences to ask with: more returned than arrested, more than its set holds, before the operation began."""
    if draft.kind is FigureKind.DECLARED:
        return []
    found = []
    known = MEASURES.get(draft.measure)
    grows = known is not None and (known.known_at or known.nature is Nature.CUMULATIVE)
    if draft.first is not None and draft.first < operation.starts_on and not grows and draft.replaces is None:
        found.append(Refused("ask_before_operation", start=operation.starts_on))
    if draft.persons is not None and known is not None and draft.low > draft.persons.count:
        found.append(Refused("ask_more_than_set", most=draft.persons.count))
    if draft.measure in {"arrested", "returned"} and draft.action_id is not None:
        arrested = _of_action(facts, "arrested", draft)
        returned = _of_action(facts, "returned", draft)
        if arrested is not None and returned is not None and returned[0] > arrested[1]:
            found.append(Refused("ask_more_returned", returned=int(returned[0]), arrested=int(arrested[1])))
    return found


def _of_action(facts: Facts, measure: str, draft: Draft) -> tuple[Decimal, Decimal] | None:
    rows = list(_current(facts.counts, measure, str(draft.action_id), draft))
    if draft.measure == measure:
        rows.append(Count(id="draft", measure=measure, low=draft.low, high=draft.high))
    if not rows:
        return None
    found = total(rows, facts.overlaps)
    return found.low, found.high


def _current(counts: Iterable[Count], measure: str, action: str, draft: Draft) -> Iterable[Count]:
    replaced = None if draft.replaces is None else draft.replaces.code
    for count in countable(counts):
        if count.measure == measure and count.joint_action == action and count.id != replaced:
            yield count
