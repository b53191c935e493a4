"""Jinja filters: dates, times, numbers, money, names and words in the reader's language."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import wraps

from babel import Locale, UnknownLocaleError
from babel.dates import get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_name
from babel.units import format_unit
from flask import Flask
from flask_babel import get_domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from confmgr.values import languages
from confmgr.values.amounts import MYRIADS, in_myriads
from confmgr.values.scripts import likely_language
from confmgr.values.times import wall_time, zone
from confmgr.values.words import Words
from confmgr.web import labels
from confmgr.web.bars import bar_labels
from confmgr.web.dates import interval, written
from confmgr.web.reader import reader

NATIVE_DIGITS = {
    tag: {ord("0") + number: chr(zero + number) for number in range(10)}
    for tag, zero in (("ar", 0x660), ("km", 0x17E0), ("th", 0xE50), ("lo", 0xED0))
}
"""Digits of scripts that have their own; all languages are written with 0–9 unless a reader has chosen these."""
MIRRORED = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters that are read from the right."""
COMMAS = {"ar": "، ", "zh-Hans": "、", "ja": "、"}
"""What stands between the parts of a list; elsewhere `, `."""
UNSPACED = frozenset({"zh-Hans", "ja"})
"""Languages that write no spaces between words."""


def language() -> str:
    """The page's language as a BCP 47 tag."""
    locale = get_locale()
    return "en" if locale is None else str(locale).replace("_", "-")


def _locale() -> str:
    """English days come before months: the readers are from many countries."""
    return "en_001" if language() == "en" else languages.babel_locale(language())


def day(value: date) -> str:
    """`Thu 5 Feb` in the reader's language."""
    return _date(value, "MMMEd")


def day_long(value: date) -> str:
    """`Thursday, 5 February 2026` in the reader's language."""
    return _date(value, "full")


def date_short(value: date) -> str:
    """`5 Feb 2026` in the reader's language."""
    return _date(value, "medium")


labels.write_dates(date_short)


def dates(first: date, last: date) -> str:
    """`5–6 Feb 2026` in the reader's language; one day is that day alone."""
    return date_short(first) if first == last else _interval(first, last)


def dates_long(first: date, last: date) -> str:
    """`Thursday, 5 – Friday, 6 February 2026` in the reader's language; one day is that day alone."""
    return day_long(first) if first == last else _interval(first, last, long=True)


def _interval(first: date, last: date, *, long: bool = False) -> str:
    made = interval(_day(first), _day(last), _locale(), long=long, buddhist=reader().buddhist)
    return digits(made)


def _date(value: date, form: str) -> str:
    return digits(written(_day(value), form, _locale(), buddhist=reader().buddhist))


def _day(value: date) -> date:
    """The day of a time, so that all times of a day are written once."""
    return value.date() if isinstance(value, datetime) else value


def digits(text: str) -> str:
    """A text with the digits that the reader has chosen."""
    return text.translate(NATIVE_DIGITS[language()]) if reader().native and language() in NATIVE_DIGITS else text


def month(value: date) -> str:
    """`February 2026` in the reader's language."""
    return _date(value, "yMMMM")


def month_short(value: date) -> str:
    """`Feb`, in January with its year, in the reader's language: the scale of a time line."""
    return _date(value, "yMMM" if value.month == 1 else "MMM")


def clock(value: datetime | time) -> str:
    """`09:40`, on the 24-hour clock in every language."""
    return digits(value.strftime("%H:%M"))


def moment(value: datetime, zone_name: str) -> str:
    """An instant as date and 24-hour time in a zone: `5 Feb 2026, 09:40` in the reader's language."""
    wall = wall_time(value, zone_name)
    return f"{date_short(wall)}{'، ' if language() == 'ar' else ', '}{clock(wall)}"


def offset(zone_name: str, when: datetime) -> str:
    """`UTC+9`: what the zone's clocks are ahead at an aware instant."""
    ahead = when.astimezone(zone(zone_name)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(ahead / timedelta(minutes=1))), 60)
    return f"UTC{'-' if ahead < timedelta() else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


def city(zone_name: str) -> str:
    """`Phnom Penh` of `Asia/Phnom_Penh`, in the reader's language."""
    return get_timezone_location(zone(zone_name), locale=_locale(), return_city=True)


def language_name(tag: str) -> str:
    """What the reader's language calls a language: `Korean` of `ko`; a tag that nobody has named is said as it is."""
    try:
        return Locale.parse(languages.babel_locale(tag)).get_display_name(_locale()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def series(texts: Sequence[str]) -> str:
    """`one, two and three` in the reader's language."""
    return format_list(list(texts), locale=_locale())


def listed(texts: Iterable[object]) -> str:
    """`KH, TH, VN` with the comma of the reader's language: codes and names side by side."""
    comma, found = COMMAS.get(language(), ", "), list(texts)
    if any(isinstance(text, Markup) for text in found):
        return Markup(comma).join(escape(text) for text in found)  # noqa: S704  # one of `COMMAS`
    return comma.join(str(text) for text in found)


def local(value: datetime, zone_name: str) -> datetime:
    """The wall time of an instant in a zone."""
    return wall_time(value, zone_name)


def number(value: Decimal | float) -> str:
    """A number with the reader's separators; trailing zeros of a stored decimal are dropped."""
    return digits(format_decimal(value if isinstance(value, int) else Decimal(value).normalize(), locale=_locale()))


def file_size(count: int) -> str:
    """So many bytes in the reader's units: `12.3 MB`."""
    for unit, size in (("digital-megabyte", 2**20), ("digital-kilobyte", 2**10)):
        if count >= size:
            return digits(format_unit(Decimal(count * 10 // size) / 10, unit, "short", locale=_locale()))
    return digits(format_unit(count, "digital-byte", "long", locale=_locale()))


SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
"""Words for large English amounts. Amounts of other languages are written out."""


def money(value: Decimal | float, currency: str) -> str:
    """An amount with its currency; large ones by the million in English, by 억 and 만 in Korean (万 in Chinese)."""
    return digits(_money(Decimal(value), currency))


def _money(amount: Decimal, currency: str) -> str:
    if language() in MYRIADS and amount >= 10**4:
        space = "" if language() in UNSPACED else " "
        return f"{in_myriads(amount, language())}{space}{currency_name(currency)}"
    scale = _scale(amount)
    if scale is not None:
        return f"{format_decimal(amount / scale[0], locale='en_001')} {scale[1]} {currency_name(currency)}"
    whole = amount == amount.to_integral()
    pattern = Locale.parse(_locale()).currency_formats["standard"].pattern.replace(".00", "") if whole else None
    return format_currency(amount, currency, pattern, locale=_locale(), currency_digits=not whole)


def money_ends(low: Decimal, high: Decimal, currency: str) -> tuple[str, str]:
    """Both ends of an interval; scale and currency are said once: `52.2`, `54.7 billion won`."""
    upper, scales = money(high, currency), (_scale(low), _scale(high))
    if language() in MYRIADS and low >= 10**4:
        return digits(in_myriads(low, language())), upper
    if scales[0] is not None and scales[0] == scales[1]:
        return digits(format_decimal(low / scales[0][0], locale="en_001")), upper
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
    ltr = Markup("") if MIRRORED.search(str(value)) else Markup(' dir="ltr"')  # a date with an Arabic month
    return Markup('<bdi{} class="upright">{}</bdi>').format(ltr, value)


def isolated(text: str) -> str:
    """A range of times for text without markup, kept from being turned where the text runs from the right."""
    return f"\u2066{text}\u2069" if languages.direction(language()) == "rtl" else text


def towards() -> str:
    """The arrow from what stands before it to what stands after it."""
    return "←" if languages.direction(language()) == "rtl" else "→"


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


def bare(marked: str) -> str:
    """A text without its markup and without the mark of a language it falls back to: for the title of a window."""
    return Markup(re.sub(r'<small class="fallback-mark"[^>]*>[^<]*</small>', "", marked)).striptags()  # noqa: S704  # tags go


def person_name(name: str, latin: str, name_language: str) -> Markup:
    """A name as its bearer writes it, and its Latin form where that differs."""
    own = Markup('<bdi lang="{}">{}</bdi>').format(name_language, name)
    return own if name == latin else Markup("{} <bdi lang='und-Latn'>{}</bdi>").format(own, latin)


def other_name(name: str) -> Markup:
    """A name of which nobody said the language, marked with the one whose letters are in it."""
    tag = likely_language(name)
    return Markup("<bdi>{}</bdi>").format(name) if tag is None else Markup('<bdi lang="{}">{}</bdi>').format(tag, name)


def pair_name(two: str) -> str:
    """A pair like `km-ko` by the names of its languages: `Khmer–Korean`."""
    first, _dash, second = two.replace("zh-Hans", "zh_Hans").partition("-")
    return f"{language_name(first.replace('_', '-'))}–{language_name(second.replace('_', '-'))}"


@pass_context
def counted(context: Context, singular: str, plural: str, num: int, **variables: object) -> str:
    """`ngettext` of templates: `%(num)s` with the reader's separators and digits."""
    said = get_domain().get_translations().ungettext(singular, plural, num)
    return (Markup(said) if context.eval_ctx.autoescape else said) % {"num": number(num), **variables}  # noqa: S704


def _at_reading(made: Callable[..., object]) -> Callable[..., object]:
    """A filter that asks for the context, lest Jinja say a constant for ever in the language of its first reader."""

    @pass_context
    @wraps(made)
    def said(_context: Context, *given: object, **named: object) -> object:
        return made(*given, **named)

    return said


def attach(app: Flask) -> None:
    """Give every template the filters and the globals `lang` and `dir`."""
    filters: dict[str, Callable[..., object]] = {
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
        "listed": listed,
        "local": local,
        "number": number,
        "file_size": file_size,
        "money": money,
        "currency_name": currency_name,
        "upright": upright,
        "words": words,
        "bare": bare,
        "pair_name": pair_name,
        "other_name": other_name,
        "likely_language": likely_language,
        "label": labels.of,
        "term": labels.term,
    }
    app.jinja_env.filters.update({name: _at_reading(one) for name, one in filters.items()})
    app.jinja_env.globals.update(
        ngettext=counted,
        offset=offset,
        towards=towards,
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


def code_and_name(code: str, name: Words | None) -> str:
    """A participant as a choice: `KH · Cambodia`; an organisation that is called by its code stands there once."""
    said = plain_words(name)
    return code if said == code else f"{code} · {said}"
