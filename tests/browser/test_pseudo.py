"""Pages of delegates in a language that nobody speaks: nothing of them is untranslated, nothing is too narrow.

Sentences are half as long again, once in accented letters and once in letters from the right, on the narrowest phone.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.serving import serving
from tests.interchange.crawling import crawl, kind, signed_in
from tests.interchange.samples import small_sample
from tests.once import extracted
from tests.pseudo import facts, of_calendar, speaking, untranslated
from tests.soak import SOAK

WIDTH = 360
HEAD, DELEGATE = "kim.seojun@kr.example", "sok.dara@kh.example"
INTERPRETER, LEADERSHIP = "takahashi.naoki@jp.example", "leadership@knpa.example"
EVERYBODY = [(email, tag) for email in (HEAD, DELEGATE, INTERPRETER, LEADERSHIP) for tag in ("fr", "ar")]
READERS = EVERYBODY if SOAK else [(HEAD, "fr"), (LEADERSHIP, "ar")]
MOST = 3 if SOAK else 1
NOTE = "This part of the application is not translated into it yet"
CUT = """() => {
  const wrong = [], seen = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) {
    wrong.push(`the page is ${wide} wide`);
    const beyond = seen.filter((one) => {
      const box = one.getBoundingClientRect();
      return box.right > innerWidth + 1 || box.left < -1;
    });
    wrong.push(...beyond.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)));
  }
  for (const one of seen) {
    if (one.matches("input, textarea")) continue;  // what somebody writes there scrolls
    const style = getComputedStyle(one);
    if (!["hidden", "clip"].includes(style.overflowX) || style.clipPath !== "none") continue;
    if (one.scrollWidth > one.clientWidth + 1) wrong.push("cut off: " + one.outerHTML.slice(0, 160));
  }
  return wrong;
}"""
"""What a page hides of its words, or what makes it wider than the screen."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("translations")
    with speaking(small_sample(tmp_path_factory), extracted(tmp_path_factory), folder) as app:
        yield app


@pytest.fixture(scope="module")
def address(sample: Flask) -> Iterator[str]:
    with serving(sample) as found:
        yield found


@pytest.mark.parametrize(("email", "language"), READERS)
def test_a_delegates_pages_are_translated_and_wide_enough(
    sample: Flask, address: str, browser: Browser, email: str, language: str
) -> None:
    data, known = facts(), of_calendar(language)
    client = signed_in(sample, email)
    english, opened, judged = [], dict[str, str](), dict[str, bool]()
    for path, answer in crawl(sample, client, language, MOST):
        assert answer.status_code == 200, path
        if answer.mimetype == "text/html":
            if f'lang="{language}"' not in answer.text.partition("<head")[0]:
                assert NOTE in answer.text, path  # a page on which results are entered says that it is in English
                continue
            english += [(path, text) for text in untranslated(answer.text, data, known, judged)]
            opened.setdefault(path if SOAK else kind(sample, path), path)
    cookie = client.get_cookie("session")
    assert cookie is not None
    narrow = []
    with browser.new_context(viewport={"width": WIDTH, "height": 780}) as context:
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        page = context.new_page()
        for path in opened.values():
            page.goto(address + path, wait_until="domcontentloaded")
            assert page.locator("html").get_attribute("lang") == language
            narrow += [(path, one) for one in page.evaluate(CUT)]
    assert not english, "\n".join(map(str, english))
    assert not narrow, "\n".join(map(str, narrow))
    assert len(opened) > 20


def test_a_sentence_that_is_not_translated_is_found() -> None:
    page = "<main><p>⟦Šáṽéö⟧ <bdi>Phnom Penh</bdi></p><p>Save it now</p><p>Cambodia</p></main>"
    assert untranslated(page, ["Cambodia"], frozenset()) == ["Save it now"]


def test_codes_and_shortened_names_of_the_data_are_no_sentences() -> None:
    page = "<main><p>TLP:AMBER</p><p>RR1-PH, 8</p><text>\u2068A house near the bor…\u2069</text><p>A house near us…</p></main>"
    assert untranslated(page, ["A house near the border", "AMBER", "PH"], frozenset()) == ["A house near us…"]
