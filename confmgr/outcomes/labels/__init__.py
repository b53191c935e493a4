"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import groups, indicators, measures, rounds, words

__all__ = [
    "groups",
    "indicators",
    "measures",
    "rounds",
    "words",
]
