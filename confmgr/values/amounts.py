"""Large amounts as Korean readers group them."""

from decimal import Decimal

MYRIADS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))


def in_myriads(amount: Decimal) -> str:
    """A whole amount grouped by 조, 억 and 만: 2589000000 is `25억 8,900만`. Below ten thousand only the digits."""
    rest = int(amount)
    parts = []
    for unit, name in MYRIADS:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count:,}{name}")
    if rest or not parts:
        parts.append(f"{rest:,}")
    return " ".join(parts)
