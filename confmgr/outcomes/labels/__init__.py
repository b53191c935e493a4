"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import (
    actions,
    contacts,
    groups,
    indicators,
    measures,
    requests,
    rounds,
    words,
)

__all__ = [
    "actions",
    "contacts",
    "groups",
    "indicators",
    "measures",
    "requests",
    "rounds",
    "words",
]
