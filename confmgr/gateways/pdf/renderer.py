"""The far side: reads documents from its input, writes PDFs to its output. Only this process imports WeasyPrint."""

import json
import logging
import os
import re
import resource
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import pydyf
import weasyprint
import weasyprint.draw.text as drawing
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from confmgr.gateways.pdf import breaking, typefaces
from confmgr.gateways.pdf.press import HEADER, LENGTH

ASSETS = Path(__file__).resolve().parents[2] / "static"
ARABIC = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}


class Refused(FatalURLFetchingError):
    """A document names something that is not shipped with confmgr. A BaseException: WeasyPrint would swallow others."""


class Assets(URLFetcher):
    """Opens `asset:` names inside the package's static folder, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allow_redirects=False, fail_on_errors=True)  # type: ignore[no-untyped-call]

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bundled file of a name."""
        name = url.removeprefix("asset:").lstrip("/")
        path = (ASSETS / name).resolve()
        if not url.startswith("asset:") or not path.is_relative_to(ASSETS) or path.suffix not in TYPES:
            raise Refused(f"not a bundled file: {url[:200]}")
        if not path.is_file():
            raise Refused(f"no bundled file {name}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


_draw_first_line: Callable[..., Any] = drawing.draw_first_line


def _draw_readable(stream: Any, textbox: Any, *rest: Any) -> Any:
    """Write what a line says beside how it looks: WeasyPrint maps each glyph to the first text it was seen with.

    Arabic is left as it is, because readers reverse its letters then; its font has one glyph for each letter.
    """
    said = textbox.text.replace(breaking.BREAK, "")
    if not said.strip() or ARABIC.search(said):
        return _draw_first_line(stream, textbox, *rest)
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(said)}))
    try:
        return _draw_first_line(stream, textbox, *rest)
    finally:
        stream.end_marked_content()


def render(job: dict[str, Any]) -> bytes:
    """One document."""
    fetcher = Assets()
    fonts = FontConfiguration()
    page = weasyprint.HTML(string=job["html"], base_url="asset:///", url_fetcher=fetcher)
    _date(page.etree_element, job["created"])
    body = page.etree_element.find("body")
    if body is not None:
        breaking.prepare(body)
    sheet = weasyprint.CSS(
        string=typefaces.css(job["html"], job["language"]),
        url_fetcher=fetcher,
        font_config=fonts,
        base_url="asset:///",
    )
    made = datetime.fromisoformat(job["created"])
    attachments = [
        weasyprint.Attachment(
            string=one["content"],
            name=one["name"],
            description=one["description"],
            created=made,
            modified=made,
            relationship="Data",
            url_fetcher=fetcher,
            base_url="asset:///",
        )
        for one in job["attachments"]
    ]
    return bytes(
        page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", attachments=attachments)
    )


def _date(root: Element, created: str) -> None:
    head = root.find("head")
    for name in ("dcterms.created", "dcterms.modified"):
        SubElement(root if head is None else head, "meta", {"name": name, "content": created})


def main() -> None:
    """Serve documents until the input ends."""
    limit = int(os.environ["CONFMGR_PDF_MEGABYTES"]) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    drawing.draw_first_line = _draw_readable
    source, out = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(LENGTH.size):
        job = json.loads(source.read(LENGTH.unpack(header)[0]))
        try:
            status, body = b"+", render(job)
        except Refused as refused:
            status, body = b"-", str(refused).encode()
        out.write(HEADER.pack(status, len(body)) + body)
        out.flush()


if __name__ == "__main__":
    main()
