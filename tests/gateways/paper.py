"""A small document, and what a reader finds in it."""

import ctypes
import re
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import pypdfium2
import pypdfium2.raw

from confmgr.values.languages import direction

RAW: Any = pypdfium2.raw
CREATED = datetime(2026, 2, 5, 9, 0, tzinfo=UTC)


def page(body: str, *, head: str = "") -> str:
    """A whole page in narrow lines."""
    style = "<style>@page { size: A4 } p { width: 9cm; line-height: 1.6 }</style>"
    return f"<!doctype html><html><head><title>Probe</title>{style}{head}</head><body>{body}</body></html>"


def paragraph(text: str, language: str) -> str:
    return f'<p lang="{language}" dir="{direction(language)}">{escape(text)}</p>'


def opened(pdf: bytes) -> Any:
    reader: Any = pypdfium2.PdfDocument
    return reader(pdf)


def said(pdf: bytes, number: int = 0) -> str:
    """The text of a page as copying it gives it, lines parted by line feeds."""
    text: str = opened(pdf)[number].get_textpage().get_text_range()
    return text.replace("\r\n", "\n")


def pages(pdf: bytes) -> int:
    return len(opened(pdf))


def fonts(pdf: bytes) -> set[str]:
    """The names of the fonts that draw a file's text, without the tag of a subset."""
    document, pdfium, found = opened(pdf), RAW, set()
    for sheet in document:
        for thing in sheet.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
            font = pdfium.FPDFTextObj_GetFont(thing.raw)
            assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
            size = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
            found.add(re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode()))
    return found


def attached(pdf: bytes) -> Iterator[tuple[str, str]]:
    """Names and contents of the files inside a file."""
    document = opened(pdf)
    for number in range(document.count_attachments()):
        one = document.get_attachment(number)
        yield one.get_name(), bytes(one.get_data()).decode()


def bookmarks(pdf: bytes) -> list[tuple[int, str]]:
    """Level and words of the outline."""
    return [(one.level, one.get_title()) for one in opened(pdf).get_toc()]


def metadata(pdf: bytes) -> dict[str, str]:
    """What a file says of itself: Title, CreationDate and the like."""
    return {name: str(value) for name, value in opened(pdf).get_metadata_dict().items()}


def plain(pdf: bytes) -> bytes:
    """The file's objects, readable; an error where the file is damaged or `qpdf` is missing."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["qpdf", "--qdf", "--object-streams=disable", file.name, "-"]
        return subprocess.run(command, capture_output=True, check=True).stdout
