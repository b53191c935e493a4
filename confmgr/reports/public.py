"""Public figures as a document and as data: made of what is public and of nothing else, the same for every reader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from confmgr.outcomes.models import PublicFigure
from confmgr.outcomes.queries import Facts
from confmgr.parties.models import Operation
from confmgr.reports import rendering
from confmgr.reports.rendering import Paper
from confmgr.sharing.domain import Tlp


def paper(
    facts: Facts, public: Mapping[str, PublicFigure], operation: Operation, language: str, now: datetime
) -> Paper:
    """Public figures of an operation."""
    html = rendering.page(
        "documents/public_figures.html",
        language,
        operation=operation,
        facts=facts,
        lines=facts.lines(),
        public=public,
        marking=Tlp.CLEAR,
        as_of=now.date(),
    )
    return Paper(html, operation.name.text(language), language, _latest(public) or now)


def _latest(public: Mapping[str, PublicFigure]) -> datetime | None:
    steps = [at for row in public.values() for at in (row.released_at, row.cleared_at, row.embargo_until) if at]
    return max(steps, default=None)


def data(facts: Facts, public: Mapping[str, PublicFigure], operation: Operation) -> dict[str, Any]:
    """Totals with their ranges, and each public figure with its source."""
    totals = [
        {
            "measure": line.measure,
            "currency": line.currency,
            "from": rendering.as_number(line.total.low),
            "to": rendering.as_number(line.total.high),
            "figures": [str(facts.by_code[code].uuid) for code in line.total.parts],
        }
        for line in facts.lines()
    ]
    figures = [
        {
            "figure": str(row.figure.uuid),
            "measure": row.figure.measure,
            "currency": row.figure.currency,
            "from": rendering.as_number(row.figure.low),
            "to": rendering.as_number(row.figure.high),
            "qualifier": row.figure.qualifier.value,
            "first": None if row.figure.from_on is None else row.figure.from_on.isoformat(),
            "last": None if row.figure.to_on is None else row.figure.to_on.isoformat(),
            "at": None if row.figure.at_on is None else row.figure.at_on.isoformat(),
            "source": row.figure.source.called,
            "as_of": row.figure.as_of.isoformat(),
            "owner": row.figure.owner.code,
            "wording": {} if row.wording is None else {k: v.text for k, v in row.wording.values.items()},
        }
        for row in public.values()
    ]
    return {"operation": operation.code, "marking": Tlp.CLEAR.label, "totals": totals, "figures": figures}
