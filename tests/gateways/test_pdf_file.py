"""What a PDF is made of, and what the renderer refuses."""

import contextlib
import hashlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from confmgr.gateways import pdf
from tests.gateways import paper
from tests.gateways.test_pdf_text import SPACED, UNSPACED

BODY = "".join(paper.paragraph(text, language) for language, text in (SPACED | UNSPACED).items())
FIGURES = pdf.Attachment("figures.json", json.dumps({"arrests": [31, 60], "이름": "값"}), "Figures of this report")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    files = set()
    for _ in range(2):
        with pdf.Press() as press:
            for _ in range(2):
                files.add(
                    press.render(
                        paper.page(BODY), language="en", title="Probe", created=paper.CREATED, attachments=[FIGURES]
                    )
                )
    assert len(files) == 1


def test_the_instant_of_the_record_is_that_of_the_file() -> None:
    one = pdf.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)
    other = pdf.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED + timedelta(days=1))
    assert paper.metadata(one)["CreationDate"] == "D:20260205090000Z"
    assert paper.metadata(other)["ModDate"] == "D:20260206090000Z"


def test_only_fonts_that_are_shipped_are_used() -> None:
    names = paper.fonts(pdf.render(paper.page(BODY), language="en", title="Probe", created=paper.CREATED))
    assert names == {
        "Inter",
        "Noto-Sans-JP",
        "Noto-Sans-KR",
        "Noto-Sans-Khmer",
        "Noto-Sans-Lao",
        "Noto-Sans-SC",
        "Noto-Sans-Thai",
        "Vazirmatn",
    }


def test_a_font_of_the_system_that_a_page_names_is_not_used() -> None:
    body = "<p style=\"font-family: 'DejaVu Sans', monospace\">One</p>"
    assert "DejaVu-Sans" not in paper.fonts(pdf.render(paper.page(body), language="en", created=paper.CREATED))


def test_an_attachment_is_read_back_as_it_was_given() -> None:
    file = pdf.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED, attachments=[FIGURES])
    assert list(paper.attached(file)) == [(FIGURES.name, FIGURES.content)]
    assert b"/Subtype /application#2fjson" in paper.plain(file)


def test_a_file_is_tagged_and_says_its_title_and_language() -> None:
    file = pdf.render(paper.page("<h1>One</h1>"), language="ko", title="회의 결과", created=paper.CREATED)
    assert paper.metadata(file)["Title"] == "회의 결과"
    plain = paper.plain(file)
    for entry in (b"/Lang (ko)", b"/DisplayDocTitle true", b"/Marked true", b"/S /H1", b"pdfuaid"):
        assert entry in plain


@pytest.mark.parametrize(
    "piece",
    [
        '<img src="{url}/image.png">',
        '<link rel="stylesheet" href="{url}/style.css">',
        '<style>@import "{url}/more.css";</style>',
        '<p style="background: url({url}/ground.png)">x</p>',
        '<a rel="attachment" href="{url}/file">x</a>',
        '<style>@font-face {{ font-family: x; src: url({url}/font.ttf) }}</style><p style="font-family: x">x</p>',
        '<object data="{url}/object"></object>',
    ],
)
def test_a_page_that_names_another_server_is_refused_and_nothing_is_asked(
    piece: str, listener: tuple[str, list[str]]
) -> None:
    url, asked = listener
    with pytest.raises(pdf.PdfFailed) as failed:
        pdf.render(paper.page(piece.format(url=url)), language="en", created=paper.CREATED)
    assert failed.value.reason == "refused"
    assert asked == []


@pytest.mark.parametrize("piece", ['<image href="{url}/drawing.png"/>', '<use href="{url}/drawing.svg#one"/>'])
def test_a_drawing_asks_nothing_of_another_server(piece: str, listener: tuple[str, list[str]]) -> None:
    url, asked = listener
    drawing = f'<svg width="10" height="10">{piece.format(url=url)}</svg>'
    with contextlib.suppress(pdf.PdfFailed):
        pdf.render(paper.page(drawing), language="en", created=paper.CREATED)
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "asset:../config.py",
        "asset:../../pyproject.toml",
        "asset:%2e%2e/config.py",
        "asset:absent.css",
        "asset:confmgr.js",
        "data:text/plain,inside",
    ],
)
def test_a_page_that_names_a_file_that_is_not_a_bundled_one_is_refused(url: str) -> None:
    with pytest.raises(pdf.PdfFailed) as failed:
        pdf.render(paper.page(f'<a rel="attachment" href="{url}">x</a>'), language="en", created=paper.CREATED)
    assert failed.value.reason == "refused"


def test_the_press_works_on_after_a_refusal() -> None:
    with pdf.Press() as press:
        with pytest.raises(pdf.PdfFailed):
            press.render(paper.page('<img src="file:///etc/passwd">'), language="en", created=paper.CREATED)
        assert paper.said(press.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)) == "One"


def test_threads_that_share_a_press_each_get_their_own_document() -> None:
    names = [f"number {number}" for number in range(6)]
    with pdf.Press() as press, ThreadPoolExecutor(max_workers=3) as pool:

        def printed(name: str) -> str:
            return paper.said(press.render(paper.page(f"<p>{name}</p>"), language="en", created=paper.CREATED))

        assert list(pool.map(printed, names)) == names


def test_who_would_not_wait_so_long_for_a_press_that_prints_for_others_is_told_that_it_is_busy() -> None:
    entered, done = threading.Event(), threading.Event()

    def told(_done: int) -> None:
        entered.set()
        done.wait(20)

    part = pdf.Part(paper.page("<p>One</p>"), "en")
    with pdf.Press() as press, ThreadPoolExecutor(max_workers=1) as pool:
        first = pool.submit(press.bind, [part], created=paper.CREATED, told=told)
        assert entered.wait(20)
        with pytest.raises(pdf.PdfFailed) as failed:
            press.bind([part], created=paper.CREATED, wait=0.1)
        assert failed.value.reason == "busy"
        done.set()
        assert paper.said(first.result(20)) == "One"


@pytest.mark.slow
def test_a_table_without_end_is_given_up_and_the_next_document_is_made() -> None:
    endless = paper.page("<table>" + "<tr><td>One</td><td>Two</td></tr>" * 20_000 + "</table>")
    with pdf.Press(megabytes=300, seconds=20) as press:
        with pytest.raises(pdf.PdfFailed) as failed:
            press.render(endless, language="en", created=paper.CREATED)
        assert failed.value.reason in {"too_large", "too_slow", "broken"}
        assert paper.said(press.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)) == "One"


def test_a_process_that_was_forked_starts_a_renderer_of_its_own() -> None:
    with pdf.Press() as press:
        press.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)
        with ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=_keep, initargs=(press,)) as pool:
            assert pool.submit(_printed, "in the child").result(timeout=30) == "in the child"
        assert paper.said(press.render(paper.page("<p>Two</p>"), language="en", created=paper.CREATED)) == "Two"


_kept: list[pdf.Press] = []


def _keep(press: pdf.Press) -> None:
    _kept.append(press)


def _printed(text: str) -> str:
    with _kept[0] as press:
        return paper.said(press.render(paper.page(f"<p>{text}</p>"), language="en", created=paper.CREATED))


def test_an_instant_without_a_zone_is_not_taken() -> None:
    with pytest.raises(ValueError, match="aware"):
        pdf.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED.replace(tzinfo=None))


@pytest.mark.slow
def test_a_document_that_takes_too_long_ends_the_renderer() -> None:
    endless = paper.page("<table>" + "<tr><td>One</td><td>Two</td></tr>" * 20_000 + "</table>")
    with pdf.Press(seconds=1.5) as press:
        began = time.monotonic()
        with pytest.raises(pdf.PdfFailed) as failed:
            press.render(endless, language="en", created=paper.CREATED)
        assert failed.value.reason == "too_slow"
        assert time.monotonic() - began < 60
        assert press.idle


@pytest.mark.slow
def test_a_document_that_takes_too_much_memory_is_given_up_and_the_next_one_is_made() -> None:
    heavy = paper.page("<p>One</p>" * 30_000)
    with pdf.Press(seconds=300, megabytes=320) as press:
        with pytest.raises(pdf.PdfFailed) as failed:
            press.render(heavy, language="en", created=paper.CREATED)
        assert failed.value.reason in {"too_large", "broken"}  # C code that gets no memory ends the process
        assert paper.said(press.render(paper.page("<p>One</p>"), language="en", created=paper.CREATED)) == "One"


def test_a_page_nested_without_end_is_given_up() -> None:
    with pytest.raises(pdf.PdfFailed) as failed:
        pdf.render(paper.page("<div>" * 5_000), language="en", created=paper.CREATED)
    assert failed.value.reason == "too_large"


def test_a_page_of_millions_of_characters_is_not_even_tried() -> None:
    with pdf.Press() as press:
        with pytest.raises(pdf.PdfFailed) as failed:
            press.render("x" * (20 * 2**20 + 1), language="en", created=paper.CREATED)
        assert failed.value.reason == "too_large"
        assert press.idle


def test_what_is_installed_is_what_the_fonts_were_pinned_to() -> None:
    vendor = Path("confmgr/static/vendor")
    pinned = (line.split() for line in Path("bin/vendor.sha256").read_text(encoding="utf-8").splitlines())
    expected = {name: digest for digest, name in pinned if name.endswith(".ttf")}
    found = {str(font.relative_to(vendor)): font for font in vendor.glob("fonts/*/*.ttf")}
    assert {name: hashlib.sha256(font.read_bytes()).hexdigest() for name, font in found.items()} == expected
