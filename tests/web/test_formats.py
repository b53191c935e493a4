"""Dates, times and money as readers of each language write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from confmgr.web import formats


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
    ],
)
def test_days_from_first_to_last_are_said_once(app: Flask, language: str, last: date, short: str, long: str) -> None:
    with reading(app, language):
        first = date(2026, 2, 5)
        assert formats.dates(first, last).replace("\u2009", " ") == short
        assert formats.dates_long(first, last).replace("\u2009", " ") == long
