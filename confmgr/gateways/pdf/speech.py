"""What copying, searching and reading aloud find. WeasyPrint alone gives a glyph the first text it was seen with."""

import re
from collections.abc import Callable
from typing import Any

import pydyf
import weasyprint.draw.text as drawing
from weasyprint.pdf.stream import Stream

from confmgr.gateways.pdf import breaking

ARABIC = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LIGATURES = {
    "\u0644\u0627": "\ufefb",
    "\u0644\u0622": "\ufef5",
    "\u0644\u0623": "\ufef7",
    "\u0644\u0625": "\ufef9",
}
"""Lam with alef is one glyph. A reader turns two letters around; of this one character it makes the right two."""

_draw_first_line: Callable[..., Any] = drawing.draw_first_line
_add_font: Callable[..., Any] = Stream.add_font


class Letters(dict[int, str]):
    """What each glyph of a font says."""

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, LIGATURES.get(text, text.translate(breaking.INVISIBLE)))


def install() -> None:
    """Make WeasyPrint write the text of each line beside its glyphs. For version 70.0; the tests read every script."""
    drawing.draw_first_line = _draw_readable
    Stream.add_font = _add_readable_font  # type: ignore[method-assign]


def _draw_readable(stream: Any, textbox: Any, *rest: Any) -> Any:
    """Arabic has no text beside its glyphs, because readers turn its letters around then."""
    said = textbox.text.translate(breaking.INVISIBLE)
    if not said.strip() or ARABIC.search(said):
        return _draw_first_line(stream, textbox, *rest)
    stream.begin_marked_content("Span", pydyf.Dictionary({"ActualText": pydyf.String(said)}))
    try:
        return _draw_first_line(stream, textbox, *rest)
    finally:
        stream.end_marked_content()


def _add_readable_font(stream: Any, pango_font: Any) -> Any:
    font, size = _add_font(stream, pango_font)
    if not isinstance(font.to_unicode, Letters):
        font.to_unicode = Letters(font.to_unicode)
    return font, size
