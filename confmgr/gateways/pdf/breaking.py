"""Where lines may break, for scripts that WeasyPrint does not know enough about."""

import re
from functools import partial
from xml.etree.ElementTree import Element

from icu import BreakIterator, Locale

BREAK = "\u200b"
JOIN = "\u2060"
INVISIBLE = str.maketrans("", "", BREAK + JOIN)
"""Takes out again what `prepare` puts in."""
SOUTH_EAST_ASIAN = {
    "km": re.compile(r"[\u1780-\u17ff\u19e0-\u19ff]+"),
    "th": re.compile(r"[\u0e01-\u0e5b]+"),
    "lo": re.compile(r"[\u0e81-\u0edf]+"),
}
INSIDE_KOREAN = re.compile(r"(?<=[\uac00-\ud7a3])(?=[^\s\u200b])|(?<=[^\s\u200b])(?=[\uac00-\ud7a3])")
STARTS_KOREAN = re.compile(r"[\uac00-\ud7a3]")
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
LEFT_ALONE = frozenset({"style", "script", "title", "head", "svg", "pre"})


def broken(text: str) -> str:
    """A text whose lines break where they may, and without unsafe characters.

    Zero-width spaces stand where Khmer, Thai and Lao words end (ICU). WeasyPrint breaks Korean between two syllables
    and does not know `word-break: keep-all`, so that word joiners hold each word (eojeol) together.
    """
    text = UNSAFE.sub("", text)
    for language, run in SOUTH_EAST_ASIAN.items():
        if run.search(text):
            text = run.sub(partial(_segmented, language), text)
    return INSIDE_KOREAN.sub(JOIN, text)


def _segmented(language: str, found: re.Match[str]) -> str:
    text, place, pieces = found.group(), 0, []
    breaker = BreakIterator.createLineInstance(Locale(language))  # it keeps its text: threads must not share one
    breaker.setText(text)
    for end in breaker:  # in UTF-16, which counts these scripts as Python does
        pieces.append(text[place:end])
        place = end
    return BREAK.join(pieces)


def name(element: Element) -> str:
    """An element's name without its namespace."""
    tag: object = element.tag  # of a comment it is a function
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def prepare(element: Element) -> None:
    """Do this to every text of a parsed page."""
    element.text = broken(element.text or "")
    for child in element:
        if name(child) not in LEFT_ALONE:
            prepare(child)
        tail = broken(child.tail or "")
        if STARTS_KOREAN.match(tail) and "".join(child.itertext())[-1:].strip():
            tail = JOIN + tail
        child.tail = tail
