"""Every sentence of every catalogue is copied out of a document as it was written: a sample, and all of them in `bin/soak`."""

import re
import unicodedata
from itertools import count

import pytest
from babel.messages.pofile import read_po

from confmgr.config import PACKAGE
from confmgr.gateways import pdf
from confmgr.values.languages import LANGUAGES, babel_locale, direction
from tests.gateways import paper
from tests.soak import SOAK

CATALOGUES = PACKAGE.parent / "translations"
SAMPLE, PER_DOCUMENT = 60, 400
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
VALUES = ("KH-01", "31–60", "09:00", "UTC+9")
"""What stands where a sentence has a value."""
OTHERS = re.compile(r"[A-Za-z0-9]")
"""Signs that run from left to right in an Arabic sentence."""
STYLE = "<style>@page { size: 90cm 2cm; margin: 2mm } p { margin: 0; font-size: 8pt; break-after: page }</style>"


def sentences(language: str) -> list[str]:
    """The texts of a catalogue with values in them; English ones are those that the Korean catalogue translates."""
    folder = babel_locale("ko" if language == "en" else language)
    with (CATALOGUES / folder / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    found = []
    for message in messages:
        texts = message.id if language == "en" else message.string
        found += [texts] if isinstance(texts, str) else list(texts or ())
    return sorted({valued(text) for text in found} - {""})


def valued(text: str) -> str:
    turns = count()
    filled = PLACEHOLDER.sub(lambda _found: VALUES[next(turns) % len(VALUES)], text)
    return " ".join(filled.replace("%%", "%").split())


def chosen(language: str) -> list[str]:
    found = sentences(language)
    return found if SOAK else found[:: max(1, len(found) // SAMPLE)]


def copied(texts: list[str], language: str) -> list[str]:
    """What a reader copies out of each, one on a page."""
    said: list[str] = []
    for start in range(0, len(texts), PER_DOCUMENT):
        paragraphs = [paper.paragraph(text, language) for text in texts[start : start + PER_DOCUMENT]]
        html = f"<!doctype html><html><head><title>x</title>{STYLE}</head><body>{''.join(paragraphs)}</body></html>"
        file = pdf.render(html, language=language, created=paper.CREATED, seconds=300)
        said += [" ".join(page.get_textpage().get_text_range().split()) for page in paper.opened(file)]
    return said


def turned(text: str) -> bool:
    """Whether pdfium mixes up the order, because it has no bidirectional algorithm but reverses pieces.

    Numbers and Latin words go left to right inside of an Arabic sentence, and a vowel sign stands above its letter.
    """
    return bool(OTHERS.search(text)) or any(unicodedata.combining(letter) for letter in text)


def letters(text: str) -> list[str]:
    """In no order; brackets face either way."""
    return sorted(text.translate(str.maketrans("", "", " ()[]«»")))


@pytest.mark.slow
@pytest.mark.parametrize("language", [one for one in LANGUAGES if direction(one) == "ltr"])
def test_every_sentence_is_copied_out_as_it_was_written(language: str) -> None:
    texts = chosen(language)
    assert [pair for pair in zip(texts, copied(texts, language), strict=True) if pair[0] != pair[1]] == []


@pytest.mark.slow
def test_every_arabic_sentence_without_other_signs_is_copied_out_as_it_was_written() -> None:
    texts = [text for text in chosen("ar") if not turned(text)]
    assert [pair for pair in zip(texts, copied(texts, "ar"), strict=True) if pair[0] != pair[1]] == []


@pytest.mark.slow
def test_every_arabic_sentence_with_other_signs_keeps_all_its_letters() -> None:
    texts = [text for text in chosen("ar") if turned(text)]
    pairs = zip(texts, copied(texts, "ar"), strict=True)
    assert [pair for pair in pairs if letters(pair[0]) != letters(pair[1])] == []


@pytest.mark.parametrize("text", ["(اختياري)", "«ربما»", "نُفذ", "أُضيف صفان", "الطرف المرشِّح"])
def test_brackets_and_vowel_signs_do_not_change_the_letters_of_another_word(text: str) -> None:
    """One font serves the whole document: what a glyph says must not depend on the word that it was first seen in."""
    plain = "عقد الأضيف"
    said = copied([text, plain], "ar")
    assert letters(said[0]) == letters(text)
    assert said[1] == plain


def test_brackets_around_arabic_are_copied_out_the_right_way() -> None:
    texts = ["(اختياري)", "قيل «ربما» مرتين"]
    assert copied(texts, "ar") == texts
