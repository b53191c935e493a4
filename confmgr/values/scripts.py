"""In which script a text is written, and whether that is the script of its language.

Only letters count, with their vowel signs and tone marks. A word written in capitals alone, such as INTERPOL or DNA, is
a name or a short code that every language takes over as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from icu import Script

LATIN = frozenset({"Latn"})
SCRIPTS = {
    "ko": frozenset({"Hang"}),
    "km": frozenset({"Khmr"}),
    "th": frozenset({"Thai"}),
    "lo": frozenset({"Laoo"}),
    "zh-Hans": frozenset({"Hani", "Bopo"}),
    "ja": frozenset({"Hira", "Kana", "Hani"}),
    "ar": frozenset({"Arab"}),
}
"""The scripts of a language, by their four letters of ISO 15924; languages that are not named are written in Latin."""

LIKELY = {
    "Hang": "ko",
    "Khmr": "km",
    "Thai": "th",
    "Laoo": "lo",
    "Hira": "ja",
    "Kana": "ja",
    "Arab": "ar",
    "Bopo": "zh-Hans",
    "Hani": "zh-Hans",
}
"""What a name is probably written in, by its script; Chinese characters, which three languages use, come last."""

SHARED = frozenset({"Zyyy", "Zinh", "Zzzz"})
"""Letters that belong to no script, like the long vowel mark that hiragana and katakana share."""

_WORD = re.compile(r"\w+")


def scripts_of(language: str) -> frozenset[str]:
    """The scripts in which a language is written."""
    return SCRIPTS.get(language, LATIN)


def in_other_script(text: str, language: str, *, original: str) -> bool:
    """Whether a translation is written in another script than its language's: most of its letters are.

    An original without letters may be taken over as it is, and so may one that is a single word: a name.
    """
    if not any(_scripts(original)) or (text.strip() == original.strip() and len(original.split()) == 1):
        return False
    wanted = scripts_of(language)
    own = foreign = 0
    for script in _scripts(_WORD.sub(_without_capitals, text)):
        if script in wanted:
            own += 1
        else:
            foreign += 1
    return foreign > own


def likely_language(text: str) -> str | None:
    """The language whose letters are in a name of which nobody said the language; None for Latin and other letters.

    Chinese characters alone are taken for Chinese.
    """
    found = set(_scripts(text))
    return next((language for script, language in LIKELY.items() if script in found), None)


def _without_capitals(word: re.Match[str]) -> str:
    return "" if word[0].isupper() and len(word[0]) > 1 else word[0]


def _scripts(text: str) -> Iterator[str]:
    for character in text:
        script = _script(character)
        if script:
            yield script


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The script of a letter or of a mark on one; empty for everything else."""
    if unicodedata.category(character)[0] not in "LM":
        return ""
    name: str = Script.getScript(character).getShortName()
    return "" if name in SHARED else name
