"""The words of a text in any script, as they are looked for: the same cut when a text is kept and when it is asked for.

ICU finds where words end, by dictionaries in Thai, Lao, Khmer, Chinese and Japanese. Case, accents, Arabic vowel signs
and the width of letters make no difference. Whatever is no letter or digit parts words and means nothing.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from threading import local

from icu import BreakIterator, Locale, UnicodeString

from confmgr.values.words import Words

LONGEST = 64
"""Letters of a word that count: of longer ones the beginning is kept and asked for."""
MOST = 24
"""Words of a question that count; each of them must be there."""
READ = 2000
"""Characters of a question that are read."""
SHOWN, BEFORE = 200, 60
"""Characters of a passage, and those of them before what was found."""

_ACCENTS = re.compile("[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_PLAIN = str.maketrans({"ى": "ي", "ک": "ك", "ی": "ي", "ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_ASIDE = re.compile("[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\u200b\u2060\u200c\u200d\ufeff]+")
_THAI_OR_LAO = re.compile("([\u0e00-\u0eff]+)")
"""Left as they are: Unicode takes some of their letters apart, and the dictionaries know them whole."""
_own = local()


def words_of(text: str) -> list[str]:
    """Every word of a text in its order, folded."""
    folded = _folded(text)
    return [word[:LONGEST] for part in _ASIDE.split(folded) if part for word in _cut(part) if _says(word)]


def asked(text: str) -> tuple[str, ...]:
    """What somebody asks for: each word once, in order; empty where nothing is asked."""
    return tuple(dict.fromkeys(words_of(text[:READ])))[:MOST]


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text, and the language that it is in."""

    text: str
    language: str


def passage(text: Words | None, wanted: tuple[str, ...], language: str) -> Passage | None:
    """Where the first of some words stands in a text, with what is around it: in the reader's language if it can."""
    if text is None:
        return None
    order = [language, text.source, *sorted(text.values)]
    for tag in dict.fromkeys(tag for tag in order if tag in text.values):
        said = " ".join(text.values[tag].text.split())
        places = [place for word in wanted if (place := said.casefold().find(word)) >= 0]
        if places:
            return Passage(_around(said, min(places)), tag)
    picked = text.pick(language)
    return Passage(_around(" ".join(picked.text.split()), 0), picked.language)


def _around(said: str, place: int) -> str:
    start = max(0, place - BEFORE)
    part = said[start : start + SHOWN]
    return f"{'… ' if start else ''}{part}{' …' if start + SHOWN < len(said) else ''}"


def _folded(text: str) -> str:
    return "".join(part if _THAI_OR_LAO.match(part) else _bare(part) for part in _THAI_OR_LAO.split(_whole(text)))


def _whole(text: str) -> str:
    return text.replace("\u0e4d\u0e32", "\u0e33").replace("\u0ecd\u0eb2", "\u0eb3")


def _bare(part: str) -> str:
    if part.isascii():
        return part.lower()
    wide = unicodedata.normalize("NFKD", part).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", wide)).translate(_PLAIN))


def _cut(part: str) -> list[str]:
    """Where ICU ends words; plain letters and digits of ASCII have no other end than the part's own."""
    if part.isascii():
        return [part]
    breaker, text = _breaker(), UnicodeString(part)  # counts in UTF-16, as ICU does
    breaker.setText(text)
    place, found = 0, []
    for end in breaker:
        found.append(str(text[place:end]))
        place = end
    return found


def _breaker() -> BreakIterator:
    """One for each thread: it keeps its text."""
    if not hasattr(_own, "breaker"):
        _own.breaker = BreakIterator.createWordInstance(Locale.getRoot())
    return _own.breaker


@cache
def _is_sound(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def _says(word: str) -> bool:
    return any(map(_is_sound, word))
