"""Jinja filters: dates, times, numbers, money, names and words in the reader's language."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_name
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup, escape

from confmgr.values import languages
from confmgr.values.amounts import in_myriads
from confmgr.values.times import wall_time, zone
from confmgr.values.words import Words
from confmgr.web import labels


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


def month(value: date) -> str:
    """`February 2026` in the reader's language."""
    return format_skeleton("yMMMM", _midday(value), locale=_locale())


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


def local(value: datetime, zone_name: str) -> datetime:
    """The wall time of an instant in a zone."""
    return wall_time(value, zone_name)


def number(value: Decimal | float) -> str:
    """A number with the reader's separators; trailing zeros of a stored decimal are dropped."""
    return format_decimal(value if isinstance(value, int) else Decimal(value).normalize(), locale=_locale())


def money(value: Decimal | float, currency: str) -> str:
    """An amount with its currency; large ones by the million in English, by 억 and 만 in Korean."""
    amount = Decimal(value)
    if language() == "ko" and amount >= 10**4:
        return f"{in_myriads(amount)} {get_currency_name(currency, locale='ko').removeprefix('대한민국 ')}"
    for unit, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if language() == "en" and amount >= unit and amount % (unit // 1000) == 0:
            return f"{format_decimal(amount / unit, locale='en_001')} {name} {get_currency_name(currency, locale='en')}"
    digits = "¤#,##0" if amount == amount.to_integral() else None
    return format_currency(amount, currency, digits, locale=_locale(), currency_digits=digits is None)


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


def language_name(tag: str) -> str:
    """A language by its name in the reader's language: `Khmer`."""
    known = Locale.parse(languages.babel_locale(tag))
    return str(known.get_display_name(languages.babel_locale(language())) or tag)


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
        "month": month,
        "clock": clock,
        "moment": moment,
        "local": local,
        "number": number,
        "money": money,
        "upright": upright,
        "words": words,
        "language_name": language_name,
        "pair_name": pair_name,
        "label": labels.of,
        "term": labels.term,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(offset=offset, person_name=person_name, plain_words=plain_words, escape=escape)
    app.context_processor(lambda: {"lang": language(), "dir": languages.direction(language())})


def plain_words(value: Words | None) -> str:
    """The text of `words` without markup: titles, options of a select, file names."""
    return "" if value is None else value.text(language())
