"""One indicator with its values; indicators are known to everybody in an operation."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from confmgr.errors import NotFound
from confmgr.outcomes.models import Indicator, IndicatorValue
from confmgr.parties.models import Operation


def get_indicator(session: Session, operation: Operation, code: str) -> Indicator:
    """An indicator by its code, with values and sources.

    Raises:
        NotFound: The operation has none of that code.
    """
    found = session.scalar(
        select(Indicator)
        .where(Indicator.operation_id == operation.id, Indicator.code == code)
        .options(selectinload(Indicator.values).joinedload(IndicatorValue.source))
    )
    if found is None:
        raise NotFound("indicator", code)
    return found


def get_value(indicator: Indicator, ident: int) -> IndicatorValue:
    """One value of an indicator.

    Raises:
        NotFound: It has none of that number.
    """
    found = next((value for value in indicator.values if value.id == ident), None)
    if found is None:
        raise NotFound("value", ident)
    return found
