"""What this room calls things; importing it registers them."""

from confmgr.outcomes.labels import (
    actions,
    contacts,
    figures,
    groups,
    indicators,
    measures,
    own_measures,
    requests,
    rounds,
    words,
)

__all__ = [
    "actions",
    "contacts",
    "figures",
    "groups",
    "indicators",
    "measures",
    "own_measures",
    "requests",
    "rounds",
    "words",
]
