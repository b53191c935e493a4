"""What copying, searching and reading aloud find. WeasyPrint alone gives a glyph the first text it was seen with."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pydyf
import weasyprint.draw.text as drawing
import weasyprint.svg as drawings
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
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
TURNED = frozenset("()[]{}<>«»‹›")
"""Signs that are drawn as their counterpart between Arabic letters: readers want the name of the shape."""
NAMED = re.compile(r"uni((?:[0-9A-F]{4})+)(?:\.|$)")
LETTERS = range(0x621, 0x653)

_draw_first_line: Callable[..., Any] = drawing.draw_first_line
_add_font: Callable[..., Any] = Stream.add_font
_draw_letters: Callable[..., Any] = drawings.TAGS["text"]
SPREAD = frozenset({"dx", "dy", "rotate", "letter-spacing", "textLength"})
"""What places each letter of a drawing for itself."""


class Letters(dict[int, str]):
    """What each glyph of a font says.

    WeasyPrint gives a vowel sign the text of its whole cluster and its letter none, and a mirrored bracket that of its
    counterpart. The font itself knows better what its glyphs are.
    """

    def __init__(self, said: dict[int, str], file: bytes) -> None:
        super().__init__(said)
        self._file = file
        self._shapes: dict[int, list[str]] | None = None

    def __setitem__(self, glyph: int, text: str) -> None:
        text = text.translate(breaking.INVISIBLE)
        if text in LIGATURES:
            text = LIGATURES[text]
        elif text in TURNED or not text or (len(text) > 1 and ARABIC.search(text)):
            text = self._of_shape(glyph, text)
        super().__setitem__(glyph, text)

    def _of_shape(self, glyph: int, text: str) -> str:
        if self._shapes is None:
            self._shapes = _shapes(self._file)
        known = self._shapes.get(glyph, [])
        signs = "".join(letter for letter in text if unicodedata.combining(letter))
        if signs and known and all(unicodedata.combining(letter) for letter in known[0]):
            return signs
        if text not in TURNED:
            fitting = [shape for shape in known if set(LIGATURES.get(shape, shape)) <= set(text)]
            known = fitting or known
        return known[0] if known else text


def _shapes(file: bytes) -> dict[int, list[str]]:
    """What each glyph of a font can stand for, plain letters first; a form of a letter beside others is the letter."""
    font = TTFont(io.BytesIO(file), lazy=True)
    places = font.getReverseGlyphMap()
    found: dict[int, list[str]] = {}
    for code, name in sorted(font.getBestCmap().items(), key=lambda one: (one[0] not in LETTERS, one[0])):
        plain = unicodedata.normalize("NFKC", chr(code)).strip() if ARABIC.match(chr(code)) else chr(code)
        found.setdefault(places[name], []).append(LIGATURES.get(plain, plain))
    for name, place in places.items():
        if place not in found and (spelt := NAMED.match(name)):
            codes = spelt[1]
            found[place] = ["".join(chr(int(codes[at : at + 4], 16)) for at in range(0, len(codes), 4))]
    return found


class OnePiece(str):
    """Words that are gone through not letter by letter but all at once."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        """All of it."""
        return iter((str(self),) if self else ())


def install() -> None:
    """Make WeasyPrint write the text of each line beside its glyphs, and set the words of drawings as words.

    For version 70.0; the tests read every script.
    """
    drawing.draw_first_line = _draw_readable
    drawings.TAGS |= {name: _draw_words for name, draw in drawings.TAGS.items() if draw is _draw_letters}
    drawings.text = _draw_words  # type: ignore[attr-defined]  # with which it compares what a tag is drawn by
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


def _draw_words(svg: Any, node: Any, font_size: float) -> Any:
    """Letters one after the other stand the wrong way round in Arabic, and apart from their marks in Khmer and Thai."""
    if node.text and not SPREAD & node.attrib.keys() and len(node.get("x", "").split()) <= 1:
        node._etree_node.text = OnePiece(node.text)  # noqa: SLF001
    return _draw_letters(svg, node, font_size)


def _add_readable_font(stream: Any, pango_font: Any) -> Any:
    font, size = _add_font(stream, pango_font)
    if not isinstance(font.to_unicode, Letters):
        font.to_unicode = Letters(font.to_unicode, font.file_content)
    return font, size
