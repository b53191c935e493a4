"""Every link that a page shows to somebody leads to a page that this person may open."""

import re
from html import unescape

import pytest
from flask import Flask

from confmgr.values.languages import OWN_NAMES
from tests.interchange.crawling import crawl, kind, signed_in
from tests.interchange.samples import small_sample
from tests.soak import SOAK

SOME = [
    ("organiser@knpa.example", "en"),
    ("auditor@knpa.example", "ko"),
    ("sok.dara@kh.example", "en"),
    ("marta.koller@unodc.example", "en"),
]
OTHERS = [
    ("organiser@knpa.example", "ko"),
    ("leadership@knpa.example", "en"),
    ("leadership@knpa.example", "ko"),
    ("kim.seojun@kr.example", "ko"),
    ("takahashi.naoki@jp.example", "ko"),
]
READERS = [*SOME, *OTHERS] if SOAK else SOME
"""Leadership and a head of delegation are followed in `bin/test` too: by `tests/browser/test_pseudo.py`."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return small_sample(tmp_path_factory)


@pytest.mark.parametrize(("email", "language"), READERS)
def test_no_link_leads_to_an_error(sample: Flask, email: str, language: str) -> None:
    pages = list(crawl(sample, signed_in(sample, email), language))
    wrong = [(answer.status_code, path) for path, answer in pages if answer.status_code != 200]
    assert not wrong, wrong
    assert len({kind(sample, path) for path, _answer in pages}) > 5


NAMES = re.compile(
    r"Secretariat of the host|Natural Earth|TLP:[A-Z+]+|HAECHI|INTERPOL|ASEANAPOL|AFRIPOL|UNODC|IOM|KNPA|confmgr|PDF|JSON|CSV|XLSX|UTC[+-]?|Asia/\w+|America/\w+|[A-Z]{2,3}(?:-\w+)?|[a-z]+(?:-[a-z0-9]+)+"
)
"""An account, the maker of coasts, markings, bodies, zones, formats, codes of parties and keys of records: the same to every reader."""


def text_of(page: str) -> str:
    """What a page says to the eye, but for the names that it marks as such."""
    told = page.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    told = re.sub(
        r'<(\w+)[^>]*translate="no"[^>]*>.*?</\1>|<(script|style|title)\b.*?</\2>', " ", told, flags=re.DOTALL
    )
    return unescape(re.sub(r"<[^>]*>", " ", told))


@pytest.mark.parametrize("language", ["ko", "ar"])
@pytest.mark.parametrize(
    "page", ["meetings/seoul-2026/programme", "meetings/seoul-2026/agenda", "operations/breaking-chains/report"]
)
def test_who_reads_one_language_alone_can_follow_programme_and_report(sample: Flask, language: str, page: str) -> None:
    client = signed_in(sample, "leadership@knpa.example")
    answer = client.get(f"/{page}?lang={language}")
    offered = "|".join(map(re.escape, OWN_NAMES.values()))
    words = set(re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", re.sub(offered, " ", text_of(answer.text)))))
    assert words == set()
