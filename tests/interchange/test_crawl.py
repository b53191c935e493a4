"""Every link that a page shows to somebody leads to a page that this person may open."""

import pytest
from flask import Flask

from tests.interchange.crawling import crawl, kind, signed_in, small_sample

READERS = [
    ("organiser@knpa.example", "en"),
    ("organiser@knpa.example", "ko"),
    ("leadership@knpa.example", "en"),
    ("leadership@knpa.example", "ko"),
    ("auditor@knpa.example", "ko"),
    ("kim.seojun@kr.example", "ko"),
    ("sok.dara@kh.example", "en"),
    ("takahashi.naoki@jp.example", "ko"),
    ("marta.koller@unodc.example", "en"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return small_sample(tmp_path_factory.mktemp("crawled"))


@pytest.mark.parametrize(("email", "language"), READERS)
def test_no_link_leads_to_an_error(sample: Flask, email: str, language: str) -> None:
    pages = list(crawl(sample, signed_in(sample, email), language))
    wrong = [(answer.status_code, path) for path, answer in pages if answer.status_code != 200]
    assert not wrong, wrong
    assert len({kind(sample, path) for path, _answer in pages}) > 5
