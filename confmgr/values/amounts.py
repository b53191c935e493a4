"""Large amounts as readers in Korea, China and Japan group them: by ten thousands."""

from decimal import Decimal

MYRIADS = {
    "ko": ((10**12, "조"), (10**8, "억"), (10**4, "만")),
    "zh-Hans": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
    "ja": ((10**12, "兆"), (10**8, "億"), (10**4, "万")),
}


def in_myriads(amount: Decimal, language: str = "ko") -> str:
    """A whole amount grouped by 조, 억 and 만: 2589000000 is `25억 8,900만`. Below ten thousand only the digits."""
    rest = int(amount)
    parts = []
    for unit, name in MYRIADS[language]:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count:,}{name}")
    if rest or not parts:
        parts.append(f"{rest:,}")
    return (" " if language == "ko" else "").join(parts)
