"""Dates, times and money as readers of each language write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask, g
from flask_babel import force_locale
from markupsafe import Markup

from confmgr.accounts.models import User
from confmgr.web import formats
from confmgr.web.reader import speaking

FIFTH = date(2026, 2, 5)


@contextmanager
def as_reader(app: Flask, language: str, **chosen: str) -> Iterator[None]:
    """A page in a language, before a person who has chosen a calendar or digits."""
    with app.test_request_context(), force_locale(language):
        g._login_user = User(**chosen)  # where Flask-Login keeps who has signed in
        yield


@contextmanager
def reading(app: Flask, language: str) -> Iterator[None]:
    with app.test_request_context(), force_locale(language):
        yield


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "52200000000", "KRW", "52.2 billion won"),
        ("en", "400000000", "USD", "400 million US dollars"),
        ("ko", "52200000000", "KRW", "522억 원"),
        ("ko", "2589000000", "KRW", "25억 8,900만 원"),
        ("ko", "400000000", "USD", "4억 미국 달러"),
    ],
)
def test_large_amounts_name_their_currency_as_people_say_it(
    app: Flask, language: str, amount: str, currency: str, words: str
) -> None:
    with reading(app, language):
        assert formats.money(Decimal(amount), currency) == words


@pytest.mark.parametrize(
    ("language", "low", "high", "ends"),
    [
        ("en", "52200000000", "54700000000", ("52.2", "54.7 billion won")),
        ("en", "900000000", "1500000000", ("900 million won", "1.5 billion won")),
        ("ko", "52200000000", "54700000000", ("522억", "547억 원")),
    ],
)
def test_an_interval_says_its_currency_once(
    app: Flask, language: str, low: str, high: str, ends: tuple[str, str]
) -> None:
    with reading(app, language):
        assert formats.money_ends(Decimal(low), Decimal(high), "KRW") == ends


@pytest.mark.parametrize(
    ("language", "last", "short", "long"),
    [
        ("en", date(2026, 2, 6), "5–6 Feb 2026", "Thursday, 5 – Friday, 6 February 2026"),
        ("en", date(2026, 2, 5), "5 Feb 2026", "Thursday, 5 February 2026"),
        ("en", date(2026, 3, 1), "5 Feb – 1 Mar 2026", "Thursday, 5 February – Sunday, 1 March 2026"),
        ("ko", date(2026, 2, 6), "2026년 2월 5일~6일", "2026년 2월 5일 (목요일) ~ 6일 (금요일)"),
        ("es", date(2026, 2, 6), "5–6 feb 2026", "jueves, 5 de febrero – viernes, 6 de febrero de 2026"),
        ("lo", date(2026, 3, 1), "5 ກ.ພ. 2026 – 1 ມ.ນ. 2026", "ວັນພະຫັດ, 5 ກຸມພາ 2026 – ວັນອາທິດ, 1 ມີນາ 2026"),
    ],
)
def test_days_from_first_to_last_are_said_once(app: Flask, language: str, last: date, short: str, long: str) -> None:
    with reading(app, language):
        first = date(2026, 2, 5)
        assert formats.dates(first, last).replace("\u2009", " ") == short
        assert formats.dates_long(first, last).replace("\u2009", " ") == long


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "5 Feb 2026", "Thursday, 5 February 2026"),
        ("ko", "2026. 2. 5.", "2026년 2월 5일 목요일"),
        ("km", "5 កុម្ភៈ 2026", "ព្រហស្បតិ៍ 5 កុម្ភៈ 2026"),
        ("th", "5 ก.พ. 2026", "วันพฤหัสบดีที่ 5 กุมภาพันธ์ ค.ศ. 2026"),
        ("lo", "5 ກ.ພ. 2026", "ວັນພະຫັດ, 5 ກຸມພາ 2026"),
        ("vi", "5 thg 2, 2026", "Thứ Năm, 5 tháng 2, 2026"),
        ("zh-Hans", "2026年2月5日", "2026年2月5日星期四"),
        ("ja", "2026年2月5日", "2026年2月5日木曜日"),
        ("ar", "5 فبراير 2026", "الخميس، 5 فبراير 2026"),
        ("fr", "5 févr. 2026", "jeudi 5 février 2026"),
        ("es", "5 feb 2026", "jueves, 5 de febrero de 2026"),
        ("id", "5 Feb 2026", "Kamis, 05 Februari 2026"),
    ],
)
def test_a_date_is_written_as_cldr_has_it_with_digits_0_to_9(app: Flask, language: str, short: str, long: str) -> None:
    with app.test_request_context(), speaking(language):
        assert (formats.date_short(FIFTH), formats.day_long(FIFTH)) == (short, long)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-Hans", "25亿8,900万韩元"), ("ja", "25億8,900万韓国ウォン"), ("fr", "2 589 000 000 ₩")],
)
def test_amounts_are_grouped_as_the_language_counts(app: Flask, language: str, words: str) -> None:
    with app.test_request_context(), speaking(language):
        assert formats.money(Decimal(2589000000), "KRW").replace("\u202f", " ").replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("language", "long", "month", "both"),
    [
        ("th", "วันพฤหัสบดีที่ 5 กุมภาพันธ์ พ.ศ. 2569", "กุมภาพันธ์ พ.ศ. 2569", "5–6 ก.พ. พ.ศ. 2569"),
        ("lo", "ວັນພະຫັດ, 5 ກຸມພາ ພ.ສ. 2569", "ກຸມພາ ພ.ສ. 2569", "5 ກ.ພ. ພ.ສ. 2569 – 6 ກ.ພ. ພ.ສ. 2569"),
        ("en", "Thursday, 5 February BE 2569", "February BE 2569", "5–6 Feb BE 2569"),
    ],
)
def test_who_has_chosen_the_buddhist_calendar_reads_its_years_with_their_era(
    app: Flask, language: str, long: str, month: str, both: str
) -> None:
    with as_reader(app, language, calendar="buddhist"):
        assert formats.day_long(FIFTH) == long
        assert formats.month(FIFTH) == month
        assert formats.dates(FIFTH, date(2026, 2, 6)) == both


@pytest.mark.parametrize(
    ("language", "day", "number", "time"),
    [
        ("ar", "٥ فبراير ٢٠٢٦", "١٤,٦٤٣", "٠٩:٤٠"),
        ("th", "๕ ก.พ. ๒๐๒๖", "๑๔,๖๔๓", "๐๙:๔๐"),
        ("km", "៥ កុម្ភៈ ២០២៦", "១៤,៦៤៣", "០៩:៤០"),
        ("lo", "໕ ກ.ພ. ໒໐໒໖", "໑໔.໖໔໓", "໐໙:໔໐"),
        ("ko", "2026. 2. 5.", "14,643", "09:40"),
    ],
)
def test_own_digits_are_for_who_has_chosen_them_and_only_where_the_script_has_some(
    app: Flask, language: str, day: str, number: str, time: str
) -> None:
    with as_reader(app, language, digits="native"):
        assert (formats.date_short(FIFTH), formats.number(14643)) == (day, number)
        assert formats.clock(datetime(2026, 2, 5, 9, 40)) == time  # noqa: DTZ001
        assert formats.upright("KH-01") == '<bdi dir="ltr" class="upright">KH-01</bdi>'


def test_what_is_written_for_others_keeps_common_years_and_digits(app: Flask) -> None:
    with as_reader(app, "th", calendar="buddhist", digits="native"), speaking("th"):
        assert formats.date_short(FIFTH) == "5 ก.พ. 2026"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "KH, TH"), ("ar", "KH، TH"), ("zh-Hans", "KH、TH"), ("ja", "KH、TH"), ("fr", "KH, TH")],
)
def test_codes_side_by_side_have_the_comma_of_the_language(app: Flask, language: str, text: str) -> None:
    with app.test_request_context(), speaking(language):
        assert formats.listed(["KH", "TH"]) == text


def test_a_date_with_an_arabic_month_is_not_turned_around(app: Flask) -> None:
    with app.test_request_context(), speaking("ar"):
        assert formats.upright("5 فبراير 2026") == '<bdi class="upright">5 فبراير 2026</bdi>'
        assert formats.upright("09:00–10:00") == '<bdi dir="ltr" class="upright">09:00–10:00</bdi>'


def test_counts_in_sentences_have_the_separators_of_the_language(app: Flask) -> None:
    page = app.jinja_env.from_string('{{ ngettext("%(num)s record", "%(num)s records", 14643) }}')
    with app.test_request_context(), speaking("es"):
        assert page.render().startswith("14.643 ")
    with app.test_request_context(), speaking("en"):
        assert page.render() == "14,643 records"


def test_a_constant_in_a_template_is_said_anew_in_the_language_of_each_reader(app: Flask) -> None:
    page = app.jinja_env.from_string('{{ ("KH", "TH")|listed }}')
    with app.test_request_context(), speaking("ar"):
        assert page.render() == "KH، TH"
    with app.test_request_context(), speaking("th"):
        assert page.render() == "KH, TH"


def test_the_title_of_a_window_is_without_the_mark_of_another_language() -> None:
    fallen = Markup(
        '<bdi lang="en" dir="ltr" class="fallback">Raid &amp; rescue<small class="fallback-mark">en</small></bdi>'
    )
    assert formats.bare(fallen) == "Raid & rescue"


@pytest.mark.parametrize(("count", "words"), [(1, "1 byte"), (75, "75 bytes"), (2048, "2 kB"), (12_900_000, "12.3 MB")])
def test_the_size_of_a_file_is_a_number_with_its_unit(app: Flask, count: int, words: str) -> None:
    with reading(app, "en"):
        assert formats.file_size(count) == words


@pytest.mark.parametrize("tag", ["xx", "tlh-Latn-KX", "not a language", "", "ko-Kore-KR-x-y-z"])
def test_a_language_that_nobody_has_named_is_called_by_its_tag(app: Flask, tag: str) -> None:
    with reading(app, "en"):
        assert formats.language_name(tag) == tag
        assert formats.language_name("ko") == "Korean"
