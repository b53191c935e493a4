"""Measures that an operation uses: those of the standard table that it switched on, and its own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.outcomes.measures import MEASURES, Measure, Nature, Unit, own
from confmgr.outcomes.models import Figure, MeasureInUse, OwnMeasure
from confmgr.parties.models import Operation


def own_measures(session: Session, operation: Operation) -> list[OwnMeasure]:
    """Measures that an operation added to the standard table, in the order in which they came."""
    return list(
        session.scalars(select(OwnMeasure).where(OwnMeasure.operation_id == operation.id).order_by(OwnMeasure.id))
    )


def as_measure(row: OwnMeasure) -> Measure:
    """An own measure as the rules see one."""
    return own(row.code, Unit(row.unit), Nature(row.nature))


def switched_on(session: Session, operation: Operation) -> frozenset[str]:
    """Codes of the standard table that an operation uses; all where it never chose."""
    chosen = session.scalars(select(MeasureInUse.measure).where(MeasureInUse.operation_id == operation.id))
    return frozenset(chosen) & MEASURES.keys() or frozenset(MEASURES)


def measures_of(session: Session, operation: Operation) -> list[Measure]:
    """What a form of an operation offers: the measures in use in the order of the table, then its own."""
    on = switched_on(session, operation)
    standard = [row for row in MEASURES.values() if row.code in on]
    return [*standard, *(as_measure(row) for row in own_measures(session, operation))]


def find_measure(session: Session, operation: Operation, code: str) -> Measure | None:
    """A measure by its code, in use or not; None where neither the table nor the operation has it."""
    if code in MEASURES:
        return MEASURES[code]
    row = session.scalar(select(OwnMeasure).where(OwnMeasure.operation_id == operation.id, OwnMeasure.code == code))
    return None if row is None else as_measure(row)


def measures_with_figures(session: Session, operation: Operation) -> frozenset[str]:
    """Codes under which a figure was stated: such a measure is not taken away."""
    return frozenset(session.scalars(select(Figure.measure).where(Figure.operation_id == operation.id).distinct()))
