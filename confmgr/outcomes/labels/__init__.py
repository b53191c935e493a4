"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import (
    contacts,
    groups,
    indicators,
    measures,
    requests,
    rounds,
    words,
)

__all__ = [
    "contacts",
    "groups",
    "indicators",
    "measures",
    "requests",
    "rounds",
    "words",
]
