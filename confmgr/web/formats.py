"""Jinja filters: dates, times, numbers, money, names and words in the reader's language."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_name
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup, escape

from confmgr.values import languages
from confmgr.values.amounts import in_myriads
from confmgr.values.times import wall_time, zone
from confmgr.values.words import Words
from confmgr.web import labels
from confmgr.web.bars import bar_labels


def language() -> str:
    """The page's language as a BCP 47 tag."""
    locale = get_locale()
    return "en" if locale is None else str(locale).replace("_", "-")


def _locale() -> str:
    """English days come before months: the readers are from many countries."""
    return "en_001" if language() == "en" else languages.babel_locale(language())


def day(value: date) -> str:
    """`Thu 5 Feb` in the reader's language."""
    return format_skeleton("MMMEd", _midday(value), locale=_locale())


def day_long(value: date) -> str:
    """`Thursday, 5 February 2026` in the reader's language."""
    return format_date(value, "full", locale=_locale())


def date_short(value: date) -> str:
    """`5 Feb 2026` in the reader's language."""
    return format_date(value, "medium", locale=_locale())


def dates(first: date, last: date) -> str:
    """`5–6 Feb 2026` in the reader's language; one day is that day alone."""
    return date_short(first) if first == last else _interval(first, last, "yMMMd", "yMMMd")


def dates_long(first: date, last: date) -> str:
    """`Thursday, 5 – Friday, 6 February 2026` in the reader's language; one day is that day alone."""
    return day_long(first) if first == last else _interval(first, last, "yMMMEd", "yMMMMEEEEd")


def _interval(first: date, last: date, known: str, wanted: str) -> str:
    """An interval as CLDR writes the skeleton `known`, its names as long as in `wanted`."""
    formats = Locale.parse(_locale()).interval_formats.get(known, {})
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    parts = formats.get(differs)
    if parts is None:
        return format_interval(first, last, known, locale=_locale())
    long = wanted != known
    patterns = [re.sub("E+", "EEEE", re.sub("MMM+", "MMMM", part)) if long else part for part in parts]
    return "".join(
        format_date(day, pattern, locale=_locale()) for day, pattern in zip((first, last), patterns, strict=True)
    )


def month(value: date) -> str:
    """`February 2026` in the reader's language."""
    return format_skeleton("yMMMM", _midday(value), locale=_locale())


def month_short(value: date) -> str:
    """`Feb`, in January with its year, in the reader's language: the scale of a time line."""
    return format_skeleton("yMMM" if value.month == 1 else "MMM", _midday(value), locale=_locale())


def clock(value: datetime | time) -> str:
    """`09:40`, on the 24-hour clock in every language."""
    return value.strftime("%H:%M")


def moment(value: datetime, zone_name: str) -> str:
    """An instant as date and 24-hour time in a zone: `5 Feb 2026, 09:40` in the reader's language."""
    wall = wall_time(value, zone_name)
    return f"{date_short(wall)}, {clock(wall)}"


def offset(zone_name: str, when: datetime) -> str:
    """`UTC+9`: what the zone's clocks are ahead at an aware instant."""
    ahead = when.astimezone(zone(zone_name)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(ahead / timedelta(minutes=1))), 60)
    return f"UTC{'-' if ahead < timedelta() else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def city(zone_name: str) -> str:
    """`Phnom Penh` of `Asia/Phnom_Penh`, in the reader's language."""
    return get_timezone_location(zone(zone_name), locale=_locale(), return_city=True)


def language_name(tag: str) -> str:
    """What the reader's language calls a language: `Korean` of `ko`."""
    return Locale.parse(languages.babel_locale(tag)).get_display_name(_locale()) or tag


def series(texts: Sequence[str]) -> str:
    """`one, two and three` in the reader's language."""
    return format_list(list(texts), locale=_locale())


def local(value: datetime, zone_name: str) -> datetime:
    """The wall time of an instant in a zone."""
    return wall_time(value, zone_name)


def number(value: Decimal | float) -> str:
    """A number with the reader's separators; trailing zeros of a stored decimal are dropped."""
    return format_decimal(value if isinstance(value, int) else Decimal(value).normalize(), locale=_locale())


SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
"""Words for large English amounts. Amounts of other languages are written out."""


def money(value: Decimal | float, currency: str) -> str:
    """An amount with its currency; large ones by the million in English, by 억 and 만 in Korean."""
    amount = Decimal(value)
    if language() == "ko" and amount >= 10**4:
        return f"{in_myriads(amount)} {currency_name(currency)}"
    scale = _scale(amount)
    if scale is not None:
        return f"{format_decimal(amount / scale[0], locale='en_001')} {scale[1]} {currency_name(currency)}"
    digits = "¤#,##0" if amount == amount.to_integral() else None
    return format_currency(amount, currency, digits, locale=_locale(), currency_digits=digits is None)


def money_ends(low: Decimal, high: Decimal, currency: str) -> tuple[str, str]:
    """Both ends of an interval; scale and currency are said once: `52.2`, `54.7 billion won`."""
    upper, scales = money(high, currency), (_scale(low), _scale(high))
    if language() == "ko" and low >= 10**4:
        return in_myriads(low), upper
    if scales[0] is not None and scales[0] == scales[1]:
        return format_decimal(low / scales[0][0], locale="en_001"), upper
    return money(low, currency), upper


def currency_name(currency: str) -> str:
    """`won`, `US dollars` in the reader's language; the Korean won without its country."""
    name = get_currency_name(currency, count=2, locale=_locale())
    return name.removeprefix("대한민국 ").removeprefix("South Korean ")


def _scale(amount: Decimal) -> tuple[int, str] | None:
    if language() != "en":
        return None
    return next(((unit, name) for unit, name in SCALES if amount >= unit and amount % (unit // 1000) == 0), None)


def upright(value: object) -> Markup:
    """Codes, telephone numbers, times and ranges that must not be mirrored in right-to-left text."""
    return Markup('<bdi dir="ltr" class="upright">{}</bdi>').format(value)


def words(value: Words | None, preferred: str | None = None) -> Markup:
    """A translated text in the reader's language, marked where it falls back to another one."""
    if value is None:
        return Markup()
    picked = value.pick(preferred or language())
    if not picked.fallback:
        return Markup("<bdi>{}</bdi>").format(picked.text)
    return Markup('<bdi lang="{}" dir="{}" class="fallback">{}<small class="fallback-mark">{}</small></bdi>').format(
        picked.language, languages.direction(picked.language), picked.text, picked.language
    )


def person_name(name: str, latin: str, name_language: str) -> Markup:
    """A name as its bearer writes it, and its Latin form where that differs."""
    own = Markup('<bdi lang="{}">{}</bdi>').format(name_language, name)
    return own if name == latin else Markup("{} <bdi lang='und-Latn'>{}</bdi>").format(own, latin)


def pair_name(two: str) -> str:
    """A pair like `km-ko` by the names of its languages: `Khmer–Korean`."""
    first, _dash, second = two.replace("zh-Hans", "zh_Hans").partition("-")
    return f"{language_name(first.replace('_', '-'))}–{language_name(second.replace('_', '-'))}"


def _midday(value: date) -> datetime:
    return datetime.combine(value, time(12))


def attach(app: Flask) -> None:
    """Give every template the filters and the globals `lang` and `dir`."""
    filters = {
        "day": day,
        "day_long": day_long,
        "date_short": date_short,
        "dates": dates,
        "dates_long": dates_long,
        "month": month,
        "month_short": month_short,
        "clock": clock,
        "moment": moment,
        "city": city,
        "language_name": language_name,
        "series": series,
        "local": local,
        "number": number,
        "money": money,
        "currency_name": currency_name,
        "upright": upright,
        "words": words,
        "pair_name": pair_name,
        "label": labels.of,
        "term": labels.term,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        offset=offset,
        person_name=person_name,
        plain_words=plain_words,
        escape=escape,
        money_ends=money_ends,
        bar_labels=bar_labels,
    )
    app.context_processor(lambda: {"lang": language(), "dir": languages.direction(language())})


def plain_words(value: Words | None) -> str:
    """The text of `words` without markup: titles, options of a select, file names."""
    return "" if value is None else value.text(language())
