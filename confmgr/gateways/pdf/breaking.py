"""Where lines may break, for scripts that WeasyPrint does not know enough about."""

import re
from functools import partial
from xml.etree.ElementTree import Element, SubElement

from icu4py.breakers import LineBreaker

BREAK = "\u200b"
SOUTH_EAST_ASIAN = {
    "km": re.compile(r"[\u1780-\u17ff\u19e0-\u19ff]+"),
    "th": re.compile(r"[\u0e01-\u0e5b]+"),
    "lo": re.compile(r"[\u0e81-\u0edf]+"),
}
KOREAN_WORD = re.compile(r"\S*[\uac00-\ud7a3]\S*")
LONGEST_WORD = 24
"""A run of Korean longer than this may break inside: it would not fit a narrow column."""
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
LEFT_ALONE = frozenset({"style", "script", "title", "head", "svg"})


def broken(text: str) -> str:
    """A text with zero-width spaces where Khmer, Thai and Lao words end (ICU), and without unsafe characters."""
    text = UNSAFE.sub("", text)
    for language, run in SOUTH_EAST_ASIAN.items():
        if run.search(text):
            text = run.sub(partial(_segmented, language), text)
    return text


def _segmented(language: str, found: re.Match[str]) -> str:
    text = found.group()
    return BREAK.join(text[start:end] for start, end in LineBreaker(text, language).segments())


def prepare(root: Element) -> None:
    """Do this to every text of a parsed page, and keep Korean words whole.

    WeasyPrint breaks Korean between any two syllables and does not know `word-break: keep-all`, so that each word
    (eojeol) becomes a box that does not wrap.
    """
    for element in list(root.iter()):
        if element.tag in LEFT_ALONE:
            continue
        children = list(element)
        tails = [child.tail for child in children]
        if element.text:
            _put(element, 0, None, broken(element.text))
        for child, tail in zip(children, tails, strict=True):
            if tail:
                _put(element, list(element).index(child) + 1, child, broken(tail))


def _put(parent: Element, at: int, before: Element | None, text: str) -> None:
    """Set a text after `before` (or at the parent's start), each Korean word in a span."""
    position, last = 0, before
    plain = ""
    for found in KOREAN_WORD.finditer(text):
        if len(found.group()) > LONGEST_WORD:
            continue
        plain = text[position : found.start()]
        _say(parent, last, plain)
        span = SubElement(parent, "span", {"class": "word"})
        parent.remove(span)
        parent.insert(at, span)
        span.text, last = found.group(), span
        at += 1
        position = found.end()
    _say(parent, last, text[position:])


def _say(parent: Element, last: Element | None, text: str) -> None:
    if last is None:
        parent.text = text
    else:
        last.tail = text
