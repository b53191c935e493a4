"""The frame that every document has: marking, page numbers, contents, tables that go on over pages."""

from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_babel import Babel
from jinja2 import FileSystemLoader

from confmgr import config
from confmgr.gateways import pdf
from confmgr.sharing.domain import Tlp
from confmgr.values.languages import direction
from confmgr.web import formats
from tests.gateways import paper

ROWS = [(f"KH-{number:03}", "Cambodia", number) for number in range(1, 90)]


@pytest.fixture(scope="module")
def probing() -> Flask:
    """The templates of documents, and that of these tests."""
    app = Flask("probing")
    Babel(app)
    formats.attach(app)
    app.jinja_env.loader = FileSystemLoader([Path(__file__).parent / "templates", config.TEMPLATES])
    return app


def probe(app: Flask, language: str, marking: Tlp = Tlp.AMBER_STRICT) -> bytes:
    with app.test_request_context():
        html = render_template(
            "probe.html", lang=language, dir=direction(language), marking=marking, sample=False, rows=ROWS
        )
    return pdf.render(html, language=language, created=paper.CREATED)


@pytest.fixture(scope="module")
def english(probing: Flask) -> bytes:
    return probe(probing, "en")


def test_every_page_says_its_marking_twice_and_its_number(english: bytes) -> None:
    assert paper.pages(english) == 6
    for number in range(6):
        said = paper.said(english, number)
        top, foot = said.rstrip().rsplit("Outcome report for leadership", 1)[-1].split("Copy 3 of 8", 1)
        assert top.split() == ["TLP:AMBER+STRICT"]
        assert foot.endswith(f"{number + 1} / 6 TLP:AMBER+STRICT")


@pytest.mark.parametrize("marking", Tlp)
def test_each_marking_is_printed_as_it_is_written(probing: Flask, marking: Tlp) -> None:
    with probing.test_request_context():
        html = render_template("documents/_base.html", lang="ko", dir="ltr", marking=marking, sample=False)
    assert paper.said(pdf.render(html, language="ko", created=paper.CREATED)).split().count(marking.label) == 2


def test_the_contents_name_the_headings_with_their_pages(english: bytes) -> None:
    lines = [line.strip() for line in paper.said(english, 1).split("\n")]
    assert lines[lines.index("Contents") + 1 :][:8] == [
        "Why 31 to 60 arrested 1",
        "One case from table to arrest 1",
        "From cases to action 1",
        "Declared against recorded 1",
        "For your decision 1",
        "Leads by case 3",
        "Every record 4",
        "캄보디아와의 합동 단속 6",
    ]


def test_the_outline_holds_the_headings_and_not_the_word_contents(english: bytes) -> None:
    titles = paper.bookmarks(english)
    assert titles[0] == (0, "1st meeting: what it led to")
    assert (1, "Every record") in titles
    assert (2, "캄보디아와의 합동 단속") in titles
    assert "Contents" not in {title for _, title in titles}


def test_a_table_repeats_its_headings_on_every_page_it_takes(english: bytes) -> None:
    texts = [paper.said(english, number).replace("\n", " ") for number in range(6)]
    assert ["KH-0" in text for text in texts] == [False, False, False, True, True, True]
    assert ["Case Party Arrested" in text for text in texts] == [False, False, False, True, True, True]


def test_no_card_is_torn_in_two_columns_or_pages(english: bytes) -> None:
    said = paper.said(english, 2)
    cards = [part.split("\n", 1)[0].strip() for part in said.split("Lead ")[1:]]
    assert cards == [f"{number} TLP:AMBER+STRICT" for number in range(14)]
    assert said.count("3 February 2026 · Korea to Cambodia") == 14


def test_a_drawing_has_the_colours_of_its_classes() -> None:
    square = '<svg width="100mm" height="100mm"><rect class="range-solid" width="100%" height="100%"/></svg>'
    file = pdf.render(paper.page(square), language="en", created=paper.CREATED)
    assert paper.opened(file)[0].render().to_pil().getpixel((200, 200)) == (0x26, 0x4F, 0x8B)


def test_a_screen_reader_is_told_what_a_heading_cell_heads_and_what_a_drawing_shows() -> None:
    body = (
        '<table><thead><tr><td></td><th scope="col">Arrested</th></tr></thead>'
        '<tbody><tr><th scope="row">Poipet</th><td>15</td></tr></tbody></table>'
        '<svg role="img" aria-label="31 to 60 arrested" width="9" height="9"><rect width="9" height="9"/></svg>'
        '<svg aria-hidden="true" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    plain = paper.plain(pdf.render(paper.page(body), language="en", created=paper.CREATED))
    assert plain.count(b"/Scope /Column") == 1
    assert plain.count(b"/Scope /Row") == 1
    assert plain.count(b"/S /Figure") == 1
    assert plain.count(b"/Alt (31 to 60 arrested)") == 1


@pytest.mark.slow
def test_a_document_in_arabic_is_a_mirror_image(probing: Flask) -> None:
    places = {}
    for language in ("en", "ar"):
        texts = paper.opened(probe(probing, language))[0].get_textpage()
        searcher = texts.search("TLP:AMBER+STRICT")
        places[language] = texts.get_charbox(searcher.get_next()[0])[0]
    assert places["en"] > 400
    assert places["ar"] < 100
