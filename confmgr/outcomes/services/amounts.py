"""What a figure must hold before it is kept: numbers, currency, period, parts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import is_currency
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.outcomes import queries
from confmgr.outcomes.domain import Dimension
from confmgr.outcomes.measures import Measure, Nature, Unit
from confmgr.parties.models import Operation

LARGEST = Decimal(10) ** 18
KEY = 60

Part = tuple[Dimension, str, Decimal, bool]
"""Dimension, key, value, and whether somebody verified it."""


def check_figure(
    session: Session,
    operation: Operation,
    measure: str,
    low: Decimal,
    high: Decimal | None,
    currency: str | None,
    period: tuple[date, date] | None,
    at_on: date | None,
) -> Measure:
    """The measure of a figure that may be kept.

    Raises:
        Refused: Why it may not.
    """
    known = queries.find_measure(session, operation, measure)
    if known is None:
        raise Refused("unknown_measure", field="measure", measure=measure)
    check_number(low)
    check_number(low if high is None else high)
    if high is not None and high < low:
        raise Refused("interval_reversed", field="high")
    if (currency is not None) != (known.unit is Unit.MONEY) or (currency is not None and not is_currency(currency)):
        raise Refused("currency_not_right", field="currency", currency=currency or "")
    if known.nature is Nature.STOCK and at_on is None:
        raise Refused("stock_needs_moment", field="at_on")
    if known.nature is Nature.FLOW and not known.known_at and period is None:
        raise Refused("flow_needs_period", field="from_on")
    if (period is None) == (at_on is None):
        raise Refused("period_or_moment", field="from_on")
    if period is not None and period[1] < period[0]:
        raise Refused("dates_reversed", field="to_on")
    return known


def check_parts(measure: Measure, parts: Sequence[Part]) -> None:
    """Parts of a breakdown; that they add up is not asked, what they leave over is shown.

    Raises:
        Refused: A dimension that the measure does not have, a part twice or without a name, no amount.
    """
    seen = set()
    for dimension, key, value, _verified in parts:
        if dimension not in measure.breakdowns:
            raise Refused("breakdown_dimension", field="breakdown", dimension=dimension)
        if not key or len(key) > KEY:
            raise Refused("breakdown_part", field="breakdown")
        if (dimension, key) in seen:
            raise Refused("breakdown_twice", field="breakdown", key=key)
        seen.add((dimension, key))
        check_number(value)


def check_number(value: Decimal, field: str = "low") -> None:
    """Refuse what is no amount.

    Raises:
        Refused: Negative, or larger than any real figure.
    """
    if value < 0:
        raise Refused("negative", field=field)
    if value >= LARGEST:
        raise Refused("too_large", field=field)
