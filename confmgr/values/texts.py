"""What may stand in a text that people write."""

import re

LARGEST_INTEGER = 2**31 - 1
"""The largest whole number that a column holds on every database."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def has_controls(text: str) -> bool:
    """Whether a text holds what no person types: controls other than tab and line breaks, surrogates, overrides."""
    return _CONTROLS.search(text) is not None


def without_controls(text: str) -> str:
    """The text without what `has_controls` finds: what leaves the house looks as it is spelt."""
    return _CONTROLS.sub("", text)


def one_kind_of_line(text: str) -> str:
    """The text as it is compared and kept: browsers and workbooks end lines in their own ways."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def cleaned(text: str, most: int) -> str:
    """A text that came from outside, without what no person types, on at most `most` characters."""
    return without_controls(one_kind_of_line(text))[:most].strip()
