"""Dates as CLDR writes them in a language, with years of the Buddhist calendar where they are wanted."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, get_date_format, match_skeleton

ERAS = {"th": "พ.ศ.", "lo": "ພ.ສ.", "km": "ព.ស."}
"""What stands before a year of the Buddhist calendar; elsewhere `BE`."""
BUDDHIST_YEARS = 543
"""What that calendar is ahead as Thailand and Laos count; in Cambodia a year begins on Visakha Puja."""
YEAR = re.compile(r"('[^']*')|G+\s?(?=y)|y+")
REMEMBERED = 4096


@lru_cache(maxsize=REMEMBERED)
def written(value: date, form: str, locale: str, *, buddhist: bool = False) -> str:
    """A date in one of CLDR's forms: `full`, `medium`, or a skeleton such as `MMMEd`."""
    return _by(value, _pattern(form, locale), locale, buddhist=buddhist)


@lru_cache(maxsize=REMEMBERED)
def interval(first: date, last: date, locale: str, *, long: bool = False, buddhist: bool = False) -> str:
    """`5–6 Feb 2026`; `long` has weekdays and whole names: `Thursday, 5 – Friday, 6 February 2026`."""
    known = Locale.parse(locale).interval_formats
    name = ("yMMMMEd" if "yMMMMEd" in known else "yMMMEd") if long else "yMMMd"
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    parts = known.get(name, {}).get(differs)
    if parts is None or any("/" in part for part in parts):  # 5/02 – 6/03 is two days to two readers, too
        form = "full" if long else "medium"
        ends = (written(day, form, locale, buddhist=buddhist) for day in (first, last))
        return " – ".join(ends)
    if long:
        parts = [re.sub("E+", "EEEE", re.sub("MMM+", "MMMM", part)) for part in parts]
    return "".join(_by(day, part, locale, buddhist=buddhist) for day, part in zip((first, last), parts, strict=True))


def _pattern(form: str, locale: str) -> str:
    if form == "full":
        return str(get_date_format("full", locale).pattern)
    if form == "medium":
        pattern = str(get_date_format("medium", locale).pattern)
        by_numbers = "MMM" not in pattern and locale.partition("_")[0] in {"ar", "ja"}
        return _pattern("yMMMd", locale) if by_numbers else pattern  # 05/02/2026 is two days to two readers
    skeletons = Locale.parse(locale).datetime_skeletons
    return str(skeletons[match_skeleton(form, skeletons)].pattern)


def _by(value: date, pattern: str, locale: str, *, buddhist: bool) -> str:
    if buddhist:
        era = ERAS.get(locale.partition("_")[0], "BE")
        year = f"'{era} {value.year + BUDDHIST_YEARS}'"
        pattern = YEAR.sub(lambda found: found[1] or (year if found[0].startswith("y") else ""), pattern)
    return str(format_date(datetime.combine(value, time(12)), pattern, locale=locale))
