"""The far side: reads documents from its input, writes PDFs to its output. Only this process imports WeasyPrint."""

import json
import logging
import select
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.html import UA, UA_COUNTER_STYLE
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from confmgr.gateways.pdf import breaking, confined, page, speech, tags, typefaces
from confmgr.gateways.pdf.press import HEADER, LENGTH, PART_DONE

ASSETS = Path(__file__).resolve().parents[2] / "static"
TYPES = {".css": "text/css", ".ttf": "font/ttf", ".svg": "image/svg+xml", ".png": "image/png"}
GRACE = 5.0
"""Seconds after its limit when a renderer whose parent has gone ends itself."""


class Refused(FatalURLFetchingError):
    """A document names something that is not shipped with confmgr. A BaseException: WeasyPrint would swallow others."""


class Assets(URLFetcher):
    """Opens `asset:` names inside the package's static folder, and nothing else."""

    def __init__(self) -> None:
        super().__init__(allow_redirects=False, fail_on_errors=True)  # type: ignore[no-untyped-call]

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bundled file of a name; `asset:icons.svg` and the page's `/static/icons.svg` are the same."""
        name = url.removeprefix("asset:").lstrip("/").removeprefix("static/").partition("?")[0]
        path = ASSETS / name
        if not url.startswith("asset:") or ".." in name or path.suffix not in TYPES or not path.is_file():
            raise Refused(f"not a bundled file: {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


class Document(weasyprint.HTML):
    """HTML without footnotes: their rules in WeasyPrint's own style sheet would make five styles for each element."""

    PLAIN = weasyprint.CSS(
        string="\n".join(line for line in UA.splitlines() if not line.startswith(("::footnote-", "::note-"))),
        counter_style=UA_COUNTER_STYLE,
    )

    def _ua_stylesheets(self, *_forms: bool) -> list[weasyprint.CSS]:
        return [self.PLAIN]


def render(job: dict[str, Any], tell: Callable[[int], None] = lambda _done: None) -> bytes:
    """One document of one part or of several; `tell` hears how many are laid out."""
    fetcher, fonts = Assets(), FontConfiguration()
    made = datetime.fromisoformat(job["created"])
    attachments = [
        weasyprint.Attachment(
            string=one["content"],
            name=one["name"],
            description=one["description"],
            created=made,
            modified=made,
            url_fetcher=fetcher,
            base_url="asset:///",
        )
        for one in job["attachments"]
    ]
    options = {"pdf_variant": "pdf/ua-1", "attachments": attachments}
    whole = "".join(part["html"] for part in job["parts"])
    sheets: dict[str, weasyprint.CSS] = {}
    laid_out = []
    for number, part in enumerate(job["parts"], 1):
        language = part["language"]
        if language not in sheets:
            sheets[language] = weasyprint.CSS(
                string=typefaces.css(whole, language), url_fetcher=fetcher, font_config=fonts, base_url="asset:///"
            )
        html = Document(string=part["html"], base_url="asset:///", url_fetcher=fetcher)  # type: ignore[no-untyped-call]
        page.prepare(html.etree_element, language=language, title=job["title"], created=job["created"])
        laid_out.append(html.render(stylesheets=[sheets[language]], font_config=fonts, **options))  # type: ignore[no-untyped-call]
        tell(number)
    document = laid_out[0].copy([one for part in laid_out for one in part.pages])
    for one in document.pages:
        one.bookmarks = [(level, label.translate(breaking.INVISIBLE), *rest) for level, label, *rest in one.bookmarks]
    return bytes(document.write_pdf(finisher=tags.complete, **options))


def answer(job: dict[str, Any], tell: Callable[[int], None]) -> tuple[bytes, bytes]:
    """`+` and the file, or why not: `-` refused, `m` too large."""
    try:
        return b"+", render(job, tell)
    except FatalURLFetchingError as refused:
        return b"-", str(refused).encode()
    except (MemoryError, SystemError, RecursionError) as full:  # a MemoryError inside C code is a SystemError
        return b"m", type(full).__name__.encode()


def main(megabytes: int, idle: float) -> None:
    """Serve documents until the input ends or nothing comes for `idle` seconds."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    speech.install()
    confined.confine(megabytes)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted command closes its press
    source, out = sys.stdin.buffer, sys.stdout.buffer

    def tell(done: int) -> None:
        out.write(HEADER.pack(PART_DONE, done))
        out.flush()

    while select.select([source], [], [], idle)[0] and (header := source.read(LENGTH.size)):
        job = json.loads(source.read(LENGTH.unpack(header)[0]))
        signal.setitimer(signal.ITIMER_REAL, job["seconds"] + GRACE)
        confined.allow_processor(job["seconds"])
        status, body = answer(job, tell)
        signal.setitimer(signal.ITIMER_REAL, 0)
        out.write(HEADER.pack(status, len(body)) + body)
        out.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
