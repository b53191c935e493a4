"""What may stand in a text that people write."""

import unicodedata

LARGEST_INTEGER = 2**31 - 1
"""The largest whole number that a column holds on every database."""

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def has_controls(text: str) -> bool:
    """Whether a text holds what no person types: controls other than tab and line breaks, surrogates, overrides."""
    return any(
        (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n\r") or char in _BIDI_CONTROLS for char in text
    )


def cleaned(text: str, most: int) -> str:
    """A text that came from outside, without what no person types, on at most `most` characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in plain if not has_controls(char))[:most].strip()
