"""Figures as the rules of totals see them."""

from datetime import date
from decimal import Decimal

from confmgr.outcomes.domain import FigureKind, FigureStatus, LinkKind, OverlapDecision, Qualifier
from confmgr.outcomes.totals import Count, Overlap

DECEMBER = (date(2025, 12, 1), date(2025, 12, 31))


def count(
    ident: str,
    low: int,
    high: int | None = None,
    *,
    kind: FigureKind = FigureKind.RECORDED,
    status: FigureStatus = FigureStatus.PROVISIONAL,
    qualifier: Qualifier = Qualifier.EXACT,
    on: date = date(2025, 12, 4),
    period: tuple[date, date] | None = None,
    meeting: str | None = None,
    task_force: str | None = None,
    counts: bool = True,
) -> Count:
    first, last = period or (on, on)
    return Count(
        id=ident,
        measure="arrested",
        low=Decimal(low),
        high=Decimal(low if high is None else high),
        kind=kind,
        status=status,
        qualifier=qualifier,
        from_on=first,
        to_on=last,
        meeting=meeting,
        task_force=task_force,
        counts=counts,
    )


def perhaps(first: str, second: str, decision: OverlapDecision = OverlapDecision.OPEN) -> Overlap:
    return Overlap(first, second, LinkKind.POSSIBLE, decision)


def same(first: str, second: str) -> Overlap:
    return Overlap(first, second, LinkKind.SAME)
