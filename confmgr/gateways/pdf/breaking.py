"""Where lines may break, for scripts that WeasyPrint does not know enough about."""

import re
from functools import partial
from xml.etree.ElementTree import Element

from icu4py.breakers import LineBreaker

BREAK = "\u200b"
JOIN = "\u2060"
INVISIBLE = str.maketrans("", "", BREAK + JOIN)
"""Takes out again what `prepare` puts in."""
SOUTH_EAST_ASIAN = {
    "km": re.compile(r"[\u1780-\u17ff\u19e0-\u19ff]+"),
    "th": re.compile(r"[\u0e01-\u0e5b]+"),
    "lo": re.compile(r"[\u0e81-\u0edf]+"),
}
KOREAN_WORD = re.compile(r"\S*[\uac00-\ud7a3]\S*")
STARTS_KOREAN = re.compile(r"[\uac00-\ud7a3]")
LONGEST_WORD = 24
"""A run of Korean longer than this may break inside: it would not fit a narrow column."""
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""
SPAN = "span"
LEFT_ALONE = frozenset({"style", "script", "title", "head", "svg", "pre"})


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


def name(element: Element) -> str:
    """An element's name without its namespace."""
    tag: object = element.tag  # of a comment it is a function
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def prepare(element: Element) -> None:
    """Do this to every text of a parsed page, and keep Korean words whole.

    WeasyPrint breaks Korean between any two syllables and does not know `word-break: keep-all`, so that each word
    (eojeol) becomes a box that does not wrap (class `word`).
    """
    children = list(element)
    lead, boxes = _boxes(broken(element.text or ""))
    element.text = lead
    element[:] = boxes
    for child in children:
        tail, child.tail = broken(child.tail or ""), ""
        if name(child) not in LEFT_ALONE:
            prepare(child)
        if STARTS_KOREAN.match(tail) and "".join(child.itertext())[-1:].strip():
            tail = JOIN + tail
        child.tail, boxes = _boxes(tail)
        element.append(child)
        element.extend(boxes)


def _boxes(text: str) -> tuple[str, list[Element]]:
    """The text up to the first Korean word, and each such word in a box with what follows it as its tail."""
    lead, at, boxes = "", 0, list[Element]()
    for found in KOREAN_WORD.finditer(text):
        if len(found.group()) > LONGEST_WORD or len(found.group().strip(JOIN)) == 1:
            continue
        between = text[at : found.start()]
        if boxes:
            boxes[-1].tail = between
        else:
            lead = between
        box = Element(SPAN, {"class": "word"})
        box.text = found.group()
        boxes.append(box)
        at = found.end()
    if boxes:
        boxes[-1].tail = text[at:]
        return lead, boxes
    return text, []
