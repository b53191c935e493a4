"""What may stand in a text that people write."""

import unicodedata

LARGEST_INTEGER = 2**31 - 1
"""The largest whole number that a column holds on every database."""

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def has_controls(text: str) -> bool:
    """Whether a text holds what no person types: controls other than tab and line breaks, surrogates, overrides."""
    return any(_is_control(char) for char in text)


def without_controls(text: str) -> str:
    """The text without what `has_controls` finds: what leaves the house looks as it is spelt."""
    return "".join(char for char in text if not _is_control(char)) if has_controls(text) else text


def cleaned(text: str, most: int) -> str:
    """A text that came from outside, without what no person types, on at most `most` characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_controls(plain)[:most].strip()


def _is_control(char: str) -> bool:
    return (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n\r") or char in _BIDI_CONTROLS
